"""Small packs, and facts that say only what a test is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from dunning_cli.domain.compliance.facts import Ask, Contact, Debt, Facts, Flag
from dunning_cli.domain.compliance.guard import Guard, Verdict
from dunning_cli.domain.compliance.rule import ContactRule
from dunning_cli.domain.compliance.words import Event
from dunning_cli.domain.entries import Channel, Direction, Outcome
from dunning_cli.domain.rules import Applies, Header, Pack, Source, Strength, Sure, Text, ZoneSource

R = TypeVar("R", bound=ContactRule)

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
SHANGHAI = ZoneInfo("Asia/Shanghai")
DEBT = Debt(id="A", type="other", consumer=True)
OTHER = Debt(id="B", type="other", consumer=True)


def rule(kind: type[R], name: str = "x.rule", **says: Any) -> R:
    head: Mapping[str, Any] = {
        "id": name,
        "text": Text(en=f"{name} says so."),
        "source": Source(title="A law", sure=Sure.PRIMARY),
        "strength": Strength.LAW,
    }
    return kind(**{**head, **says})


def guard(*rules: ContactRule, zone: str | None = None, **header: Any) -> Guard:
    """A guard over some rules; `zone`: the pack's own."""
    said: dict[str, Any] = {
        "id": "x",
        "version": "1",
        "title": Text(en="A pack"),
        "checked_on": date(2026, 1, 1),
        "zone_source": ZoneSource.FIXED if zone else ZoneSource.DEBTOR_ALL,
        "zone": zone,
        "applies": Applies(),
        **header,
    }
    own = Header(**said)
    return Guard(
        Pack(**said, rules=rules, tables={}, origins={each.id: "x" for each in rules}, headers={"x": own}),
    )


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A local time as an instant: `at("2026-03-10 09:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def call(when: str, outcome: Outcome | None = Outcome.NO_ANSWER, zone: ZoneInfo = BERLIN, **more: Any) -> Contact:
    said: dict[str, Any] = {"channel": Channel.CALL, "debts": ("A",), **more}
    return Contact(at=at(when, zone), outcome=outcome, **said)


def heard(when: str, channel: Channel = Channel.EMAIL, zone: ZoneInfo = BERLIN, **more: Any) -> Contact:
    said: dict[str, Any] = {"debts": ("A",), **more}
    return Contact(at=at(when, zone), channel=channel, direction=Direction.IN, outcome=Outcome.RECEIVED, **said)


def flag(event: Event, when: str | None = "2026-03-01 12:00", **more: Any) -> Flag:
    said: dict[str, Any] = {"at": at(when)} if when else {}
    return Flag(event=event, **said, **more)


def facts(*, zones: tuple[ZoneInfo, ...] = (BERLIN,), debts: tuple[Debt, ...] = (DEBT, OTHER), **more: Any) -> Facts:
    said: dict[str, Any] = {name: tuple(value) for name, value in more.items()}
    return Facts(zones=zones, debts=debts, **said)


def ask(when: str = "2026-03-10 12:00", zone: ZoneInfo = BERLIN, **more: Any) -> Ask:
    said: dict[str, Any] = {"channel": Channel.CALL, "debts": ("A",), **more}
    return Ask(at=at(when, zone), **said)


def blocked(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings if finding.blocks}
