"""What all contact rules share: whom and what they stop, what lifts them, and one-reply-per-message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from ..entries import Channel, Direction, Outcome
from ..rules import Closed, Rule, Severity
from .facts import NEVER, Ask, Contact, Flag, Zones, midnight
from .scene import Scene, local_day
from .words import Action, Aim, Effective, Event, Hands, Override, Party, Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A rule that is not kept. `opens` is the earliest instant at which it may be, as long as nothing else happens;
    None where only a new fact can open it. `missing` names facts without which it cannot be judged."""

    opens: datetime | None = None
    missing: tuple[str, ...] = ()
    unknown: bool = False
    """Nothing is broken for certain: the question leaves out what would show it. Never more than a warning."""
    lacks: tuple[str, ...] = ()
    """The particulars that are not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Which(Closed):
    """Which contacts: each word that is given must hold; a list holds where one of it does."""

    channels: tuple[Channel, ...] = ()
    direction: Direction | None = None
    outcomes: tuple[Outcome, ...] = ()
    not_outcomes: tuple[Outcome, ...] = ()
    parties: tuple[Party, ...] = ()
    not_parties: tuple[Party, ...] = ()
    purposes: tuple[Aim, ...] = ()
    not_purposes: tuple[Aim, ...] = ()
    places: tuple[Place, ...] = ()
    hands: Hands | None = None

    def fits(self, contact: Contact) -> bool:
        return (
            (not self.channels or contact.channel in self.channels)
            and (self.direction is None or contact.direction is self.direction)
            and (not self.outcomes or contact.outcome in self.outcomes)
            and contact.outcome not in self.not_outcomes
            and self._about(contact, contact.aims)
        )

    def fits_ask(self, ask: Ask) -> bool:
        return (not self.channels or ask.channel in self.channels) and self._about(ask, ask.meant)

    def _about(self, what: Contact | Ask, aims: Sequence[Aim]) -> bool:
        return (
            (not self.parties or what.party in self.parties)
            and what.party not in self.not_parties
            and (not self.purposes or any(aim in self.purposes for aim in aims))
            and not (self.not_purposes and aims and all(aim in self.not_purposes for aim in aims))
            and (not self.places or what.place in self.places)
            and (self.hands is None or (what.by != Hands.ORG) is (self.hands is Hands.AGENCY))
        )


class EndsOn(StrEnum):
    """What ends a permission before its time. A day agreed for it, or its own end, always does."""

    CONVERSATION = "conversation"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifting(Closed):
    """A permission that lifts a rule: a flag of an event, with the hours, debts, medium and person that it names.

    `days`: how long it holds at most, in local calendar days. `direct`: one that is known to have been given to
    somebody else (the creditor, an earlier collector) lifts nothing.
    """

    event: Event
    days: int | None = None
    first_day_counts: bool = True
    ends_on: tuple[EndsOn, ...] = (EndsOn.REVOKED,)
    direct: bool = False

    def alive(self, flag: Flag, scene: Scene, at: datetime, zones: Zones) -> bool:
        """Whether a flag of this event holds at an instant: in every zone, where they differ."""
        begin = flag.begin(Effective.AT, zones, max)
        if begin is None or at < begin or at >= flag.end(zones, min):
            return False
        if self.direct and flag.given_to not in (None, "collector"):
            return False
        return all(self._in_time(flag, at, zone) for zone in zones) and not self._over(flag, scene, begin, at, zones)

    def _in_time(self, flag: Flag, at: datetime, zone: tzinfo) -> bool:
        """Whether an instant lies on its day, in its hours and in its length, as one zone counts them."""
        today = local_day(at, zone)
        if flag.valid_on is not None and today != flag.valid_on:
            return False
        if not flag.within_hours(at.astimezone(zone)):
            return False
        if self.days is None or flag.valid_on is not None:
            return True
        first = flag.day(Effective.AT, zone)
        return first is None or today < first + timedelta(days=self.days + (not self.first_day_counts))

    def _over(self, flag: Flag, scene: Scene, begin: datetime, at: datetime, zones: Zones) -> bool:
        """Whether something ended it before its time."""
        if EndsOn.REVOKED in self.ends_on:
            for taken in scene.flags((Event.CONSENT_REVOKED,)):
                moment = taken.begin(Effective.AT, zones, min)
                about = not taken.debts or not flag.debts or scene.covers(taken, flag.debts)
                if about and moment is not None and begin <= moment <= at:
                    return True
        if EndsOn.CONVERSATION in self.ends_on:
            for contact in scene.since(begin):
                if contact.at >= at:
                    break
                spoken = contact.outcome is Outcome.CONVERSATION
                if spoken and (not flag.debts or scene.covers(flag, contact.touches)):
                    return True
        return False

    def lifts(self, scene: Scene, zones: Zones) -> bool:
        ask = scene.ask
        return any(
            (not flag.media or ask.channel in flag.media)
            and (flag.to is None or flag.to == ask.to)
            and (flag.who is None or flag.who == ask.who)
            and scene.covers_all(flag, ask.debts)
            and self.alive(flag, scene, scene.at, zones)
            for flag in scene.flags((self.event,))
        )

    def lifted(self, contact: Contact, bucket: str | None, scene: Scene, zones: Zones) -> bool:
        """Whether a contact of the log was made under it, for one debt."""
        return any(
            (not flag.media or contact.channel in flag.media)
            and (flag.to is None or flag.to == contact.to)
            and (flag.who is None or flag.who == contact.who)
            and (not flag.debts or (bucket is None or bucket in scene.buckets(flag.debts)))
            and self.alive(flag, scene, contact.at, zones)
            for flag in scene.flags((self.event,))
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRule(Rule):
    """The head of the rules about contacts and steps.

    It stops the contacts of `blocks` (where `actions` has other steps: those steps), save for the purposes and parties
    of `allow_purposes` and `allow_parties`, and for what `except` lifts. `reply_once`: a message of the debtor's may be
    answered once, in the same medium, while what stops us is the same.
    """

    actions: tuple[Action, ...] = (Action.CONTACT,)
    blocks: Which = field(default_factory=Which)
    allow_purposes: tuple[Aim, ...] = ()
    allow_parties: tuple[Party, ...] = ()
    except_: tuple[Lifting, ...] = ()
    reply_once: bool = False
    override_reasons: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        if self.severity is Severity.BLOCK_OVERRIDABLE and not self.override_reasons:
            raise ValueError("override_reasons: an overridable rule says which reasons it accepts")
        if self.severity is not Severity.BLOCK_OVERRIDABLE and self.override_reasons:
            raise ValueError("override_reasons: only a rule of severity block_overridable has reasons")

    def stands_for(self, ask: Ask) -> bool:
        """Whether it can stand against such a step at all. It looks at no instant, log or flag, so that the answer
        holds for all questions of the same kind."""
        if ask.action not in self.actions:
            return False
        if ask.action is Action.CONTACT and not self.blocks.fits_ask(ask):
            return False
        if self.allow_parties and ask.party in self.allow_parties:
            return False
        return not (self.allow_purposes and all(aim in self.allow_purposes for aim in ask.meant))

    @property
    def wakes_on(self) -> tuple[Event, ...]:
        """The events without a flag of which it has nothing to say; empty: it may speak without any."""
        return ()

    @property
    def wakes_at(self) -> int:
        """How many contacts the log must hold before it can have anything to say."""
        return 0

    def judge(self, scene: Scene, zones: Zones) -> Found | None:
        """What stands against the question by this rule, at the scene's instant; for asks that it stands for."""
        found = self.finds(scene, zones)
        if found is None:
            return None
        for lifting in self.except_:
            if lifting.lifts(scene, zones):
                return None
        if self.reply_once and not found.missing and self._answers(scene, zones):
            return None
        return found

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        raise NotImplementedError

    def same_stop(self, scene: Scene, earlier: datetime, zones: Zones) -> bool:
        """Whether the rule has stood without a break since an earlier instant."""
        return True

    def _answers(self, scene: Scene, zones: Zones) -> bool:
        """Whether the question answers the last message of this person in this medium, and is the first to do so."""
        ask = scene.ask
        if not ask.in_reply:
            return False
        for contact in reversed(scene.log):
            if contact.channel is not ask.channel or contact.who != ask.who:
                continue
            if contact.direction is Direction.OUT:
                if contact.outcome in (Outcome.BUSY, Outcome.NOT_IN_SERVICE):
                    continue
                return False
            return self.same_stop(scene, contact.at, zones)
        return False


def next_midnight(at: datetime, zones: Zones) -> datetime:
    """When the day is over in every zone."""
    found = max((local_day(at, zone) for zone in zones), default=at.date())
    return midnight(found + timedelta(days=1), zones, max)


def earliest(instants: Sequence[datetime]) -> datetime | None:
    """The first of some ends; None where there is none."""
    found = min(instants, default=NEVER)
    return None if found == NEVER else found
