"""check-contact, log-contact --planned and --override, log-fact, end-fact, list-cases --callable-now.

Which contact each pack allows is tried in tests/rules and tests/services; here the file of a debtor is told to the
guard as it is: all their cases, their log, their facts, their zones.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.runner import Dunning

CHICAGO = "America/Chicago"
NOON = "2026-02-09T12:00:00-06:00"  # a Monday


def day(number: int, hour: int = 12) -> str:
    """An hour of a day in February 2026, in Chicago."""
    return f"2026-02-{number:02}T{hour:02}:00:00-06:00"


def add(dunning: Dunning, ref: str, *more: str, phone: str | None = "+1 312 555 0100") -> Any:
    dunning.env |= {"DUNNING_TIMEZONE": CHICAGO, "DUNNING_NOW": NOON}
    reach = ("--phone", phone) if phone else ()
    words = ("--creditor", "Clinic", "--principal", "900.00", "--currency", "USD", "--due", "2025-11-01")
    kind = () if "--jurisdiction" in more else ("--jurisdiction", "us-federal", "--debt-type", "medical")
    who = () if "--debtor-id" in more else ("--debtor", "Ann Lee")
    return dunning.ok("add-case", *who, *words, *kind, "--reference", ref, *reach, *more)


def check(dunning: Dunning, *words: str, ref: str = "M-1", channel: str = "call") -> Any:
    answer = dunning("check-contact", ref, "--channel", channel, *words, "--json")
    assert answer.err == ""
    assert answer.code == (0 if answer.json["answer"] == "allowed" else 5)
    return answer.json


def rules(answer: Any) -> list[str]:
    return [each["rule"] for each in answer["findings"]]


def call(dunning: Dunning, when: str, *words: str, ref: str = "M-1", outcome: str = "conversation") -> Any:
    return dunning.ok("log-contact", ref, "--channel", "call", "--outcome", outcome, "--at", when, *words, now=when)


# --- what the guard is told -------------------------------------------------------------------------------------------


def test_a_conversation_closes_the_telephone_for_a_week(dunning: Dunning) -> None:
    """12 CFR 1006.14(b)(2)(i)(B): seven consecutive days, that of the conversation being the first."""
    add(dunning, "M-1")
    assert check(dunning, "--at", day(9, 11))["answer"] == "allowed"
    call(dunning, day(9))
    for number in (10, 15):
        found = check(dunning, "--at", day(number))
        assert rules(found) == ["us.after_conversation"]
        assert found["allowed_from"] == day(16, 8)
    assert check(dunning, "--at", day(16))["answer"] == "allowed"
    assert check(dunning, "--at", day(10), "--said", "has_opt_out_notice=true", channel="text")["answer"] == "allowed"


def test_a_debt_has_its_own_week(dunning: Dunning) -> None:
    """The count is a debt's; what was about both counts for both."""
    add(dunning, "M-1")
    add(dunning, "M-2", "--debtor-id", "1")
    call(dunning, day(9))
    assert check(dunning, "--at", day(11), ref="M-2")["answer"] == "allowed"
    call(dunning, day(11), "--about", "M-1", ref="M-2")
    assert check(dunning, "--at", day(17), ref="M-1")["allowed_from"] == day(18, 8)
    assert check(dunning, "--at", day(11), "--about", "M-1", ref="M-2")["answer"] == "blocked"


def test_the_log_of_all_the_debtors_cases_counts(dunning: Dunning) -> None:
    """Seven attempts in seven days about a debt are logged on another case of theirs."""
    add(dunning, "M-1")
    add(dunning, "M-2", "--debtor-id", "1")
    for hour in range(9, 16):
        call(dunning, day(9, hour), "--about", "M-1", ref="M-2", outcome="no_answer")
    assert "us.calls_7_in_7" in rules(check(dunning, "--at", day(11)))


def test_a_voided_contact_never_happened(dunning: Dunning) -> None:
    add(dunning, "M-1")
    call(dunning, day(9))
    assert check(dunning, "--at", day(10))["answer"] == "blocked"
    dunning.ok("void", "M-1", "2", "--why", "another debtor", now=day(10))
    assert check(dunning, "--at", day(10))["answer"] == "allowed"


def test_another_debtors_case_is_no_case_of_this_contact(dunning: Dunning) -> None:
    add(dunning, "M-1")
    add(dunning, "X-1", "--debtor", "Bob")
    error = dunning.fails(6, "check-contact", "M-1", "--channel", "call", "--about", "X-1")
    assert error["message"] == "Case 2 is against another debtor than case 1."


@pytest.mark.parametrize(
    ("phone", "more", "hour", "answer"),
    [
        pytest.param("+1 312 555 0100", (), 8, "allowed", id="chicago-at-eight"),
        pytest.param("+1 312 555 0100", (), 7, "blocked", id="chicago-at-seven"),
        pytest.param("+1 415 555 0100", (), 8, "blocked", id="a-number-of-san-francisco-at-six-there"),
        pytest.param("+1 312 555 0100", ("--timezone", "America/Los_Angeles"), 9, "blocked", id="both-must-agree"),
        pytest.param("+1 312 555 0100", ("--timezone", "America/Los_Angeles"), 10, "allowed", id="both-agree"),
        pytest.param(None, ("--timezone", CHICAGO), 8, "allowed", id="the-zone-that-was-given"),
        pytest.param("312 555 0100", ("--timezone", CHICAGO), 8, "allowed", id="a-number-without-its-country"),
    ],
)
def test_hours_are_the_debtors(
    dunning: Dunning, phone: str | None, more: tuple[str, ...], hour: int, answer: str
) -> None:
    add(dunning, "M-1", *more, phone=phone)
    assert check(dunning, "--at", day(10, hour))["answer"] == answer


def test_what_is_missing_blocks_and_is_named(dunning: Dunning) -> None:
    add(dunning, "M-1", phone=None)
    found = check(dunning)
    assert (found["answer"], found["allowed_from"]) == ("blocked", None)
    assert [each["missing"] for each in found["findings"]] == [["debtor_timezones"]]
    said = dunning("check-contact", "M-1", "--channel", "call").out
    assert "dunning edit-debtor 1 --timezone ZONE" in said
    dunning.ok("edit-debtor", "1", "--timezone", CHICAGO)
    assert check(dunning)["answer"] == "allowed"


def test_a_plan_that_is_kept_stands_against_collecting(dunning: Dunning) -> None:
    """China: while an agreed plan performs, the debtor is not to be dunned; once broken, they may be."""
    add(dunning, "M-1", "--jurisdiction", "cn", "--debt-type", "credit_card", "--timezone", CHICAGO)
    call(dunning, day(9))
    dunning.ok("propose-plan", "M-1", "--installments", "2", "--first", "2026-02-12", now=day(9))
    dunning.ok("accept-plan", "M-1", now=day(9))
    assert any("plan" in rule for rule in rules(check(dunning, "--at", day(10), channel="letter")))
    dunning.ok("check-overdue", now="2026-04-01T03:00:00-06:00")
    later = check(dunning, "--at", "2026-04-01T12:00:00-06:00", channel="letter")
    assert not any("plan" in rule for rule in rules(later))


def test_a_case_under_no_pack_is_logged_and_cannot_be_checked(dunning: Dunning) -> None:
    add(dunning, "M-1", "--jurisdiction", "atlantis")
    assert dunning.fails(3, "check-contact", "M-1", "--channel", "call")["code"] == "rule_pack_not_found"
    done = call(dunning, NOON)
    assert (done["answer"], done["pack"], done["findings"]) == (None, None, [])
    planned = ("log-contact", "M-1", "--channel", "call", "--outcome", "no_answer", "--planned")
    assert dunning.fails(3, *planned)["code"] == "rule_pack_not_found"


# --- planned, refused, gone over --------------------------------------------------------------------------------------


PLANNED = ("log-contact", "M-1", "--channel", "call", "--outcome", "conversation", "--planned")


def test_a_refusal_is_an_entry_and_no_contact(dunning: Dunning) -> None:
    add(dunning, "M-1")
    call(dunning, day(9))
    error = dunning.fails(5, *PLANNED, "--note", "second try", now=day(10))
    assert (error["code"], error["answer"], error["allowed_from"]) == ("contact_refused", "blocked", day(16, 8))
    assert [each["rule"] for each in error["findings"]] == ["us.after_conversation"]
    last = dunning.ok("timeline", "M-1")[-1]
    assert last["kind"] == "contact_refused"
    assert last["data"]["rules"] == ["us.after_conversation"]
    assert last["data"]["note"] == "second try"
    assert last["data"]["pack"].startswith("us-federal@")
    assert dunning.ok("show-case", "M-1")["effort"]["contacts"] == 1
    assert check(dunning, "--at", day(16))["answer"] == "allowed"


def test_a_reason_that_the_rule_accepts_lets_it_pass(dunning: Dunning) -> None:
    add(dunning, "M-1")
    call(dunning, day(9))
    dunning.fails(5, *PLANNED, "--override", "agreed", now=day(10))
    done = dunning.ok(*PLANNED, "--override", "consumer_asked", now=day(10))
    assert (done["answer"], done["override_reasons"][-2:]) == ("blocked", ["consumer_asked", "time_critical_benefit"])
    refused, logged = dunning.ok("timeline", "M-1")[-2:]
    assert (refused["kind"], refused["data"]["override"]) == ("contact_refused", "agreed")
    assert (logged["kind"], logged["data"]["override"]) == ("contact_logged", "consumer_asked")
    assert logged["data"]["violations"] == ["us.after_conversation"]


def test_no_reason_goes_over_a_rule_that_has_none(dunning: Dunning) -> None:
    """The hours cannot be gone over, so that neither can both together."""
    add(dunning, "M-1")
    call(dunning, day(9))
    error = dunning.fails(5, *PLANNED, "--override", "consumer_asked", now=day(10, 22))
    assert error["override_reasons"] == []


def test_an_allowed_contact_needs_no_reason_and_keeps_none(dunning: Dunning) -> None:
    add(dunning, "M-1")
    dunning.ok(*PLANNED, "--override", "consumer_asked", now=day(9))
    assert "override" not in dunning.ok("timeline", "M-1")[1]["data"]


def test_what_happened_is_always_logged_with_its_violations(dunning: Dunning) -> None:
    add(dunning, "M-1")
    done = call(dunning, day(9, 23))
    assert (done["answer"], done["severity"]) == ("blocked", "block")
    logged = dunning.ok("timeline", "M-1")[1]
    assert logged["data"]["violations"] == ["us.hours"]
    assert "against the rules: us.hours" in logged["summary"]


def test_the_rules_of_its_day_judge_a_contact_that_is_logged_late(dunning: Dunning) -> None:
    """What came after it is not looked at: a later cease notice makes no earlier call unlawful."""
    add(dunning, "M-1")
    dunning.ok("log-fact", "M-1", "cease_notice", "--received", "2026-02-12", now=day(13))
    early = dunning.ok(
        "log-contact", "M-1", "--channel", "call", "--outcome", "no_answer", "--at", day(10), now=day(13)
    )
    assert early["answer"] == "allowed"
    late = dunning.ok(
        "log-contact", "M-1", "--channel", "call", "--outcome", "no_answer", "--at", day(12, 20), now=day(13)
    )
    assert [each["rule"] for each in late["findings"]] == ["us.cease"]


def test_what_the_debtor_begins_is_never_refused(dunning: Dunning) -> None:
    add(dunning, "M-1")
    dunning.ok("log-fact", "M-1", "cease_notice", "--received", "2026-02-09")
    inbound = ("--channel", "call", "--outcome", "conversation", "--direction", "in", "--planned")
    assert dunning.ok("log-contact", "M-1", *inbound, now=day(10, 23))["answer"] == "allowed"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        pytest.param(("--said", "moon=full"), 6, "'moon' is no fact of a contact", id="no-such-fact"),
        pytest.param(("--said", "recorded=perhaps"), 6, "true, false or a number", id="no-truth"),
        pytest.param(("--said", "recorded=true", "--recorded"), 2, "given twice", id="twice"),
        pytest.param(("--planned", "--at", "2026-02-01T12:00:00-06:00"), 2, "made now", id="planned-in-the-past"),
        pytest.param(("--party", "neighbour"), 6, "no party", id="no-party"),
        pytest.param(("--override", "boss_said_so"), 2, "boss_said_so", id="no-reason"),
    ],
)
def test_words_that_are_not_understood_write_nothing(
    dunning: Dunning, words: tuple[str, ...], code: int, error: str
) -> None:
    add(dunning, "M-1")
    found = dunning.fails(code, "log-contact", "M-1", "--channel", "call", "--outcome", "no_answer", *words)
    assert error in found["message"]
    assert dunning.ok("show-case", "M-1")["entries"] == 1


# --- facts ------------------------------------------------------------------------------------------------------------


def test_a_fact_forbids_from_its_receipt_to_its_end(dunning: Dunning) -> None:
    add(dunning, "M-1")
    done = dunning.ok("log-fact", "M-1", "cease", "--received", "2026-02-10", now=day(11))
    assert (done["fact"], done["seq"], done["cases"], done["holds"]) == ("cease_notice", 3, [1], True)
    assert [each["rule"] for each in done["forbids"]] == ["us.cease"]
    assert check(dunning, "--at", day(9))["answer"] == "allowed"
    assert rules(check(dunning, "--at", day(12))) == ["us.cease"]
    dunning.ok("end-fact", "M-1", "cease", "--at", "2026-02-13", now=day(14))
    assert check(dunning, "--at", day(14))["answer"] == "allowed"
    assert [each["ended"] for each in dunning.ok("show-debtor", "1")["facts"]] == ["2026-02-13"]


def test_which_cases_a_fact_is_about(dunning: Dunning) -> None:
    add(dunning, "M-1")
    add(dunning, "M-2", "--debtor-id", "1")
    about_one = dunning.ok("log-fact", "M-1", "attorney_represented")
    about_person = dunning.ok("log-fact", "M-1", "medium_opt_out", "--field", "medium=text")
    about_other = dunning.ok("log-fact", "M-1", "dispute_answered", "--about", "M-2")
    about_all = dunning.ok("log-fact", "M-1", "cease_notice", "--all-cases")
    assert [each["cases"] for each in (about_one, about_person, about_other, about_all)] == [[1], [], [2], []]
    seen = {ref: [each["seq"] for each in dunning.ok("show-case", ref)["facts"]] for ref in ("M-1", "M-2")}
    assert seen == {"M-1": [3, 4, 6], "M-2": [4, 5, 6]}
    assert dunning.fails(2, "log-fact", "M-1", "vulnerable", "--about", "M-2", "--all-cases")["code"] == "usage"


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("moratorium", "moratorium"),
        ("breathing_space", "moratorium"),
        ("bankruptcy", "insolvency"),
        ("debtor_deceased", "deceased"),
        ("complaint_open", "complaint"),
        ("dispute_written", "dispute"),
        ("vulnerable", "vulnerable"),
    ],
)
def test_a_fact_holds_the_cases_it_is_about_and_its_end_releases_them(dunning: Dunning, fact: str, reason: str) -> None:
    add(dunning, "M-1")
    add(dunning, "M-2", "--debtor-id", "1")
    dunning.ok("close-case", "M-2", "--as", "withdrawn")
    done = dunning.ok("log-fact", "M-1", fact, "--until", "2026-04-09")
    assert (done["held"], done["released"]) == ([1], [])
    held = dunning.ok("show-case", "M-1")["hold"]
    assert (held["reason"], held["until"]) == (reason, "2026-04-09")
    assert dunning.ok("show-case", "M-2")["hold"] is None
    assert dunning.ok("end-fact", "M-1", fact)["released"] == [1]
    assert dunning.ok("show-case", "M-1")["status"] == "open"


def test_a_hold_for_a_fact_ends_by_itself_with_the_facts_last_day(dunning: Dunning) -> None:
    add(dunning, "M-1")
    dunning.ok("log-fact", "M-1", "moratorium", "--until", "2026-02-12")
    assert dunning.ok("check-overdue", now=day(12))["entries"] == {}
    assert dunning.ok("check-overdue", now=day(13))["entries"] == {"released": 1}


def test_an_answered_dispute_releases_what_the_dispute_held(dunning: Dunning) -> None:
    add(dunning, "M-1")
    dunning.ok("log-fact", "M-1", "dispute_written", "--received", "2026-02-09")
    assert dunning.ok("log-fact", "M-1", "complaint_answered")["released"] == []
    assert dunning.ok("log-fact", "M-1", "verification_sent", "--sent", "2026-02-09")["released"] == [1]


def test_a_hold_by_hand_that_lasts_longer_stays(dunning: Dunning) -> None:
    add(dunning, "M-1")
    dunning.ok("hold-case", "M-1", "--reason", "other")
    assert dunning.ok("log-fact", "M-1", "moratorium", "--until", "2026-04-09")["held"] == []
    assert dunning.ok("end-fact", "M-1", "moratorium")["released"] == []
    assert dunning.ok("show-case", "M-1")["hold"]["reason"] == "other"


def test_the_law_of_the_case_stops_interest_where_it_says_so(dunning: Dunning) -> None:
    """England's breathing space stops interest (SI 2020/1311 reg. 7); no rule of the United States' pack does."""
    interest = ("--rate", "10", "--debt-type", "consumer_loan", "--consumer")
    add(dunning, "UK-1", "--jurisdiction", "uk-ew", *interest)
    add(dunning, "US-1", "--jurisdiction", "us-federal", *interest)
    for ref in ("UK-1", "US-1"):
        dunning.ok("log-fact", ref, "moratorium", "--at", "2026-02-09", "--until", "2026-04-09")
    assert dunning.ok("show-case", "UK-1")["interest"]["frozen"] == [{"from": "2026-02-09", "to": "2026-04-09"}]
    assert dunning.ok("show-case", "US-1")["interest"]["frozen"] == []


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        pytest.param(("cese_notice",), 6, "is no fact that the rules", id="unknown"),
        pytest.param(("medium_opt_out", "--field", "medium=tex"), 6, "did you mean 'text'", id="unknown-medium"),
        pytest.param(("inconvenient_time", "--field", "from_=25:00"), 6, "hour", id="no-hour"),
        pytest.param(("inconvenient_time", "--field", "weekdays=XX"), 6, "weekdays", id="no-weekday"),
        pytest.param(("moratorium", "--until", "2026-02-30"), 6, "no date", id="no-date"),
        pytest.param(("moratorium", "--field", "until"), 2, "no field", id="no-pair"),
        pytest.param(("cease_notice", "--received", "2026-02-10"), 6, "still to come", id="received-tomorrow"),
    ],
)
def test_a_fact_that_cannot_be_writes_nothing(dunning: Dunning, words: tuple[str, ...], code: int, error: str) -> None:
    add(dunning, "M-1")
    before = dunning.ok("show-debtor", "1")
    assert error in dunning.fails(code, "log-fact", "M-1", *words)["message"]
    assert dunning.ok("show-debtor", "1") == before


def test_a_facts_details_are_masked_unless_they_are_asked_for(dunning: Dunning) -> None:
    add(dunning, "M-1")
    dunning.ok("log-fact", "M-1", "medium_opt_out", "--field", "medium=call", "--field", "to=+1 312 555 0199")
    for words in (("show-case", "M-1"), ("show-debtor", "1")):
        assert "3125550199" not in "".join(
            c for c in dunning(*words).out + dunning(*words, "--json").out if c.isdigit()
        )
        assert "555 0199" in dunning(*words, "--json", "--reveal").out


# --- lists ------------------------------------------------------------------------------------------------------------


def callable_now(dunning: Dunning, when: str, *words: str) -> list[str]:
    return [each["reference"] for each in dunning.ok("list-cases", "--callable-now", *words, now=when)]


def test_the_list_of_those_who_may_be_called(dunning: Dunning) -> None:
    add(dunning, "M-1")
    add(dunning, "M-2", "--debtor", "Bob", phone="+1 415 555 0100")
    add(dunning, "M-3", "--debtor", "Cem", phone=None)
    add(dunning, "M-4", "--debtor", "Dot")
    dunning.ok("hold-case", "M-4", "--reason", "dispute")
    assert callable_now(dunning, day(10, 9)) == ["M-1"]
    assert callable_now(dunning, day(10, 12)) == ["M-1", "M-2"]
    assert callable_now(dunning, day(10, 12), "--limit", "1") == ["M-1"]
    call(dunning, day(10))
    assert callable_now(dunning, day(10, 13)) == ["M-2"]
    assert callable_now(dunning, day(10, 13), "--channel", "letter") == ["M-1", "M-2", "M-3"]
    assert callable_now(dunning, day(10, 23)) == []
    assert dunning.fails(2, "list-cases", "--callable-now", "--as-of", "2026-02-01")["code"] == "usage"


def test_a_limit_looks_on_until_it_is_full(dunning: Dunning) -> None:
    """The first many of the list may not be called; the one who may is found behind them."""
    for number in range(12):
        add(dunning, f"N-{number}", "--debtor", f"N{number}", phone=None)
    add(dunning, "M-1")
    assert callable_now(dunning, day(10), "--limit", "1") == ["M-1"]


def test_on_both_databases(dunning_on: Dunning) -> None:
    """The same story on SQLite and PostgreSQL: logged, refused, a fact, a hold, and the journals verify."""
    add(dunning_on, "M-1")
    call(dunning_on, day(9))
    dunning_on.fails(5, *PLANNED, now=day(10))
    assert dunning_on.ok("log-fact", "M-1", "moratorium", "--until", "2026-02-20", now=day(10))["held"] == [1]
    assert callable_now(dunning_on, day(17)) == []
    dunning_on.ok("end-fact", "M-1", "moratorium", now=day(17))
    assert callable_now(dunning_on, day(17)) == ["M-1"]
    assert dunning_on.ok("audit", "verify")["sound"]
