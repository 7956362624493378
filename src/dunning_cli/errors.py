"""Every error a user can meet: a class, an exit code for scripts, and a hint that says what to do next.

The text is kept in English with its values apart (`text`, `values`), so that the edge can translate it. `details` are
machine-readable extras for `--json`.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DunningError(Exception):
    """Base of all errors that are reported to the user as one clear message. Never raised itself."""

    exit_code: ClassVar[int] = 1
    hint: str = ""

    def __init__(
        self, text: str, /, *, hint: str | None = None, details: dict[str, Any] | None = None, **values: object
    ) -> None:
        self.text = text
        self.values = values
        self.details = details or {}
        if hint is not None:
            self.hint = hint
        super().__init__(text)

    @property
    def code(self) -> str:
        """The stable word for scripts: the class name without `Error`, in lower_snake_case."""
        name = type(self).__name__.removesuffix("Error")
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


def said(error: Exception) -> str:
    """What an error says where it is listed beside a case: a defect with its kind before it."""
    return str(error) if isinstance(error, DunningError) else f"{type(error).__name__}: {error}"


class UsageError(DunningError):
    """The command line asks for something that cannot be meant: options that exclude each other, say."""

    exit_code = 2
    hint = "See the command's options with --help."


class AmbiguousReferenceError(UsageError):
    """A reference that several creditors use. The answer lists them; say which with CREDITOR/REFERENCE."""

    hint = "Say which one with CREDITOR/REFERENCE, or use the case number."


class AmbiguousFactError(UsageError):
    """A word that fits several facts that hold. The answer lists their numbers; say which."""

    hint = "Name the fact by its number; see them with: dunning show-debtor ID"


class AmbiguousPartyError(UsageError):
    """A role that several parties of a case have. The answer lists them; say which by their number."""

    hint = "Say which one with its number: --party ROLE:PERSON"


class NotFoundError(DunningError):
    """What was named is not in this database."""

    exit_code = 3


class CaseNotFoundError(NotFoundError):
    """No case has this number or reference."""

    hint = "See the cases with: dunning list-cases"


class DebtorNotFoundError(NotFoundError):
    """No debtor has this number or key."""

    hint = "A case shows its debtor's number: dunning show-case CASE"


class PartyNotFoundError(NotFoundError):
    """The person is no party of the case."""

    hint = "See the parties with: dunning show-case CASE. Add one with: dunning add-party CASE --role ROLE --name NAME"


class EntryNotFoundError(NotFoundError):
    """The case has no entry with this number, or no payment with this reference."""

    hint = "See the case's entries with: dunning timeline CASE"


class FactNotFoundError(NotFoundError):
    """The debtor has no fact of this word or number that still holds."""

    hint = "See the facts in force with: dunning show-debtor ID"


class LineNotFoundError(NotFoundError):
    """No line of a statement has this number."""

    hint = "See the lines that wait with: dunning list-unmatched"


class PolicyNotFoundError(NotFoundError):
    """No policy of this name was loaded."""

    hint = "See the loaded policies with: dunning policy list. Load one with: dunning policy load FILE"


class RulePackNotFoundError(NotFoundError):
    """No rule pack of this id was found, neither in your rules folder nor among the shipped ones."""

    hint = "See the packs with: dunning rules list"


class RuleNotFoundError(NotFoundError):
    """No rule pack and no rule has this id."""

    hint = "See the packs with: dunning rules list, and a pack's rules with: dunning rules show PACK"


class RefusedError(DunningError):
    """Something the case's state or the creditor's policy does not allow."""

    exit_code = 4


class MergedDebtorError(RefusedError):
    """The record of a debtor that was merged into another one: nothing is written to it."""

    hint = "Use the number of the record that was kept; undo the merging with: dunning split-debtor ID"


class TakenError(RefusedError):
    """A colleague has taken the debtor from the worklist, and may be calling them now. Names who, and until when."""

    hint = (
        "Take somebody else with: dunning worklist --take. Where they forgot it: dunning worklist --release "
        "--collector NAME"
    )


class StageRefusedError(RefusedError):
    """A move that the stage table does not allow now. Names the guards that failed, and the moves that are open."""

    hint = "See the table of moves with: dunning stages"


class DuplicateError(RefusedError):
    """The same reference again: a case of the same creditor, or a payment on the same case."""


class KeyReusedError(RefusedError):
    """A `--key` that was already used for a different command."""

    hint = "Use a fresh key for a different command; repeat a command with exactly the same arguments."


class UnlawfulError(DunningError):
    """Something that the rules of law do not allow. Names the rules."""

    exit_code = 5
    hint = "See a pack's rules with: dunning rules show PACK"


class ContactRefusedError(UnlawfulError):
    """A contact that the law does not allow now. Names the rules, and when it would be allowed; the refusal is kept."""

    hint = "See why, and when it may be, with: dunning check-contact CASE --channel CHANNEL"


class TextRefusedError(UnlawfulError):
    """A text that holds words which may not be said to a debtor, or lacks something that it must say."""

    hint = "Change the marked words, or add what is missing; docs/conduct.md says how a text is read."


class InputError(DunningError):
    """A value or a file that cannot be read. Names the place and what was expected. Nothing was written."""

    exit_code = 6


class DatabaseError(DunningError):
    """The database cannot be used now."""

    exit_code = 7


class DatabaseMissingError(DatabaseError):
    """There is no database at this place, and this command does not create one."""

    hint = "Create it with: dunning init"


class DatabaseLockedError(DatabaseError):
    """Another program holds the database for longer than the waiting time."""

    hint = "Nothing is half-written. Run the same command again in a moment."


class DatabaseBehindError(DatabaseError):
    """The database was made by an older or a newer version of dunning."""


class DatabaseUnreachableError(DatabaseError):
    """The database server does not answer, or the file cannot be read or written."""


class StatementTimeoutError(DatabaseError):
    """The server ended a statement that took longer than the settings allow or was cancelled, or fell silent."""

    hint = (
        "Nothing is half-written. Run the same command again when the server has less to do, or give it more time: "
        "DUNNING_STATEMENT_TIMEOUT"
    )


class WorkerLostError(DatabaseUnreachableError):
    """A worker of a distributed PostgreSQL cannot be reached. Cases that lie on the others can be worked on."""

    hint = "Nothing is half-written. Run the same command again when the worker is back; the others' cases go on."


class ExtensionMissingError(DatabaseError):
    """The PostgreSQL database lacks the extension that distributes it."""


class RetriesUsedUpError(DatabaseError):
    """Other writers changed the same case each time we tried."""

    hint = "Nothing is half-written. Run the same command again."


class JournalBrokenError(DunningError):
    """The journal, or what is derived from it, does not hold together."""

    exit_code = 8
    hint = "Stop writing, keep a copy of the database file, and compare with your last good backup."


class PartlyFailedError(DunningError):
    """The run ended, but some cases failed; they are listed, and the others are done."""

    exit_code = 9
    hint = "The other cases are done. Mend what is listed and run the same command again."
