"""How often the conduct lint is right: precision and recall for each label, over the texts labelled by hand.

`python -m tests.conduct.measure` prints the table and writes it into docs/conduct.md.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dunning_cli.domain.conduct import lint
from dunning_cli.rules.phrases import conduct

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "conduct.md"
LANGUAGES = {"en": "English", "zh": "Chinese"}
LABELS = (
    "threat",
    "false_authority",
    "third_party_disclosure",
    "invented_consequence",
    "borrow_elsewhere",
    "insult",
)
NONE = "none"
_MARKS = re.compile(r"(<!-- measured -->\n).*?(<!-- end of measured -->)", re.DOTALL)


class Labelled(NamedTuple):
    text: str
    labels: frozenset[str]


class Counts(NamedTuple):
    """Texts rightly found, wrongly found, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def labelled(language: str) -> list[Labelled]:
    rows = [json.loads(line) for line in (HERE / f"{language}.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return [Labelled(row["text"], frozenset(row["labels"]) - {NONE}) for row in rows]


def found(text: str) -> frozenset[str]:
    return frozenset(str(each.label) for each in lint(conduct(), text))


def counted(texts: list[Labelled]) -> dict[str, Counts]:
    """The counts by label; `none` is a text to which nothing is to be objected."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for each in texts:
        said, meant = found(each.text) or {NONE}, each.labels or {NONE}
        right.update(said & meant)
        wrong.update(said - meant)
        missed.update(meant - said)
    return {label: Counts(right[label], wrong[label], missed[label]) for label in (*LABELS, NONE)}


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def lines() -> Iterator[str]:
    """The table in Markdown."""
    for language, name in LANGUAGES.items():
        texts = labelled(language)
        yield f"{name}, {len(texts)} texts:\n"
        yield "| label | texts | precision | recall | found | found wrongly | missed |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        for label, counts in counted(texts).items():
            rates = f"{_rate(counts.precision)} | {_rate(counts.recall)}"
            texts_of = counts.right + counts.missed
            yield f"| `{label}` | {texts_of} | {rates} | {counts.right} | {counts.wrong} | {counts.missed} |"
        bad, fair = ([each for each in texts if bool(each.labels) is wrong] for wrong in (True, False))
        marked, wrongly = (sum(bool(found(each.text)) for each in some) for some in (bad, fair))
        yield ""
        yield f"Of {len(bad)} texts that may not be sent {marked} are marked at all, of {len(fair)} others {wrongly}."
        yield ""


def written(page: str) -> str:
    """The page with the table as it is now."""
    return _MARKS.sub(lambda match: f"{match[1]}\n{table()}\n{match[2]}", page)


def table() -> str:
    return "\n".join(lines())


if __name__ == "__main__":
    print(table())  # noqa: T201
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
