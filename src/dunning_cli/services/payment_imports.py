"""import-payments: book the lines of a payment file on their cases, each line once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from ..domain import payments
from ..domain.cases import Decision
from ..domain.codec import canonical
from ..domain.days import utc_text
from ..domain.views import PaymentsImported
from ..errors import DuplicateError, RefusedError
from .desk import Desk
from .imports import BATCH, Progress, good_rows, refusal, refuse_bad

if TYPE_CHECKING:
    from ..imports.payments import PaymentFile, PaymentLine
    from ..store.bank_lines import BankLine
    from ..store.cases import Filed
    from ..store.session import Tx


class _Counts(NamedTuple):
    matched: int
    unmatched: int
    duplicate: int


class _Keyed(NamedTuple):
    """A line with its key: what stands in it, and which of several equal lines of the file it is."""

    key: str
    nth: int
    line: PaymentLine

    @property
    def reference(self) -> str:
        """The payment's reference on the case; a line without one is called by its key."""
        given = self.line.payment_reference or f"L{self.key[:12]}"
        return given if self.nth == 1 else f"{given}#{self.nth}"


def import_payments(
    desk: Desk,
    path: Path,
    mapping: Path | None = None,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PaymentsImported:
    """Book every line whose case is found and takes money; keep the others as unmatched.

    A line that was imported before is a duplicate; two equal lines of one file are two payments. Unless `skip_bad` says
    so, one bad row refuses the whole file before anything is written.
    """
    from ..imports.payments import open_payment_file

    if not dry_run:
        desk.writing()
    started = perf_counter()
    file = open_payment_file(path, mapping, desk.settings.currency, desk.now.today)
    if not skip_bad and not dry_run:
        refuse_bad(file)
    summary = PaymentsImported()
    lines = _keyed(good_rows(file, summary, progress))
    while batch := list(islice(lines, BATCH)):
        if dry_run:
            with desk.store.reading() as tx:
                counts = _book(desk, file, batch, True, tx)
        else:
            counts = desk.store.writing(partial(_book, desk, file, batch, False))
        summary.matched += counts.matched
        summary.unmatched += counts.unmatched
        summary.duplicate += counts.duplicate
    summary.seconds = round(perf_counter() - started, 3)
    if summary.rejected and not skip_bad:
        raise refusal(file, summary)
    return summary


def _keyed(lines: Iterable[PaymentLine]) -> Iterator[_Keyed]:
    seen: Counter[bytes] = Counter()
    for line in lines:
        content = [
            line.case,
            line.reference,
            line.creditor,
            line.on.isoformat(),
            str(line.amount),
            line.amount.currency,
        ]
        content += [line.payment_reference, line.payer, line.account, line.text]
        digest = sha256(canonical({"line": content}).encode()).digest()
        seen[digest[:8]] += 1
        nth = seen[digest[:8]]
        yield _Keyed(digest.hex() + (f":{nth}" if nth > 1 else ""), nth, line)


def _book(desk: Desk, file: PaymentFile, batch: list[_Keyed], dry_run: bool, tx: Tx) -> _Counts:
    """Book a batch in one transaction."""
    from ..store.bank_lines import BankLine

    known = tx.bank_lines.known([each.key for each in batch])
    fresh = [each for each in batch if each.key not in known]
    found = _cases(tx, [each.line for each in fresh])
    decided: dict[int, Decision] = {}
    lines: list[BankLine] = []
    duplicates = len(known)
    for each, (filed, reason) in zip(fresh, found, strict=True):
        seq: int | None = None
        if filed:
            try:
                seq = _receive(desk, tx, decided, filed, each)
            except DuplicateError:
                duplicates += 1
                continue
            except RefusedError as error:
                reason = str(error)  # noqa: PLW2901 - the reason found while booking is the one that counts
        line = each.line
        secret = {name: value for name in ("payer", "account", "text") if (value := getattr(line, name))}
        private = canonical(secret) if secret else None
        case_id = filed.case.case_id if filed and seq else None
        lines.append(BankLine(each.key, line.on, line.amount, line.payment_reference, case_id, seq, reason, private))
    if not dry_run:
        before = {filed.case.case_id: filed for filed, _ in found if filed}
        written = tx.cases.append_many([(before[number], decision) for number, decision in decided.items()])
        if len(written) < len(decided):
            raise tx.collision()  # another writer was first on one of them: the whole batch is decided again
        tx.bank_lines.add(lines, file.table.path.name, utc_text(desk.now.instant))
    matched = sum(line.seq is not None for line in lines)
    return _Counts(matched, len(lines) - matched, duplicates)


def _receive(desk: Desk, tx: Tx, decided: dict[int, Decision], filed: Filed, each: _Keyed) -> int:
    """Book one line after those already decided for its case; answers its entry."""
    number = filed.case.case_id
    so_far = decided.get(number)
    case = so_far.case if so_far else filed.case
    line = each.line
    if line.amount.currency != case.debt.principal.currency:
        raise RefusedError(
            "The line is in {currency}, the case in {other}.",
            currency=line.amount.currency,
            other=case.debt.principal.currency,
        )
    policy = tx.policies.get(case.policy)
    decision = payments.receive(case, policy, desk.now, line.amount, on=line.on, reference=each.reference)
    seq = decision.entries[0].seq
    if so_far:
        decision.entries[:0] = so_far.entries
    decided[number] = decision
    return seq


def _cases(tx: Tx, lines: list[PaymentLine]) -> list[tuple[Filed | None, str | None]]:
    """The case of each line, or why none was found."""
    references = tx.cases.by_references({line.reference for line in lines if line.reference and line.case is None})
    chosen: list[tuple[int | None, str | None]] = []
    for line in lines:
        if line.case is not None:
            chosen.append((line.case, None))
            continue
        fits = [n for n, creditor in references.get(line.reference or "", []) if line.creditor in (None, creditor)]
        if len(fits) == 1:
            chosen.append((fits[0], None))
        else:
            chosen.append((None, "several creditors have this reference" if fits else "no case has this reference"))
    filed = tx.cases.load_many({number for number, _ in chosen if number})
    return [
        (filed.get(number), None if number in filed else "there is no such case") if number else (None, reason)
        for number, reason in chosen
    ]
