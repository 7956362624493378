"""Two records of one person, on real databases: what is asked for either counts for both, until it is undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.errors import DunningError
from dunning_cli.services.merging import merge_debtors
from tests.cli.runner import Dunning
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case

NOW = "2026-03-10T12:00:00-04:00"
US = ("--currency", "USD", "--jurisdiction", "us-federal", "--debt-type", "credit_card", "--due", "2025-12-20")


def a_case(dunning: Dunning, ref: str, debtor: str, *more: str) -> None:
    words = ("add-case", "--debtor", debtor, "--creditor", "Bank", "--principal", "100.00", "--reference", ref)
    dunning.ok(*words, *US, *more, now=NOW)


def two(dunning: Dunning) -> None:
    """Ann Lee owes K (debtor 1), Anna Li owes G (debtor 2)."""
    a_case(dunning, "K", "Ann Lee", "--phone", "+1 212 555 0100", "--timezone", "America/New_York")
    a_case(
        dunning, "G", "Anna Li", "--phone", "+1 213 555 0101", "--timezone", "America/Los_Angeles", "--language", "zh"
    )


def merged(dunning: Dunning) -> Any:
    two(dunning)
    return dunning.ok("merge-debtors", "1", "2", "--why", "one ID card", now=NOW)


def test_a_person_is_shown_alike_whichever_record_is_asked_for(dunning_on: Dunning) -> None:
    answer = merged(dunning_on)
    assert answer == {"kept": 1, "gone": [2], "split": False, "cases": [1, 2], "held": [], "released": []}
    shown = dunning_on.ok("show-debtor", "1", "--reveal", now=NOW)
    assert dunning_on.ok("show-debtor", "2", "--reveal", now=NOW) == shown
    assert (shown["id"], shown["name"], shown["language"], shown["merged"]) == (1, "Ann Lee", "zh", [2])
    assert shown["phones"] == ["+1 212 555 0100", "+1 213 555 0101"]
    assert shown["timezones"] == ["America/New_York", "America/Los_Angeles"]
    assert [case["case"] for case in shown["cases"]] == [1, 2]
    case = dunning_on.ok("show-case", "G", now=NOW)
    assert (case["debtor"]["id"], case["debtor"]["name"]) == (1, "Ann Lee")
    assert case["entries"] == 1  # its journal did not change
    as_of = dunning_on.ok("show-case", "G", "--as-of", "2026-03-10", now=NOW)
    assert as_of["debtor"] == case["debtor"]


@pytest.mark.parametrize("name", ["Ann", "Anna", "ann lee", "ANNA LI"])
@pytest.mark.parametrize("as_of", [(), ("--as-of", "2026-03-10")])
def test_cases_are_listed_by_either_name(dunning_on: Dunning, name: str, as_of: tuple[str, ...]) -> None:
    merged(dunning_on)
    a_case(dunning_on, "X", "Bo")
    found = dunning_on.ok("list-cases", "--debtor", name, *as_of, now=NOW)
    assert sorted(case["case"] for case in found) == [1, 2]
    assert {case["debtor"]["name"] for case in found} == {"Ann Lee"}
    dunning_on.ok("split-debtor", "2", now=NOW)
    found = dunning_on.ok("list-cases", "--debtor", "Anna", *as_of, now=NOW)
    assert [(case["case"], case["debtor"]["name"]) for case in found] == [(2, "Anna Li")]


def rules_against(dunning: Dunning, ref: str, at: str) -> set[str]:
    answer = dunning("check-contact", ref, "--channel", "call", "--at", at, "--json", now=NOW)
    return {each["rule"] for each in answer.json["findings"] if each["severity"] != "warn"}


def test_hours_must_be_lawful_in_the_zones_of_both(dunning_on: Dunning) -> None:
    two(dunning_on)
    early, late = "2026-03-11T09:00:00-04:00", "2026-03-11T23:00:00-04:00"  # 6 and 20 in Los Angeles
    assert [rules_against(dunning_on, "K", at) for at in (early, late)] == [set(), {"us.hours"}]
    assert [rules_against(dunning_on, "G", at) for at in (early, late)] == [{"us.hours"}, set()]
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    for ref in ("K", "G"):
        assert [rules_against(dunning_on, ref, at) for at in (early, late)] == [{"us.hours"}, {"us.hours"}]


def test_facts_of_both_hold_and_end_where_they_were_written(dunning_on: Dunning) -> None:
    two(dunning_on)
    dunning_on.ok("log-fact", "G", "cease_notice", "--received", "2026-03-09", "--all-cases", now=NOW)
    noon = "2026-03-11T14:00:00-04:00"
    assert not rules_against(dunning_on, "K", noon)
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    assert rules_against(dunning_on, "K", noon)
    (fact,) = dunning_on.ok("show-case", "K", now=NOW)["facts"]
    assert (fact["fact"], fact["record"]) == ("cease_notice", 2)
    before = len(dunning_on.ok("show-debtor", "1", now=NOW)["facts"])
    dunning_on.ok("log-fact", "G", "cease_notice", "--received", "2026-03-10", "--all-cases", now=NOW)
    facts = dunning_on.ok("show-debtor", "1", now=NOW)["facts"]
    assert [(each["seq"], each["record"]) for each in facts] == [(5, None), (4, 2)]
    assert before == 1
    assert "5, 2:4" in dunning_on.fails(2, "end-fact", "K", "cease_notice", now=NOW)["message"]
    for number in ("2:4", "5"):
        assert rules_against(dunning_on, "G", noon)
        dunning_on.ok("end-fact", "K", number, now=NOW)
    assert not rules_against(dunning_on, "G", noon)


def test_the_log_of_contacts_counts_over_both(dunning_on: Dunning) -> None:
    """Seven calls about both debts within seven days: no more, about either, while they are one person's."""
    two(dunning_on)
    call = ("log-contact", "K", "--channel", "call", "--outcome", "no_answer", "--about", "G")
    error = dunning_on.fails(6, *call, now=NOW)
    assert "another debtor" in error["message"]
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    for hour in range(7):
        dunning_on.ok(*call, "--at", f"2026-03-09T{12 + hour}:00:00-04:00", now=NOW)
    assert "us.calls_7_in_7" in rules_against(dunning_on, "G", "2026-03-11T14:00:00-04:00")
    callable_now = ("list-cases", "--callable-now", "--channel", "call")
    assert dunning_on.ok(*callable_now, now="2026-03-11T14:00:00-04:00") == []
    dunning_on.ok("split-debtor", "2", now=NOW)
    assert [c["case"] for c in dunning_on.ok(*callable_now, now="2026-03-11T14:00:00-04:00")] == [2]


def test_holds_follow_the_person(dunning_on: Dunning) -> None:
    two(dunning_on)
    dunning_on.ok("log-fact", "G", "bankruptcy", now=NOW)
    assert [dunning_on.ok("show-case", ref)["status"] for ref in ("K", "G")] == ["open", "on_hold"]
    assert dunning_on.ok("merge-debtors", "1", "2", now=NOW)["held"] == [1]
    assert dunning_on.ok("show-case", "K")["hold"]["reason"] == "insolvency"
    answer = dunning_on.ok("split-debtor", "2", now=NOW)
    assert (answer["held"], answer["released"]) == ([], [1])
    assert [dunning_on.ok("show-case", ref)["status"] for ref in ("K", "G")] == ["open", "on_hold"]
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    assert dunning_on.ok("end-fact", "K", "bankruptcy", now=NOW)["released"] == [1, 2]


def test_a_hold_that_was_ended_by_hand_does_not_come_back(dunning_on: Dunning) -> None:
    two(dunning_on)
    dunning_on.ok("log-fact", "K", "bankruptcy", now=NOW)
    dunning_on.ok("release-case", "K", now=NOW)
    assert dunning_on.ok("merge-debtors", "1", "2", now=NOW)["held"] == [2]
    assert dunning_on.ok("show-case", "K")["status"] == "open"


def test_a_new_fact_is_about_the_cases_of_both(dunning_on: Dunning) -> None:
    merged(dunning_on)
    assert dunning_on.ok("log-fact", "G", "bankruptcy", now=NOW)["held"] == [1, 2]
    # Written to the record that was kept: split, it is no fact of the other one, and holds that one's case no longer.
    assert dunning_on.ok("split-debtor", "2", now=NOW)["released"] == [2]
    assert dunning_on.ok("show-debtor", "2", now=NOW)["facts"] == []


def test_the_creditor_s_key_leads_to_the_record_that_was_kept(dunning_on: Dunning, tmp_path: Path) -> None:
    a_case(dunning_on, "K", "Ann Lee")
    a_case(dunning_on, "G", "Anna Li", "--debtor-ref", "C-9")
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    a_case(dunning_on, "N", "Anna Li", "--debtor-ref", "C-9")
    rows = "reference,debtor,creditor,principal,due,currency,debtor_ref\nI,Anna Li,Bank,5.00,2025-12-20,USD,C-9\n"
    (tmp_path / "new.csv").write_text(rows)
    dunning_on.ok("import-cases", str(tmp_path / "new.csv"), now=NOW)
    words = ("add-case", "--debtor-id", "2", "--creditor", "Bank", "--principal", "1.00", "--reference", "D")
    dunning_on.ok(*words, *US, now=NOW)
    assert [case["reference"] for case in dunning_on.ok("show-debtor", "2", now=NOW)["cases"]] == list("KGNID")
    dunning_on.ok("split-debtor", "2", now=NOW)
    assert [case["reference"] for case in dunning_on.ok("show-debtor", "2", now=NOW)["cases"]] == ["G"]


def test_a_payer_known_by_either_record_is_one_payer(dunning_on: Dunning, tmp_path: Path) -> None:
    """Before, the account has paid for two debtors; as one person with one case of that amount it is clear."""
    a_case(dunning_on, "K", "Ann Lee")
    a_case(dunning_on, "G", "Ann Lee")
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    file = tmp_path / "money.csv"
    file.write_text("date,amount,currency,payer\n2026-03-09,40.00,USD,Ann Lee\n2026-03-09,100.00,USD,Ann Lee\n")
    assert dunning_on.ok("import-payments", str(file), now=NOW)["matched"] == 0
    (first, second) = dunning_on.ok("list-unmatched", now=NOW)
    assert {s["case"] for s in first["suggestions"]} == {s["case"] for s in second["suggestions"]} == {1, 2}
    dunning_on.ok("close-case", "K", "--as", "withdrawn", now=NOW)
    file.write_text("date,amount,currency,payer\n2026-03-08,100.00,USD,Ann Lee\n")
    assert dunning_on.ok("import-payments", str(file), now=NOW)["matched"] == 1
    assert dunning_on.ok("show-case", "G")["outcome"] == "paid"


def test_money_paid_beyond_one_case_counts_for_the_other(dunning_on: Dunning) -> None:
    two(dunning_on)
    dunning_on.ok("record-payment", "K", "130.00", "--on", "2026-03-09", now=NOW)
    dunning_on.fails(4, "refund", "K", "--to", "G", now=NOW)
    dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    dunning_on.ok("refund", "K", "--to", "G", now=NOW)
    assert dunning_on.ok("show-case", "G", now=NOW)["balance"]["total"] == "70.00"


def test_details_are_written_to_the_kept_record_and_mended_where_they_stand(dunning_on: Dunning) -> None:
    merged(dunning_on)
    error = dunning_on.fails(4, "edit-debtor", "2", "--email", "ann@example.com", now=NOW)
    assert (error["code"], error["message"]) == ("merged_debtor", "Debtor 2 was merged into debtor 1.")
    words = ("edit-debtor", "1", "--email", "ann@example.com", "--invalid", "2:2", "--invalid", "+1 212 555 0100")
    shown = dunning_on.ok(*words, "--key", "K-1", now=NOW)
    assert (shown["phones"], shown["emails"]) == ([], ["a***@example.com"])
    assert [(d["record"], d["seq"]) for d in shown["details"] if not d["valid"]] == [(None, 2), (2, 2)]
    dunning_on.ok("edit-debtor", "1", "--name", "Ann L.", now=NOW)
    assert dunning_on.ok(*words, "--key", "K-1", now="2026-04-01") == shown


def test_a_merged_person_s_answer_under_a_key_is_the_same_later(dunning_on: Dunning) -> None:
    merged(dunning_on)
    words = ("note", "G", "Called back", "--key", "K-1", "--json")
    first = dunning_on(*words, now=NOW).out
    fact = ("log-fact", "G", "cease_notice", "--received", "2026-03-09", "--key", "K-2")
    said = dunning_on.ok(*fact, now=NOW)
    dunning_on.ok("edit-debtor", "1", "--name", "Other", "--phone", "+1 212 555 0199", now=NOW)
    dunning_on.ok("split-debtor", "2", now=NOW)
    assert dunning_on(*words, now="2026-04-01").out == first
    again = dunning_on.ok(*fact, now=NOW)
    assert {name: again[name] for name in ("debtor", "case", "seq", "record", "held")} == {
        name: said[name] for name in ("debtor", "case", "seq", "record", "held")
    }


def test_a_chain_counts_as_one_person(dunning_on: Dunning) -> None:
    two(dunning_on)
    a_case(dunning_on, "T", "A. Lee")
    dunning_on.ok("merge-debtors", "2", "3", now=NOW)
    answer = dunning_on.ok("merge-debtors", "1", "2", now=NOW)
    assert (answer["gone"], answer["cases"]) == ([2, 3], [1, 2, 3])
    for number in ("1", "2", "3"):
        assert len(dunning_on.ok("show-debtor", number, now=NOW)["cases"]) == 3
    assert len(dunning_on.ok("list-cases", "--debtor", "A. Lee", now=NOW)) == 3
    answer = dunning_on.ok("split-debtor", "2", now=NOW)
    assert (answer["kept"], answer["gone"]) == (1, [2, 3])
    assert len(dunning_on.ok("show-debtor", "3", now=NOW)["cases"]) == 2


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(2, ("merge-debtors", "1", "1"), id="into-itself"),
        pytest.param(3, ("merge-debtors", "1", "9"), id="nobody"),
        pytest.param(3, ("merge-debtors", "9" * 30, "1"), id="no-number-of-ours"),
        pytest.param(4, ("merge-debtors", "1", "2"), id="twice"),
        pytest.param(4, ("merge-debtors", "2", "1"), id="in-a-circle"),
        pytest.param(4, ("merge-debtors", "2", "3"), id="into-one-that-is-gone"),
        pytest.param(4, ("merge-debtors", "3", "2"), id="one-that-is-gone-elsewhere"),
        pytest.param(4, ("split-debtor", "1"), id="split-the-kept-one"),
        pytest.param(4, ("split-debtor", "3"), id="split-one-that-stands-alone"),
        pytest.param(3, ("split-debtor", "9"), id="split-nobody"),
    ],
)
def test_what_is_refused_writes_nothing(
    dunning_on: Dunning, database: Database, code: int, words: tuple[str, ...]
) -> None:
    merged(dunning_on)
    a_case(dunning_on, "X", "Bo")
    before = database.dump()
    dunning_on.fails(code, *words)
    assert database.dump() == before


def test_a_merged_party_is_one_party(dunning_on: Dunning) -> None:
    two(dunning_on)
    dunning_on.ok("add-party", "K", "--role", "guarantor", "--name", "Cy", "--timezone", "America/New_York", now=NOW)
    dunning_on.ok("add-party", "K", "--role", "guarantor", "--name", "Cyrus", now=NOW)
    dunning_on.ok("merge-debtors", "4", "3", now=NOW)
    (party,) = dunning_on.ok("show-case", "K", now=NOW)["parties"]
    assert (party["person"], party["name"], party["timezones"]) == (4, "Cyrus", ["America/New_York"])
    answer = dunning_on.ok(
        "log-contact", "K", "--channel", "call", "--outcome", "busy", "--party", "guarantor", now=NOW
    )
    assert answer["findings"] == []
    assert dunning_on.ok("timeline", "K")[-1]["data"]["party"] == "guarantor:4"
    dunning_on.ok("end-party", "K", "3", now=NOW)
    assert [p["ended"] for p in dunning_on.ok("show-case", "K", now=NOW)["parties"]] == ["2026-03-11"]


def test_two_who_merge_the_same_records_at_once(database: Database) -> None:
    """One of them is first; the other finds that it is done, or a circle, and is refused."""
    for name in ("Ann", "Anna", "A."):
        a_filed_case(a_desk(database), name=name)

    def merge(pair: tuple[int, int]) -> bool:
        try:
            merge_debtors(a_desk(database, store=database.store()), *pair)
        except DunningError:
            return False
        return True

    with ThreadPoolExecutor(4) as hands:
        done = list(hands.map(merge, [(1, 2), (2, 1), (1, 2), (2, 3)]))
    assert sum(done[:3]) == 1 or (sum(done[:3]) == 0 and done[3])
