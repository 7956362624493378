"""Whose payment a line is: the case that it names, or the only one that it can be for; else why nobody can say.

What is looked up is looked up for a batch at once, by indexes; what is decided is decided line by line, after the lines
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..domain.cases import Case, Decision
from ..domain.debtors import search_key
from ..domain.matching import By, account_key, certain, creditor_reference, due_amounts, tokens
from ..i18n import later

if TYPE_CHECKING:
    from datetime import date

    from ..domain.statements import StatementLine
    from ..store.cases import Filed
    from ..store.session import Tx

MOST = 50  # debtors of one name, or cases of one debtor, among which one is looked for; more say nothing

Names = dict[By, list[str]]


class Found(NamedTuple):
    """The case of a line and why it is that one, or why there is none."""

    case_id: int | None
    by: By | None = None
    reason: str | None = None


def names_of(line: StatementLine) -> dict[By, dict[str, None]]:
    """The references by which a line can name a case, by where they stand in it."""
    given = {each: None for text in line.references for each in (text, creditor_reference(text))}
    return {
        By.REFERENCE: given | {each.upper(): None for each in given},
        By.TEXT: tokens(line.text) if line.text else {},
        By.END_TO_END: tokens(line.end_to_end) if line.end_to_end else {},
    }


class Finder:
    """Finds the cases of a batch of lines. `decisions` are those of the lines before, also of earlier batches."""

    def __init__(self, tx: Tx, today: date, decisions: dict[int, Decision], accounts: dict[str, set[int]]) -> None:
        self.tx = tx
        self.today = today
        self.decisions = decisions
        self.accounts = accounts  # of lines that the database does not hold yet: account, and cases that it paid on
        self.filed: dict[int, Filed] = {}
        self._references: dict[str, list[tuple[int, str]]] = {}
        self._paid_on: dict[str, set[int]] = {}
        self._named: dict[str, list[int]] = {}
        self._open: dict[int, list[int]] = {}
        self._touched: dict[int, set[int]] = {}
        self._people: dict[int, tuple[int, ...]] = {}  # all numbers of a debtor, the one that was kept first
        self._names: dict[int, Names] = {}  # of the lines of this batch

    def prepare(self, lines: Sequence[StatementLine]) -> None:
        """Look up all that these lines can name."""
        wanted: dict[str, None] = {}
        free: list[StatementLine] = []
        for line in lines:
            if line.reference is not None and line.case is None:
                wanted[line.reference] = None
            elif line.case is None:
                self._names[id(line)] = {
                    by: [name for name in names if certain(name)] for by, names in names_of(line).items()
                }
                wanted |= dict.fromkeys(name for names in self._names[id(line)].values() for name in names)
                free.append(line)
        self._references = self.tx.cases.by_references(wanted)
        numbers = {number for found in self._references.values() for number, _ in found}
        self._load(numbers | {line.case for line in lines if line.case is not None})
        self._prepare_payers([line for line in free if not self._is_named(line)])

    def _is_named(self, line: StatementLine) -> bool:
        return any(name in self._references for names in self._names[id(line)].values() for name in names)

    def _prepare_payers(self, lines: Sequence[StatementLine]) -> None:
        """Look up who could have sent lines that name no case."""
        keys = {key for line in lines if (key := account_key(line.account))}
        self._paid_on = self.tx.bank_lines.accounts(keys)
        paid_on = {number for cases in self._paid_on.values() for number in cases}
        self._load(paid_on)
        named = self.tx.debtors.by_names({search_key(line.payer) for line in lines if line.payer}, MOST + 1)
        owners = {self.filed[number].case.debt.debtor_id for number in paid_on if number in self.filed}
        self._look_up_open(owners | {debtor for found in named.values() for debtor in found})
        self._named = {name: sorted({self._people[number][0] for number in found}) for name, found in named.items()}

    def _look_up_open(self, debtors: Iterable[int]) -> None:
        people = set(self.tx.debtors.numbers({each for each in debtors if each not in self._people}).values())
        found = self.tx.cases.open_of_debtors({number for numbers in people for number in numbers}, MOST + 1)
        for numbers in people:
            self._people.update(dict.fromkeys(numbers, numbers))
            self._open[numbers[0]] = [case for number in numbers for case in found.get(number, [])]
        self._load(number for numbers in found.values() for number in numbers)

    def _owner(self, case: Case) -> int:
        """The person whose case it is."""
        if case.debt.debtor_id not in self._people:
            self._look_up_open([case.debt.debtor_id])
        return self._people[case.debt.debtor_id][0]

    def _load(self, numbers: Iterable[int]) -> None:
        self.filed.update(self.tx.cases.load_many({number for number in numbers if number not in self.filed}))

    def case(self, number: int) -> Case | None:
        """A case as the lines before have left it."""
        if number in self.decisions:
            return self.decisions[number].case
        if number not in self.filed:
            self._load([number])
        return self.filed[number].case if number in self.filed else None

    def touched(self, case: Case) -> None:
        """A case was changed by a line: it may be open again."""
        self._touched.setdefault(case.debt.debtor_id, set()).add(case.case_id)

    # --- one line -----------------------------------------------------------------------------------------------------

    def find(self, line: StatementLine) -> Found:
        if line.case is not None or line.reference is not None:
            return self._outright(line)
        if line.doubt:
            return Found(None, reason=line.doubt)
        for by, names in self._names[id(line)].items():
            if found := self._named_by(by, names, line.creditor):
                return found
        by_account = self._by_account(line)
        if by_account.case_id is not None:
            return by_account
        by_name = self._by_name(line)
        if by_name.case_id is not None:
            return by_name
        return Found(None, reason=by_account.reason or by_name.reason or later("the line names no case"))

    def _outright(self, line: StatementLine) -> Found:
        """The case that a table names. All that it says of it must be so."""
        number, by = line.case, By.CASE
        if number is None:
            fits = self._with_reference(line.reference or "", line.creditor)
            if len(fits) > 1:
                return Found(None, reason=later("several creditors have this reference"))
            if not fits:
                return Found(None, reason=later("no case has this reference"))
            number, by = fits[0], By.REFERENCE
        case = self.case(number)
        if case is None:
            return Found(None, reason=later("there is no such case"))
        if line.reference not in (None, case.debt.reference):
            return Found(None, reason=later("the case has another reference"))
        if line.creditor not in (None, case.debt.creditor):
            return Found(None, reason=later("the case is of another creditor"))
        return Found(number, by)

    def _with_reference(self, reference: str, creditor: str | None) -> list[int]:
        return [number for number, of in self._references.get(reference, []) if creditor in (None, of)]

    def _named_by(self, by: By, names: Iterable[str], creditor: str | None) -> Found | None:
        """The one case that is named. A name within a longer one that is known too does not count."""
        known = [name for name in names if self._with_reference(name, creditor)]
        known = [name for name in known if not any(name != other and name in other for other in known)]
        cases = {number for name in known for number in self._with_reference(name, creditor)}
        if len(cases) == 1:
            return Found(cases.pop(), by)
        if cases:
            several = len(known) > 1
            return Found(
                None,
                reason=later("the line names several cases")
                if several
                else later("several creditors have this reference"),
            )
        return None

    def _by_account(self, line: StatementLine) -> Found:
        """The only open case of the debtor who paid from this account before, or the only one that is owed so much."""
        key = account_key(line.account)
        if key is None:
            return Found(None)
        numbers = self._paid_on.get(key, set()) | self.accounts.get(key, set())
        owners = {self._owner(case) for number in numbers if (case := self.case(number))}
        if not owners:
            return Found(None)
        if len(owners) > 1:
            return Found(None, reason=later("the account has paid for several debtors"))
        fits = self._open_cases(owners.pop(), line)
        if len(fits) > 1:
            fits = [case for case in fits if line.amount in due_amounts(case, line.on, self.today)]
            if len(fits) != 1:
                return Found(None, reason=later("the payer has several cases"))
        return Found(fits[0].case_id, By.ACCOUNT) if fits else Found(None)

    def _by_name(self, line: StatementLine) -> Found:
        """The only open case that is owed exactly this amount by somebody of this name."""
        debtors = self._named.get(search_key(line.payer), []) if line.payer else []
        if not debtors:
            return Found(None)
        if len(debtors) > MOST:
            return Found(None, reason=later("too many debtors have this name"))
        fits = [
            case
            for debtor in debtors
            for case in self._open_cases(debtor, line)
            if line.amount in due_amounts(case, line.on, self.today)
        ]
        if len(fits) == 1:
            return Found(fits[0].case_id, By.NAME_AMOUNT)
        return Found(
            None,
            reason=later("several cases fit the name and the amount")
            if fits
            else later("the payer's name is known, the amount is not what is due"),
        )

    def _open_cases(self, debtor: int, line: StatementLine) -> list[Case]:
        touched = (self._touched.get(number, set()) for number in self._people[debtor])
        numbers = sorted({*self._open[debtor]}.union(*touched))
        cases = [case for number in numbers if (case := self.case(number)) is not None and not case.outcome]
        fits = [case for case in cases if case.debt.principal.currency == line.amount.currency]
        return fits if len(numbers) <= MOST else []
