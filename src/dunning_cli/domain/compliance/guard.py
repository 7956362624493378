"""The guard: every rule of a pack that stands against a step, and when it would be open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from ..entries import Direction
from ..rules import Header, Pack, Severity, Source, Strength, Subject, Sure, Text, ZoneSource
from .facts import Ask, Facts, Zones, midnight
from .rule import ContactRule, Found
from .scene import Scene, local_day
from .words import Action, Event, Hands, Override

_FAR: Final = timedelta(days=3 * 366)
"""How far ahead an open instant is sought."""
_STEPS: Final = 400
"""How many instants are tried for it."""

_MISSING: Final = Text(
    en="A fact is missing without which the rules cannot be judged.", zh="缺少判断规则所必需的事实。"
)
_NOT_BOUND: Final = Text(
    en="These rules do not bind this collector for this debt; other law may.",
    zh="本规则包对该催收方和该债务没有约束力；其他法律可能适用。",
)
_UNKNOWN: Final = Text(
    en="The question uses a word that is not known; what it says was not judged.",
    zh="问题中有未知的词，其内容未作判断。",
)
_NO_PARTY: Final = Text(
    en="No party of the case has this number; what is known of the person was not judged.",
    zh="案件中没有此编号的当事人；未就该人的已知情况作判断。",
)


class Finding(Struct, frozen=True, kw_only=True):
    """A rule that stands against the step, or that warns. `opens`: when it alone would let it pass, None where only a
    new fact can; `missing`: facts that have to be known first; `lacks`: particulars that are not there."""

    rule: str
    severity: Severity
    strength: Strength
    text: Text
    source: Source
    opens: datetime | None = None
    missing: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    override_reasons: tuple[Override, ...] = ()

    @property
    def blocks(self) -> bool:
        return self.severity is not Severity.WARN


class Verdict(Struct, frozen=True, kw_only=True):
    """All findings, those that block first. `allowed_from` is the next instant at which the step would be open: None
    where it is open now, or where only a new fact can open it. `zone` names the one in which instants are told."""

    pack: str
    findings: tuple[Finding, ...]
    allowed_from: datetime | None = None
    zone: str | None = None

    @property
    def allowed(self) -> bool:
        return self.severity is None

    @property
    def severity(self) -> Severity | None:
        """The gravest: a block that nobody may go over beats one that somebody may."""
        found = {finding.severity for finding in self.findings}
        return next((each for each in (Severity.BLOCK, Severity.BLOCK_OVERRIDABLE) if each in found), None)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.blocks)

    @property
    def override_reasons(self) -> tuple[Override, ...]:
        """The reasons that every rule in the way accepts; none where one of them cannot be passed."""
        if self.severity is not Severity.BLOCK_OVERRIDABLE:
            return ()
        accepted = [finding.override_reasons for finding in self.findings if finding.blocks]
        return tuple(reason for reason in Override if all(reason in each for each in accepted))


class _Bound(Struct, frozen=True):
    """A rule as it binds in a pack: in whose time it is judged, with what strength, and what wakes it."""

    rule: ContactRule
    zones: Zones | None
    strength: Strength
    wakes_on: frozenset[Event]
    wakes_at: int


class Guard:
    """The contact rules of one pack, ready to be asked many times."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        headers = pack.headers
        self._rules = [
            (rule, headers.get(pack.origins[rule.id], pack)) for rule in pack.rules if isinstance(rule, ContactRule)
        ]
        self._fixed = tuple({zones for _, header in self._rules if (zones := _fixed(header))})
        self._days = sorted({day for rule, _ in self._rules for day in _turns(rule)})
        self._chosen: dict[object, tuple[tuple[_Bound, ...], tuple[Finding, ...]]] = {}
        self._required = pack.required_facts or tuple(
            dict.fromkeys(name for header in headers.values() for name in header.required_facts)
        )
        self._source = Source(title=pack.title.en, sure=Sure.DERIVED)

    def check(self, ask: Ask, facts: Facts) -> Verdict:
        """Judge a step at `ask.at`. What comes from the debtor is never refused."""
        zone = self.zone(facts)
        if ask.action is Action.CONTACT and ask.direction is Direction.IN:
            return Verdict(pack=self.pack.label, findings=(), zone=str(zone))
        scene = Scene(ask, facts)
        findings = self._look(scene)
        found = Verdict(pack=self.pack.label, findings=tuple(sorted(findings, key=_gravest)), zone=str(zone))
        if not findings:
            return found
        told = tuple(replace(each, opens=each.opens and each.opens.astimezone(zone)) for each in found.findings)
        opens = None if found.allowed else self._opens(scene, found.findings)
        return replace(found, findings=told, allowed_from=opens and opens.astimezone(zone))

    def zone(self, facts: Facts) -> tzinfo:
        """The zone in which instants are told: the debtor's, else the pack's."""
        return ((self._fixed[0] if self._fixed else facts.zones) or (UTC,))[0]

    def fixed_zones(self, rule: ContactRule) -> Zones | None:
        """The zone in which a rule is judged whatever is known of the debtor, or None."""
        return _fixed(self.pack.headers.get(self.pack.origins[rule.id], self.pack))

    # --- one instant

    def _look(self, scene: Scene) -> list[Finding]:
        bound, notes = self._rules_for(scene)
        found = list(notes)
        known = scene.facts.zones
        length = len(scene.log)
        for each in bound:
            if length < each.wakes_at or (each.wakes_on and not scene.has_any(each.wakes_on)):
                continue
            one = each.rule.judge(scene, known if each.zones is None else each.zones)
            if one is not None:
                found.append(_finding(each, one))
        return found

    def _rules_for(self, scene: Scene) -> tuple[tuple[_Bound, ...], tuple[Finding, ...]]:
        """The rules that bind for these debts on this day, with what has to be said of the choice itself."""
        ask, facts = scene.ask, scene.facts
        day = local_day(scene.at, facts.zones[0] if facts.zones else UTC)
        by_id = {debt.id: debt for debt in facts.debts}
        chosen = ask.debts or tuple(by_id)
        subjects = tuple(dict.fromkeys(facts.subject(by_id.get(each)) for each in chosen)) or (facts.subject(None),)
        kind = (ask.action, ask.channel, ask.party, ask.meant, ask.place, ask.by != Hands.ORG)
        key = (subjects, day, kind, bool(facts.zones), bool(chosen))
        known = self._chosen.get(key)
        if known is None:
            if len(self._chosen) > 20_000:
                self._chosen.clear()
            known = self._choose(subjects, day, ask, bool(facts.zones), bool(chosen))
            self._chosen[key] = known
        return known

    def _choose(
        self, subjects: tuple[Subject, ...], day: date, ask: Ask, zones: bool, debts: bool
    ) -> tuple[tuple[_Bound, ...], tuple[Finding, ...]]:
        bound = []
        left_out = False
        for rule, header in self._rules:
            if not rule.stands_for(ask) or not rule.in_force(day):
                continue
            fitting = [subject for subject in subjects if rule.applies.fits(subject)]
            if not fitting:
                continue
            strength = rule.strength
            if not any(header.applies.fits(subject) for subject in fitting):
                if header.beyond is None:
                    left_out = True
                    continue
                strength = strength if strength is Strength.LAW else header.beyond
            bound.append(_Bound(rule, _fixed(header), strength, frozenset(rule.wakes_on), rule.wakes_at))
        notes = []
        lacking = [name for name in self._required if not _known(name, subjects, zones, debts)]
        if lacking:
            notes.append(self._note("required_facts", Severity.BLOCK, _MISSING, tuple(lacking)))
        if left_out and not bound:
            notes.append(self._note("applies", Severity.WARN, _NOT_BOUND, ()))
        return tuple(bound), tuple(notes)

    def _note(self, name: str, severity: Severity, text: Text, missing: tuple[str, ...]) -> Finding:
        return Finding(
            rule=f"{self.pack.id}.{name}",
            severity=severity,
            strength=Strength.POLICY,
            text=text,
            source=self._source,
            missing=missing,
        )

    def unknown_party(self, party: str) -> Finding:
        """The warning that a contact is with somebody by number who is no party of the case."""
        return self._note("unknown_party", Severity.WARN, _NO_PARTY, (party,))

    def unknown_words(self, words: tuple[str, ...]) -> Finding:
        """The warning that a question used words that are not known."""
        return self._note("unknown_words", Severity.WARN, _UNKNOWN, words)

    # --- when it would be open

    def _opens(self, scene: Scene, findings: tuple[Finding, ...]) -> datetime | None:
        """The next instant at which nothing blocks.

        From one instant it is safe to go to the latest at which one of the rules opens, or to the next at which a fact
        begins or ends, whichever is sooner: until then the rule that opens last still blocks.
        """
        changes: list[datetime] | None = None
        limit = scene.at + _FAR
        at = scene.at
        for _ in range(_STEPS):
            stops = [finding.opens for finding in findings if finding.blocks]
            if not stops:
                return at
            if changes is None:
                changes = self._changes(scene)
            place = bisect_right(changes, at)
            change = changes[place] if place < len(changes) else None
            ends = [each for each in stops if each is not None]
            step = max(ends) if len(ends) == len(stops) else None
            if step is None or (change is not None and change < step):
                step = change
            if step is None or step > limit or step <= at:
                return None
            at = step
            findings = tuple(self._look(scene.moved(at)))
        return None

    def _changes(self, scene: Scene) -> list[datetime]:
        """The instants after the question at which facts or rules begin or end."""
        facts = scene.facts
        found = {contact.at for contact in facts.contacts}
        for zones in (facts.zones, *self._fixed):
            for flag in facts.flags:
                found.update(flag.instants(zones))
        for day in self._days:
            found.add(midnight(day, facts.zones[:1], min))
        return sorted(moment for moment in found if moment > scene.at)


_GUARDS: dict[int, Guard] = {}


def guard_of(pack: Pack) -> Guard:
    """The guard of a pack, made once. It holds the pack, so that its number stays its own."""
    if id(pack) not in _GUARDS:
        _GUARDS[id(pack)] = Guard(pack)
    return _GUARDS[id(pack)]


def _turns(rule: ContactRule) -> Iterator[date]:
    """The days on which a rule becomes law, or is law no longer."""
    if rule.from_:
        yield rule.from_
    if rule.until:
        yield rule.until + timedelta(days=1)


def _fixed(header: Header) -> Zones | None:
    return (ZoneInfo(header.zone),) if header.zone_source is ZoneSource.FIXED and header.zone else None


def _known(name: str, subjects: tuple[Subject, ...], zones: bool, debts: bool) -> bool:
    match name:
        case "debtor_timezones":
            return zones
        case "debts":
            return debts
        case _:
            return all(getattr(subject, name) is not None for subject in subjects)


def standing(rule: ContactRule) -> Finding:
    """A rule as a finding, at no certain instant."""
    return Finding(rule=rule.id, severity=rule.severity, strength=rule.strength, text=rule.text, source=rule.source)


def _finding(bound: _Bound, found: Found) -> Finding:
    rule = bound.rule
    return Finding(
        rule=rule.id,
        severity=Severity.WARN if found.unknown else rule.severity,
        strength=bound.strength,
        text=rule.text,
        source=rule.source,
        opens=found.opens,
        missing=found.missing,
        lacks=found.lacks,
        override_reasons=() if found.unknown else rule.override_reasons,
    )


def _gravest(finding: Finding) -> tuple[int, str]:
    return (list(Severity).index(finding.severity), finding.rule)
