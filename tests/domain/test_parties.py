"""Parties of a case: who has to do with it, and who is meant by a word of a contact."""

from __future__ import annotations

import pytest

from dunning_cli.domain import closures, parties
from dunning_cli.domain.cases import Case
from dunning_cli.domain.compliance.words import Party
from dunning_cli.domain.entries import CaseOutcome, PartyAdded, PartyEnded
from dunning_cli.domain.facts import Participant
from dunning_cli.errors import AmbiguousPartyError, DuplicateError, InputError, PartyNotFoundError
from tests.builders import Story, a_now, a_story, day


def with_parties(*added: tuple[int, Party]) -> Story:
    story = a_story()
    for person, role in added:
        story.then("2025-01-10", parties.add, person, role)
    return story


def ended(story: Story, person: int) -> Case:
    story.then("2025-01-20", parties.end, [person])
    return story.case


def test_a_party_is_added_and_ended() -> None:
    story = with_parties((8, Party.GUARANTOR))
    assert story.entries[-1].what == PartyAdded(8, "guarantor")
    assert story.case.parties == (Participant(8, "guarantor", day("2025-01-10")),)
    decision = story.then("2025-01-20", parties.end, [8], None, "given back")
    assert [entry.what for entry in decision.entries] == [PartyEnded(8, "guarantor", "given back")]
    assert story.case.parties == (Participant(8, "guarantor", day("2025-01-10"), day("2025-01-20")),)


def test_a_party_may_come_back_and_may_have_several_roles() -> None:
    story = with_parties((8, Party.SPOUSE), (8, Party.GUARANTOR))
    story.then("2025-01-20", parties.end, [8], Party.SPOUSE)
    assert [p.role for p in story.case.parties if not p.ended] == ["guarantor"]
    story.then("2025-01-21", parties.add, 8, Party.SPOUSE)
    decision = story.then("2025-01-22", parties.end, [8])
    assert [entry.what.role for entry in decision.entries] == ["guarantor", "spouse"]
    assert [p.ended for p in story.case.parties] == [day("2025-01-20"), day("2025-01-22"), day("2025-01-22")]


def test_a_closed_case_takes_a_party() -> None:
    story = a_story()
    story.then("2025-01-10", closures.close, CaseOutcome.WRITTEN_OFF)
    story.then("2025-01-11", parties.add, 8, Party.EXECUTOR)
    assert [p.role for p in story.case.parties] == ["executor"]


def test_what_is_refused() -> None:
    story = with_parties((8, Party.GUARANTOR))
    with pytest.raises(DuplicateError, match="already a party"):
        story.then("2025-01-11", parties.add, 8, Party.GUARANTOR)
    with pytest.raises(InputError):
        story.then("2025-01-11", parties.add, 8, Party.DEBTOR)
    for person, role in ((9, None), (8, Party.SPOUSE)):
        with pytest.raises(PartyNotFoundError):
            story.then("2025-01-11", parties.end, [person], role)
    with pytest.raises(PartyNotFoundError):
        parties.end(ended(story, 8), story.policy, a_now("2025-01-21"), [8])


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("guarantor:7", 7),
        ("third_party:17", 17),
        ("guarantor", None),
        ("guarantor:", None),
        ("third_party:neighbour", None),
        ("third_party:١", None),  # a digit of another script
        ("third_party:" + "9" * 19, None),  # more than any number of ours
        ("third_party:-1", None),
    ],
)
def test_the_number_in_a_word(told: str, number: int | None) -> None:
    assert parties.number_of(told) == number


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        pytest.param("debtor", "debtor", id="the-debtor"),
        pytest.param("guarantor", "guarantor:8", id="the-only-one"),
        pytest.param("guarantor:8", "guarantor:8", id="by-number"),
        pytest.param("third_party:99", "third_party:99", id="an-unknown-number-stays"),
        pytest.param("third_party:neighbour", "third_party:neighbour", id="a-word-stays"),
        pytest.param("attorney", "attorney", id="nobody-has-the-role"),
        pytest.param("employer:5", "employer:8", id="a-record-that-was-merged"),
    ],
)
def test_who_is_meant(told: str, meant: str) -> None:
    case = with_parties((8, Party.GUARANTOR)).case
    assert parties.named(case, told, {5: 8}) == meant


def test_a_role_that_several_have_must_be_told_by_number() -> None:
    story = with_parties((8, Party.GUARANTOR), (9, Party.GUARANTOR))
    with pytest.raises(AmbiguousPartyError, match="guarantor:8, guarantor:9") as refused:
        parties.named(story.case, "guarantor", {})
    assert refused.value.exit_code == 2
    assert parties.named(story.case, "guarantor", {9: 8}) == "guarantor:8"  # one person after all
    assert parties.named(ended(story, 8), "guarantor", {}) == "guarantor:9"


def test_an_earlier_contact_was_with_the_only_one_who_ever_had_the_role() -> None:
    story = with_parties((8, Party.GUARANTOR))
    assert parties.as_logged(story.case, "guarantor", {}) == "guarantor:8"
    assert parties.as_logged(ended(story, 8), "guarantor", {}) == "guarantor:8"
    story.then("2025-02-01", parties.add, 9, Party.GUARANTOR)
    assert parties.as_logged(story.case, "guarantor", {}) == "guarantor"
    assert parties.as_logged(story.case, "guarantor:9", {}) == "guarantor:9"
