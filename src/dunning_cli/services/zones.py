"""The time zones in which a debtor may be, as their file suggests them. A contact must be lawful in each."""

from __future__ import annotations

from ..domain.debtors import Debtor, DetailKind

_UNKNOWN = "Etc/Unknown"


def zones_of(debtor: Debtor) -> list[str]:
    """The zones named in the file, and those of the debtor's numbers; none where nothing suggests one.

    A number that stands without its country code says nothing: it is not guessed from where we are.
    """
    found = list(debtor.valid(DetailKind.TIMEZONE))
    phones = debtor.valid(DetailKind.PHONE)
    if phones:
        found += [zone for phone in phones for zone in _of_number(phone)]
    return list(dict.fromkeys(found))


def _of_number(phone: str) -> tuple[str, ...]:
    from phonenumbers import NumberParseException, is_possible_number, parse
    from phonenumbers.timezone import time_zones_for_number

    try:
        number = parse(phone, None)
    except NumberParseException:
        return ()
    if not is_possible_number(number):
        return ()
    return tuple(zone for zone in time_zones_for_number(number) if zone != _UNKNOWN)
