"""Levels of dunning: which one is due on a case, since when, and what is sent for it.

All of it follows from facts (the due date, payments, holds that are over, the levels reached and the notices sent) and
the day: when earlier runs took place, and what they missed, changes nothing. A level that was reached is never reached
again unless the policy starts the count anew.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ..errors import RefusedError
from .cases import Case, Decision
from .days import Now, days_after
from .entries import ChargeAdded, ChargeKind, ContactLogged, NoticeSent, TermsChanged
from .facts import Notice, Pause, PlanStatus
from .money import Money
from .policies import Advance, CountFrom, DunningLevel, DunningRules, Mode, OnHold, Policy
from .stages import Stage
from .terms import Terms

_STAGES = (Stage.CONTACT, Stage.NEGOTIATION)


class Reached(NamedTuple):
    """A level that is due: since which day, and the levels that were passed over for it."""

    level: DunningLevel
    rule_day: date
    passed: tuple[int, ...] = ()


def applies(case: Case, policy: Policy) -> bool:
    """Whether levels are counted on a case: while the debtor is asked to pay, and nothing is agreed or proposed."""
    return (
        bool(policy.dunning.levels)
        and case.outcome is None
        and case.hold is None
        and case.stage in _STAGES
        and (case.plan is None or case.plan.status not in (PlanStatus.PROPOSED, PlanStatus.ACCEPTED))
    )


def due(case: Case, policy: Policy, today: date) -> Reached | None:
    """The level that is due on a day and was not yet reached."""
    if not applies(case, policy):
        return None
    count = _Count(case, policy.dunning)
    reached = [found for found in count.ahead() if found.rule_day <= today]
    return reached[-1] if reached else None


def next_day(case: Case, policy: Policy) -> date | None:
    """The first day on which a level is due that was not yet reached; None while nothing is to come, or the last notice
    has to be sent first."""
    if not applies(case, policy):
        return None
    return min((found.rule_day for found in _Count(case, policy.dunning).ahead()), default=None)


def unsent(case: Case, policy: Policy) -> DunningLevel | None:
    """The level that was reached and whose notice was not sent, where the policy still has it."""
    if not applies(case, policy):
        return None
    count = _Count(case, policy.dunning)
    if not 0 < count.current <= len(count.rules.levels) or count.sent(count.current):
        return None
    return count.rules.levels[count.current - 1]


def counted_from(case: Case, policy: Policy) -> date:
    """Day 0 of the levels of a case: by the policy, or the day from which it starts the count anew."""
    return _Count(case, policy.dunning).day0


def fee_of(case: Case, policy: Policy, level: int) -> Money | None:
    """What the notice of a level costs the debtor: nothing where it was charged before in the same count."""
    fee = policy.amounts(case.debt.principal.currency).level_fee(level)
    day0 = counted_from(case, policy)
    charged = any(each.rule == _fee_rule(level) and each.on >= day0 for each in case.charges)
    return fee if fee and not charged else None


def _fee_rule(level: int) -> str:
    return f"dunning.level.{level}"


def send(
    case: Case,
    policy: Policy,
    now: Now,
    contact: ContactLogged | int,
    respond_by: date | None = None,
    *,
    terms: Terms | None = None,
) -> Decision:
    """Note that the notice of the level that is due was sent, and charge its fee in the same step.

    `contact` is the letter as it is logged on this case, or the number of the case on which it was. `terms` are those
    with the cap that the law sets to fees, where it was not noted before.
    """
    level = unsent(case, policy)
    if level is None:
        raise RefusedError(
            "No notice is due on case {case}.",
            hint="The nightly run says when a level is reached; see what is next with: dunning show-case CASE",
            case=case.case_id,
        )
    decision = Decision(case, policy, now)
    fee = fee_of(case, policy, level.number)
    said = (level.template, level.template.purpose, policy.label, respond_by, fee)
    if isinstance(contact, ContactLogged):
        decision.add(contact)
        decision.add(NoticeSent(level.number, contact.channel, *said, to=contact.to))
    else:
        decision.add(NoticeSent(level.number, level.channel, *said, contact_in=contact))
    if fee:
        if terms and terms != (case.terms or Terms()):
            decision.add(TermsChanged(terms, rule="cap"))
        decision.add(ChargeAdded(fee, ChargeKind.FEE, _fee_rule(level.number)))
    return decision


class _Count:
    """The levels of one case: from which day they are counted, and which were reached since."""

    def __init__(self, case: Case, rules: DunningRules) -> None:
        self.case = case
        self.rules = rules
        first = _first_day(case, rules)
        anew = [day for day in _restarts(case, rules) if day > first]
        self.day0 = max(anew, default=first)
        self.notices = [each for each in case.notices if not anew or each.on >= self.day0]
        self.current = max((each.level for each in self.notices), default=0)

    def sent(self, level: int) -> bool:
        return any(each.sent for each in self.notices if each.level == level)

    def ahead(self) -> Iterator[Reached]:
        """The levels that can be reached next, each with its day, the lowest first."""
        if self.current and self.rules.require_sent and not self.sent(self.current):
            return
        passed: tuple[int, ...] = ()
        for level in self.rules.levels[self.current :]:
            if not self._falls_in_a_hold(level):
                yield Reached(level, max(self._day(level), *self._not_before()), passed)
                if self.rules.advance is Advance.SEQUENTIAL:
                    return
            passed = (*passed, level.number)

    def _falls_in_a_hold(self, level: DunningLevel) -> bool:
        if self.rules.on_hold is not OnHold.SKIP_NOTICE:
            return False
        day = self._day(level)
        return any(pause.start <= day < pause.end for pause in self.case.paused)

    def _not_before(self) -> Iterator[date]:
        """Days before which no further level is due: by the grace, and by the last notice."""
        yield days_after(self.case.debt.due, self.rules.grace_days + 1)
        if not self.notices:
            return
        last = max(self.notices, key=lambda each: (each.on, each.seq))
        yield days_after(last.on, max(1, self.rules.min_gap_days))
        if answers := [each.respond_by for each in self.notices if each.respond_by]:
            yield days_after(max(answers), 1)

    def _day(self, level: DunningLevel) -> date:
        """The day that the policy names for a level."""
        start = self._previous(level) if level.mode is Mode.AFTER_PREVIOUS and level.number > 1 else self.day0
        day = self._later(start, level.after)
        if level.mode is Mode.END_OF_MONTH:
            day = day.replace(day=monthrange(day.year, day.month)[1])
        return day

    def _previous(self, level: DunningLevel) -> date:
        """The day of the level before: when its notice was sent, when it was reached, or when it would have been."""
        mine = [each for each in self.notices if each.level == level.number - 1]
        if mine:
            return max(mine, key=_weight).on
        return self._day(self.rules.levels[level.number - 2])

    def _later(self, start: date, days: int) -> date:
        """So many days later, those on hold left out where the policy says so."""
        day = days_after(start, days)
        if self.rules.on_hold is OnHold.FREEZE:
            for pause in _in_order(self.case.paused):
                if pause.start <= day and pause.end > start:
                    day = days_after(day, (pause.end - max(pause.start, start)).days)
        return day


def _weight(notice: Notice) -> tuple[bool, date, int]:
    return notice.sent, notice.on, notice.seq


def _in_order(pauses: Sequence[Pause]) -> list[Pause]:
    return sorted(pauses, key=lambda pause: pause.start)


def _first_day(case: Case, rules: DunningRules) -> date:
    debt = case.debt
    match rules.count_from:
        case CountFrom.DUE:
            return debt.due
        case CountFrom.DAY_AFTER_DUE:
            return days_after(debt.due, 1)
        case CountFrom.OPENED:
            return case.opened_on
        case CountFrom.INVOICE:
            return debt.incurred or debt.due


def _restarts(case: Case, rules: DunningRules) -> Iterator[date]:
    """Days from which the count starts anew: those of payments that stayed, and of holds that cleared the levels."""
    if rules.reanchor_after_payment:
        yield from (payment.on for payment in case.payments if payment.reversed_on is None)
    if rules.on_hold is OnHold.CLEAR:
        yield from (pause.end for pause in case.paused)
