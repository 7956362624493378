"""Every kind of entry as one sentence, so that a journal reads like a story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ..domain import debtors as d
from ..domain import entries as e
from ..domain.money import Money
from ..domain.policies import NEW_VERSION
from . import masks
from .text import amount, clean, percent_text

if TYPE_CHECKING:
    from ..domain.journal import Entry
    from ..domain.terms import Cap, Terms
    from ..i18n import Translator


def summary(entry: Entry, t: Translator) -> str:
    """What happened, in one sentence that is safe to show."""
    return clean(_SAID[type(entry.what)](entry.what, t))


def party(text: str, t: Translator) -> str:
    """`debtor` is `the debtor`; `third_party:Ann` keeps her name as it is."""
    word, colon, name = text.partition(":")
    return f"{t.word(word, 'party')} {name}" if colon else t.word(word, "party")


def _because(said: str, why: str | None, t: Translator) -> str:
    return t("{what}: {why}", what=said, why=why) if why else said


def _also(parts: list[str], t: Translator) -> str:
    return t("; ").join(part for part in parts if part)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rates(terms: Terms, t: Translator) -> str:
    """`10 % a year from 2024-09-02 (act/365)`; of a rate by law also by which, and from when on it is not known."""
    steps = [
        t("{percent} % a year from {day}", percent=percent_text(step.percent), day=step.after + timedelta(days=1))
        for step in terms.known_steps
    ]
    if terms.known_until:
        steps.append(t("not known from {day}", day=terms.known_until + timedelta(days=1)))
    if not steps:
        return t("no interest")
    rates = t("{rates} ({how})", rates=t(", ").join(steps), how=terms.day_count.value)
    if terms.statute:
        return t("{rates}, by {law}", rates=rates, law=terms.statute.law)
    return _also([rates, cap(terms.cap, t) if terms.cap and (terms.exceeds or terms.cap.percent is None) else ""], t)


def cap(found: Cap, t: Translator) -> str:
    """What the law lets be claimed at the most."""
    if found.percent is None:
        return t("a cap by {law} holds whose rate is not known: nothing is held to it", law=found.law)
    return t(
        "what is above {percent} % a year is not claimed, by {law}", percent=percent_text(found.percent), law=found.law
    )


def _order(terms: Terms | None, t: Translator) -> str:
    """In which order payments count, where the law says it."""
    if terms is None or not terms.ordered_by:
        return ""
    parts = t(", ").join(t(part.value) for part in terms.order)
    return t("payments count toward {parts} ({rule})", parts=parts, rule=terms.ordered_by)


def _opened(what: e.CaseOpened, t: Translator) -> str:
    interest = t("interest {rates}", rates=_rates(what.terms, t)) if what.terms and what.terms.steps else ""
    opened = t(
        "Case opened: {principal} owed to {creditor}, due {due}",
        principal=amount(what.principal),
        creditor=what.creditor,
        due=what.due,
    )
    return _also([opened, interest, _order(what.terms, t)], t)


def _contact(what: e.ContactLogged, t: Translator) -> str:
    template = (
        t("{channel} to {party}: {outcome}")
        if what.direction is e.Direction.OUT
        else t("{channel} from {party}: {outcome}")
    )
    first = template.format(
        channel=_upper(t.word(what.channel, "channel")),
        party=party(what.party, t),
        outcome=t.word(what.outcome, "contact"),
    )
    return _also([first, *_contact_details(what, t)], t)


def _contact_details(what: e.ContactLogged, t: Translator) -> list[str]:
    return [
        t("purpose {purpose}", purpose=t.word(what.purpose, "purpose")) if what.purpose else "",
        t("to {address}", address=masks.contact_address(what.to)) if what.to else "",
        _because(t("reason {reason}", reason=t.word(what.reason, "reason")), what.reason_text, t)
        if what.reason
        else what.reason_text or "",
        _levels(what.willingness, what.ability, t),
        t("{minutes} min", minutes=what.minutes) if what.minutes is not None else "",
        t("cost {cost}", cost=amount(what.cost)) if what.cost else "",
        t("note: {note}", note=what.note) if what.note else "",
        t("about case {cases} too", cases=", ".join(map(str, what.about))) if what.about else "",
        t("made by {who}", who=what.by) if what.by else "",
        t("gone over: {rules} ({why})", rules=", ".join(what.violations), why=t.word(what.override, "override"))
        if what.override
        else t("against the rules: {rules}", rules=", ".join(what.violations))
        if what.violations
        else "",
    ]


def _refused(what: e.ContactRefused, t: Translator) -> str:
    said = t(
        "Not made: {channel} to {party}, against {rules}",
        channel=t.word(what.channel, "channel"),
        party=party(what.party, t),
        rules=", ".join(what.rules),
    )
    opens = t("allowed from {when}", when=what.allowed_from.isoformat(" ", "minutes")) if what.allowed_from else ""
    return _also([said, opens, t("note: {note}", note=what.note) if what.note else ""], t)


def _levels(willingness: e.Level | None, ability: e.Level | None, t: Translator) -> str:
    return t(", ").join(
        said
        for said in (
            t("willingness {level}", level=t.word(willingness, "level")) if willingness else "",
            t("ability {level}", level=t.word(ability, "level")) if ability else "",
        )
        if said
    )


def _assessed(what: e.Assessed, t: Translator) -> str:
    money = ""
    if what.income is not None and what.expenses is not None:
        money = t(
            "income {income} and expenses {expenses} a month",
            income=amount(what.income),
            expenses=amount(what.expenses),
        )
    return _because(t("Assessed"), _also([_levels(what.willingness, what.ability, t), money], t), t)


def _plan_proposed(what: e.PlanProposed, t: Translator) -> str:
    first, last = what.installments[0], what.installments[-1]
    total = Money.total((i.amount for i in what.installments), first.amount.currency)
    if first is last:
        said = t("Plan {number} proposed: {total} on {due}", number=what.number, total=amount(total), due=first.due)
    else:
        said = t(
            "Plan {number} proposed: {total} in {count} installments from {first} to {last}",
            number=what.number,
            total=amount(total),
            count=len(what.installments),
            first=first.due,
            last=last.due,
        )
    settles = t("it settles the whole debt") if what.settles else ""
    inside = t("interest inside") if what.interest_inside else ""
    waived = t("{percent} % of the interest waived when kept", percent=percent_text(what.waives)) if what.waives else ""
    return _also([said, settles, inside, waived, t("expires {day}", day=what.expires)], t)


def _plan_accepted(what: e.PlanAccepted, t: Translator) -> str:
    return t("Plan {number} accepted", number=what.number)


def _plan_declined(what: e.PlanDeclined, t: Translator) -> str:
    return _because(t("Plan {number} declined by the debtor", number=what.number), what.why, t)


def _plan_withdrawn(what: e.PlanWithdrawn, t: Translator) -> str:
    return _because(t("Plan {number} withdrawn by the creditor", number=what.number), what.why, t)


def _plan_expired(what: e.PlanExpired, t: Translator) -> str:
    return t("Plan {number} expired: not answered by {day}", number=what.number, day=what.expires)


def _missed(what: e.InstallmentMissed, t: Translator) -> str:
    values = {"number": what.number, "amount": amount(what.amount), "due": what.due, "paid": amount(what.paid)}
    if what.paid:
        return t("Installment {number} of {amount}, due {due}, missed: only {paid} was paid", **values)
    return t("Installment {number} of {amount}, due {due}, missed: nothing was paid", **values)


def _plan_broken(what: e.PlanBroken, t: Translator) -> str:
    values = {"number": what.number, "missed": t(", ").join(map(str, what.missed))}
    if what.rule == "last_missed":
        return t("Plan {number} broken: its last installment, {missed}, was missed", **values)
    if len(what.missed) == 1:
        return t("Plan {number} broken: installment {missed} missed", **values)
    return t("Plan {number} broken: installments {missed} missed in a row", **values)


def _plan_reinstated(what: e.PlanReinstated, t: Translator) -> str:
    if what.why == "paid_in_time":
        return t("Plan {number} in force again: payments booked later show that it was kept", number=what.number)
    return t("Plan {number} in force again: money that had completed it was taken back", number=what.number)


def _plan_completed(what: e.PlanCompleted, t: Translator) -> str:
    return t("Plan {number} completed; {paid} received in all", number=what.number, paid=amount(what.paid))


def _payment(what: e.PaymentReceived, t: Translator) -> str:
    named = t(", ").join(part for part in (what.reference, what.method) if part)
    return t("Payment of {amount} received ({reference})", amount=amount(what.amount), reference=named)


def _reversed(what: e.PaymentReversed, t: Translator) -> str:
    said = t("Payment {reference} (entry {seq}) reversed", reference=what.reference, seq=what.payment)
    return _because(said, what.why, t)


def _reallocated(what: e.Reallocated, t: Translator) -> str:
    entries = t(", ").join(str(each.payment) for each in what.changes)
    if len(what.changes) == 1:
        return t("The payment of entry {entry} is spread anew, because of entry {seq}", entry=entries, seq=what.because)
    return t(
        "The payments of entries {entries} are spread anew, because of entry {seq}", entries=entries, seq=what.because
    )


def _refunded(what: e.Refunded, t: Translator) -> str:
    said = (
        t("{amount} paid beyond the debt counted toward case {case}", amount=amount(what.amount), case=what.to_case)
        if what.to_case
        else t("{amount} paid beyond the debt refunded", amount=amount(what.amount))
    )
    named = t("{what} ({why})", what=said, why=what.reference) if what.reference else said
    return _because(named, what.why, t)


def _charge_added(what: e.ChargeAdded, t: Translator) -> str:
    said = t("{charge} of {amount} added", charge=_upper(t.word(what.charge, "charge")), amount=amount(what.amount))
    by_law = t("{what}, by {law}", what=said, law=what.law) if what.law else said
    return _because(by_law, what.why or (None if what.law else what.rule), t)


def _terms_changed(what: e.TermsChanged, t: Translator) -> str:
    rates, statute = _rates(what.terms, t), what.terms.statute
    if what.rule == "rate_table" and statute:
        said = t("Interest follows the rate table {table}: {rates}", table=statute.table, rates=rates)
    elif what.rule == "cap" and what.terms.cap:
        said = t("A cap of the law noted: {what}", what=cap(what.terms.cap, t))
    else:
        said = t("Interest changed: {rates}", rates=rates)
    return _because(_also([said, _order(what.terms, t)], t), what.why, t)


def _waived(what: e.ChargeWaived, t: Translator) -> str:
    if what.charge:
        said = t("{amount} of the charge of entry {seq} waived", amount=amount(what.amount), seq=what.charge)
        return _because(said, what.reason, t)
    if what.why == "plan":
        return t("{amount} of interest waived: the plan was kept", amount=amount(what.amount))
    if what.why == "settlement":
        return t("{amount} waived: the debt is settled", amount=amount(what.amount))
    return t("{amount} waived: a remainder this small counts as paid", amount=amount(what.amount))


def _moved(what: e.StageMoved, t: Translator) -> str:
    said = t(
        "Moved from {source} to {target}: {event}",
        source=t.word(what.source, "stage"),
        target=t.word(what.target, "stage"),
        event=t.word(what.event, "moved"),
    )
    return t("{what} ({why})", what=said, why=what.why) if what.why else said


def _notice_due(what: e.NoticeDue, t: Translator) -> str:
    said = t(
        "Level {level} reached: {template} by {channel} is due since {day}",
        level=what.level,
        template=t.word(what.template, "purpose"),
        channel=t.word(what.channel, "channel"),
        day=what.rule_day,
    )
    passed = t(", ").join(map(str, what.passed))
    return _also([said, t("passed over: level {levels}", levels=passed) if passed else ""], t)


def _notice_sent(what: e.NoticeSent, t: Translator) -> str:
    said = t(
        "Notice of level {level} sent: {template} by {channel}",
        level=what.level,
        template=t.word(what.template, "purpose"),
        channel=t.word(what.channel, "channel"),
    )
    return _also(
        [
            said,
            t("to {address}", address=masks.contact_address(what.to)) if what.to else "",
            t("to be answered by {day}", day=what.respond_by) if what.respond_by else "",
            t("fee {fee}", fee=amount(what.fee)) if what.fee else "",
            t("the contact stands in case {case}", case=what.contact_in) if what.contact_in else "",
        ],
        t,
    )


def _escalation_due(what: e.EscalationDue, t: Translator) -> str:
    said = t(
        "Legal action is due: {days} days in {stage} were over on {day}",
        days=what.limit_days,
        stage=t.word(what.stage, "stage"),
        day=what.rule_day,
    )
    if not what.missing:
        return _also([said, t("nothing is missing")], t)
    return _also([said, t("still missing: {guards}", guards=t.words(what.missing, "guard"))], t)


def _held(what: e.Held, t: Translator) -> str:
    said = t("Put on hold: {reason}", reason=t.word(what.reason, "hold"))
    said += t(", until {day}", day=what.until) if what.until else ""
    return _also([said, t("no interest runs meanwhile") if what.freezes else ""], t)


def _released(what: e.Released, t: Translator) -> str:
    reason = t.word(what.reason, "hold")
    if what.until:
        return t("Hold ended ({reason}): {day} was its last day", reason=reason, day=what.until)
    return t("Released from hold ({reason})", reason=reason)


def _closed(what: e.CaseClosed, t: Translator) -> str:
    said = t("Case closed: {outcome}", outcome=t.word(what.outcome, "outcome"))
    return t("{what} ({why})", what=said, why=what.why) if what.why else said


def _reopened(what: e.CaseReopened, t: Translator) -> str:
    return _because(t("Case reopened"), t.word(what.rule, "rule") if what.rule else what.why, t)


def _assigned(what: e.Assigned, t: Translator) -> str:
    return t("Assigned to {collector}", collector=what.collector)


def _policy_changed(what: e.PolicyChanged, t: Translator) -> str:
    if what.scope == NEW_VERSION:
        return t("Policy has a new version: {after}, in place of {before}", before=what.before, after=what.after)
    return t(
        "Policy changed from {before} to {after}, assigned to the {scope}",
        before=what.before,
        after=what.after,
        scope=t.word(what.scope, "scope"),
    )


def _party_added(what: e.PartyAdded, t: Translator) -> str:
    return t("Party added: person {person} as {role}", person=what.person, role=t.word(what.role))


def _party_ended(what: e.PartyEnded, t: Translator) -> str:
    said = t("Party ended: person {person} as {role}", person=what.person, role=t.word(what.role))
    return _because(said, what.why, t)


def _claim_fact(what: e.ClaimFactRecorded, t: Translator) -> str:
    fields = [
        each.value if each.name == "value" else f"{t.word(each.name, 'day')} {each.value}" for each in what.fields
    ]
    return _also([t("Fact of the claim: {fact}", fact=t.word(what.fact, "fact")), *fields], t)


def _deadline_near(what: e.DeadlineNear, t: Translator) -> str:
    said = t(
        "Deadline near: {day}, {means}; {days} days left",
        day=what.day,
        means=what.means_zh if t.lang == "zh" else what.means,
        days=what.days_left,
    )
    after = what.after_rest_days
    return t("{what} ({why})", what=said, why=t("after rest days {day}", day=after)) if after else said


def _noted(what: e.Noted, t: Translator) -> str:
    return t("Note: {text}", text=what.text)


def _voided(what: e.Voided, t: Translator) -> str:
    said = t("Entry {seq} ({kind}) is void", seq=what.seq, kind=t.word(what.voids, "kind"))
    return _because(said, what.why, t)


def _debtor_added(what: d.DebtorAdded, t: Translator) -> str:
    return _also([t("Debtor added: {name}", name=what.name), _language(what.language, t)], t)


def _detail_added(what: d.DetailAdded, t: Translator) -> str:
    shown = masks.detail(what.detail, what.value)
    return t("{detail} added: {value}", detail=_upper(t.word(what.detail)), value=shown)


def _detail_changed(what: d.DetailChanged, t: Translator) -> str:
    name = t("Name changed to {name}", name=what.name) if what.name else ""
    return _upper(_also([name, _language(what.language, t)], t)) or t("Details changed")


def _detail_invalid(what: d.DetailInvalid, t: Translator) -> str:
    return t("{detail} of entry {seq} is no longer valid", detail=_upper(t.word(what.detail)), seq=what.seq)


def _fact_recorded(what: d.FactRecorded, t: Translator) -> str:
    fields = [f"{each.name} {each.value}" for each in what.fields if each.name != "at"]
    said = t("Fact recorded: {fact}", fact=t.word(what.fact, "fact"))
    cases = t("case {cases}", cases=", ".join(map(str, what.cases))) if what.cases else t("all cases")
    return _also([said, cases, *fields], t)


def _fact_ended(what: d.FactEnded, t: Translator) -> str:
    return _because(t("Fact ended: {fact} of entry {seq}", fact=t.word(what.fact, "fact"), seq=what.seq), what.why, t)


def _case_joined(what: d.CaseJoined, t: Translator) -> str:
    return t("Party of case {case} as {role}", case=what.case, role=t.word(what.role))


def _case_left(what: d.CaseLeft, t: Translator) -> str:
    return t("No longer a party of case {case} as {role}", case=what.case, role=t.word(what.role))


def _merged(what: d.Merged, t: Translator) -> str:
    said = (
        t("Merged into debtor {into}", into=what.into)
        if what.into
        else t("Merged into this record: {gone}", gone=t(", ").join(map(str, what.gone)))
    )
    return _because(said, what.why, t)


def _split(what: d.Split, t: Translator) -> str:
    said = (
        t("Split from debtor {into}", into=what.into)
        if what.into
        else t("Split from this record: {gone}", gone=t(", ").join(map(str, what.gone)))
    )
    return _because(said, what.why, t)


def _language(language: d.Language | None, t: Translator) -> str:
    return t("language {language}", language=t.word(language)) if language else ""


_SAID: dict[type, Callable[[Any, Translator], str]] = {
    e.CaseOpened: _opened,
    e.ContactLogged: _contact,
    e.ContactRefused: _refused,
    e.Assessed: _assessed,
    e.PlanProposed: _plan_proposed,
    e.PlanAccepted: _plan_accepted,
    e.PlanDeclined: _plan_declined,
    e.PlanWithdrawn: _plan_withdrawn,
    e.PlanExpired: _plan_expired,
    e.InstallmentMissed: _missed,
    e.PlanBroken: _plan_broken,
    e.PlanReinstated: _plan_reinstated,
    e.PlanCompleted: _plan_completed,
    e.PaymentReceived: _payment,
    e.PaymentReversed: _reversed,
    e.Reallocated: _reallocated,
    e.Refunded: _refunded,
    e.ChargeAdded: _charge_added,
    e.ChargeWaived: _waived,
    e.TermsChanged: _terms_changed,
    e.NoticeDue: _notice_due,
    e.NoticeSent: _notice_sent,
    e.StageMoved: _moved,
    e.EscalationDue: _escalation_due,
    e.Held: _held,
    e.Released: _released,
    e.CaseClosed: _closed,
    e.CaseReopened: _reopened,
    e.Assigned: _assigned,
    e.PolicyChanged: _policy_changed,
    e.PartyAdded: _party_added,
    e.PartyEnded: _party_ended,
    e.ClaimFactRecorded: _claim_fact,
    e.DeadlineNear: _deadline_near,
    e.Noted: _noted,
    e.Voided: _voided,
    d.DebtorAdded: _debtor_added,
    d.DetailAdded: _detail_added,
    d.DetailChanged: _detail_changed,
    d.DetailInvalid: _detail_invalid,
    d.FactRecorded: _fact_recorded,
    d.FactEnded: _fact_ended,
    d.CaseJoined: _case_joined,
    d.CaseLeft: _case_left,
    d.Merged: _merged,
    d.Split: _split,
}
