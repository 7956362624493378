"""Mapping files: what they can say, and that every mistake in one is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.errors import InputError
from dunning_cli.imports import cases, payments
from dunning_cli.imports.mappings import Mapping, read_mapping

EXAMPLES = Path(__file__).parents[2] / "examples" / "mappings"


def mistakes(path: Path, text: str, **how: Any) -> str:
    """What is said of a mapping file that is not valid."""
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        read_mapping(path, cases.COLUMNS, **how)
    return str(refused.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mapping.toml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colums.reference = "a"', "colums: unknown name; did you mean 'columns'?"),
        ('zzz = "a"', "zzz: unknown name; known are: delimiter, encoding"),
        ('columns.refrence = "a"', "columns.refrence: unknown name; did you mean 'reference'?"),
        ('constants.Curency = "EUR"', "constants.Curency: unknown name; did you mean 'currency'?"),
        ("columns.due = 3", "columns.due: Input should be a valid string"),
        ('delimiter = ",,"', "delimiter: String should have at most 1 character"),
        ('delimiter = ""', "delimiter: String should have at least 1 character"),
        ("delimiter = '\"'", "delimiter: a quote or a line end cannot stand between values"),
        ('delimiter = "\\n"', "delimiter: a quote or a line end cannot stand between values"),
        ('decimal = "5"', "decimal: a letter, a digit or a sign cannot stand inside an amount"),
        ('thousands = "-"', "thousands: a letter, a digit or a sign cannot stand inside an amount"),
        ('thousands = "."', "decimal and thousands are the same mark"),
        ('date_format = "%d.%m."', "date_format: it does not say year, month and day"),
        ('date_format = "%Q"', "date_format: 'Q' is a bad directive"),
        ('constants.creditor = "a\\u0000"', "constants.creditor: The text holds a character that cannot be stored"),
        ('hold.quarrel = { column = "a", values = ["1"] }', "hold.quarrel"),
        ('hold.dispute = { colum = "a", values = ["1"] }', "hold.dispute.colum: unknown name; did you mean 'column'?"),
        ('hold.dispute = { column = "a", values = "1" }', "hold.dispute.values: Input should be a valid list"),
        ("leave_out.a = [1]", "leave_out.a.0: Input should be a valid string"),
    ],
)
def test_a_mistake_is_named(path: Path, text: str, said: str) -> None:
    assert said in mistakes(path, text)


def test_all_mistakes_are_named_at_once(path: Path) -> None:
    said = mistakes(path, 'decimal = ""\nthousand = "."\n[columns]\ndue = 1\n')
    assert all(f"  {name}: " in said for name in ("decimal", "thousand", "columns.due"))


def test_what_is_no_toml(path: Path) -> None:
    assert "is not TOML" in mistakes(path, "decimal = ,")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        read_mapping(path, cases.COLUMNS)
    with pytest.raises(InputError, match="cannot be read"):
        read_mapping(path.with_name("nothing.toml"), cases.COLUMNS)


def test_payments_know_no_holds(path: Path) -> None:
    assert "payments know no holds" in mistakes(
        path, 'hold.dispute = { column = "disputed", values = ["1"] }', holds=False
    )


# --- amounts ----------------------------------------------------------------------------------------------------------

US, DE, IN, FR, CH = (
    Mapping(thousands=","),
    Mapping(decimal=",", thousands="."),
    Mapping(thousands=","),
    Mapping(decimal=",", thousands=" "),
    Mapping(thousands="'"),
)


@pytest.mark.parametrize(
    ("mapping", "written", "read"),
    [
        (Mapping(), "1234.50", "1234.50"),
        (Mapping(decimal=","), "1234,5", "1234.5"),
        (US, "1,234.50", "1234.50"),
        (US, "1234.50", "1234.50"),
        (US, "12,345,678", "12345678"),
        (IN, "12,34,567.00", "1234567.00"),
        (DE, "1.234.567,89", "1234567.89"),
        (DE, "1234,5", "1234.5"),
        (DE, "1.234", "1234"),
        (FR, "1 234,50", "1234.50"),
        (FR, "1\u00a0234\u202f567,50", "1234567.50"),
        (CH, "1'234.50", "1234.50"),
    ],
)
def test_amounts_with_marks(mapping: Mapping, written: str, read: str) -> None:
    assert mapping.amount(written) == read
    assert mapping.amount(f"-{written}") == f"-{read}"


@pytest.mark.parametrize(
    ("mapping", "written"),
    [
        (Mapping(decimal=","), "12.50"),  # 12.50 read with a decimal comma could be 1250
        (US, "12,50"),
        (US, "0,125"),
        (US, "1,234,5"),
        (US, "1234,567"),
        (US, ",123"),
        (DE, "12.50"),
        (DE, "1.234.56"),
        (DE, "1.234.567.89"),
        (DE, "1,5,0"),
        (FR, "12 50"),
    ],
)
def test_a_misplaced_mark_never_changes_an_amount(mapping: Mapping, written: str) -> None:
    """What is not exactly as the mapping says is either refused at once, or left for the amount's own check."""
    from dunning_cli.domain.money import Money

    with pytest.raises((ValueError, InputError)):
        Money.of(mapping.amount(written), "EUR")


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "written", "read"),
    [
        (None, "2025-01-31", date(2025, 1, 31)),
        ("%d.%m.%Y", "31.01.2025", date(2025, 1, 31)),
        ("%d.%m.%Y", "1.2.2025", date(2025, 2, 1)),
        ("%m/%d/%y", "02/01/25", date(2025, 2, 1)),
        ("%Y%m%d", "20250131", date(2025, 1, 31)),
        ("%Y年%m月%d日", "2025年1月31日", date(2025, 1, 31)),
        ("%Y-%m-%d %H:%M:%S", "2025-01-31 23:59:59", date(2025, 1, 31)),
        ("%d %b %Y", "31 Jan 2025", date(2025, 1, 31)),
    ],
)
def test_dates(form: str | None, written: str, read: date) -> None:
    assert Mapping(date_format=form).date(written) == read


@pytest.mark.parametrize(
    "written",
    ["2025-02-30", "2025-1-31", "20250131", "2025-W05-5", "2025/01/31", "31.01.2025", "2025-01-31T00:00", "0000-00-00"],
)
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no date of the form YYYY-MM-DD"):
        Mapping().date(written)


@pytest.mark.parametrize("written", ["1899-12-31", "3000-01-01", "0001-01-01", "9999-12-31"])
def test_a_date_far_from_any_debt(written: str) -> None:
    with pytest.raises(ValueError, match="is not between 1900 and 2999"):
        Mapping().date(written)


# --- rows -------------------------------------------------------------------------------------------------------------


def test_holds_and_rows_that_are_left_out() -> None:
    mapping = Mapping.model_validate(
        {
            "hold": {
                "dispute": {"column": "disputed", "values": ["1", "yes"]},
                "deceased": {"column": "state", "values": ["D"]},
            },
            "leave_out": {"paid_on": [""], "state": ["X"]},
        }
    )
    assert {*mapping.theirs} == {"disputed", "state", "paid_on"}
    row = {"disputed": " yes ", "state": "D", "paid_on": "2025"}
    assert mapping.hold_of(row) == "dispute", "the first that fits"
    assert mapping.hold_of(row | {"disputed": "no"}) == "deceased"
    assert mapping.hold_of(row | {"disputed": "", "state": ""}) is None
    assert not mapping.leaves_out(row)
    assert mapping.leaves_out(row | {"paid_on": " "})
    assert mapping.leaves_out(row | {"state": "X"})


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_an_example_is_valid(path: Path) -> None:
    of_cases = path.name == "receivables.toml"
    assert read_mapping(path, cases.COLUMNS if of_cases else payments.COLUMNS, holds=of_cases).columns
