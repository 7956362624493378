"""What the guard is told: debts, the log of contacts, flags (facts with a life), and what is intended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from msgspec import Struct, field

from ..collecting import CollectorRole, Lender
from ..entries import Channel, Direction, Outcome
from ..rules import Subject
from .words import WEEKDAYS, Action, Aim, Effective, Event, Party, Weekday

ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
NEVER: Final = datetime.max.replace(tzinfo=UTC)
Zones = tuple[tzinfo, ...]
Choose = Callable[[Iterable[datetime]], datetime]


def midnight(day: date, zones: Zones, choose: Choose) -> datetime:
    """When a day begins; where the zones differ, `min` or `max` of them."""
    try:
        return choose(datetime.combine(day, time(), zone).astimezone(UTC) for zone in zones or (UTC,))
    except OverflowError:
        return NEVER if day > date(2001, 1, 1) else ALWAYS


class Debt(Struct, frozen=True, kw_only=True):
    """A debt, as far as contact rules ask. Debts of one `group` (one account) are one debt to them."""

    id: str
    type: str | None = None
    consumer: bool | None = None
    consumer_credit: bool | None = None
    group: str | None = None
    days_overdue: int | None = None

    @property
    def bucket(self) -> str:
        return f"group {self.group}" if self.group else self.id


class Contact(Struct, frozen=True, kw_only=True):
    """A contact of the log. `who` names the person, `party` says what they are; `by` is `org` or `agency:NAME`.

    `debts` is what it was placed about; `counted_toward` the collector's own choice for a call that named no debt;
    `discussed` what was talked about.
    """

    at: datetime
    channel: Channel
    direction: Direction = Direction.OUT
    outcome: Outcome | None = None
    party: Party = Party.DEBTOR
    who: str = "debtor"
    debts: tuple[str, ...] = ()
    discussed: tuple[str, ...] | None = None
    counted_toward: tuple[str, ...] | None = None
    to: str | None = None
    by: str = "org"
    aims: tuple[Aim, ...] = ()
    in_reply: bool | None = None
    place: str | None = None

    @property
    def counts_toward(self) -> tuple[str, ...]:
        return self.debts if self.counted_toward is None else self.counted_toward

    @property
    def touches(self) -> tuple[str, ...]:
        """The debts that a conversation was about; where none was spoken of, those that it is counted toward."""
        return self.discussed or self.counts_toward

    @property
    def order(self) -> tuple[Any, ...]:
        """A total order, so that the log says the same however it is shuffled."""
        return (self.at, self.direction, self.channel, self.outcome or "", self.who, self.debts, self.to or "", self.by)


class Flag(Struct, frozen=True, kw_only=True):
    """A fact with a life. Days without an hour begin and end with the debtor's local day.

    `at` is when it happened or was told, `received` and `sent` where a message is told of. `until` is the last day, or
    the instant, up to which it holds; `valid_on` the one day for which it was given. `ended` is when it was taken back.
    `given_to`: who was told, where that counts. Empty `debts` are all debts.
    """

    event: Event
    at: datetime | date | None = None
    received: datetime | date | None = None
    sent: datetime | date | None = None
    until: datetime | date | None = None
    valid_on: date | None = None
    ended: datetime | date | None = None
    treatment_ended: datetime | date | None = None
    debts: tuple[str, ...] = ()
    media: tuple[Channel, ...] = ()
    to: str | None = None
    place: str | None = None
    who: str | None = None
    weekdays: tuple[Weekday, ...] = ()
    from_: time | None = None
    to_: time | None = None
    status: str | None = None
    kind: str | None = None
    mode: str | None = None
    in_writing: bool | None = None
    given_to: str | None = None

    def begin(self, effective: Effective, zones: Zones, choose: Choose) -> datetime | None:
        """When it starts to count; None where it does not: what was sent is not yet received."""
        if effective is Effective.RECEIVED:
            found = self.received or self.at
            if found is None and self.sent is not None:
                return None
        elif effective is Effective.SENT:
            found = self.sent or self.at or self.received
        else:
            found = self.at or self.received or self.sent
        return ALWAYS if found is None else _instant(found, zones, choose)

    def day(self, effective: Effective, zone: tzinfo) -> date | None:
        """The local day on which it starts to count."""
        found = self.begin(effective, (zone,), min)
        if found is None or found == ALWAYS:
            return None
        return found.astimezone(zone).date()

    def end(self, zones: Zones, choose: Choose) -> datetime:
        """The first instant at which it no longer holds."""
        ends = [NEVER]
        if self.until is not None:
            ends.append(_after(self.until, zones, choose))
        if self.valid_on is not None:
            ends.append(_after(self.valid_on, zones, choose))
        if self.ended is not None:
            ends.append(_instant(self.ended, zones, choose))
        return min(ends)

    def instants(self, zones: Zones) -> Iterable[datetime]:
        """Every instant at which it may change an answer."""
        for each in (self.at, self.received, self.sent, self.valid_on, self.ended, self.treatment_ended, self.until):
            if each is None:
                continue
            for choose in (min, max):
                yield _instant(each, zones, choose)
                if each in (self.until, self.valid_on):
                    yield _after(each, zones, choose)

    def within_hours(self, local: datetime) -> bool:
        """Whether a local time lies on its weekdays and in its hours; without any, it does."""
        return in_window(local, self.from_, self.to_, self.weekdays)


def in_window(local: datetime, from_: time | None, to_: time | None, weekdays: tuple[Weekday, ...]) -> bool:
    """Whether a local time lies in a window; its end is outside. One that ends at or before its start runs past
    midnight and belongs to the weekday on which it starts."""
    now = local.time()
    today = WEEKDAYS[local.weekday()]
    start, end = from_ or time(), to_ or time()
    if start < end:
        return start <= now < end and (not weekdays or today in weekdays)
    if now >= start and (not weekdays or today in weekdays):
        return True
    return now < end and (not weekdays or WEEKDAYS[local.weekday() - 1] in weekdays)


def _instant(what: datetime | date, zones: Zones, choose: Choose) -> datetime:
    return what if isinstance(what, datetime) else midnight(what, zones, choose)


def _after(what: datetime | date, zones: Zones, choose: Choose) -> datetime:
    """The end of a day; an instant is its own end."""
    if isinstance(what, datetime):
        return what
    return NEVER if what >= date.max - timedelta(days=2) else midnight(what + timedelta(days=1), zones, choose)


class Ask(Struct, frozen=True, kw_only=True):
    """What is intended, or happened, at an instant.

    `said` are further facts about it (`recorded`, `collectors`, `has_opt_out_notice` …): one that is left out is
    unknown. `fields` are the particulars that a message or a plan contains, None where nothing is said of them.
    """

    at: datetime
    action: Action = Action.CONTACT
    channel: Channel | None = None
    direction: Direction = Direction.OUT
    party: Party = Party.DEBTOR
    who: str = "debtor"
    debts: tuple[str, ...] = ()
    counted_toward: tuple[str, ...] | None = None
    to: str | None = None
    by: str = "org"
    aims: tuple[Aim, ...] = ()
    in_reply: bool | None = None
    place: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] | None = None
    content: str | None = None

    @property
    def meant(self) -> tuple[Aim, ...]:
        return self.aims or (Aim.COLLECT,)


class Facts(Struct, frozen=True, kw_only=True):
    """What is known. The log holds the contacts of all the debtor's cases, by whoever they were made.

    `zones` are all the zones that the file suggests for the debtor.
    """

    debts: tuple[Debt, ...] = ()
    contacts: tuple[Contact, ...] = ()
    flags: tuple[Flag, ...] = ()
    zones: Zones = ()
    collector_role: CollectorRole | None = CollectorRole.THIRD_PARTY
    lender: Lender | None = Lender.LICENSED

    def subject(self, debt: Debt | None) -> Subject:
        """What conditions of rules look at, for one debt."""
        return Subject(
            debt_type=debt.type if debt else None,
            consumer=debt.consumer if debt else None,
            consumer_credit=debt.consumer_credit if debt else None,
            days_overdue=debt.days_overdue if debt else None,
            collector_role=self.collector_role,
            lender=self.lender,
        )
