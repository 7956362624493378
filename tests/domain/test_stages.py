"""Every cell of the table of moves, every guard removed once, and what a refusal says."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any, Final

import pytest

from dunning_cli.domain.stages import (
    CLOSED,
    GUARDS,
    MOVES,
    PLACES,
    Event,
    Place,
    Stage,
    Standing,
    find_move,
    missing,
    moves_from,
    open_moves,
)
from dunning_cli.errors import StageRefusedError
from tests.builders import day, money

TODAY: Final = day("2025-03-20")

# The documented table, written out: event, from, to, the guards.
ROWS: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    ("debtor_reached", "contact", "negotiation", ()),
    (
        "escalate",
        "contact",
        "legal",
        ("not_on_hold", "enough_attempts", "enough_demands", "final_demand_aged", "worth_it"),
    ),
    ("plan_proposed", "negotiation", "negotiation", ("not_on_hold", "no_open_proposal", "may_renegotiate")),
    ("plan_accepted", "negotiation", "monitoring", ("proposal_open",)),
    ("plan_reinstated", "negotiation", "monitoring", ("plan_in_order",)),
    ("escalate", "negotiation", "legal", ("not_on_hold", "no_open_proposal", "final_demand_aged", "worth_it")),
    ("plan_broken", "monitoring", "legal", ("policy_says_legal", "final_demand_aged", "worth_it")),
    ("plan_broken", "monitoring", "negotiation", ()),
    ("plan_completed", "monitoring", "negotiation", ("something_owed",)),
    ("plan_proposed", "legal", "legal", ("not_on_hold", "no_open_proposal")),
    ("plan_accepted", "legal", "monitoring", ("proposal_open",)),
    ("plan_reinstated", "legal", "monitoring", ("plan_in_order",)),
    ("paid", "contact", "closed", ("nothing_owed",)),
    ("paid", "negotiation", "closed", ("nothing_owed",)),
    ("paid", "monitoring", "closed", ("nothing_owed",)),
    ("paid", "legal", "closed", ("nothing_owed",)),
    ("settled", "monitoring", "closed", ("settlement_kept",)),
    ("close", "contact", "closed", ()),
    ("close", "negotiation", "closed", ()),
    ("close", "monitoring", "closed", ()),
    ("close", "legal", "closed", ()),
    ("reopen", "closed", "monitoring", ("something_owed", "plan_in_force")),
    ("reopen", "closed", "legal", ("something_owed", "closed_in_legal")),
    ("reopen", "closed", "negotiation", ("something_owed",)),
)

# What makes each guard hold, and what makes it fail while leaving alone the guards that stand beside it in a row.
HOLDS: Final[dict[str, dict[str, Any]]] = {
    "not_on_hold": {"on_hold": False},
    "enough_attempts": {"attempts": 3, "min_attempts": 3},
    "enough_demands": {"demands": 1, "min_demands": 1},
    "final_demand_aged": {"final_demand_on": TODAY - timedelta(days=15), "demand_before_days": 15},
    "worth_it": {"owed": money("500.00 CNY"), "min_balance": money("500.00 CNY")},
    "no_open_proposal": {"proposal_open": False},
    "proposal_open": {"proposal_open": True},
    "may_renegotiate": {"plans_broken": 1, "max_renegotiations": 1},
    "policy_says_legal": {"break_goes_to_legal": True},
    "something_owed": {"owed": money("0.11 CNY"), "tolerance": money("0.10 CNY")},
    "plan_in_order": {"plan_in_order": True},
    "nothing_owed": {"owed": money("0.10 CNY"), "tolerance": money("0.10 CNY")},
    "settlement_kept": {"plan_settled": True},
    "plan_in_force": {"plan_in_force": True},
    "closed_in_legal": {"closed_in_legal": True},
}
FAILS: Final[dict[str, dict[str, Any]]] = {
    "not_on_hold": {"on_hold": True},
    "enough_attempts": {"attempts": 2, "min_attempts": 3},
    "enough_demands": {"demands": 0, "min_demands": 1},
    "final_demand_aged": {"final_demand_on": TODAY - timedelta(days=14), "demand_before_days": 15},
    "worth_it": {"owed": money("499.99 CNY"), "min_balance": money("500.00 CNY")},
    "no_open_proposal": {"proposal_open": True},
    "proposal_open": {"proposal_open": False},
    "may_renegotiate": {"plans_broken": 2, "max_renegotiations": 1},
    "policy_says_legal": {"break_goes_to_legal": False},
    "something_owed": {"owed": money("0.10 CNY"), "tolerance": money("0.10 CNY")},
    "plan_in_order": {"plan_in_order": False},
    "nothing_owed": {"owed": money("0.11 CNY"), "tolerance": money("0.10 CNY")},
    "settlement_kept": {"plan_settled": False},
    "plan_in_force": {"plan_in_force": False},
    "closed_in_legal": {"closed_in_legal": False},
}


def a_standing(**given: Any) -> Standing:
    """A case on which nothing was done yet: 500.00 owed, and no guard about contacts, plans or closing holds."""
    plain: dict[str, Any] = {
        "today": TODAY,
        "owed": money("500.00 CNY"),
        "tolerance": money("0.10 CNY"),
        "min_balance": money("0.00 CNY"),
        "on_hold": False,
        "attempts": 0,
        "min_attempts": 3,
        "demands": 0,
        "min_demands": 1,
        "final_demand_on": None,
        "demand_before_days": 15,
        "proposal_open": False,
        "plan_settled": False,
        "plan_in_order": False,
        "break_goes_to_legal": False,
        "plans_broken": 0,
        "max_renegotiations": 1,
        "closed_in_legal": False,
        "plan_in_force": False,
    }
    return Standing(**plain | given)


def standing_where(*guards: str, without: str | None = None) -> Standing:
    """A standing in which these guards hold, all but `without`."""
    given: dict[str, Any] = {}
    for guard in guards:
        given |= HOLDS[guard]
    return a_standing(**given | (FAILS[without] if without else {}))


def first_row(place: str, event: str) -> tuple[str, str, str, tuple[str, ...]] | None:
    return next((row for row in ROWS if (row[1], row[0]) == (place, event)), None)


def rows_of(place: str, event: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [row for row in ROWS if (row[1], row[0]) == (place, event)]


# What a refusal offers: what a person can bring about. The other moves follow from payments and days.
BY_A_PERSON: Final = {"debtor_reached", "plan_proposed", "plan_accepted", "escalate", "close", "reopen"}


def offered_in(place: Place, standing: Standing) -> list[dict[str, str]]:
    """The open moves that a person can make."""
    return [move for move in open_in(place, standing) if move["event"] in BY_A_PERSON]


def open_in(place: Place, standing: Standing) -> list[dict[str, str]]:
    """The moves that are open, read from the table above."""
    return [
        {"event": event, "to": target}
        for event, source, target, needs in ROWS
        if source == str(place) and all(GUARDS[name].holds(standing) for name in needs)
    ]


def test_the_table_has_the_documented_rows_in_order() -> None:
    """The order counts: of several rows for one event the first whose guards hold is taken."""
    assert [(str(m.event), str(m.source), str(m.target), m.needs) for m in MOVES] == list(ROWS)


@pytest.mark.parametrize(
    ("place", "event"), [pytest.param(place, event, id=f"{place}-{event}") for place, event in product(PLACES, Event)]
)
def test_every_cell(place: Place, event: Event) -> None:
    """A documented cell moves to its place; every other cell raises, naming the event, the place and what is open."""
    row = first_row(str(place), str(event))
    if row:
        move = find_move(place, event, standing_where(*row[3]))
        assert (str(move.event), str(move.source), str(move.target), move.needs) == row
        return
    standing = a_standing()
    with pytest.raises(StageRefusedError) as refused:
        find_move(place, event, standing)
    starts = [str(p) for p in PLACES if first_row(str(p), str(event))]
    assert str(refused.value) == f"'{event}' is not a move from {place}; it starts from {', '.join(starts)}."
    assert refused.value.details == {
        "event": str(event),
        "place": str(place),
        "failed": [],
        "open": offered_in(place, standing),
    }
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    ("event", "source", "target", "needs", "guard"),
    [
        pytest.param(event, source, target, needs, guard, id=f"{source}-{event}-to-{target}-without-{guard}")
        for event, source, target, needs in ROWS
        for guard in needs
    ],
)
def test_each_guard_is_needed(event: str, source: str, target: str, needs: tuple[str, ...], guard: str) -> None:
    """Without one guard the next row of the event is taken, or the refusal names exactly that guard."""
    place: Place = CLOSED if source == CLOSED else Stage(source)
    standing = standing_where(*needs, without=guard)
    rows = rows_of(source, event)
    later = rows[rows.index((event, source, target, needs)) + 1 :]
    instead = next((row for row in later if set(row[3]) <= set(needs) - {guard}), None)
    if instead:
        assert str(find_move(place, Event(event), standing).target) == instead[2]
        return
    with pytest.raises(StageRefusedError) as refused:
        find_move(place, Event(event), standing)
    error = refused.value
    assert str(error) == f"'{event}' is refused in {source}."
    assert (error.details["event"], error.details["place"]) == (event, source)
    assert [failed["guard"] for failed in error.details["failed"]] == [guard]
    assert error.details["open"] == offered_in(place, standing)
    (failed,) = error.details["failed"]
    assert failed["needs"] == GUARDS[guard].needs
    assert failed["values"] == standing.values()


def test_a_refusal_offers_what_a_person_can_do() -> None:
    """In monitoring a plan may break or be completed, but by no command; closing is one."""
    with pytest.raises(StageRefusedError) as refused:
        find_move(Stage.MONITORING, Event.ESCALATE, a_standing())
    assert refused.value.details["open"] == [{"event": "close", "to": "closed"}]


def test_a_refusal_names_every_guard_that_fails_in_the_order_of_the_table() -> None:
    standing = a_standing(on_hold=True, min_balance=money("1000.00 CNY"))
    with pytest.raises(StageRefusedError) as refused:
        find_move(Stage.CONTACT, Event.ESCALATE, standing)
    assert [failed["guard"] for failed in refused.value.details["failed"]] == [
        "not_on_hold",
        "enough_attempts",
        "enough_demands",
        "final_demand_aged",
        "worth_it",
    ]
    assert refused.value.details["open"] == [
        {"event": "debtor_reached", "to": "negotiation"},
        {"event": "close", "to": "closed"},
    ]


@pytest.mark.parametrize(
    ("place", "event", "given", "target"),
    [
        pytest.param(
            Stage.MONITORING,
            Event.PLAN_BROKEN,
            ("policy_says_legal", "final_demand_aged", "worth_it"),
            "legal",
            id="a-broken-plan-goes-to-legal-where-all-guards-hold",
        ),
        pytest.param(Stage.MONITORING, Event.PLAN_BROKEN, (), "negotiation", id="a-broken-plan-goes-to-negotiation"),
        pytest.param(
            CLOSED,
            Event.REOPEN,
            ("plan_in_force", "closed_in_legal"),
            "monitoring",
            id="a-plan-that-was-followed-is-followed-again",
        ),
        pytest.param(CLOSED, Event.REOPEN, ("closed_in_legal",), "legal", id="closed-in-legal-reopens-in-legal"),
        pytest.param(CLOSED, Event.REOPEN, (), "negotiation", id="closed-elsewhere-reopens-in-negotiation"),
    ],
)
def test_the_first_row_whose_guards_hold(place: Place, event: Event, given: tuple[str, ...], target: str) -> None:
    assert str(find_move(place, event, standing_where(*given)).target) == target


@pytest.mark.parametrize("place", [pytest.param(place, id=str(place)) for place in PLACES])
def test_moves_from_and_open_moves(place: Place) -> None:
    """Every row that starts at a place, and of these the ones whose guards hold."""
    here = [row for row in ROWS if row[1] == str(place)]
    assert [(str(m.event), str(m.target)) for m in moves_from(place)] == [(row[0], row[2]) for row in here]
    for event in Event:
        rows = rows_of(str(place), str(event))
        assert [(str(m.event), str(m.target)) for m in moves_from(place, event)] == [(r[0], r[2]) for r in rows]
    standing = standing_where("final_demand_aged", "enough_attempts", "enough_demands", "plan_in_order")
    assert [{"event": str(m.event), "to": str(m.target)} for m in open_moves(place, standing)] == open_in(
        place, standing
    )


def test_open_moves_of_a_case_in_negotiation() -> None:
    """One place written out, so that the helper above is not its own judge."""
    standing = a_standing(proposal_open=True)
    assert [str(m.event) for m in open_moves(Stage.NEGOTIATION, standing)] == ["plan_accepted", "close"]
    standing = standing_where("final_demand_aged")
    assert [str(m.event) for m in open_moves(Stage.NEGOTIATION, standing)] == ["plan_proposed", "escalate", "close"]


def test_every_guard_is_used_and_every_used_guard_exists() -> None:
    used = {name for move in MOVES for name in move.needs}
    assert used == set(GUARDS)
    assert set(HOLDS) == set(FAILS) == set(GUARDS)


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in GUARDS])
def test_each_guard_holds_and_fails_at_its_border(name: str) -> None:
    """`HOLDS` and `FAILS` are one step apart: a day, a cent, one attempt."""
    guard = GUARDS[name]
    assert guard.holds(a_standing(**HOLDS[name]))
    assert not guard.holds(a_standing(**FAILS[name]))


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        pytest.param({"owed": money("0.00 CNY")}, False, id="nothing-owed-is-worth-no-action"),
        pytest.param({"owed": money("0.01 CNY")}, True, id="a-cent-is-worth-it-without-a-minimum"),
        pytest.param({"owed": money("500.01 CNY"), "min_balance": money("500.00 CNY")}, True, id="over-the-minimum"),
    ],
)
def test_worth_it(given: dict[str, Any], holds: bool) -> None:
    assert GUARDS["worth_it"].holds(a_standing(**given)) is holds


def test_no_final_demand_is_never_old_enough() -> None:
    assert not GUARDS["final_demand_aged"].holds(a_standing(final_demand_on=None, demand_before_days=0))


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in GUARDS])
@pytest.mark.parametrize(
    "final_demand_on", [pytest.param(None, id="never-sent"), pytest.param("2025-03-10", id="sent")]
)
def test_every_guard_says_what_it_needs(name: str, final_demand_on: str | None) -> None:
    """Every text can be filled in from the standing's values, and leaves no gap."""
    standing = a_standing(final_demand_on=day(final_demand_on) if final_demand_on else None)
    text = GUARDS[name].needs.format(**standing.values())
    assert text
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        pytest.param("enough_attempts", {"attempts": 1, "min_attempts": 4}, ["1", "4"], id="attempts"),
        pytest.param("enough_demands", {"demands": 2, "min_demands": 5}, ["2", "5"], id="demands"),
        pytest.param(
            "final_demand_aged",
            {"final_demand_on": day("2025-03-10"), "demand_before_days": 15},
            ["15 days", "2025-03-10", "2025-03-25"],
            id="final-demand-too-young",
        ),
        pytest.param("final_demand_aged", {}, ["15 days", "none was sent"], id="no-final-demand"),
        pytest.param("worth_it", {"min_balance": money("800.00 CNY")}, ["800.00 CNY", "500.00"], id="worth-it"),
        pytest.param("nothing_owed", {}, ["0.10 CNY", "500.00"], id="nothing-owed"),
        pytest.param("may_renegotiate", {"plans_broken": 7, "max_renegotiations": 6}, ["7", "6"], id="renegotiations"),
    ],
)
def test_a_guard_says_where_the_case_stands_and_what_is_asked(
    name: str, given: dict[str, Any], words: list[str]
) -> None:
    text = GUARDS[name].needs.format(**a_standing(**given).values())
    for word in words:
        assert word in text


def test_missing_names_guards_in_the_order_of_the_row() -> None:
    (escalate,) = moves_from(Stage.NEGOTIATION, Event.ESCALATE)
    assert missing(escalate, standing_where("final_demand_aged", "worth_it")) == []
    assert missing(escalate, a_standing(proposal_open=True)) == ["no_open_proposal", "final_demand_aged"]
