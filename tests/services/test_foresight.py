"""check-overdue --explain and --until: what would happen, with nothing written, and what then does happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Dunning
from tests.store.databases import Database

ADD = ("add-case", "--creditor", "Acme", "--principal", "100.00", "--due", "2024-12-01")
PROMISE = ("propose-plan", "B", "--installments", "1", "--first", "2025-01-10")


@pytest.fixture
def book(dunning_on: Dunning) -> Dunning:
    """A case in contact, one with a promise, one on hold for good."""
    for ref in "ABC":
        dunning_on.ok(*ADD, "--debtor", f"D {ref}", "--reference", ref)
    dunning_on.ok("log-contact", "B", "--channel", "call", "--outcome", "conversation")
    dunning_on.ok(*PROMISE)
    dunning_on.ok("accept-plan", "B")
    dunning_on.ok("hold-case", "C", "--reason", "dispute")
    return dunning_on


def test_one_case_day_by_day(book: Dunning, database: Database) -> None:
    before = database.dump()
    found = book.ok("check-overdue", "--explain", "B")
    assert (found["from"], found["until"], found["policy"]) == ("2025-01-06", "2025-04-06", "default@0")
    assert [(day["on"], [e["kind"] for e in day["entries"]], day["stage"]) for day in found["days"]] == [
        ("2025-01-14", ["installment_missed", "plan_broken", "stage_moved"], "negotiation"),
        ("2025-02-28", ["escalation_due"], "negotiation"),
    ]
    assert found["days"][1]["entries"][0]["data"]["rule"] == "negotiation.max_days"
    assert database.dump() == before


@pytest.mark.parametrize(("days", "seen"), [("0", 0), ("7", 0), ("8", 1)])
def test_so_many_days(book: Dunning, days: str, seen: int) -> None:
    assert len(book.ok("check-overdue", "--explain", "B", "--days", days)["days"]) == seen


def test_a_case_of_which_nothing_is_to_come(book: Dunning) -> None:
    found = book.ok("check-overdue", "--explain", "C")
    assert (found["days"], found["next_action"]) == ([], None)


def test_the_whole_book_by_day(book: Dunning, database: Database) -> None:
    before = database.dump()
    seen = book.ok("check-overdue", "--until", "2025-03-31")
    assert [(day["on"], day["changed"], day["entries"]) for day in seen["days"]] == [
        ("2025-01-14", 1, {"installment_missed": 1, "plan_broken": 1, "stage_moved": 1}),
        ("2025-02-28", 1, {"escalation_due": 1}),
        ("2025-03-07", 1, {"escalation_due": 1}),
    ]
    assert seen["days"][0]["moved"] == {"monitoring>negotiation": 1}
    assert (seen["cases"], seen["failed"]) == (2, [])
    assert database.dump() == before
    done = book.ok("check-overdue", now="2025-01-14T12:00:00+08:00")
    assert done["entries"] == seen["days"][0]["entries"]


def test_a_new_policy_counts_from_the_first_night(book: Dunning, tmp_path: Path) -> None:
    """The row of case A was worked out under the old one: its day is found all the same."""
    (tmp_path / "p.toml").write_text('name = "default"\n[contact]\nmax_days = 9\n', "utf-8")
    book.ok("policy", "load", str(tmp_path / "p.toml"))
    seen = book.ok("check-overdue", "--until", "2025-01-16")
    assert [day["on"] for day in seen["days"]] == ["2025-01-06", "2025-01-14", "2025-01-15"]
    assert {*seen["days"][0]["entries"]} == {"policy_changed"}, "tonight each says that it follows the new one"


@pytest.mark.breaks_the_journal
def test_a_case_that_fails_is_listed_and_the_others_go_on(book: Dunning, database: Database) -> None:
    database.sql(
        "UPDATE cases SET policy = 'gone', state = replace(state, '\"default\"', '\"gone\"') WHERE case_id = 1"
    )
    answer = book("check-overdue", "--until", "2025-03-31", "--json")
    assert answer.code == 9
    assert [each["case"] for each in answer.json["failed"]] == [1]
    assert len(answer.json["days"]) == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ("--explain", "A", "--until", "2025-03-01")),
        (2, ("--until", "2025-03-01", "--as-of", "2025-02-01")),
        (2, ("--explain", "A", "--limit", "5")),
        (2, ("--days", "5")),
        (2, ("--until", "2025-03-01", "--days", "5")),
        (2, ("--until", "2025-01-05")),
        (3, ("--explain", "nowhere")),
    ],
)
def test_what_does_not_go_together(book: Dunning, code: int, words: tuple[str, ...]) -> None:
    book.fails(code, "check-overdue", *words)
