"""send-notice on real databases: one notice to a debtor, the guard asked first, the fee with it, nothing by halves."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from dunning_cli.domain.entries import Channel
from dunning_cli.domain.policies import DunningLevel, Mode, Template
from dunning_cli.services.notices import respond_by_of
from tests.builders import a_policy, day
from tests.cli.runner import Dunning
from tests.store.databases import Database

POLICY = """
name = "steps"
grace_days = 0
preset = "sequential"
[contact]
max_days = 900
[[dunning.level]]
after = 5
respond_within_days = 7
[[dunning.level]]
after = 20
channel = "letter"
template = "demand"
fee = "5.00"
[[per_currency]]
currency = "EUR"
level_fees = ["1.00"]
"""
ADD = ("add-case", "--creditor", "Acme", "--due", "2025-01-01", "--policy", "steps")
FIRST = (*ADD, "--debtor", "Wang Fang", "--principal", "100.00", "--reference", "L", "--language", "en")
MORE = (*ADD, "--debtor-id", "1", "--principal", "30.00", "--currency", "EUR", "--reference", "M")
REACHABLE = (
    "edit-debtor",
    "1",
    "--email",
    "w@example.com",
    "--address",
    "1 Long Street",
    "--timezone",
    "Asia/Shanghai",
)
DUE, SENT = "2025-01-06T10:00:00+08:00", "2025-01-07T10:00:00+08:00"


@pytest.fixture
def due(dunning_on: Dunning, tmp_path: Path) -> Dunning:
    """A case whose first level was reached."""
    (tmp_path / "steps.toml").write_text(POLICY, "utf-8")
    dunning_on.ok("policy", "load", str(tmp_path / "steps.toml"))
    dunning_on.ok(*FIRST)
    dunning_on.ok(*REACHABLE)
    dunning_on.ok("check-overdue", now=DUE)
    return dunning_on


def kinds(dunning: Dunning, case: str = "L") -> list[str]:
    return [row["kind"] for row in dunning.ok("timeline", case)]


def test_the_level_is_on_the_case(due: Dunning) -> None:
    assert due.ok("show-case", "L")["level"] == 1
    assert due.ok("list-cases")[0]["level"] == 1


def test_a_notice_is_sent(due: Dunning) -> None:
    done = due.ok("send-notice", "L", now=SENT)
    assert (done["template"], done["channel"], done["respond_by"]) == ("reminder", "email", "2025-01-14")
    (case,) = done["cases"]
    assert (case["case"], case["level"], case["fee"], case["total"]) == (1, 1, None, "100.00")
    assert "Wang Fang" in done["text"]
    assert "100.00 CNY" in done["text"]
    assert "2025-01-14" in done["text"]
    assert kinds(due)[-2:] == ["contact_logged", "notice_sent"]
    contact = due.ok("timeline", "L")[-2]["data"]
    assert (contact["channel"], contact["outcome"], contact["purpose"]) == ("email", "sent", "reminder")
    assert due.ok("show-case", "L", now=SENT)["next_action"] == {"on": "2025-01-21", "what": "notice_due"}
    assert due.fails(4, "send-notice", "L", now=SENT)["code"] == "refused"
    assert due.ok("audit", "verify")["sound"]


def test_the_fee_comes_with_the_notice(due: Dunning) -> None:
    due.ok("send-notice", "L", now=SENT)
    due.ok("check-overdue", now="2025-01-22T10:00:00+08:00")
    done = due.ok("send-notice", "L", now="2025-01-22T11:00:00+08:00")
    assert (done["template"], done["channel"], done["cases"][0]["fee"]) == ("demand", "letter", "5.00")
    assert done["cases"][0]["total"] == "105.00"
    assert "5.00 CNY" in done["text"]
    assert kinds(due)[-3:] == ["contact_logged", "notice_sent", "charge_added"]


def test_one_notice_over_all_cases_of_a_debtor_currencies_apart(due: Dunning) -> None:
    due.ok(*MORE)
    due.ok("check-overdue", now=DUE)
    done = due.ok("send-notice", "--debtor", "1", now=SENT)
    assert [(each["case"], each["currency"], each["fee"], each["total"]) for each in done["cases"]] == [
        (1, "CNY", None, "100.00"),
        (2, "EUR", "1.00", "31.00"),
    ]
    totals = [line for line in done["text"].splitlines() if line.startswith("To be paid in all")]
    assert totals == ["To be paid in all: 100.00 CNY", "To be paid in all: 31.00 EUR"]
    assert kinds(due, "L")[-2:] == ["contact_logged", "notice_sent"]
    assert kinds(due, "M")[-2:] == ["notice_sent", "charge_added"]  # one letter is one contact
    assert due.ok("timeline", "L")[-2]["data"]["about"] == [2]
    assert due.ok("timeline", "M")[-2]["data"]["contact_in"] == 1


def test_a_case_alone_leaves_the_others(due: Dunning) -> None:
    due.ok(*MORE)
    due.ok("check-overdue", now=DUE)
    assert [each["case"] for each in due.ok("send-notice", "M", now=SENT)["cases"]] == [2]
    assert [each["case"] for each in due.ok("send-notice", "--debtor", "1", now=SENT)["cases"]] == [1]


def test_the_law_is_asked_first(due: Dunning) -> None:
    due.ok("log-fact", "L", "cease_notice", "--received", "2025-01-06")
    dry = due.fails(5, "send-notice", "L", "--dry-run", now=SENT)
    assert dry["code"] == "contact_refused"
    before = kinds(due)
    refused = due.fails(5, "send-notice", "L", "--out", "letter.txt", now=SENT)
    assert refused["answer"] == "blocked"
    assert kinds(due) == [*before, "contact_refused"]
    assert not Path("letter.txt").exists()


def test_a_dry_run_writes_nothing(due: Dunning) -> None:
    before = kinds(due)
    done = due.ok("send-notice", "L", "--dry-run", now=SENT)
    assert done["dry_run"]
    assert kinds(due) == before
    assert due.ok("send-notice", "L", now=SENT)["text"] == done["text"]


def test_the_same_key_sends_once_and_answers_the_same(due: Dunning) -> None:
    once = due.ok("send-notice", "L", "--key", "k", now=SENT)
    before = kinds(due)
    due.ok("edit-debtor", "1", "--email", "other@example.com")
    due.ok("record-payment", "L", "40.00", now=SENT)
    assert due.ok("send-notice", "L", "--key", "k", now="2025-01-09T10:00:00+08:00") == once
    assert [kind for kind in kinds(due) if kind == "notice_sent"] == ["notice_sent"]
    assert len(kinds(due)) == len(before) + 1


def test_in_the_language_of_the_debtor(due: Dunning) -> None:
    due.ok("edit-debtor", "1", "--language", "zh")
    text = due.ok("send-notice", "L", now=SENT)["text"]
    assert "100.00 CNY" in text
    assert "Dear" not in text
    assert "Acme" in text


@pytest.mark.parametrize("name", ["Hans\x1b[31m", "a\u202eb", "x\ny", "[red]M[/red]", "=1+1", "<b>&amp;"])
def test_hostile_names_steer_nothing(due: Dunning, name: str) -> None:
    due.ok("edit-debtor", "1", "--name", name)
    text = due.ok("send-notice", "L", now=SENT)["text"]
    assert all(each == "\n" or unicodedata.category(each)[0] != "C" for each in text)
    first, second = text.splitlines()[:2]
    assert second == "w@example.com"
    assert [each for each in first if each.isalnum()] == [each for each in name if each.isalnum()]


def test_without_an_address_it_says_what_to_do(due: Dunning) -> None:
    due.ok("edit-debtor", "1", "--invalid", "w@example.com")
    error = due.fails(4, "send-notice", "L", now=SENT)
    assert "edit-debtor" in error["hint"]
    assert due.ok("send-notice", "L", "--channel", "letter", now=SENT)["channel"] == "letter"


@pytest.mark.parametrize("words", [(), ("L", "--debtor", "1")])
def test_whose_notice_it_is_must_be_plain(due: Dunning, words: tuple[str, ...]) -> None:
    due.fails(2, "send-notice", *words, now=SENT)


def test_nothing_is_due_for_a_debtor(due: Dunning) -> None:
    due.ok("send-notice", "L", now=SENT)
    assert "show-debtor" in due.fails(4, "send-notice", "--debtor", "1", now=SENT)["hint"]
    due.fails(3, "send-notice", "--debtor", "99", now=SENT)


def test_to_a_new_file_only(due: Dunning, tmp_path: Path) -> None:
    there = tmp_path / "there.txt"
    there.write_text("mine", "utf-8")
    before = kinds(due)
    due.fails(6, "send-notice", "L", "--out", str(there), now=SENT)
    due.fails(6, "send-notice", "L", "--out", str(tmp_path / "no" / "folder.txt"), now=SENT)
    assert (kinds(due), there.read_text("utf-8")) == (before, "mine")
    out = tmp_path / "letter.txt"
    done = due.ok("send-notice", "L", "--out", str(out), now=SENT)
    assert out.read_text("utf-8") == done["text"]


@pytest.mark.parametrize(
    ("place", "sent", "days", "last"),
    [
        pytest.param("", "2025-04-16", 5, "2025-04-21", id="calendar-days"),
        pytest.param("DE", "2025-04-16", 5, "2025-04-25", id="over-easter"),
        pytest.param("DE", "2025-04-16", 1, "2025-04-17", id="the-next-day"),
        pytest.param("CN", "2025-01-26", 2, "2025-02-05", id="over-new-year"),
        pytest.param("DE", "2025-04-16", 0, None, id="none"),
    ],
)
def test_the_time_to_respond(place: str, sent: str, days: int, last: str | None) -> None:
    """Germany 2025: Good Friday is 18 April, Easter Monday the 21st. China 2025: the holidays are 28 January to 4
    February, so that after Sunday, 26 January, Monday the 27th is the first working day and 5 February the second."""
    level = DunningLevel(1, 5, Mode.NET, Channel.LETTER, Template.DEMAND, days)
    found = respond_by_of(a_policy(working_days=place), level, day(sent))
    assert (found and found.isoformat()) == last


def test_levels_of_a_database_are_those_of_its_journals(due: Dunning, database: Database) -> None:
    due.ok("send-notice", "L", now=SENT)
    assert database.sql("SELECT count(*) FROM cases WHERE state LIKE '%notices%'") == [(1,)]
