"""How the work grows with the ledger: `python -m benchmarks.scale [--cases N]`; docs/scale.md says what it means.

A ledger of N rows is made from a seed and imported, beside a floor: the shortest correct script of the standard library
that does the same work. It reads the same rows, asks whether each is there already, salts and hashes the same bytes,
and writes the same rows in transactions of the same size under the same pragmas; it checks no value and decides
nothing. Its database must equal the product's but for the salts, and `dunning audit verify` must find it sound. On the
ledgers so made, one case is shown, the nightly run goes over nothing and over 10,000 cases that are due, lists and
reports are asked for, and all journals are checked.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final
from unicodedata import normalize

from dunning_cli.domain.days import Now
from dunning_cli.services.case_imports import import_cases
from dunning_cli.services.claims import digest_of
from dunning_cli.services.desk import Desk
from dunning_cli.services.imports import BATCH
from dunning_cli.settings import Settings
from dunning_cli.store.session import open_store

from . import audit, queries
from .data import POLICY, SEED, TODAY, at
from .figures import DUNNING, FLOOR, Bench, beside_floor, process_names, sweep_names
from .measure import Figure, Goal, Samples, compare, machine, table
from .memory import LINUX, peak_of
from .sweep import TOP, swept

Runs = dict[str, Callable[[], float]]

_FEW: Final = 1_000
_DUE: Final = 10_000
_QUIET: Final = TODAY  # the ledger is imported on this day, so that nothing in it is due
LATE: Final = TODAY - timedelta(days=61)  # imported on this day, a case has been in contact for too long on TODAY
BEGIN: Final = "<!-- measured: written by python -m benchmarks.scale --write, never by hand -->"
END: Final = "<!-- end of what was measured -->"


# --- the ledger ---------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    "reference",
    "debtor",
    "debtor_ref",
    "creditor",
    "principal",
    "currency",
    "due",
    "incurred",
    "debt_type",
    "phone",
)


def ledger(path: Path, count: int, prefix: str, seed: int = SEED) -> Path:
    """A file of so many loans, each of a debtor of its own with a phone."""
    rng = Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number in range(count):
            due = TODAY - timedelta(days=rng.randrange(1, 400))
            row = (
                f"{prefix}-{number:08d}",
                f"{rng.choice('王李张刘陈')}{rng.choice('芳伟娜敏静')} {number}",
                f"C-{prefix}-{number:08d}",
                rng.choice(("River Bank", "Hart Supplies", "Northern Rail Cards")),
                f"{rng.randrange(50, 50_000)}.{rng.randrange(100):02d}",
                "CNY",
                due,
                due - timedelta(days=rng.randrange(1, 900)),
                rng.choice(("consumer_loan", "credit_card", "invoice")),
                f"+86 138{number:08d}",
            )
            writer.writerow(row)
    return path


# --- the floor ----------------------------------------------------------------------------------------------------


def floor(ledger: Path, database: Path, now: Now) -> int:
    """Import a ledger as the product does; answers how many cases were added."""
    conn = sqlite3.connect(database, isolation_level=None)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        conn.execute(f"PRAGMA {pragma}")
    added = 0
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        while batch := list(islice(rows, BATCH)):
            conn.execute("BEGIN IMMEDIATE")
            added += _add(conn, batch, now)
            conn.execute("COMMIT")
    conn.close()
    return added


def _add(conn: sqlite3.Connection, batch: list[list[str]], now: Now) -> int:
    there = _known(conn, "case_refs", "reference", [(row[0], row[3]) for row in batch])
    batch = [row for row in batch if (row[0], row[3]) not in there]
    if not batch:
        return 0
    if _known(conn, "debtor_refs", "debtor_ref", [(row[2], row[3]) for row in batch]):
        raise RuntimeError("the ledgers of this benchmark hold no debtor twice")
    written = _Written(now)
    for case, debtor, row in zip(
        _ids(conn, "cases", len(batch)), _ids(conn, "debtors", len(batch)), batch, strict=True
    ):
        written.debtor(debtor, row)
        written.case(case, debtor, row)
    for name, rows in written.rows.items():
        conn.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return len(batch)


def _known(conn: sqlite3.Connection, name: str, column: str, keys: list[tuple[str, str]]) -> set[tuple[str, str]]:
    places = ", ".join("?" * len(keys))
    query = f"SELECT {column}, creditor FROM {name} WHERE {column} IN ({places})"
    return {*keys} & {*conn.execute(query, [key for key, _ in keys])}


def _ids(conn: sqlite3.Connection, name: str, count: int) -> range:
    upsert = "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = next + ? RETURNING next"
    ((after,),) = conn.execute(upsert, (name, count + 1, count)).fetchall()
    return range(after - count, after)


_text: Final = json.encoder.encode_basestring
_LAW: Final = digest_of(Settings(database=""), "generic")  # under these rules no day of such a case is warned of


_RECOVERED: Final = (950, 850, 650, 500, 400, 320, 250, 120)  # by months overdue, in thousandths


def _worth(minor: int, days: int) -> int:
    """What ranks a new case on the worklist, by the built-in policy and table."""
    share = _RECOVERED[min(7, max(0, (days + 29) // 30))] * 300
    late = 1000 * min(max(days, 0), 180) // 180
    weighed = (minor * share * 500 * late // 10**12, minor * share * 1000 * 500 // 10**12)
    return minor * share // 10**6 + sum(weighed) - 100


class _Written:
    """The rows of a batch by their table, in the order in which foreign keys allow them."""

    def __init__(self, now: Now) -> None:
        at = now.instant.astimezone(UTC)
        self.moment = at.isoformat().replace("+00:00", "Z")
        self.recorded = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.effective = at.astimezone(now.zone).isoformat()
        self.day = now.today
        self.today = now.today.isoformat()
        self.next_on = (now.today + timedelta(days=60)).isoformat()
        self.actor = now.actor
        names = ("debtors", "debtor_refs", "debtor_entries", "cases", "case_refs", "entries")
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in names}

    def entry(
        self, subject: str, number: int, seq: int, kind: str, data: str, private: str | None, head: str
    ) -> tuple[tuple[Any, ...], str]:
        hidden = sha256(private.encode()).hexdigest() if private else ""
        texts = (self.recorded, self.effective, self.today, self.actor, "system", kind)
        parts = (head, f"{subject} {number}", str(seq), *texts, "1", data, hidden)
        covered = [part.encode() for part in parts]
        digest = sha256(b"".join(b"%d:%b," % (len(part), part) for part in covered)).hexdigest()
        return (number, seq, *texts, 1, data, private, hidden, digest), digest

    def debtor(self, number: int, row: list[str]) -> None:
        name, phone, salts = _text(row[1]), _text(row[9]), (secrets.token_hex(16), secrets.token_hex(16))
        private = f'{{"name":{name},"salt":"{salts[0]}"}}'
        added, head = self.entry("debtor", number, 1, "debtor_added", "{}", private, "0" * 64)
        private = f'{{"salt":"{salts[1]}","value":{phone}}}'
        detail, head = self.entry("debtor", number, 2, "detail_added", '{"detail":"phone"}', private, head)
        details = f'[{{"seq":2,"kind":"phone","value":{phone},"valid":true,"whose":null}}]'
        state = f'{{"seq":2,"recorded_at":"{self.moment}","name":{name},"details":{details}}}'
        self.rows["debtor_entries"] += (added, detail)
        self.rows["debtors"].append((number, 2, head, " ".join(normalize("NFKC", row[1]).casefold().split()), state))
        self.rows["debtor_refs"].append((row[2], row[3], number))

    def case(self, number: int, debtor: int, row: list[str]) -> None:
        reference, _, _, creditor, principal, currency, due, incurred, debt_type, _ = row
        data = (
            f'{{"creditor":{_text(creditor)},"currency":"{currency}","debt_type":"{debt_type}","debtor_id":{debtor},'
            f'"due":"{due}","incurred":"{incurred}","jurisdiction":"generic","policy":"default",'
            f'"policy_version":0,"principal":"{principal}","reference":{_text(reference)}}}'
        )
        opened, head = self.entry("case", number, 1, "case_opened", data, None, "0" * 64)
        state = (
            f'{{"seq":1,"recorded_at":"{self.moment}","last_on":"{self.today}","stage":"contact",'
            f'"since":"{self.today}","policy":"default","version":0}}'
        )
        minor = int(principal.replace(".", ""))
        debt = (debtor, creditor, reference, None, currency, minor, due, incurred, debt_type, None, "generic")
        standing = ("default", None, "contact", "open", None, None, None, minor, self.next_on, "escalation_due")
        self.rows["entries"].append(opened)
        law = (None, None, None, _LAW)
        worth = _worth(minor, (self.day - date.fromisoformat(due)).days)
        self.rows["cases"].append((number, 1, head, *debt, *standing, POLICY.digest, state, *law, worth, 0))
        self.rows["case_refs"].append((reference, creditor, number))


# --- one import in a process of its own ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Imported:
    """How long an import took, and what it added."""

    seconds: float
    added: int


def product(ledger: Path, database: Path, now: Now, jobs: int | None = None) -> int:
    desk = Desk(Settings(f"sqlite:///{database}"), now)
    summary = import_cases(desk, ledger, jobs=jobs)
    desk.store.engine.dispose()
    return summary.added


_HOW: Final[dict[str, Callable[[Path, Path, Now], int]]] = {
    "product": product,
    "one process": partial(product, jobs=1),
    "floor": floor,
}


def _alone(how: str, ledger: str, database: str, day: str) -> None:
    """Import, and say so in JSON. What is loaded comes before the clock starts, as at the product's entry point."""
    work, now = _HOW[how], at(date.fromisoformat(day))
    open_store(f"sqlite:///{database}").engine.dispose()  # what SQLAlchemy imports for SQLite
    import multiprocessing.connection  # noqa: F401

    import dunning_cli.imports.cases  # noqa: F401

    gc.collect()
    gc.freeze()
    started = perf_counter()
    added = work(Path(ledger), Path(database), now)
    seconds = perf_counter() - started
    json.dump(asdict(Imported(seconds, added)), sys.stdout)


# --- figures ------------------------------------------------------------------------------------------------------


class Scale:
    """The ledgers and the databases that are measured, in a folder that goes away."""

    def __init__(self, bench: Bench, cases: int) -> None:
        self.bench = bench
        self.folder = bench.folder
        self.cases = cases

    def ledger(self, count: int, prefix: str = "LOAN") -> Path:
        path = self.folder / f"{prefix}-{count}.csv"
        return path if path.exists() else ledger(path, count, prefix)

    def empty(self, name: str) -> Path:
        """A database without a case, by this name."""
        template = self.folder / "empty.db"
        if not template.exists():
            open_store(f"sqlite:///{template}").engine.dispose()
        return self.bench.copy(template, name)

    def run(self, how: str, count: int, database: Path, day: date = _QUIET, prefix: str = "LOAN") -> float:
        """Import a ledger into a database; answers the seconds."""
        args = self._line(how, count, database, day, prefix)
        return self._done(how, count, subprocess.run(args, cwd=TOP, stdout=subprocess.PIPE, check=True).stdout)

    def peak(self, how: str, count: int, database: Path) -> int:
        """Import a ledger; answers the most KiB that all its processes held at one time."""
        said, most = peak_of(self._line(how, count, database, _QUIET, "LOAN"), TOP)
        self._done(how, count, said)
        return most

    def _line(self, how: str, count: int, database: Path, day: date, prefix: str) -> list[str]:
        ledger = self.ledger(count, prefix)
        return [sys.executable, "-m", "benchmarks.scale", "--alone", how, str(ledger), str(database), day.isoformat()]

    def _done(self, how: str, count: int, said: bytes) -> float:
        done = Imported(**json.loads(said))
        if done.added != count:
            raise RuntimeError(f"{how}: {done.added} cases were added, not {count}")
        return done.seconds

    def imported(self, count: int) -> Path:
        """The database that the product made of a ledger."""
        path = self.folder / f"product-{count}.db"
        if not path.exists():
            self.run("product", count, self.empty(path.name))
        return path


def imports(scale: Scale) -> list[Figure]:
    """import-cases beside the floor, and beside itself on a tenth of the rows."""
    many, few = scale.cases, scale.cases // 10
    for how in ("product", "floor"):
        scale.run(how, few, scale.empty(f"{how}-{few}.db"))
    scale.bench.note(f"comparing the two databases of {few:,} rows, and verifying every journal of both")
    same(scale.folder / f"product-{few}.db", scale.folder / f"floor-{few}.db")
    for how in ("product", "floor"):
        scale.bench.command(DUNNING, "audit", "verify", database=scale.folder / f"{how}-{few}.db")

    names = process_names("import-cases", f", {many:,} rows")
    name, alone = names
    each, small = f"{name}: time of one row", f"one of {few:,}"
    rounds = 3 if many <= 200_000 else 1
    times: Samples = {name: [], alone: [], FLOOR: [], small: []}
    for number in range(1, rounds + 1):
        scale.bench.note(f"importing {many:,} rows: round {number} of {rounds}")
        times[name].append(scale.run("product", many, scale.empty(f"product-{many}.db")))
        times[FLOOR].append(scale.run("floor", many, scale.empty("floor.db")))
        times[alone].append(scale.run("one process", many, scale.empty("again.db")))
        times[small].append(scale.run("product", few, scale.empty("again.db")))
    times[each] = times[name]
    figures = [
        *beside_floor(times, names, Goal(0.4, speed=True)),
        compare(times, each, small, Goal(1.5), share=many / few),
    ]
    if not LINUX:
        return figures
    scale.bench.note(f"importing {many:,} rows, to see how much memory that takes")
    memory, flat = f"{name}: peak memory of all", f"that with {few:,} rows"
    counts = {memory: many, flat: few}
    peaks: Samples = {label: [scale.peak("product", n, scale.empty("again.db"))] for label, n in counts.items()}
    return [*figures, compare(peaks, memory, flat, Goal(1.2))]


def same(one: Path, other: Path) -> None:
    """Refuse two databases that differ by more than salts, and what is hashed over them."""
    salted = {"debtors": {"head"}, "debtor_entries": {"private", "private_hash", "digest"}}
    conn = sqlite3.connect(one)
    conn.execute("ATTACH ? AS other", (str(other),))
    for name in ("cases", "entries", "case_refs", "debtors", "debtor_entries", "debtor_refs", "counters"):
        there = [column for _, column, *_ in conn.execute(f"PRAGMA table_info({name})")]
        columns = ", ".join(column for column in there if column not in salted.get(name, ()))
        for left, right in (("main", "other"), ("other", "main")):
            query = f"SELECT {columns} FROM {left}.{name} EXCEPT SELECT {columns} FROM {right}.{name} LIMIT 1"
            if row := conn.execute(query).fetchone():
                raise RuntimeError(f"the floor and the product differ in {name}: {row}")
    conn.close()


def one_case(scale: Scale) -> list[Figure]:
    """A command about one case, among few and among many."""

    def show(place: Path) -> float:
        return scale.bench.command(DUNNING, "show-case", "LOAN-00000500", "--json", database=place)

    many, few = (f"`show-case --json` among {count:,} cases" for count in (scale.cases, _FEW))
    runs: Runs = {many: partial(show, scale.imported(scale.cases)), few: partial(show, scale.imported(_FEW))}
    return [compare(scale.bench.rounds("one case", runs, 15), many, few, Goal(1.1))]


def nothing_due(scale: Scale) -> list[Figure]:
    """The nightly run over a ledger in which nothing is due, as a whole command."""

    def run(place: Path) -> float:
        now = at(_QUIET + timedelta(days=1)).instant.isoformat()
        return scale.bench.command(DUNNING, "check-overdue", "--now", now, database=place)

    many, few = (f"`check-overdue`, nothing due of {count:,}" for count in (scale.cases, _FEW))
    runs: Runs = {many: partial(run, scale.imported(scale.cases)), few: partial(run, scale.imported(_FEW))}
    return [compare(scale.bench.rounds("nothing due", runs, 15), many, few, Goal(1.2))]


def some_due(scale: Scale) -> list[Figure]:
    """The nightly run over a ledger in which 10,000 cases are due, beside its floor; and with few others around."""

    def run(before: Path, jobs: int | None = None, done: Path | None = None) -> float:
        return _sweep(scale.bench.copy(before, "run.db"), jobs, done)

    runs: Runs = {}
    (many, alone), (few, _) = (sweep_names(_DUE, of=count + _DUE) for count in (scale.cases, _FEW))
    for name, count in ((many, scale.cases), (few, _FEW)):
        before = scale.bench.copy(scale.imported(count), f"due-{count}.db")
        scale.run("product", _DUE, before, LATE, "LATE")
        runs[name] = partial(run, before)
        if name == many:
            done = scale.bench.copy(before, "done.db")
            _sweep(done)
            scale.bench.command(DUNNING, "audit", "verify", database=done)
            runs[FLOOR] = partial(run, before, done=done)
            runs[alone] = partial(run, before, 1)
    times = scale.bench.rounds("due", runs, 5)
    return [*beside_floor(times, (many, alone)), compare(times, many, few, Goal(1.2))]


def _sweep(database: Path, jobs: int | None = None, done: Path | None = None) -> float:
    """The nightly run in a process of its own, or with `done` its floor; answers the seconds."""
    found = swept(f"sqlite:///{database}", TODAY, jobs=jobs, done=f"sqlite:///{done}" if done else None)
    if found.entries != _DUE:
        raise RuntimeError(f"{found.entries} entries were written, not {_DUE}")
    return found.seconds


def lists(scale: Scale) -> list[Figure]:
    """Lists, a debtor and reports over the ledger, beside the bare queries."""
    return queries.of_database(scale.bench, scale.imported(scale.cases), at(_QUIET))


def checks(scale: Scale) -> list[Figure]:
    """audit verify over the ledger and over a tenth of it, beside its floor."""
    made = {count: scale.imported(count) for count in (scale.cases // 10, scale.cases)}
    return audit.of_databases(scale.bench, made, 3 if scale.cases <= 200_000 else 1)


# --- the command --------------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, metavar="N", help="rows of the ledger; default: 100,000")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every time that was taken")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the markers in this file")
    parser.add_argument("--alone", nargs=4, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.alone:
        _alone(*args.alone)
        return
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="dunning-scale-") as folder:
        scale = Scale(Bench(Path(folder), args.cases, lambda text: print(text, file=sys.stderr)), args.cases)
        for measure in (imports, one_case, nothing_due, some_due, lists, checks):
            figures += measure(scale)
    facts = {"measured": datetime.now(UTC).date().isoformat(), "rows": f"{args.cases:,}", **machine()}
    answer = "\n".join([*(f"- {name}: {value}" for name, value in facts.items()), "", table(figures)])
    print(answer)
    if args.json:
        everything = {**facts, "figures": [asdict(figure) for figure in figures]}
        args.json.write_text(json.dumps(everything, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if args.write:
        write(args.write, args.cases, answer)


def write(path: Path, cases: int, answer: str) -> None:
    """Replace what stands between the markers; each size has its own part there."""
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    measured, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path} does not hold the markers:\n{BEGIN}\n{END}")
    parts = {part.partition("\n")[0]: part for part in measured.split("### ")[1:]}
    title = f"{cases:,} rows"
    parts[title] = f"{title}\n\n{answer}\n\n"
    ordered = sorted(parts.values(), key=lambda part: int(part.split()[0].replace(",", "")))
    path.write_text(f"{before}{begin}\n\n{''.join(f'### {part}' for part in ordered)}{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
