"""import-payments: book the lines of payment files on their cases, each line once; take back what was returned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..domain import payments
from ..domain.cases import Case, Decision
from ..domain.codec import canonical
from ..domain.days import utc_text
from ..domain.entries import PaymentReceived, PaymentReversed
from ..domain.matching import By, account_key, account_tail
from ..domain.money import Money
from ..domain.views import PaymentsImported, Progress
from ..errors import InputError, RefusedError
from ..i18n import later
from .desk import Desk
from .imports import BATCH, LISTED, note_bad, said_of
from .payment_matching import Finder

if TYPE_CHECKING:
    from ..domain.statements import StatementLine
    from ..imports.formats import StatementFile
    from ..store.bank_lines import BankLine
    from ..store.cases import Filed
    from ..store.session import Tx

WAITS_FOR_ITS_PAYMENT = later("no payment was found that it takes back")
_PRIVATE = ("payer", "account", "text")
_MEANT = ("case", "reference", "creditor")  # for which case an unmatched line was meant


class _Keyed(NamedTuple):
    """A line with its key: what it is known again by, and which of several equal lines of the file it is."""

    key: str
    nth: int
    line: StatementLine

    @property
    def reference(self) -> str:
        return reference_of(self.key, self.line.payment_reference)


def reference_of(key: str, given: str | None) -> str:
    """The reference under which a line's payment is booked; a line without one is called by its key."""
    digest, _, nth = key.partition(":")
    return (given or f"L{digest[:12]}") + (f"#{nth}" if nth else "")


class _Decided(NamedTuple):
    """What follows from a batch: the cases as they were, the lines to be kept, and how many of what kind there were."""

    before: dict[int, Filed]
    lines: list[BankLine]
    returned: list[str]  # keys of lines that waited in the database, and whose money went back
    counts: Counter[str]
    matches: list[dict[str, Any]]


class _Kept:
    """Lines of this run that the database does not hold: those of a batch, or all those of a dry run."""

    def __init__(self) -> None:
        self.by_mark: dict[str, list[BankLine]] = {}
        self.accounts: dict[str, set[int]] = {}
        self.keys: set[str] = set()
        self.returned: set[str] = set()

    def add(self, line: BankLine) -> None:
        self.keys.add(line.line_key)
        for mark in {line.reference, line.end_to_end} - {None}:
            self.by_mark.setdefault(str(mark), []).append(line)
        if line.account_key and line.case_id is not None and line.money.minor > 0:
            self.accounts.setdefault(line.account_key, set()).add(line.case_id)


class _Seen:
    """What one file has brought so far: how often each line, and which lines of other files it repeats."""

    def __init__(self) -> None:
        self.times: Counter[bytes] = Counter()
        self.twins: set[str] = set()

    def knows(self, key: str) -> bool:
        """Whether a key was given to a line of this file."""
        return bytes.fromhex(key[:16]) in self.times


def import_payments(
    desk: Desk,
    paths: Sequence[Path],
    mapping: Path | None = None,
    *,
    form: str | None = None,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PaymentsImported:
    """Book every line whose case is certain; keep the others, for a person to match.

    A line that was imported before is a duplicate; two equal lines of one file are two payments. Every file is read to
    its end before anything is written: what is broken refuses all of them, and so does one bad line, unless `skip_bad`
    says that bad lines are left out.
    """
    from ..imports.formats import Given, open_statement

    if not dry_run:
        desk.writing()
    started = perf_counter()
    given = Given(desk.settings.currency, desk.now.today, mapping)
    files = [open_statement(path, given, form) for path in paths]
    total = 2 * sum(file.count() for file in files) if progress else 0
    steps = _Steps(progress, total)
    for file in files:
        _check(file, steps, skip_bad=skip_bad)
    summary = PaymentsImported(encoding=", ".join(dict.fromkeys(file.encoding for file in files)))
    decisions: dict[int, Decision] = {}
    kept = _Kept()
    for file in files:
        _import(desk, file, summary, steps, (decisions, kept) if dry_run else None)
    summary.matched_by = dict(sorted(summary.matched_by.items()))
    summary.seconds = round(perf_counter() - started, 3)
    return summary


class _Steps:
    """How far the work is, for a progress bar."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress = progress
        self.total = total
        self.done = 0

    def one(self) -> None:
        self.done += 1
        if self.progress and self.done % 1000 == 0:
            self.progress(self.done, max(self.total, self.done))


def _check(file: StatementFile, steps: _Steps, *, skip_bad: bool) -> None:
    """Read a whole file before anything is written: refuse it if it breaks off, or if a line of it is bad."""
    summary = PaymentsImported()
    for _ in _good_lines(file, summary, steps):
        pass
    if summary.rejected and not skip_bad:
        raise InputError(
            "{path}: {count} of {read} lines are bad:\n{lines}",
            hint="Nothing was written. Mend them, or take the good lines alone with --on-error skip.",
            details={"read": summary.read, "rejected": summary.rejected},
            path=file.path,
            count=summary.rejected_rows,
            read=summary.read,
            lines="\n".join(said_of(bad) for bad in summary.rejected[:20]),
        )


def _good_lines(file: StatementFile, summary: PaymentsImported, steps: _Steps) -> Iterator[StatementLine]:
    """The lines of a file that can be booked; the others, and the statements' balances, are noted in the summary."""
    from ..domain.statements import Statement, StatementLine
    from ..imports.tables import BadRow

    last = 0  # the line of the bad row before: several mistakes of one line are one row
    for each in file.lines():
        if isinstance(each, Statement):
            if found := each.difference():
                expected, says = found
                summary.balance_check.append(
                    {
                        "file": file.path.name,
                        "statement": each.id,
                        "expected": str(expected),
                        "found": str(says),
                        "currency": expected.currency,
                        "found_currency": says.currency,
                    }
                )
            continue
        if isinstance(each, BadRow):
            note_bad(summary, each, file=file.path.name)
            if each.line == last and file.format == "csv":
                continue
            last = each.line
            summary.rejected_rows += 1
        summary.read += 1
        steps.one()
        if isinstance(each, StatementLine):
            yield each
        elif not isinstance(each, BadRow):
            summary.left_out += 1


def _import(
    desk: Desk,
    file: StatementFile,
    summary: PaymentsImported,
    steps: _Steps,
    dry: tuple[dict[int, Decision], _Kept] | None,
) -> None:
    seen = _Seen()
    before = summary.read
    lines = _keyed(_good_lines(file, summary, steps), seen)
    while batch := list(islice(lines, BATCH)):
        if dry:
            with desk.store.reading() as tx:
                done = _Batch(desk, tx, file, seen, *dry).decide(batch)
        else:
            done = desk.store.writing(partial(_book, desk, file, seen, batch))
        for name, count in done.counts.items():
            if isinstance(name, By):
                summary.matched_by[name.value] = summary.matched_by.get(name.value, 0) + count
            else:
                setattr(summary, name, getattr(summary, name) + count)
        summary.matches += done.matches[: max(0, LISTED - len(summary.matches))]
    summary.files.append(
        {
            "file": file.path.name,
            "format": file.format,
            "encoding": file.encoding,
            "read": summary.read - before,
        }
    )


def _keyed(lines: Iterable[StatementLine], seen: _Seen) -> Iterator[_Keyed]:
    for line in lines:
        digest = sha256(canonical({"line": _identity(line)}).encode()).digest()
        seen.times[digest[:8]] += 1
        nth = seen.times[digest[:8]]
        yield _Keyed(digest.hex() + (f":{nth}" if nth > 1 else ""), nth, line)


def _identity(line: StatementLine) -> list[Any]:
    """What a line is known again by.

    The bank's own reference says it, whatever else an export of another day or format version writes around it. Without
    one, and in a table that names its cases, it is all that stands in the line.
    """
    content = [line.on.isoformat(), str(line.amount), line.amount.currency, line.payment_reference]
    outright = [line.case, line.reference, line.creditor]
    if line.payment_reference and outright == [None, None, None]:
        return ["bank", *content, line.end_to_end, account_tail(line.own_account)]
    more = [line.end_to_end, account_tail(line.own_account)]
    return [*outright, *content, line.payer, line.account, line.text, *(more if any(more) else [])]


def _book(desk: Desk, file: StatementFile, seen: _Seen, batch: list[_Keyed], tx: Tx) -> _Decided:
    """Book a batch in one transaction."""
    decisions: dict[int, Decision] = {}
    twins = seen.twins.copy()
    try:
        done = _Batch(desk, tx, file, seen, decisions, _Kept()).decide(batch)
        written = tx.cases.append_many([(done.before[number], decision) for number, decision in decisions.items()])
        if len(written) < len(decisions):
            raise tx.collision()  # another writer was first on one of them: the whole batch is decided again
        tx.bank_lines.returned(done.returned, RETURNED)
        tx.bank_lines.add(done.lines, file.path.name, utc_text(desk.now.instant))
    except BaseException:
        seen.twins = twins
        raise
    return done


RETURNED = later("the money went back")


class _Batch:
    """Decides a batch, each line after those before it. `decisions` and `kept` are added to."""

    def __init__(
        self,
        desk: Desk,
        tx: Tx,
        file: StatementFile,
        seen: _Seen,
        decisions: dict[int, Decision],
        kept: _Kept,
    ) -> None:
        self.desk = desk
        self.tx = tx
        self.file = file
        self.seen = seen
        self.decisions = decisions
        self.kept = kept
        self.finder = Finder(tx, desk.now.today, decisions, kept.accounts)
        self.done = _Decided({}, [], [], Counter(), [])
        self.booked: set[tuple[int, int]] = set()  # entries that lines of this batch made

    def decide(self, batch: Sequence[_Keyed]) -> _Decided:
        known = self.tx.bank_lines.known([each.key for each in batch]) | self.kept.keys
        fresh = [each for each in batch if each.key not in known]
        fresh = self._without_twins(fresh)
        self.done.counts["duplicate"] += len(batch) - len(fresh)
        self.finder.prepare([each.line for each in fresh if each.line.amount.minor > 0])
        came_in = self._credits([each.line for each in fresh if each.line.amount.minor < 0])
        for each in fresh:
            if each.line.amount.minor > 0:
                self._credit(each)
            else:
                self._debit(each, came_in)
        return self.done

    def _without_twins(self, fresh: list[_Keyed]) -> list[_Keyed]:
        """Leave out what another file has brought under another key: in a format that says less of the same line."""
        marked = [each for each in fresh if each.line.payment_reference and _names_nothing(each.line)]
        if not marked:
            return fresh
        references = {str(each.line.payment_reference) for each in marked}
        stored = self.tx.bank_lines.on_days(references, {each.line.on for each in marked})
        stored += [line for mark in references for line in self.kept.by_mark.get(mark, []) if line.reference == mark]
        by_reference: dict[str | None, list[BankLine]] = {}
        for line in stored:
            if not self.seen.knows(line.line_key):
                by_reference.setdefault(line.reference, []).append(line)
        doubled = set()
        for each in marked:
            for line in by_reference.get(each.line.payment_reference, []):
                if line.line_key not in self.seen.twins and _same(each.line, line):
                    self.seen.twins.add(line.line_key)
                    doubled.add(each.key)
                    break
        return [each for each in fresh if each.key not in doubled]

    # --- money that came in -------------------------------------------------------------------------------------------

    def _credit(self, each: _Keyed) -> None:
        line = each.line
        if line.returns:  # money that we paid came back: no debtor's payment
            self._keep(each, reason=later("it takes back a debit"))
            return
        found = self.finder.find(line)
        case = self.finder.case(found.case_id) if found.case_id is not None else None
        if case is None:
            self._keep(each, reason=found.reason)
            return
        if self._is_booked(case, each):
            self.done.counts["duplicate"] += 1
            return
        try:
            seq = self._receive(case, each)
        except RefusedError as error:
            self._keep(each, reason=str(error))
            return
        self._keep(each, case_id=case.case_id, seq=seq, by=found.by)
        if found.by and not (line.case or line.reference) and len(self.done.matches) < LISTED:
            self.done.matches.append(
                {
                    "file": self.file.path.name,
                    "line": line.line,
                    "case": case.case_id,
                    "reference": case.debt.reference,
                    "amount": str(line.amount),
                    "currency": line.amount.currency,
                    "by": found.by.value,
                }
            )

    def _is_booked(self, case: Case, each: _Keyed) -> bool:
        """Whether the same payment was booked on the case by hand. Another one of its name is no such thing."""
        booked = case.payment(each.reference)
        if booked is None or (booked.amount, booked.on) != (each.line.amount, each.line.on):
            return False
        return not self._came_from_a_line(case.case_id, booked.seq)

    def _came_from_a_line(self, case_id: int, seq: int) -> bool:
        return (case_id, seq) in self.booked or self.tx.bank_lines.booked(case_id, seq)

    def _receive(self, case: Case, each: _Keyed) -> int:
        """Book one line after those already decided for its case; answers its entry."""
        line = each.line
        if line.amount.currency != case.debt.principal.currency:
            raise RefusedError(
                "The line is in {currency}, the case in {other}.",
                currency=line.amount.currency,
                other=case.debt.principal.currency,
            )
        reference = each.reference
        booked = case.payment(reference)
        if booked and (booked.amount, booked.on) == (line.amount, line.on):
            reference = _free(case, reference)  # another account's payment of the same name, and not the same one
        policy = self.tx.policies.get(case.policy)
        decision = payments.receive(case, policy, self.desk.now, line.amount, on=line.on, reference=reference)
        return self._decided(case, decision)

    def _decided(self, case: Case, decision: Decision) -> int:
        number, seq = case.case_id, decision.first(PaymentReceived, PaymentReversed).seq
        if number in self.decisions:
            decision.entries[:0] = self.decisions[number].entries
        elif number in self.finder.filed:
            self.done.before[number] = self.finder.filed[number]
        self.decisions[number] = decision
        self.finder.touched(decision.case)
        self.booked.add((number, seq))
        return seq

    # --- money that went out ------------------------------------------------------------------------------------------

    def _credits(self, debits: Sequence[StatementLine]) -> dict[str, list[BankLine]]:
        """What came in under the references of debits, by these references."""
        marks = {mark for line in debits for mark in (line.payment_reference, line.end_to_end) if mark}
        found: dict[str, list[BankLine]] = {}
        for line in self.tx.bank_lines.credits(marks, {-line.amount.minor for line in debits}) if marks else []:
            for mark in {line.reference, line.end_to_end} & marks:
                found.setdefault(str(mark), []).append(line)
        return found

    def _debit(self, each: _Keyed, came_in: dict[str, list[BankLine]]) -> None:
        """A debit that gives back what came in takes that payment back; any other one is no business of ours."""
        line = each.line
        marks = [mark for mark in (line.payment_reference, line.end_to_end) if mark]
        meant = {
            credit.line_key: credit
            for mark in marks
            for credit in (*came_in.get(mark, []), *self.kept.by_mark.get(mark, []))
            if credit.money == Money(-line.amount.minor, line.amount.currency)
            and credit.booked_on <= line.on
            and _fits(credit.own_account, account_tail(line.own_account))
        }
        left = [credit for credit in meant.values() if self._can_go_back(credit)]
        if len({credit.case_id for credit in left}) > 1:
            self._keep(each, reason=later("it can take back several payments"))
        elif left:
            self._take_back(each, max(left, key=lambda credit: (credit.booked_on, credit.line_key)))
        elif meant and all(self._went_back_by_hand(credit) for credit in meant.values()):
            self.done.counts["duplicate"] += 1
        elif line.returns:
            self._keep(each, reason=WAITS_FOR_ITS_PAYMENT)
        else:
            self.done.counts["left_out"] += 1

    def _can_go_back(self, credit: BankLine) -> bool:
        if credit.seq is None:
            return credit.waits and credit.line_key not in self.kept.returned
        case = self.finder.case(credit.case_id or 0)
        return case is not None and any(p.seq == credit.seq and p.reversed_on is None for p in case.payments)

    def _went_back_by_hand(self, credit: BankLine) -> bool:
        case = self.finder.case(credit.case_id or 0)
        payment = next((p for p in case.payments if p.seq == credit.seq), None) if case else None
        return bool(case and payment and payment.reversal) and not self._came_from_a_line(
            case.case_id if case else 0, (payment.reversal if payment else None) or 0
        )

    def _take_back(self, each: _Keyed, credit: BankLine) -> None:
        if credit.seq is None:  # it was never booked: neither has to be looked at
            self.kept.returned.add(credit.line_key)
            mine = [at for at, line in enumerate(self.done.lines) if line.line_key == credit.line_key]
            for at in mine:
                self.done.lines[at] = self.done.lines[at]._replace(waits=False, reason=RETURNED)
            if not mine:
                self.done.returned.append(credit.line_key)
            self._keep(each, reason=RETURNED, settled=True)
            return
        case = self.finder.case(credit.case_id or 0)
        payment = next(p for p in case.payments if p.seq == credit.seq) if case else None
        if case is None or payment is None:
            self._keep(each, reason=WAITS_FOR_ITS_PAYMENT)
            return
        policy = self.tx.policies.get(case.policy)
        why = each.line.text or "returned by the bank"
        try:
            decision = payments.reverse(case, policy, self.desk.now, payment.reference, why, each.line.on)
        except RefusedError as error:
            self._keep(each, reason=str(error))
            return
        seq = self._decided(case, decision)
        self._keep(each, case_id=case.case_id, seq=seq, by=By.RETURN)

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _keep(
        self,
        each: _Keyed,
        *,
        case_id: int | None = None,
        seq: int | None = None,
        reason: str | None = None,
        by: By | None = None,
        settled: bool = False,
    ) -> None:
        from ..store.bank_lines import BankLine

        line = each.line
        waits = seq is None and not settled
        kept = BankLine(
            each.key,
            line.on,
            line.amount,
            line.payment_reference,
            case_id,
            seq,
            reason,
            _private(line, matched=not waits),
            waits,
            by.value if by else None,
            line.end_to_end,
            account_key(line.account),
            account_tail(line.own_account) or None,
            line.statement,
            line.line,
        )
        self.kept.add(kept)
        self.done.lines.append(kept)
        if waits:
            self.done.counts["unmatched"] += 1
        elif line.amount.minor < 0:
            self.done.counts["reversed"] += 1
        else:
            self.done.counts["matched"] += 1
            if by:
                self.done.counts[by] += 1


def _names_nothing(line: StatementLine) -> bool:
    return line.case is None and line.reference is None and line.creditor is None


def _same(line: StatementLine, stored: BankLine) -> bool:
    """Whether a stored line of the same reference is this one; what one of them does not say does not part them."""
    return (
        (stored.booked_on, stored.money) == (line.on, line.amount)
        and _fits(stored.own_account, account_tail(line.own_account))
        and _fits(stored.end_to_end, line.end_to_end)
    )


def _fits(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other


def _free(case: Case, reference: str) -> str:
    number = 2
    while case.payment(f"{reference}#{number}"):
        number += 1
    return f"{reference}#{number}"


def _private(line: StatementLine, *, matched: bool) -> str | None:
    """What a line says of people; of an unmatched one also for which case it was meant."""
    names = _PRIVATE if matched else (*_PRIVATE, *_MEANT)
    said: dict[str, Any] = {name: value for name in names if (value := getattr(line, name)) is not None}
    if line.references and not matched:
        said["references"] = list(line.references)
    return canonical(said) if said else None
