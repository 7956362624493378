"""import-cases: every row checked, all mistakes listed, nothing added twice, on each kind of database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import Dunning
from tests.imports.files import CASE, a_file, places, some_cases, text_of
from tests.store.databases import Database

HOSTILE = {
    "markup": "[bold red]Wang[/] [link=file:///etc/passwd]x[/link]",
    "escape": "Wang\x1b]0;owned\x07\x1b[31m",
    "formula": '=HYPERLINK("http://example.com","Wang")',
    "plus": "+1+cmd|' /C calc'!A0",
    "bidi": "Wang \u202egnaF",
    "lines": "Wang\nError: nothing\r\nFang",
    "separators": "Wang\u2028Fang\x85Li",
    "template": "{path} %s ${HOME} `id`",
    "quotes": "Robert'); DROP TABLE cases;--",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.csv"


# --- what a row may say -----------------------------------------------------------------------------------------------


def test_a_row_that_says_everything(dunning_on: Dunning, ledger: Path) -> None:
    said = {
        "debtor_ref": "C-100",
        "currency": "eur",
        "incurred": "2024-01-31",
        "debt_type": "Credit_Card",
        "consumer": "Yes",
        "jurisdiction": "us-federal",
        "phone": "+86 13800138000 | +86 13900139000",
        "email": "wang@example.com",
        "address": "1 Long Road\n100000 Beijing",
        "id_number": "110101199001011237",
        "timezone": "Asia/Shanghai|Europe/Berlin",
        "language": "ZH",
        "hold": "complaint",
        "portfolio": "2024-11",
        "collector": "mara",
        "policy": "default",
    }
    done = dunning_on.ok("import-cases", some_cases(ledger, said))
    assert done | {"seconds": 0} == {
        "read": 1,
        "added": 1,
        "skipped": 0,
        "rejected": [],
        "rejected_rows": 0,
        "encoding": "utf-8",
        "seconds": 0,
    }
    case = dunning_on.ok("show-case", "INV-1", "--reveal")
    assert case["debtor"] == case["debtor"] | {
        "id": 1,
        "name": "Wang Fang",
        "phones": ["+86 13800138000", "+86 13900139000"],
        "emails": ["wang@example.com"],
        "addresses": ["1 Long Road\n100000 Beijing"],
        "id_numbers": ["110101199001011237"],
        "timezones": ["Asia/Shanghai", "Europe/Berlin"],
        "language": "zh",
    }
    assert case == case | {
        "reference": "INV-1",
        "creditor": "River Bank",
        "principal": "1250.50",
        "currency": "EUR",
        "due_date": "2024-11-30",
        "incurred": "2024-01-31",
        "debt_type": "credit_card",
        "consumer": True,
        "jurisdiction": "us-federal",
        "portfolio": "2024-11",
        "collector": "mara",
        "policy": "default",
        "status": "on_hold",
        "days_overdue": 37,
        "entries": 2,
    }
    assert case["hold"]["reason"] == "complaint"


def test_a_silent_row_takes_the_settings(dunning: Dunning, ledger: Path) -> None:
    settings = {"DUNNING_CURRENCY": "JPY", "DUNNING_JURISDICTION": "cn"}
    silent = {"currency": "", "jurisdiction": "", "policy": "", "debt_type": "", "incurred": "", "hold": ""}
    dunning.ok("import-cases", some_cases(ledger, silent, principal="1250"), env=settings)
    case = dunning.ok("show-case", "INV-1")
    assert case == case | {"currency": "JPY", "jurisdiction": "cn", "policy": "default", "principal": "1250"}
    assert case == case | {"debt_type": None, "incurred": None, "hold": None, "consumer": None, "collector": None}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_are_found_out(dunning: Dunning, ledger: Path, encoding: str) -> None:
    name = a_file(ledger, text_of([CASE | {"debtor": "欧阳小明", "creditor": "某某银行"}]), encoding)
    assert dunning.ok("import-cases", name)["encoding"] == encoding
    case = dunning.ok("show-case", "INV-1")
    assert (case["debtor"]["name"], case["creditor"]) == ("欧阳小明", "某某银行")


def test_a_western_file_is_refused_until_a_mapping_names_its_encoding(
    dunning: Dunning, ledger: Path, tmp_path: Path
) -> None:
    name = a_file(ledger, text_of([CASE | {"debtor": "René Müller"}], ";"), "cp1252")
    assert "cp1252" in dunning.fails(6, "import-cases", name)["hint"]
    columns = "\n".join(f'{column} = "{column}"' for column in CASE)
    mapping = a_file(tmp_path / "map.toml", f'encoding = "cp1252"\n[columns]\n{columns}\n')
    dunning.ok("import-cases", name, "--mapping", mapping)
    assert dunning.ok("show-case", "INV-1")["debtor"]["name"] == "René Müller"


def test_a_mapping_reads_somebody_elses_table(dunning_on: Dunning, ledger: Path, tmp_path: Path) -> None:
    theirs = (
        "Kunde;Rechnung;Datum;Fällig;Betrag;Streitig;Storno;Währung\n"
        "Müller & Söhne;R-1;01.10.2024;31.10.2024;1.234.567,80;nein;;\n"
        "Müller & Söhne;R-2;02.10.2024;1.11.2024;5,5;ja;;\n"
        "Weiß;R-3;3.10.2024;2.11.2024;100;verstorben;;CHF\n"
        "Weiß;R-4;3.10.2024;2.11.2024;falsch;nein;x;CHF\n"
    )
    mapping = """
    date_format = "%d.%m.%Y"
    decimal = ","
    thousands = "."
    [columns]
    reference = "Rechnung"
    debtor = "Kunde"
    debtor_ref = "Kunde"
    incurred = "Datum"
    due = "Fällig"
    principal = "Betrag"
    currency = "Währung"
    [constants]
    creditor = "Hart GmbH"
    currency = "EUR"
    debt_type = "invoice"
    [hold]
    dispute = { column = "Streitig", values = ["ja", "teilweise"] }
    deceased = { column = "Streitig", values = ["verstorben"] }
    [leave_out]
    Storno = ["x"]
    """
    name, how = a_file(ledger, theirs, "utf-8-sig"), a_file(tmp_path / "map.toml", mapping)
    done = dunning_on.ok("import-cases", name, "--mapping", how)
    assert (done["read"], done["added"], done["rejected_rows"]) == (3, 3, 0)
    found = dunning_on.ok("list-cases", "--sort", "reference")
    assert [(c["reference"], c["principal"], c["currency"], c["debtor"]["id"], c["due_date"]) for c in found] == [
        ("R-1", "1234567.80", "EUR", 1, "2024-10-31"),
        ("R-2", "5.50", "EUR", 1, "2024-11-01"),
        ("R-3", "100.00", "CHF", 2, "2024-11-02"),
    ]
    assert [c["hold"] and c["hold"]["reason"] for c in found] == [None, "dispute", "deceased"]
    assert {c["creditor"] for c in found} == {"Hart GmbH"}


# --- debtors ----------------------------------------------------------------------------------------------------------


def test_a_debtor_key_makes_one_debtor_and_a_name_never_does(dunning_on: Dunning, ledger: Path) -> None:
    rows = [
        {"debtor_ref": "C-1", "phone": "+86 111", "language": ""},
        {"debtor_ref": "C-1", "phone": "+86 222|+86 111", "debtor": "Mrs Wang", "language": "zh"},
        {"debtor_ref": "", "phone": "+86 111"},
        {"debtor_ref": "", "phone": "+86 111"},
        {"debtor_ref": "C-1", "creditor": "Hart Supplies"},
    ]
    dunning_on.ok("import-cases", some_cases(ledger, *rows))
    found = dunning_on.ok("list-cases", "--sort", "reference")
    assert [case["debtor"]["id"] for case in found] == [1, 1, 2, 3, 4]

    # A later file goes on with the same debtor, and adds what it knows more.
    more = ledger.with_name("more.csv")
    later = [
        {"reference": "M-1", "debtor_ref": "C-1", "phone": "+86 333", "email": "w@example.com", "debtor": "W. F."},
        {"reference": "M-2", "debtor_ref": "C-1", "phone": "+86 222", "email": "w@example.com"},
        {"reference": "M-3", "debtor_ref": "C-9", "phone": "+86 999"},
    ]
    dunning_on.ok("import-cases", some_cases(more, *later))
    debtor = dunning_on.ok("show-debtor", "1", "--reveal")
    assert (debtor["name"], debtor["language"]) == ("Wang Fang", "zh")
    assert debtor["phones"] == ["+86 111", "+86 222", "+86 333"]
    assert debtor["emails"] == ["w@example.com"]
    assert len(debtor["cases"]) == 4
    assert dunning_on.ok("show-case", "M-3")["debtor"]["id"] == 5


# --- mistakes ---------------------------------------------------------------------------------------------------------

BAD: list[tuple[dict[str, str], str, str]] = [
    ({"principal": "-5.00"}, "principal", "more than 0"),
    ({"principal": "0.00"}, "principal", "more than 0"),
    ({"principal": "1,250.50"}, "principal", "is no amount in CNY"),
    ({"principal": "12.505"}, "principal", "is no amount in CNY"),
    ({"principal": "1e5"}, "principal", "is no amount"),
    ({"principal": "NaN"}, "principal", "is no amount"),
    ({"principal": "١٢"}, "principal", "is no amount"),
    ({"principal": "￥100"}, "principal", "is no amount"),
    ({"principal": "99999999999999999999"}, "principal", "is no amount"),
    ({"principal": "999999999999999.9999", "currency": "CLF"}, "principal", "too large"),
    ({"principal": ""}, "principal", "is missing"),
    ({"principal": "10.50", "currency": "JPY"}, "principal", "is no amount in JPY"),
    ({"currency": "RMB"}, "currency", "is no currency code"),
    ({"due": "2024-02-30"}, "due", "is no date of the form YYYY-MM-DD"),
    ({"due": "30.11.2024"}, "due", "is no date"),
    ({"due": "0024-11-30"}, "due", "is not between"),
    ({"due": ""}, "due", "is missing"),
    ({"incurred": "2024-12-01"}, "incurred", "is after the due date"),
    ({"incurred": "soon"}, "incurred", "is no date"),
    ({"reference": " "}, "reference", "is missing"),
    ({"reference": "x" * 301}, "reference", "is longer than 300 characters"),
    ({"debtor": ""}, "debtor", "is missing"),
    ({"creditor": "\t"}, "creditor", "is missing"),
    ({"debt_type": "gambling"}, "debt_type", "is none of: consumer_loan, credit_card"),
    ({"consumer": "maybe"}, "consumer", "is none of: yes, true"),
    ({"language": "tlh"}, "language", "is none of: en, zh"),
    ({"timezone": "Beijing"}, "timezone", "is no time zone"),
    ({"timezone": "Asia/Shanghai|../../etc/passwd"}, "timezone", "is no time zone"),
    ({"hold": "unsure"}, "hold", "is none of: dispute"),
    ({"policy": "strict"}, "policy", "is no policy that was loaded"),
    ({"phone": "none"}, "phone", "is no phone number"),
    ({"phone": "+86 138|?"}, "phone", "is no phone number"),
    ({"email": "wang at example.com"}, "email", "is no e-mail address"),
    ({"jurisdiction": "x" * 41}, "jurisdiction", "is longer than 40 characters"),
    ({"address": "x" * 1001}, "address", "is longer than 1000 characters"),
    ({"collector": "x" * 301}, "collector", "is longer than 300 characters"),
]


@pytest.mark.parametrize(
    ("row", "field", "reason"), BAD, ids=[f"{next(iter(row))}-{at}" for at, (row, _, _) in enumerate(BAD)]
)
def test_a_bad_value_is_listed_by_line_field_value_and_reason(
    dunning: Dunning, ledger: Path, row: dict[str, str], field: str, reason: str
) -> None:
    error = dunning.fails(6, "import-cases", some_cases(ledger, {}, row))
    (bad,) = error["rejected"]
    assert (bad["line"], bad["field"]) == (3, field)
    assert bad["value"] == ("" if reason == "is missing" else row[field][:200])
    assert reason in bad["reason"]
    assert error["read"] == 2
    assert f"line 3: {field}" in error["message"]


def bad_ledger(path: Path) -> str:
    """A ledger with four good rows among the bad ones; two of the good are the same case."""
    good = [
        {},
        {"principal": "-1", "due": "never", "currency": "RMB", "phone": "?"},
        {"principal": "20"},
        {"debtor": ""},
    ]
    last = [{"reference": "INV-3", "principal": "21"}, {}]
    name = some_cases(path, *good, *last, currency="CNY", phone="")
    with path.open("a", encoding="utf-8") as file:
        file.write("INV-7,Li,River Bank\n")
    return name


def test_bad_rows_stop_the_file_before_anything_is_written(
    dunning_on: Dunning, database: Database, ledger: Path
) -> None:
    before = database.dump()
    error = dunning_on.fails(6, "import-cases", bad_ledger(ledger))
    assert error["code"] == "input"
    assert places(error["rejected"]) == [
        (3, "currency"),
        (3, "due"),
        (3, "phone"),
        (5, "debtor"),
        (8, ""),
    ], "an amount in an unknown currency cannot be judged"
    assert "3 of 7 rows are bad" in error["message"]
    assert "Nothing was written" in error["hint"]
    assert database.dump() == before


def test_the_good_rows_alone(dunning_on: Dunning, database: Database, ledger: Path) -> None:
    name = bad_ledger(ledger)
    tried = dunning_on("import-cases", name, "--on-error", "skip", "--dry-run", "--json")
    assert (tried.code, database.count("cases")) == (9, 0)

    done = dunning_on("import-cases", name, "--on-error", "skip", "--json")
    assert done.code == 9
    assert done.error["code"] == "partly_failed"
    counts = {"read": 7, "added": 3, "skipped": 1, "rejected_rows": 3}
    assert done.json == done.json | counts
    assert places(done.json["rejected"]) == [(3, "currency"), (3, "due"), (3, "phone"), (5, "debtor"), (8, "")]
    assert {**tried.json, "seconds": 0} == {**done.json, "seconds": 0}, "a dry run says the same"
    found = dunning_on.ok("list-cases", "--sort", "reference")
    assert [(case["reference"], case["principal"]) for case in found] == [
        ("INV-1", "1250.50"),
        ("INV-3", "20.00"),
        ("INV-6", "1250.50"),
    ]

    again = dunning_on("import-cases", name, "--on-error", "skip", "--json")
    assert again.json == again.json | {"read": 7, "added": 0, "skipped": 4, "rejected_rows": 3}


def test_a_dry_run_without_skipping_refuses_as_the_run_does(dunning: Dunning, ledger: Path) -> None:
    name = bad_ledger(ledger)
    tried, done = dunning.fails(6, "import-cases", name, "--dry-run"), dunning.fails(6, "import-cases", name)
    assert tried == done


def test_a_person_reads_what_was_refused(dunning: Dunning, ledger: Path) -> None:
    name = bad_ledger(ledger)
    refused = dunning("import-cases", name)
    assert refused.code == 6
    assert "Error: " in refused.err
    assert "  line 5: debtor is missing\n" in refused.err
    assert "  line 8: the row has 3 values, the header 7\n" in refused.err
    done = dunning("import-cases", name, "--on-error", "skip")
    assert done.code == 9
    assert "7 rows read as utf-8: 3 added, 1 already there, 3 refused." in done.out
    assert "Error: 3 of 7 rows were left out." in done.err


@pytest.mark.parametrize("on_error", ["stop", "skip"])
def test_a_file_that_breaks_off_writes_nothing(
    dunning_on: Dunning, database: Database, ledger: Path, on_error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quote that is never closed, far below: there is no telling what the rest of the file would say."""
    monkeypatch.setattr("dunning_cli.services.case_imports.BATCH", 2)
    name = some_cases(ledger, *[{}] * 5)
    with ledger.open("a", encoding="utf-8") as file:
        file.write('INV-6,"Wang,River Bank,1.00,2024-01-01\n' + "INV-7,Li,River Bank,1.00,2024-01-01\n" * 3)
    before = database.dump()
    error = dunning_on.fails(6, "import-cases", name, "--on-error", on_error)
    assert "line 7" in error["message"]
    assert "quote" in error["hint"]
    assert database.dump() == before


def test_many_mistakes_are_counted_but_not_all_shown(dunning: Dunning, ledger: Path) -> None:
    name = some_cases(ledger, *[{"due": "never"}] * 70)
    error = dunning.fails(6, "import-cases", name)
    assert len(error["rejected"]) == 70
    assert error["message"].count("line ") == 20
    shown = dunning("import-cases", name, "--on-error", "skip").out
    assert shown.count("never") == 50
    assert "… and 20 more; all of them with --json." in shown


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("reference,debtor,creditor,principal", "it has no column due"),
        ("reference,debtor,creditor,amount,due", "it has no column principal; these columns are unknown: amount"),
        ("refrence,debtor,creditor,principal,due", "refrence (did you mean reference?)"),
        ("Reference,debtor,creditor,principal,due", "Reference (did you mean reference?)"),
        ("reference,debtor,creditor,principal,due,country", "these columns are unknown: country"),
        ("reference,debtor,creditor,principal,due,", "unknown: (without a name)"),
        ("reference,debtor,creditor,principal,due,due", "the column due stands twice"),
        ("x" * 5000, "x" * 60 + "."),
    ],
)
def test_wrong_columns(dunning: Dunning, ledger: Path, header: str, said: str) -> None:
    error = dunning.fails(6, "import-cases", a_file(ledger, f"{header}\n1,2,3,4,5\n"))
    assert said in error["message"]
    assert len(error["message"]) < 400


def test_wrong_columns_of_a_mapping(dunning: Dunning, ledger: Path, tmp_path: Path) -> None:
    name = some_cases(ledger, {})
    columns = {column: column for column in CASE} | {"due": "due_on"}
    lines = "\n".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
    mapping = a_file(tmp_path / "map.toml", f'[columns]\n{lines}\n[leave_out]\nprincipa = [""]\n')
    error = dunning.fails(6, "import-cases", name, "--mapping", mapping)
    assert "it has no column due_on (did you mean due?), principa (did you mean principal?)" in error["message"]
    assert "reference, debtor, creditor, principal, due" in error["hint"]

    mapping = a_file(tmp_path / "map.toml", '[columns]\nreference = "reference"\n[constants]\ncreditor = "A"\n')
    error = dunning.fails(6, "import-cases", name, "--mapping", mapping)
    assert "map.toml says nothing of: debtor, principal, due" in error["message"]


@pytest.mark.parametrize("name", ["nothing.csv", ".", "nothing.toml"])
def test_a_file_that_is_not_there(dunning: Dunning, tmp_path: Path, ledger: Path, name: str) -> None:
    if name.endswith("toml"):
        error = dunning.fails(6, "import-cases", some_cases(ledger, {}), "--mapping", str(tmp_path / name))
    else:
        error = dunning.fails(6, "import-cases", str(tmp_path / name))
    assert "cannot be read" in error["message"]


# --- again and again --------------------------------------------------------------------------------------------------


def test_the_same_file_twice_adds_nothing(
    dunning_on: Dunning, database: Database, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dunning_cli.services.case_imports.BATCH", 3)
    rows = [{"debtor_ref": f"C-{number % 4}", "phone": f"+86 13{number}"} for number in range(10)]
    name = some_cases(ledger, *rows)
    dunning_on.ok("import-cases", name)
    before = database.dump()
    assert before["cases"]
    done = dunning_on.ok("import-cases", name, now="2025-03-01")
    assert (done["read"], done["added"], done["skipped"]) == (10, 0, 10)
    assert database.dump() == before


def test_duplicates_inside_a_file_are_told_by_a_dry_run_too(
    dunning_on: Dunning, database: Database, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they stand in one batch or in two."""
    monkeypatch.setattr("dunning_cli.services.case_imports.BATCH", 3)
    dunning_on.ok("import-cases", some_cases(ledger, {}))
    same = {"reference": "A"}
    rows = [{"reference": "INV-1"}, same, same, {}, same, same | {"creditor": "Hart"}, {"reference": "a"}, same]
    name = some_cases(ledger, *rows)
    before = database.dump()
    tried = dunning_on.ok("import-cases", name, "--dry-run")
    assert database.dump() == before
    done = dunning_on.ok("import-cases", name)
    assert {**tried, "seconds": 0} == {**done, "seconds": 0}
    assert (done["added"], done["skipped"]) == (4, 4)


def test_an_import_that_was_cut_off_is_taken_up_again(
    dunning_on: Dunning, database: Database, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dunning_cli.services import case_imports

    monkeypatch.setattr(case_imports, "BATCH", 4)
    name = some_cases(ledger, *[{"debtor_ref": f"C-{number % 3}"} for number in range(10)])
    whole = case_imports._Import._written
    left = 2

    def fails_later(*args: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return whole(*args)

    monkeypatch.setattr(case_imports._Import, "_written", fails_later)
    assert dunning_on("import-cases", name, "--jobs", "1").code == 130
    assert database.count("cases") == 8
    monkeypatch.setattr(case_imports._Import, "_written", whole)
    done = dunning_on.ok("import-cases", name)
    assert (done["added"], done["skipped"]) == (2, 8)
    assert [database.count(table) for table in ("cases", "case_refs", "debtors", "debtor_refs")] == [10, 10, 3, 3]


# --- hostile text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_kept_as_it_is_and_harmless(dunning_on: Dunning, ledger: Path, text: str) -> None:
    kept = text.strip()
    row = {"reference": text, "debtor": text, "creditor": text, "portfolio": text, "address": text.replace("|", "/")}
    dunning_on.ok("import-cases", some_cases(ledger, row))
    (case,) = dunning_on.ok("list-cases")
    assert (case["reference"], case["debtor"]["name"], case["creditor"]) == (kept, kept, kept)
    assert dunning_on.ok("show-case", "1", "--reveal")["debtor"]["addresses"] == [kept.replace("|", "/")]
    for command in (["list-cases"], ["show-case", "1"], ["list-cases", "--csv"], ["timeline", "1"]):
        shown = dunning_on(*command, terminal=False)
        assert shown.code == 0
        assert not {"\x1b", "\x07", "\u202e", "\u2028", "\x85", "\r"} & {*shown.out}
        assert not any(line.startswith(("Error", "=", "+1")) for line in shown.out.splitlines())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_in_a_mistake_is_harmless(dunning: Dunning, ledger: Path, text: str) -> None:
    """In the error, in the table of what was left out, in the names of columns."""
    name = some_cases(ledger, {"due": text, "policy": text})
    error = dunning.fails(6, "import-cases", name)
    assert [bad["value"] for bad in error["rejected"]] == [text.strip()] * 2
    odd = a_file(ledger.with_name("odd.csv"), text_of([CASE | {text.replace("\0", ""): "1"}]))
    for args in ([name], [name, "--on-error", "skip"], [odd]):
        shown = dunning("import-cases", *args)
        assert shown.code in (6, 9)
        both = shown.out + shown.err
        assert not {"\x1b", "\x07", "\u202e", "\u2028", "\x85", "\r"} & {*both}
        assert not any(line.startswith("Error: nothing") for line in both.splitlines())


def test_json_of_a_mistake_is_one_document(dunning: Dunning, ledger: Path) -> None:
    answer = dunning("import-cases", some_cases(ledger, {"due": "\u2028\x1b"}), "--json")
    assert json.loads(answer.err)["error"]["rejected"][0]["line"] == 2
    assert answer.out == ""


# --- what a person sees -----------------------------------------------------------------------------------------------


def test_a_progress_bar_where_a_person_watches(dunning: Dunning, ledger: Path) -> None:
    name = some_cases(ledger, *[{}] * 1200)
    watched = dunning("import-cases", name, terminal=True)
    assert watched.code == 0, watched.err
    assert "Importing rows" in watched.err
    assert "1,200 added" in watched.out
    assert dunning("import-cases", name).err == ""
