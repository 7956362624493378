"""Statements of banks: what each format says, line by line, and which one a file is in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.statements import LeftOut, Statement, StatementLine
from dunning_cli.errors import InputError, UsageError
from dunning_cli.imports import camt053
from dunning_cli.imports.files import head
from dunning_cli.imports.formats import FORMATS, NAMES, Given, StatementFile, open_statement
from dunning_cli.imports.mappings import shipped
from dunning_cli.imports.tables import BadRow
from tests.imports.files import a_file

HERE = Path(__file__).parent / "statements"
TODAY = date(2025, 1, 6)
FORMS = {
    "camt053-v2.xml": "camt053",
    "camt053-v4.xml": "camt053",
    "camt053-v8.xml": "camt053",
    "mt940.sta": "mt940",
    "ofx1.ofx": "ofx",
    "ofx2.ofx": "ofx",
    "alipay.csv": "csv",
    "wechat.csv": "csv",
    "icbc.csv": "csv",
    "cmb.csv": "csv",
    "plain.csv": "csv",
}
OURS = "NL18RABO0123459876"


def opened(name: str | Path, mapping: str | None = None, currency: str = "CNY") -> StatementFile:
    return open_statement(HERE / name, Given(currency, TODAY, Path(mapping) if mapping else None))


def all_of(file: StatementFile) -> list[Any]:
    return list(file.lines())


def lines(file: StatementFile) -> list[StatementLine]:
    """The lines of a file in which nothing is bad."""
    read = all_of(file)
    assert [each for each in read if isinstance(each, BadRow)] == []
    return [each for each in read if isinstance(each, StatementLine)]


def brief(line: StatementLine) -> tuple[Any, ...]:
    """What matters most: the day, the amount with its currency, the bank's reference, the payer's, name and text."""
    amount = f"{line.amount} {line.amount.currency}"
    return line.on.isoformat(), amount, line.payment_reference, line.end_to_end, line.payer, line.text


def test_every_sample_is_tried() -> None:
    assert {path.name for path in HERE.iterdir()} == FORMS.keys()
    assert {*FORMS.values()} == {*NAMES}


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_exactly_one_format_claims_a_sample(name: str, form: str) -> None:
    start = head(HERE / name)
    assert [each.NAME for each in FORMATS if each.detect(start)] == [form]


# --- CAMT.053 ---------------------------------------------------------------------------------------------------------

JANUARY = [
    ("2025-01-02", "500.00 EUR", "BNK-1", None, "Wang Fang", "Payment for INV-0917 thanks"),
    ("2025-01-02", "350.00 EUR", "BNK-2/E-21", "E-21", "Vogel KG", "INV-0921"),
    ("2025-01-02", "250.50 EUR", "BNK-2/E-22", "E-22", "Berg AG", "Rechnung INV-0922."),
    ("2025-01-02", "-15.00 EUR", "BNK-3", None, None, "Account fee"),
    ("2025-01-03", "-100.00 EUR", "BNK-5", "OUT-1", None, "Rent January"),
    ("2025-01-04", "-250.50 EUR", "BNK-6", "E-22", None, "Refund request"),
]


@pytest.mark.parametrize("version", [2, 4, 8])
def test_camt053_says_the_same_in_every_version(version: int) -> None:
    read = all_of(opened(f"camt053-v{version}.xml"))
    found = [each for each in read if isinstance(each, StatementLine)]
    assert [brief(line) for line in found] == JANUARY
    assert [line.returns for line in found] == [False] * 5 + [True]
    assert found[0].account == "NL02ABNA0123456789"
    assert found[1].references == ("INV-0921",)
    assert {line.own_account for line in found} == {OURS}
    assert [line.statement for line in found] == ["2025-001"] * 5 + ["2025-002"]
    assert len([each for each in read if isinstance(each, LeftOut)]) == 1, "what is pending is no payment yet"
    statements = [each for each in read if isinstance(each, Statement)]
    assert [(each.id, str(each.opening), str(each.moved), str(each.closing)) for each in statements] == [
        ("2025-001", "100.00", "985.50", "1085.50"),
        ("2025-002", "1085.50", "-250.50", "835.00"),
    ]
    assert [each.difference() for each in statements] == [None, None]


def test_a_camt053_line_stands_where_its_entry_begins() -> None:
    name = "camt053-v8.xml"
    text = (HERE / name).read_text("utf-8").splitlines()
    found = lines(opened(name))
    assert ["<Ntry>" in text[line.line - 1] for line in found] == [True] * 6
    assert len({line.line for line in found}) == 5, "the parts of a batch stand at their entry"


def changed(tmp_path: Path, old: str, new: str, name: str = "camt053-v8.xml") -> StatementFile:
    """A sample in which something is written differently."""
    text = (HERE / name).read_text("utf-8")
    assert old in text
    return opened(Path(a_file(tmp_path / name, text.replace(old, new, 1))))


def test_parts_that_do_not_make_their_entry_are_one_line_that_waits(tmp_path: Path) -> None:
    found = lines(
        changed(tmp_path, '<Amt Ccy="EUR">250.50</Amt><CdtDbtInd>CRDT', '<Amt Ccy="EUR">250.51</Amt><CdtDbtInd>CRDT')
    )
    assert len(found) == 5
    assert (str(found[1].amount), found[1].payment_reference) == ("600.50", "BNK-2")
    assert found[1].doubt == "the parts of this entry do not add up to it"


def test_a_balance_that_is_not_reached_is_said(tmp_path: Path) -> None:
    read = all_of(changed(tmp_path, '<Amt Ccy="EUR">1085.50</Amt>', '<Amt Ccy="EUR">1085.49</Amt>'))
    (first, second) = [each for each in read if isinstance(each, Statement)]
    assert [str(amount) for amount in first.difference() or ()] == ["1085.50", "1085.49"]
    assert second.difference() is None


@pytest.mark.parametrize(
    ("old", "new", "field", "value", "reason"),
    [
        ('"EUR">500.00', '"EUR">5.0.0', "entry 1 Amt", "5.0.0", "is no amount"),
        ('"EUR">500.00', '"EUR">-500.00', "entry 1 Amt", "-500.00", "less than 0"),
        ('"EUR">500.00', '"EUX">500.00', "entry 1 Amt", "500.00", "is no currency code"),
        ('"EUR">500.00', '"EUR">', "entry 1 Amt", "", "is no amount"),
        (
            "<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>",
            "<CdtDbtInd>X</CdtDbtInd>\n<Sts>",
            "entry 1 CdtDbtInd",
            "X",
            "neither",
        ),
        ("2025-01-02T09:30:00", "2025-02-30T09:30:00", "entry 1 BookgDt", "2025-02-30T09:30:00+01:00", "is no date"),
        ("2025-01-02T09:30:00", "2025-01-07T09:30:00", "date", "2025-01-07", "is after today"),
    ],
)
def test_a_bad_camt053_entry_is_named(tmp_path: Path, old: str, new: str, field: str, value: str, reason: str) -> None:
    (bad,) = [each for each in all_of(changed(tmp_path, old, new)) if isinstance(each, BadRow)]
    assert (bad.field, bad.value) == (field, value)
    assert reason in bad.reason
    assert bad.line > 1


def test_a_sibling_of_camt053_is_named(tmp_path: Path) -> None:
    name = a_file(tmp_path / "x.xml", '<Document xmlns="urn:x:camt.054.001.02"><BkToCstmrDbtCdtNtfctn/></Document>')
    with pytest.raises(InputError, match=r"camt\.054") as refused:
        open_statement(Path(name), Given("EUR", TODAY))
    assert "camt.053" in refused.value.hint


# --- MT940 ------------------------------------------------------------------------------------------------------------


def test_mt940() -> None:
    read = all_of(opened("mt940.sta"))
    found = [each for each in read if isinstance(each, StatementLine)]
    assert [brief(line) for line in found] == [
        ("2025-01-02", "500.00 EUR", "BNK-1", None, "Wang Fang", "Payment for INV-0917 thanks"),
        ("2025-01-02", "350.00 EUR", "BNK-2", "E-21", "Vogel KG", "Rechnung"),
        ("2025-01-02", "-15.00 EUR", "BNK-3", None, None, "Account fee"),
        ("2025-01-04", "-350.00 EUR", "BNK-7", "E-21", "Vogel KG", "wrong account"),
    ]
    assert [line.returns for line in found] == [False, False, False, True]
    assert [line.references for line in found] == [(), ("INV-0921",), (), ("INV-0921",)]
    assert [line.account for line in found] == ["NL02ABNA0123456789", "DE89370400440532013000", None, None]
    assert [line.line for line in found] == [6, 8, 10, 12]
    (statement,) = [each for each in read if isinstance(each, Statement)]
    assert (statement.id, str(statement.closing), statement.difference()) == ("STMT-1/1/1", "585.00", None)


ENTRY = ":20:A\n:25:1\n:28C:1\n:60F:C250101EUR0,\n:61:{}\n:86:x\n:62F:C250104EUR0,\n"


@pytest.mark.parametrize(
    ("entry", "amount", "returns"),
    [
        ("2501020102C1,5NTRFNONREF", "1.50", False),
        ("2501020102CR1,NTRFNONREF", "1.00", False),
        ("2501020102D1,NTRFNONREF", "-1.00", False),
        ("2501020102DR1,NTRFNONREF", "-1.00", False),
        ("2501020102RC1,NTRFNONREF", "-1.00", True),
        ("2501020102RD1,NTRFNONREF", "1.00", True),
        ("250102C0,01NTRFNONREF", "0.01", False),
        ("2501020102D1,NRTINONREF", "-1.00", True),
    ],
)
def test_an_mt940_mark_says_which_way_money_went(tmp_path: Path, entry: str, amount: str, returns: bool) -> None:
    (line,) = lines(opened(Path(a_file(tmp_path / "x.sta", ENTRY.format(entry)))))
    assert (str(line.amount), line.returns) == (amount, returns)


@pytest.mark.parametrize("entry", ["250102X1,NTRF", "251302C1,NTRFNONREF", "2501020102C1,2,3NTRFNONREF", "nonsense"])
def test_a_bad_mt940_entry_is_named(tmp_path: Path, entry: str, capfd: pytest.CaptureFixture[str]) -> None:
    (bad, *_) = all_of(opened(Path(a_file(tmp_path / "x.sta", ENTRY.format(entry)))))
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.field, bad.value) == (5, ":61:", entry)
    assert capfd.readouterr() == ("", ""), "the library says nothing of its own"


# --- OFX --------------------------------------------------------------------------------------------------------------


def test_ofx_without_closing_tags() -> None:
    file = opened("ofx1.ofx")
    read = all_of(file)
    assert file.encoding == "cp1252"
    found = [each for each in read if isinstance(each, StatementLine)]
    assert [brief(line) for line in found] == [
        ("2025-01-02", "500.00 EUR", "BNK-1", None, "Renée Wang", "Payment for INV-0917 & thanks"),
        ("2025-01-02", "-15.00 EUR", "BNK-3", None, "Account fee", "Account fee"),
    ]
    assert found[0].account == "NL02ABNA0123456789"
    assert [line.line for line in found] == [15, 24]
    assert len([each for each in read if isinstance(each, LeftOut)]) == 1


def test_ofx_as_xml() -> None:
    found = lines(opened("ofx2.ofx"))
    assert [brief(line) for line in found] == [
        ("2025-01-02", "500.00 CNY", "7", None, "王芳 <Wang & Co>", "还款LOAN-7谢谢"),
        ("2025-01-03", "10.00 CNY", "8", None, "correction", "correction"),
    ]
    assert [line.doubt for line in found] == [None, "it corrects an earlier line of the bank"]


# --- exports of Chinese banks -----------------------------------------------------------------------------------------

EXPORTS: list[tuple[str, str, list[tuple[Any, ...]], int]] = [
    (
        "alipay",
        "gb18030",
        [
            ("2025-01-02", "500.00 CNY", "20250102001100", None, "王芳", "还款LOAN-7 谢谢"),
            ("2025-01-02", "-20.00 CNY", "20250102001101", None, "小店", "笔"),
        ],
        1,
    ),
    (
        "wechat",
        "utf-8",
        [
            ("2025-01-02", "1250.50 CNY", "1000011", None, "王芳", "收款方备注:LOAN-7"),
            ("2025-01-02", "-28.16 CNY", "1000012", None, "面馆", None),
        ],
        1,
    ),
    (
        "icbc",
        "utf-8-sig",
        [
            ("2025-01-02", "1234.56 CNY", None, None, "王芳", "他行汇入 还款 LOAN-7 手机银行"),
            ("2025-01-03", "-13.40 CNY", None, None, "餐厅", "消费 饭店"),
        ],
        0,
    ),
    (
        "cmb",
        "utf-8",
        [
            ("2025-01-02", "1234.00 CNY", None, None, "王芳", "转账汇款 LOAN-7 还款"),
            ("2025-01-02", "-1000.00 CNY", None, None, "张三", "转账汇款 转账"),
            ("2025-01-03", "0.50 CNY", None, None, None, "利息 活期利息"),
        ],
        0,
    ),
]


@pytest.mark.parametrize(("name", "encoding", "expected", "neutral"), EXPORTS, ids=[name for name, *_ in EXPORTS])
def test_an_export_of_a_chinese_bank(name: str, encoding: str, expected: list[Any], neutral: int) -> None:
    file = opened(f"{name}.csv", mapping=name, currency="EUR")
    assert (file.encoding, [brief(line) for line in lines(file)]) == (encoding, expected)
    assert len([each for each in all_of(file) if isinstance(each, LeftOut)]) == neutral


def test_an_account_behind_a_name_is_cut_off() -> None:
    assert [line.account for line in lines(opened("cmb.csv", "cmb"))] == ["6217000011112222", "66666666666666", None]


@pytest.mark.parametrize("name", ["alipay", "wechat", "icbc", "cmb"])
def test_an_export_without_its_mapping_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(InputError) as refused:
        opened(f"{name}.csv")
    assert f"--mapping {name}" in refused.value.hint


def test_the_shipped_mappings_are_known_by_name() -> None:
    assert {"alipay", "wechat", "icbc", "cmb"} < {*shipped()}
    with pytest.raises(InputError) as refused:
        opened("alipay.csv", "alipai")
    assert "alipay" in refused.value.hint


def test_a_line_of_an_export_that_is_bad_is_named(tmp_path: Path) -> None:
    text = (HERE / "wechat.csv").read_text("utf-8").replace("支出", "借出").replace("¥1250.50", "¥12.50.50")
    found = all_of(opened(Path(a_file(tmp_path / "x.csv", text)), "wechat"))
    bad = [each for each in found if isinstance(each, BadRow)]
    assert [(each.line, each.field, each.value) for each in bad] == [
        (7, "amount", "¥12.50.50"),
        (8, "收/支", "借出"),
    ]


def test_debit_and_credit_columns_hold_one_amount_between_them(tmp_path: Path) -> None:
    mapping = a_file(
        tmp_path / "m.toml",
        'delimiter = ";"\ndecimal = ","\nthousands = " "\ndebit = "Débit"\ncredit = "Crédit"\n'
        '[columns]\ndate = "Date"\ntext = "Libellé"\ncurrency = "Devise"\n',
    )
    rows = ["2025-01-02;Loyer;1 234,56;;EUR", "2025-01-03;Salaire;;3500,00;EUR", "2025-01-03;Les deux;1,00;2,00;EUR"]
    text = "\n".join(
        ["Date;Libellé;Débit;Crédit;Devise", *rows, "2025-01-03;Rien;;;EUR", "2025-01-03;Moins;;-1,00;EUR"]
    )
    found = all_of(opened(Path(a_file(tmp_path / "x.csv", text)), mapping))
    assert [str(each.amount) for each in found if isinstance(each, StatementLine)] == ["-1234.56", "3500.00"]
    bad = [each for each in found if isinstance(each, BadRow)]
    assert [(each.line, each.reason) for each in bad] == [
        (4, "both columns hold an amount"),
        (5, "is missing"),
        (6, "is no amount"),
    ]


# --- which format -----------------------------------------------------------------------------------------------------


def test_a_format_that_is_asked_for_must_be_it() -> None:
    with pytest.raises(InputError, match="is no mt940 file"):
        open_statement(HERE / "camt053-v2.xml", Given("EUR", TODAY), "mt940")
    with pytest.raises(UsageError):
        open_statement(HERE / "camt053-v2.xml", Given("EUR", TODAY, Path("alipay")), "mt940")
    assert open_statement(HERE / "mt940.sta", Given("EUR", TODAY), "mt940").format == "mt940"


def test_camt053_in_utf_16_is_read(tmp_path: Path) -> None:
    text = (HERE / "camt053-v2.xml").read_text("utf-8").replace("UTF-8", "UTF-16")
    path = Path(a_file(tmp_path / "x.xml", text, "utf-16"))
    assert camt053.detect(head(path))
    assert [brief(line) for line in lines(opened(path))] == JANUARY
