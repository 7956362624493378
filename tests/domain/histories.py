"""Hypothesis strategies for whole histories: a case driven by valid operations, in any order, with dates going forward.

A history is drawn as a list of acts and played; an act that the domain refuses does nothing. Reviews are never refused,
so whatever they raise is raised here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from dunning_cli.domain import (
    assessments,
    cases,
    closures,
    contacts,
    holds,
    legal,
    notes,
    payments,
    plans,
)
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.days import Every, Now
from dunning_cli.domain.entries import (
    Assessed,
    Channel,
    ContactLogged,
    Direction,
    HoldReason,
    Level,
    Outcome,
    Purpose,
    Reason,
    Voided,
)
from dunning_cli.domain.journal import Entry
from dunning_cli.domain.money import Money
from dunning_cli.domain.plans import Offer
from dunning_cli.domain.policies import Policy
from dunning_cli.domain.review import review
from dunning_cli.errors import InputError, RefusedError
from tests.builders import SHANGHAI, a_policy, an_opening

OPENED = datetime(2025, 1, 6, 8, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Step:
    """What was done, what it wrote, and the case as it was carried afterwards."""

    now: Now
    said: str
    entries: tuple[Entry, ...]
    before: Case
    case: Case

    @property
    def on(self) -> date:
        return self.now.today


@dataclass
class History:
    """A case and all that happened to it."""

    policy: Policy
    overrides: dict[str, Any]
    steps: list[Step] = field(default_factory=list)
    at: datetime = OPENED

    @property
    def case(self) -> Case:
        return self.steps[-1].case

    @property
    def entries(self) -> list[Entry]:
        return [entry for step in self.steps for entry in step.entries]

    @property
    def now(self) -> Now:
        return Now(self.at, SHANGHAI, "li")

    @property
    def today(self) -> date:
        return self.now.today

    @property
    def days(self) -> list[date]:
        """Some days before the first entry to some after the last, each once."""
        first = min(entry.effective_on for entry in self.entries) - timedelta(days=2)
        last = max(entry.effective_on for entry in self.entries) + timedelta(days=2)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def wait(self, days: int) -> None:
        """Time goes on: a second at least."""
        self.at = datetime.combine(self.at.date() + timedelta(days=days), self.at.time(), SHANGHAI)
        self.at += timedelta(seconds=1)

    def back(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def decide(self, said: str, act: Callable[..., Decision], *args: Any) -> None:
        """Let the domain decide; nothing happens where it refuses."""
        before = self.case
        try:
            decision = act(before, self.policy, self.now, *args)
        except (RefusedError, InputError):
            if act is review:
                raise
            return
        self.steps.append(Step(self.now, said, tuple(decision.entries), before, decision.case))

    def __repr__(self) -> str:
        """The story as a person reads it, for the report of a property that fails."""
        lines = [f"policy {self.overrides}"]
        for step in self.steps:
            wrote = ", ".join(f"{e.what.kind}({e.effective_on})" for e in step.entries)
            lines.append(f"{step.on} {step.said} -> {wrote} [{step.case.stage}, {step.case.status}]")
        return "\n" + "\n".join(lines)


Act = Callable[[History], None]


def _contact(outcome: Outcome, direction: Direction, purpose: Purpose | None, level: Level | None, back: int) -> Act:
    def act(h: History) -> None:
        what = ContactLogged(
            Channel.CALL,
            outcome,
            direction,
            purpose=purpose,
            willingness=level,
            reason=Reason.CASH_FLOW if level else None,
            note="王先生" if level else None,
        )
        at = h.at - timedelta(days=back)
        h.decide(f"contact {outcome} {direction} {purpose} {back} days ago", contacts.log, what, at)

    return act


def _assess(willingness: Level | None, ability: Level | None, gets: int | None, spends: int) -> Act:
    def act(h: History) -> None:
        income = None if gets is None else Money(gets, "CNY")
        expenses = None if gets is None else Money(spends, "CNY")
        if willingness or ability or gets is not None:
            h.decide("assess", assessments.record, Assessed(willingness, ability, income, expenses))

    return act


def _propose(installments: int, first_in: int, every: Every, share: int, settles: bool, down: int, valid: int) -> Act:
    """`share` of eight parts of what is owed; `down` of four parts of that."""

    def act(h: History) -> None:
        owed = h.case.owed(h.today)
        total = Money(owed.minor * share // 8, "CNY")
        offer = Offer(
            installments,
            h.today + timedelta(days=first_in),
            every,
            None if settles or share == 8 else total,
            Money(total.minor * down // 4, "CNY") if down else None,
            total if settles else None,
            h.today + timedelta(days=valid),
        )
        if total:
            h.decide(f"propose {offer}", plans.propose, offer)

    return act


def _agree(first_in: int, installments: int, share: int) -> Act:
    def act(h: History) -> None:
        _contact(Outcome.PROMISED, Direction.OUT, None, None, 0)(h)
        h.wait(0)
        _propose(installments, first_in, Every.MONTH, share, False, 0, 14)(h)
        h.wait(0)
        h.decide("accept", plans.accept)

    return act


def _to_legal(back: int) -> Act:
    def act(h: History) -> None:
        for purpose in (None, None, Purpose.FINAL_DEMAND):
            _contact(Outcome.SENT, Direction.OUT, purpose, None, back)(h)
            h.wait(0)
        h.decide("escalate", legal.escalate)

    return act


def _pay(how: str, back: int) -> Act:
    def act(h: History) -> None:
        owed = h.case.owed(h.today).minor
        due = owed // 3
        if h.case.plan:
            unpaid = h.case.plan.unpaid(h.case.payments, h.today)
            due = unpaid[0][0].amount.minor - unpaid[0][1].minor if unpaid else owed
        minor = {
            "installment": due,
            "short": due - 1,
            "half": due // 2,
            "cents": 4,
            "all": owed,
            "nearly all": owed - 9,
            "just open": owed - 12,
            "too much": owed + 500,
        }[how]
        if minor > 0:
            amount = Money(minor, "CNY")
            on = h.back(back)
            h.decide(
                f"pay {how}: {amount} on {on}", lambda *given: payments.receive(*given, on=on, reference=None), amount
            )

    return act


def _reverse(which: int, back: int) -> Act:
    def act(h: History) -> None:
        standing = [p for p in h.case.payments if p.reversed_on is None]
        if standing:
            reference = standing[which % len(standing)].reference
            on = h.back(back)
            h.decide(f"reverse {reference} on {on}", payments.reverse, reference, "returned", on)

    return act


def _void(which: int) -> Act:
    def act(h: History) -> None:
        gone = {e.what.seq for e in h.entries if isinstance(e.what, Voided)}
        open_to_it = [e.seq for e in h.entries if e.what.voidable and e.seq not in gone]
        if open_to_it:
            seq = open_to_it[which % len(open_to_it)]
            h.decide(f"void {seq}", notes.void, seq, "a mistake", h.entries)

    return act


def _hold(days: int | None) -> Act:
    def act(h: History) -> None:
        until = None if days is None else h.today + timedelta(days=days)
        h.decide(f"hold until {until}", holds.hold, HoldReason.DISPUTE, until)

    return act


def _simply(said: str, act: Callable[..., Decision], *args: Any) -> Act:
    return lambda h: h.decide(said, act, *args)


_LEVELS = st.sampled_from([None, *Level])
_BACK = st.sampled_from([0, 0, 0, 1, 3, 8, 20, 45])
_ACTS: dict[str, st.SearchStrategy[Act]] = {
    "contact": st.builds(
        _contact,
        st.sampled_from([Outcome.CONVERSATION, Outcome.NO_ANSWER, Outcome.SENT, Outcome.RETURNED]),
        st.sampled_from(Direction),
        st.sampled_from([None, Purpose.REMINDER, Purpose.DEMAND, Purpose.FINAL_DEMAND]),
        _LEVELS,
        _BACK,
    ),
    "demand": st.builds(
        _contact,
        st.just(Outcome.SENT),
        st.just(Direction.OUT),
        st.just(Purpose.FINAL_DEMAND),
        st.none(),
        _BACK,
    ),
    "assess": st.builds(_assess, _LEVELS, _LEVELS, st.sampled_from([None, 0, 300000]), st.sampled_from([0, 200000])),
    "propose": st.builds(
        _propose,
        st.integers(1, 4),
        st.integers(0, 20),
        st.sampled_from(Every),
        st.sampled_from([8, 8, 6, 3, 1]),
        st.booleans(),
        st.sampled_from([0, 0, 1]),
        st.sampled_from([0, 5, 14, 40]),
    ),
    "agree": st.builds(_agree, st.integers(0, 15), st.integers(1, 4), st.sampled_from([8, 6, 3])),
    "to legal": st.builds(_to_legal, st.sampled_from([0, 20, 45])),
    "accept": st.just(_simply("accept", plans.accept)),
    "decline": st.just(_simply("decline", plans.decline, "too much")),
    "withdraw": st.just(_simply("withdraw", plans.withdraw, "an error")),
    "pay": st.builds(
        _pay,
        st.sampled_from(
            ["installment", "installment", "half", "short", "cents", "all", "nearly all", "just open", "too much"]
        ),
        _BACK,
    ),
    "reverse": st.builds(_reverse, st.integers(0, 5), _BACK),
    "void": st.builds(_void, st.integers(0, 12)),
    "hold": st.builds(_hold, st.sampled_from([None, 0, 5, 30])),
    "release": st.just(_simply("release", holds.release)),
    "review": st.just(_simply("review", review)),
    "escalate": st.just(_simply("escalate", legal.escalate, "enough")),
    "close": st.sampled_from(closures.BY_HAND).map(lambda o: _simply(f"close as {o}", closures.close, o, "so be it")),
    "reopen": st.just(_simply("reopen", closures.reopen, "new facts")),
    "assign": st.sampled_from(["li", "wang"]).map(lambda name: _simply(f"assign {name}", notes.assign, name)),
    "note": st.just(_simply("note", notes.note, "王")),
}
# How often each happens, beside the others that happen once.
_OFTEN = {"agree": 3, "pay": 4, "review": 3, "contact": 2, "to legal": 2}
_NAMES = [name for name in _ACTS for _ in range(_OFTEN.get(name, 1))]

ACTS = st.sampled_from(_NAMES).flatmap(lambda name: _ACTS[name])
WAITS = st.sampled_from([0, 0, 0, 1, 1, 4, 12, 27, 33, 50])

POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "tolerance": st.sampled_from(["0.00", "0.50"]),
        "contact": st.fixed_dictionaries(
            {
                "min_attempts": st.integers(0, 2),
                "min_demands": st.integers(0, 1),
                "max_days": st.sampled_from([0, 10, 60]),
            }
        ),
        "negotiation": st.fixed_dictionaries({"max_days": st.sampled_from([0, 10, 45])}),
        "plan": st.fixed_dictionaries(
            {
                "tolerance_days": st.sampled_from([0, 3]),
                "tolerance_amount": st.sampled_from(["0.00", "5.00"]),
                "max_missed": st.integers(1, 3),
                "max_renegotiations": st.integers(0, 3),
                "on_break": st.sampled_from(["negotiation", "legal"]),
            }
        ),
        "legal": st.fixed_dictionaries(
            {
                "min_balance": st.sampled_from(["0.00", "500.00"]),
                "demand_before_days": st.sampled_from([0, 15]),
                "auto_escalate": st.booleans(),
            }
        ),
    },
)


def _play(overrides: dict[str, Any], principal: int, acts: list[tuple[int, Act]]) -> History:
    h = History(a_policy(**overrides), overrides)
    opened = cases.opening(an_opening(owed=f"{principal}.00 CNY"), 7, h.policy, h.now)
    h.steps.append(Step(h.now, "open", tuple(opened.entries), opened.case, opened.case))
    for days, act in acts:
        h.wait(days)
        act(h)
    note(repr(h))
    return h


def histories(policies: st.SearchStrategy[dict[str, Any]] = POLICIES) -> st.SearchStrategy[History]:
    """Short and long histories: up to two dozen acts, over days or over two years."""
    act = st.tuples(WAITS, ACTS)
    acts = st.one_of(st.lists(act, max_size=8), st.lists(act, min_size=8, max_size=24))
    return st.builds(_play, policies, st.sampled_from([1, 100, 1000]), acts)
