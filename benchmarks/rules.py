"""How many questions about contacts `rules check` answers in a second of one core."""

from __future__ import annotations

import json
from time import process_time
from typing import Final

from dunning_cli.render.answers import one_line
from dunning_cli.rules.book import Book
from dunning_cli.services.rules import check, open_book, read_questions
from dunning_cli.settings import Settings

from .figures import Bench
from .measure import Figure, Goal, compare

ROUNDS: Final = 11
COUNT: Final = 2_000


def questions(book: Book, count: int) -> list[str]:
    """So many lines of JSON: the shipped packs' own examples about contacts, one after the other, again and again."""
    asked = [
        {"kind": "contact", "jurisdiction": pack.id, "facts": example.facts, "ask": example.ask}
        for pack in book.packs()
        for example in pack.examples
        if (example.kind, example.jurisdiction) == ("contact", pack.id)
    ]
    return [json.dumps({"id": number, **asked[number % len(asked)]}) for number in range(count)]


def answered(book: Book, lines: list[str]) -> list[str]:
    """What the command does with its lines: read, answer, write."""
    found = list(check(book, read_questions(lines, "-")))
    if failed := [each for each in found if "error" in each]:
        raise RuntimeError(f"{len(failed)} questions were not answered: {failed[0]}")
    return [one_line(each) for each in found]


def rules(bench: Bench, count: int = COUNT) -> list[Figure]:
    """Questions a second of the time that the process has a core; no answer is kept for the next one."""
    book = open_book(Settings(database=""))
    lines = questions(book, count)

    def ask() -> float:
        started = process_time()
        answered(book, lines)
        return (process_time() - started) / count

    name, second = "`rules check`, questions about contacts", "a second of one core"
    times = bench.rounds("rules", {name: ask, second: lambda: 1.0}, ROUNDS)
    return [compare(times, name, second, Goal(2000, speed=True))]
