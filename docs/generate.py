"""The generated parts of the manual, each a function that answers Markdown. `make docs` calls them through cog.

What is printed comes from the program itself: the commands, the stage table, the errors, the settings, the policy's
defaults, the kinds of entry. What a table needs beyond that, such as what a policy key is for, stands here, and a key
without its sentence stops the run.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from hashlib import sha256
from typing import Any, get_args, get_origin, get_type_hints

from dunning_cli import errors as errors_of
from dunning_cli.cli.everywhere import PANEL, Writing, options
from dunning_cli.cli.root import COMMANDS, tree
from dunning_cli.domain import assessments
from dunning_cli.domain.calendars import Length, RestDays
from dunning_cli.domain.cases import _FACTS
from dunning_cli.domain.codec import PRIVATE, canonical, encode, kind_of
from dunning_cli.domain.compliance.rule import ContactRule, Lifting, Which
from dunning_cli.domain.compliance.words import Particular, Said
from dunning_cli.domain.days import Clock
from dunning_cli.domain.debtors import DEBTOR_KINDS
from dunning_cli.domain.entries import CASE_KINDS, Level, Noted
from dunning_cli.domain.given import Condition
from dunning_cli.domain.journal import FORMAT, GENESIS, Entry, Record, digest, seal
from dunning_cli.domain.money import Money
from dunning_cli.domain.policies import plain_defaults
from dunning_cli.domain.rules import Applies, Header, Kind, RateStep, RateTable, Rule, Source, Text
from dunning_cli.domain.worklist import BUCKETS, BY_TABLE, PARTS_OF_DAY, SEGMENT_FACTORS
from dunning_cli.errors import DunningError
from dunning_cli.imports.policies import PolicyFile
from dunning_cli.render import stages as stages_of
from dunning_cli.rules.book import Book
from dunning_cli.rules.kinds import KINDS
from dunning_cli.rules.words import FILE as WORDS
from dunning_cli.services.questions.amount import MEASURES
from dunning_cli.settings import ABOUT

_COLUMNS = 80


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table. A vertical bar inside a cell is escaped."""
    lines = [titles, tuple("---" for _ in titles), *(tuple(cell.replace("|", r"\|") for cell in row) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


def _block(text: str) -> str:
    """A generated block: blank lines keep Markdown apart from the marks around it."""
    return f"\n{text.strip()}\n\n"


# --- commands ---------------------------------------------------------------------------------------------------------


def walk() -> Iterator[tuple[str, Any]]:
    """Every command by its full name (`policy load`), in the order of the help. Groups are not among them."""
    root = tree()
    top = root.context_class(root, info_name="dunning", terminal_width=_COLUMNS)
    for name in COMMANDS:
        command = root.get_command(top, name)
        if not COMMANDS[name].group:
            yield name, command
            continue
        inner = command.context_class(command, info_name=name, parent=top, terminal_width=_COLUMNS)
        for sub in command.list_commands(inner):
            yield f"{name} {sub}", command.get_command(inner, sub)


def _help(name: str, command: Any) -> str:
    """A command's plain help, without the options of everywhere, which stand once in the manual."""
    command.params = [param for param in command.params if param.rich_help_panel != PANEL]
    context = command.context_class(command, info_name=f"dunning {name}", terminal_width=_COLUMNS)
    return str(command.get_help(context))


def _anchor(name: str) -> str:
    return f"dunning-{name.replace(' ', '-')}"


def command_index() -> str:
    """What there is, by panel, each with its line of help."""
    _plain_help()
    parts: list[str] = []
    for panel in dict.fromkeys(entry.panel for entry in COMMANDS.values()):
        rows = [
            (f"[`{name}`](#{_anchor(name)})", str(command.help).partition("\n")[0])
            for name, command in walk()
            if COMMANDS[name.split()[0]].panel == panel
        ]
        parts.append(_table((panel, "what it does"), rows))
    return _block("\n".join(parts))


def commands() -> str:
    """Every command's help."""
    _plain_help()
    parts = []
    for name, command in walk():
        key = "It takes `--key`.\n\n" if isinstance(command, Writing) else ""
        parts.append(f"### dunning {name}\n\n{key}{_fenced(_help(name, command))}")
    return _block("\n".join(parts))


def everywhere() -> str:
    """The options that every command understands."""
    rows = [
        (f"`{option.opts[0]}{' ' + option.metavar if option.metavar else ''}`", str(option.help))
        for option in options(key=True)
    ]
    return _block(_table(("option", "meaning"), rows))


def _plain_help() -> None:
    if sys.modules["typer.core"].HAS_RICH:
        raise SystemExit("run cog under TYPER_USE_RICH=0, so that the manual gets the plain help")


# --- stages -----------------------------------------------------------------------------------------------------------


def drawing() -> str:
    """The picture of the stages."""
    return _block(_fenced(stages_of.drawing()))


def stages() -> str:
    """The table of moves, what satisfies each need, and the diagram."""
    return _block(stages_of.as_markdown())


# --- errors -----------------------------------------------------------------------------------------------------------


def error_classes() -> list[type[DunningError]]:
    """Every class of error that `errors.py` holds, by exit code, a base before those derived from it."""
    found = [value for value in vars(errors_of).values() if isinstance(value, type) and issubclass(value, DunningError)]
    return sorted((cls for cls in found if cls is not DunningError), key=lambda cls: cls.exit_code)


def _words(doc: str | None) -> str:
    return " ".join((doc or "").split())


def errors() -> str:
    """Every error: its exit code, its word in JSON, what it means, what to do."""
    rows = [(str(cls.exit_code), f"`{cls('').code}`", _words(cls.__doc__), cls.hint or "–") for cls in error_classes()]
    return _block(_table(("exit", "code", "meaning", "hint"), rows))


# --- settings ---------------------------------------------------------------------------------------------------------

_FLAGS = {"database": "--db", "actor": "--actor", "language": "--lang"}


def settings() -> str:
    """Every setting."""
    rows = [
        (f"`{name}`", f"`{variable}`", f"`{_FLAGS[name]}`" if name in _FLAGS else "–", meaning, default)
        for name, (variable, default, meaning) in ABOUT.items()
    ]
    return _block(_table(("in the file", "environment", "option", "meaning", "default"), rows))


# --- policies ---------------------------------------------------------------------------------------------------------

POLICY_KEYS: dict[str, str] = {
    "name": "What cases call the policy by (`add-case --policy`). The same name loaded again is its next version.",
    "currency": "The currency of the amounts in the file.",
    "tolerance": "A remainder up to this counts as paid: it is waived, and the case closes as paid.",
    "grace_days": "Days after the due date in which no level of dunning falls due.",
    "working_days": "The country (`CN`, `DE-BY`) whose working days count as time to respond to a notice; empty: all "
    "days count.",
    "dunning.advance": "A case far behind gets the next level (`sequential`), or the highest reached (`most_severe`).",
    "dunning.require_sent": "Whether the next level waits until the notice of the last one was sent.",
    "dunning.count_from": "Day 0: `due`, `day_after_due`, the day the case was `opened`, or that of the `invoice` "
    "(`--incurred`).",
    "dunning.min_gap_days": "Days between two notices at least; two never fall due on one day.",
    "dunning.on_hold": "A hold leaves its days out (`freeze`), starts the levels anew (`clear`), or passes over those "
    "whose day falls in it (`skip_notice`).",
    "dunning.reanchor_after_payment": "Whether a payment starts the levels anew, counted from its day.",
    "dunning.level": "The levels, a table each; see [Dunning levels](dunning-levels.md).",
    "contact.min_attempts": "Outgoing contacts, whatever came of them, before a case may go from contact to legal.",
    "contact.min_demands": "Demands that could arrive (a letter sent, a call answered) before it may.",
    "contact.max_days": "Days in contact after which the nightly run says that escalation is due.",
    "negotiation.proposal_valid_days": "Days that a proposed plan waits for its answer where `--expires` is not given.",
    "negotiation.max_days": "Days in negotiation after which the nightly run says that escalation is due.",
    "plan.max_installments": "The most installments a plan may have; a down payment is not counted.",
    "plan.min_installment": "No installment of a proposed plan may be smaller.",
    "plan.tolerance_days": "Days after its due date on which an installment is still in time.",
    "plan.tolerance_amount": "An installment that is short by up to this counts as paid.",
    "plan.max_missed": "The plan breaks at this many installments missed in a row, or when its last one is missed.",
    "plan.max_renegotiations": "After more broken plans than this no new one may be proposed in negotiation.",
    "plan.on_break": "Where a broken plan takes the case: `negotiation`, or `legal` where the needs of legal are met.",
    "legal.min_balance": "Less than this is not worth legal action.",
    "legal.demand_before_days": "Days that a final demand must be old before legal action.",
    "allocation.order": "What a payment pays first: the parts in their order, or `law` for the order of the rule pack.",
    "allocation.within": "Which installment a payment pays first.",
    "interest.day_count": "How days become years: act/365, act/360, act/act or 30/360.",
    "interest.rounding": "How half a minor unit of interest is rounded: half_even or half_up.",
    "law.collector_role": "Who collects, as rules of law ask: the creditor, somebody for them, who bought the debt.",
    "law.lender": "Who lent: a licensed institution, or anybody else.",
    "deadlines.warn_days": "So many days before a day of law passes the nightly run warns of it; `[]` is never.",
    "legal.auto_escalate": "Whether the nightly run escalates by itself when all needs are met, or only says so.",
    "worklist.weights.balance": "How much the balance weighs, after the chances to recover it and to reach anybody.",
    "worklist.weights.days_overdue": "What 180 days overdue add to that, as a multiple of it; fewer days add less.",
    "worklist.weights.willingness": "What high willingness adds; medium, or none known, adds half of it.",
    "worklist.weights.promise_due": "What a promise or an installment adds that is due; half of it three days before.",
    "worklist.weights.promise_broken": "What a broken plan or promise adds; a missed installment adds half of it.",
    "worklist.weights.limitation_near": "What a day of law adds that passes today; from 90 days before, a part of it.",
    "worklist.contact_cost": "What one contact costs, which is taken off a debtor's worth.",
    "worklist.lease_minutes": "For how long a debtor whom a collector has taken is theirs alone.",
    "per_currency": "Tables with the five amounts in other currencies; see below.",
}


def policy_keys(plain: Mapping[str, Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The keys of a policy file with their defaults: `plan.max_missed`, 2."""
    for key, value in (plain or plain_defaults()).items():
        if isinstance(value, dict):
            yield from policy_keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _allowed(key: str) -> str:
    schema: dict[str, Any] = PolicyFile.model_json_schema()
    properties = schema["properties"]
    *tables, last = key.split(".")
    for table in tables:
        properties = schema["$defs"][properties[table]["$ref"].rpartition("/")[2]]["properties"]
    found = properties[last]
    if key == "allocation.order":
        return 'each of these once, or `"law"`'
    if "$ref" in found:
        found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    if "const" in found:
        return f"`{found['const']}`"
    if "enum" in found:
        return " or ".join(f"`{word}`" for word in found["enum"])
    if found["type"] == "integer":
        return f"{found['minimum']} to {found['maximum']}"
    if found["type"] == "number":
        return f"{found['minimum']:g} to {found['maximum']:g}"
    if found["type"] == "boolean":
        return "`true` or `false`"
    if last == "currency":
        return "an ISO 4217 code"
    if last == "working_days":
        return "a country, or nothing"
    if last == "name":
        return "letters, digits, `_`, `.`, `-`"
    return "tables" if found["type"] == "array" else "an amount in quotes"


def policies() -> str:
    """Every key of a policy: its default, what may stand there, what it is for."""
    rows = []
    for key, value in policy_keys():
        shown = canonical(value) if not isinstance(value, str) else f'"{value}"'
        rows.append((f"`{key}`", f"`{shown}`" if value != [] else "none", _allowed(key), POLICY_KEYS[key]))
    return _block(_table(("key", "default", "allowed", "meaning"), rows))


# --- rules ------------------------------------------------------------------------------------------------------------

RULE_KEYS: dict[str, str] = {
    "Header.id": "What cases call the pack by (`--jurisdiction`); the file is called so too.",
    "Header.version": "Any text; it stands in what is decided under the pack.",
    "Header.title": "What the pack is for, in words.",
    "Header.checked_on": "The day on which somebody last compared the pack with its sources.",
    "Header.extends": "The packs whose rules hold here as well. All apply: the strictest wins.",
    "Header.zone_source": "In whose time hours and days are judged.",
    "Header.zone": "The time zone, where `zone_source` is `fixed`.",
    "Header.required_facts": "Facts without which nothing can be judged.",
    "Header.limitations": "What is known to be missing from the pack, each in words.",
    "Header.applies": "Conditions for the whole pack, as a rule has them.",
    "Header.beyond": "The strength with which contact rules are kept where `applies` does not fit; else they are not.",
    "Rule.id": "The rule's name; unique in the pack and its parents.",
    "Rule.text": "What it says, in one sentence.",
    "Rule.source": "Where it stands.",
    "Rule.strength": "What stands behind it.",
    "Rule.severity": "What a broken rule does.",
    "Rule.applies": "Whom it binds: all conditions must hold.",
    "Rule.from_": "The first day on which it is law.",
    "Rule.until": "The last day on which it is law.",
    "Rule.replaces": "Rules of the parents that it stands in for.",
    "Text.en": "The English text.",
    "Text.zh": "The Chinese text; without it the English one is shown.",
    "Source.title": "The law, or who published it.",
    "Source.article": "The place in it.",
    "Source.url": "Where it can be read.",
    "Source.sure": "How its writer knows it.",
    "Applies.debt_types": "The debt is one of these.",
    "Applies.consumer": "The debtor is a consumer, or is none.",
    "Applies.consumer_credit": "The debt is credit to a consumer, or is not.",
    "Applies.collector_roles": "Who collects is one of these.",
    "Applies.lenders": "Who lent is one of these.",
    "Applies.enforcement": "A judgment is being enforced, or is not.",
    "Applies.overdue_over": "More than so many days have passed since the due date.",
    "MoneyRule.rate": "A rate that the law adds to a late debt.",
    "MoneyRule.cap": "A rate that may not be passed.",
    "MoneyRule.bands": "Flat sums by the size of the debt.",
    "MoneyRule.currency": "The currency of the bands.",
    "MoneyRule.penalty": "When an agreed penalty is excessive.",
    "MoneyRule.daily": "A charge by the day on an unpaid judgment.",
    "MoneyRule.freeze": "What does not grow for a time.",
    "MoneyRule.basis": "How days become years. With none of the keys above, the rule says how the pack counts days.",
    "MoneyRule.both_ends": "Whether the first day counts as the last one does.",
    "MoneyRule.round": "How the amount is rounded.",
    "Rate.percent": "A fixed rate, in percent a year.",
    "Rate.table": "Or the rate table that it is made from.",
    "Rate.multiple": "The table's value times this …",
    "Rate.margin": "… plus this.",
    "Rate.reference": "Whose day's value of the table counts.",
    "Cap.rate": "The cap.",
    "Cap.over_sum_of": "What is added together before it is compared.",
    "Band.below": "Debts below this amount; the last band has none.",
    "Band.add": "The flat sum.",
    "Penalty.over_loss": "More than so many percent above the loss.",
    "Daily.percent": "Percent a day.",
    "Daily.on": "The parts of the judgment that bear it.",
    "Daily.stays_counted": "Whether days of a stay count that the debtor did not ask for.",
    "Freeze.during": "While this lasts.",
    "Freeze.stops": "This does not grow.",
    "Rounded.at": "Once at the end, or for each day.",
    "Rounded.places": "Decimal places.",
    "Rounded.mode": "What happens to the rest.",
    "AllocationRule.order": "The parts of a debt, the one that is paid first in front.",
    "AllocationRule.debts": "Or what decides between several debts, the strongest in front.",
    "AllocationRule.skip_disputed": "Whether a debt in dispute receives nothing.",
    "ContactRule.actions": "The steps that it stands against.",
    "ContactRule.blocks": "The contacts that it stands against; without it, all.",
    "ContactRule.allow_purposes": "What is for these purposes only passes.",
    "ContactRule.allow_parties": "What goes to these parties passes.",
    "ContactRule.except_": "Permissions that lift it.",
    "ContactRule.reply_once": "A message of the person's may be answered once, in its medium, while the stop lasts.",
    "ContactRule.override_reasons": "The reasons that an overridable rule accepts, one at least.",
    "Which.channels": "Through one of these media.",
    "Which.direction": "From us, or to us.",
    "Which.outcomes": "It ended in one of these ways.",
    "Which.not_outcomes": "It did not end so.",
    "Which.parties": "With one of these.",
    "Which.not_parties": "With none of these.",
    "Which.purposes": "For one of these at least.",
    "Which.not_purposes": "Not for these alone.",
    "Which.places": "At one of these places.",
    "Which.hands": "By our own staff, or by an agency.",
    "Lifting.event": "The flag that permits.",
    "Lifting.days": "How many local days it holds at most.",
    "Lifting.first_day_counts": "Whether its own day is the first of them.",
    "Lifting.ends_on": "What ends it before its time.",
    "Lifting.direct": "Whether one given to somebody else (the creditor, an earlier collector) is none.",
    "GateRule.opens": "What shuts the way.",
    "Opening.events": "A flag of one of these events.",
    "Opening.effective": "From which of its instants it counts.",
    "Opening.statuses": "Only with one of these in `status`.",
    "Opening.kinds": "Only with one of these in `kind`.",
    "Opening.stated": "A flag without a status or a kind does not count.",
    "Opening.in_writing": "What is known to be oral does not count (true), or nothing else does (false).",
    "Opening.within": "Only if it came within a period.",
    "Opening.together_with": "Only while a flag of one of these events holds as well.",
    "Within.event": "The period begins with this.",
    "Within.days": "Days after receipt.",
    "Within.receipt_days": "Days after sending until it counts as received.",
    "Within.at_once": "The modes in which it is received at once.",
    "Within.skip": "Weekdays that are not among the days of receipt.",
    "Within.skip_days": "Holidays that are not.",
    "GateRule.closes": "What opens the way again, for the debts or the medium that it names.",
    "GateRule.closes_after": "From which of its instants that counts.",
    "GateRule.lasts": "How long the way is shut at most.",
    "Lasts.days": "Local days.",
    "Lasts.first_day_counts": "Whether the day of the opening is the first of them.",
    "Lasts.after_days": "Only so many days after the opening.",
    "Lasts.from_treatment_end": "Counted from the end of a treatment; until it is known, without end.",
    "GateRule.scope": "What the flag holds for.",
    "GateRule.once": "What is for these purposes passes one time.",
    "HoursRule.allow": "Only inside these.",
    "HoursRule.forbid": "Never inside these.",
    "HoursRule.designated": "Never at the times that flags of these events name.",
    "Window.from_": "From this hour, which is inside.",
    "Window.to": "To this hour, which is outside; before `from`, on the next day.",
    "Window.weekdays": "On these weekdays, by the day on which it begins.",
    "Counting.key": "What contacts must share to be seen together.",
    "Counting.not_misdirected": "Calls to a number that turned out to be somebody else's do not count.",
    "CountRule.most": "So many; one more is too many.",
    "CountRule.window": "Over which time; without it, ever.",
    "Window.days": "The last so many local days, today being one.",
    "Window.week": "Or the calendar week from Monday on.",
    "CountRule.counts": "Which contacts count; without it, all of ours.",
    "CooldownRule.after": "After which contacts; without it, after a conversation.",
    "CooldownRule.days": "Local days of silence.",
    "CooldownRule.first_day_counts": "Whether the day of the contact is the first of them.",
    "SpacingRule.minutes": "Minutes between like contacts.",
    "SpacingRule.after": "After which contacts; without it, after all of ours.",
    "PartyRule.allow": "Who may be contacted.",
    "PartyRule.conditional": "Who may be contacted under conditions; one that is met is enough.",
    "Condition.parties": "Who.",
    "Condition.needs_any": "While a flag of one of these events holds …",
    "Condition.failures": "… or after so many tries in a row to reach the debtor.",
    "Failures.count": "How many.",
    "Failures.outcomes": "What counts as a failure.",
    "Failures.channels": "In which media; without it, in all.",
    "Condition.purposes": "For these purposes only.",
    "Condition.discloses_debt": "Whether the debt may be told.",
    "Condition.stated": "Whether the question has to say that it is not.",
    "ChannelRule.forbidden": "The contacts of `blocks` are forbidden.",
    "ChannelRule.requires": "Or what they need.",
    "Need.fact": "A fact of the contact.",
    "Need.must_be": "What it must be.",
    "Need.least": "Or the least number.",
    "Need.when": "Only where these facts are true.",
    "Need.absent": "What it means that the question does not say it.",
    "ContentRule.when": "Only where these facts are true.",
    "ContentRule.required": "What must be in it.",
    "ContentRule.required_if": "What must be in it where a fact is true.",
    "RequiredIf.said": "The fact.",
    "RequiredIf.fields": "What must be in it then.",
    "ContentRule.forbidden": "What must not be true of it.",
    "ContentRule.phrases": "What its text must not contain, in any case of letters.",
    "WaitRule.starts": "From when on the step is open; one that has come is enough.",
    "Start.event": "After a flag of this event …",
    "Start.contacts": "… or after such a contact.",
    "Start.days": "Local days to wait, its own day being the first.",
    "Start.unless": "It does not count where one of these comes within these days.",
    "WaitRule.needs": "Flags of all of these events must hold.",
    "WaitRule.none_of": "Flags of none of these may.",
    "PlanRule.actions": "The steps that it stands against.",
    "PlanRule.most_months": "How long a plan may run.",
    "PlanRule.fields": "What it must contain.",
    "DeadlineRule.measure": "The question that it answers (`ask.measure`).",
    "DeadlineRule.when": "Conditions on facts: all must hold.",
    "DeadlineRule.choose": "Which day counts where several rules answer the same measure.",
    "DeadlineRule.dates": "The days that it gives, each under a key of the answer.",
    "DeadlineRule.days": "Numbers of days between two keys.",
    "DeadlineRule.roll": "Rest days: a day that falls on one is answered beside the next working day.",
    "DeadlineRule.rolled_as": "The key of that working day; left out, the key with `_after_rest_days`.",
    "Condition.fact": "A fact.",
    "Condition.one_of": "It is one of these texts or truth values; an unknown fact is not.",
    "Condition.none_of": "Or it is none of these; an unknown fact is none.",
    "Condition.known": "Or whether it is known.",
    "Dated.key": "What the answer calls the day.",
    "Dated.latest_of": "It is counted from the latest of these facts, or earlier keys, that are known.",
    "Dated.needs": "All of these must be known.",
    "Dated.later_than": "It arises only from a start after the day of this fact.",
    "Dated.shift": "It is counted from the end of that year.",
    "Dated.add": "Lengths, one after the other.",
    "Dated.first_day_counts": "Whether the first day is part of the period.",
    "Dated.rolls": "Whether `roll` moves it.",
    "Dated.warn": "Whether the nightly run warns of the day before it passes; not on the first day of something.",
    "Dated.means": "What the day is, in words.",
    "Length.years": "Years; they end on the day of the same number, or the month's last …",
    "Length.months": "… and months, likewise …",
    "Length.weeks": "… and weeks …",
    "Length.days": "… and days.",
    "Length.skip": "Rest days, which are not counted.",
    "RestDays.weekdays": "Days of the week that are no working days.",
    "RestDays.holidays": "The country whose public holidays are none, by two letters.",
    "RestDays.region": "A part of it, as the library `holidays` names it.",
    "RestDays.observed": "Whether a holiday on a weekend is kept on the working day beside it.",
    "RestDays.decreed": "Whether the days are decreed year by year; a year without its decree is warned of.",
    "Counted.key": "What the answer calls the number.",
    "Counted.from_": "The key of the first day …",
    "Counted.to": "… and of the last; both are counted.",
    "LimitationRule.measures": "The questions that it answers (`ask.measure`).",
    "LimitationRule.suspension_measure": "The question until when it is suspended.",
    "LimitationRule.when": "Conditions on facts. Of several rules that fit, the one with the most conditions counts.",
    "LimitationRule.start": "From when it runs: the first entry whose facts are known.",
    "LimitationRule.length": "How long it is.",
    "LimitationRule.first_day_counts": "Whether the first day is part of it.",
    "LimitationRule.roll": "Rest days: the last day is answered beside the next working day.",
    "LimitationRule.rolled_as": "The key of that working day; left out, `date_after_rest_days`.",
    "LimitationRule.long_stops": "Limits counted from another day.",
    "LimitationRule.interrupted_by": "Events that start it anew, if they come in time.",
    "LimitationRule.suspended_by": "What suspends it.",
    "LimitationRule.waived_by": "Events after its end that give up the defence.",
    "LimitationRule.ignored": "Events that do nothing; any other unknown event is warned of.",
    "LimitationRule.effect": "What its end does.",
    "Start.latest_of": "It runs from the latest of these facts.",
    "Start.needs": "All of these must be known.",
    "Start.shift": "It runs from the end of that year.",
    "LongStop.length": "How long at most …",
    "LongStop.latest_of": "… from the latest of these facts.",
    "LongStop.absolute": "Whether no event moves it; else it binds only until the first restart.",
    "Interruption.events": "The types of event.",
    "Interruption.day": "The event's words that say on which day it took effect, the first known.",
    "Interruption.or_day": "Words that say it where none of `unless` is known.",
    "Interruption.unless": "Words of an event that came to nothing.",
    "Interruption.restart": "From when the period runs anew.",
    "Interruption.ends": "The event's words, or facts, that say when a proceeding ended.",
    "Suspension.mode": "Its days are not counted; or the period stays open until some time after it.",
    "Suspension.facts": "The fact of its first day …",
    "Suspension.events": "… or the types of event.",
    "Suspension.from_": "The event's words of its first day …",
    "Suspension.until": "… and the event's words, or facts, of its end.",
    "Suspension.plus": "How long it lasts beyond that.",
    "Suspension.at_least": "What is left of the period at least, after it.",
    "Suspension.within": "`held_open` counts only within this last part of the period.",
    "Suspension.at_most": "The longest that it lasts …",
    "Suspension.at_most_from": "… from this fact; left out, from its first day.",
    "RetentionRule.key": "What the answer calls the day.",
    "RetentionRule.records": "Which records it is about (`ask.retention`).",
    "RetentionRule.when": "Conditions on facts.",
    "RetentionRule.after": "Facts, the first known: records are kept from it …",
    "RetentionRule.length": "… so long.",
    "RetentionRule.kept_until": "Or until this fact; with both, until the later.",
    "RetentionRule.since": "Facts that show that there is such a record.",
    "RateTable.id": "What rules call the table by; the file is called so too.",
    "RateTable.title": "What it is, in words.",
    "RateTable.unit": "What its values are in: percent a year.",
    "RateTable.fact": "What questions call a value of it.",
    "RateTable.source": "Who publishes it.",
    "RateTable.checked_on": "The day on which somebody last compared it with its source.",
    "RateTable.known_until": "Up to this day no step is missing; answers beyond it say so.",
    "RateTable.values": "The steps, the oldest first; each holds until the next.",
    "RateStep.from_": "The day from which on the value holds.",
    "RateStep.value": "The value.",
    "RateStep.sure": "How surely it is known, where that differs from the table.",
    "RateStep.note": "What an answer is to say that rests on it.",
}
_ONCE = {Text, Source, Applies, Which, Lifting, Length, RestDays, Condition}  # tables that many keys hold, shown once


def _spelled(name: str) -> str:
    return name.rstrip("_")


def _within(hint: Any) -> tuple[Any, bool]:
    """What a field holds, and whether it holds a list of it."""
    parts = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    if get_origin(hint) is tuple:
        return parts[0], True
    return _within(parts[0]) if parts else (hint, False)


def _value_of(hint: Any) -> str:
    held, many = _within(hint)
    if isinstance(held, type) and issubclass(held, Enum):
        words = ", ".join(f"`{word.value}`" for word in held)
        return f"list of: {words}" if many else f"one of: {words}"
    names: dict[Any, str] = {
        str | bool: "word",
        str: "text",
        int: "whole number",
        bool: "`true` or `false`",
        date: "day",
        time: "hour in quotes",
    }
    name = "table" if is_dataclass(held) else names.get(held, "number in quotes")
    return f"list of {name}s" if many else name


def rule_keys(cls: Any, prefix: str = "", known: set[str] | None = None) -> Iterator[tuple[str, str, str, str]]:
    """The keys of a table in a file of rules: its name, what may stand there, the default, what it is for."""
    hints = get_type_hints(cls)
    parent = ContactRule if issubclass(cls, ContactRule) and cls is not ContactRule else Rule
    head = {field.name for field in fields(parent)} if issubclass(cls, Rule) and cls is not Rule else set()
    for field in fields(cls):
        if field.name in head:
            continue
        name = f"{prefix}{_spelled(field.name)}"
        held, _ = _within(hints[field.name])
        default = "needed" if field.default is MISSING and field.default_factory is MISSING else ""
        if isinstance(field.default, Enum | bool):
            default = f"`{str(field.default).lower()}`"
        elif field.default not in (None, MISSING, (), "") and not is_dataclass(field.default):
            default = f"`{field.default}`" if not isinstance(field.default, tuple) else "all"
        yield f"`{name}`", _value_of(hints[field.name]), default, _meaning(cls, field.name)
        if isinstance(held, type) and is_dataclass(held) and held not in _ONCE:
            yield from rule_keys(held, f"{name}.")


def _meaning(cls: type, name: str) -> str:
    """What a key is for; a kind may inherit it."""
    said = (RULE_KEYS.get(f"{each.__name__}.{name}") for each in cls.__mro__)
    found = next((text for text in said if text), None)
    if found is None:
        raise KeyError(f"{cls.__name__}.{name}")
    return found


def rule_table(what: str) -> str:
    """The keys of one kind of table: a word of `kinds`, or one of `heads`."""
    heads: dict[str, Any] = {
        "pack": Header,
        "rule": Rule,
        "text": Text,
        "source": Source,
        "applies": Applies,
        "condition": Condition,
        "length": Length,
        "rest": RestDays,
        "table": RateTable,
        "contact": ContactRule,
        "which": Which,
        "lifting": Lifting,
    }
    cls = heads.get(what) or KINDS[Kind(what)]
    return _block(_table(("key", "what stands there", "left out", "meaning"), list(rule_keys(cls))))


MEASURE_DOCS: dict[str, tuple[str, str, str]] = {
    # measure: facts, words of ask, what the answer says
    "default_rate": (
        "`on`, `base`",
        "",
        "`consumer`, `business`: the rate of default on a day, as far as the two differ",
    ),
    "statutory_rate": ("`interest_starts` or `on`, `b2b`", "", "`rate`: the statutory rate of a debt"),
    "statutory_minimum_rate": ("`on`, `b2b`", "", "`rate`: the same"),
    "statutory_interest": (
        "`invoice`, `days` or `from_` (or `interest_starts`) and `to_`, `base`, `b2b`",
        "`daily_rounding`: `none` or `pence`",
        "`amount`, `rate`, `days`, `annual`, `daily`; `exact_unrounded_daily` and `with_daily_pence` are the amount "
        "rounded at the end and rounded by the day",
    ),
    "fixed_compensation": ("`invoice`, `b2b`", "", "`amount`, `currency`"),
    "flat_fee": ("`b2b`", "", "`amount`, `currency`"),
    "interest": (
        "`principal`, `rate`, `days` or `from_` and `to_`, `moratorium_days`",
        "`basis`, `both_ends`",
        "`amount`, `days`",
    ),
    "rate_cap_percent": (
        "`private_loan_contract`, `sued`, `lender`, `agreed_rate`",
        "",
        "`cap`, the table's value by its own word, `rate`: what of the agreed rate is left",
    ),
    "enforceable_total_rate": (
        "the same, `interest_rate`, `overdue_rate`, `penalty_rate`, `fees_rate`",
        "",
        "`rate`, `claimed`",
    ),
    "enforceable_interest": (
        "the same, `claimed_total_rate`, `principal`, `days`",
        "`basis`",
        "`amount`, `excess`, `rate`, `days`",
    ),
    "penalty_excessive": ("`loss`, `agreed_penalty`", "", "`threshold`, `excessive`"),
    "doubled_part": (
        "`unpaid_judgment_money`, `default_from`, `paid` or `now`, `payments` (`on`, `amount`), "
        "`stayed_days_not_at_debtors_request`",
        "",
        "`amount`, `days`",
    ),
    "due_on_payment_day": (
        "`judgment_effective`, `pay_within_days`, `principal`, `costs`, `general_interest_daily`, `interest_from`, "
        "`paid`",
        "",
        "`days_before_default`, `days_in_default`, `general_before`, `general_in_default`, `doubled_part`, "
        "`default_interest_total`, `total`",
    ),
}


def measures() -> str:
    """What may be asked about amounts."""
    rows = [(f"`{measure}`", *MEASURE_DOCS[measure]) for measure in MEASURES]
    return _block(_table(("measure", "facts", "ask beside it", "answer"), rows))


def _reach(row: Mapping[str, Any]) -> str:
    """What an event concerns where nothing else is said, and the hold that follows."""
    about = "the debtor" if row.get("of_debtor") else "the case"
    return f"{about}; hold: {row['holds']}" if "holds" in row else about


def words_of(room: str) -> str:
    """The words of questions about contacts: the types of flags, the purposes, the parties."""
    rows = tomllib.loads(WORDS.read_text("utf-8"))[room]
    also = {row["word"]: ", ".join(f"`{name}`" for name in row.get("also", ())) for row in rows}
    match room:
        case "event":
            events = [(f"`{row['word']}`", row["says"], _reach(row), also[row["word"]]) for row in rows]
            return _block(_table(("type", "what it says", "about", "also written"), events))
        case "purpose" | "medium":
            table = [
                (f"`{row['word']}`", ", ".join(f"`{each}`" for each in row["means"]), also[row["word"]]) for row in rows
            ]
            return _block(_table(("word", "means to rules", "also written"), table))
        case _:
            return _block(_table(("word", "also written"), [(f"`{row['word']}`", also[row["word"]]) for row in rows]))


def particulars(which: str) -> str:
    """The closed lists of what a question may say of a contact, and of what a message may have to contain."""
    return _block(", ".join(f"`{each.value}`" for each in {"said": Said, "fields": Particular}[which]))


def packs() -> str:
    """The shipped packs, each with the page that holds its rules."""
    rows = [
        (
            f"[`{pack.id}`](packs/{pack.id}.md)",
            pack.title.en,
            pack.version,
            str(pack.checked_on),
            str(len([rule for rule in pack.rules if pack.origins[rule.id] == pack.id])),
            ", ".join(f"`{name}`" for name in pack.extends),
        )
        for pack in Book().packs()
    ]
    return _block(_table(("pack", "for", "version", "checked on", "rules of its own", "extends"), rows))


def pack_page(name: str) -> str:
    """All that a pack says: of itself, each of its own rules, and the questions by which it is tried."""
    pack = Book().pack(name)
    own = [rule for rule in pack.rules if pack.origins[rule.id] == pack.id]
    parts = [f"`{pack.id}`, version {pack.version}, checked against its sources on {pack.checked_on}.\n"]
    if pack.extends:
        links = ", ".join(f"[`{each}`]({each}.md)" for each in pack.extends)
        parts.append(f"All rules of {links} hold as well; where two speak of the same, the stricter wins.\n")
    zone = f"the time of {pack.zone}" if pack.zone else "every time zone in which the debtor may be"
    parts.append(f"Hours and days are judged in {zone}.\n")
    if pack.required_facts:
        parts.append(f"Nothing is judged without: {', '.join(pack.required_facts)}.\n")
    if pack.limitations:
        parts.append("What is missing:\n\n" + "".join(f"- {text.en}\n" for text in pack.limitations))
    for kind in dict.fromkeys(rule.kind for rule in own):
        rows = [_pack_row(rule) for rule in own if rule.kind is kind]
        heading = ("rule", "what it says", "if it is broken", "strength", "in force", "source", "known")
        parts.append(f"## {str(kind).capitalize()}\n\n{_table(heading, rows)}")
    if pack.tables:
        tables = ", ".join(f"`{name}`" for name in sorted(pack.tables))
        parts.append(f"It reads these [rate tables](../tables.md): {tables}.\n")
    kinds = Counter(example.kind for example in pack.examples)
    counted = ", ".join(f"{count} of kind {kind}" for kind, count in sorted(kinds.items())) or "none"
    parts.append(f"## Tried by\n\nQuestions with their answers: {counted}. `dunning rules test {pack.id}` runs them.\n")
    return _block("\n".join(parts))


def _pack_row(rule: Rule) -> tuple[str, ...]:
    first, last = rule.from_, rule.until
    force = f"{first or '…'} to {last or '…'}" if first or last else ""
    return (
        f"`{rule.id}`",
        rule.text.en,
        str(rule.severity),
        str(rule.strength),
        force,
        _linked(rule.source.url, str(rule.source)),
        str(rule.source.sure),
    )


def _linked(url: str, text: str) -> str:
    return f"[{text}]({url})" if url else text


def rate_tables() -> str:
    """The shipped rate tables, each step with how surely it is known."""
    parts = []
    for table in Book().tables():
        rows = [_step(table, step) for step in reversed(table.values)]
        parts.append(
            f"### {table.title.en}\n\n`{table.id}`, called `{table.fact}` in questions. "
            f"{_linked(table.source.url, str(table.source))}; checked on {table.checked_on}, "
            f"complete up to {table.known_until}.\n\n{_table(('from', 'percent', 'known', 'note'), rows)}"
        )
    return _block("\n".join(parts))


def _step(table: RateTable, step: RateStep) -> tuple[str, str, str, str]:
    return step.from_.isoformat(), str(step.value), str(step.sure or table.source.sure), step.note


# --- assessment -------------------------------------------------------------------------------------------------------


def segments() -> str:
    """The nine segments."""
    rows = [
        (str(willingness), str(ability), f"`{segment}`", advice)
        for (willingness, ability), (segment, advice) in assessments.SEGMENTS.items()
    ]
    return _block(_table(("willingness", "ability", "segment", "advice"), rows))


def abilities() -> str:
    """The rule that turns income and expenses into an ability, found by trying a free income of 100.00 a month."""
    income, expenses = Money.of("600.00", "CNY"), Money.of("500.00", "CNY")
    most: dict[Level, int] = {}
    for months in range(1, 121):
        most[assessments.ability_by_income(income, expenses, Money(months * 100_00, "CNY"))] = months
    high, medium = most[Level.HIGH], most[Level.MEDIUM]
    rows = [
        (f"up to {high} months", "high"),
        (f"up to {medium} months", "medium"),
        (f"more than {medium} months, or nothing is free", "low"),
    ]
    return _block(_table(("free income that would pay the balance", "ability"), rows))


# --- the worklist -----------------------------------------------------------------------------------------------------


def _percent(thousandths: int) -> str:
    return f"{thousandths / 10:g} %"


def chances() -> str:
    """The table of the chances of recovery, by bucket and segment."""
    rows = [
        (f"`{segment}`", *(_percent(BY_TABLE.of(bucket, segment)) for bucket in BUCKETS)) for segment in SEGMENT_FACTORS
    ]
    return _block(_table(("segment", *(f"`{bucket}`" for bucket in BUCKETS)), rows))


def parts_of_day() -> str:
    """What the part of the debtor's day does to the chance of reaching them."""
    starts = [start for start, _, _ in PARTS_OF_DAY] + [24]
    rows = [
        (f"{start:02d}:00–{beyond:02d}:00", name, f"× {factor / 1000:g}")
        for (start, name, factor), beyond in zip(PARTS_OF_DAY, starts[1:], strict=True)
    ]
    return _block(_table(("the debtor's time", "part of the day", "chance"), rows))


# --- the journal ------------------------------------------------------------------------------------------------------


def _shown(hint: Any) -> tuple[str, bool]:
    """A field's type as a reader of JSON sees it, and whether it is private."""
    private = False
    while get_origin(hint) is not None and hasattr(hint, "__metadata__"):
        private = private or PRIVATE in hint.__metadata__
        hint = get_args(hint)[0]
    arguments = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is tuple:
        return f"list of {_shown(arguments[0])[0]}", private
    if arguments:  # optional, or an enum beside a word
        return _shown(arguments[0])[0], private
    names: dict[Any, str] = {
        str | bool: "word",
        str: "text",
        int: "number",
        bool: "true or false",
        date: "day",
        Money: "amount",
    }
    if hint in names:
        return names[hint], private
    return "word" if isinstance(hint, type) and issubclass(hint, Enum) else kind_of(hint), private


def _fields(cls: Any) -> str:
    hints = get_type_hints(cls, include_extras=True)
    said = []
    for name in cls.__struct_fields__:
        what, private = _shown(hints[name])
        said.append(f"`{name}` {what}{' (private)' if private else ''}")
    return ", ".join(said)


def kinds(which: str) -> str:
    """Every kind of entry of a `case` or of a `debtor`, with its fields."""
    known = CASE_KINDS if which == "case" else DEBTOR_KINDS
    rows = []
    for kind, cls in known.items():
        nature = "fact" if issubclass(cls, _FACTS) or which == "debtor" else "decision"
        nature += ", can be voided" if cls.voidable else ""
        rows.append((f"`{kind}`", nature, _fields(cls)))
    return _block(_table(("kind", "is a", "fields"), rows))


def sealed() -> tuple[Entry, Record]:
    """The entry of the worked example. Its salt is fixed, so that its digest is."""
    instant = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
    effective = datetime.fromisoformat("2025-01-06T09:00:00+08:00")
    entry = Entry(1, instant, effective, effective.date(), "li", Clock.SYSTEM, Noted("王芳 prefers letters"))
    record = seal("case 7", entry, GENESIS)
    private = canonical(encode(entry.what, private=True) | {"salt": "00112233445566778899aabbccddeeff"})
    record = record._replace(private=private, private_hash=sha256(private.encode()).hexdigest())
    return entry, record._replace(digest=digest("case 7", record, GENESIS))


def hashed() -> str:
    """The twelve texts of the worked example, what they are joined to, and the digest."""
    _, record = sealed()
    parts = {
        "the digest before it": GENESIS,
        "the subject": "case 7",
        "seq": str(record.seq),
        "recorded_at": record.recorded_at,
        "effective": record.effective,
        "effective_on": record.effective_on,
        "actor": record.actor,
        "clock": record.clock,
        "kind": record.kind,
        "format": str(FORMAT),
        "data": record.data,
        "private_hash": record.private_hash,
    }
    joined = b"".join(b"%d:%b," % (len(text.encode()), text.encode()) for text in parts.values())
    if sha256(joined).hexdigest() != record.digest:
        raise SystemExit("what is hashed has changed: mend docs/generate.py and docs/journal.md")
    rows = [(str(number), what, f"`{text}`") for number, (what, text) in enumerate(parts.items(), 1)]
    return _block(
        f"Its private part is `{record.private}`.\n\n{_table(('', 'text', 'in the example'), rows)}\n"
        f"The bytes that are hashed:\n\n{_fenced(joined.decode())}\nThe digest:\n\n{_fenced(record.digest)}"
    )
