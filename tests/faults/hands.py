"""Collectors and nightly runs, each in a process of its own, all at once on the same few cases.

A day of theirs passes in a fraction of a second, so that proposals expire and installments are missed meanwhile. Each
says on standard output, one JSON object a line, what was done and what was refused.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from dunning_cli.domain.days import Every, Now
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import CaseOpened, Channel, ContactLogged, Outcome
from dunning_cli.domain.money import Money
from dunning_cli.errors import DunningError
from dunning_cli.services import cases, casework, contacts, payments, plans, review
from dunning_cli.services.desk import Changed, Desk, Key
from dunning_cli.services.plans import Terms
from dunning_cli.settings import Settings
from dunning_cli.store.session import Store, Tx, open_store

ZONE: Final = ZoneInfo("Asia/Shanghai")
BEGINS: Final = datetime(2025, 1, 6, 1, tzinfo=UTC)
DAY_SECONDS: Final = 0.15
ROUND_SECONDS: Final = 0.4  # once in a round all pay under one key, and all open the same case

T = TypeVar("T")


class _Counting(Store):
    """A store that counts how often a writer's work was done again."""

    def __init__(self, url: str) -> None:
        super().__init__(open_store(url).engine)
        self.calls = self.tries = self.most = 0

    def writing(self, work: Callable[[Tx], T]) -> T:
        tries = 0

        def counted(tx: Tx) -> T:
            nonlocal tries
            tries += 1
            return work(tx)

        try:
            return super().writing(counted)
        finally:
            self.calls += 1
            self.tries += tries
            self.most = max(self.most, tries)


class _Worker:
    """One who works at a desk."""

    def __init__(self, url: str, actor: str, begun: float) -> None:
        self.actor = actor
        self.begun = begun
        self.desk = Desk(Settings(url), self.now())
        self.store = self.desk.__dict__["store"] = _Counting(url)

    def now(self) -> Now:
        days = (time.time() - self.begun) / DAY_SECONDS
        return Now(BEGINS + timedelta(days=days), ZONE, self.actor)

    def turn_to_the_next(self) -> None:
        self.desk.now = self.now()
        self.desk.key = None

    def say(self, **what: Any) -> None:
        print(json.dumps(what), flush=True)  # noqa: T201

    def ended(self) -> int:
        """Say how it went, and that it came to its end."""
        self.say(ended=self.actor, calls=self.store.calls, tries=self.store.tries, most=self.store.most)
        return 0


def sweep(url: str, actor: str, begun: float, batch: int, until: str) -> int:
    """Nightly runs in small batches, one after the other until a file is there."""
    review.BATCH = batch
    worker = _Worker(url, actor, begun)
    while not Path(until).exists():
        worker.turn_to_the_next()
        started = time.monotonic()
        try:
            summary = review.check_overdue(worker.desk)
        except DunningError as error:
            worker.say(swept=False, code=error.exit_code, said=str(error))
            continue
        took = time.monotonic() - started
        worker.say(swept=True, entries=summary.entries, failed=summary.failed, seconds=took)
        time.sleep(DAY_SECONDS / 5)
    return worker.ended()


def collect(url: str, actor: str, begun: float, commands: int, seed: int, among: list[int]) -> int:
    """A collector who calls, books, proposes and agrees on any of the cases; what each writes bears a tag."""
    worker = _Worker(url, actor, begun)
    rng = Random(seed)
    for number in range(commands):
        worker.turn_to_the_next()
        act = _by_program if (number + seed * 50) % 100 == 7 else rng.choice(_ACTS)
        case, tag = rng.choice(among), f"{actor}.{number}."
        started = time.monotonic()
        said: dict[str, Any] = {"act": act.__name__.strip("_"), "case": case, "tag": tag, "code": 0}
        try:
            said |= act(worker, rng, case, tag)
        except DunningError as error:
            said |= {"code": error.exit_code, "said": str(error)}
        worker.say(**said, seconds=time.monotonic() - started)
    return worker.ended()


def _written(changed: Changed) -> dict[str, Any]:
    entries = [[entry.seq, entry.what.kind] for entry in changed.entries]
    return {"case": changed.after.case.case_id, "written": entries, "head": changed.after.head}


# --- what a collector does --------------------------------------------------------------------------------------------


def _contact(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    outcome = rng.choice((Outcome.CONVERSATION, Outcome.NO_ANSWER, Outcome.PROMISED))
    return _written(contacts.log_contact(worker.desk, str(case), ContactLogged(Channel.CALL, outcome, note=tag)))


def _payment(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    amount = f"{rng.randrange(1, 120)}.{rng.randrange(100):02d}"
    return _written(payments.record_payment(worker.desk, str(case), amount, reference=tag))


def _proposal(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    first = worker.desk.now.today + timedelta(days=rng.randrange(4))
    expires = first + timedelta(days=rng.randrange(2))
    terms = Terms(rng.randrange(1, 5), first, Every.WEEK, amount=f"{rng.randrange(50, 400)}.00", expires=expires)
    return _written(plans.propose_plan(worker.desk, str(case), terms))


def _agreement(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    return _written(plans.accept_plan(worker.desk, str(case)))


def _note(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    return _written(casework.note(worker.desk, str(case), tag))


def _round(worker: _Worker) -> str:
    return f"round-{int((time.time() - worker.begun) / ROUND_SECONDS)}"


def _same_payment(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    """All pay this once: under one key, whoever is first."""
    name = _round(worker)
    worker.desk.key = Key(name, name)
    done = payments.record_payment(worker.desk, "1", "1.00", on=BEGINS.date(), reference=name)
    return _written(done) | {"tag": "", "key": name}


def _same_case(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    """All open this case: the creditor has it once, whoever is first."""
    opened = CaseOpened(0, "Rush", Money(100_000, "CNY"), BEGINS.date(), reference=_round(worker))
    return _written(cases.add_case(worker.desk, opened, Details("Zhao Min"))) | {"tag": ""}


_ACTS: Final = (_contact, _contact, _payment, _payment, _proposal, _agreement, _note, _same_payment, _same_case)


def _by_program(worker: _Worker, rng: Random, case: int, tag: str) -> dict[str, Any]:
    """A payment booked by the program itself, in a process of its own."""
    args = ["record-payment", str(case), "7.00", "--reference", tag, "--json"]
    now = worker.desk.now.instant.isoformat()
    env = os.environ | {"DUNNING_DB": worker.desk.settings.database, "DUNNING_ACTOR": worker.actor, "DUNNING_NOW": now}
    answer = subprocess.run([sys.executable, "-m", "dunning_cli", *args], env=env, capture_output=True, check=False)
    if answer.returncode:
        return {"code": answer.returncode, "said": answer.stderr.decode()}
    found = json.loads(answer.stdout)
    written = [[entry["seq"], entry["kind"]] for entry in found["written"]]
    return {"written": written, "head": found["case"]["head"]}
