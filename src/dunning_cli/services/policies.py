"""Load, list and show policies; say for whom each holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from ..domain import closures
from ..domain.cases import Decision
from ..domain.days import utc_text
from ..domain.entries import PolicyChanged
from ..domain.foresight import Differs, differs
from ..domain.policies import DEFAULT_NAME, Assigned, Policy, Scope, assigned_to, policy_of
from ..domain.views import PolicyLoaded, Progress
from ..errors import PolicyNotFoundError, said
from .desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from ..domain.cases import Case
    from ..store.cases import Batch, Filed
    from ..store.session import Tx

_BATCH = 1000
LISTED = 20  # cases that a new version treats otherwise are named


class Assignment(NamedTuple):
    """To whom a policy was assigned: `touched` are the open cases there, `changed` those that follow it since. The
    others followed it already, or follow one that is more specific."""

    policy: Policy
    scope: Scope
    subject: str
    touched: int
    changed: int
    dry_run: bool


def check_policy(path: Path) -> dict[str, Any]:
    """The plain values of a policy file, or every mistake in it."""
    from ..imports.policies import read_policy
    from ..rules.calendars import working_week

    plain = read_policy(path)
    working_week(plain["working_days"])
    return plain


def load_policy(desk: Desk, path: Path, *, dry_run: bool = False, progress: Progress | None = None) -> PolicyLoaded:
    """Store a policy file as the next version of its name, and say what that changes for the open cases.

    Whatever is done with a case from then on goes by the new version, and begins with an entry that says so: the next
    nightly run at the latest writes it. Every open case that follows the policy is looked at before. `progress` is told
    how many were looked at, of how many.
    """
    plain = check_policy(path)
    if not dry_run:
        desk.writing()
    found = _look(desk, plain, progress)
    if dry_run:
        return found
    policy = desk.store.writing(lambda tx: tx.policies.add(plain, utc_text(desk.now.instant), desk.now.actor))
    return replace(found, policy=policy, dry_run=False)


def _look(desk: Desk, plain: dict[str, Any], progress: Progress | None) -> PolicyLoaded:
    """What a policy would change for the open cases that follow its name, batch by batch."""
    with desk.store.reading() as tx:
        policy = tx.policies.following(plain)
        try:
            before = policy_of(tx.policies.plain(policy.name), policy.version)
        except PolicyNotFoundError:
            return PolicyLoaded(policy, 0, 0, (), (), True)  # nothing can follow it yet
        total = tx.cases.count_following(policy.name) if progress else 0
    seen = 0
    differing: list[Differs] = []
    count = 0
    failed: list[dict[str, Any]] = []
    beyond: Any = ("", 0)
    while True:
        with desk.store.reading() as tx:
            batch = tx.cases.following(policy.name, beyond, _BATCH)
        failed += [{"case": number, "error": error} for number, error in batch.unreadable]
        for filed in batch.filed:
            try:
                found = differs(filed.case, before, policy, desk.now)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
                failed.append({"case": filed.case.case_id, "error": said(error)})
                continue
            count += found is not None
            if found and len(differing) < LISTED:
                differing.append(found)
        size = batch.size
        seen += size
        if progress:
            progress(seen, total)
        if size < _BATCH:
            return PolicyLoaded(policy, seen, count, tuple(differing), tuple(failed), True)
        beyond = batch.beyond


def list_policies(desk: Desk) -> list[dict[str, Any]]:
    """Every version, and the built-in policy where none of that name was loaded."""
    with desk.store.reading() as tx:
        rows = tx.policies.versions()
        current = tx.policies.current()
        for row in rows:
            row["current"] = current[row["name"]].version == row["version"]
        built_in = [p for p in current.values() if p.version == 0]
        return rows + [
            {"name": p.name, "version": 0, "loaded_at": None, "actor": None, "digest": p.digest, "current": True}
            for p in built_in
        ]


def show_policy(desk: Desk, name: str, version: int | None = None) -> tuple[Policy, dict[str, Any]]:
    """A policy and its plain values, the newest version unless one is named."""
    with desk.store.reading() as tx:
        return tx.policies.get(name, version), tx.policies.plain(name, version)


# --- for whom a policy holds ------------------------------------------------------------------------------------------


def list_assignments(desk: Desk) -> list[dict[str, Any]]:
    """Every assignment, who made it and when."""
    with desk.store.reading() as tx:
        return tx.policies.assignments()


def policy_of_new(tx: Tx, debtor_id: int, portfolio: str | None, creditor: str) -> str:
    """The name of the policy that a new case follows which names none."""
    assigned = tx.policies.assigned()
    if not assigned:
        return DEFAULT_NAME
    return assigned_to(assigned, tx.debtors.numbers([debtor_id])[debtor_id], portfolio, creditor)


def policies_of_rows(tx: Tx) -> Callable[[str | None, str | None, str], str]:
    """The same for the rows of an import: (the creditor's key of the debtor, portfolio, creditor) to a name."""
    assigned = tx.policies.assigned()
    people = tx.debtors.numbers(int(subject) for scope, subject in assigned if scope is Scope.DEBTOR)
    known = tx.debtors.refs_of({number for numbers in people.values() for number in numbers})
    person = {number: numbers for numbers in people.values() for number in numbers}

    def policy_of(debtor_ref: str | None, portfolio: str | None, creditor: str) -> str:
        debtor = known.get((debtor_ref, creditor)) if debtor_ref else None
        return assigned_to(assigned, person[debtor] if debtor is not None else (), portfolio, creditor)

    return policy_of


def assign_policy(desk: Desk, name: str, scope: Scope, subject: str, *, dry_run: bool = False) -> Assignment:
    """Let a policy hold for a creditor, a portfolio or a debtor, or for one case.

    New cases that name no policy follow the most specific one. Open cases that followed what was assigned before follow
    it at once, each with an entry; those that follow another policy keep it. Batch by batch: a run that is killed is
    taken up by the same command.
    """
    if not dry_run:
        desk.writing()
    if scope is Scope.CASE:
        return _assign_case(desk, name, subject, dry_run=dry_run)
    with desk.store.reading() as tx:
        policy = tx.policies.get(name)
        subject, subjects = _subjects(tx, scope, subject)
        before = tx.policies.assigned()
    changing = _Changing(desk, policy, scope, before, {**before, (scope, subject): name})
    touched = changed = after = 0
    while True:
        read = partial(_read, scope=scope, subjects=subjects, after=after)
        last, here, moved = changing.batch(read, dry_run=dry_run)
        touched, changed = touched + here, changed + moved
        if here < _BATCH:
            break
        after = last
    if not dry_run:
        at = utc_text(desk.now.instant)
        desk.store.writing(lambda tx: tx.policies.assign(scope, subject, name, at, desk.now.actor))
    return Assignment(policy, scope, subject, touched, changed, dry_run)


def _read(tx: Tx, *, scope: Scope, subjects: list[Any], after: int) -> Batch:
    return tx.cases.open_in(scope, subjects, after, _BATCH)


def _subjects(tx: Tx, scope: Scope, subject: str) -> tuple[str, list[Any]]:
    """What the assignment is kept under, and what the cases that it concerns hold."""
    if scope is not Scope.DEBTOR:
        return subject, [subject]
    person = tx.debtors.person(int(subject))
    return str(person.debtor_id), list(person.numbers)


def _assign_case(desk: Desk, name: str, ref: str, *, dry_run: bool) -> Assignment:
    def work(tx: Tx) -> Assignment:
        policy = tx.policies.get(name)
        filed = tx.cases.load(tx.cases.find(ref))
        closures.refuse_if_closed(filed.case, "another policy")
        changes = filed.case.policy != name
        if changes and not dry_run:
            tx.cases.append(filed, _changed(desk, tx, filed.case, policy, Scope.CASE))
        return Assignment(policy, Scope.CASE, str(filed.case.case_id), 1, int(changes), dry_run)

    if dry_run:
        with desk.store.reading() as tx:
            return work(tx)
    return desk.store.writing(work)


def _changed(desk: Desk, tx: Tx, case: Case, policy: Policy, scope: Scope) -> Decision:
    if case.version is not None:
        before = f"{case.policy}@{case.version}"
    else:
        try:
            before = tx.policies.get(case.policy).label
        except PolicyNotFoundError:
            before = case.policy
    decision = Decision(case, policy, desk.now)
    decision.add(PolicyChanged(before, policy.label, str(scope)))
    return decision


class _Changing:
    """Cases that follow another policy since it was assigned to their creditor, portfolio or debtor."""

    def __init__(self, desk: Desk, policy: Policy, scope: Scope, before: Assigned, after: Assigned) -> None:
        self.desk = desk
        self.policy = policy
        self.scope = scope
        self.before = before
        self.after = after

    def batch(self, read: Callable[[Tx], Batch], *, dry_run: bool) -> tuple[int, int, int]:
        """One batch in one transaction: its last case, how many it has, and how many of them changed."""

        def work(tx: Tx) -> tuple[int, int, int]:
            found = read(tx).filed
            concerned = self._concerned(tx, found)
            if not dry_run:
                decided = [(filed, _changed(self.desk, tx, filed.case, self.policy, self.scope)) for filed in concerned]
                if len(tx.cases.append_many(decided)) < len(decided):
                    raise tx.collision()
            return found[-1].case.case_id if found else 0, len(found), len(concerned)

        if dry_run:
            with self.desk.store.reading() as tx:
                return work(tx)
        return self.desk.store.writing(work)

    def _concerned(self, tx: Tx, found: Iterable[Filed]) -> list[Filed]:
        """Those that followed what was assigned before, and not yet what is assigned now."""
        found = list(found)
        people = tx.debtors.numbers(filed.case.debt.debtor_id for filed in found)
        concerned = []
        for filed in found:
            debt = filed.case.debt
            whose = (people[debt.debtor_id], debt.portfolio, debt.creditor)
            was, now = assigned_to(self.before, *whose), assigned_to(self.after, *whose)
            if filed.case.policy == was != now:
                concerned.append(filed)
        return concerned
