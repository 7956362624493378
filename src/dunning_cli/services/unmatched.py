"""Lines of statements that wait: list them with the cases that could be meant, and book one by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..domain import payments
from ..domain.cases import Case, Decision
from ..domain.codec import canonical
from ..domain.debtors import search_key
from ..domain.entries import PaymentReceived, PaymentReversed
from ..domain.matching import By, creditor_reference, due_amounts, tokens
from ..domain.policies import Policy
from ..domain.views import Suggestion, WaitingLine
from ..errors import InputError, RefusedError
from .desk import Changed, Desk
from .payment_imports import reference_of

if TYPE_CHECKING:
    from ..store.bank_lines import BankLine, Waiting
    from ..store.session import Tx

SUGGESTED = 5  # cases that are suggested for a line
_LOOKED_AT = 50  # cases that a line's payer, account or amount leads to; more say nothing
_ORDER = (By.CASE, By.REFERENCE, By.TEXT, By.END_TO_END, By.ACCOUNT, By.NAME, By.AMOUNT)


def list_unmatched(desk: Desk, limit: int) -> tuple[list[WaitingLine], int]:
    """The first lines (0: all) that wait, each with the cases that could be meant; and how many wait in all."""
    with desk.store.reading() as tx:
        found = tx.bank_lines.waiting(limit)
        return [_seen(desk, tx, each) for each in found], tx.bank_lines.count_waiting()


def match_payment(desk: Desk, number: int, ref: str) -> Changed:
    """Book a line that waits on a case; one that takes money back reverses the case's payment of that amount."""

    def decide(tx: Tx, case: Case, policy: Policy) -> Decision:
        line = tx.bank_lines.load(number).line
        if not line.waits:
            raise RefusedError(
                "Line {number} is booked on case {case} already."
                if line.case_id
                else "Line {number} waits no more: the money went back.",
                hint="See the lines that wait with: dunning list-unmatched",
                number=number,
                case=line.case_id,
            )
        decision = _received(desk, case, policy, line) if line.money.minor > 0 else _reversed(desk, case, policy, line)
        said = {name: value for name, value in _said(line).items() if name in ("payer", "account", "text")}
        tx.bank_lines.match(
            line._replace(
                case_id=case.case_id,
                seq=decision.first(PaymentReceived, PaymentReversed).seq,
                reason=None,
                waits=False,
                matched_by=By.HAND.value,
                private=canonical(said) if said else None,
            )
        )
        return decision

    return desk.change_knowing(ref, decide)


def _received(desk: Desk, case: Case, policy: Policy, line: BankLine) -> Decision:
    reference = reference_of(line.line_key, line.reference)
    number = 1
    while case.payment(reference if number == 1 else f"{reference}#{number}"):
        number += 1  # a person has looked: it is another payment of the same name
    reference = reference if number == 1 else f"{reference}#{number}"
    return payments.receive(case, policy, desk.now, line.money, on=line.booked_on, reference=reference)


def _reversed(desk: Desk, case: Case, policy: Policy, line: BankLine) -> Decision:
    fits = [
        p
        for p in case.payments
        if p.amount.minor == -line.money.minor
        and p.amount.currency == line.money.currency
        and p.reversed_on is None
        and p.on <= line.booked_on
    ]
    if len(fits) != 1:
        raise InputError(
            "The case has {count} payments that line {amount} could take back.",
            hint="Name the payment: dunning reverse-payment CASE REFERENCE --why TEXT",
            count=len(fits),
            amount=line.money,
        )
    why = _said(line).get("text") or "returned by the bank"
    return payments.reverse(case, policy, desk.now, fits[0].reference, why, line.booked_on)


def _said(line: BankLine) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line.private) if line.private else {}
    return found


# --- suggestions ------------------------------------------------------------------------------------------------------


def _seen(desk: Desk, tx: Tx, waiting: Waiting) -> WaitingLine:
    line, said = waiting.line, _said(waiting.line)
    return WaitingLine(
        waiting.number,
        line.booked_on,
        line.money,
        line.reference,
        line.end_to_end,
        said,
        line.reason,
        line.statement,
        waiting.source,
        line.place,
        waiting.imported_at,
        _suggestions(desk, tx, line, said),
    )


def _suggestions(desk: Desk, tx: Tx, line: BankLine, said: dict[str, Any]) -> tuple[Suggestion, ...]:
    """The cases that something in a line leads to, those with the most and the best reasons first."""
    reasons: dict[int, set[By]] = {}

    def add(by: By, numbers: Any) -> None:
        for number in numbers:
            reasons.setdefault(number, set()).add(by)

    if isinstance(said.get("case"), int):
        add(By.CASE, [said["case"]])
    given = [*said.get("references", ()), *filter(None, [said.get("reference")])]
    named = {each: None for text in given for each in (*tokens(text), creditor_reference(text))}
    for by, names in (
        (By.REFERENCE, named),
        (By.TEXT, tokens(said.get("text") or "")),
        (By.END_TO_END, tokens(line.end_to_end or "")),
    ):
        found = tx.cases.by_references([name for name in names if len(name) > 1])
        add(by, (number for cases in found.values() for number, _ in cases[:_LOOKED_AT]))
    owners: set[int] = set()
    if line.account_key:
        paid_on = sorted(tx.bank_lines.accounts([line.account_key]).get(line.account_key, ()))[:_LOOKED_AT]
        owners = {filed.case.debt.debtor_id for filed in tx.cases.load_many(paid_on).values()}
        add(By.ACCOUNT, _open_cases(tx, owners))
    if payer := said.get("payer"):
        known = tx.debtors.by_names(_spellings(payer), _LOOKED_AT)
        add(By.NAME, _open_cases(tx, {debtor for found in known.values() for debtor in found}))
    amount = type(line.money)(abs(line.money.minor), line.money.currency)
    add(By.AMOUNT, tx.cases.of_balance(amount, SUGGESTED + 1))
    return _best(desk, tx, line, reasons)


def _open_cases(tx: Tx, debtors: set[int]) -> list[int]:
    """The first open cases of each of some debtors, under all numbers that they have."""
    people = tx.debtors.numbers(debtors).values()
    found = tx.cases.open_of_debtors({number for numbers in people for number in numbers}, _LOOKED_AT)
    return [case for cases in found.values() for case in cases]


def _spellings(name: str) -> set[str]:
    """A name as it is searched, and with its last word first: banks write both."""
    words = search_key(name.replace(",", " ")).split()
    found = {search_key(name), " ".join(words)}
    if len(words) > 1:
        found |= {" ".join([words[-1], *words[:-1]]), " ".join([*words[1:], words[0]])}
    return found


def _best(desk: Desk, tx: Tx, line: BankLine, reasons: dict[int, set[By]]) -> tuple[Suggestion, ...]:
    ranked = sorted(reasons, key=lambda number: (min(map(_ORDER.index, reasons[number])), number))[: 10 * SUGGESTED]
    filed = tx.cases.load_many(ranked)
    found: list[tuple[tuple[int, int, int], int, tuple[str, ...]]] = []
    for number in ranked:
        if number not in filed or filed[number].case.debt.principal.currency != line.money.currency:
            continue
        case = filed[number].case
        if line.money.minor > 0 and line.money in due_amounts(case, line.booked_on, desk.now.today):
            reasons[number].add(By.AMOUNT)
        given = sorted(reasons[number], key=_ORDER.index)
        rank = (-len(given), _ORDER.index(given[0]), number)
        found.append((rank, number, tuple(by.value for by in given)))
    found.sort()
    return tuple(Suggestion(desk.view(tx, filed[number]), why) for _, number, why in found[:SUGGESTED])
