"""Statement files that are broken, or made to do harm: refused by name, and nothing written."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from dunning_cli.errors import InputError
from dunning_cli.imports import files
from dunning_cli.imports.formats import Given, open_statement
from dunning_cli.imports.tables import BadRow
from tests.cli.runner import Dunning, Program
from tests.imports.files import a_file
from tests.imports.test_memory import MIB, measured
from tests.store.databases import Database

SAMPLES = Path(__file__).parent / "statements"
GIVEN = Given("EUR", date(2025, 1, 6))
CAMT = (SAMPLES / "camt053-v8.xml").read_text("utf-8")
BILLION = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>\n"
)
OUTSIDE = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'


def read(path: Path, form: str | None = None) -> list[object]:
    return list(open_statement(path, GIVEN, form).lines())


def refused(path: Path, form: str | None = None) -> str:
    with pytest.raises(InputError) as error:
        read(path, form)
    assert error.value.exit_code == 6
    assert path.name in str(error.value)
    return str(error.value)


# --- XML --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head", [BILLION, OUTSIDE, "<!-- \n" + "x\n" * 15_000 + " -->" + OUTSIDE], ids=["laughs", "file", "late"]
)
def test_a_doctype_is_refused(tmp_path: Path, head: str) -> None:
    body = CAMT.partition("\n")[2].replace("Wang Fang", "&i;&x;")
    path = Path(a_file(tmp_path / "x.xml", head + body))
    assert "has a DOCTYPE" in refused(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_doctype_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    body = CAMT.partition("\n")[2]
    path = Path(a_file(tmp_path / "x.xml", '<?xml version="1.0" encoding="UTF-16"?>' + BILLION[22:] + body, encoding))
    assert "DOCTYPE" in refused(path) or "cannot be read" in refused(path)


def test_a_doctype_of_ofx_is_refused(tmp_path: Path) -> None:
    path = Path(a_file(tmp_path / "x.ofx", '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "b">]><OFX></OFX>'))
    assert "has a DOCTYPE" in refused(path)


def test_an_entity_that_nobody_defined_is_refused(tmp_path: Path) -> None:
    assert "undefined entity" in refused(Path(a_file(tmp_path / "x.xml", CAMT.replace("Wang Fang", "&x;"))))


@pytest.mark.parametrize("share", [10, 50, 90, 99])
def test_a_camt053_that_is_cut_off_is_refused(tmp_path: Path, share: int) -> None:
    path = Path(a_file(tmp_path / "x.xml", CAMT[: len(CAMT) * share // 100]))
    assert ", line " in refused(path)


def test_an_element_without_end_is_refused(tmp_path: Path) -> None:
    long = "x" * (files.MAX_PIECE + (1 << 17))
    assert "longer than" in refused(Path(a_file(tmp_path / "a.xml", CAMT.replace("Wang Fang", long))))
    deep = "<a>" * (files.MAX_PIECE // 3 + (1 << 16))
    assert "holds more than" in refused(Path(a_file(tmp_path / "b.xml", CAMT.replace("Wang Fang", deep))))
    wide = "<a/>" * 120_000
    assert "holds more than" in refused(Path(a_file(tmp_path / "c.xml", CAMT.replace("<Nm>Wang Fang</Nm>", wide))))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<Document", "<Paper", "begins with Paper"),
        ("<BkToCstmrStmt", "<Other", "begins with Other"),
        ("1085.50</Amt>", "a lot</Amt>", "a balance cannot be read"),
        ('encoding="UTF-8"', 'encoding="no-such-code"', "cannot be read"),
    ],
)
def test_xml_that_is_no_statement(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = CAMT.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
    assert said in refused(Path(a_file(tmp_path / "x.xml", text)), "camt053")


def test_a_file_beyond_all_bounds_is_refused_unread(tmp_path: Path) -> None:
    for name in ("camt053-v8.xml", "mt940.sta", "ofx1.ofx"):
        path = tmp_path / name
        path.write_bytes((SAMPLES / name).read_bytes() + b"\n" * (1 << 16))
        with path.open("r+b") as file:
            file.truncate(files.MAX_STATEMENT + 1)  # a hole: it takes no room on the disk
        assert "is larger than 1024 MB" in refused(path)


# --- MT940 and OFX ----------------------------------------------------------------------------------------------------

MT940 = (SAMPLES / "mt940.sta").read_text("utf-8")
OFX = (SAMPLES / "ofx2.ofx").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (":62F:C250104EUR585,\n-}\n", "", 13, "has no closing balance"),
        (":62F:C250104EUR585,", ":62F:C250104EUR", 14, "the balance :62F: cannot be read"),
        (":60F:C250101EUR100,00", ":60F:X", 5, "the balance :60F: cannot be read"),
        (":60F:C250101EUR100,00\n", "", 5, "stands outside a statement"),
        (":61:2501020102D15", ":25:166?00\n:61:2501020102D15", 10, "in the middle of a statement"),
        (":61:2501020102D15", ":20:NEXT\n:61:2501020102D15", 10, "the statement of line 2 has no closing balance"),
        (":61:2501020102D15", ":60F:C250101EUR100,\n:61:2501020102D15", 10, "in the middle of a statement"),
        ("Account fee", "x" * (files.MAX_PIECE + 1), 11, "longer than"),
    ],
)
def test_a_broken_mt940_is_refused_by_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in MT940
    error = refused(Path(a_file(tmp_path / "x.sta", MT940.replace(old, new))))
    assert f", line {line}: " in error
    assert said in error


@pytest.mark.parametrize("share", [30, 60, 97])
def test_an_ofx_that_is_cut_off_is_refused(tmp_path: Path, share: int) -> None:
    assert ", line " in refused(Path(a_file(tmp_path / "x.ofx", OFX[: len(OFX) * share // 100])))


def test_an_ofx_value_without_end_is_refused(tmp_path: Path) -> None:
    long = OFX.replace("还款LOAN-7谢谢", "x" * (files.MAX_PIECE + (1 << 17)))
    assert "longer than" in refused(Path(a_file(tmp_path / "x.ofx", long)))
    inner = OFX.replace("<MEMO>", "<STMTTRN><MEMO>")
    assert "within another" in refused(Path(a_file(tmp_path / "y.ofx", inner)))


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("<TRNAMT>500.00", "<TRNAMT>$500", "TRNAMT", "is no amount"),
        ("<TRNAMT>500.00", "<TRNAMT>5.0.0", "TRNAMT", "is no amount"),
        ("<TRNAMT>500.00", "<TRNAMT>1e9", "TRNAMT", "is no amount"),
        ("<TRNAMT>500.00</TRNAMT>", "", "TRNAMT", "is missing"),
        ("<DTPOSTED>20250102", "<DTPOSTED>20252002", "DTPOSTED", "is no date"),
        ("<CURDEF>CNY</CURDEF>", "", "TRNAMT", "no CURDEF"),
    ],
)
def test_a_bad_ofx_line_is_named(tmp_path: Path, old: str, new: str, field: str, reason: str) -> None:
    assert old in OFX
    found = [e for e in read(Path(a_file(tmp_path / "x.ofx", OFX.replace(old, new)))) if isinstance(e, BadRow)]
    assert (found[0].line, found[0].field) == (6, field)
    assert reason in found[0].reason


def test_a_table_in_an_encoding_that_is_not_named_is_told_so(dunning: Dunning, tmp_path: Path) -> None:
    text = "date,amount,payer\n2025-01-02,5.00,Renée Müller\n"
    error = dunning.fails(6, "import-payments", a_file(tmp_path / "x.csv", text, "cp1252"))
    assert "encoding" in error["hint"]


# --- anything ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
        b"PK\x03\x04" + b"\0" * 1000,
        b"\xff\xfe\xfd,\x80\x81",
        b"no table and no statement",
        b"<html><body>Please log in, or pay</body></html>",
        b"<OFX",
    ],
)
def test_what_is_no_statement_is_refused(dunning: Dunning, sqlite: Database, tmp_path: Path, content: bytes) -> None:
    before = sqlite.dump()
    error = dunning.fails(6, "import-payments", a_file(tmp_path / "x.dat", content))
    assert "x.dat" in error["message"]
    assert sqlite.dump() == before


@pytest.mark.parametrize("name", ["camt053-v8.xml", "mt940.sta", "ofx1.ofx", "plain.csv"])
@pytest.mark.parametrize("form", ["camt053", "mt940", "ofx", "csv"])
def test_a_format_takes_only_its_own(dunning: Dunning, name: str, form: str) -> None:
    done = dunning("import-payments", str(SAMPLES / name), "--format", form, "--dry-run", "--json")
    right = {"camt053": "xml", "mt940": "sta", "ofx": "ofx", "csv": "csv"}[form] == name.rpartition(".")[2]
    assert done.code == (0 if right else 6), done.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.ofx", "OFXHEADER:100\n\n<OFX></OFX>"),
        ("x.sta", ":60F:C100318EUR380115,12\n"),
        ("y.sta", ":20:A\n:25:1\n:28C:1\n:60F:C250101EUR1,\n:62F:C250101EUR1,\n"),
        ("x.csv", "date,amount,reference\n"),
        ("x.xml", '<Document xmlns="camt.053"><BkToCstmrStmt><Stmt><Id>1</Id></Stmt></BkToCstmrStmt></Document>'),
    ],
)
def test_a_file_without_transactions_is_none_and_no_mistake(
    dunning: Dunning, tmp_path: Path, name: str, content: str
) -> None:
    done = dunning.ok("import-payments", a_file(tmp_path / name, content))
    assert (done["read"], done["balance_check"]) == (0, [])


def test_what_stands_in_a_statement_does_nothing_on_a_terminal(dunning: Dunning, tmp_path: Path) -> None:
    text = CAMT.replace("Wang Fang", "[red]=cmd()&#x202e;").replace("INV-0917", "\u0085[link=http://x]")
    dunning.ok("import-payments", a_file(tmp_path / "x.xml", text))
    shown = dunning("list-unmatched").out
    assert "[red]=cmd()\\u202e" in shown
    assert "\u202e" not in shown


def test_a_lone_half_of_a_character_is_a_bad_line(tmp_path: Path) -> None:
    """As a wrong decoder upstream leaves them in an OFX; XML has no way to write one."""
    path = Path(a_file(tmp_path / "x.ofx", OFX.replace("还款LOAN-7谢谢", "&#xD800;&#0;")))
    assert [each for each in read(path) if isinstance(each, BadRow)] == []


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_a_line_of_100_mb_takes_no_memory(subprocess_dunning: Program, tmp_path: Path) -> None:
    plain = measured(subprocess_dunning, "import-payments", str(SAMPLES / "camt053-v8.xml"), "--dry-run", "--json")
    assert plain.code == 0, plain.err
    for name, head in (
        ("x.xml", CAMT.partition("Wang Fang")[0]),
        ("x.sta", MT940.partition("Account fee")[0]),
        ("x.ofx", OFX.partition("还款")[0]),
    ):
        path = tmp_path / name
        with path.open("w", encoding="utf-8") as file:
            file.write(head)
            for _ in range(100):
                file.write("x" * (1 << 20))
        odd = measured(subprocess_dunning, "import-payments", str(path), "--json")
        assert odd.code == 6, odd.err
        assert "longer than" in json.loads(odd.err)["error"]["message"]
        assert odd.peak < plain.peak + 40 * MIB, f"{name}: {plain.peak} KiB grew to {odd.peak} KiB"
        path.unlink()
