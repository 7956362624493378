"""Facts with a life: recorded with their particulars, ended, folded, and told in the vocabulary of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import debtor_facts as facts
from dunning_cli.domain.debtor_facts import NewFact
from dunning_cli.domain.debtors import Debtor, Details, add, fold
from dunning_cli.errors import AmbiguousFactError, DunningError, FactNotFoundError, InputError
from tests.builders import a_now, day

NOW = a_now("2025-01-06")


def somebody() -> Debtor:
    return add(7, Details(name="王芳", phones=("+86 13800138000",)), a_now("2025-01-02")).debtor


def with_fact(debtor: Debtor, *args: object, **given: object) -> Debtor:
    return facts.record(debtor, NOW, NewFact(*args, **given)).debtor  # type: ignore[arg-type]


def test_a_fact_without_a_day_holds_from_now_on() -> None:
    change = facts.record(somebody(), NOW, NewFact("vulnerable"))
    (entry,) = change.entries
    assert entry.effective == NOW.instant
    (fact,) = change.debtor.facts
    assert datetime.fromisoformat(fact.field("at") or "") == NOW.instant
    assert facts.plain(fact) == {"type": "vulnerable", "at": fact.field("at")}


def test_a_day_stays_a_day() -> None:
    """It begins with the debtor's local day, which an instant would not say."""
    (fact,) = with_fact(somebody(), "vulnerable", at=day("2025-01-03")).facts
    assert facts.plain(fact) == {"type": "vulnerable", "at": "2025-01-03"}


def test_a_message_counts_from_its_own_days() -> None:
    """What was only sent has no `at`: it is not received, and a rule that counts from receipt must see that."""
    (fact,) = with_fact(somebody(), "cease_notice", fields=(("sent", "2025-01-05"),)).facts
    assert facts.plain(fact) == {"type": "cease_notice", "sent": "2025-01-05"}
    assert fact.on == "2025-01-05"


def test_lists_and_truths_are_told_as_such() -> None:
    given = (("medium", "call, text"), ("weekdays", "MO,TU"), ("in_writing", "false"), ("to", "+1 312 555 0100"))
    (fact,) = with_fact(somebody(), "medium_opt_out", at=day("2025-01-06"), cases=(9, 4, 9), fields=given).facts
    assert facts.plain(fact) == {
        "type": "medium_opt_out",
        "at": "2025-01-06",
        "medium": ["call", "text"],
        "weekdays": ["MO", "TU"],
        "in_writing": False,
        "to": "+1 312 555 0100",
        "debts": ["4", "9"],
    }


def test_what_identifies_lies_in_the_erasable_part() -> None:
    fields = (("to", "+1 312 555 0100"), ("place", "Acme"), ("party", "third_party:Ann"), ("medium", "call"))
    what = facts.record(somebody(), NOW, NewFact("medium_opt_out", fields=fields)).entries[0].what
    assert {each.name for each in what.details} == {"to", "place", "party"}
    assert {each.name for each in what.fields} == {"at", "medium"}


def test_a_fact_may_begin_later_but_no_message_comes_from_the_future() -> None:
    (fact,) = with_fact(somebody(), "moratorium", at=day("2025-02-01")).facts
    assert fact.on == "2025-02-01"
    for name in ("received", "sent"):
        with pytest.raises(InputError, match="still to come"):
            with_fact(somebody(), "cease_notice", fields=((name, "2025-01-07"),))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        pytest.param((("medium", "call"), ("medium", "text")), "given twice", id="twice"),
        pytest.param((("kind", "a\0b"),), "cannot be stored", id="nul"),
    ],
)
def test_particulars_that_cannot_be(fields: tuple[tuple[str, str], ...], error: str) -> None:
    with pytest.raises(InputError, match=error):
        with_fact(somebody(), "moratorium", fields=fields)


def test_a_truth_is_true_or_false() -> None:
    (fact,) = with_fact(somebody(), "cease_notice", fields=(("in_writing", "maybe"),)).facts
    with pytest.raises(InputError, match="true or false"):
        facts.plain(fact)


def test_a_fact_ends_by_its_word_or_its_number() -> None:
    debtor = with_fact(somebody(), "cease_notice", at=day("2025-01-03"))
    for which in ("cease_notice", str(debtor.facts[0].seq)):
        after = facts.end(debtor, NOW, which, day("2025-01-05"), "by letter").debtor
        (fact,) = after.facts
        assert fact.ended == "2025-01-05"
        assert facts.plain(fact)["ended"] == "2025-01-05"


def test_which_of_two_has_to_be_said() -> None:
    debtor = with_fact(with_fact(somebody(), "moratorium"), "moratorium")
    with pytest.raises(AmbiguousFactError, match="3, 4"):
        facts.end(debtor, NOW, "moratorium")
    one = facts.end(debtor, NOW, "3").debtor
    assert [fact.ended is None for fact in one.facts] == [False, True]
    assert facts.end(one, NOW, "moratorium").debtor.facts[1].ended


@pytest.mark.parametrize("which", ["cease_notice", "9", "", "vulnerable"])
def test_what_is_not_there_cannot_end(which: str) -> None:
    debtor = facts.end(with_fact(somebody(), "vulnerable"), NOW, "vulnerable").debtor
    with pytest.raises(FactNotFoundError):
        facts.end(debtor, NOW, which)


def test_an_end_is_not_in_the_future() -> None:
    with pytest.raises(InputError, match="still to come"):
        facts.end(with_fact(somebody(), "vulnerable"), NOW, "vulnerable", day("2025-01-07"))


DAYS = st.dates(date(2024, 1, 1), date(2025, 1, 6))
ACTS = st.lists(
    st.one_of(
        st.builds(NewFact, st.sampled_from(["vulnerable", "moratorium", "cease_notice"]), st.none() | DAYS),
        st.integers(2, 9).map(str),
        st.sampled_from(["vulnerable", "moratorium"]),
    ),
    max_size=8,
)


@given(ACTS)
def test_the_journal_tells_the_same_debtor(acts: list[NewFact | str]) -> None:
    """Whatever is recorded and ended, folding the entries gives the debtor as decided; an ended fact never ends again."""
    change = add(7, Details(name="王芳"), a_now("2024-01-01"))
    debtor, entries = change.debtor, list(change.entries)
    for act in acts:
        try:
            done = facts.end(debtor, NOW, act) if isinstance(act, str) else facts.record(debtor, NOW, act)
        except DunningError:
            continue
        debtor = done.debtor
        entries += done.entries
    assert fold(7, entries) == debtor
    ended = [entry.what.seq for entry in entries if entry.what.kind == "fact_ended"]
    assert len(ended) == len(set(ended)) == sum(fact.ended is not None for fact in debtor.facts)
    assert all(entry.recorded_at.astimezone(UTC) <= NOW.instant for entry in entries)
