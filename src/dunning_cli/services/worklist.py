"""The worklist: whom to contact next, by what that is worth now, as far as the law allows it; debtors are taken by it.

The rows of cases hold what a contact was worth on the last day that their journal speaks of. The best of them are read
by an index, with those whose promise or whose day of law is near; what depends on the hour and the day is then worked
out anew for these, the guard is asked, and they are put in order again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from ..domain.cases import Case, Status
from ..domain.codec import check_text
from ..domain.compliance.guard import guard_of
from ..domain.days import utc_text
from ..domain.entries import Channel, ContactLogged, Direction, Voided
from ..domain.facts import Contact
from ..domain.views import CaseView, LearnedView, LeaseView, RankedCase, WorklistLine
from ..domain.worklist import (
    NEAR_DAYS,
    SPEAKING,
    Attempt,
    chance_to_reach,
    learn,
    promise_due,
    shares,
    together,
    worth,
)
from ..errors import RefusedError, RulePackNotFoundError
from .compliance import Intended, Meant, contact_row, pack_of, same_people, situation
from .desk import Desk
from .questions.told import read_ask, read_facts, zone
from .zones import zones_of

if TYPE_CHECKING:
    from ..domain.compliance.facts import Facts
    from ..domain.compliance.guard import Verdict
    from ..domain.debtors import Debtor
    from ..domain.journal import Entry
    from ..domain.policies import Policy
    from ..domain.rules import Pack
    from ..store.cases import Filed, Filter
    from ..store.leases import Lease
    from ..store.session import Tx

LOOKED = 4  # times as many cases are read as are wanted, before they are put in order again
_LEAST = 100  # cases are read at once
_MOST = 2000  # cases are looked at before it is said that there are more
_PROMISES_AHEAD = timedelta(days=14)  # an installment counts as missed by then if it is not paid
_TAKEN_AT_ONCE = 20  # the best debtors of whom one is taken; others may be quicker at the first of them
_TRIES = 10
_BATCH = 1000
_HOURS = 14  # ahead that it is looked until when a contact stays allowed


class Listed(NamedTuple):
    """The lines of a worklist; whether more cases were there than were looked at."""

    lines: list[WorklistLine]
    cut: bool


def worklist(
    desk: Desk, wanted: Filter, *, channel: Channel = Channel.CALL, limit: int = 20, everything: bool = False
) -> Listed:
    """The debtors of whom a contact is worth most now, with their cases: those whom the law lets us contact and nobody
    else has taken; with `everything` also the others, each with when it may be. `limit` 0: all."""
    with desk.store.reading() as tx:
        return _listed(_Room(desk, tx, wanted, channel, everything, desk.now.actor), limit)


def take(desk: Desk, wanted: Filter, collector: str | None, *, channel: Channel = Channel.CALL) -> Listed:
    """Take the best debtor for a collector (who acts, where none is named): their own cases, and those of nobody.

    Nobody else gets the debtor until the lease expires, or is given back. A collector who has one already gets that
    one again.
    """
    desk.writing()
    holder = check_text(collector or desk.now.actor, "collector")
    wanted = replace(wanted, collector=holder, or_nobody=True)
    for _ in range(_TRIES):
        with desk.store.reading() as tx:
            room = _Room(desk, tx, wanted, channel, False, holder)
            lines = _taken(room) or _listed(room, _TAKEN_AT_ONCE).lines
        if not lines:
            return Listed([], False)
        if line := desk.store.writing(lambda tx, lines=lines: _claim(desk, tx, wanted, channel, holder, lines)):  # type: ignore[misc]
            return Listed([line], False)
    return Listed([], True)  # others were quicker each time


def _taken(room: _Room) -> list[WorklistLine]:
    """The debtor whom the collector has taken already, whatever the law says by now."""
    held = room.tx.leases.held_by(room.holder, utc_text(room.desk.now.instant))
    if not held:
        return []
    from ..store.cases import Filter

    numbers = room.tx.debtors.numbers([held[0].debtor_id])[held[0].debtor_id]
    found = [filed for filed in room.tx.cases.of_debtor(numbers) if filed.case.status is Status.OPEN]
    whole = replace(room, everything=True, wanted=Filter())
    return [_with_window(made, room.desk.now.instant) for made in whole.rank(found)]


def _claim(
    desk: Desk, tx: Tx, wanted: Filter, channel: Channel, holder: str, lines: Iterable[WorklistLine]
) -> WorklistLine | None:
    """The first of these debtors who is free, taken.

    Once they are taken they are judged again: somebody may have had and contacted them since the list was read.
    """
    from ..store.leases import Lease

    now = desk.now.instant
    for line in lines:
        policy = tx.policies.get(line.cases[0].view.case.policy)
        until = now + timedelta(minutes=policy.worklist.lease_minutes)
        mine = line.lease is not None and line.lease.collector == holder
        if not tx.leases.claim(Lease(line.debtor.debtor_id, holder, utc_text(now), utc_text(until))):
            continue
        if mine:
            return replace(line, lease=LeaseView(holder, until))
        room = _Room(desk, tx, wanted, channel, False, holder)
        if made := room.rank(tx.cases.of_debtor(line.debtor.numbers)):
            return replace(_with_window(made[0], now), lease=LeaseView(holder, until))
        tx.leases.release(holder, line.debtor.numbers)
    return None


def explain(desk: Desk, ref: str, *, channel: Channel = Channel.CALL) -> WorklistLine:
    """Why a case stands where it does: what a contact about it alone is worth now."""
    from ..store.cases import Filter

    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        if filed.case.outcome:
            raise RefusedError(
                "Case {case} is closed: it is on no worklist.",
                hint=f"See it with: dunning show-case {filed.case.case_id}",
                case=filed.case.case_id,
            )
        room = _Room(desk, tx, Filter(), channel, True, desk.now.actor, only=filed.case.case_id)
        (made,) = room.rank([filed])
        return _with_window(made, desk.now.instant)


# --- the list ---------------------------------------------------------------------------------------------------------


class _Made(NamedTuple):
    """A line, and how to ask whether its contact would be allowed at another instant."""

    line: WorklistLine
    allowed_at: Callable[[datetime], bool]


class _Room(Struct, frozen=True):
    """What a list is made with. `holder`: whose leases hide nothing; `only`: the one case that is looked at."""

    desk: Desk
    tx: Tx
    wanted: Filter
    channel: Channel
    everything: bool
    holder: str
    only: int | None = None
    packs: dict[str, Pack | None] = field(default_factory=dict)

    def pack(self, case: Case) -> Pack | None:
        """The rule pack of a case, None where there is none of its name."""
        name = case.debt.jurisdiction
        if name not in self.packs:
            try:
                self.packs[name] = pack_of(self.desk.settings, case)
            except RulePackNotFoundError:
                self.packs[name] = None
        return self.packs[name]

    def rank(self, found: Sequence[Filed]) -> list[_Made]:
        """A line for each debtor of these cases, with all their cases that are wanted."""
        desk, tx = self.desk, self.tx
        debtors = tx.debtors.people({filed.case.debt.debtor_id for filed in found})
        people = {person.debtor_id: person for person in debtors.values()}
        numbers = {number: person.debtor_id for person in people.values() for number in person.numbers}
        whole: dict[int, list[Filed]] = {}
        for filed in tx.cases.of_debtor(numbers):
            whole.setdefault(numbers[filed.case.debt.debtor_id], []).append(filed)
        every = [filed.case for each in whole.values() for filed in each]
        log = tx.cases.told([case.case_id for case in every])
        same = same_people(tx, every)
        leases = tx.leases.of(numbers, utc_text(desk.now.instant))
        lines = []
        for number, mine in whole.items():
            person = people[number]
            lease = next((leases[each] for each in person.numbers if each in leases), None)
            if lease and lease.collector != self.holder and not self.everything:
                continue
            known = _Known(self, person, mine, log, same)
            if line := known.line(lease):
                lines.append(line)
        return lines

    def fits(self, case: Case) -> bool:
        """Whether a case is one of those that are wanted; the debtor's name was looked at before."""
        if self.only is not None:
            return case.case_id == self.only
        wanted, debt = self.wanted, case.debt
        return (
            case.status is Status.OPEN
            and wanted.stage in (None, case.stage.value)
            and (wanted.collector in (None, case.collector) or (wanted.or_nobody and case.collector is None))
            and wanted.creditor in (None, debt.creditor)
            and wanted.portfolio in (None, debt.portfolio)
            and wanted.currency in (None, debt.principal.currency)
            and (wanted.overdue_over is None or case.days_overdue(self.desk.now.today) > wanted.overdue_over)
        )


class _Known:
    """A debtor with all that is known of them, read once for all questions."""

    def __init__(
        self,
        room: _Room,
        person: Debtor,
        mine: Sequence[Filed],
        log: dict[int, list[Entry]],
        same: dict[int, int],
    ) -> None:
        self.room, self.person, self.mine, self.log, self.same = room, person, mine, log, same
        self._facts: dict[str, Facts] = {}

    def line(self, lease: Lease | None) -> _Made | None:
        """The debtor's line; None where none of their cases is to be shown."""
        room, today = self.room, self.room.desk.now.today
        reach = self.reach()
        ranked = []
        for filed in self.mine:
            case = filed.case
            if not room.fits(case):
                continue
            policy = room.tx.policies.get(case.policy)
            verdict = self.verdict(case, policy, room.desk.now.instant)
            open_now = verdict is not None and verdict.allowed and case.status is Status.OPEN
            if not open_now and not room.everything:
                continue
            deadline = filed.law.outlook.deadline_on
            value = worth(case, policy, today, room.tx.cases.chances, reach, promise_due(case, today), deadline)
            view = CaseView(case, self.person, today, filed.head, filed.next_action)
            ranked.append(RankedCase(view, value, open_now, verdict))
        if not ranked:
            return None
        ranked.sort(key=lambda each: (not each.allowed, -each.worth.total, each.view.case.case_id))
        # One contact is about those that it is allowed about; where it is about none, what all would be worth.
        counted = [each.worth for each in ranked if each.allowed] or [each.worth for each in ranked]
        first = ranked[0].view.case
        allowed = ranked[0].allowed
        opens = [each.verdict.allowed_from for each in ranked if each.verdict and each.verdict.allowed_from]
        line = WorklistLine(
            self.person,
            tuple(ranked),
            together(counted),
            allowed,
            None if allowed else min(opens, default=None),
            None,
            lease and LeaseView(lease.collector, datetime.fromisoformat(lease.expires_at)),
            ranked[0].verdict.zone if ranked[0].verdict else None,
        )
        return _Made(line, lambda at: self.allowed(first, at))

    def allowed(self, case: Case, at: datetime) -> bool:
        verdict = self.verdict(case, self.room.tx.policies.get(case.policy), at)
        return verdict is not None and verdict.allowed

    def verdict(self, case: Case, policy: Policy, at: datetime) -> Verdict | None:
        """What the rules say of a contact about a case; None where nobody can say, for want of a rule pack."""
        pack = self.room.pack(case)
        if pack is None:
            return None
        facts = self._facts.get(policy.digest)
        if facts is None:
            cases = [filed.case for filed in self.mine]
            told = situation(self.person, cases, self.log, policy, self.room.desk.now.today, same=self.same)
            facts = self._facts[policy.digest] = read_facts(told, [])
        row = contact_row(case.case_id, Meant(Intended(self.room.channel))) | {"at": at.isoformat()}
        return guard_of(pack).check(read_ask(row, []), facts)

    def reach(self) -> int:
        """The chance of reaching the debtor now, by what came of the contacts that we made on this channel."""
        names = zones_of(self.person)
        there = zone(names[0]) if names else self.room.desk.now.zone
        channel = self.room.channel
        attempts = [attempt for filed in self.mine for attempt in self._attempts(filed.case, there)]
        return chance_to_reach(attempts, self.room.desk.now.instant.astimezone(there).hour, channel)

    def _attempts(self, case: Case, there: tzinfo) -> Iterator[Attempt]:
        entries = self.log.get(case.case_id, ())
        void = {entry.what.seq for entry in entries if isinstance(entry.what, Voided)}
        for entry in entries:
            what, at = entry.what, entry.effective
            if not isinstance(what, ContactLogged) or entry.seq in void or not isinstance(at, datetime):
                continue
            if (what.channel, what.direction, what.party) == (self.room.channel, Direction.OUT, "debtor"):
                contact = Contact.of(entry.seq, entry.effective_on, what)
                reached = contact.reached if what.channel in SPEAKING else contact.conveyed
                yield Attempt(at.astimezone(there).hour, reached)


def _listed(room: _Room, limit: int) -> Listed:
    today, wanted = room.desk.now.today, room.wanted
    size = max(limit * LOOKED, _LEAST)
    seen: set[int] = set()
    lines: list[_Made] = []
    looked, cut = 0, False
    nearing = [
        *room.tx.cases.promised(wanted, today, today + _PROMISES_AHEAD, size),
        *room.tx.cases.lapsing(wanted, today, today + timedelta(days=NEAR_DAYS), size),
    ]
    for found in chain([nearing], _pages(room, size)):
        fresh = [filed for filed in found if filed.case.debt.debtor_id not in seen]
        made = room.rank(fresh)
        seen.update(filed.case.debt.debtor_id for filed in fresh)
        seen.update(number for each in made for number in each.line.debtor.numbers)
        lines += made
        looked += len(found)
        if found is not nearing and limit and len(lines) >= limit:
            break
        if limit and looked >= max(_MOST, size) and len(found) == size:
            cut = True
            break
    lines.sort(key=lambda made: (-made.line.worth.total, made.line.cases[0].view.case.case_id))
    return Listed([_with_window(made, room.desk.now.instant) for made in lines[: limit or None]], cut)


def _pages(room: _Room, size: int) -> Iterator[list[Filed]]:
    after: tuple[int, int] | None = None
    while True:
        found = room.tx.cases.ranked(room.wanted, room.desk.now.today, after, size)
        yield [filed for _, filed in found]
        if len(found) < size:
            return
        after = (found[-1][0], found[-1][1].case.case_id)


def _with_window(made: _Made, now: datetime) -> WorklistLine:
    """A line with the minute at which its contact is allowed no longer; None where that is hours away."""
    if not made.line.allowed:
        return made.line
    start = now.replace(second=0, microsecond=0)

    def allowed(minutes: int) -> bool:
        return made.allowed_at(start + timedelta(minutes=minutes))

    closed = next((hour * 60 for hour in range(1, _HOURS + 1) if not allowed(hour * 60)), None)
    if closed is None:
        return made.line
    known = closed - 60
    while closed - known > 1:
        middle = (known + closed) // 2
        known, closed = (middle, closed) if allowed(middle) else (known, middle)
    return replace(made.line, allowed_until=start + timedelta(minutes=closed))


# --- learning ---------------------------------------------------------------------------------------------------------


def learn_chances(desk: Desk, progress: Callable[[int, int], None] | None = None) -> LearnedView:
    """Learn the chances of recovery from all closed cases, and rank the open ones by them.

    What closed cases show is stored as a new version, unless it says what the last one said. A run that is killed
    leaves whole batches behind; the next one, or the nightly run, ranks the rest.
    """
    desk.writing()
    with desk.store.reading() as tx:
        found = learn(share for case, opened in tx.cases.closed() for share in shares(case, opened))
        before = tx.recovery.current()
    if found and found != before.learned:
        desk.store.writing(lambda tx: tx.recovery.add(found, utc_text(desk.now.instant), desk.now.actor))
    ranked = 0
    after: tuple[int, int] | None = (-2, 0)
    with desk.store.reading() as tx:
        chances = tx.recovery.current()
        total = tx.cases.count_unranked(chances.version)
    while after is not None:
        count, after = desk.store.writing(lambda tx, after=after: _rank_again(tx, after))  # type: ignore[misc]
        ranked += count
        if progress:
            progress(ranked, total)
    return LearnedView(chances, ranked)


def _rank_again(tx: Tx, after: tuple[int, int]) -> tuple[int, tuple[int, int] | None]:
    """Rank a batch of cases by the newest chances; answers how many, and where the next batch begins, if any.

    Cases that were reviewed under an older version of their policy are left to the nightly run.
    """
    version = tx.cases.chances.version
    batch = tx.cases.unranked(version, after, _BATCH)
    under = {policy.digest: policy for policy in tx.policies.current().values()}
    ranked = [(filed, under[filed.reviewed_under]) for filed in batch.filed if filed.reviewed_under in under]
    written = tx.cases.note_worth(ranked)
    more = len(batch.filed) + len(batch.unreadable) == _BATCH
    return len(written), batch.beyond if more and isinstance(batch.beyond, tuple) else None
