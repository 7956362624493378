"""The labelled texts are whole, and the figures in the manual are those of this program."""

from __future__ import annotations

import pytest

from tests.conduct import measure


@pytest.mark.parametrize("language", measure.LANGUAGES)
def test_the_labels_are_known(language: str) -> None:
    texts = measure.labelled(language)
    assert len(texts) == 100
    assert {label for each in texts for label in each.labels} == set(measure.LABELS)


def test_the_manual_says_what_was_measured() -> None:
    page = measure.PAGE.read_text("utf-8")
    assert measure.written(page) == page, "python -m tests.conduct.measure writes it again"


def test_rates() -> None:
    counts = measure.Counts(right=3, wrong=1, missed=2)
    assert (counts.precision, counts.recall) == (0.75, 0.6)
    assert measure.Counts(0, 0, 0).precision is None
