"""Questions about a payment: how it is spread over the parts of a debt, or over several debts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ...domain.allocation import waterfall
from ...domain.appropriation import Claim, DebtKey, DebtPart, order_of_debts, order_of_parts, spread
from ...domain.questions import Answer, Facts, subject_of
from ...domain.rules import Subject
from ...errors import InputError

if TYPE_CHECKING:
    from ...domain.rules import Pack
    from ...rules.book import Book


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """What each part, or each debt, receives of `ask.pay`, and what is left of it."""
    given, asked = Facts(facts), Facts(ask)
    amount = _minor(asked, "pay")
    debts = given.rows("debts")
    owing = [debt for debt in debts if debt.has("balance")]
    subject = subject_of(given)
    if given.has("balance"):
        return _over_parts(pack, given, subject, amount)
    if len(owing) == 1 and isinstance(owing[0].plain["balance"], dict):
        return _over_parts(pack, owing[0], subject, amount)
    if owing:
        return _over_debts(pack, given, asked, owing, amount)
    raise InputError("The fact 'balance' is missing: of the debt, or of each of the debts.")


def _minor(facts: Facts, name: str) -> int:
    """An amount in hundredths."""
    value = facts.needed(name) * 100
    if value != int(value):
        raise InputError("The fact '{name}' has more than two decimals.", name=name)
    return int(value)


def _text(minor: int) -> str:
    return str(Decimal(minor).scaleb(-2))


def _parts(facts: Facts) -> dict[DebtPart, int]:
    """A balance by its parts."""
    balance = facts.inner("balance")
    assert balance is not None  # noqa: S101  the caller looked
    for name in balance.plain:
        if name not in list(DebtPart):
            near = get_close_matches(name, list(DebtPart), n=1)
            raise InputError(
                "'{name}' is no part of a debt; did you mean '{near}'?"
                if near
                else "'{name}' is no part of a debt; known are: {near}.",
                name=name,
                near=near[0] if near else ", ".join(DebtPart),
            )
    return {DebtPart(name): _minor(balance, name) for name in balance.plain}


def _over_parts(pack: Pack, facts: Facts, subject: Subject, amount: int) -> Answer:
    owed = _parts(facts)
    rule = order_of_parts(pack, subject, owed)
    got = waterfall(amount, owed, [part for part in rule.order if part in owed])
    expect: dict[str, Any] = {part: _text(got[part]) for part in owed}
    expect["left"] = {part: _text(owed[part] - got[part]) for part in owed}
    return _with_spare(expect, amount - sum(got.values()), [rule.id])


def _with_spare(expect: dict[str, Any], spare: int, rules: list[str]) -> Answer:
    if spare:
        expect["unallocated"] = _text(spare)
    return Answer(expect, {"rules": rules})


def _over_debts(pack: Pack, facts: Facts, ask: Facts, debts: list[Facts], amount: int) -> Answer:
    rule = order_of_debts(pack, subject_of(facts))
    claims: dict[str, Claim] = {}
    parts: dict[str, dict[DebtPart, int]] = {}
    for number, debt in enumerate(debts, 1):
        name = debt.word("id") or f"D{number}"
        if name in claims:
            raise InputError("Two debts have the id '{id}'.", id=name)
        if isinstance(debt.plain["balance"], dict):
            parts[name] = _parts(debt)
        owed = sum(parts[name].values()) if name in parts else _minor(debt, "balance")
        claims[name] = _claim(facts, ask, debt, name, owed, keys=rule.debts)
    for name in (*_names(ask, "toward"), *_names(ask, "creditor_toward")):
        if name not in claims:
            raise InputError("There is no debt '{id}' to pay.", id=name)
    got = spread(rule, amount, claims)
    expect: dict[str, Any] = {name: _text(part) for name, part in got.items()}
    expect["left"] = {name: _text(claims[name].owed - part) for name, part in got.items()}
    rules = [rule.id]
    within = {}
    for debt, name in zip(debts, claims, strict=True):
        if name not in parts:
            continue
        order = order_of_parts(pack, subject_of(Facts({**facts.plain, "debts": [debt.plain]})), parts[name])
        rules += [order.id] if order.id not in rules else []
        each = waterfall(got[name], parts[name], [part for part in order.order if part in parts[name]])
        within[name] = {part: _text(amount) for part, amount in each.items()}
    if within:
        expect["parts"] = within
    return _with_spare(expect, amount - sum(got.values()), rules)


def _names(ask: Facts, name: str) -> list[str]:
    found = ask.plain.get(name) or []
    return [found] if isinstance(found, str) else list(found)


def _claim(facts: Facts, ask: Facts, debt: Facts, name: str, owed: int, *, keys: tuple[DebtKey, ...]) -> Claim:
    due_on = debt.day("due")
    now = facts.day("now")
    if due_on and DebtKey.DUE_FIRST in keys and now is None:
        now = facts.needed_day("now")
    toward, creditors = _names(ask, "toward"), _names(ask, "creditor_toward")
    security = debt.number("security", Decimal(0))
    return Claim(
        owed=owed,
        due=due_on is None or now is None or due_on <= now,
        due_on=due_on,
        incurred=debt.day("incurred"),
        security=security if security is not None else Decimal(bool(debt.flag("secured"))),
        rate=debt.number("rate", Decimal(0)) or Decimal(0),
        chosen=toward.index(name) if name in toward else None,
        creditors=creditors.index(name) if name in creditors else None,
        disputed=bool(debt.flag("disputed")),
    )
