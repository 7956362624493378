"""What a sweep and an audit answer."""

from __future__ import annotations

import pytest

from dunning_cli.domain.stages import Stage
from dunning_cli.domain.views import AuditReport, SweepSummary
from tests.builders import a_story, an_offer, day


def test_a_sweep_counts_by_kind_and_by_move() -> None:
    summary = SweepSummary(day("2025-02-10"))
    broken = a_story(stage=Stage.MONITORING, offer=an_offer(installments=1))
    missed = a_story(stage=Stage.MONITORING)
    for story in (broken, missed, a_story()):
        summary.count(story.review("2025-02-10"))
    assert (summary.reviewed, summary.changed) == (3, 2)
    assert summary.entries == {"installment_missed": 2, "plan_broken": 1, "stage_moved": 1}
    assert summary.moved == {"monitoring>negotiation": 1}


@pytest.mark.parametrize(
    ("report", "sound"),
    [
        pytest.param(AuditReport(cases=3), True, id="sound"),
        pytest.param(AuditReport(broken=[{"case": 1}]), False, id="broken"),
        pytest.param(AuditReport(projection_differs=[{"case": 1}]), False, id="projection-differs"),
    ],
)
def test_an_audit_is_sound_where_it_found_nothing(report: AuditReport, sound: bool) -> None:
    assert report.sound is sound
