"""The terms of a case: as they are asked for, as its policy says, and as the law of its jurisdiction gives them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ..domain.cases import Case
from ..domain.policies import Policy
from ..domain.terms import Asked, Terms
from ..errors import DunningError, RulePackNotFoundError

if TYPE_CHECKING:
    from ..domain.lawful import Owed
    from ..domain.rules import Pack
    from ..settings import Settings
    from ..store.session import Tx


def pack_of(settings: Settings, jurisdiction: str) -> Pack:
    """The rule pack of a jurisdiction."""
    from .rules import open_book

    return open_book(settings).pack(jurisdiction)


def opening(
    settings: Settings, debt: Owed, jurisdiction: str, policy: Policy, asked: Asked, today: date
) -> Terms | None:
    """The terms that a case is opened with; None where all is as usual, without interest."""
    terms = policy.terms(asked.steps(debt.due), asked.day_count)
    if asked.statutory:
        from ..domain import lawful

        pack = pack_of(settings, jurisdiction)
        terms = lawful.statutory(pack, debt, policy.whole_terms(), asked.interest_from)
    if terms and terms.steps:
        terms = _capped(settings, debt, jurisdiction, terms)
    return _in_order(settings, debt, jurisdiction, policy, terms, today)


def changed(settings: Settings, case: Case, policy: Policy, asked: Asked, since: date | None, today: date) -> Terms:
    """The terms of a case whose interest is asked for anew: from a day on, or, without one, from the beginning."""
    from ..domain import lawful

    debt = case.debt
    was = case.terms or policy.whole_terms()
    if asked.statutory:
        base = policy.whole_terms(was.steps if since else (), was.day_count if since else None)
        terms = lawful.statutory(pack_of(settings, debt.jurisdiction), debt, base, since or asked.interest_from)
    else:
        steps = asked.steps(debt.due)
        if since:
            eve = since - timedelta(days=1)
            steps = (
                *(step for step in was.steps if step.after < eve),
                *Asked(asked.rate, interest_from=since).steps(eve),
            )
        terms = policy.whole_terms(steps, asked.day_count or (was.day_count if was.steps else None))
    terms = _capped(settings, debt, debt.jurisdiction, terms)
    return _in_order(settings, debt, debt.jurisdiction, policy, terms, today) or Terms()


def with_cap(settings: Settings, case: Case, policy: Policy) -> Terms | None:
    """The terms of a case with the cap of the law, where none was noted yet and there is one; else None."""
    if case.terms and case.terms.cap:
        return None
    was = case.terms or policy.terms() or Terms()
    found = _capped(settings, case.debt, case.debt.jurisdiction, was)
    return found if found.cap else None


def _capped(settings: Settings, debt: Owed, jurisdiction: str, terms: Terms) -> Terms:
    """Terms with the cap of the law; as they are where the jurisdiction has no rule pack."""
    from ..domain import lawful
    from .rules import open_book

    try:
        pack = open_book(settings).pack(jurisdiction)
    except RulePackNotFoundError:
        return terms
    return lawful.capped(pack, debt, terms)


def _in_order(
    settings: Settings, debt: Owed, jurisdiction: str, policy: Policy, terms: Terms | None, today: date
) -> Terms | None:
    """Terms with the order of the law, where the policy leaves the order to it."""
    if not policy.allocation.by_law:
        return terms
    from ..domain import lawful

    return lawful.ordered(pack_of(settings, jurisdiction), debt, terms or policy.whole_terms(), today)


class Rates:
    """Which cases under statutory rates read a rate table that says more by now, and what it says."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.failed: list[dict[str, object]] = []
        self._packs: dict[str, Pack] = {}

    def _pack(self, pack_id: str) -> Pack:
        if pack_id not in self._packs:
            self._packs[pack_id] = pack_of(self.settings, pack_id)
        return self._packs[pack_id]

    def outdated(self, tx: Tx) -> list[tuple[str, int]]:
        """What was read and has changed, each with the number of cases that read it.

        Where a pack cannot be read any more its cases stay as they are, and one of them is noted as failed.
        """
        found = []
        for reads, case_id, count in tx.cases.rate_tables():
            pack_id, table_id, digest = reads.split("\t")
            try:
                table = self._pack(pack_id).tables.get(table_id)
            except DunningError as error:
                self.failed.append({"case": case_id, "error": str(error)})
                continue
            if table is None or table.digest != digest:
                found.append((reads, count))
        return found

    def fresh(self, case: Case) -> Terms | None:
        """The terms of a case as its rate table now says; None where they stand as they are."""
        from ..domain import lawful

        if case.terms is None or case.terms.statute is None:
            return None
        return lawful.refreshed(self._pack(case.terms.statute.pack_id), case.debt, case.terms)
