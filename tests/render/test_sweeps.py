"""What check-overdue did."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from dunning_cli.domain.views import SweepSummary
from dunning_cli.i18n import Translator
from dunning_cli.render.sweeps import sweep_line, sweep_picture
from tests.render.conftest import Snapshot, drawn

T = Translator()


def a_summary() -> SweepSummary:
    return SweepSummary(
        date(2025, 1, 10),
        1200,
        34,
        Counter(stage_moved=4, installment_missed=24, plan_broken=1),
        Counter({"monitoring>negotiation": 3, "negotiation>legal": 1}),
        [{"case": 7, "error": "it is \x1b[31mbroken"}],
        1.26,
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, None])
def test_a_run(width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = sweep_picture(a_summary(), Translator(lang))
    snapshot(f"sweep.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


def test_a_dry_run_says_so() -> None:
    assert drawn(sweep_picture(a_summary(), T, True)).startswith("Check of 2025-01-10 (nothing was written)\n")
    assert drawn(sweep_picture(a_summary(), T)).startswith("Check of 2025-01-10\n")


def test_the_longest_bar_is_of_the_most_frequent() -> None:
    rows = drawn(sweep_picture(a_summary(), T)).splitlines()[4:7]
    assert [(row.split("  ")[0], row.count("█")) for row in rows] == [
        ("installment missed", 24),
        ("stage moved", 4),
        ("plan broken", 1),
    ]


def test_what_happened_once_among_many_still_has_a_bar() -> None:
    done = SweepSummary(date(2025, 1, 10), entries=Counter(plan_broken=1, stage_moved=1000))
    assert drawn(sweep_picture(done, T)).splitlines()[-1] == "plan broken           1  █"


def test_a_quiet_day() -> None:
    done = SweepSummary(date(2025, 1, 10), reviewed=3, seconds=0.04)
    assert drawn(sweep_picture(done, T)) == (
        "Check of 2025-01-10\n3 reviewed, 0 changed, 0 moved, 0 failed, 0.0 s\nNothing was due.\n"
    )


def test_a_day_on_which_all_failed_is_not_quiet() -> None:
    done = SweepSummary(date(2025, 1, 10), reviewed=1, failed=[{"case": 7, "error": "x"}])
    assert "Nothing was due." not in drawn(sweep_picture(done, T))


def test_one_line_for_a_log() -> None:
    assert sweep_line(a_summary(), T) == ("2025-01-10: 1,200 reviewed, 34 changed, 4 moved, 1 failed, 1.3 s")
    assert sweep_line(a_summary(), Translator("zh")) == (
        "2025-01-10：检查 1,200 件，变动 34 件，转阶段 4 次，失败 1 件，用时 1.3 秒"
    )
