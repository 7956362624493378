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
from ..domain.cases import Case, Decision
from ..domain.codec import canonical
from ..domain.days import utc_text
from ..domain.views import PaymentsImported
from ..errors import RefusedError
from .desk import Desk
from .imports import BATCH, Progress, check, good_rows, refusal

if TYPE_CHECKING:
    from ..imports.payments import PaymentFile, PaymentLine
    from ..store.bank_lines import BankLine
    from ..store.cases import Filed
    from ..store.session import Tx


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


class _Decided(NamedTuple):
    """What follows from a batch: the cases as they were, the lines to be kept, and how many were known before."""

    before: dict[int, Filed]
    lines: list[BankLine]
    duplicates: int


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
    if not dry_run:
        check(file, skip_bad=skip_bad, progress=progress)
    summary = _write(desk, file, dry_run, progress)
    summary.seconds = round(perf_counter() - started, 3)
    if summary.rejected and not skip_bad:
        raise refusal(file, summary)
    return summary


def _write(desk: Desk, file: PaymentFile, dry_run: bool, progress: Progress | None) -> PaymentsImported:
    summary = PaymentsImported()
    lines = _keyed(good_rows(file, summary, progress))
    decisions: dict[int, Decision] = {}  # of a dry run, which goes on where its earlier batches would have led
    while batch := list(islice(lines, BATCH)):
        if dry_run:
            with desk.store.reading() as tx:
                done = _decide(desk, tx, batch, decisions)
        else:
            done = desk.store.writing(partial(_book, desk, file, batch))
        matched = sum(line.seq is not None for line in done.lines)
        summary.matched += matched
        summary.unmatched += len(done.lines) - matched
        summary.duplicate += done.duplicates
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


def _book(desk: Desk, file: PaymentFile, batch: list[_Keyed], tx: Tx) -> _Decided:
    """Book a batch in one transaction."""
    decisions: dict[int, Decision] = {}
    done = _decide(desk, tx, batch, decisions)
    written = tx.cases.append_many([(done.before[number], decision) for number, decision in decisions.items()])
    if len(written) < len(decisions):
        raise tx.collision()  # another writer was first on one of them: the whole batch is decided again
    tx.bank_lines.add(done.lines, file.table.path.name, utc_text(desk.now.instant))
    return done


def _decide(desk: Desk, tx: Tx, batch: list[_Keyed], decisions: dict[int, Decision]) -> _Decided:
    """Decide each line after those before it. `decisions` are added to, by the number of the case."""
    from ..store.bank_lines import BankLine

    known = tx.bank_lines.known([each.key for each in batch])
    fresh = [each for each in batch if each.key not in known]
    before: dict[int, Filed] = {}
    lines: list[BankLine] = []
    duplicates = len(known)
    for each, (filed, reason) in zip(fresh, _cases(tx, [each.line for each in fresh]), strict=True):
        line, case_id, seq = each.line, None, None
        if filed:
            case_id = filed.case.case_id
            before[case_id] = filed
            case = decisions[case_id].case if case_id in decisions else filed.case
            if _is_booked(case, each):
                duplicates += 1
                continue
            try:
                seq = _receive(desk, tx, case, decisions, each)
            except RefusedError as error:
                case_id, reason = None, str(error)  # noqa: PLW2901 - what booking said is the reason that counts
        private = _private(line, matched=seq is not None)
        lines.append(BankLine(each.key, line.on, line.amount, line.payment_reference, case_id, seq, reason, private))
    return _Decided(before, lines, duplicates)


def _is_booked(case: Case, each: _Keyed) -> bool:
    """Whether the same payment is on the case already, booked by hand say. Another one of its name is no such thing."""
    booked = case.payment(each.reference)
    return booked is not None and (booked.amount, booked.on) == (each.line.amount, each.line.on)


def _receive(desk: Desk, tx: Tx, case: Case, decisions: dict[int, Decision], each: _Keyed) -> int:
    """Book one line after those already decided for its case; answers its entry."""
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
    if case.case_id in decisions:
        decision.entries[:0] = decisions[case.case_id].entries
    decisions[case.case_id] = decision
    return seq


def _private(line: PaymentLine, *, matched: bool) -> str | None:
    """What a line says of people; of an unmatched one also for which case it was meant."""
    names = ("payer", "account", "text") if matched else ("payer", "account", "text", "case", "reference", "creditor")
    said = {name: value for name in names if (value := getattr(line, name)) is not None}
    return canonical(said) if said else None


def _cases(tx: Tx, lines: list[PaymentLine]) -> list[tuple[Filed | None, str | None]]:
    """The case of each line, or why none was found."""
    references = tx.cases.by_references({line.reference for line in lines if line.reference and line.case is None})
    chosen = [_choose(line, references) for line in lines]
    filed = tx.cases.load_many({number for number, _ in chosen if number is not None})
    return [
        (None, reason) if number is None else _fitting(line, filed.get(number))
        for line, (number, reason) in zip(lines, chosen, strict=True)
    ]


def _choose(line: PaymentLine, references: dict[str, list[tuple[int, str]]]) -> tuple[int | None, str | None]:
    """The number of the case that a line names, or why it names none."""
    if line.case is not None:
        return line.case, None
    if line.reference is None:
        return None, "the line names no case"
    fits = [number for number, creditor in references.get(line.reference, []) if line.creditor in (None, creditor)]
    if len(fits) == 1:
        return fits[0], None
    return None, "several creditors have this reference" if fits else "no case has this reference"


def _fitting(line: PaymentLine, filed: Filed | None) -> tuple[Filed | None, str | None]:
    """The case that was found, where all that the line says of it is so."""
    if filed is None:
        return None, "there is no such case"
    if line.reference not in (None, filed.case.debt.reference):
        return None, "the case has another reference"
    if line.creditor not in (None, filed.case.debt.creditor):
        return None, "the case is of another creditor"
    return filed, None
