"""Hypothesis strategies for whole histories: a case driven by valid operations, in any order, with dates going forward.

A history is drawn as a list of acts and played; an act that the domain refuses does nothing. Reviews are never refused,
so whatever they raise is raised here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from msgspec.structs import replace

from dunning_cli.domain import (
    assessments,
    cases,
    charges,
    claims,
    closures,
    contacts,
    holds,
    legal,
    notes,
    notices,
    parties,
    payments,
    plans,
)
from dunning_cli.domain.allocation import ORDER
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.claims import Holds, NewClaimFact, Word
from dunning_cli.domain.compliance.words import Party
from dunning_cli.domain.days import Every, Now
from dunning_cli.domain.entries import (
    Assessed,
    Channel,
    ChargeKind,
    ContactLogged,
    ContactRefused,
    DeadlineNear,
    Direction,
    HoldReason,
    Level,
    Outcome,
    PolicyChanged,
    Purpose,
    Reason,
    Voided,
)
from dunning_cli.domain.interest import DayCount
from dunning_cli.domain.interest import Step as RateStep
from dunning_cli.domain.journal import Entry
from dunning_cli.domain.money import Money, Rounding
from dunning_cli.domain.plans import Offer
from dunning_cli.domain.policies import LEVEL_DEFAULTS, Advance, CountFrom, Mode, OnHold, Policy, Scope
from dunning_cli.domain.review import review
from dunning_cli.domain.terms import Cap, Terms
from dunning_cli.errors import InputError, PartyNotFoundError, RefusedError
from tests.builders import SHANGHAI, a_policy, an_opening

OPENED = datetime(2025, 1, 6, 8, tzinfo=SHANGHAI)


@dataclass(frozen=True, repr=False)
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


@dataclass(repr=False)
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
        """The days on which anything counts from, each with the day before and the day after."""
        known = {entry.effective_on for entry in self.entries}
        return sorted({on + timedelta(days=number) for on in known for number in (-1, 0, 1)})

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
        except (RefusedError, InputError, PartyNotFoundError):
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


@dataclass(frozen=True)
class Act:
    """Something that somebody does to a case; the arguments say how, seen from wherever the case then stands."""

    does: Callable[..., None]
    args: tuple[Any, ...]

    def __call__(self, history: History) -> None:
        self.does(history, *self.args)

    def __repr__(self) -> str:
        return f"{self.does.__name__}{self.args}"


def every(does: Callable[..., None], *args: Iterable[Any]) -> list[Act]:
    """The act with every choice of its arguments."""
    return [Act(does, chosen) for chosen in product(*args)]


def contact(
    h: History, outcome: Outcome, direction: Direction, purpose: Purpose | None, level: Level | None, back: int
) -> None:
    what = ContactLogged(
        Channel.CALL,
        outcome,
        direction,
        purpose=purpose,
        willingness=level,
        reason=Reason.CASH_FLOW if level else None,
        note="王先生" if level else None,
    )
    said = f"contact {outcome} {direction} {purpose} {back} days ago"
    h.decide(said, contacts.log, what, h.at - timedelta(days=back))


def refuse_contact(h: History, channel: Channel) -> None:
    what = ContactRefused(channel, "debtor", ("generic.hours",), "generic@1", note="王")
    h.decide(f"contact by {channel} refused", contacts.refuse, what)


def party(h: History, does: Callable[..., Decision], person: int, role: Party) -> None:
    """Somebody becomes a party of the case, or is one no longer; most often one who is there."""
    there = [each for each in h.case.parties if each.ended is None]
    if does is parties.end and there:
        person, role = there[person % len(there)].person, Party(there[person % len(there)].role)
    given = (person, role) if does is parties.add else ([person], role)
    h.decide(f"{does.__name__} party {person} {role}", does, *given)


def guarantor_for_a_while(h: History, person: int) -> None:
    party(h, parties.add, person, Party.GUARANTOR)
    h.wait(1)
    party(h, parties.end, person, Party.GUARANTOR)


def claim_fact(h: History, word: Word, back: int) -> None:
    new = NewClaimFact(word.name, h.back(back))
    h.decide(f"{word.name} {back} days ago", claims.record, word, new)


def warn(h: History, ahead: int) -> None:
    """What the nightly run writes of a day that comes near."""

    def near(case: Case, policy: Policy, now: Now) -> Decision:
        decision = Decision(case, policy, now)
        if not case.outcome:
            on = now.today + timedelta(days=ahead)
            decision.add(DeadlineNear("cn.limitation", "limitation_end", on, ahead, "the end", "期满", "cn@1"))
        return decision

    h.decide(f"a deadline in {ahead} days", near)


def assess(h: History, willingness: Level | None, ability: Level | None, gets: int | None, spends: int) -> None:
    income = None if gets is None else Money(gets, "CNY")
    expenses = None if gets is None else Money(spends, "CNY")
    if willingness or ability or gets is not None:
        h.decide("assess", assessments.record, Assessed(willingness, ability, income, expenses))


def propose(
    h: History, installments: int, first_in: int, every: Every, share: int, settles: bool, down: int, valid: int
) -> None:
    """`share` of eight parts of what is owed; `down` of four parts of that."""
    total = Money(h.case.owed(h.today).minor * share // 8, "CNY")
    terms = Offer(
        installments,
        h.today + timedelta(days=first_in),
        every,
        None if settles or share == 8 else total,
        Money(total.minor * down // 4, "CNY") if down else None,
        total if settles else None,
        h.today + timedelta(days=valid),
    )
    if total:
        h.decide(f"propose {terms}", plans.propose, terms)


def offer(h: History, first_in: int, installments: int, share: int, settles: bool, answer: str | None) -> None:
    """The debtor is reached, a plan is proposed and, often, accepted."""
    contact(h, Outcome.PROMISED, Direction.OUT, None, None, 0)
    h.wait(0)
    propose(h, installments, first_in, Every.MONTH, share, settles and share < 8, 0, 14)
    h.wait(0)
    if answer:
        simply(h, answer)


def to_legal(h: History, back: int) -> None:
    """All that the move to legal asks for, some days ago, and the move."""
    for purpose in (None, None, Purpose.FINAL_DEMAND):
        contact(h, Outcome.SENT, Direction.OUT, purpose, None, back)
        h.wait(0)
    h.decide("escalate", legal.escalate)


def pay(h: History, how: str, back: int) -> None:
    """`back` days ago; `in time` books late what was due, on the day it was due."""
    owed, on = h.case.owed(h.today).minor, h.back(back)
    unpaid = h.case.plan.unpaid(h.case.payments, h.today) if h.case.plan else []
    due = unpaid[0][0].amount.minor - unpaid[0][1] if unpaid else owed // 3
    if how == "in time" and unpaid:
        on = min(h.today, unpaid[0][0].due)
    minor = {
        "installment": due,
        "in time": due,
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
        h.decide(f"pay {amount} on {on}", lambda *given: payments.receive(*given, on=on), amount)


def catch_up(h: History) -> None:
    """Statements come late: what was due was paid on the day, and is booked now."""
    for _ in range(3):
        pay(h, "in time", 0)
        h.wait(0)


def reverse(h: History, which: int, back: int) -> None:
    standing = [p for p in h.case.payments if p.reversed_on is None]
    if standing:
        reference, on = standing[which % len(standing)].reference, h.back(back)
        h.decide(f"reverse {reference} on {on}", payments.reverse, reference, "returned", on)


def void(h: History, which: int) -> None:
    gone = {e.what.seq for e in h.entries if isinstance(e.what, Voided)}
    open_to_it = [e.seq for e in h.entries if e.what.voidable and e.seq not in gone]
    if open_to_it:
        seq = open_to_it[which % len(open_to_it)]
        h.decide(f"void {seq}", notes.void, seq, "a mistake", h.entries)


def hold(h: History, days: int | None) -> None:
    until = None if days is None else h.today + timedelta(days=days)
    h.decide(f"hold until {until}", holds.hold, HoldReason.DISPUTE, until)


def simply(h: History, said: str, *args: Any) -> None:
    does: dict[str, Callable[..., Decision]] = {
        "accept": plans.accept,
        "decline": plans.decline,
        "withdraw": plans.withdraw,
        "release": holds.release,
        "review": review,
        "escalate": legal.escalate,
        "close": closures.close,
        "reopen": closures.reopen,
        "assign": notes.assign,
        "note": notes.note,
        "refund": payments.refund,
    }
    h.decide(" ".join([said, *map(str, args)]), does[said], *args)


def send_notice(h: History, respond_in: int | None, elsewhere: bool) -> None:
    """The notice of the level that is due goes out, by itself or in the letter of another case."""
    respond_by = None if respond_in is None else h.today + timedelta(days=respond_in)
    letter = ContactLogged(Channel.LETTER, Outcome.SENT, purpose=Purpose.DEMAND, to="王府井 1")
    h.decide(f"send notice, answer by {respond_by}", notices.send, 9 if elsewhere else letter, respond_by)


def follow(h: History, scope: Scope) -> None:
    """The policy of the case is assigned to it anew."""

    def changed(case: Case, policy: Policy, now: Now) -> Decision:
        decision = Decision(case, policy, now)
        if not case.outcome:
            decision.add(PolicyChanged(policy.label, policy.label, str(scope)))
        return decision

    h.decide(f"policy assigned to its {scope}", changed)


def charge(h: History, minor: int, kind: ChargeKind, back: int) -> None:
    on = h.back(back)
    h.decide(f"charge {minor} on {on}", lambda *given: charges.add(*given, on=on), Money(minor, "CNY"), kind)


def waive(h: History, which: int) -> None:
    if h.case.charges:
        seq = h.case.charges[which % len(h.case.charges)].seq
        h.decide(f"waive the charge of {seq}", charges.waive, seq)


def rate(h: History, percent: str, back: int) -> None:
    """Another rate from a day on."""
    eve = h.back(back)
    was = h.case.terms or Terms()
    steps = (*(step for step in was.steps if step.after < eve), RateStep(eve, Decimal(percent)))
    h.decide(f"{percent} % after {eve}", charges.change_terms, replace(was, steps=steps))


def freeze(h: History, days: int | None) -> None:
    until = None if days is None else h.today + timedelta(days=days)
    h.decide(f"freeze until {until}", lambda *given: holds.hold(*given, freezes=True), HoldReason.MORATORIUM, until)


def inside(h: History, installments: int, waived: str | None) -> None:
    """A plan with the interest inside, of which a part is waived once it is kept."""
    contact(h, Outcome.CONVERSATION, Direction.OUT, None, None, 0)
    h.wait(0)
    share = None if waived is None else Decimal(waived)
    terms = Offer(installments, h.today + timedelta(days=5), with_interest=True, waive_interest=share)
    h.decide(f"propose {terms}", plans.propose, terms)
    h.wait(0)
    simply(h, "accept")


_LEVELS = (None, *Level)
_BACK = (0, 0, 0, 1, 3, 8, 20, 45)
_OUTCOMES = (Outcome.CONVERSATION, Outcome.NO_ANSWER, Outcome.SENT, Outcome.RETURNED)
_PURPOSES = (None, Purpose.REMINDER, Purpose.DEMAND, Purpose.FINAL_DEMAND)
_SUMS = (
    *(["installment"] * 5),
    *(["in time"] * 4),
    *("half", "short", "cents", "cents", "all", "nearly all", "just open", "too much"),
)
_ANSWERS = ("accept", "accept", "accept", "accept", "accept", "decline", "withdraw", None)
_OFFERS = every(offer, (0, 1, 5, 15), (1, 2, 3, 4), (8, 6, 3), (False, True), _ANSWERS)

# The acts that can be chosen from, and how often each kind happens beside the others.
_KINDS: list[tuple[int, list[Act]]] = [
    (5, every(pay, _SUMS, _BACK)),
    (3, _OFFERS),
    (3, every(simply, ["review"])),
    (1, every(catch_up)),
    (2, every(send_notice, (None, 0, 7), (False, True))),
    (1, every(party, (parties.add, parties.end), (8, 9), (Party.GUARANTOR, Party.SPOUSE))),
    (2, every(contact, _OUTCOMES, Direction, _PURPOSES, _LEVELS, _BACK)),
    (2, every(reverse, range(5), _BACK)),
    (2, every(hold, (None, 0, 5, 30))),
    (2, every(simply, ["reopen"], ["new facts"])),
    (1, every(simply, ["release"])),
    (1, every(void, range(12))),
    (1, every(to_legal, (0, 20, 45))),
    (1, every(assess, _LEVELS, _LEVELS, (None, 0, 300000), (0, 200000))),
    (1, every(propose, (1, 2, 3), (0, 2, 9, 20), Every, (8, 6, 3, 1), (False, True), (0, 0, 1), (0, 5, 14, 40))),
    (1, every(simply, ["close"], closures.BY_HAND)),
    (1, every(simply, ["accept", "decline", "withdraw", "escalate"])),
    (
        1,
        every(simply, ["assign"], ["li", "wang"])
        + every(simply, ["note"], ["王"])
        + every(refuse_contact, [Channel.CALL, Channel.TEXT])
        + every(guarantor_for_a_while, (8, 9)) * 3
        + every(claim_fact, [Word("payment_order_served", Holds.DAY), Word("acknowledgment", Holds.EVENT)], [0, 9])
        + every(follow, [Scope.CASE, Scope.CREDITOR])
        + every(warn, [0, 30]),
    ),
]
_CHOICES = [acts for often, acts in _KINDS for _ in range(often)]
# What happens besides to a debt that bears interest, as often as all else together.
_MONEY: list[list[Act]] = [
    every(charge, (1, 2500), ChargeKind, _BACK),
    every(waive, range(3)),
    every(simply, ["refund"]),
    every(rate, ("0", "36.5", "3.65"), _BACK),
    every(freeze, (None, 0, 5, 30)),
    every(inside, (1, 2, 4), (None, "50", "100")),
]
_MONEY_CHOICES = _CHOICES + _MONEY * (len(_CHOICES) // len(_MONEY))
_WAITS = (0, 0, 0, 1, 3, 6, 12, 27, 33, 50)


def _acts(choices: list[list[Act]]) -> st.SearchStrategy[tuple[int, Act]]:
    """How many days go by, and what is done then. Three plain numbers are quick to draw and to shrink."""

    def choose(drawn: tuple[int, int, int]) -> tuple[int, Act]:
        wait, kind, member = drawn
        acts = choices[kind]
        return _WAITS[wait], acts[member % len(acts)]

    numbers = (len(_WAITS), len(choices), max(map(len, choices)))
    return st.tuples(*(st.integers(0, number - 1) for number in numbers)).map(choose)


ACTS = _acts(_CHOICES)
MONEY_ACTS = _acts(_MONEY_CHOICES)
CAP = Cap("p@1", "p.cap", "A law", DayCount.ACT_365, Decimal(24), fees=True)
# 36.5 % a year is a tenth of a percent a day; it begins on the second day or a month later.
TERMS = st.builds(
    lambda after, count, rounding, order, cap: Terms(
        (RateStep(OPENED.date() + timedelta(days=after), Decimal("36.5")),), count, rounding, tuple(order), cap=cap
    ),
    st.sampled_from([0, 0, -40, 30]),
    st.sampled_from(DayCount),
    st.sampled_from(Rounding),
    st.permutations(ORDER),
    st.sampled_from([None, None, CAP]),
)
BEGINNINGS = st.sampled_from([*[()] * len(_OFFERS), *(((1, act),) for act in _OFFERS)])

LEVELS = st.lists(
    st.builds(
        lambda after, mode, fee: {**LEVEL_DEFAULTS, "after": after, "mode": mode.value, "fee": fee},
        st.sampled_from([0, 3, 10, 40]),
        st.sampled_from(Mode),
        st.sampled_from(["0.00", "5.00"]),
    ),
    max_size=4,
)

POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "tolerance": st.sampled_from(["0.00", "0.50"]),
        "grace_days": st.sampled_from([0, 40]),
        "dunning": st.fixed_dictionaries(
            {
                "advance": st.sampled_from(Advance),
                "require_sent": st.booleans(),
                "count_from": st.sampled_from(CountFrom),
                "min_gap_days": st.sampled_from([0, 5]),
                "on_hold": st.sampled_from(OnHold),
                "reanchor_after_payment": st.booleans(),
                "level": LEVELS,
            }
        ),
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


def _play(
    overrides: dict[str, Any],
    principal: int,
    nightly: bool,
    beginning: tuple[tuple[int, Act], ...],
    acts: list[tuple[int, Act]],
    terms: Terms | None,
) -> History:
    h = History(a_policy(**overrides), overrides)
    opened = cases.opening(an_opening(owed=f"{principal}.00 CNY", terms=terms), 7, h.policy, h.now)
    h.steps.append(Step(h.now, "open", tuple(opened.entries), opened.case, opened.case))
    for days, act in (*beginning, *acts):
        h.wait(days)
        if nightly and days:
            simply(h, "review")
            h.wait(0)
        act(h)
    note(repr(h))
    return h


def histories(
    policies: st.SearchStrategy[dict[str, Any]] = POLICIES, *, plain: bool = False
) -> st.SearchStrategy[History]:
    """Up to twenty acts over days or over two years, with or without a nightly run, many with a plan at the start.

    Half of the debts bear interest, and have costs and fees besides; with `plain` none does.
    """
    without = _histories(policies, ACTS, st.none())
    return without if plain else without | _histories(policies, MONEY_ACTS, TERMS)


def _histories(
    policies: st.SearchStrategy[dict[str, Any]],
    acts: st.SearchStrategy[tuple[int, Act]],
    terms: st.SearchStrategy[Terms | None],
) -> st.SearchStrategy[History]:
    several = st.sampled_from(range(1, 21)).flatmap(lambda number: st.lists(acts, min_size=number, max_size=number))
    return st.builds(_play, policies, st.sampled_from([1000, 100, 1]), st.booleans(), BEGINNINGS, several, terms)
