"""Log contacts, planned ones as far as the law allows them, and what the collector believes about the debtor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..domain import assessments, contacts
from ..domain.cases import Case, Decision
from ..domain.codec import decode, encode
from ..domain.days import Now
from ..domain.entries import Assessed, ContactLogged, ContactRefused
from ..domain.money import Money
from ..domain.policies import Policy
from ..errors import InputError, RulePackNotFoundError, UsageError
from .desk import Changed, Desk

if TYPE_CHECKING:
    from ..domain.compliance.guard import Finding, Verdict
    from ..store.session import Tx
    from .compliance import Intended


def log_contact(
    desk: Desk,
    ref: str,
    what: ContactLogged,
    intended: Intended | None = None,
    *,
    at: datetime | None = None,
    cost: str | None = None,
    planned: bool = False,
    override: str | None = None,
) -> Changed:
    """Log a contact that took place, with the rules that stood against it. `cost` is in the case's currency.

    `intended` says the same of it as `what`, and which other cases it is about.

    A `planned` one is logged only where the rules allow it, or `override` is a reason that all of them accept; else
    its refusal is. `verdict_of` tells what the rules said.
    """
    if planned and at is not None and at < desk.now.instant:
        raise UsageError("A planned contact is made now: leave --at out, or --planned.")
    from .compliance import judge, logged, resolved
    from .leases import release_contacted

    asked = intended or logged(what).intended

    found: list[Verdict] = []

    def decide(tx: Tx, case: Case, policy: Policy) -> Decision:
        found.clear()
        meant = resolved(tx, case, asked)
        contacts.check_party(meant.party)
        spent = _amount(cost, case.debt.principal.currency, "cost")
        done = replace(
            what,
            party=meant.party,
            cost=spent,
            about=meant.about,
            discussed=meant.discussed,
            counted_toward=meant.counted_toward,
            said=tuple(f"{name}={str(value).lower()}" for name, value in meant.said.items()),
        )
        moment = at or desk.now.instant
        try:
            verdict = judge(desk.settings, tx, case, policy, meant, moment, desk.now.day_of(moment))
        except RulePackNotFoundError:
            if planned:
                raise
            release_contacted(desk, tx, case)
            return contacts.log(case, policy, desk.now, done, at)
        found.append(verdict)
        if planned and not verdict.allowed and override not in verdict.override_reasons:
            return contacts.refuse(case, policy, desk.now, _refused(done, verdict, override))
        release_contacted(desk, tx, case)
        return contacts.log(case, policy, desk.now, _judged(done, verdict, override), at)

    return desk.change_knowing(ref, decide, lambda: encode(found[-1]) if found else None)


def verdict_of(done: Changed) -> Verdict | None:
    """What the rules said of a contact; None where no pack judges its case."""
    from ..domain.compliance.guard import Verdict

    return decode(Verdict, dict(done.beside)) if done.beside else None


def _judged(what: ContactLogged, verdict: Verdict, override: str | None) -> ContactLogged:
    """A contact with the rules that stood against it. One that could not be judged for want of a fact only warns."""
    broken = tuple(each for each in verdict.findings if each.blocks and not each.missing)
    return replace(
        what,
        violations=_rules(broken),
        warnings=_rules(each for each in verdict.findings if each not in broken),
        override=None if verdict.allowed else override,
        pack=verdict.pack,
    )


def _refused(what: ContactLogged, verdict: Verdict, override: str | None) -> ContactRefused:
    return ContactRefused(
        what.channel,
        what.party,
        _rules(each for each in verdict.findings if each.blocks),
        verdict.pack,
        what.purpose,
        verdict.allowed_from,
        override,
        what.about,
        what.to,
        what.note,
    )


def _rules(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.rule for each in findings))


def assess(desk: Desk, ref: str, what: Assessed, *, income: str | None = None, expenses: str | None = None) -> Changed:
    """Record willingness and ability, or income and expenses a month in the case's currency."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        currency = case.debt.principal.currency
        given = replace(
            what,
            income=_amount(income, currency, "income"),
            expenses=_amount(expenses, currency, "expenses"),
        )
        return assessments.record(case, policy, now, given)

    return desk.change(ref, decide)


def _amount(text: str | None, currency: str, what: str) -> Money | None:
    """An amount as it was typed, nothing or more."""
    amount = Money.of(text, currency) if text is not None else None
    if amount and amount.minor < 0:
        raise InputError("The {what} cannot be less than 0: {text}.", what=what, text=text)
    return amount
