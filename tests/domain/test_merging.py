"""Two records of one person: what merging writes, whom it makes, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import debtor_facts, debtors, merging
from dunning_cli.domain.debtor_facts import NewFact
from dunning_cli.domain.debtors import Debtor, DetailKind, Details, Language, Merged, Split, joined
from dunning_cli.errors import DunningError, MergedDebtorError, RefusedError, UsageError
from tests.builders import a_now

PHONE = DetailKind.PHONE


def a_record(number: int, name: str = "Wang", language: Language | None = None, **details: tuple[str, ...]) -> Debtor:
    return debtors.add(number, Details(name, language, **details), a_now()).debtor


class Files:
    """Records by their number, changed by merging and splitting as the services do it."""

    def __init__(self, *numbers: int) -> None:
        self.records = {number: a_record(number) for number in numbers}

    def merge(self, kept: int, gone: int) -> None:
        for change in merging.merge(self.records[kept], self.records[gone], a_now()):
            self.records[change.debtor.debtor_id] = change.debtor

    def split(self, gone: int) -> None:
        above, number = [], self.records[gone].merged_into
        while number:
            above.append(self.records[number])
            number = above[-1].merged_into
        for change in merging.split(self.records[gone], above, a_now()):
            self.records[change.debtor.debtor_id] = change.debtor

    def top(self, number: int) -> int:
        while into := self.records[number].merged_into:
            number = into
        return number

    @property
    def people(self) -> set[frozenset[int]]:
        return {frozenset(each.numbers) for each in self.records.values() if each.merged_into is None}


def test_what_is_written() -> None:
    into, went = merging.merge(a_record(7), a_record(9), a_now(), "one ID card")
    assert [entry.what for entry in into.entries] == [Merged(gone=(9,), why="one ID card")]
    assert [entry.what for entry in went.entries] == [Merged(into=7, why="one ID card")]
    assert (into.debtor.merged, into.debtor.merged_into) == ((9,), None)
    assert (went.debtor.merged, went.debtor.merged_into) == ((), 7)
    changes = merging.split(went.debtor, [into.debtor], a_now(), "a cousin")
    assert [change.entries[-1].what for change in changes] == [
        Split(into=7, why="a cousin"),
        Split(gone=(9,), why="a cousin"),
    ]
    assert [(c.debtor.merged, c.debtor.merged_into) for c in changes] == [((), None), ((), None)]


def test_a_chain_is_one_person_and_comes_apart_where_it_is_split() -> None:
    files = Files(1, 2, 3, 4)
    files.merge(2, 1)
    files.merge(3, 2)
    assert files.people == {frozenset({1, 2, 3}), frozenset({4})}
    assert files.records[3].merged == (2, 1)
    files.split(2)
    assert files.people == {frozenset({3}), frozenset({1, 2}), frozenset({4})}
    files.merge(3, 2)
    files.split(1)
    assert files.people == {frozenset({2, 3}), frozenset({1}), frozenset({4})}
    assert [files.records[number].merged for number in (2, 3)] == [(), (2,)]


def test_what_is_refused() -> None:
    files = Files(1, 2, 3)
    with pytest.raises(UsageError, match="into itself"):
        files.merge(1, 1)
    files.merge(2, 1)
    for kept, gone in ((3, 1), (2, 1), (1, 2), (1, 3)):  # elsewhere, twice, in a circle, into one that is gone
        with pytest.raises(MergedDebtorError, match="Debtor 1 was merged into debtor 2"):
            files.merge(kept, gone)
    for number in (2, 3):
        with pytest.raises(RefusedError, match="not merged"):
            files.split(number)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(1, 6)), max_size=30))
def test_every_record_is_of_exactly_one_person(acts: Sequence[tuple[bool, int, int]]) -> None:
    """Whatever is merged and split in whatever order: each person's numbers are those whose chain ends there."""
    files = Files(*range(1, 7))
    for merges, one, other in acts:
        try:
            if merges:
                files.merge(one, other)
            else:
                files.split(one)
        except DunningError:
            continue
    by_chain: dict[int, set[int]] = {}
    for number in files.records:
        by_chain.setdefault(files.top(number), set()).add(number)
    assert files.people == {frozenset(numbers) for numbers in by_chain.values()}
    assert sum(len(each.numbers) for each in files.records.values() if each.merged_into is None) == 6


def test_a_joined_person_has_the_name_of_one_and_the_details_of_all() -> None:
    kept = a_record(7, "Wang Fang", phones=("+86 138", "+86 139"), timezones=("Asia/Shanghai",))
    gone = a_record(9, "Wang F.", Language.ZH, phones=("+86 139", "+86 137"), timezones=("Europe/Berlin",))
    person = joined([kept, gone])
    assert (person.debtor_id, person.name, person.language) == (7, "Wang Fang", Language.ZH)
    assert person.valid(PHONE) == ["+86 138", "+86 139", "+86 137"]
    assert person.valid(DetailKind.TIMEZONE) == ["Asia/Shanghai", "Europe/Berlin"]
    assert [detail.number for detail in person.details] == ["2", "3", "4", "9:2", "9:3", "9:4"]
    assert person.records == ((7, kept.seq), (9, gone.seq))
    assert [d.number for d in debtors.meant(person, "+86 139")] == ["3", "9:2"]
    assert [d.value for d in debtors.meant(person, "9:3")] == ["+86 137"]
    assert joined([kept]) is kept


def test_facts_are_told_apart_by_their_record() -> None:
    new = NewFact("vulnerable", fields=(("kind", "health"),))
    records = [debtor_facts.record(a_record(number), a_now(), new).debtor for number in (7, 9)]
    person = joined(records)
    assert [fact.number for fact in person.facts] == ["2", "9:2"]
    assert debtor_facts.holding(person, "9:2").whose == 9
    assert debtor_facts.holding(person, "2").whose is None
    with pytest.raises(UsageError, match="2, 9:2"):
        debtor_facts.holding(person, "vulnerable")
