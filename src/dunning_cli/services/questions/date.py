"""Questions about days: deadlines, limitation and retention, each answered from the pack's rules of that kind.

`ask.measure` names what is asked; `ask.retention` names a kind of record. Without either, the rules are asked that
count from the facts in the ask itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ...domain import deadlines, limitation, retention
from ...domain.deadlines import DeadlineRule, Found
from ...domain.given import Given
from ...domain.limitation import Effect, LimitationRule, Period
from ...domain.questions import Answer
from ...domain.retention import Kept, RetentionRule
from ...errors import InputError
from ...rules.calendars import calendar_of
from ...rules.files import meant

if TYPE_CHECKING:
    from ...domain.rules import Pack
    from ...rules.book import Book

_RETENTION: Final = "retention"


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """The days that are asked for."""
    given = Given(facts, ask)
    measure, record = ask.get("measure"), ask.get(_RETENTION)
    if record is not None or measure == _RETENTION:
        return _retention(pack, given, record)
    if measure is None:
        return _unnamed(pack, given, ask)
    if any(measure == rule.measure for rule in pack.rules_of(DeadlineRule)):
        return _deadline(pack, given, measure)
    for rule in pack.rules_of(LimitationRule):
        if measure == rule.suspension_measure:
            return _suspension(pack, given, measure)
        if measure in rule.measures:
            return _limitation(pack, given, measure)
    raise _no_measure(pack, measure)


def _no_measure(pack: Pack, measure: object) -> InputError:
    known = sorted(measures(pack))
    return InputError(
        "The rule pack {pack} has no rule about '{measure}'; it answers: {known}.",
        hint=meant(str(measure), known),
        pack=pack.id,
        measure=measure,
        known=", ".join(known) or "-",
    )


def measures(pack: Pack) -> set[str]:
    """What a pack answers about days."""
    found = {rule.measure for rule in pack.rules_of(DeadlineRule)}
    for rule in pack.rules_of(LimitationRule):
        found |= {*rule.measures, rule.suspension_measure} - {""}
    return found | ({_RETENTION} if pack.rules_of(RetentionRule) else set())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _beside(rules: Iterable[str], warnings: Iterable[str]) -> dict[str, Any]:
    beside: dict[str, Any] = {"rules": list(dict.fromkeys(rules))}
    if said := list(dict.fromkeys(warnings)):
        beside["warnings"] = said
    return beside


def _lacking(measure: str, facts: Iterable[str]) -> InputError:
    names = ", ".join(sorted(facts))
    return InputError("'{measure}' needs a fact that is not known: {facts}.", measure=measure, facts=names)


def _no_period(given: Given, rules: Iterable[LimitationRule], measure: str) -> InputError:
    """What is missing: a fact that says which rule holds, else one that a period starts from."""
    all_rules = list(rules)
    which = {each.fact for rule in all_rules for each in rule.when if each.one_of and not given.has(each.fact)}
    if any(given.has(fact) for rule in all_rules for fact in rule.facts) and which:
        return _lacking(measure, which)
    return _lacking(measure, {fact for rule in all_rules for fact in rule.facts})


# --- deadlines --------------------------------------------------------------------------------------------------------


def _deadline(pack: Pack, given: Given, measure: str) -> Answer:
    rules = [rule for rule in deadlines.fitting(pack, given) if rule.measure == measure]
    of_measure = [rule for rule in pack.rules_of(DeadlineRule) if rule.measure == measure]
    said = deadlines.answers(rules, given, calendar_of)
    if said:
        first = said[0]
        beside = _beside((each.rule.id for each in said), (w for each in said for w in each.warnings))
        lacks = [fact for fact in sorted(first.rule.facts) if not given.has(fact) and None in first.dates.values()]
        if lacks:
            beside.setdefault("warnings", []).append(f"not known: {', '.join(lacks)}")
        return Answer(_dates(first), beside)
    facts = {fact for rule in of_measure for fact in rule.facts}
    if not any(given.has(fact) for fact in facts):
        raise _lacking(measure, facts)
    # Something is known, and by it the day has not come: a consumer who was never reminded is not in default.
    keys = {each.key for rule in of_measure for each in rule.dates}
    lacks = sorted(fact for fact in facts if not given.has(fact))
    no_day: dict[str, Any] = dict.fromkeys(sorted(keys))
    counts = {each.key: 0 if _arose(rule, given) else None for rule in rules for each in rule.days}
    beside = _beside((rule.id for rule in rules), [f"no day follows from what is known; not known: {', '.join(lacks)}"])
    return Answer(no_day | counts, beside)


def _arose(rule: DeadlineRule, given: Given) -> bool:
    """Whether all that a rule counts from is known, so that a number of no days is really none."""
    return all(given.has(fact) for fact in rule.facts)


def _dates(found: Found) -> dict[str, Any]:
    said: dict[str, Any] = {key: _iso(day) for key, day in found.dates.items()}
    said |= {found.rule.rolled_key(key): _iso(day) for key, day in found.rolled.items()}
    return said | dict(found.days)


# --- limitation -------------------------------------------------------------------------------------------------------


def _limitation(pack: Pack, given: Given, measure: str) -> Answer:
    rules = [rule for rule in limitation.fitting(pack, given) if measure in rule.measures]
    found = limitation.chosen(rules, given, calendar_of)
    if found is None:
        raise _no_period(given, (r for r in pack.rules_of(LimitationRule) if measure in r.measures), measure)
    return Answer(_period(found), _of_period(found))


def _period(found: Period) -> dict[str, Any]:
    said: dict[str, Any] = {"date": _iso(found.end), "effect": str(found.rule.effect)}
    if found.rule.roll:
        said[found.rule.rolled_key] = _iso(found.rolled)
    return said


def _of_period(found: Period) -> dict[str, Any]:
    beside = _beside([found.rule.id], found.warnings)
    beside["counted_from"] = _iso(found.begins)
    if found.restarted_by:
        beside["restarted_by"] = [{"event": event, "on": _iso(day)} for event, day in found.restarted_by]
    return beside


def _suspension(pack: Pack, given: Given, measure: str) -> Answer:
    rules = [rule for rule in limitation.fitting(pack, given) if measure == rule.suspension_measure]
    found = limitation.chosen(rules, given, calendar_of)
    if found is None:
        raise _no_period(given, rules, measure)
    return Answer({"date": _iso(found.suspended_until)}, _of_period(found))


def defence(pack: Pack, given: Given, now: date) -> tuple[bool, Period]:
    """Whether on a day the debtor may refuse to pay because of the time that passed, and the period behind that."""
    known = [rule for rule in pack.rules_of(LimitationRule) if rule.effect is not Effect.NO_ENFORCEMENT]
    if not known:
        raise InputError("The rule pack {pack} has no rule of limitation.", pack=pack.id)
    fitting = [rule for rule in limitation.fitting(pack, given) if rule in known]
    found = limitation.chosen(fitting, given, calendar_of)
    if found is None:
        raise _no_period(given, known, "limitation")
    return now > found.rolled, found


# --- retention --------------------------------------------------------------------------------------------------------


def _retention(pack: Pack, given: Given, record: object) -> Answer:
    known = {word for rule in pack.rules_of(RetentionRule) for word in rule.records}
    if record is not None and record not in known:
        raise InputError(
            "The rule pack {pack} has no duty to keep '{record}'. Known are: {known}.",
            hint=meant(str(record), sorted(known)),
            pack=pack.id,
            record=record,
            known=", ".join(sorted(known)) or "-",
        )
    found = [each for each in retention.duties(pack, given) if record is None or record in each.rule.records]
    facts = {fact for each in found for fact in each.rule.facts}
    if not any(given.has(fact) for fact in facts):
        raise _lacking(_RETENTION, facts)
    said = _kept(found)
    if record is not None and (longest := retention.strictest(_speaking(found, given))):
        said["strictest"] = _iso(longest.until)
    return Answer(said, _beside((each.rule.id for each in found), _endless(found)))


def _speaking(found: list[Kept], given: Given) -> list[Kept]:
    """The duties of which anything is known: one that counts from an unknown fact says nothing yet."""
    return [each for each in found if each.until or any(given.has(fact) for fact in each.rule.facts)]


def _kept(found: list[Kept]) -> dict[str, Any]:
    """The day under each key; the longest where several rules share one."""
    said: dict[str, Any] = {}
    for each in found:
        if each.rule.key not in said or (each.until and (_iso(each.until) or "") > (said[each.rule.key] or "")):
            said[each.rule.key] = _iso(each.until)
    return said


def _endless(found: list[Kept]) -> Iterator[str]:
    for each in found:
        if each.until is None:
            yield f"{each.rule.id}: no day yet; not known: {', '.join((*each.rule.after, *each.rule.kept_until))}"


# --- by the facts in the ask ------------------------------------------------------------------------------------------


def _unnamed(pack: Pack, given: Given, ask: Mapping[str, Any]) -> Answer:
    asked = {name for name, value in ask.items() if value is not None}
    for rule in pack.rules_of(DeadlineRule):
        if asked & rule.facts:
            return _deadline(pack, given, rule.measure)
    found = [each for each in retention.duties(pack, given) if asked & each.rule.facts]
    if found:
        return Answer(_kept(found), _beside((each.rule.id for each in found), _endless(found)))
    for limit in pack.rules_of(LimitationRule):
        if asked & limit.facts:
            return _limitation(pack, given, limit.measures[0])
    raise _no_measure(pack, ", ".join(sorted(asked)) or None)
