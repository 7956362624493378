"""Rule packs, rules and tried examples, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from ..domain.questions import Tried
from ..domain.rules import Applies, Pack, Rule
from ..i18n import later
from .answers import plain
from .pictures import BLANK, Column, Fit, Picture, Stack, Table, bullets, fact, line, said, span
from .pictures import Facts as FactsPicture

if TYPE_CHECKING:
    from ..i18n import Translator

_HEAD: Final = ("id", "text", "source", "strength", "severity", "applies", "from_", "until", "replaces")
_SHOWN = 50
NOTICE: Final = later("A rule pack is a tool, not legal advice. Check a rule at its source before you rely on it.")


def packs_object(found: Sequence[tuple[Pack, bool]]) -> list[dict[str, Any]]:
    return [_head(pack) | {"own": own} for pack, own in found]


def packs_picture(found: Sequence[tuple[Pack, bool]], t: Translator) -> Picture:
    """Every pack in a row."""
    columns = (
        Column(t("Pack")),
        Column(t("Version")),
        Column(t("Checked")),
        Column(t("Rules"), right=True),
        Column(t("What is missing"), fit=Fit.WRAP, least=24),
    )
    rows = tuple(
        (
            line(pack.id, span(f" ({t('own')})", "faint") if own else ""),
            line(pack.version),
            line(pack.checked_on.isoformat()),
            line(str(len(pack.rules))),
            line(" ".join(text.say(t.lang) for text in pack.limitations)),
        )
        for pack, own in found
    )
    return Stack((Table(columns, rows), BLANK, notice(t)))


def notice(t: Translator) -> Picture:
    return said(span(t(NOTICE), "faint"))


def _head(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title.en,
        "checked_on": pack.checked_on.isoformat(),
        "extends": list(pack.extends),
        "rules": len(pack.rules),
        "examples": len(pack.examples),
        "limitations": [text.en for text in pack.limitations],
    }


def pack_object(pack: Pack) -> dict[str, Any]:
    """A pack with the ids of its rules and the tables they read."""
    return _head(pack) | {
        "zone_source": pack.zone_source,
        "zone": pack.zone,
        "required_facts": list(pack.required_facts),
        "applies": _given(pack.applies),
        "rules": [_rule(pack, rule) for rule in pack.rules],
        "tables": sorted(pack.tables),
        "notice": NOTICE,
    }


def pack_picture(pack: Pack, t: Translator) -> Picture:
    """A pack: what it says of itself, and each of its rules in a row."""
    head = [
        fact(t("Pack"), f"{pack.id} {pack.version}"),
        fact(t("Title"), pack.title.say(t.lang)),
        fact(t("Checked"), pack.checked_on.isoformat()),
    ]
    if pack.extends:
        head.append(fact(t("Extends"), ", ".join(pack.extends)))
    if pack.limitations:
        head.append(fact(t("What is missing"), *(text.say(t.lang) for text in pack.limitations)))
    columns = (Column(t("Rule")), Column(t("Kind")), Column(t("What it says"), fit=Fit.WRAP, least=30))
    rows = tuple((line(r.id), line(t.word(r.kind, "rule_kind")), line(r.text.say(t.lang))) for r in pack.rules)
    return Stack((FactsPicture(tuple(head)), BLANK, Table(columns, rows), BLANK, notice(t)))


def rule_object(pack: Pack, rule: Rule) -> dict[str, Any]:
    return _rule(pack, rule) | {"pack": pack.id, "version": pack.version, "notice": NOTICE}


def _rule(pack: Pack, rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": str(rule.kind),
        "severity": str(rule.severity),
        "strength": str(rule.strength),
        "text": rule.text.en,
        "source": _given(rule.source),
        "from": rule.from_.isoformat() if rule.from_ else None,
        "until": rule.until.isoformat() if rule.until else None,
        "applies": _given(rule.applies),
        "pack": pack.origins[rule.id],
        "says": {_spelled(f.name): _given(getattr(rule, f.name)) for f in _own(rule)},
    }


def _own(rule: Rule) -> Iterator[Any]:
    """The fields that a rule has beyond the head of every rule, as far as it says something in them."""
    return (f for f in fields(rule) if f.name not in _HEAD and not _silent(f, getattr(rule, f.name)))


def _silent(field: Any, value: Any) -> bool:
    """Whether a field says no more than if it were left out."""
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return value is None or bool(value == default)


def _given(value: Any) -> Any:
    """What a value of the domain says, without what it leaves out."""
    if is_dataclass(value):
        said = (f for f in fields(value) if not _silent(f, getattr(value, f.name)))
        return {_spelled(f.name): _given(getattr(value, f.name)) for f in said}
    if isinstance(value, list | tuple):
        return [_given(each) for each in value]
    return plain(value)


def _spelled(name: str) -> str:
    return name.rstrip("_")


def rule_picture(pack: Pack, rule: Rule, t: Translator) -> Picture:
    """A rule in words, with all that it says of itself."""
    source = rule.source
    rows = [
        fact(t("Rule"), rule.id),
        fact(t("What it says"), rule.text.say(t.lang)),
        fact(t("Kind"), t.word(rule.kind, "rule_kind")),
        fact(t("If it is broken"), t.word(rule.severity, "severity")),
        fact(t("Strength"), t.word(rule.strength, "strength")),
        fact(t("Source"), str(source), *([source.url] if source.url else [])),
        fact(t("Known"), t.word(source.sure, "sure")),
        fact(t("In force"), _when(rule, t)),
        fact(t("Applies"), *_applies(rule.applies, t)),
    ]
    values = [text for f in _own(rule) for text in _lines(_spelled(f.name), _given(getattr(rule, f.name)))]
    if values:
        rows.append(fact(t("Values"), *values))
    rows.append(fact(t("Pack"), f"{pack.id} {pack.version}, {t('checked on {day}', day=pack.checked_on)}"))
    return Stack((FactsPicture(tuple(rows)), BLANK, notice(t)))


def _when(rule: Rule, t: Translator) -> str:
    if rule.from_ and rule.until:
        return t("{first} to {last}", first=rule.from_, last=rule.until)
    if rule.from_:
        return t("from {first} on", first=rule.from_)
    return t("until {last}", last=rule.until) if rule.until else t("no dates are known")


def _applies(applies: Applies, t: Translator) -> Iterator[str]:
    given = _given(applies)
    if not given:
        yield t("always")
    for name, value in given.items():
        words = value if isinstance(value, list) else [value]
        said = t(", ").join((t("yes") if w else t("no")) if isinstance(w, bool) else t.word(str(w)) for w in words)
        yield t("{what}: {why}", what=t.word(name, "applies"), why=said)


def _lines(name: str, value: Any) -> Iterator[str]:
    """A value as lines such as `rate.margin: 8.00`."""
    match value:
        case Mapping():
            for key, each in value.items():
                yield from _lines(f"{name}.{key}", each)
        case list() if any(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value, 1):
                yield f"{name} {number}: " + ", ".join(f"{k} {_said(v)}" for k, v in each.items())
        case _:
            yield f"{name}: {_said(value)}"


def _said(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)


# --- examples ---------------------------------------------------------------------------------------------------------


def tried_object(tried: Sequence[Tried]) -> dict[str, Any]:
    """How many examples hold, and what differs in the others."""
    return {
        "tried": len(tried),
        "hold": sum(each.holds for each in tried),
        "differ": [
            {
                "id": each.example.id,
                "differs": list(each.differs),
                "expect": each.answer.expect if each.answer else None,
            }
            for each in tried
            if not each.holds
        ],
    }


def tried_picture(tried: Sequence[Tried], t: Translator) -> Picture:
    """One line for all, and what differs below."""
    hold = sum(each.holds for each in tried)
    parts: list[Picture] = [
        said(t("{hold} of {count} examples are answered as expected.", hold=hold, count=len(tried)))
    ]
    wrong = [each for each in tried if not each.holds]
    if wrong:
        lines = [f"{each.example.id}: {said}" for each in wrong for said in each.differs]
        parts += [BLANK, bullets(lines[:_SHOWN], "✗", "bad")]
        if len(lines) > _SHOWN:
            parts.append(said(t("… and {count} more; all of them with --json.", count=len(lines) - _SHOWN)))
    return Stack(tuple(parts))
