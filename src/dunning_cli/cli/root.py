"""The tree of commands, each imported when it is asked for, and the one place where errors become messages."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NamedTuple

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError  # Typer's own Click has no public name
from typer.core import TyperGroup

from ..errors import DunningError
from .everywhere import options


class _Lazy(NamedTuple):
    module: str
    panel: str
    help: str
    group: bool = False


_CASES, _CONTACT, _PLAN, _MONEY, _LEGAL, _ADMIN = (
    "Cases",
    "Stage 1: contact",
    "Stage 2: negotiation",
    "Stage 3: monitoring",
    "Stage 4: legal",
    "Administration",
)

# The help lines stand here once more so that `dunning --help` imports no command; a test compares them.
COMMANDS: dict[str, _Lazy] = {
    "add-case": _Lazy("cases", _CASES, "Open a case for an overdue debt."),
    "import-cases": _Lazy("imports", _CASES, "Open a case for every row of a table."),
    "list-cases": _Lazy("cases", _CASES, "List cases, the next action first."),
    "show-case": _Lazy("cases", _CASES, "Show a case, now or as of a day."),
    "timeline": _Lazy("cases", _CASES, "Tell a case as a story: when, who, what, in which stage."),
    "note": _Lazy("casework", _CASES, "Write a note on a case."),
    "assign-case": _Lazy("casework", _CASES, "Give a case to a collector."),
    "hold-case": _Lazy("casework", _CASES, "Put a case on hold."),
    "release-case": _Lazy("casework", _CASES, "End a hold."),
    "close-case": _Lazy("casework", _CASES, "Close a case that is not paid."),
    "reopen-case": _Lazy("casework", _CASES, "Open a closed case again."),
    "void": _Lazy("casework", _CASES, "Cancel an entry that was made by mistake."),
    "show-debtor": _Lazy("debtors", _CASES, "Show a debtor and the cases against them."),
    "edit-debtor": _Lazy("debtors", _CASES, "Add, change or invalidate a debtor's details."),
    "merge-debtors": _Lazy("debtors", _CASES, "Two records are one person: everything counts together."),
    "split-debtor": _Lazy("debtors", _CASES, "A record that was merged is a person of its own after all."),
    "add-party": _Lazy("parties", _CASES, "Add a guarantor, a spouse or another party to a case."),
    "end-party": _Lazy("parties", _CASES, "Somebody is a party of the case no longer."),
    "worklist": _Lazy("worklist", _CONTACT, "Whom to contact next, what that is worth, and why."),
    "check-contact": _Lazy("contacts", _CONTACT, "Ask whether a contact is allowed, and if not, when."),
    "log-contact": _Lazy("contacts", _CONTACT, "Log a contact that took place or was tried."),
    "send-notice": _Lazy("notices", _CONTACT, "Write a notice that is due, and log it as sent."),
    "log-fact": _Lazy("debtor_facts", _CONTACT, "Record what the law cares about: a dispute, a consent."),
    "end-fact": _Lazy("debtor_facts", _CONTACT, "End a fact: it was taken back, or is over."),
    "assess": _Lazy("contacts", _CONTACT, "Record willingness and ability; get a segment and advice."),
    "propose-plan": _Lazy("plans", _PLAN, "Propose a plan, or a promise to pay."),
    "accept-plan": _Lazy("plans", _PLAN, "The debtor agrees to the proposed plan."),
    "decline-plan": _Lazy("plans", _PLAN, "The debtor declines the proposed plan."),
    "withdraw-plan": _Lazy("plans", _PLAN, "Take a proposed plan back."),
    "record-payment": _Lazy("payments", _MONEY, "Book a payment."),
    "spread-payment": _Lazy("payments", _MONEY, "Book one payment over several debts of a debtor."),
    "import-payments": _Lazy("imports", _MONEY, "Book payments from bank statements and tables."),
    "list-unmatched": _Lazy("imports", _MONEY, "List statement lines that wait to be matched."),
    "match-payment": _Lazy("imports", _MONEY, "Book a statement line that waits on a case."),
    "refund": _Lazy("payments", _MONEY, "Give back what was paid beyond the debt."),
    "reverse-payment": _Lazy("payments", _MONEY, "Take a booked payment back."),
    "add-charge": _Lazy("charges", _MONEY, "Add a cost or a fee to what is owed."),
    "waive-charge": _Lazy("charges", _MONEY, "No longer ask for a cost or a fee."),
    "change-interest": _Lazy("charges", _MONEY, "Change the interest that a debt bears."),
    "statement": _Lazy("charges", _MONEY, "Show every line that makes the balance, adding up."),
    "check-overdue": _Lazy("review", _MONEY, "The nightly run: do what is due on every case."),
    "escalate": _Lazy("casework", _LEGAL, "Take a case to legal action."),
    "deadlines": _Lazy("deadlines", _LEGAL, "The days the law gives: of a case, or the next of all."),
    "retention": _Lazy("deadlines", _ADMIN, "What must be kept of a case, and what may be erased."),
    "report": _Lazy("reports", _ADMIN, "Reports over all cases: what is owed, by its age.", group=True),
    "stages": _Lazy("stages", _ADMIN, "Print the four stages and their table of moves."),
    "policy": _Lazy("policies", _ADMIN, "The creditor's strategy: load, show, check, assign.", group=True),
    "rules": _Lazy("rules", _ADMIN, "The rules of law: list, show, ask, test; look over a text.", group=True),
    "audit": _Lazy("audit", _ADMIN, "Verify the journals, and note their heads.", group=True),
    "db": _Lazy("database", _ADMIN, "Upgrade, look at, back up, distribute the database.", group=True),
    "init": _Lazy("init", _ADMIN, "Make the database, and say where it is."),
    "demo": _Lazy("demo", _ADMIN, "Play two cases through all four stages, beside your data."),
}


class Root(TyperGroup):
    """The top of the tree. Commands come from their modules on demand."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if cmd_name not in self.commands:
            module = importlib.import_module(f".{entry.module}", __package__)
            group = typer.main.get_group(module.app)
            if entry.group:
                group.params = [*group.params, *options()]
            for name, found in [(cmd_name, group)] if entry.group else group.commands.items():
                found.name = name
                found.rich_help_panel = COMMANDS[name].panel  # type: ignore[attr-defined]
                found.help = COMMANDS[name].help if entry.group else found.help
                self.commands[name] = found
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except ClickException as error:
            raise _with_suggestion(error, args[0], list(COMMANDS)) from error

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The plain list, by panel, from the table alone."""
        for panel in dict.fromkeys(entry.panel for entry in COMMANDS.values()):
            rows = [(name, entry.help) for name, entry in COMMANDS.items() if entry.panel == panel]
            with formatter.section(panel):
                formatter.write_dl(rows)


def _with_suggestion(error: ClickException, word: str, known: list[str]) -> ClickException:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    if near and "Did you mean" not in error.message:
        error.message = f"{error.message.rstrip('.')}. Did you mean '{near[0]}'?"
    return error


_ABOUT = """Case management for debt collection.

Each case goes through four stages: contact, negotiation, monitoring, legal. Every change is an entry in the case's
journal. 'dunning demo' shows two cases from beginning to end."""


def _version(value: bool) -> None:
    if value:
        from .. import __version__

        typer.echo(f"dunning {__version__}")
        raise typer.Exit


def tree() -> Root:
    """The whole command, fresh."""
    from typer.core import TyperOption

    version = TyperOption(
        param_decls=["--version", "-V", "version"],
        help="Print the version.",
        is_flag=True,
        default=False,
        is_eager=True,
        expose_value=False,
        callback=lambda ctx, param, value: _version(value),
    )
    return Root(
        name="dunning",
        help=_ABOUT,
        params=[version, *options()],
        no_args_is_help=True,
        callback=lambda: None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


# --- errors -----------------------------------------------------------------------------------------------------------


def run(args: Sequence[str]) -> int:
    """Run a command line; every error that a person can meet ends here, as one message and an exit code."""
    try:
        return _run(args)
    except BrokenPipeError:
        return _closed_pipe()


def _run(args: Sequence[str]) -> int:
    try:
        _check_words(args)
        code = tree().main(args=list(args), prog_name="dunning", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except DunningError as error:
        return _report(error, args)
    except ClickException as error:
        return _report_usage(error, args)
    except typer.Abort:
        sys.stderr.write("\n")
        return 130
    except KeyboardInterrupt:
        return 130
    except SystemExit as leaving:
        return _closed_pipe() if leaving.code == 1 else int(leaving.code or 0)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last place where it can be caught
        return _unexpected(error, args)


def _check_words(args: Sequence[str]) -> None:
    """Refuse what no journal can hold and no database can look up: half characters, as a wrong encoding leaves them."""
    if any(not word.isprintable() for word in args):
        from ..domain.codec import check_text

        for word in args:
            check_text(word, "command line")


def _closed_pipe() -> int:
    """Whoever read our output has gone (`| head`): say nothing, here or when Python closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _report(error: DunningError, args: Sequence[str]) -> int:
    sys.stdout.flush()  # what was answered stands before what went wrong
    from ..i18n import Translator
    from ..render.errors import error_picture
    from ..render.screen import Screen
    from .context import language

    if "--json" in args:
        from ..render.answers import dumps, refused_object

        sys.stderr.write(dumps(refused_object(error)) + "\n")
    else:
        t = Translator(language(args))
        Screen(sys.stderr, t).show(error_picture(error, t))
    return error.exit_code


def _report_usage(error: ClickException, args: Sequence[str]) -> int:
    if "--json" in args:
        from ..render.answers import dumps

        answer = {"code": "usage", "message": error.format_message(), "hint": "See the command's --help."}
        sys.stderr.write(dumps({"error": answer}) + "\n")
    elif isinstance(error, NoArgsIsHelpError):  # its message is the help
        sys.stdout.write(error.format_message() + "\n")
    else:
        from ..render.text import clean

        ctx = getattr(error, "ctx", None)
        usage = f"{ctx.get_usage()}\n" if ctx else ""
        hint = f"Hint:  See {ctx.command_path} --help\n" if ctx else ""
        sys.stderr.write(f"{usage}Error: {clean(error.format_message())}\n{hint}")
    return error.exit_code


def _unexpected(error: Exception, args: Sequence[str]) -> int:
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return _closed_pipe()
    from pathlib import Path
    from tempfile import mkdtemp

    from platformdirs import user_log_path

    from ..settings import log_unexpected

    details = "".join(traceback.format_exception(error)).encode(errors="backslashreplace").decode()
    try:
        place = log_unexpected(user_log_path("dunning", appauthor=False), details)
    except OSError:  # no home to write to, as in a bare cron job
        place = log_unexpected(Path(mkdtemp(prefix="dunning-")), details)
    message = f"Something unexpected happened: {type(error).__name__}."
    hint = f"What was written before stays; nothing is half-written. The details are in {place}"
    if "--json" in args:
        from ..render.answers import dumps

        answer = {"code": "unexpected", "message": message, "hint": hint, "log": str(place)}
        sys.stderr.write(dumps({"error": answer}) + "\n")
    else:
        sys.stderr.write(f"Error: {message}\nHint:  {hint}\n")
    return 1
