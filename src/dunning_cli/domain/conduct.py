"""The lint for texts to debtors and for notes: which words may not be said, where they stand, and what is missing.

It reads words, not meanings: a help for whoever writes, no proof that a text is lawful. A pattern is a phrase:

    word*        a word that begins so           (a|b c)   one of these
    [the]        may be there or not             a .. b    some words between, in the same sentence

In a language without blanks between words a phrase is found anywhere, and blanks within it are passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from ..errors import InputError
from .entries import Channel
from .rules import Closed, Severity, Source, Text

LONGEST: Final = 50_000  # characters of a text that is looked at
_SENTENCE: Final = 300  # characters before and after some words that are looked at as their sentence


class Label(StrEnum):
    """What can be wrong with a text."""

    THREAT = "threat"
    FALSE_AUTHORITY = "false_authority"
    THIRD_PARTY_DISCLOSURE = "third_party_disclosure"
    INVENTED_CONSEQUENCE = "invented_consequence"
    BORROW_ELSEWHERE = "borrow_elsewhere"
    INSULT = "insult"
    MISSING_OPT_OUT = "missing_opt_out"
    MISSING_FIELD = "missing_field"


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelRule(Closed):
    """Why a label is objected to, and what it does: a text with a blocking label is not sent."""

    id: Label
    severity: Severity = Severity.BLOCK
    text: Text
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases(Closed):
    """Phrases of one label.

    `unless` are phrases that take the meaning away where they stand in the same sentence. The excuses of the files do
    so for all rules but those with `plain`, which are wrong however they are said.
    """

    id: str
    label: Label
    say: tuple[str, ...]
    unless: tuple[str, ...] = ()
    plain: bool = False

    def __post_init__(self) -> None:
        if not self.say:
            raise ValueError("say: a rule needs phrases")
        for pattern in (*self.say, *self.unless):
            check(pattern)


@dataclass(frozen=True, kw_only=True, slots=True)
class Excuses(Closed):
    """Phrases that turn what follows in the same clause: a denial, or that it is somebody else's word.

    `not_in` are phrases that only look like one. `within` is how many characters before the words they may stand;
    `over_clauses`: they reach over all clauses of the sentence, as "he said" does.
    """

    id: str
    say: tuple[str, ...]
    not_in: tuple[str, ...] = ()
    within: int = 60
    over_clauses: bool = False

    def __post_init__(self) -> None:
        for pattern in (*self.say, *self.not_in):
            check(pattern)


@dataclass(frozen=True, kw_only=True, slots=True)
class Required(Closed):
    """What a text must say under a rule pack, on these channels (none: on all), in the words of any of the phrases."""

    id: str
    label: Label
    packs: tuple[str, ...]
    channels: tuple[Channel, ...] = ()
    severity: Severity = Severity.WARN
    text: Text
    source: Source
    say: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.packs:
            raise ValueError("packs: whose rule it is")
        for pattern in self.say:
            check(pattern)


class Conduct(NamedTuple):
    """All that texts are read with."""

    labels: Mapping[Label, LabelRule]
    phrases: Sequence[Phrases]
    excuses: Sequence[Excuses]
    required: Sequence[Required]


class Finding(NamedTuple):
    """What is objected to. `start` and `end` are the place of the words; both 0 where something is missing."""

    rule: str
    label: Label
    severity: Severity
    start: int
    end: int
    why: Text
    sources: tuple[Source, ...]

    @property
    def missing(self) -> bool:
        return self.end == 0

    @property
    def blocks(self) -> bool:
        return self.severity is not Severity.WARN


# --- reading ----------------------------------------------------------------------------------------------------------


class _Read(NamedTuple):
    """A text as it is searched: small letters, one width, without what hides from the eye; and where each stood."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


_SAME: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": "'"})


def _read(text: str) -> _Read:
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if unicodedata.category(char) in ("Cf", "Cc", "Mn") and char not in "\n\t\r":
            continue
        for letter in unicodedata.normalize("NFKC", char).casefold().translate(_SAME):
            letters.append(letter)
            places.append(place)
    return _closed_up("".join(letters), places)


_APART: Final = re.compile(r"(?<=[\u3400-\u9fff])[ \t*_·-]{1,3}(?=[\u3400-\u9fff])")


def _closed_up(text: str, places: list[int]) -> _Read:
    """Without what parts Chinese characters from each other, as those do who write around a filter."""
    gone = {place for match in _APART.finditer(text) for place in range(match.start(), match.end())}
    if not gone:
        return _Read(text, places)
    kept = [place for place in range(len(text)) if place not in gone]
    return _Read("".join(text[place] for place in kept), [places[place] for place in kept])


_WORDS: Final = r"[^\w.!?;。！？；\n]+"  # what stands between two words of a sentence
_ENDS: Final = ".!?;。！？；\n"
_CLAUSE: Final = re.compile(r"[,:，：、]|\b(?:and|but|or|then|so|otherwise|else)\b|但|否则|然后|就(?=[让叫把给找去])")
_HAN: Final = "\u3400-\u9fff"
_CHINESE: Final = re.compile(f"[{_HAN}]")
_PART: Final = re.compile(rf"\.\.|\[([^\[\]]*)\]\s*|[()|*]|\s+|[{_HAN}]|[^\s()|*\[\]{_HAN}]")


def check(pattern: str) -> None:
    """Refuse a pattern that is none; ValueError says why."""
    if pattern.count("(") != pattern.count(")") or pattern.count("[") != pattern.count("]"):
        raise ValueError(f"'{pattern}': a bracket is not closed")
    if not re.search(r"\w", re.sub(r"\[.*?\]", "", pattern)):
        raise ValueError(f"'{pattern}' says nothing")
    _translated(pattern, han=False)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A phrase as a regular expression, each of whose repetitions is bounded, so that no text makes it slow."""
    han = _CHINESE.search(pattern) is not None
    said = _translated(pattern.casefold().translate(_SAME), han=han)
    return re.compile(said if han else rf"(?<!\w)(?:{said})(?!\w)")


def _translated(pattern: str, *, han: bool) -> str:
    if _PART.sub("", pattern):
        raise ValueError(f"'{pattern}' is no phrase")
    pattern = re.sub(r"\s*\.\.\s*", "..", pattern)
    if not han:
        pattern = re.sub(r"\s+\[([^\[\]]*)\](?=\s*$)", r"( (\1)|)", pattern)
    out: list[str] = []
    apart = False  # whether what parts two words was just looked for
    for token in _PART.finditer(pattern):
        text, before, apart = token[0], apart, False
        if text == "..":
            out.append(rf"[^{_ENDS}]{{0,12}}?" if han else _some_words(before))
            apart = True
        elif token[1] is not None:
            inner = _translated(token[1], han=han)
            out.append(f"(?:{inner})?" if han else f"(?:(?:{inner}){_WORDS})?")
            apart = True
        elif text in "()|":
            out.append({"(": "(?:", ")": ")", "|": "|"}[text])
        elif text == "*":
            out.append("" if han else r"\w{0,12}")
        elif text.isspace():
            out.append("" if han else _WORDS)
            apart = True
        else:
            out.append(re.escape(text))
    return "".join(out)


def _some_words(apart: bool) -> str:
    """Up to six words, with what parts them from those before and behind; `apart`: the former stands there already."""
    word = r"[\w'$£€]{1,30}"
    return rf"(?:{word}{_WORDS}){{0,6}}?" if apart else rf"(?:{_WORDS}{word}){{0,6}}?{_WORDS}"


# --- finding ----------------------------------------------------------------------------------------------------------


def lint(conduct: Conduct, text: str, pack: str | None = None, channel: Channel | None = None) -> list[Finding]:
    """What is objected to in a text, in the order of its words; what is missing comes last."""
    if len(text) > LONGEST:
        raise InputError("A text of {size} characters is too long to be read.", size=len(text), hint="Send less of it.")
    read = _read(text)
    found = sorted(_objected(conduct, read), key=lambda each: (each.start, -each.end, each.rule))
    return [*_outermost(found), *_missing(conduct, read, pack, channel)]


def _objected(conduct: Conduct, read: _Read) -> Iterator[Finding]:
    for rule in conduct.phrases:
        label = conduct.labels[rule.label]
        for pattern, match in _matches(rule.say, read.text):
            sentence = _sentence(read.text, match.start(), match.end())
            if any(_compiled(each).search(read.text, *sentence) for each in rule.unless):
                continue
            if not rule.plain and _excused(conduct.excuses, read.text, match, pattern):
                continue
            start, end = read.span(match.start(), match.end())
            yield Finding(rule.id, rule.label, label.severity, start, end, label.text, label.sources)


def _matches(patterns: Iterable[str], text: str) -> Iterator[tuple[str, re.Match[str]]]:
    chinese = _CHINESE.search(text) is not None
    for pattern in patterns:
        if not chinese and _CHINESE.search(pattern):
            continue
        yield from ((pattern, match) for match in _compiled(pattern).finditer(text) if match.end() > match.start())


def _outermost(found: Iterable[Finding]) -> list[Finding]:
    """One finding for words of the same label that overlap."""
    kept: list[Finding] = []
    last: dict[Label, int] = {}
    for each in found:
        place = last.get(each.label)
        if place is not None and each.start < kept[place].end:
            kept[place] = kept[place]._replace(end=max(kept[place].end, each.end))
        else:
            last[each.label] = len(kept)
            kept.append(each)
    return kept


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    lowest, highest = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    first = max(lowest, *(text.rfind(mark, lowest, start) + 1 for mark in _ENDS))
    last = min((place for mark in _ENDS if (place := text.find(mark, end, highest)) >= 0), default=highest)
    return first, last


_DENIES: Final = re.compile(r"[不无没别禁]|\b(not|never|no|nobody|cannot|without)\b|n't\b")


def _excused(excuses: Iterable[Excuses], text: str, match: re.Match[str], pattern: str) -> bool:
    """Whether the words are denied, or another's, by what stands before them, or within them in a gap."""
    first, _ = _sentence(text, match.start(), match.end())
    # A phrase that says "not" itself is not denied by it.
    end = match.start() if _DENIES.search(pattern) else match.end()
    for each in excuses:
        begins = max(first, match.start() - each.within)
        before = text[begins : match.start()]
        clause = max((mark.end() for mark in _CLAUSE.finditer(before)), default=0) if not each.over_clauses else 0
        window = text[begins + clause : end]
        for phrase in each.not_in:
            window = _compiled(phrase).sub(" # ", window)
        if any(_compiled(phrase).search(window) for phrase in each.say):
            return True
    return False


def _missing(conduct: Conduct, read: _Read, pack: str | None, channel: Channel | None) -> Iterator[Finding]:
    for each in conduct.required:
        if pack not in each.packs or (channel and each.channels and channel not in each.channels):
            continue
        if not any(_compiled(pattern).search(read.text) for pattern in each.say):
            # Which way it goes is not known: it is said, and stops nothing.
            sure = not each.channels or channel is not None
            yield Finding(
                each.id, each.label, each.severity if sure else Severity.WARN, 0, 0, each.text, (each.source,)
            )
