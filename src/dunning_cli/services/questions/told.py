"""Facts and asks about contacts, read from plain JSON into the guard's values.

A word that is not known where it cannot do harm to leave it out (a type of flag, a purpose) is noted and warned of; one
that would make the question another one (a channel, an outcome, a zone) raises InputError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...domain.collecting import CollectorRole, Lender
from ...domain.compliance.facts import Ask, Contact, Debt, Facts, Flag
from ...domain.compliance.words import Action, Aim, Event, Particular, Party, Weekday
from ...domain.entries import Channel, DebtType, Direction
from ...errors import InputError
from ...rules.words import words

Plain = Mapping[str, Any]

_AT: Final = ("start", "first_day", "at", "date", "on", "effective")
_RECEIVED: Final = ("received", "received_at")
_SENT: Final = ("sent", "sent_at", "mailed", "posted", "emailed", "provided")
_UNTIL: Final = ("until", "valid_until", "expires", "last_day", "end")
_ENDED: Final = ("ended", "ended_at", "revoked", "revoked_at", "withdrawn", "withdrawn_at", "closed", "closed_at")
_SOME_DAY: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""The instant of a step that says none: after everything that is told."""
_OF_DEBTS: Final = {
    "time_barred": Event.TIME_BARRED,
    "statute_barred": Event.TIME_BARRED,
    "prescribed": Event.EXTINGUISHED,
    "extinguished": Event.EXTINGUISHED,
}


def read_facts(plain: Plain, unknown: list[str]) -> Facts:
    """The facts of a question; words that are not known are added to `unknown`."""
    debts = [_debt(row) for row in _rows(plain, "debts")]
    flags = [read_flag(row, unknown) for row in plain.get("flags") or ()]
    flags += [
        Flag(event=event, debts=(str(row["id"]),))
        for row in _rows(plain, "debts")
        for name, event in _OF_DEBTS.items()
        if row.get(name) is True
    ]
    known = words()
    role, lender = plain.get("collector_role"), plain.get("lender")
    private = plain.get("private_loan_contract") or any(debt.type == DebtType.PRIVATE_LOAN for debt in debts)
    return Facts(
        debts=tuple(debts),
        contacts=tuple([_contact(row, unknown) for row in _rows(plain, "contacts")]),
        flags=tuple(flag for flag in flags if flag),
        zones=tuple(zone(name) for name in plain.get("debtor_timezones") or ()),
        collector_role=CollectorRole.THIRD_PARTY if role is None else _word("collector_role", role, known.roles),
        lender=(Lender.PRIVATE if private else Lender.LICENSED)
        if lender is None
        else _word("lender", lender, known.lenders),
    )


def read_ask(plain: Plain, unknown: list[str]) -> Ask:
    """What is asked. A contact has a channel, anything else an action."""
    known = words()
    action = Action.CONTACT
    if (name := plain.get("action")) is not None:
        action = _word("action", name, known.actions)
    channel = plain.get("channel")
    if action is Action.CONTACT and channel is None:
        raise InputError("ask.channel is missing, or ask.action where no contact is meant.")
    at = plain.get("at")
    if at is None and action is Action.CONTACT:
        raise InputError("ask.at is missing: the instant of the contact, with its offset.")
    who, party = _party(plain.get("party"), unknown)
    fields = plain.get("fields")
    content = plain.get("content")
    return Ask(
        at=_SOME_DAY if at is None else _instant("at", at),
        action=action,
        channel=None if channel is None else _channel(channel),
        direction=_word("direction", plain.get("direction", "out"), _DIRECTIONS),
        party=party,
        who=who,
        debts=_ids(plain, "debts") or (),
        counted_toward=_ids(plain, "counted_toward"),
        to=_text(plain, "to"),
        by=_text(plain, "by") or "org",
        aims=_aims(plain.get("purpose"), unknown),
        in_reply=_flagged(plain, "in_reply"),
        place=_text(plain, "place"),
        said={known.said[name]: value for name, value in plain.items() if name in known.said},
        fields=None if fields is None else tuple(_fields(fields)),
        content=content if isinstance(content, str) else None,
    )


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """A zone by its name; InputError where there is none of it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as error:
        raise InputError("'{zone}' is no time zone such as Europe/Berlin.", zone=name) from error


# --- one thing each ---------------------------------------------------------------------------------------------------


def _debt(row: Plain) -> Debt:
    if not isinstance(row.get("id"), str):
        raise InputError("Every debt needs an id.")
    kind, consumer = row.get("type"), _flagged(row, "consumer")
    if consumer is None and kind in words().consumer_debts:
        consumer = True
    credit = _flagged(row, "consumer_credit")
    if credit is None and consumer is not None and kind is not None:
        credit = consumer and kind in (DebtType.CONSUMER_LOAN, DebtType.CREDIT_CARD)
    days = row.get("days_overdue")
    return Debt(
        id=row["id"],
        type=kind,
        consumer=consumer,
        consumer_credit=credit,
        group=row.get("account_group"),
        days_overdue=days if isinstance(days, int) else None,
    )


def _contact(row: Plain, unknown: list[str]) -> Contact:
    known = words()
    who, party = _party(row.get("party"), unknown)
    when = row.get("when", row.get("at"))
    if when is None:
        raise InputError("A contact of the log has no 'when'.")
    outcome = row.get("outcome")
    return Contact(
        at=_instant("when", when),
        channel=_channel(row.get("channel")),
        direction=_word("direction", row.get("direction", "out"), _DIRECTIONS),
        outcome=None if outcome is None else _word("outcome", outcome, known.outcomes),
        party=party,
        who=who,
        debts=_ids(row, "debts") or (),
        discussed=_ids(row, "discussed"),
        counted_toward=_ids(row, "counted_toward"),
        to=_text(row, "to"),
        by=_text(row, "by") or "org",
        aims=_aims(row.get("purpose"), unknown),
        in_reply=_flagged(row, "in_reply"),
        place=_text(row, "place"),
    )


def read_flag(row: Any, unknown: list[str]) -> Flag | None:
    """A flag; None, and noted in `unknown`, where its type is not known."""
    known = words()
    if isinstance(row, str):
        row = {"type": row}
    if not isinstance(row, dict) or not isinstance(row.get("type"), str):
        raise InputError("A flag is a word, or an object with a type.")
    name = row["type"]
    event = known.events.get(name)
    if event is None:
        unknown.append(f"flags.type {name}")
        return None
    medium = row.get("medium", row.get("media"))
    kind, status = row.get("kind", known.event_kinds.get(name)), row.get("status")
    party = row.get("party")
    return Flag(
        event=event,
        at=_when(row, _AT),
        received=_when(row, _RECEIVED),
        sent=_when(row, _SENT),
        until=_when(row, _UNTIL),
        valid_on=_day(row, "valid_on"),
        ended=_when(row, _ENDED),
        treatment_ended=_when(row, ("treatment_ended", "treatment_ended_at")),
        debts=_ids(row, "debts") or (),
        media=_media(medium),
        to=_text(row, "to", "address"),
        place=_text(row, "place"),
        who=None if party is None else _party(party, unknown)[0],
        weekdays=tuple(_word("weekdays", _short(day), _WEEKDAYS) for day in row.get("weekdays") or ()),
        from_=_hour(row, "from_", "from"),
        to_=_hour(row, "to_"),
        status=None if status is None else known.statuses.get(status, status),
        kind=None if kind is None else known.kinds.get(kind, kind),
        mode=_text(row, "mode"),
        in_writing=_flagged(row, "in_writing"),
        given_to=_given_to(row),
    )


def _given_to(row: Plain) -> str | None:
    found = _text(row, "given_to", "source")
    if found is None:
        return None
    return "collector" if found in ("collector", "this_collector", "directly", "consumer", "debtor") else found


_DIRECTIONS: Final = {str(each): each for each in Direction}
_WEEKDAYS: Final = {str(each): each for each in Weekday}
_CHANNELS: Final = {str(each): each for each in Channel}


def _channel(name: Any) -> Channel:
    known = _CHANNELS.get(name)
    if known is not None:
        return known
    found = words().media.get(name, ())
    if found:
        return found[0]
    wrong: Channel = _word("channel", name, _CHANNELS)
    return wrong


def _media(medium: Any) -> tuple[Channel, ...]:
    if medium is None:
        return ()
    names = [medium] if isinstance(medium, str) else medium
    return tuple(dict.fromkeys(c for name in names for c in _word("medium", name, words().media)))


def _party(name: Any, unknown: list[str]) -> tuple[str, Party]:
    if name is None:
        return "debtor", Party.DEBTOR
    if not isinstance(name, str):
        raise InputError("The fact '{name}' is a word in quotes.", name="party")
    known = words().parties
    head, _, rest = name.partition(":")
    found = known.get(head)
    if found is None:
        unknown.append(f"party {name}")
        return name, Party.THIRD_PARTY
    if found is Party.THIRD_PARTY and rest in known:
        found = known[rest]
    return (str(found) if not rest else name), found


def _aims(name: Any, unknown: list[str]) -> tuple[Aim, ...]:
    if name is None:
        return ()
    found: list[Aim] = []
    for each in [name] if isinstance(name, str) else name:
        meant = words().purposes.get(each)
        if meant is None:
            unknown.append(f"purpose {each}")
        else:
            found += meant
    return tuple(found)


def _fields(names: Iterable[Any]) -> Iterable[Particular]:
    known = words().particulars
    return (known[name] for name in names if name in known)


# --- values -----------------------------------------------------------------------------------------------------------


def _rows(plain: Plain, name: str) -> list[Plain]:
    found = plain.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise InputError("The fact '{name}' is a list of objects.", name=name)
    return found


def _word(name: str, value: Any, table: Mapping[str, Any]) -> Any:
    found = table.get(value) if isinstance(value, str) else None
    if found is None:
        near = get_close_matches(str(value), list(table), n=1)
        raise InputError(
            "'{value}' is no {name}; did you mean '{near}'?" if near else "'{value}' is no {name}; known are: {near}.",
            value=value,
            name=name,
            near=near[0] if near else ", ".join(table),
        )
    return found


def _ids(plain: Plain, name: str) -> tuple[str, ...] | None:
    found = plain.get(name)
    if found is None:
        return None
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list):
        raise InputError("The fact '{name}' is a list of ids.", name=name)
    return tuple(map(str, found))


def _text(plain: Plain, *names: str) -> str | None:
    found = next((plain[name] for name in names if plain.get(name) is not None), None)
    return None if found is None else str(found)


def _flagged(plain: Plain, name: str) -> bool | None:
    value = plain.get(name)
    if value is not None and not isinstance(value, bool):
        raise InputError("The fact '{name}' is true or false.", name=name)
    return value


def _instant(name: str, value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise InputError(
            "'{name}' is an instant with its offset, such as 2026-01-31T09:00:00+01:00, not {value}.",
            name=name,
            value=value,
        )
    return found


def _when(plain: Plain, names: Iterable[str]) -> datetime | date | None:
    for name in names:
        value = plain.get(name)
        if value is None or isinstance(value, bool):
            continue
        if isinstance(value, str) and len(value) == 10:
            return _as_day(name, value)
        return _instant(name, value)
    return None


def _day(plain: Plain, name: str) -> date | None:
    value = plain.get(name)
    return None if value is None else _as_day(name, str(value)[:10])


def _as_day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InputError("'{name}' is a day such as 2026-01-31, not {value}.", name=name, value=value) from error


def _hour(plain: Plain, *names: str) -> time | None:
    value = next((plain[name] for name in names if plain.get(name) is not None), None)
    if value is None:
        return None
    if value == "24:00":
        return time()
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InputError("'{name}' is an hour such as 08:00, not {value}.", name=names[0], value=value) from error


def _short(day: Any) -> str:
    return str(day)[:2].upper()
