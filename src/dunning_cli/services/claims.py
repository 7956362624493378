"""The days that the law gives for cases: their facts told to the rule packs, and facts of a claim recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..domain import claims, reckoning
from ..domain.claims import NewClaimFact, Word, words_of
from ..domain.days import days_after
from ..domain.deadline_warnings import outlook
from ..domain.given import Given
from ..domain.limitation import Effect, LimitationRule
from ..errors import InputError, RulePackNotFoundError, UsageError
from ..rules.book import book
from ..rules.calendars import calendar_of
from ..rules.files import meant
from ..rules.words import words
from ..settings import rules_folder
from .desk import Changed, Desk

if TYPE_CHECKING:
    from datetime import date

    from ..domain.cases import Case, Decision
    from ..domain.debtors import Debtor, Fact
    from ..domain.journal import Entry
    from ..domain.policies import Policy
    from ..domain.reckoning import Due
    from ..domain.retention import Kept
    from ..domain.rules import Pack
    from ..settings import Settings
    from ..store.audit import DaysDiffer
    from ..store.cases import Filed, OfLaw
    from ..store.session import Tx

Plain = dict[str, Any]
NO_PACK: Final = "-"  # what stands for the digest of rules where a jurisdiction has no pack


class Law(NamedTuple):
    """The rules of one jurisdiction, and the words from which they count days."""

    pack: Pack
    words: Mapping[str, Word]


def law_of(settings: Settings, jurisdiction: str) -> Law | None:
    """The rules about days of a jurisdiction; None where there is no such pack."""
    return _law(rules_folder(settings), jurisdiction)


@cache
def _law(own: Path | None, jurisdiction: str) -> Law | None:
    try:
        pack = book(own).pack(jurisdiction)
    except RulePackNotFoundError:
        return None
    return Law(pack, words_of(pack, words().events))


def digest_of(settings: Settings, jurisdiction: str) -> str:
    """What a case's row names as the rules under which its days were worked out."""
    return _digest(rules_folder(settings), jurisdiction)


@cache
def _digest(own: Path | None, jurisdiction: str) -> str:
    return book(own).fingerprint(jurisdiction) or NO_PACK


# --- what is known of cases -------------------------------------------------------------------------------------------


class Claims:
    """Works out the days of cases. Of plain cases, of which only the opening is known, each kind is worked out once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._plain: dict[tuple[Any, ...], list[Due]] = {}
        self._new: dict[tuple[Any, ...], OfLaw] = {}

    @cached_property
    def _own(self) -> Path:
        return rules_folder(self.settings)  # asked of the system once, not for every case

    def law_of(self, jurisdiction: str) -> Law | None:
        return _law(self._own, jurisdiction)

    def digest_of(self, jurisdiction: str) -> str:
        return _digest(self._own, jurisdiction)

    def facts(self, case: Case, log: Sequence[Entry], known: Iterable[Fact], policy: Policy) -> Plain:
        """What is known of a claim, in the vocabulary of facts."""
        law = self.law_of(case.debt.jurisdiction)
        return claims.facts_of(case, log, known, law.words if law else {}, policy)

    def dues(self, case: Case, log: Sequence[Entry], known: Sequence[Fact], policy: Policy) -> list[Due]:
        """Every day that the law gives for a case, the earliest first."""
        law = self.law_of(case.debt.jurisdiction)
        if law is None:
            return []
        key = _plain_key(case, policy) if not (log or known or case.claim or case.payments) else None
        found = self._plain.get(key) if key else None
        if found is None:
            facts = claims.facts_of(case, log, known, law.words, policy)
            found = reckoning.deadlines_of(law.pack, Given(facts), calendar_of)
            if key:
                self._plain[key] = found
        return found

    def kept(self, case: Case, log: Sequence[Entry], known: Sequence[Fact], policy: Policy) -> list[Kept]:
        """Every duty to keep a case's records, the longest first."""
        law = self.law_of(case.debt.jurisdiction)
        return reckoning.retention_of(law.pack, Given(self.facts(case, log, known, policy))) if law else []

    def of_new(self, case: Case, policy: Policy, today: date) -> OfLaw:
        """What the row of a case holds that was just opened; a run of this asks for one day only."""
        from ..store.cases import OfLaw

        key = _plain_key(case, policy)
        found = self._new.get(key)
        if found is None:
            dues = self.dues(case, (), (), policy)
            under = "" if case.outcome else self.digest_of(case.debt.jurisdiction)
            found = self._new[key] = OfLaw(outlook(case, dues, policy.deadlines.warn_days, today), under)
        return found

    def flags(
        self,
        cases: Iterable[Case],
        log: Mapping[int, Sequence[Entry]],
        debtor: Debtor,
        policy: Policy,
        today: date,
    ) -> list[Plain]:
        """For the guard: the open debts whose limitation is over, or which time has extinguished."""
        found = []
        for case in cases:
            law = self.law_of(case.debt.jurisdiction)
            if law is None or case.outcome or not law.pack.rules_of(LimitationRule):
                continue
            facts = claims.facts_of(case, log.get(case.case_id, ()), debtor.facts, law.words, policy)
            if period := reckoning.lapsed(law.pack, Given(facts), calendar_of, today):
                gone = period.rule.effect is Effect.EXTINGUISHED
                row = {"at": period.rolled.isoformat(), "debts": [str(case.case_id)]}
                found.append({"type": "extinguished" if gone else "time_barred", **row})
        return found


def _plain_key(case: Case, policy: Policy) -> tuple[Any, ...]:
    debt = case.debt
    return (debt.jurisdiction, debt.due, debt.consumer, debt.debt_type, case.outcome, case.closed_on, policy.digest)


def logs(tx: Tx, cases: Iterable[Case]) -> dict[int, list[Entry]]:
    """The entries from which days follow, of those cases that have any."""
    return tx.cases.told([case.case_id for case in cases if case.contacts or case.plans])


class KnownOfCase(NamedTuple):
    """All that days of law are counted from, for one case."""

    log: Sequence[Entry]
    known: Sequence[Fact]
    policy: Policy


def known_of(tx: Tx, filed: Filed, debtor: Debtor | None = None) -> KnownOfCase:
    case = filed.case
    debtor = debtor or tx.debtors.person(case.debt.debtor_id)
    return KnownOfCase(logs(tx, [case]).get(case.case_id, ()), tuple(debtor.facts), tx.policies.get(case.policy))


def days_differ(settings: Settings, today: date) -> DaysDiffer:
    """For an audit: which columns about days of law do not follow from a case and the rules that its row names.

    Rows of other rules than today's are worked out anew by the next run, and nothing is said of them. From the day on
    which a row was written to its `warn_on` the same follows on every day, so that the last day before is as good as
    any; of a case that was imported with a warning due, the day of its opening is the only one.
    """
    claims_of = Claims(settings)

    def differ(case: Case, log: Sequence[Entry], known: Sequence[Fact], policy: Policy, law: OfLaw) -> set[str]:
        if law.under != claims_of.digest_of(case.debt.jurisdiction):
            return set()
        told = log if case.contacts or case.plans else ()
        dues = claims_of.dues(case, told, known, policy)
        look = law.outlook.warn_on
        day = today if look is None else look if look == log[0].effective_on else days_after(look, -1)
        fits = outlook(case, dues, policy.deadlines.warn_days, day)
        return {name for name in fits._fields if getattr(law.outlook, name) != getattr(fits, name)}

    return differ


# --- facts of a claim -------------------------------------------------------------------------------------------------


def is_of_debtor(fact: str) -> bool:
    """Whether a fact's word belongs to the debtor's journal: rules about contacts know it."""
    return fact in words().events


def log_claim_fact(desk: Desk, ref: str, new: NewClaimFact, *, about_others: bool = False) -> Changed:
    """Record a fact from which the law counts days for this claim; refuse a word that its rules do not know."""
    if about_others:
        raise UsageError(
            "'{fact}' is a fact of one claim; --about and --all-cases are for facts of the debtor.", fact=new.fact
        )

    def decide(case: Case, policy: Policy, now: Any) -> Decision:
        word = _word(desk.settings, case, new.fact)
        return claims.record(case, policy, now, word, new)

    return desk.change(ref, decide)


def _word(settings: Settings, case: Case, fact: str) -> Word:
    law = law_of(settings, case.debt.jurisdiction)
    if law and fact in law.words:
        return law.words[fact]
    if fact in claims.OWN:
        raise InputError(
            "'{fact}' is what the case itself says.", hint="See it with: dunning show-case CASE", fact=fact
        )
    known = sorted({*words().events, *(law.words if law else ())})
    raise InputError(
        "'{fact}' is no fact that the rules of {pack} know.",
        hint=meant(fact, known) or "See the words in docs/contact-rules.md, under Flags, and in docs/deadlines.md.",
        fact=fact,
        pack=case.debt.jurisdiction,
    )
