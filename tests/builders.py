"""Builders with good defaults: a test writes down only what it is about.

`a_story` opens a case and goes on day by day: `story.then("2025-02-01", payments.receive, money("300.00 CNY"))`.
It keeps the case, its entries and its policy. `a_case` is the case of such a story. Days are ISO texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any, Concatenate, Final, ParamSpec
from zoneinfo import ZoneInfo

from dunning_cli.domain import cases, closures, contacts, plans
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.days import Clock, Every, Now
from dunning_cli.domain.entries import (
    CaseOpened,
    CaseOutcome,
    Channel,
    ContactLogged,
    Direction,
    Installment,
    Outcome,
    PlanTerms,
    Purpose,
    StageMoved,
)
from dunning_cli.domain.facts import Plan, PlanStatus
from dunning_cli.domain.journal import Entry
from dunning_cli.domain.money import Money
from dunning_cli.domain.plans import Offer
from dunning_cli.domain.policies import Policy, plain_defaults, policy_of
from dunning_cli.domain.review import review
from dunning_cli.domain.stages import CLOSED, Event, Place, Stage

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
OPENED: Final = "2025-01-06"  # a Monday

P = ParamSpec("P")


def money(text: str) -> Money:
    """`money("1000.00 CNY")`."""
    amount, currency = text.split()
    return Money.of(amount, currency)


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def a_now(
    when: str | date = OPENED,
    *,
    actor: str = "li",
    zone: ZoneInfo = SHANGHAI,
    clock: Clock = Clock.SYSTEM,
) -> Now:
    """The moment of a command: a day (at noon) or a day with a time, in the creditor's zone."""
    moment = datetime.fromisoformat(when) if isinstance(when, str) else datetime.combine(when, time())
    if not isinstance(when, str) or "T" not in when:
        moment = moment.replace(hour=12)
    return Now(moment.replace(tzinfo=zone), zone, actor, clock)


def a_policy(*, version: int = 1, **overrides: Any) -> Policy:
    """The built-in policy with some values replaced: `a_policy(tolerance="0.00", plan={"max_missed": 3})`."""
    return policy_of(plain_policy(**overrides), version)


def plain_policy(**overrides: Any) -> dict[str, Any]:
    """The plain values of the built-in policy with some replaced. A key that does not exist raises KeyError."""
    plain = plain_defaults()
    for key, value in overrides.items():
        known = plain[key]
        if isinstance(known, dict):
            if unknown := value.keys() - known.keys():
                raise KeyError(f"{key} has no {sorted(unknown)}")
            known |= value
        else:
            plain[key] = deepcopy(value)
    return plain


def an_opening(*, owed: str = "1000.00 CNY", due: str = "2024-12-01", **given: Any) -> CaseOpened:
    """What opens a case: debtor 1 owes the creditor Acme."""
    values: dict[str, Any] = {"debtor_id": 1, "creditor": "Acme", "principal": money(owed), "due": day(due)}
    return CaseOpened(**values | given)


def a_contact(
    *,
    channel: str = "call",
    outcome: str = "conversation",
    direction: str = "out",
    purpose: str | None = None,
    **given: Any,
) -> ContactLogged:
    """A contact, by default an outgoing call in which the debtor spoke."""
    return ContactLogged(
        Channel(channel), Outcome(outcome), Direction(direction), purpose=Purpose(purpose) if purpose else None, **given
    )


def a_final_demand(**given: Any) -> ContactLogged:
    """A final demand by letter."""
    return a_contact(**{"channel": "letter", "outcome": "sent", "purpose": "final_demand"} | given)


def an_offer(
    *,
    installments: int = 3,
    first: str = "2025-02-01",
    every: str = "month",
    amount: str | None = None,
    down: str | None = None,
    settle_for: str | None = None,
    expires: str | None = None,
) -> Offer:
    """What is offered to the debtor, by default three months from February on over the whole balance."""
    return Offer(
        installments,
        day(first),
        Every(every),
        money(amount) if amount else None,
        money(down) if down else None,
        money(settle_for) if settle_for else None,
        day(expires) if expires else None,
    )


def some_terms(
    *, tolerance_days: int = 3, tolerance_amount: str = "0.00 CNY", max_missed: int = 2, on_break: str = "negotiation"
) -> PlanTerms:
    """The tolerances that an accepted plan keeps; the built-in policy's by default."""
    return PlanTerms(tolerance_days, money(tolerance_amount), max_missed, Stage(on_break))


def a_plan(
    *,
    number: int = 1,
    status: str = "accepted",
    installments: Sequence[tuple[str, str]] = (
        ("2025-02-01", "300.00 CNY"),
        ("2025-03-01", "300.00 CNY"),
        ("2025-04-01", "300.00 CNY"),
    ),
    proposed_on: str = "2025-01-10",
    proposed: int = 4,
    expires: str = "2025-01-24",
    settles: bool = False,
    terms: PlanTerms | None = None,
    missed: tuple[int, ...] = (),
) -> Plan:
    """A plan as a case remembers it: by default three times 300.00, accepted."""
    rows = tuple(Installment(at, day(due), money(amount)) for at, (due, amount) in enumerate(installments, 1))
    kept = terms if status in ("proposed", "declined", "withdrawn", "expired") else terms or some_terms()
    return Plan(number, PlanStatus(status), rows, day(proposed_on), proposed, day(expires), settles, kept, missed)


class Story:
    """A case, its policy, and its entries so far; `then` lets something happen on a day."""

    def __init__(self, decision: Decision) -> None:
        self.case = decision.case
        self.policy = decision.policy
        self.entries: list[Entry] = list(decision.entries)

    def then(
        self,
        when: str | date,
        act: Callable[Concatenate[Case, Policy, Now, P], Decision],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Decision:
        """Decide and apply; the decision is returned so that its own entries can be looked at."""
        return self.take(act(self.case, self.policy, a_now(when), *args, **kwargs))

    def take(self, decision: Decision) -> Decision:
        """Apply what was decided."""
        self.case = decision.case
        self.entries += decision.entries
        return decision

    def add(self, when: str | date, *whats: Any) -> None:
        """Write entries directly, whatever the stage table says."""
        for what in whats:
            decision = Decision(self.case, self.policy, a_now(when))
            decision.add(what)
            self.take(decision)

    def review(self, when: str | date) -> list[Entry]:
        """What the nightly run writes on a day."""
        return self.then(when, review).entries

    def review_daily(self, first: str | date, last: str | date) -> list[Entry]:
        """What the nightly run writes on each day from the first to the last."""
        on, written = day(first), []
        while on <= day(last):
            written += self.review(on)
            on += timedelta(days=1)
        return written


def kinds(decision: Decision | Sequence[Entry]) -> list[str]:
    """The kinds of the entries that were decided, in order."""
    entries = decision.entries if isinstance(decision, Decision) else decision
    return [entry.what.kind for entry in entries]


def a_story(
    *,
    stage: Place = Stage.CONTACT,
    owed: str = "1000.00 CNY",
    opened: str = OPENED,
    moved: str | None = None,
    policy: Policy | None = None,
    offer: Offer | None = None,
    outcome: str = "written_off",
    case_id: int = 7,
    **given: Any,
) -> Story:
    """A case opened on a day and, on the day `moved` (by default the same), taken to its stage by what leads there.

    In negotiation the debtor was reached; in monitoring a plan was agreed (`offer`); in legal the case was escalated
    from negotiation; closed, it was closed by hand in negotiation with `outcome`.
    """
    story = Story(
        cases.opening(an_opening(owed=owed, **given), case_id, policy or a_policy(), a_now(opened)),
    )
    moved = moved or opened
    if stage != Stage.CONTACT:
        story.then(moved, contacts.log, a_contact())
    if stage == Stage.MONITORING:
        story.then(moved, plans.propose, offer or an_offer())
        story.then(moved, plans.accept)
    if stage == Stage.LEGAL:
        story.add(moved, StageMoved(Stage.NEGOTIATION, Stage.LEGAL, Event.ESCALATE))
    if stage == CLOSED:
        story.then(moved, closures.close, CaseOutcome(outcome))
    return story


def a_case(**given: Any) -> Case:
    """The case of `a_story` with the same arguments."""
    return a_story(**given).case
