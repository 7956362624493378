"""The four stages and the table of moves: a small state machine, data plus one function.

`MOVES` says which event takes a case from where to where, and which guards must hold. `find_move` reads it, and refuses
with the guards that failed, what would satisfy each, and the moves that are open. Nothing else in the program moves a
case. The same table is printed by `dunning stages` and into docs/stages.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from ..errors import StageRefusedError
from .days import days_after
from .money import Money


class Stage(StrEnum):
    """The four stages of a case. A closed case keeps the stage in which it was closed."""

    CONTACT = "contact"
    NEGOTIATION = "negotiation"
    MONITORING = "monitoring"
    LEGAL = "legal"


CLOSED: Final = "closed"
Place: TypeAlias = Stage | Literal["closed"]
PLACES: Final[tuple[Place, ...]] = (*Stage, CLOSED)


class Event(StrEnum):
    """What can move a case, or is only allowed in some stages."""

    DEBTOR_REACHED = "debtor_reached"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_ACCEPTED = "plan_accepted"
    PLAN_BROKEN = "plan_broken"
    PLAN_COMPLETED = "plan_completed"
    PLAN_REINSTATED = "plan_reinstated"
    ESCALATE = "escalate"
    PAID = "paid"
    SETTLED = "settled"
    CLOSE = "close"
    REOPEN = "reopen"


# What a person can bring about by a command; the other events follow from payments and days.
BY_HAND: Final = frozenset(
    {Event.DEBTOR_REACHED, Event.PLAN_PROPOSED, Event.PLAN_ACCEPTED, Event.ESCALATE, Event.CLOSE, Event.REOPEN}
)


class Standing(Struct, frozen=True):
    """What the guards look at: a case's facts on one day beside the limits of its policy."""

    today: date
    owed: Money
    tolerance: Money
    min_balance: Money
    on_hold: bool
    attempts: int
    min_attempts: int
    demands: int
    min_demands: int
    final_demand_on: date | None
    demand_before_days: int
    proposal_open: bool
    plan_settled: bool
    plan_in_order: bool
    break_goes_to_legal: bool
    plans_broken: int
    max_renegotiations: int
    closed_in_legal: bool
    plan_in_force: bool

    @property
    def final_demand_ready_on(self) -> date | None:
        """The first day on which the final demand is old enough, or None where none was sent."""
        return self.final_demand_on and days_after(self.final_demand_on, self.demand_before_days)

    @property
    def final_demand_state(self) -> str:
        if not self.final_demand_on:
            return "none was sent since the last agreement"
        return f"sent on {self.final_demand_on}, old enough on {self.final_demand_ready_on}"

    def values(self) -> dict[str, Any]:
        """The numbers that the guards' texts speak of."""
        names = (
            "owed",
            "tolerance",
            "min_balance",
            "attempts",
            "min_attempts",
            "demands",
            "min_demands",
            "demand_before_days",
            "plans_broken",
            "max_renegotiations",
            "final_demand_state",
        )
        return {name: getattr(self, name) for name in names} | {"currency": self.owed.currency}


class Guard(NamedTuple):
    """A condition with a name. `needs` says what would satisfy it."""

    holds: Callable[[Standing], bool]
    needs: str


GUARDS: Final[dict[str, Guard]] = {
    "not_on_hold": Guard(
        lambda s: not s.on_hold,
        "the hold must end first (release-case)",
    ),
    "enough_attempts": Guard(
        lambda s: s.attempts >= s.min_attempts,
        "{min_attempts} attempts to reach the debtor; {attempts} are logged",
    ),
    "enough_demands": Guard(
        lambda s: s.demands >= s.min_demands,
        "{min_demands} demands for payment (log-contact --purpose demand); {demands} are logged",
    ),
    "final_demand_aged": Guard(
        lambda s: (ready := s.final_demand_ready_on) is not None and ready <= s.today,
        "a final demand (log-contact --purpose final_demand) at least {demand_before_days} days old; "
        "{final_demand_state}",
    ),
    "worth_it": Guard(
        lambda s: s.owed.minor > 0 and s.owed >= s.min_balance,
        "at least {min_balance} {currency} owed for legal action; {owed} is owed",
    ),
    "no_open_proposal": Guard(
        lambda s: not s.proposal_open,
        "the open proposal must be answered first (accept-plan, decline-plan or withdraw-plan)",
    ),
    "proposal_open": Guard(
        lambda s: s.proposal_open,
        "a proposed plan that has not expired (propose-plan)",
    ),
    "may_renegotiate": Guard(
        lambda s: s.plans_broken <= s.max_renegotiations,
        "a policy that allows another plan: {plans_broken} were broken, renegotiations allowed: {max_renegotiations}",
    ),
    "policy_says_legal": Guard(
        lambda s: s.break_goes_to_legal,
        "a plan agreed under a policy with on_break = legal",
    ),
    "something_owed": Guard(
        lambda s: s.owed > s.tolerance,
        "more than {tolerance} {currency} owed; {owed} is owed",
    ),
    "plan_in_order": Guard(
        lambda s: s.plan_in_order,
        "payments which show that the plan was kept after all, or a completed plan that a reversal opened again",
    ),
    "nothing_owed": Guard(
        lambda s: s.owed <= s.tolerance,
        "no more than {tolerance} {currency} owed; {owed} is owed",
    ),
    "settlement_kept": Guard(
        lambda s: s.plan_settled,
        "a settlement plan paid in full",
    ),
    "plan_in_force": Guard(
        lambda s: s.plan_in_force,
        "an agreed plan that was still followed when the case was closed",
    ),
    "closed_in_legal": Guard(
        lambda s: s.closed_in_legal,
        "a case that was closed in the legal stage",
    ),
}


class Move(NamedTuple):
    """One row of the table: the event, from where, to where, and the guards that must hold.

    Where an event has several rows from one place, the first whose guards hold is taken.
    """

    event: Event
    source: Place
    target: Place
    needs: tuple[str, ...] = ()


MOVES: Final[tuple[Move, ...]] = (
    Move(Event.DEBTOR_REACHED, Stage.CONTACT, Stage.NEGOTIATION),
    Move(
        Event.ESCALATE,
        Stage.CONTACT,
        Stage.LEGAL,
        ("not_on_hold", "enough_attempts", "enough_demands", "final_demand_aged", "worth_it"),
    ),
    Move(
        Event.PLAN_PROPOSED,
        Stage.NEGOTIATION,
        Stage.NEGOTIATION,
        ("not_on_hold", "no_open_proposal", "may_renegotiate"),
    ),
    Move(Event.PLAN_ACCEPTED, Stage.NEGOTIATION, Stage.MONITORING, ("proposal_open",)),
    Move(Event.PLAN_REINSTATED, Stage.NEGOTIATION, Stage.MONITORING, ("plan_in_order",)),
    Move(
        Event.ESCALATE,
        Stage.NEGOTIATION,
        Stage.LEGAL,
        ("not_on_hold", "no_open_proposal", "final_demand_aged", "worth_it"),
    ),
    Move(
        Event.PLAN_BROKEN,
        Stage.MONITORING,
        Stage.LEGAL,
        ("policy_says_legal", "final_demand_aged", "worth_it"),
    ),
    Move(Event.PLAN_BROKEN, Stage.MONITORING, Stage.NEGOTIATION),
    Move(Event.PLAN_COMPLETED, Stage.MONITORING, Stage.NEGOTIATION, ("something_owed",)),
    Move(Event.PLAN_PROPOSED, Stage.LEGAL, Stage.LEGAL, ("not_on_hold", "no_open_proposal")),
    Move(Event.PLAN_ACCEPTED, Stage.LEGAL, Stage.MONITORING, ("proposal_open",)),
    Move(Event.PLAN_REINSTATED, Stage.LEGAL, Stage.MONITORING, ("plan_in_order",)),
    *(Move(Event.PAID, stage, CLOSED, ("nothing_owed",)) for stage in Stage),
    Move(Event.SETTLED, Stage.MONITORING, CLOSED, ("settlement_kept",)),
    *(Move(Event.CLOSE, stage, CLOSED) for stage in Stage),
    Move(Event.REOPEN, CLOSED, Stage.MONITORING, ("something_owed", "plan_in_force")),
    Move(Event.REOPEN, CLOSED, Stage.LEGAL, ("something_owed", "closed_in_legal")),
    Move(Event.REOPEN, CLOSED, Stage.NEGOTIATION, ("something_owed",)),
)


def moves_from(place: Place, event: Event | None = None) -> Iterator[Move]:
    """The rows of the table that start here, for one event or for all."""
    return (move for move in MOVES if move.source == place and event in (None, move.event))


def missing(move: Move, standing: Standing) -> list[str]:
    """The names of the move's guards that do not hold."""
    return [name for name in move.needs if not GUARDS[name].holds(standing)]


def open_moves(place: Place, standing: Standing) -> list[Move]:
    """Every move that would be allowed now."""
    return [move for move in moves_from(place) if not missing(move, standing)]


def find_move(place: Place, event: Event, standing: Standing) -> Move:
    """The move that `event` makes from here, or StageRefusedError with all that a person needs to go on."""
    rows = list(moves_from(place, event))
    for move in rows:
        if not missing(move, standing):
            return move
    raise refusal(place, event, standing, rows[-1] if rows else None)


def refusal(place: Place, event: Event, standing: Standing, move: Move | None) -> StageRefusedError:
    """The error for a move that is not in the table (`move` is None), or whose guards do not hold."""
    failed = [
        {"guard": name, "needs": GUARDS[name].needs, "values": standing.values()}
        for name in (missing(move, standing) if move else [])
    ]
    allowed = [{"event": str(m.event), "to": str(m.target)} for m in open_moves(place, standing) if m.event in BY_HAND]
    sources = sorted({str(m.source) for m in MOVES if m.event is event}, key=[str(p) for p in PLACES].index)
    return StageRefusedError(
        "'{event}' is refused in {place}."
        if move
        else "'{event}' is not a move from {place}; it starts from {sources}.",
        details={"event": str(event), "place": str(place), "failed": failed, "open": allowed},
        event=str(event),
        place=str(place),
        sources=", ".join(sources),
    )
