"""How a command's result is answered: as JSON where that was asked for, as CSV, or as a picture."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from ..domain.entries import ContactRefused
from ..domain.parties import number_of
from ..errors import ContactRefusedError, InputError, JournalBrokenError, PartlyFailedError, UnlawfulError

if TYPE_CHECKING:
    from pathlib import Path

    from ..domain.compliance.guard import Verdict
    from ..domain.entries import PlanProposed
    from ..domain.reports import Ageing
    from ..domain.views import (
        AuditReport,
        CaseForeseen,
        CasesImported,
        CaseView,
        ContactView,
        DatabaseStatus,
        DeadlinesNear,
        DeadlinesView,
        DebtorView,
        FactLogged,
        ImportSummary,
        LearnedView,
        Noticed,
        Outlook,
        PartyChanged,
        PaymentsImported,
        PaymentSpread,
        PeopleChanged,
        PlacedTable,
        PolicyLoaded,
        RetentionView,
        StatementView,
        SweepSummary,
        TimelineRow,
        WaitingLine,
        WorklistLine,
    )
    from ..services.desk import Changed
    from .context import Run


def changed(run: Run, done: Changed) -> None:
    """The case after a change, and the entries that were written."""
    from ..render.changes import changed_object, changed_picture

    view, entries = done.after, done.entries
    run.answer(lambda: changed_object(view, entries), lambda: changed_picture(view, entries, run.t))


def proposed(run: Run, done: Changed) -> None:
    """A change that proposed a plan, with the plan."""
    from ..render.changes import changed_object, proposed_picture

    view, entries = done.after, done.entries
    run.answer(lambda: changed_object(view, entries), lambda: proposed_picture(view, entries, run.t))


def previewed(run: Run, found: tuple[CaseView, PlanProposed]) -> None:
    """A plan as it would be proposed."""
    from ..render.changes import preview_object, preview_picture

    view, plan = found
    run.answer(lambda: preview_object(view, plan), lambda: preview_picture(view, plan, run.t))


def statement(run: Run, found: StatementView, *, csv: bool) -> None:
    """Every line that makes a balance."""
    from ..render.statements import ROW, statement_object, statement_picture, statement_rows

    if csv:
        run.rows(statement_rows(found, run.t), ROW)
    else:
        run.answer(lambda: statement_object(found), lambda: statement_picture(found, run.t))


def checked(run: Run, found: ContactView) -> None:
    """Whether a contact is allowed. The exit code says the same: 5 where it is not."""
    from ..render.contacts import check_object, check_picture

    run.answer(lambda: check_object(found), lambda: check_picture(found, run.t))
    if not found.verdict.allowed:
        raise typer.Exit(UnlawfulError.exit_code)


def contacted(run: Run, done: Changed, verdict: Verdict | None) -> None:
    """A contact that was logged, with the rules that stood against it; or its refusal, with exit 5."""
    from ..render.contacts import logged_object, logged_picture, verdict_object

    refused = next((entry.what for entry in done.entries if isinstance(entry.what, ContactRefused)), None)
    if verdict is None or refused is None:
        after, entries = done.after, done.entries
        run.answer(
            lambda: logged_object(after, entries, verdict), lambda: logged_picture(after, entries, verdict, run.t)
        )
        return
    raise ContactRefusedError(
        "The law does not allow this contact now. It was not logged; that it was refused is on record.",
        details={"case": done.after.case.case_id} | verdict_object(verdict),
        verdict=verdict,
        debtor=number_of(refused.party) or done.after.debtor.debtor_id,
    )


@contextmanager
def new_file(path: Path | None, *, again: bool) -> Generator[Callable[[str], None] | None, None, None]:
    """A way to write a text to a new file, which is made before anything is done, and goes where nothing was written;
    None without a path. A command that is done `again` under its key writes over what it wrote before."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w" if again else "x", encoding="utf-8", newline="\n")
    except FileExistsError as error:
        raise InputError("{path} is there already.", hint="Name a file that does not exist yet.", path=path) from error
    except OSError as error:
        raise InputError("{path} cannot be written: {said}.", path=path, said=error.strerror or error) from error
    written = False

    def write(text: str) -> None:
        nonlocal written
        file.write(text)
        file.flush()
        written = True

    try:
        with file:
            yield write
    finally:
        if not written:
            path.unlink(missing_ok=True)


def noticed(run: Run, done: Noticed, write: Callable[[str], None] | None) -> None:
    """A notice that was sent: its text to a file or to standard output, and what was logged; or its refusal, exit 5."""
    from ..render.contacts import verdict_object
    from ..render.notices import noticed_object, noticed_picture

    if done.refused and done.verdict:
        raise ContactRefusedError(
            "The law does not allow this notice now."
            if done.dry_run
            else "The law does not allow this notice now. It was not sent; that it was refused is on record.",
            details={"case": done.cases[0].case.case_id} | verdict_object(done.verdict),
            verdict=done.verdict,
            debtor=done.debtor.debtor_id,
        )
    if write:
        write(done.text)
    if run.json:
        run.answer(lambda: noticed_object(done), lambda: noticed_picture(done, run.t))
        return
    if not write:
        run.text(done.text)
    run.messages.show(noticed_picture(done, run.t))


def party(run: Run, done: PartyChanged) -> None:
    """A party that was added to a case, or ended."""
    from ..render.parties import changed_party_object, changed_party_picture

    run.answer(lambda: changed_party_object(done), lambda: changed_party_picture(done, run.t))


def people(run: Run, done: PeopleChanged) -> None:
    """Records that were merged into one person, or split from it."""
    from ..render.parties import people_object, people_picture

    run.answer(lambda: people_object(done), lambda: people_picture(done, run.t))


def fact(run: Run, done: FactLogged) -> None:
    """A fact that was recorded or ended."""
    from ..render.debtor_facts import logged_object, logged_picture

    run.answer(lambda: logged_object(done), lambda: logged_picture(done, run.t))


def paid(run: Run, done: Changed) -> None:
    """A payment, and how it was spread."""
    from ..render.changes import changed_picture, payment_object

    after, entries = done.after, done.entries
    run.answer(lambda: payment_object(after, entries), lambda: changed_picture(after, entries, run.t))


def spread(run: Run, done: PaymentSpread) -> None:
    """A payment over several cases, and what each received."""
    from ..render.spreads import spread_object, spread_picture

    run.answer(lambda: spread_object(done), lambda: spread_picture(done, run.t))


def may_move(run: Run, view: CaseView) -> None:
    """A dry run of a move that would be allowed."""
    from ..render.changes import would_picture

    run.answer(
        lambda: {"case": view.case.case_id, "allowed": True, "stage": str(view.case.stage)},
        lambda: would_picture(view, run.t),
    )


def case(run: Run, view: CaseView, *, reveal: bool) -> None:
    from ..render.objects import case_object

    def picture() -> Any:
        from ..render.cases import case_panel

        return case_panel(view, run.t, reveal)

    run.answer(lambda: case_object(view, reveal=reveal), picture)


_LISTED = (
    "case",
    "reference",
    "creditor",
    "debtor",
    "stage",
    "status",
    "outcome",
    "due_date",
    "days_overdue",
    "bucket",
    "currency",
    "total",
    "collector",
    "next_on",
    "next_what",
)


def cases(run: Run, views: Sequence[CaseView], more: bool, *, csv: bool) -> None:
    """A list of cases. What a limit left out is said on standard error."""
    from ..render.objects import case_object

    if csv:
        run.rows([_flat(case_object(view, brief=True)) for view in views], _LISTED)
    else:

        def picture() -> Any:
            from ..render.cases import case_list

            return case_list(views, run.t)

        run.answer(lambda: [case_object(view, brief=True) for view in views], picture)
    if more:
        run.messages.line(run.t("The first {shown} cases; all of them with --limit 0.", shown=len(views)), "faint")


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    following = row["next_action"] or {"on": None, "what": None}
    return row | {
        "debtor": row["debtor"]["name"],
        "total": row["balance"]["total"],
        "next_on": following["on"],
        "next_what": following["what"],
    }


_RANKED = (
    "debtor_id",
    "debtor",
    "case",
    "reference",
    "creditor",
    "stage",
    "collector",
    "currency",
    "balance",
    "days_overdue",
    "worth",
    "reasons",
    "allowed",
    "allowed_from",
    "allowed_until",
    "taken_by",
    "taken_until",
)


def worklist(run: Run, lines: Sequence[WorklistLine], *, cut: bool, csv: bool) -> None:
    """Whom to contact next. That nobody is left, or that there are more, is said on standard error."""
    from ..render.worklist import csv_rows, line_object, worklist_picture

    zone = run.desk.now.zone
    if csv:
        run.rows([row for line in lines for row in csv_rows(line, run.t)], _RANKED)
    else:
        run.answer(lambda: [line_object(line) for line in lines], lambda: worklist_picture(lines, run.t, zone))
    if cut:
        run.messages.line(
            run.t("Only the best cases were looked at; narrow the list with a filter to see others."), "faint"
        )


def taken(run: Run, lines: Sequence[WorklistLine], *, cut: bool) -> None:
    """The debtor who was taken, if any."""
    from ..render.worklist import line_object, taken_picture

    zone = run.desk.now.zone
    run.answer(lambda: [line_object(line) for line in lines], lambda: taken_picture(lines, run.t, zone, cut=cut))


def given_back(run: Run, count: int) -> None:
    """How many debtors were given back."""
    t = run.t
    text = t("1 debtor given back.") if count == 1 else t("{count} debtors given back.", count=count)
    run.answer(lambda: {"released": count}, lambda: run.said(text))


def explained(run: Run, line: WorklistLine) -> None:
    """Why a case stands where it does on the worklist."""
    from ..render.worklist import explained_picture, line_object

    run.answer(lambda: line_object(line), lambda: explained_picture(line, run.t))


def learned(run: Run, found: LearnedView) -> None:
    """The chances of recovery by which the worklist now ranks."""
    from ..render.worklist import learned_object, learned_picture

    run.answer(lambda: learned_object(found), lambda: learned_picture(found, run.t))


def story(run: Run, view: CaseView, rows: list[TimelineRow]) -> None:
    from ..render.objects import timeline_object
    from ..render.timeline import timeline

    run.answer(lambda: timeline_object(rows), lambda: timeline(view, rows, run.t, run.desk.now.zone))


def debtor(run: Run, view: DebtorView, *, reveal: bool) -> None:
    from ..render.debtors import debtor_panel
    from ..render.objects import debtor_object

    run.answer(lambda: debtor_object(view, reveal), lambda: debtor_panel(view, run.t, reveal))


def swept(run: Run, summary: SweepSummary, *, dry_run: bool) -> None:
    """What a run did: a picture for a person, one line for a log. Cases that failed make the exit code 9."""
    from ..render.objects import sweep_object
    from ..render.sweeps import sweep_line, sweep_picture

    def picture() -> Any:
        if run.screen.terminal or dry_run:
            return sweep_picture(summary, run.t, dry_run)
        return run.said(sweep_line(summary, run.t))

    run.answer(lambda: sweep_object(summary), picture)
    _some_failed(summary.failed, summary.reviewed)


def _some_failed(failed: list[dict[str, Any]], reviewed: int) -> None:
    if unknown := [str(one["error"]) for one in failed if one["case"] is None]:
        raise PartlyFailedError(
            "{count} cases failed, and not all were reached: {what}.",
            details={"failed": failed},
            hint="What was reached is done. Run the same command again when the worker is back.",
            count=len(failed) - len(unknown),
            what="; ".join(unknown),
        )
    if failed:
        raise PartlyFailedError(
            "{count} of {reviewed} cases failed: {cases}.",
            details={"failed": failed},
            count=len(failed),
            reviewed=reviewed,
            cases="; ".join(f"{one['case']}: {one['error']}" for one in failed[:20]),
        )


def foreseen(run: Run, found: CaseForeseen) -> None:
    """What the runs to come would do to a case."""
    from ..render.foresight import foreseen_object, foreseen_picture

    run.answer(lambda: foreseen_object(found), lambda: foreseen_picture(found, run.t))


def outlook(run: Run, seen: Outlook) -> None:
    """What the runs to come would do to all cases. Cases that failed make the exit code 9."""
    from ..render.foresight import outlook_object, outlook_picture

    run.answer(lambda: outlook_object(seen), lambda: outlook_picture(seen, run.t))
    _some_failed(seen.failed, seen.cases)


_AGED = ("group", "currency", "bucket", "cases", "balance")


def ageing(run: Run, report: Ageing, *, csv: bool) -> None:
    """What is owed by how long it is overdue."""
    from ..render.reports import ageing_object, ageing_picture

    if csv:
        run.rows(ageing_object(report)["rows"], _AGED)
    else:
        run.answer(lambda: ageing_object(report), lambda: ageing_picture(report, run.t))


def policy_loaded(run: Run, done: PolicyLoaded) -> None:
    """A policy that was loaded, and what it changes. Cases of which nobody can say make the exit code 9."""
    from ..render.policies import loaded_object, loaded_picture

    run.answer(lambda: loaded_object(done), lambda: loaded_picture(done, run.t))
    _some_failed(list(done.failed), done.open_cases)


def audited(run: Run, report: AuditReport) -> None:
    """What was found. Anything broken, or not explained by a journal, makes the exit code 8."""
    from ..render.audit import audit_picture
    from ..render.objects import audit_object

    run.answer(lambda: audit_object(report), lambda: audit_picture(report, run.t))
    if not report.sound:
        raise JournalBrokenError(
            "{broken} places are broken, and {differing} rows are not explained by their journal.",
            broken=len(report.broken),
            differing=len(report.projection_differs),
        )


_DUE = ("case", "reference", "debtor", "day", "days_left", "after_rest_days", "means", "rule", "source", "pack")


def deadlines(run: Run, found: DeadlinesView, *, csv: bool) -> None:
    """The days that the law gives for a case."""
    from ..render.deadlines import case_picture, deadlines_object, due_rows

    if csv:
        run.rows(due_rows(found, run.t), _DUE)
    else:
        run.answer(lambda: deadlines_object(found), lambda: case_picture(found, run.t))


def nearing(run: Run, found: DeadlinesNear, *, csv: bool) -> None:
    """The next days over all cases. What is not in the list yet is said on standard error."""
    from ..render.deadlines import near_object, near_picture, near_rows

    if csv:
        run.rows(near_rows(found, run.t), _DUE)
    else:
        run.answer(lambda: near_object(found), lambda: near_picture(found, run.t))
    if found.waiting:
        run.messages.line(run.t("Many cases have changed: run check-overdue for the whole list."), "faint")


def retained(run: Run, found: RetentionView) -> None:
    """What must be kept of a case."""
    from ..render.deadlines import retention_object, retention_picture

    run.answer(lambda: retention_object(found), lambda: retention_picture(found, run.t))


def database(run: Run, found: DatabaseStatus) -> None:
    from ..render.database import status_object, status_picture

    run.answer(lambda: status_object(found), lambda: status_picture(found, run.t))


def placed(run: Run, tables: list[PlacedTable]) -> None:
    """Where the tables of a distributed database lie."""
    from ..render.database import placed_objects, placed_picture

    run.answer(lambda: placed_objects(tables), lambda: placed_picture(tables, run.t))


def imported(run: Run, summary: CasesImported, *, dry_run: bool) -> None:
    """What an import did. Rows that were left out make the exit code 9."""
    from ..render.imports import cases_picture, import_object

    run.answer(lambda: import_object(summary), lambda: cases_picture(summary, run.t, dry_run))
    _left_out(summary)


def paid_in(run: Run, summary: PaymentsImported, *, dry_run: bool) -> None:
    """What an import of payments did."""
    from ..render.imports import import_object, payments_picture

    run.answer(lambda: import_object(summary), lambda: payments_picture(summary, run.t, dry_run))
    _left_out(summary)


_WAITING = (
    "line",
    "date",
    "amount",
    "currency",
    "payer",
    "account",
    "text",
    "reason",
    "payment_reference",
    "end_to_end",
    "file",
    "place",
    "suggested",
)


def unmatched(run: Run, lines: Sequence[WaitingLine], total: int, *, csv: bool, reveal: bool) -> None:
    """Lines that wait. What a limit left out is said on standard error."""
    from ..render.imports import unmatched_object, unmatched_picture

    if csv:
        rows = [unmatched_object(line, reveal) for line in lines]
        run.rows([row | {"suggested": " ".join(str(s["case"]) for s in row["suggestions"])} for row in rows], _WAITING)
    else:
        run.answer(
            lambda: [unmatched_object(line, reveal) for line in lines],
            lambda: unmatched_picture(lines, run.t, reveal),
        )
    if total > len(lines):
        run.messages.line(
            run.t("{shown} of {total} lines; all of them with --limit 0.", shown=len(lines), total=total), "faint"
        )


def _left_out(summary: ImportSummary) -> None:
    if summary.rejected:
        raise PartlyFailedError(
            "{count} of {read} rows were left out.",
            hint="Mend them and import the file again: what is there is not added twice.",
            count=summary.rejected_rows,
            read=summary.read,
        )
