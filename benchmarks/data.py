"""Databases to measure on, made from a seed by the product's own domain and store functions.

A few dozen histories are told day by day, as the commands would write them. Each is then written many times, under
numbers, references and debtors of its own and sealed anew, so that `dunning audit verify` finds every copy sound.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any, Concatenate, Final, ParamSpec
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from dunning_cli.domain import assessments, cases, contacts, debtors, holds, notes, payments, plans
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.days import Every, Now
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import (
    Assessed,
    CaseOpened,
    Channel,
    ContactLogged,
    DebtType,
    HoldReason,
    Level,
    Outcome,
    Purpose,
    Reason,
)
from dunning_cli.domain.journal import Entry
from dunning_cli.domain.money import Money
from dunning_cli.domain.plans import Offer
from dunning_cli.domain.policies import plain_defaults, policy_of
from dunning_cli.domain.review import review
from dunning_cli.services.deadline_run import look
from dunning_cli.services.desk import Desk
from dunning_cli.settings import Settings
from dunning_cli.store import migrate
from dunning_cli.store.cases import prepared_new as new_cases
from dunning_cli.store.debtors import prepared_new as new_debtors
from dunning_cli.store.session import Tx, make_engine, open_store

SEED: Final = 20250602
ZONE: Final = ZoneInfo("Asia/Shanghai")
ACTOR: Final = "li"
TODAY: Final = date(2025, 6, 2)
_LATE: Final = 7  # days over which cases fell due before TODAY
QUIET: Final = TODAY - timedelta(days=_LATE)
POLICY: Final = policy_of(plain_defaults(), 0)

_AT_ONCE = 1000
_HISTORIES = 60

P = ParamSpec("P")


def at(day: date, hour: int = 9) -> Now:
    """The moment of a command on a day."""
    return Now(datetime.combine(day, time(hour), ZONE), ZONE, ACTOR)


NIGHT: Final = at(TODAY, 3)


# --- one history --------------------------------------------------------------------------------------------------


class History:
    """A case that goes on day by day."""

    def __init__(self, opened: CaseOpened, day: date) -> None:
        decision = cases.opening(opened, 1, POLICY, at(day))
        self.case: Case = decision.case
        self.entries: list[Entry] = decision.entries

    def then(
        self, day: date, decide: Callable[Concatenate[Case, Any, Now, P], Decision], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do what a command does on a day."""
        decision = decide(self.case, POLICY, at(day, 11), *args, **kwargs)
        self.case = decision.case
        self.entries += decision.entries


def _opened(rng: Random, day: date) -> History:
    principal = Money(rng.randrange(50_000, 5_000_000), "CNY")
    opened = CaseOpened(
        1,
        rng.choice(("River Bank", "Hart Supplies", "Northern Rail Cards")),
        principal,
        day - timedelta(days=rng.randrange(1, 90)),
        "LOAN-0000001",
        day - timedelta(days=rng.randrange(200, 900)),
        rng.choice((DebtType.CONSUMER_LOAN, DebtType.CREDIT_CARD, DebtType.INVOICE)),
        True,
        portfolio=f"2025-{rng.randrange(1, 5):02d}",
        collector=rng.choice(("li", "mara", "noor", None)),
    )
    return History(opened, day)


def _attempts(rng: Random, history: History, first: date, last: date) -> None:
    """Calls that nobody answers, and a demand by letter."""
    days = (last - first).days
    for day in sorted(rng.sample(range(days), min(days, rng.randrange(2, 6)))):
        call = ContactLogged(
            Channel.CALL,
            rng.choice((Outcome.NO_ANSWER, Outcome.VOICEMAIL_LEFT, Outcome.BUSY)),
            purpose=Purpose.REMINDER,
            minutes=1,
            cost=Money(35, "CNY"),
            to="+86 13800138000",
        )
        history.then(first + timedelta(days=day), contacts.log, call)
    letter = ContactLogged(Channel.LETTER, Outcome.DELIVERED, purpose=Purpose.DEMAND, cost=Money(420, "CNY"))
    history.then(last, contacts.log, letter)


def _reached(rng: Random, history: History, day: date) -> None:
    """The debtor speaks, and the collector notes what was learned."""
    talk = ContactLogged(
        Channel.CALL,
        Outcome.CONVERSATION,
        purpose=Purpose.NEGOTIATE,
        reason=rng.choice((Reason.LOST_JOB, Reason.ILLNESS, Reason.CASH_FLOW)),
        willingness=rng.choice(tuple(Level)),
        ability=rng.choice(tuple(Level)),
        minutes=rng.randrange(3, 25),
        cost=Money(350, "CNY"),
        reason_text="Hours were cut in spring",
        note="Wants to pay, asks for small installments",
    )
    history.then(day, contacts.log, talk)
    if rng.random() < 0.4:
        earned = Assessed(income=Money(620_000, "CNY"), expenses=Money(540_000, "CNY"))
        history.then(day, assessments.record, earned)
    if rng.random() < 0.4:
        history.then(day + timedelta(days=1), notes.note, "Sent the budget sheet by post, waiting for it to come back")


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


# Each tells a history in which exactly one entry is due from `due` on, and for a week at least.


def _proposal_expires(rng: Random, due: date) -> History:
    history = _opened(rng, _before(due, 40))
    _attempts(rng, history, _before(due, 39), _before(due, 26))
    _reached(rng, history, _before(due, 20))
    offer = Offer(rng.randrange(3, 13), due + timedelta(days=10), Every.MONTH, expires=_before(due, 1))
    history.then(_before(due, 15), plans.propose, offer)
    return history


def _installment_missed(rng: Random, due: date) -> History:
    paid = rng.randrange(0, 4)
    first = _before(due, 4 + 14 * paid)  # three days are tolerated
    history = _opened(rng, _before(first, 50))
    _attempts(rng, history, _before(first, 49), _before(first, 30))
    _reached(rng, history, _before(first, 28))
    history.then(_before(first, 26), plans.propose, Offer(rng.randrange(6, 13), first, Every.TWO_WEEKS))
    history.then(_before(first, 24), plans.accept)
    assert history.case.plan is not None
    for installment in history.case.plan.installments[:paid]:
        history.then(installment.due, payments.receive, installment.amount, method="transfer")
    return history


def _nobody_reached(rng: Random, due: date) -> History:
    history = _opened(rng, _before(due, 60))
    _attempts(rng, history, _before(due, 59), _before(due, 40))
    _attempts(rng, history, _before(due, 39), _before(due, 20))
    return history


def _hold_ends(rng: Random, due: date) -> History:
    history = _opened(rng, _before(due, 45))
    _attempts(rng, history, _before(due, 44), _before(due, 30))
    history.then(_before(due, 25), holds.hold, HoldReason.DISPUTE, _before(due, 1))
    return history


_KINDS: Final[dict[Callable[[Random, date], History], int]] = {
    _proposal_expires: 40,
    _installment_missed: 40,
    _nobody_reached: 15,
    _hold_ends: 5,
}


# --- many cases ---------------------------------------------------------------------------------------------------


def _tell(rng: Random) -> History:
    (tell,) = rng.choices(list(_KINDS), list(_KINDS.values()))
    history = tell(rng, TODAY - timedelta(days=rng.randrange(_LATE)))
    assert len(review(history.case, POLICY, NIGHT).entries) == 1, tell
    return history


def _again(history: History, number: int) -> Decision:
    """The same history under another number, of another debtor."""
    opened, *later = history.entries
    what = replace(opened.what, debtor_id=number, reference=f"LOAN-{number:07d}")
    debt = replace(history.case.debt, debtor_id=number, reference=what.reference)
    decision = Decision(replace(history.case, case_id=number, debt=debt), POLICY, NIGHT)
    decision.entries = [opened._replace(what=what), *later]
    return decision


def build(url: str, count: int, seed: int = SEED) -> None:
    """Fill a new database so that every case is due at NIGHT and writes one entry, and none is due on QUIET."""
    rng = Random(seed)
    told = [_tell(rng) for _ in range(_HISTORIES)]
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    store = open_store(url)
    for start in range(0, count, _AT_ONCE):
        chosen = rng.choices(told, k=min(_AT_ONCE, count - start))
        store.writing(partial(_write, chosen))
    _work_out_days(url)
    store.engine.dispose()  # the last connection folds the write-ahead log into the file


def _work_out_days(url: str) -> None:
    """The days of law, as the nights before have worked them out."""
    desk = Desk(Settings(url), at(_before(TODAY, 1)))
    for looked in look(desk, desk.now.today, dry_run=False, limit=None):
        if looked.failed:
            raise RuntimeError(f"cases failed: {looked.failed[:3]}")
    desk.store.engine.dispose()


def _write(chosen: list[History], tx: Tx) -> None:
    first = tx.debtors.next_id(len(chosen))
    changes = (
        debtors.add(number, Details(f"Debtor {number}", phones=(f"+86 138{number:08d}",)), at(_before(TODAY, 120)))
        for number in range(first, first + len(chosen))
    )
    tx.debtors.insert_many(new_debtors(changes))
    first = tx.cases.next_id(len(chosen))
    opened = (_again(history, number) for number, history in enumerate(chosen, first))
    tx.cases.insert_many(new_cases(opened, tx.cases.chances))
