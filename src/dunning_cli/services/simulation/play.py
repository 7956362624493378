"""Play the year: every night the nightly run, every day what the scripts say, all of it by the ordinary services.

The moment is an argument of every step and nothing is drawn from anywhere but the seed, the salts of the entries
included: the same seed gives the same database, to the last digest. (So the salts can be worked out by anybody: people
who are made up have nothing to hide.)
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from csv import DictWriter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from ...domain.days import Clock, Now
from ...domain.debtor_facts import NewFact
from ...domain.entries import Assessed, Channel, ChargeKind, ContactLogged, ContactRefused, Outcome
from ...domain.policies import Scope
from ...domain.views import Played, SweepSummary
from ...errors import RefusedError, StageRefusedError, UnlawfulError
from ...letters.notices import STATES
from .. import casework, charges, contacts, debtor_facts, notices, payments, plans, policies
from ..case_imports import import_cases
from ..cases import show_case
from ..desk import Changed, Desk
from ..review import check_overdue
from . import script as acts
from .cast import CREDITORS, Debt, debts
from .script import Act, Script

if TYPE_CHECKING:
    from ...domain.cases import Case
    from ...domain.journal import Salt
    from ...settings import Settings

FIRST: Final = date(2025, 1, 1)
DAYS: Final = 365
ZONE: Final = ZoneInfo("Europe/London")
_NIGHT: Final = time(0, 30)
_MORNING: Final = time(7, 30)
_POLICIES: Final = Path(__file__).parent / "policies"
_CALL, _LETTER = "1.50", "2.80"  # what a contact costs, in the currency of its case

Night = Callable[[Desk], SweepSummary]
Arrivals = Callable[[int, int], int]  # how many debts come in on a day of the year, while so many cases are open


def salt_of(seed: int) -> Salt:
    """Salts from a seed: the same for the same entry, whenever and by whichever process it is written."""

    def salt(subject: str, seq: int) -> str:
        return sha256(f"{seed} {subject} {seq}".encode()).hexdigest()[:32]

    return salt


def desk_of(settings: Settings, seed: int, day: date = FIRST) -> Desk:
    """A desk of the simulated team at the night of a day, with the salts of its seed."""
    from ...store.session import Store, open_store

    store = Store(open_store(settings.database).engine, salt_of(seed))
    return Desk(settings, _at(day, _NIGHT, "nightly"), store=store)


def spread(cases: int, seed: int, days: int = DAYS) -> Arrivals:
    """So many debts over the year: a quarter on the first morning, the others until five weeks before the end."""
    rng = Random(f"{seed} arrivals")  # noqa: S311 - a story, not a secret
    last = max(1, days - 35)
    on = Counter([0] * (cases // 4) + [rng.randrange(last) for _ in range(cases - cases // 4)])
    return lambda day, living: on[day]


def _at(day: date, at: time, actor: str, zone: ZoneInfo = ZONE) -> Now:
    return Now(datetime.combine(day, at, zone), ZONE, actor, Clock.SET)


@dataclass(slots=True)
class _Worked:
    """A case that is played: its debt, what it is called at the desk, and its script once it was looked at."""

    debt: Debt
    rng: Random
    ref: str
    script: Script | None = None


@dataclass
class Play:
    """A team at work on a database that holds nothing yet."""

    desk: Desk
    seed: int
    arrivals: Arrivals
    night: Night = check_overdue
    pace: float = 1.0
    played: Played = field(default_factory=Played)

    def __post_init__(self) -> None:
        self._debts = debts(self.seed)
        self._agenda: list[tuple[date, int]] = []
        self._cases: dict[int, _Worked] = {}
        self._living = 0

    def year(self, days: int = DAYS) -> Iterator[SweepSummary]:
        """Every day from the first on; answers what its nightly run did, at the end of the day."""
        self._prepare()
        for number in range(days):
            day = FIRST + timedelta(days=number)
            swept = self.night(self.desk.at(_at(day, _NIGHT, "nightly")))
            self.played.swept(swept)
            self._arrive(day, self.arrivals(number, self._living))
            while self._agenda and self._agenda[0][0] <= day:
                _, number_of = heapq.heappop(self._agenda)
                self._works(self._cases[number_of], day)
            yield swept

    def evening(self, days: int) -> Desk:
        """The desk when so many days are over."""
        return self.desk.at(_at(FIRST + timedelta(days=days - 1), time(23, 59), "nightly"))

    def _prepare(self) -> None:
        """The policies of the creditors."""
        desk = self.desk
        for path in sorted(_POLICIES.glob("*.toml")):
            policies.load_policy(desk, path)
        for creditor in CREDITORS:
            policies.assign_policy(desk, creditor.policy, Scope.CREDITOR, creditor.name)

    def _arrive(self, day: date, count: int) -> None:
        """The files of the morning: so many debts, imported at once."""
        if not count:
            return
        new = [next(self._debts) for _ in range(count)]
        with TemporaryDirectory(prefix="dunning-year-") as folder:
            path = Path(folder) / "debts.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                rows = [debt.row(day) for debt in new]
                writer = DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            import_cases(self.desk.at(_at(day, _MORNING, "intake")), path)
        for debt in new:
            rng = Random(f"{self.seed} case {debt.number}")  # noqa: S311 - a story, not a secret
            first = day + timedelta(days=max(1, round(rng.uniform(1, 6) * self.pace)))
            self._cases[debt.number] = _Worked(debt, rng, f"{debt.creditor.name}/{debt.reference}")
            heapq.heappush(self._agenda, (_workday(first), debt.number))
        self._living += count

    def _works(self, worked: _Worked, day: date) -> None:
        """Let one case's day happen."""
        case = show_case(self.desk, worked.ref).case
        if worked.script is None:
            worked.ref = str(case.case_id)
            worked.script = Script(worked.rng, worked.debt.person.character, case, day, self.pace)
        script = worked.script
        zone = ZoneInfo(worked.debt.creditor.zone)
        script.case = case
        was_open = case.outcome is None
        at = time(script.rng.randint(9, 16), script.rng.randrange(60))
        doing = script.day(day)
        done: bool | None = None
        moment = datetime.combine(day, at, zone)
        while True:
            try:
                act = doing.send(done) if done is not None else next(doing)
            except StopIteration:
                break
            rash = isinstance(act, acts.Call) and act.rash
            instant = datetime.combine(day, worked.debt.creditor.rash, zone) if rash else moment
            actor = "bank" if isinstance(act, acts.Pay | acts.Reverse) else worked.debt.collector
            done = self._does(self.desk.at(Now(instant, ZONE, actor, Clock.SET)), worked, script, act)
            moment += timedelta(minutes=2)
        self._living += (script.case.outcome is None) - was_open
        if script.next_on is not None:
            heapq.heappush(self._agenda, (_workday(script.next_on), worked.debt.number))

    def _does(self, desk: Desk, worked: _Worked, script: Script, act: Act) -> bool:
        """Do one act as the team does it. What is refused is counted, and the case is as it was."""
        try:
            allowed, after = _do(desk, worked.ref, worked.debt, act)
        except StageRefusedError as error:
            self.played.by_stage[str(error.details["event"])] += 1
            return False
        except (RefusedError, UnlawfulError):
            self.played.otherwise += 1
            return False
        script.case = after or show_case(desk, worked.ref).case
        return allowed


def _do(desk: Desk, ref: str, debt: Debt, act: Act) -> tuple[bool, Case | None]:
    """Whether an act was done, and the case after it where the service says; a contact that the law forbids leaves its
    refusal instead."""
    if isinstance(act, acts.Notice):
        return not notices.send_notice(desk, ref).refused, None
    if isinstance(act, acts.Fact):
        debtor_facts.log_fact(desk, ref, NewFact(act.word), (), all_cases=True)
        return True, None
    if isinstance(act, acts.Call | acts.Letter):
        what, cost = (_call(act, debt), _CALL) if isinstance(act, acts.Call) else (_letter(act, debt), _LETTER)
        done = contacts.log_contact(desk, ref, what, cost=cost, planned=True)
        return not any(isinstance(entry.what, ContactRefused) for entry in done.entries), done.after.case
    return True, _SERVICES[type(act)](desk, ref, act).after.case


_SERVICES: Final[dict[type, Callable[[Desk, str, Any], Changed]]] = {
    acts.Assess: lambda desk, ref, act: contacts.assess(
        desk, ref, Assessed(), income=str(act.income), expenses=str(act.expenses)
    ),
    acts.Propose: lambda desk, ref, act: plans.propose_plan(desk, ref, _terms(act)),
    acts.Accept: lambda desk, ref, act: plans.accept_plan(desk, ref),
    acts.Decline: lambda desk, ref, act: plans.decline_plan(desk, ref, act.why),
    acts.Pay: lambda desk, ref, act: payments.record_payment(
        desk, ref, str(act.amount), on=act.on, reference=act.reference, method="transfer"
    ),
    acts.Reverse: lambda desk, ref, act: payments.reverse_payment(desk, ref, act.reference, "returned by the bank"),
    acts.Hold: lambda desk, ref, act: casework.hold_case(desk, ref, act.reason, act.until),
    acts.Release: lambda desk, ref, act: casework.release_case(desk, ref),
    acts.Escalate: lambda desk, ref, act: casework.escalate(desk, ref, act.why),
    acts.Close: lambda desk, ref, act: casework.close_case(desk, ref, act.outcome, act.why),
    acts.Reopen: lambda desk, ref, act: casework.reopen_case(desk, ref, act.why),
    acts.Cost: lambda desk, ref, act: charges.add_charge(desk, ref, str(act.amount), ChargeKind.COST, act.why),
    acts.Remark: lambda desk, ref, act: casework.note(desk, ref, act.text),
}


def _call(act: acts.Call, debt: Debt) -> ContactLogged:
    (phone,) = debt.person.details.phones
    return ContactLogged(
        Channel.CALL,
        act.outcome,
        purpose=act.purpose,
        reason=act.reason,
        willingness=act.willingness,
        ability=act.ability,
        minutes=act.minutes,
        to=phone,
    )


def _letter(act: acts.Letter, debt: Debt) -> ContactLogged:
    (address,) = debt.person.details.addresses
    said = tuple(map(str, STATES))  # what every letter of ours states
    return ContactLogged(Channel.LETTER, Outcome.SENT, purpose=act.purpose, to=address, states=said)


def _terms(act: acts.Propose) -> plans.Terms:
    settle_for = str(act.settle_for) if act.settle_for else None
    return plans.Terms(act.installments, act.first, act.every, settle_for=settle_for, waive_interest=act.waive)


def _workday(day: date) -> date:
    """The day itself, or the Monday after: the team has its weekends."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
