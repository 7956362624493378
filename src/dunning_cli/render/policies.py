"""Policies: their versions, and one of them as the file that would load it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .pictures import BLANK, Column, Fit, Picture, Stack, Table, line, said, span

if TYPE_CHECKING:
    from ..domain.foresight import Acts
    from ..domain.views import PolicyLoaded
    from ..i18n import Translator


def versions_table(rows: Sequence[Mapping[str, Any]], t: Translator) -> Picture:
    """Every version, the one in force marked."""
    columns = (
        Column(t("Policy"), fit=Fit.CUT, least=12),
        Column(t("Version"), right=True),
        Column(t("In force")),
        Column(t("Loaded")),
        Column(t("By"), fit=Fit.CUT, least=8),
    )
    return Table(
        columns,
        tuple(
            (
                line(row["name"]),
                line(str(row["version"]) if row["version"] else t("built in")),
                line(t("yes") if row["current"] else ""),
                line((row["loaded_at"] or "")[:16].replace("T", " ")),
                line(row["actor"] or ""),
            )
            for row in rows
        ),
    )


def loaded_object(done: PolicyLoaded) -> dict[str, Any]:
    """A policy that was loaded, and what it changes, as scripts read it."""
    policy = done.policy
    return {
        "name": policy.name,
        "version": policy.version,
        "digest": policy.digest,
        "open_cases": done.open_cases,
        "act_differently": done.act_differently,
        "differing": [
            {
                "case": each.case.case_id,
                "reference": each.case.debt.reference,
                "before": _acts_object(each.before),
                "after": _acts_object(each.after),
            }
            for each in done.differs
        ],
        "failed": list(done.failed),
        "dry_run": done.dry_run,
    }


def _acts_object(acts: Acts) -> dict[str, Any]:
    following = acts.following
    return {
        "today": [each.kind for each in acts.today],
        "next_action": following and {"on": following.on.isoformat(), "what": following.what},
    }


def loaded_picture(done: PolicyLoaded, t: Translator) -> Picture:
    """The same for people."""
    label = done.policy.label
    parts: list[Picture] = [
        said(
            t("Policy {label} would be in force; nothing was loaded.", label=label)
            if done.dry_run
            else t("Policy {label} is in force.", label=label)
        )
    ]
    if done.open_cases:
        values = {"count": f"{done.open_cases:,}", "differ": f"{done.act_differently:,}"}
        parts.append(said(t("Open cases that follow it: {count}; treated otherwise than before: {differ}", **values)))
    if done.differs:
        parts += [BLANK, _differing(done, t)]
    if more := done.act_differently - len(done.differs):
        parts.append(said(span(t("and {count} more", count=f"{more:,}"), "faint")))
    return Stack(tuple(parts))


def _differing(done: PolicyLoaded, t: Translator) -> Picture:
    columns = (
        Column(t("Case"), right=True),
        Column(t("Reference"), fit=Fit.CUT, least=8),
        Column(t("So far"), fit=Fit.WRAP, least=20),
        Column(t("From now on"), fit=Fit.WRAP, least=20),
    )
    return Table(
        columns,
        tuple(
            (
                line(str(each.case.case_id)),
                line(each.case.debt.reference or ""),
                line(_acts_text(each.before, t)),
                line(_acts_text(each.after, t)),
            )
            for each in done.differs
        ),
    )


def _acts_text(acts: Acts, t: Translator) -> str:
    """What a run of today would write, and what is next: `today notice due; 2025-03-01 escalation due`."""
    parts = []
    if acts.today:
        kinds = t(", ").join(t.word(each.kind, "kind") for each in acts.today)
        parts.append(t("today {what}", what=kinds))
    if following := acts.following:
        parts.append(f"{following.on} {t.word(following.what, 'next')}")
    return t("; ").join(parts) or "–"


def assigned_object(
    label: str, scope: str, subject: str, touched: int, changed: int, *, dry_run: bool
) -> dict[str, Any]:
    """To whom a policy was assigned, and what it did to the open cases there."""
    return {
        "policy": label,
        "scope": str(scope),
        "subject": subject,
        "touched": touched,
        "changed": changed,
        "dry_run": dry_run,
    }


def assigned(
    label: str, scope: str, subject: str, touched: int, changed: int, t: Translator, *, dry_run: bool
) -> Picture:
    """The same for people."""
    values = {"label": label, "scope": t.word(scope, "scope"), "subject": subject}
    first = (
        t("Policy {label} would hold for {scope} {subject}.", **values)
        if dry_run
        else t("Policy {label} holds for {scope} {subject}.", **values)
    )
    return Stack(
        (said(first), said(t("Open cases there: {touched}; changed: {changed}", touched=touched, changed=changed)))
    )


def assignments_table(rows: Sequence[Mapping[str, Any]], t: Translator) -> Picture:
    """For whom which policy holds."""
    if not rows:
        return said(t("No policy was assigned: cases that name none follow 'default'."))
    columns = (
        Column(t("For")),
        Column(t("Which"), fit=Fit.CUT, least=10),
        Column(t("Policy"), fit=Fit.CUT, least=10),
        Column(t("Since")),
        Column(t("By"), fit=Fit.CUT, least=8),
    )
    return Table(
        columns,
        tuple(
            (
                line(t.word(row["scope"], "scope")),
                line(row["subject"]),
                line(row["policy"]),
                line(row["assigned_at"][:16].replace("T", " ")),
                line(row["actor"]),
            )
            for row in rows
        ),
    )


def policy_file(label: str, plain: Mapping[str, Any]) -> Picture:
    """The policy as TOML: what is printed can be loaded."""
    return Stack(tuple(said(text) for text in [f"# {label}", *_toml(plain)]))


def _toml(plain: Mapping[str, Any]) -> list[str]:
    lines = [f"{key} = {_value(value)}" for key, value in plain.items() if not isinstance(value, dict | list)]
    for name, table in plain.items():
        if isinstance(table, dict):
            rows = {key: value for key, value in table.items() if _is_rows(value)}
            values = {key: value for key, value in table.items() if key not in rows}
            lines += ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in values.items() if value != [])]
            for key, found in rows.items():
                lines += _rows(f"{name}.{key}", found)
    return lines + _rows("per_currency", plain["per_currency"])


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _rows(name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    for row in rows:
        lines += ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in row.items())]
    return lines


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)  # texts, whole numbers and true/false are written alike in TOML
