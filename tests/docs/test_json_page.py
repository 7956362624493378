"""docs/json.md names every field that a command answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain import review
from tests.cli.runner import Dunning

from .sessions import ROOT


def named(name: str) -> set[str]:
    """The words that a page of the manual sets in code, outside its console blocks."""
    prose = re.sub(r"^```.*?^```$", "", (ROOT / "docs" / name).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([^`]+)`", prose))


NAMED = named("json.md")

OPEN = (
    "add-case --debtor Ann --creditor Bank --principal 900 --due 2024-12-20 --reference A --phone 13800138000",
    "log-contact A --channel call --outcome conversation --willingness high --ability low --reason lost_job",
    "propose-plan A --installments 3 --first 2025-01-31",
)
OTHER = "add-case --debtor A --creditor C --principal 9 --due 2024-12-20 --reference LOAN-7"
ANSWERS = {
    "a case": "show-case A",
    "a case on hold": "hold-case A --reason dispute",
    "a change": "accept-plan A",
    "a list": "list-cases",
    "a worklist": "worklist --all",
    "what was learned": "worklist --learn",
    "debtors given back": "worklist --release",
    "a payment": "record-payment A 100",
    "a debtor": "show-debtor 1",
    "an import of cases": "import-cases cases.csv --on-error skip",
    "an import of payments": "import-payments payments.csv statement.sta",
    "lines that wait": "list-unmatched",
    "the days of a case": "deadlines A",
    "the next days of all cases": "deadlines",
    "what is kept": "retention A",
    "a run": "check-overdue --dry-run --as-of 2025-01-21",
    "the versions of policies": "policy list",
    "a check of the journals": "audit verify",
    "heads": "audit head",
    "a database": "db status",
    "the demo": "demo lost-job",
    "a simulated year": "demo --year --cases 8",
}
INNER = {
    "entries",
    "moved",
    "data",
    "args",
    "stages",
    "outcomes",
    "by_stage",
}  # their keys are kinds, stages and words of other pages


@pytest.fixture
def answered(dunning: Dunning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """The JSON answer to a command on a case in negotiation with an open proposal."""
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text("reference,debtor,creditor,principal,due\nB,Ann,Bank,x,2024-12-01\n", "utf-8")
    Path("payments.csv").write_text("date,amount,reference\n2025-01-02,5,A\n", "utf-8")
    entries = "".join(f":61:250102C5,NTRFNONREF//{n}\n:86:{n}\n" for n in ("A", "LOAN-7"))
    Path("statement.sta").write_text(f":20:X\n:25:1\n:60F:C250101CNY0,\n{entries}:62F:C250102CNY0,\n", "utf-8")
    Path("waits.csv").write_text("date,amount,payer\n2025-01-02,5,Ann\n", "utf-8")
    for line in OPEN:
        assert dunning(*line.split()).code == 0
    assert dunning("import-payments", "waits.csv").code == 0
    assert dunning(*OTHER.split()).code == 0

    def answer(line: str) -> Any:
        return json.loads(dunning(*line.split(), "--json").out)

    return answer


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in INNER or isinstance(inner, int):
                yield from keys_of(inner)
    if isinstance(value, list):
        for each in value:
            yield from keys_of(each)


@pytest.mark.parametrize("line", ANSWERS.values(), ids=ANSWERS)
def test_every_field_is_named(answered: Callable[[str], Any], line: str) -> None:
    assert set(keys_of(answered(line))) - NAMED == set()


def test_every_field_of_a_timeline_is_named(answered: Callable[[str], Any]) -> None:
    assert {key for row in answered("timeline A") for key in row} - NAMED == set()


def test_the_moves_are_named(answered: Callable[[str], Any]) -> None:
    found = answered("stages")
    assert {*found, *found["moves"][0]} - NAMED == set()


def test_every_next_action_is_explained() -> None:
    source = Path(review.__file__).read_text("utf-8")
    words = set(re.findall(r'(?:NextAction|_day_after)\(.*"(\w+)"\)', source)) | {"escalate", "escalation_due"}
    assert len(words) > 7
    assert words - named("nightly-run.md") == set()
