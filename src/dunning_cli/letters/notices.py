"""The built-in texts of notices: a reminder, a demand, a final demand. Plain text, a debt a block, currencies apart.

Whatever comes from outside (a name, an address, a reference) is kept on one line and without controls: a letter says
nothing that its program did not write.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..domain.allocation import Part
from ..domain.compliance.words import Particular
from ..domain.money import Money
from ..domain.policies import Template
from ..i18n import Translator, later

if TYPE_CHECKING:
    from ..domain.views import Noticed, NoticedCase

# What these texts state, in the words that rules about contents ask for.
STATES: Final = (
    Particular.CLIENT_NAME,
    Particular.NAME_AND_BALANCE,
    Particular.BALANCE_STRUCTURE_CURRENCY,
)

_TITLES: Final = {
    Template.REMINDER: later("Reminder of a payment"),
    Template.DEMAND: later("Demand for payment"),
    Template.FINAL_DEMAND: later("Final demand for payment"),
}
_OPENINGS: Final = {
    Template.REMINDER: later("It may have escaped your notice that the following is not paid yet:"),
    Template.DEMAND: later("We wrote to you before. The following is still not paid, and we ask you to pay it:"),
    Template.FINAL_DEMAND: later("In spite of our letters the following is not paid. This is our last demand:"),
}
_ENDINGS: Final = {
    Template.REMINDER: later("If you have paid in the meantime, thank you; then nothing is left to do."),
    Template.DEMAND: later(
        "If you cannot pay all of it at once, write or call to us: we can agree on installments that you can keep."
    ),
    Template.FINAL_DEMAND: later(
        "If neither a payment nor an answer reaches us by then, the creditor may take legal action, which can add "
        "costs. If you cannot pay all of it at once, tell us now: installments can still be agreed."
    ),
}
_PARTS: Final = {
    Part.PRINCIPAL: later("principal"),
    Part.INTEREST: later("interest"),
    Part.FEES: later("fees"),
    Part.COSTS: later("costs"),
}


def notice_text(notice: Noticed) -> str:
    """The letter, in the language of the notice."""
    return "\n".join(_lines(notice, Translator(notice.language))) + "\n"


def _lines(notice: Noticed, t: Translator) -> Iterator[str]:
    yield one_line(notice.debtor.name)
    if notice.to:
        yield one_line(notice.to)
    yield ""
    yield notice.on.isoformat()
    yield ""
    yield t(_TITLES[notice.template])
    yield ""
    yield t("Dear {name},", name=one_line(notice.debtor.name))
    yield ""
    yield t(_OPENINGS[notice.template])
    for each in notice.cases:
        yield ""
        yield from _debt(each, notice, t)
    yield ""
    for total in _totals(notice):
        yield t("To be paid in all: {amount}", amount=_amount(total))
    yield ""
    if notice.respond_by:
        yield t("Please pay by {day}, and give the reference with your payment.", day=notice.respond_by)
    else:
        yield t("Please pay without delay, and give the reference with your payment.")
    yield t(_ENDINGS[notice.template])
    yield ""
    yield t("For {creditors}", creditors=t(", ").join(sorted({one_line(e.case.debt.creditor) for e in notice.cases})))


def _debt(each: NoticedCase, notice: Noticed, t: Translator) -> Iterator[str]:
    case = each.case
    yield t(
        "Reference {reference} of {creditor}, due on {due}:",
        reference=one_line(case.debt.reference or str(case.case_id)),
        creditor=one_line(case.debt.creditor),
        due=case.debt.due,
    )
    balance = case.balance(notice.on)
    for part, name in _PARTS.items():
        if owed := getattr(balance, part.value):
            yield f"    {t(name)}: {_amount(owed)}"
    if each.fee:
        yield "    " + t("of which for this letter: {fee}", fee=_amount(each.fee))
    yield "    " + t("owed on {day}: {amount}", day=notice.on, amount=_amount(balance.total))


def _totals(notice: Noticed) -> list[Money]:
    sums: dict[str, Money] = {}
    for each in notice.cases:
        owed = each.case.owed(notice.on)
        sums[owed.currency] = sums.get(owed.currency, Money(0, owed.currency)) + owed
    return [sums[currency] for currency in sorted(sums)]


def _amount(money: Money) -> str:
    whole, point, fraction = str(money).partition(".")
    return f"{int(whole):,}{point}{fraction} {money.currency}"


def one_line(text: str) -> str:
    """The text without line breaks, controls and marks that change the direction of writing."""
    return "".join(each if each.isprintable() or unicodedata.category(each) == "Zs" else " " for each in text).strip()
