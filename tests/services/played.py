"""Histories played through the services, on a real database: what the domain's own tests play in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st

from dunning_cli.domain.cases import Decision
from dunning_cli.domain.days import Now
from dunning_cli.domain.debtors import Details, add
from dunning_cli.domain.review import review
from dunning_cli.errors import InputError, PartyNotFoundError, RefusedError
from dunning_cli.services.desk import Desk
from dunning_cli.services.review import check_overdue
from dunning_cli.settings import Settings
from dunning_cli.store.session import Store, Tx
from tests.builders import a_policy, plain_policy
from tests.domain.histories import ACTS, BEGINNINGS, POLICIES, Act, History, Step
from tests.store.databases import Database
from tests.store.desks import a_filed_case

Acts = tuple[tuple[int, Act], ...]


def on_one_database(share: float = 1) -> settings:
    """For a property over one database, which each example empties: with a share of the usual number of examples."""
    usual = settings()
    return settings(
        max_examples=max(5, round(usual.max_examples * share)),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@dataclass(frozen=True)
class Story:
    """What is to be played: the policy's differences, the debt, whether it is reviewed on the way, and what happens."""

    overrides: dict[str, Any]
    principal: int
    nightly: bool
    acts: Acts


STORIES: st.SearchStrategy[Story] = st.builds(
    lambda overrides, principal, nightly, beginning, acts: Story(overrides, principal, nightly, (*beginning, *acts)),
    POLICIES,
    st.sampled_from([1000, 100]),
    st.booleans(),
    BEGINNINGS,
    st.lists(ACTS, min_size=1, max_size=14),
)


@dataclass(repr=False)
class Played(History):
    """A history whose case stands in a database; what happens goes through a desk, reviews through check-overdue."""

    store: Store = field(kw_only=True)
    ref: str = "1"

    @property
    def desk(self) -> Desk:
        desk = Desk(Settings(database=""), self.now)
        desk.__dict__["store"] = self.store
        return desk

    def decide(self, said: str, act: Callable[..., Decision], *args: Any) -> None:
        before = self.case
        if act is review:
            check_overdue(self.desk)
        else:
            try:
                self.desk.change(self.ref, lambda case, policy, now: act(case, policy, now, *args))
            except (RefusedError, InputError, PartyNotFoundError):
                return
        with self.store.reading() as tx:
            after = tx.cases.load(int(self.ref)).case
            entries = tuple(e for e in tx.cases.journal(int(self.ref)) if e.seq > before.seq)
        self.steps.append(Step(self.now, said, entries, before, after))


def play(story: Story, database: Database, store: Store) -> Played:
    """Play a story on a database that is emptied before."""
    database.empty()
    plain = plain_policy(name="played", **story.overrides)
    store.writing(lambda tx: tx.policies.add(plain, "2025-01-01T00:00:00.000000Z", "li"))
    played = Played(a_policy(name="played", **story.overrides), story.overrides, store=store)
    opened = a_filed_case(played.desk, owed=f"{story.principal}.00 CNY", policy="played", reference="L-1")
    played.steps.append(Step(played.now, "open", opened.entries, opened.after.case, opened.after.case))
    store.writing(lambda tx: _parties(tx, played.now))
    for days, act in story.acts:
        played.wait(days)
        if story.nightly and days:
            played.decide("review", review)
            played.wait(0)
        act(played)
    note(repr(played))
    return played


def _parties(tx: Tx, now: Now) -> None:
    """The people whom a history makes parties of its case: 8 and 9, and who was numbered before them."""
    first = tx.debtors.next_id(8)
    for person in range(first, first + 8):
        tx.debtors.insert(add(person, Details("Li Na"), now))


def instants(played: Played) -> list[datetime]:
    """Every instant at which something was recorded."""
    return sorted({e.recorded_at for e in played.entries})


def days(played: Played) -> list[date]:
    """The days on which anything counts from, each with those beside it."""
    return played.days
