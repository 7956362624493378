"""Choose a language, and say things in it.

English is written in the code and is the key; a catalogue is loaded only for a language that is asked for. Words that
have a meaning for the program (a stage, a channel, an outcome) go through `word`, sentences through the translator
itself: `t("Plan {number} expired.", number=2)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..errors import UsageError

LANGUAGES: Final = ("en", "zh")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as everywhere in POSIX


def later(text: str) -> str:
    """Mark a text that is kept in a table and translated when it is used."""
    return text


class Translator:
    """Says English texts in one language: `t = Translator("zh")`, then `t("{count} cases", count=3)`."""

    __slots__ = ("_filled", "_texts", "_words", "lang")

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self._texts: Mapping[str, str] = {}
        self._filled: Mapping[str, str] = {}
        if lang == "zh":
            from . import zh, zh_words  # noqa: PLC0415  an English user never pays for it

            self._texts, self._filled, self._words = zh.TEXTS, zh.FILLED, zh_words.WORDS
        else:
            from . import en  # noqa: PLC0415

            self._words = en.WORDS

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language, its `{places}` filled. A text without a translation stays English."""
        said = self._texts.get(text, text)
        return said.format(**values) if values else said

    def word(self, word: str, of: str = "") -> str:
        """A word of the vocabulary as people say it: `plan_accepted` is `plan accepted`, or 接受还款计划.

        `of` tells apart words that are spelled alike: a case that is `paid`, an installment that is `paid`.
        """
        return self.known(word, of) or word.replace("_", " ")

    def known(self, word: str, of: str = "") -> str | None:
        """The word where this language has one of its own: for texts that may be words or may be anything."""
        return (self._words.get(f"{of}.{word}") if of else None) or self._words.get(word)

    def words(self, words: tuple[str, ...] | list[str], of: str = "") -> str:
        """Several words as a list."""
        return self(", ").join(self.word(word, of) for word in words)

    def filled(self, text: str) -> str:
        """Translate a text into which values were already put, such as the place where a chain breaks."""
        if text in self._texts:
            return self._texts[text]
        for key, said in self._filled.items():
            found = _values(key, text)
            if found is not None:
                return said.format(**found)
        return text


def _values(template: str, text: str) -> dict[str, str] | None:
    """What stands in the places of a template to give this text, or None where it cannot."""
    import re  # noqa: PLC0415  only for a text that was not found

    pieces = re.split(r"\{(\w+)\}", template)
    pattern = "".join(f"(?P<{p}>.+)" if place % 2 else re.escape(p) for place, p in enumerate(pieces))
    found = re.fullmatch(pattern, text, re.DOTALL)
    return found.groupdict() if found else None


def choose(flag: str | None, env: Mapping[str, str]) -> str:
    """The language to speak: the flag, else DUNNING_LANG, else Chinese where the locale is Chinese, else English."""
    asked = flag if flag is not None else env.get("DUNNING_LANG")
    if asked:
        return _named(asked, "--lang" if flag is not None else "DUNNING_LANG")
    if flag is not None:
        raise UsageError("--lang is empty.", hint="Use en or zh.")
    locale = next((env[name] for name in _LOCALE if env.get(name)), "")
    return "zh" if _base(locale) == "zh" else "en"


def _named(text: str, where: str) -> str:
    if (language := _base(text)) in LANGUAGES:
        return language
    raise UsageError(
        "'{language}' is no language of dunning ({where}).", hint="Use en or zh.", language=text, where=where
    )


def _base(text: str) -> str:
    """The language of a tag: `zh_CN.UTF-8` and `zh-Hans` are `zh`."""
    return text.replace("-", "_").replace(".", "_").partition("_")[0].lower()
