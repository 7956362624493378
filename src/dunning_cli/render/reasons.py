"""What an assessment rests on, level by level, in sentences with their dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .text import amount

if TYPE_CHECKING:
    from ..domain.assessments import Assessment
    from ..domain.facts import Belief
    from ..domain.money import Money
    from ..i18n import Translator


def reasons(assessment: Assessment, owed: Money, t: Translator) -> list[str]:
    """A sentence for each of willingness, ability and reason that is known."""
    said = []
    if assessment.willingness:
        belief = _latest(assessment, lambda b: b.willingness is not None)
        word = t.word(assessment.willingness, "level")
        said.append(t("Willingness is {level}: recorded on {day} (entry {seq}).", level=word, **_source(belief)))
    if assessment.ability:
        said.append(_ability(assessment, owed, t))
    if assessment.reason:
        belief = _latest(assessment, lambda b: b.reason is not None)
        word = t.word(assessment.reason, "reason")
        said.append(t("The reason is '{reason}': given on {day} (entry {seq}).", reason=word, **_source(belief)))
    return said


def _ability(assessment: Assessment, owed: Money, t: Translator) -> str:
    belief = _latest(assessment, lambda b: b.ability is not None or b.income is not None)
    level = t.word(assessment.ability or "", "level")
    if not assessment.ability_from_income or belief.income is None or belief.expenses is None:
        return t("Ability is {level}: recorded on {day} (entry {seq}).", level=level, **_source(belief))
    free = belief.income - belief.expenses
    values = {
        "level": level,
        "income": amount(belief.income),
        "expenses": amount(belief.expenses),
        "free": amount(free),
        "owed": amount(owed),
        **_source(belief),
    }
    if free.minor <= 0:
        return t(
            "Ability is {level}: an income of {income} a month leaves nothing after expenses of {expenses} "
            "({day}, entry {seq}).",
            **values,
        )
    months = -(-owed.minor // free.minor)
    return t(
        "Ability is {level}: an income of {income} a month less expenses of {expenses} leaves {free}, "
        "so {owed} takes {months} months ({day}, entry {seq}).",
        months=months,
        **values,
    )


def _latest(assessment: Assessment, speaks: Callable[[Belief], bool]) -> Belief:
    return max((b for b in assessment.beliefs if speaks(b)), key=lambda b: (b.on, b.seq))


def _source(belief: Belief) -> dict[str, object]:
    return {"day": belief.on, "seq": belief.seq}
