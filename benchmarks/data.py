"""Databases to measure on, made from a seed by the product's own domain and store functions.

A few dozen histories are told day by day, as the commands would write them. Each is then written many times, under
numbers, references and debtors of its own and sealed anew, so that `dunning audit verify` finds every copy sound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Concatenate, Final, ParamSpec
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from dunning_cli.domain import assessments, cases, contacts, debtors, holds, notes, payments, plans
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.days import Every, Now
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
from dunning_cli.domain.journal import GENESIS, Entry, Record, digest, seal
from dunning_cli.domain.money import Money
from dunning_cli.domain.plans import Offer
from dunning_cli.domain.policies import plain_defaults, policy_of
from dunning_cli.domain.review import review
from dunning_cli.store import schema
from dunning_cli.store.cases import debt_row, state_row
from dunning_cli.store.debtors import row_of
from dunning_cli.store.ids import reserve
from dunning_cli.store.session import Tx, open_store

SEED: Final = 20250602
ZONE: Final = ZoneInfo("Asia/Shanghai")
ACTOR: Final = "li"
TODAY: Final = date(2025, 6, 2)
POLICY: Final = policy_of(plain_defaults(), 0)

_COPIED_AT_ONCE = 1000
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


def _paid(rng: Random, due: date) -> History:
    history = _opened(rng, _before(due, 60))
    _attempts(rng, history, _before(due, 59), _before(due, 40))
    history.then(_before(due, 30), payments.receive, history.case.debt.principal, method="transfer")
    return history


_DUE = ((_proposal_expires, 40), (_installment_missed, 40), (_nobody_reached, 15), (_hold_ends, 5))
_WAITING = (*_DUE, (_paid, 25))


# --- many cases ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """A history ready to be written under other numbers: how it was opened, its later records, and its row."""

    case: Case
    opened: Entry
    records: list[Record]
    state: dict[str, Any]


def _tell(rng: Random, *, due: bool) -> _Told:
    kinds, weights = zip(*(_DUE if due else _WAITING), strict=True)
    (tell,) = rng.choices(kinds, weights)
    day = TODAY - timedelta(days=rng.randrange(7)) if due else TODAY + timedelta(days=rng.randrange(1, 14))
    history: History = tell(rng, day)
    follows = len(review(history.case, POLICY, NIGHT).entries)
    if follows != due:
        raise AssertionError(f"{tell.__name__}: {follows} entries follow, not {int(due)}")
    opened, *later = history.entries
    records = [seal("", entry, "") for entry in later]  # each copy gets its own digests
    return _Told(history.case, opened, records, state_row(history.case, GENESIS, POLICY))


def build(path: Path, *, total: int, due: int, seed: int = SEED) -> None:
    """A new SQLite database of `total` cases, of which `due` are due at NIGHT and write one entry each."""
    rng = Random(seed)
    told = {is_due: [_tell(rng, due=is_due) for _ in range(_HISTORIES)] for is_due in (True, False)}
    plan = [True] * due + [False] * (total - due)
    rng.shuffle(plan)
    store = open_store(f"sqlite:///{path}")
    for start in range(0, total, _COPIED_AT_ONCE):
        chosen = [rng.choice(told[is_due]) for is_due in plan[start : start + _COPIED_AT_ONCE]]
        store.writing(lambda tx, chosen=chosen: _write(tx, chosen))  # type: ignore[misc]
    store.engine.dispose()  # the last connection folds the write-ahead log into the file


def _write(tx: Tx, chosen: list[_Told]) -> None:
    first = reserve(tx.conn, "cases", len(chosen))
    reserve(tx.conn, "debtors", len(chosen))
    debtor_rows, debtor_records, rows, refs, records = [], [], [], [], []
    for number, told in enumerate(chosen, first):
        details = debtors.Details(f"Debtor {number}", phones=(f"+86 138{number:08d}",))
        change = debtors.add(number, details, at(_before(TODAY, 120)))
        sealed, head = tx.debtors.journals.seal(number, change.entries, GENESIS)
        debtor_rows.append({"debtor_id": number, **row_of(change.debtor, head)})
        debtor_records += [(number, record) for record in sealed]

        reference = f"LOAN-{number:07d}"
        opened = told.opened._replace(what=replace(told.opened.what, debtor_id=number, reference=reference))
        sealed, head = tx.cases.journals.seal(number, [opened], GENESIS)
        for record in told.records:
            head = digest(f"case {number}", record, head)
            sealed.append(record._replace(digest=head))
        case = replace(told.case, case_id=number, debt=replace(told.case.debt, debtor_id=number, reference=reference))
        rows.append(debt_row(case) | told.state | {"head": head})
        refs.append({"reference": reference, "creditor": case.debt.creditor, "case_id": number})
        records += [(number, record) for record in sealed]
    tx.conn.execute(insert(schema.debtors), debtor_rows)
    tx.debtors.journals.append(debtor_records)
    tx.conn.execute(insert(schema.cases), rows)
    tx.conn.execute(insert(schema.case_refs), refs)
    tx.cases.journals.append(records)
