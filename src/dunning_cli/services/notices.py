"""Send notices: one to a debtor over all their cases that are due, as far as the law allows it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ..domain import contacts, notices
from ..domain.calendars import Length, end_of
from ..domain.cases import Case, Decision, fold
from ..domain.codec import canonical, decode, encode
from ..domain.debtors import Debtor, DetailKind
from ..domain.entries import Channel, ContactLogged, ContactRefused, Outcome
from ..domain.policies import DunningLevel, Policy, Template
from ..domain.views import Noticed, NoticedCase
from ..errors import RefusedError, UsageError
from ..letters.notices import STATES, notice_text
from ..rules.calendars import calendar_of, working_week
from .compliance import Intended, judge, resolved
from .desk import Desk
from .terms import with_cap

if TYPE_CHECKING:
    from ..domain.compliance.guard import Verdict
    from ..store.cases import Filed
    from ..store.requests import Done
    from ..store.session import Tx

CHANNELS: Final = {Channel.EMAIL: DetailKind.EMAIL, Channel.LETTER: DetailKind.ADDRESS}


def send_notice(
    desk: Desk,
    ref: str | None = None,
    debtor: int | None = None,
    *,
    channel: Channel | None = None,
    dry_run: bool = False,
    language: str = "en",
) -> Noticed:
    """Write the notice for a case, or one for all due cases of a debtor, and note that it was sent.

    The rules about contacts are asked first, as for a planned contact: where they stand against it, the refusal is kept
    and nothing else written. The text is in the debtor's language, or in `language` where that is not known.
    """

    def work(tx: Tx) -> Noticed:
        if not dry_run and (done := desk.done(tx)):
            return _again(tx, done)
        return _Sending(desk, tx, language).send(_due(tx, ref, debtor), channel, dry_run=dry_run)

    if dry_run:
        with desk.store.reading() as tx:
            return work(tx)
    desk.writing()
    return desk.write(work)


def _due(tx: Tx, ref: str | None, debtor: int | None) -> list[tuple[Filed, Policy, DunningLevel]]:
    """The cases whose notice is due, the highest level first."""
    if (ref is None) == (debtor is None):
        raise UsageError("Say whose notice it is: a CASE, or --debtor ID.")
    if ref is not None:
        chosen = [tx.cases.load(tx.cases.find(ref))]
    else:
        chosen = tx.cases.of_debtor(tx.debtors.person(debtor or 0).numbers)
    found = []
    for filed in chosen:
        policy = tx.policies.get(filed.case.policy)
        if level := notices.unsent(filed.case, policy):
            found.append((filed, policy, level))
    if not found and ref is not None:
        raise RefusedError(
            "No notice is due on case {case}.",
            hint="The nightly run says when a level is reached; see what is next with: dunning show-case CASE",
            case=chosen[0].case.case_id,
        )
    if not found:
        raise RefusedError(
            "No notice is due on a case of debtor {debtor}.",
            hint="The nightly run says when a level is reached; see the cases with: dunning show-debtor ID",
            debtor=debtor,
        )
    return sorted(found, key=lambda row: (-row[2].number, row[0].case.case_id))


class _Sending:
    """One notice, from the cases that are due to what is written."""

    def __init__(self, desk: Desk, tx: Tx, language: str) -> None:
        self.desk = desk
        self.tx = tx
        self.language = language

    def send(self, due: list[tuple[Filed, Policy, DunningLevel]], channel: Channel | None, *, dry_run: bool) -> Noticed:
        first, policy, highest = due[0]
        today = self.desk.now.today
        debtor = self.tx.debtors.person(first.case.debt.debtor_id)
        channel = channel or highest.channel
        letter = ContactLogged(
            channel,
            Outcome.SENT,
            purpose=highest.template.purpose,
            to=_address(debtor, channel),
            about=tuple(filed.case.case_id for filed, _, _ in due[1:]),
            states=tuple(map(str, STATES)),
        )
        respond_by = respond_by_of(policy, highest, today)
        decided = [(filed, self._decide(filed, own, letter, first.case.case_id, respond_by)) for filed, own, _ in due]
        noticed = Noticed(
            debtor,
            tuple(_noticed(decision, level) for (_, decision), (_, _, level) in zip(decided, due, strict=True)),
            highest.template,
            channel,
            letter.to or "",
            today,
            respond_by,
            str(debtor.language or self.language),
            dry_run=dry_run,
        )
        noticed = replace(noticed, text=notice_text(noticed))
        verdict = self._judge(first.case, policy, letter, noticed)
        noticed = replace(noticed, verdict=verdict, refused=not verdict.allowed)
        if dry_run:
            return noticed
        if noticed.refused:
            after = self.tx.cases.append(first, self._refuse(first.case, policy, letter, verdict))
            self._remember(noticed, [after])
            return noticed
        self._remember(noticed, [self.tx.cases.append(filed, decision) for filed, decision in decided])
        return noticed

    def _decide(
        self, filed: Filed, policy: Policy, letter: ContactLogged, first: int, respond_by: date | None
    ) -> Decision:
        case = filed.case
        terms = with_cap(self.desk.settings, case, policy)
        contact = letter if case.case_id == first else first
        return notices.send(case, policy, self.desk.now, contact, respond_by, terms=terms)

    def _judge(self, case: Case, policy: Policy, letter: ContactLogged, noticed: Noticed) -> Verdict:
        about = tuple(map(str, letter.about))
        intended = Intended(
            letter.channel,
            to=letter.to,
            purpose=letter.purpose,
            about=about,
            states=letter.states,
            text=noticed.text,
        )
        now = self.desk.now
        meant = resolved(self.tx, case, intended)
        return judge(self.desk.settings, self.tx, case, policy, meant, now.instant, now.today)

    def _refuse(self, case: Case, policy: Policy, letter: ContactLogged, verdict: Verdict) -> Decision:
        rules = tuple(dict.fromkeys(each.rule for each in verdict.findings if each.blocks))
        what = ContactRefused(
            letter.channel,
            letter.party,
            rules,
            verdict.pack,
            letter.purpose,
            verdict.allowed_from,
            about=letter.about,
            to=letter.to,
        )
        return contacts.refuse(case, policy, self.desk.now, what)

    def _remember(self, noticed: Noticed, filed: list[Filed]) -> None:
        """Note under the key what the answer rests on: the text itself is drawn again from the journals."""
        debtor = noticed.debtor
        verdict = noticed.verdict
        rests_on = {
            "records": debtor.records or [(debtor.debtor_id, debtor.seq)],
            "cases": [
                [each.case.case_id, one.case.seq, each.level, each.fee and str(each.fee)]
                for each, one in zip(noticed.cases, filed, strict=False)
            ],
            "template": str(noticed.template),
            "channel": str(noticed.channel),
            "on": noticed.on.isoformat(),
            "respond_by": noticed.respond_by and noticed.respond_by.isoformat(),
            "language": noticed.language,
            "refused": noticed.refused,
            "verdict": encode(verdict) if verdict else None,
        }
        self.desk.note_done(self.tx, "notice", debtor.debtor_id, None, None, canonical(rests_on))


def respond_by_of(policy: Policy, level: DunningLevel, today: date) -> date | None:
    """The last day to respond to a notice that is sent today, in working days where the policy names a calendar."""
    if not level.respond_within_days:
        return None
    week = working_week(policy.working_days) if policy.working_days else None
    return end_of(today, Length(days=level.respond_within_days, skip=week), calendar_of)


def _address(debtor: Debtor, channel: Channel) -> str:
    """Where a notice goes on a channel: the address that was given last."""
    known = debtor.valid(CHANNELS[channel])
    if known:
        return known[-1]
    if channel is Channel.EMAIL:
        raise RefusedError(
            "Debtor {debtor} has no valid e-mail address.",
            hint="Add one with: dunning edit-debtor ID --email E; or send the notice with --channel letter.",
            debtor=debtor.debtor_id,
        )
    raise RefusedError(
        "Debtor {debtor} has no valid address.",
        hint="Add one with: dunning edit-debtor ID --address TEXT; or send the notice with --channel email.",
        debtor=debtor.debtor_id,
    )


def _noticed(decision: Decision, level: DunningLevel) -> NoticedCase:
    sent = next(entry.what for entry in decision.entries if entry.what.kind == "notice_sent")
    return NoticedCase(decision.case, level.number, sent.fee)


def _again(tx: Tx, done: Done) -> Noticed:
    """The answer to a notice that was sent before under the same key."""
    from ..domain.compliance.guard import Verdict
    from ..domain.money import Money

    plain = json.loads(done.answer or "{}")
    debtor = tx.debtors.then([tuple(each) for each in plain["records"]])
    cases = []
    for number, seq, level, fee in plain["cases"]:
        case = fold(number, tx.cases.journal(number, seq))
        currency = case.debt.principal.currency
        cases.append(NoticedCase(case, level, Money.of(fee, currency) if fee else None))
    channel = Channel(plain["channel"])
    noticed = Noticed(
        debtor,
        tuple(cases),
        Template(plain["template"]),
        channel,
        debtor.valid(CHANNELS[channel])[-1],
        date.fromisoformat(plain["on"]),
        date.fromisoformat(plain["respond_by"]) if plain["respond_by"] else None,
        plain["language"],
        verdict=decode(Verdict, plain["verdict"]) if plain["verdict"] else None,
        refused=plain["refused"],
    )
    return replace(noticed, text=notice_text(noticed))
