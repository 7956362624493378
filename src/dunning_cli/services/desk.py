"""The desk at which a command works: the database, the moment, the settings, and how a change is made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec import Struct

from ..domain import cases as case_of
from ..domain.cases import Case, Decision
from ..domain.codec import canonical, check_text
from ..domain.days import Clock, Now, utc_text
from ..domain.debtors import Debtor
from ..domain.journal import Entry
from ..domain.policies import Policy
from ..domain.review import next_action
from ..domain.views import CaseView
from ..errors import DunningError, RefusedError
from ..settings import Settings, statement_seconds

if TYPE_CHECKING:
    from ..store.cases import Filed
    from ..store.requests import Done
    from ..store.session import Store, Tx

T = TypeVar("T")


class Key(Struct, frozen=True):
    """A --key, and the fingerprint of the command that it was given to."""

    key: str
    fingerprint: str


class Changed(Struct, frozen=True):
    """A case before and after a command, and the entries that it wrote. `before` is None for a new case.

    `beside` is what else the command had to answer, in plain values.
    """

    before: CaseView | None
    after: CaseView
    entries: tuple[Entry, ...]
    beside: Mapping[str, Any] | None = None


class Seen(NamedTuple):
    """A case as a command saw it: up to which entry, and under which policy its row was written."""

    case_id: int
    seq: int
    under: str


class Desk:
    """Opens the database when it is first needed."""

    def __init__(
        self, settings: Settings, now: Now, key: Key | None = None, *, create: bool = True, store: Store | None = None
    ) -> None:
        self.settings = settings
        self.now = now
        self.key = key
        self.create = create
        if store:  # that is open already
            self.__dict__["store"] = store

    def at(self, now: Now) -> Desk:
        """The same desk at another moment, or with somebody else at it."""
        return Desk(self.settings, now, create=self.create, store=self.store)

    @cached_property
    def store(self) -> Store:
        from ..store.session import open_store

        seconds = statement_seconds(self.settings)
        return open_store(self.settings.database, create=self.create, statement_seconds=seconds)

    def writing(self) -> None:
        """Check that this run may write: that its clock is trusted, and that the actor's name can be stored."""
        check_text(self.now.actor, "actor")
        if self.now.clock is Clock.SET and self.settings.set_clock == "refuse":
            raise RefusedError(
                "The settings refuse entries under a clock that was set.",
                hint="Leave --now and DUNNING_NOW out, or change set_clock in the settings.",
            )

    def change(self, ref: str, decide: Callable[[Case, Policy, Now], Decision]) -> Changed:
        """Change one case: load it, let `decide` say what follows, and append that in one transaction.

        Under a --key that was used before, nothing is written and the answer of then is given again.
        """
        return self.change_knowing(ref, lambda _, case, policy: decide(case, policy, self.now))

    def change_knowing(
        self,
        ref: str,
        decide: Callable[[Tx, Case, Policy], Decision],
        beside: Callable[[], Mapping[str, Any] | None] | None = None,
    ) -> Changed:
        """As `change`, for a decision that needs more than the case: it may read in the same transaction.

        `beside` gives what else is to be answered; it is asked after the decision, and remembered under a key.
        """
        self.writing()

        def work(tx: Tx) -> Changed:
            case_id = tx.cases.find(ref)
            if done := self.done(tx):
                return self.again(tx, done)
            filed = tx.cases.load(case_id)
            decision = decide(tx, filed.case, tx.policies.get(filed.case.policy))
            after = tx.cases.append(filed, decision)
            return self.changed(tx, filed, after, decision.entries, beside() if beside else None)

        return self.write(work)

    # --- retries under a key ------------------------------------------------------------------------------------------

    def write(self, work: Callable[[Tx], T]) -> T:
        """Do a writer's work, which begins by asking what its key has already done.

        On a server another may use the same key between that question and what the work reads next, and so be the very
        reason why it is refused: then the question is asked again from the start.
        """

        def asked_again(tx: Tx) -> T:
            try:
                return work(tx)
            except DunningError as refused:
                if self.done(tx):
                    raise tx.collision() from refused
                raise

        return self.store.writing(asked_again)

    def done(self, tx: Tx) -> Done | None:
        """What this command's key already did."""
        return tx.requests.find(self.key.key, self.key.fingerprint) if self.key else None

    def done_before(self) -> bool:
        """Whether this command was already done under its key."""
        if self.key is None:
            return False
        with self.store.reading() as tx:
            return self.done(tx) is not None

    def note_done(
        self, tx: Tx, subject: str, number: int | None, before: int | None, after: int | None, answer: str | None = None
    ) -> None:
        """Remember what was done under the key, in the transaction that did it."""
        if self.key:
            from ..store.requests import Done

            done = Done(subject, number, before, after, utc_text(self.now.instant), answer)
            tx.requests.add(self.key.key, self.key.fingerprint, done)

    def again(self, tx: Tx, done: Done) -> Changed:
        """The answer to a command that was done before, drawn from the journals as they stood then."""
        case_id, before_seq, after_seq = done.subject_id or 0, done.before_seq or 0, done.after_seq or 0
        entries = tx.cases.journal(case_id, after_seq)
        seen = json.loads(done.answer or "{}")
        debtor = tx.debtors.then(seen.get("records") or [(entries[0].what.debtor_id, seen["debtor"])])

        def view(seq: int) -> CaseView:
            return self.view_then(tx, Seen(case_id, seq, seen["under"]), debtor, done)

        before = view(before_seq) if before_seq else None
        return Changed(before, view(after_seq), tuple(entries[before_seq:]), seen.get("beside"))

    def view_then(self, tx: Tx, seen: Seen, debtor: Debtor, done: Done) -> CaseView:
        """A case as a command saw it that was done before."""
        records = tx.cases.records(seen.case_id, seen.seq)
        case = case_of.fold(seen.case_id, tx.cases.journal(seen.case_id, seen.seq))
        following = next_action(case, tx.policies.by_digest()[seen.under])
        then = self.now.day_of(datetime.fromisoformat(done.done_at))
        return CaseView(case, debtor, then, records[-1].digest, following)

    # --- views --------------------------------------------------------------------------------------------------------

    def view(self, tx: Tx, filed: Filed) -> CaseView:
        debtor = tx.debtors.person(filed.case.debt.debtor_id)
        return CaseView(filed.case, debtor, self.now.today, filed.head, filed.next_action)

    def changed(
        self,
        tx: Tx,
        before: Filed | None,
        after: Filed,
        entries: list[Entry],
        beside: Mapping[str, Any] | None = None,
    ) -> Changed:
        """What a command did to a case. Under a key it is remembered, with what the answer rests on."""
        done = Changed(self.view(tx, before) if before else None, self.view(tx, after), tuple(entries), beside)
        if self.key:
            debtor = done.after.debtor
            rests_on: dict[str, Any] = {"debtor": debtor.seq, "under": after.reviewed_under}
            if debtor.records:
                rests_on["records"] = debtor.records
            seen = canonical(rests_on | ({"beside": dict(beside)} if beside else {}))
            before_seq = before.case.seq if before else 0
            self.note_done(tx, "case", after.case.case_id, before_seq, after.case.seq, seen)
        return done
