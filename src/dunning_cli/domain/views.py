"""What is shown: a case with its debtor on a day, a timeline, a sweep's answer. Plain data between floors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from .cases import Case
from .debtors import Debtor, Fact, Participation
from .entries import Channel, StageMoved
from .facts import Participant
from .foresight import Differs, Foreseen
from .journal import Entry
from .ledger import Ledger, Line
from .money import Money
from .policies import DunningLevel, Policy, Template
from .review import NextAction
from .stages import Stage

if TYPE_CHECKING:
    from .compliance.effects import Effects
    from .compliance.guard import Verdict
    from .reckoning import Due
    from .retention import Kept
    from .worklist import Chances, Worth
    from .year import Year

Progress = Callable[[int, int], None]  # told how many are done, and of how many


class CaseView(Struct, frozen=True):
    """A case and its debtor, as of a day. `head` is the digest of the last entry that counts here. `facts` are those
    of the debtor that concern the case, `parties` who else has to do with it, `dues` the days of law that `pack` gives,
    where they were asked for. `deadline_on` is the next of them, by the row; `days_known`: it was
    worked out."""

    case: Case
    debtor: Debtor
    as_of: date
    head: str
    next_action: NextAction | None
    facts: tuple[FactView, ...] = ()
    parties: tuple[PartyView, ...] = ()
    dues: tuple[Due, ...] = ()
    pack: str | None = None
    deadline_on: date | None = None
    days_known: bool = True


class PartyView(Struct, frozen=True):
    """A party of a case with what is known of the person, and their own facts that concern the case."""

    party: Participant
    person: Debtor
    facts: tuple[FactView, ...] = ()


class PartyChanged(Struct, frozen=True):
    """A person who became a party of a case, or is one no longer."""

    after: CaseView
    person: Debtor
    entries: tuple[Entry, ...]


class DeadlinesView(Struct, frozen=True):
    """Every day that the rules of a pack give for a case; without a pack there are none."""

    view: CaseView
    pack: str | None
    dues: tuple[Due, ...]


class DueView(Struct, frozen=True):
    """A day of one case in a list over many."""

    view: CaseView
    due: Due
    pack: str


class DeadlinesNear(Struct, frozen=True):
    """The next days over all open cases; `waiting`: more cases have changed than could be worked out for it."""

    rows: tuple[DueView, ...]
    waiting: bool


class RetentionView(Struct, frozen=True):
    """The duties to keep the records of a case, the longest first."""

    view: CaseView
    pack: str | None
    kept: tuple[Kept, ...]

    def over(self, kept: Kept) -> bool:
        """Whether a duty is over. While the case is open more records are made, and none is."""
        return self.view.case.outcome is not None and kept.until is not None and kept.until < self.view.as_of


class StatementView(Struct, frozen=True):
    """The ledger of a case up to the end of a day; `since` is the first day whose lines are shown one by one."""

    view: CaseView
    since: date | None
    until: date
    ledger: Ledger

    @property
    def before(self) -> list[Line]:
        """The lines that make the balance with which the statement begins."""
        return [line for line in self.ledger.lines if self.since and line.on < self.since]

    @property
    def lines(self) -> list[Line]:
        return [line for line in self.ledger.lines if not self.since or line.on >= self.since]


class FactView(Struct, frozen=True):
    """A fact that was recorded of a debtor, and what it does under the rules of a pack; None where none judges it."""

    fact: Fact
    effects: Effects | None
    pack: str | None


class FactLogged(Struct, frozen=True):
    """A fact that was recorded or ended, and the cases that were put on hold or released for it."""

    debtor: Debtor
    case_id: int
    fact: FactView
    ended: bool
    held: tuple[int, ...]
    released: tuple[int, ...]


class PartyIn(Struct, frozen=True):
    """A case of which a person is a party, and how its creditor knows it."""

    what: Participation
    creditor: str
    reference: str | None


class PeopleChanged(Struct, frozen=True):
    """Records that were merged into one person, or split from it: `gone` are those that went into `kept`, or left it.
    `cases` are those of all of them; some were put on hold or released by the facts that concern them now."""

    kept: int
    gone: tuple[int, ...]
    split: bool
    cases: tuple[int, ...]
    held: tuple[int, ...] = ()
    released: tuple[int, ...] = ()


class DebtorView(Struct, frozen=True):
    """A debtor with the cases against them, the facts that hold or will, and the cases of which they are a party."""

    debtor: Debtor
    head: str
    cases: tuple[CaseView, ...]
    facts: tuple[FactView, ...] = ()
    party_in: tuple[PartyIn, ...] = ()


class LeaseView(Struct, frozen=True):
    """Who has taken a debtor from the worklist, and until when."""

    collector: str
    until: datetime


class ContactView(Struct, frozen=True):
    """What the guard says of a contact on a case at an instant; `person` is the number of the party contacted, where it
    is known. `lease`: a colleague has taken the debtor now."""

    view: CaseView
    at: datetime
    verdict: Verdict
    person: int | None = None
    lease: LeaseView | None = None


class NoticedCase(Struct, frozen=True):
    """A case of a notice as it stands once that is sent: its level, and the fee that was charged for it."""

    case: Case
    level: int
    fee: Money | None


class Noticed(Struct, frozen=True):
    """One notice to a debtor over all the cases it is about, the highest level first; with `verdict` where the rules
    were asked. `text` is the letter. Nothing was written where it was refused, but for the refusal, or in a dry run."""

    debtor: Debtor
    cases: tuple[NoticedCase, ...]
    template: Template
    channel: Channel
    to: str
    on: date
    respond_by: date | None
    language: str
    text: str = ""
    verdict: Verdict | None = None
    dry_run: bool = False
    refused: bool = False


class RankedCase(Struct, frozen=True):
    """A case with what a contact about it is worth, and what the rules say of one now: None where no pack judges it.
    `notice` is the level of dunning that was reached and whose notice is still to be sent."""

    view: CaseView
    worth: Worth
    allowed: bool
    verdict: Verdict | None
    notice: DunningLevel | None = None


class WorklistLine(Struct, frozen=True):
    """A debtor on the worklist with their cases, the best first, and what one contact about all of them is worth.

    `allowed_from`: when it may be made, where that is not now; `allowed_until`: when it may be made no longer; both
    are None where only a new fact, or the next day, changes it. `zone` is the one in which they are told.
    """

    debtor: Debtor
    cases: tuple[RankedCase, ...]
    worth: Worth
    allowed: bool
    allowed_from: datetime | None = None
    allowed_until: datetime | None = None
    lease: LeaseView | None = None
    zone: str | None = None


class LearnedView(Struct, frozen=True):
    """The chances of recovery by which the worklist now ranks, and how many cases were ranked anew."""

    chances: Chances
    ranked: int


class TimelineRow(Struct, frozen=True):
    """An entry, the stage in which it left the case, whether it was voided later, and its digest."""

    entry: Entry
    stage: Stage
    voided: bool
    digest: str


class SweepSummary(Struct):
    """What a run of check-overdue did. `entries` counts by kind, `moved` by `from>to`."""

    as_of: date
    reviewed: int = 0
    changed: int = 0
    entries: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    failed: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, entries: list[Entry]) -> None:
        """Add the entries that were decided for one case."""
        self.reviewed += 1
        self.changed += bool(entries)
        for entry in entries:
            self.entries[entry.what.kind] += 1
            if isinstance(entry.what, StageMoved):
                self.moved[f"{entry.what.source}>{entry.what.target}"] += 1

    def fail(self, cases: Iterable[tuple[int, str]]) -> None:
        """Add cases that failed, each with the reason."""
        for number, error in cases:
            self.reviewed += 1
            self.failed.append({"case": number, "error": error})

    def add(self, other: SweepSummary) -> None:
        """Add what came of other cases. One that has failed already, and is met again, counts once."""
        known = {each["case"] for each in self.failed}
        failed = [each for each in other.failed if each["case"] not in known]
        self.reviewed += other.reviewed - (len(other.failed) - len(failed))
        self.changed += other.changed
        self.entries += other.entries
        self.moved += other.moved
        self.failed += failed


class Played(Struct):
    """What a simulated team tried beside what its journals hold: steps that the stage table refused, by event, those
    that were refused otherwise, and its nightly runs."""

    by_stage: Counter[str] = field(default_factory=Counter)
    otherwise: int = 0
    nights: int = 0
    reviewed: int = 0
    changed: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)

    def swept(self, night: SweepSummary) -> None:
        """Add what a nightly run did."""
        self.nights += 1
        self.reviewed += night.reviewed
        self.changed += night.changed
        self.failed += night.failed


class Simulated(Struct, frozen=True):
    """A simulated year: what its journals tell, what was tried besides, one digest over all of them, and whether they
    hold together. `seconds` is how long it took to play."""

    seed: int
    year: Year
    debtors: int
    played: Played
    fingerprint: str
    sound: bool
    seconds: float


class CaseForeseen(Struct, frozen=True):
    """What the runs up to a day would do to a case under a policy, and what is next after that."""

    view: CaseView
    policy: str
    until: date
    days: tuple[Foreseen, ...]
    after: NextAction | None


class Outlook(Struct):
    """What the runs up to a day would do to all cases: `days` by day, over so many cases that were looked at."""

    today: date
    until: date
    cases: int = 0
    days: dict[date, SweepSummary] = field(default_factory=dict)
    failed: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


class PolicyLoaded(Struct, frozen=True):
    """A policy that was loaded: how many open cases follow it, and how many of them it treats otherwise than the
    version before. `differs` are the first of these; of those that `failed` nobody can say. In a dry run nothing was
    written."""

    policy: Policy
    open_cases: int
    act_differently: int
    differs: tuple[Differs, ...]
    failed: tuple[dict[str, Any], ...]
    dry_run: bool


class PaidPart(Struct, frozen=True):
    """What one case received of a payment that was spread over several, and what is owed on it then, in major units.

    `payment_reference` is what the payment is called on the case, None where it received nothing.
    """

    case: int
    reference: str | None
    amount: str
    allocated: dict[str, str]
    unallocated: str
    owed: str
    status: str
    payment_reference: str | None = None


class PaymentSpread(Struct, frozen=True):
    """A payment over several cases of a debtor, by the rule that says in which order; nothing written in a dry run."""

    debtor: int
    on: date
    amount: str
    currency: str
    rule: str
    law: str
    parts: tuple[PaidPart, ...]
    unallocated: str
    dry_run: bool


class AuditReport(Struct):
    """What audit verify found. `clock_set` counts the entries written under a clock that a person set."""

    cases: int = 0
    debtors: int = 0
    entries: int = 0
    clock_set: int = 0
    broken: list[dict[str, Any]] = field(default_factory=list)
    projection_differs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.broken and not self.projection_differs

    def add(self, other: AuditReport) -> None:
        """Add what was found elsewhere in the same database."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class DatabaseStatus(Struct, frozen=True):
    """What kind of database this is, at which version it stands and which is needed, and how much is in it."""

    url: str
    kind: str
    server: str
    revision: str | None
    needed: str
    size: int | None
    cases: int
    debtors: int
    entries: int

    @property
    def ready(self) -> bool:
        return self.revision == self.needed


class PlacedTable(Struct, frozen=True):
    """Where a table of a distributed database lies.

    One that is `distributed` is cut by a column, a `reference` table lies as a whole on every worker, a `local` one on
    the coordinator. `moved` says that it was put there just now.
    """

    table: str
    kind: str
    column: str | None
    moved: bool


class ImportSummary(Struct):
    """What an import read. Of many rejected rows the first are listed, all are counted."""

    read: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: int = 0
    encoding: str = ""
    seconds: float = 0.0


class CasesImported(ImportSummary):
    """Cases that were added, and those that were there already."""

    added: int = 0
    skipped: int = 0


class PaymentsImported(ImportSummary):
    """Lines booked on a case, kept because nobody can say whose they are, known from before, and taken back.

    `left_out` are debits and lines that are no movement yet. Each line read is counted once: matched, unmatched,
    duplicate, reversed, left_out and the rejected rows add up to what was read. `matched_by` counts why a line was
    booked where it was; `matches` lists the first of those that name no case outright.
    """

    matched: int = 0
    unmatched: int = 0
    duplicate: int = 0
    reversed: int = 0
    left_out: int = 0
    matched_by: dict[str, int] = field(default_factory=dict)
    matches: list[dict[str, Any]] = field(default_factory=list)
    balance_check: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)


class Suggestion(Struct, frozen=True):
    """A case that could be meant by a line, and the words that say why."""

    view: CaseView
    reasons: tuple[str, ...]


class WaitingLine(Struct, frozen=True):
    """A line of a statement that waits to be matched, with what it says and what could be meant."""

    number: int
    on: date
    amount: Money
    payment_reference: str | None
    end_to_end: str | None
    said: dict[str, Any]
    reason: str | None
    statement: str | None
    source: str
    place: int | None
    imported_at: str
    suggestions: tuple[Suggestion, ...]
