"""All the days that a pack's rules give for what is known of a case: deadlines, the end of limitation, retention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from . import deadlines, limitation, retention
from .calendars import Calendars
from .given import Given
from .limitation import Effect
from .retention import Kept
from .rules import Pack, Rule, Text

MEANS: Final[Mapping[Effect, Text]] = {
    Effect.DEFENCE: Text(en="limitation: last day to pursue the claim", zh="诉讼时效：主张请求权的最后一日"),
    Effect.EXTINGUISHED: Text(en="prescription: after this day the debt is gone", zh="时效：此日之后债务消灭"),
    Effect.NO_ENFORCEMENT: Text(en="last day to apply for enforcement", zh="申请强制执行的最后一日"),
}


class Due(NamedTuple):
    """A day that a rule gives.

    `on` is the day as counted, `rolled` the next working day where `on` is a rest day and the rule allows that (else
    the same day). Whoever has to act keeps to `on`; whoever waits for another's deadline to pass waits for `rolled`.
    `key` is the rule's name for the day. `warn`: something is lost when it passes.
    """

    rule: Rule
    on: date
    rolled: date
    means: Text
    warnings: tuple[str, ...] = ()
    key: str = "date"
    warn: bool = True


def deadlines_of(pack: Pack, given: Given, calendars: Calendars, day: date | None = None) -> list[Due]:
    """Every day that follows from the facts under the rules in force on a day, the earliest first."""
    return sorted((*_deadlines(pack, given, calendars, day), *_limits(pack, given, calendars, day)), key=_by_day)


def retention_of(pack: Pack, given: Given, day: date | None = None) -> list[Kept]:
    """Every duty to keep records that has begun, the longest first; one without a day has no end yet."""
    found = [each for each in retention.duties(pack, given, day) if any(given.has(fact) for fact in each.rule.facts)]
    return sorted(found, key=lambda each: (-(each.until or date.max).toordinal(), each.rule.id))


def lapsed(pack: Pack, given: Given, calendars: Calendars, today: date) -> limitation.Period | None:
    """The limitation of a claim that is over, also after rest days; None where it runs, or nothing is known of it.

    A claim that was adjudged is no longer measured by its limitation, but by the time to enforce.
    """
    rules = list(limitation.fitting(pack, given))
    enforcing = [rule for rule in rules if rule.effect is Effect.NO_ENFORCEMENT]
    if limitation.chosen(enforcing, given, calendars):
        return None
    found = limitation.chosen((rule for rule in rules if rule not in enforcing), given, calendars)
    return found if found and found.rolled < today else None


def _by_day(due: Due) -> tuple[date, str]:
    return due.on, due.rule.id


def _deadlines(pack: Pack, given: Given, calendars: Calendars, day: date | None) -> Iterator[Due]:
    rules = list(deadlines.fitting(pack, given, day))
    for measure in dict.fromkeys(rule.measure for rule in rules):
        for found in deadlines.answers((r for r in rules if r.measure == measure), given, calendars)[:1]:
            for each in found.rule.dates:
                if on := found.dates[each.key]:
                    rolled = found.rolled.get(each.key, on)
                    yield Due(found.rule, on, rolled, each.means, found.warnings, each.key, each.warn)


def _limits(pack: Pack, given: Given, calendars: Calendars, day: date | None) -> Iterator[Due]:
    rules = list(limitation.fitting(pack, given, day))
    for measure in dict.fromkeys(rule.measures[0] for rule in rules):
        found = limitation.chosen((r for r in rules if r.measures[0] == measure), given, calendars)
        if found:
            means = MEANS[found.rule.effect]
            yield Due(found.rule, found.end, found.rolled, means, found.warnings, measure)
