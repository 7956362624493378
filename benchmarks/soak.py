"""A soak: a year of nightly runs over many living cases, made from a seed: `python -m benchmarks.soak --cases 10000`.

The simulated team of `dunning demo --year` works through the ordinary services; whenever a case closes, another comes
in the next morning, so that so many are always open. Afterwards everything is checked: the journals; each row beside a
replay of its journal; each balance beside a reckoning that shares nothing with the program; the plans of the queries of
the sweep, the lists and the worklist. A soak that finds anything wrong ends with an error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from dunning_cli.domain.stages import Stage
from dunning_cli.domain.views import AuditReport
from dunning_cli.services.audit import verify
from dunning_cli.services.cases import list_cases
from dunning_cli.services.desk import Desk
from dunning_cli.services.review import check_overdue
from dunning_cli.services.simulation.play import DAYS, FIRST, Play, desk_of
from dunning_cli.services.worklist import worklist
from dunning_cli.services.year import read_year
from dunning_cli.settings import Settings
from dunning_cli.store.cases import SORTS, Filter

from .measure import machine
from .plans import listening, reads_all, steps
from .reckoning import balance_of

_FEW = 30  # nights at each end over which the time of one is taken


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a soak came to. `night_first` and `night_last` are median seconds of a run at the beginning and the end,
    `due_first` and `due_last` the cases that were then reviewed; `scans` are steps that read all cases."""

    cases: int
    debtors: int
    living: int
    entries: int
    nights: int
    reviewed: int
    failed: int
    seconds: float
    night_first: float
    night_last: float
    due_first: float
    due_last: float
    fingerprint: str
    sound: bool
    balances: int
    unlike: tuple[int, ...]
    statements: int
    scans: tuple[str, ...]
    verified_in: float
    bytes: int | None

    @property
    def passed(self) -> bool:
        return self.sound and not self.failed and not self.unlike and not self.scans


def soak(
    settings: Settings, cases: int, days: int, seed: int, pace: float, note: Callable[[str], None] = lambda text: None
) -> Soaked:
    """Play so many days with so many living cases on an empty database, and check what is there then."""
    started = perf_counter()
    desk = desk_of(settings, seed)
    play = Play(desk, seed, lambda _, living: max(0, cases - living), pace=pace)
    nights: list[tuple[float, int]] = []
    for number, night in enumerate(play.year(days), 1):
        nights.append((night.seconds, night.reviewed))
        if number == 1 or number % 10 == 0:
            passed = perf_counter() - started
            note(f"day {number} of {days}: {passed:,.0f} s, night {night.seconds:.2f} s, {night.reviewed} reviewed")
    seconds = perf_counter() - started
    evening = play.evening(days)
    note("reading the year")
    read = read_year(evening, FIRST, FIRST + timedelta(days=days - 1))
    note("verifying")
    report, verified_in = _verified(evening)
    note("reckoning")
    balances, unlike = reckoned(evening)
    statements, scans = explained(evening)
    first, last = nights[1 : _FEW + 1] or nights, nights[-_FEW:]
    return Soaked(
        report.cases,
        report.debtors,
        sum(aged.cases for aged in read.year.ageing.values()),
        report.entries,
        play.played.nights,
        play.played.reviewed,
        len(play.played.failed),
        round(seconds, 1),
        round(median(each[0] for each in first), 3),
        round(median(each[0] for each in last), 3),
        median(each[1] for each in first),
        median(each[1] for each in last),
        read.fingerprint,
        report.sound,
        balances,
        tuple(unlike),
        statements,
        tuple(scans),
        round(verified_in, 1),
        _size(settings.database),
    )


def _verified(desk: Desk) -> tuple[AuditReport, float]:
    """Every chain is hashed again, and every row compared with the one that its journal gives when it is replayed."""
    started = perf_counter()
    report = verify(desk)
    return report, perf_counter() - started


def reckoned(desk: Desk) -> tuple[int, list[int]]:
    """How many balances were reckoned from the stored texts, and the cases whose row says another."""
    unlike = []
    count = 0
    with desk.store.reading() as tx:
        rows = tx.conn.execute(text("SELECT case_id, balance FROM cases"))
        held: dict[int, int] = {row.case_id: row.balance for row in rows}
        for number, records in tx.cases.everything():
            count += 1
            if balance_of(records) != held.pop(number, None):
                unlike.append(number)
    return count, unlike + sorted(held)


def explained(desk: Desk) -> tuple[int, list[str]]:
    """How many statements the sweep, the lists and the worklist say, and the steps that read all cases."""
    engine = desk.store.engine
    with listening(engine) as said:
        check_overdue(desk)
        for sort in SORTS:
            list_cases(desk, Filter(), sort=sort, limit=20)
            list_cases(desk, Filter(stage=Stage.LEGAL.value, status="open"), sort=sort, limit=20)
            list_cases(desk, Filter(collector="li"), sort=sort, limit=20)
        worklist(desk, Filter(), limit=20)
        worklist(desk, Filter(collector="li"), limit=20)
    asked = list({statement: (statement, given) for statement, given in said}.values())
    return len(asked), sorted({step for step in _steps(engine, asked) if reads_all(step, "cases")})


def _steps(engine: Engine, said: list[tuple[str, object]]) -> Iterator[str]:
    with engine.connect() as conn:
        if engine.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL enable_seqscan = off"))  # then only what has no index is read so
        for each in steps(conn, said):
            yield from each
        conn.rollback()


def _size(url: str) -> int | None:
    database = make_url(url)
    return Path(str(database.database)).stat().st_size if database.get_backend_name() == "sqlite" else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000, help="how many are open on every day")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=150.0, help="how far apart a collector's visits to a case lie")
    parser.add_argument("--db", metavar="URL", help="an empty database; default: an SQLite file that goes afterwards")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="dunning-soak-") as folder:
        settings = Settings(args.db or f"sqlite:///{folder}/soak.db")
        found = soak(settings, args.cases, args.days, args.seed, args.pace, lambda said: print(said, file=sys.stderr))
    facts = {**machine(), **asdict(found)}
    print(json.dumps(facts, ensure_ascii=False, indent=2))
    if args.json:
        args.json.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
    sys.exit(0 if found.passed else "the soak found something wrong")


if __name__ == "__main__":
    main()
