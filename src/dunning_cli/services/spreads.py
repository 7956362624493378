"""One payment over several cases of a debtor, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict

from ..domain import payments, spreads
from ..domain.cases import Decision
from ..domain.codec import canonical
from ..domain.entries import PaymentReceived
from ..domain.money import Money, currency_code
from ..domain.views import PaidPart, PaymentSpread
from ..errors import InputError, RefusedError
from .desk import Desk
from .terms import pack_of

if TYPE_CHECKING:
    from ..domain.spreads import Shares
    from ..store.cases import Filed
    from ..store.requests import Done
    from ..store.session import Tx

_PARTS: Final = ("costs", "fees", "interest", "principal")


def spread_payment(
    desk: Desk,
    debtor: int,
    amount: str,
    *,
    toward: Sequence[str] = (),
    creditor: str | None = None,
    currency: str | None = None,
    on: date | None = None,
    reference: str | None = None,
    method: str | None = None,
    dry_run: bool = False,
) -> PaymentSpread:
    """Book a payment over the open cases that a debtor owes one creditor in one currency, as the law orders them.

    `toward` are the cases that the debtor named. Where creditor or currency are not given, they are those of the first
    of these, or the only ones that there are.
    """
    day = on or desk.now.today

    def work(tx: Tx) -> PaymentSpread:
        if not dry_run and (done := desk.done(tx)):
            return _again(done)
        chosen = [tx.cases.find(ref) for ref in toward]
        filed = _owing(tx, debtor, chosen, creditor, currency_code(currency) if currency else None)
        code = filed[0].case.debt.principal.currency
        money = Money.positive(amount, code, "payment")
        pack = pack_of(desk.settings, filed[0].case.debt.jurisdiction)
        found = spreads.share(pack, [each.case for each in filed], money, day, chosen)
        decided = {}
        for each in filed:
            if part := found.of[each.case.case_id]:
                policy = tx.policies.get(each.case.policy)
                decided[each.case.case_id] = payments.receive(
                    each.case, policy, desk.now, part, on=on, reference=reference, method=method
                )
                if not dry_run:
                    tx.cases.append(each, decided[each.case.case_id])
        law = f"{found.rule.source} ({pack.label})"
        parts = _parts(desk, {each.case.case_id: each for each in filed}, found, decided)
        beyond = str(found.beyond)
        answer = PaymentSpread(debtor, day, str(money), code, found.rule.id, law, parts, beyond, dry_run)
        if not dry_run:
            plain = canonical(asdict(answer) | {"on": day.isoformat()})
            desk.note_done(tx, "spread", debtor, None, None, plain)
        return answer

    if dry_run:
        with desk.store.reading() as tx:
            return work(tx)
    desk.writing()
    return desk.write(work)


def _owing(tx: Tx, debtor: int, chosen: Sequence[int], creditor: str | None, currency: str | None) -> list[Filed]:
    """The debtor's open cases of one creditor, currency and jurisdiction; refused where it is not plain which."""
    numbers = tx.debtors.person(debtor).numbers
    open_ = {each.case.case_id: each for each in tx.cases.of_debtor(numbers) if each.case.outcome is None}
    for number in chosen:
        if number not in open_:
            raise RefusedError(
                "Case {number} is no open case of debtor {debtor}.",
                hint="See the debtor's cases with: dunning show-debtor ID",
                number=number,
                debtor=debtor,
            )
    first = open_[chosen[0]].case.debt if chosen else None
    creditor = creditor or (first.creditor if first else None)
    currency = currency or (first.principal.currency if first else None)
    found = [
        each
        for each in open_.values()
        if creditor in (None, each.case.debt.creditor) and currency in (None, each.case.debt.principal.currency)
    ]
    if not found:
        raise RefusedError(
            "Debtor {debtor} has no open case that this payment could be for.",
            hint="See the debtor's cases with: dunning show-debtor ID",
            debtor=debtor,
        )
    if outside := [number for number in chosen if number not in {each.case.case_id for each in found}]:
        raise RefusedError(
            "Case {number} is of another creditor or in another currency than the payment.",
            hint="A payment goes to the debts of one creditor in one currency.",
            number=outside[0],
        )
    debts = [each.case.debt for each in found]
    _only({debt.principal.currency for debt in debts}, "currencies")
    _only({debt.creditor for debt in debts}, "creditors")
    _only({debt.jurisdiction for debt in debts}, "jurisdictions")
    return found


def _only(names: set[str], what: str) -> None:
    if len(names) > 1:
        raise InputError(
            "The open cases have several {what}: {names}.",
            hint="Say which one with --creditor or --currency; under several laws, book it case by case.",
            what=what,
            names=", ".join(sorted(names)),
        )


def _parts(desk: Desk, filed: dict[int, Filed], shares: Shares, decided: dict[int, Decision]) -> tuple[PaidPart, ...]:
    """What became of each case, in the order in which they are paid."""
    today, found = desk.now.today, []
    for number, amount in shares.of.items():
        decision = decided.get(number)
        case = decision.case if decision else filed[number].case
        nothing = str(Money(0, amount.currency))
        allocated, unallocated, named = dict.fromkeys(_PARTS, nothing), nothing, None
        if decision:
            received = next(entry for entry in decision.entries if isinstance(entry.what, PaymentReceived))
            split, named = case.splits(today)[received.seq], received.what.reference
            allocated = {name: str(getattr(split, name)) for name in _PARTS}
            unallocated = str(split.unallocated)
        owed, status = str(case.owed(today)), str(case.status)
        found.append(PaidPart(number, case.debt.reference, str(amount), allocated, unallocated, owed, status, named))
    return tuple(found)


def _again(done: Done) -> PaymentSpread:
    """What was answered to a payment that was booked before under the same key."""
    plain = json.loads(done.answer or "{}")
    parts = tuple(PaidPart(**part) for part in plain.pop("parts"))
    return PaymentSpread(**plain | {"on": date.fromisoformat(plain["on"]), "parts": parts})
