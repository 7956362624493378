"""Lists and reports: what the service asks of the database, beside the bare query that gives the same rows.

The bare query is asked by the standard library's `sqlite3`: the same columns of the same rows in the same order, by the
same indexes. It makes no values of them. For the *query time* the statements that the service says are written down,
and then asked in the same way, on the same connection. The whole call also says them through SQLAlchemy, decodes the
rows, works out balances, asks the rules about contacts, and puts the answer together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple, TypeVar

from msgspec.structs import replace
from sqlalchemy import Engine

from dunning_cli.domain.days import Now
from dunning_cli.domain.reports import By
from dunning_cli.domain.worklist import NEAR_DAYS
from dunning_cli.services.cases import list_cases
from dunning_cli.services.debtors import show_debtor
from dunning_cli.services.desk import Desk
from dunning_cli.services.reports import ageing
from dunning_cli.services.worklist import worklist
from dunning_cli.settings import Settings
from dunning_cli.store.cases import Filter
from dunning_cli.store.session import open_store

from .data import TODAY, at
from .figures import Bench
from .measure import Figure, Goal, compare
from .plans import listening

ROUNDS: Final = 11
_PAGE: Final = 50  # what list-cases shows unless told otherwise
_NOBODY: Final = "nobody"
_BEST: Final = 20  # and worklist
_SAMPLE: Final = 0.05  # seconds that a sample takes at least, by asking again and again

Rows = list[tuple[Any, ...]]
T = TypeVar("T")


# --- the bare queries ---------------------------------------------------------------------------------------------

_CASE: Final = (
    "case_id, debtor_id, creditor, reference, portfolio, principal, currency, due_on, incurred_on, debt_type, "
    "consumer, jurisdiction, head, next_action_on, next_action, reviewed_under, state, deadline_on, warn_on, law_under"
)
_ENTRY: Final = (
    "case_id, seq, recorded_at, effective, effective_on, actor, clock, kind, format, data, private, private_hash, "
    "digest"
)
_COLUMNS: Final = ("stage", "status", "collector", "creditor", "portfolio", "currency")  # that list-cases filters by
_TOLD: Final = ("contact_logged", "voided", "plan_accepted", "plan_broken", "plan_completed", "plan_reinstated")
# Each list as parts that an index gives in order; only `overdue` has to look at all of them before it can show one.
_ORDERS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "next_action": (("next_action_on IS NOT NULL", "next_action_on"), ("next_action_on IS NULL", "NULL")),
    "overdue": (
        ("status = 'open'", "due_on"),
        ("status = 'on_hold'", "due_on"),
        ("days_at_close IS NOT NULL", "days_at_close DESC"),
    ),
    "balance": (("1", "balance DESC"),),
    "reference": (("reference IS NOT NULL", "reference"), ("reference IS NULL", "NULL")),
}


class Bare:
    """The queries on one open connection, as a script would ask them: each answer sees one state of the database."""

    def __init__(self, database: Path, today: date) -> None:
        self.conn = sqlite3.connect(database, isolation_level=None)
        self.today = today

    def at_once(self, ask: Callable[[], T]) -> T:
        self.conn.execute("BEGIN")
        found = ask()
        self.conn.execute("COMMIT")
        return found

    def rows(self, query: str, values: Sequence[Any] = ()) -> Rows:
        return self.conn.execute(query, values).fetchall()

    def debtors(self, cases: Iterable[tuple[Any, ...]]) -> Rows:
        numbers = list({case[1] for case in cases})
        return self.rows(f"SELECT debtor_id, head, state FROM debtors WHERE debtor_id IN ({_marks(numbers)})", numbers)

    def listed(self, sort: str, where: str = "1", values: Sequence[Any] = ()) -> Rows:
        """The first page of a list, and one case more, which says that there are more; with the debtors of the page."""
        found: Rows = []
        size = _PAGE + 1
        for part, order in _ORDERS[sort]:
            query = f"SELECT {_CASE} FROM cases WHERE {where} AND {part} ORDER BY {order}, case_id LIMIT ?"
            found += self.rows(query, (*values, size if sort == "overdue" else size - len(found)))
            if sort != "overdue" and len(found) == size:
                break
        if sort == "overdue":
            found = sorted(found, key=lambda row: (row[7], row[0]))[:size]  # none of these ledgers has closed cases
        self.debtors(found[:_PAGE])
        return found

    def ranked(self, where: str = "1", values: Sequence[Any] = ()) -> Rows:
        """What a worklist is made of: the best cases by their worth, those with a promise or a day of law near, the
        debtors of them all, every case of these, what happened on each, and who is taken."""
        size = max(_BEST * 4, 100)
        today = self.today.isoformat()
        wanted = f"SELECT {_CASE} FROM cases WHERE {where} AND worth IS NOT NULL"
        promised = f"{wanted} AND next_action = 'installment_overdue' AND next_action_on BETWEEN ? AND ?"
        promised = f"{promised} ORDER BY next_action_on, case_id LIMIT ?"
        lapsing = f"{wanted} AND deadline_on BETWEEN ? AND ? ORDER BY deadline_on, case_id LIMIT ?"
        fortnight, quarter = ((self.today + timedelta(days=days)).isoformat() for days in (14, NEAR_DAYS))
        found = self.rows(promised, (*values, today, fortnight, size))
        found += self.rows(lapsing, (*values, today, quarter, size))
        found += self.rows(f"{wanted} ORDER BY worth DESC, case_id DESC LIMIT ?", (*values, size))
        debtors = [number for number, *_ in self.debtors(found)]
        cases = self.rows(f"SELECT {_CASE} FROM cases WHERE debtor_id IN ({_marks(debtors)}) ORDER BY case_id", debtors)
        numbers = [case[0] for case in cases]
        told = f"SELECT {_ENTRY} FROM entries WHERE case_id IN ({_marks(numbers)}) AND kind IN ({_marks(_TOLD)})"
        self.rows(f"{told} ORDER BY case_id, seq", (*numbers, *_TOLD))
        taken = "SELECT debtor_id, collector, taken_at, expires_at FROM leases"
        self.rows(f"{taken} WHERE debtor_id IN ({_marks(debtors)}) AND expires_at > ?", (*debtors, today))
        return cases

    def debtor(self, number: int) -> Rows:
        self.rows("SELECT debtor_id, head, state FROM debtors WHERE debtor_id = ?", (number,))
        return self.rows(f"SELECT {_CASE} FROM cases WHERE debtor_id = ? ORDER BY case_id", (number,))

    def aged(self, column: str = "NULL") -> Rows:
        """What is owed on open cases, by the month in which they are overdue."""
        days = [(self.today - timedelta(days=30 * number)).isoformat() for number in range(7)]
        age = " ".join(f"WHEN due_on >= '{day}' THEN {number}" for number, day in enumerate(days))
        query = f"SELECT {column}, currency, CASE {age} ELSE 7 END AS age, count(*), sum(balance) FROM cases"
        return self.rows(f"{query} WHERE status <> 'closed' GROUP BY 1, 2, 3")

    def most(self, column: str) -> str:
        """The value that most open cases have in a column; where none has any, one that none has."""
        query = f"SELECT {column} FROM cases WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        return str((self.rows(query) or [(_NOBODY,)])[0][0])


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)


# --- figures ------------------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """A question: to the service and bare, each answering the numbers by which both are known to say the same."""

    name: str
    service: Callable[[], Any]
    bare: Callable[[], Any]
    beside: str = "the bare queries"
    whole: bool = False  # whether the goal is for the whole call


def queries(bench: Bench) -> list[Figure]:
    """Lists, the worklist, a debtor and the report by age, each beside its bare queries."""
    return of_database(bench, bench.database(bench.many), at(TODAY))


def of_database(bench: Bench, database: Path, now: Now) -> list[Figure]:
    """The figures of a database that nobody writes to."""
    store = open_store(f"sqlite:///{database}")
    desk = Desk(Settings(f"sqlite:///{database}"), now, store=store)
    bare = Bare(database, now.today)
    figures: list[Figure] = []
    for asked in _questions(desk, bare, bench.many):
        figures += _figures(bench, store.engine, bare, asked)
    store.engine.dispose()
    bare.conn.close()
    return figures


def _questions(desk: Desk, bare: Bare, count: int) -> list[_Asked]:
    return [
        *(_list(desk, bare, f"--sort {sort.replace('_', '-')}", sort) for sort in _ORDERS),
        *(_filtered(desk, bare, column) for column in _COLUMNS),
        _named(desk, bare),
        _overdue(desk, bare),
        _worklist(desk, bare, "", Filter()),
        _worklist(desk, bare, " --collector …", Filter(collector=bare.most("collector"))),
        _Asked(
            "`show-debtor`",
            lambda: [view.case.case_id for view in show_debtor(desk, count // 2).cases],
            lambda: [row[0] for row in bare.debtor(count // 2)],
        ),
        *(_ageing(desk, bare, by) for by in (By.CURRENCY, By.CREDITOR)),
    ]


def _list(
    desk: Desk,
    bare: Bare,
    option: str,
    sort: str,
    wanted: Filter = Filter(),  # noqa: B008 - a value that nothing changes
    where: str = "1",
    values: Sequence[Any] = (),
) -> _Asked:
    def service() -> tuple[list[int], bool]:
        views, more = list_cases(desk, wanted, sort=sort, limit=_PAGE)
        return [view.case.case_id for view in views], more

    def script() -> tuple[list[int], bool]:
        rows = bare.listed(sort, where, values)
        return [row[0] for row in rows[:_PAGE]], len(rows) > _PAGE

    return _Asked(f"`list-cases {option}`", service, script)


def _filtered(desk: Desk, bare: Bare, column: str) -> _Asked:
    """By the value that most cases have in a column; where none has any, by one that none has."""
    value = bare.most(column)
    # By +stage SQLite walks through the order of the list; by stage it would sort all that are in it. A collector's
    # cases have that order already, and where there are none, nothing is sorted.
    where = f"{column} = ?" if column == "collector" or value == _NOBODY else f"+{column} = ?"
    wanted = replace(Filter(), **{column: value})
    return _list(desk, bare, f"--{column} …", "next_action", wanted, where, (value,))


def _named(desk: Desk, bare: Bare) -> _Asked:
    """By the beginning of a name that a hundredth of the debtors have."""
    (key,) = bare.rows("SELECT name_key FROM debtors ORDER BY debtor_id DESC LIMIT 1")[0]
    begins = str(key)[: max(1, len(str(key)) - 2)]
    where = "debtor_id IN (SELECT debtor_id FROM debtors WHERE name_key >= ? AND name_key < ?)"
    values = (begins, begins + "\U0010ffff")
    return _list(desk, bare, "--debtor …", "next_action", Filter(debtor=begins), where, values)


def _overdue(desk: Desk, bare: Bare) -> _Asked:
    where = "(days_at_close IS NULL AND due_on < ? OR days_at_close > ?)"
    values = ((bare.today - timedelta(days=90)).isoformat(), 90)
    return _list(desk, bare, "--overdue-over 90", "next_action", Filter(overdue_over=90), where, values)


def _worklist(desk: Desk, bare: Bare, option: str, wanted: Filter) -> _Asked:
    where, values = ("collector = ?", (wanted.collector,)) if wanted.collector else ("1", ())

    def script() -> list[int]:
        return [row[0] for row in bare.ranked(where, values)]

    def service() -> list[int]:
        lines = worklist(desk, wanted, limit=_BEST).lines
        return [each.view.case.case_id for line in lines for each in line.cases]

    return _Asked(f"`worklist{option}`", service, script)


def _ageing(desk: Desk, bare: Bare, by: By) -> _Asked:
    def service() -> tuple[int, int]:
        rows = ageing(desk, by).rows
        return sum(row.cases for row in rows), sum(row.balance.minor for row in rows)

    def script() -> tuple[int, int]:
        rows = bare.aged(by.value if by is not By.CURRENCY else "NULL")
        return sum(row[3] for row in rows), sum(row[4] for row in rows)

    return _Asked(f"`report ageing --by {by.value}`", service, script, "one SQL GROUP BY", whole=True)


def _figures(bench: Bench, engine: Engine, bare: Bare, asked: _Asked) -> list[Figure]:
    _refuse_other_rows(asked)
    with listening(engine) as said:
        asked.service()

    def again() -> None:
        for statement, values in said:
            bare.rows(statement, values)

    query, whole = f"{asked.name}: query time", f"{asked.name}: the whole call"
    things = {
        whole: _timed(asked.service),
        query: _timed(lambda: bare.at_once(again)),
        asked.beside: _timed(lambda: bare.at_once(asked.bare)),
    }
    times = bench.rounds(asked.name, things, ROUNDS)
    goal = Goal(2)
    return [
        compare(times, query, asked.beside, None if asked.whole else goal),
        compare(times, whole, asked.beside, goal if asked.whole else None),
    ]


def _timed(ask: Callable[[], Any]) -> Callable[[], float]:
    """Asks often enough for a clock; answers the seconds of one time."""

    def run() -> float:
        started = perf_counter()
        for _ in range(often):
            ask()
        return (perf_counter() - started) / often

    often = 1
    often = max(1, min(200, int(_SAMPLE / run())))
    return run


def _refuse_other_rows(asked: _Asked) -> None:
    """The script must have read what the service shows."""
    shown, read = asked.service(), asked.bare()
    if asked.name.startswith("`worklist"):  # the script reads all that the service chooses from
        same = set(shown) <= set(read) and bool(shown) == bool(read)
    else:
        same = shown == read
    if not same:
        raise RuntimeError(f"{asked.name}: the service says {str(shown)[:300]}, the script {str(read)[:300]}")
