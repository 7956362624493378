"""The shapes of JSON answers that scripts rely on.

A shape is a type, a pattern for a text, a word or None, a dict of the keys that must be there, a list with the shape of
its items, or a tuple of shapes of which one fits. Keys beyond those promised are welcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MONEY = re.compile(r"-?\d+\.\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DIGEST = re.compile(r"[0-9a-f]{64}")
BUCKET = re.compile(r"current|M[1-6]|M7\+")

STAGE = ("contact", "negotiation", "monitoring", "legal")
_AMOUNTS = [{"currency": str, "amount": MONEY}]
YEAR = {
    "seed": int,
    "first": DAY,
    "last": DAY,
    "cases": int,
    "debtors": int,
    "entries": int,
    "months": [
        {
            "month": re.compile(r"2025-\d\d"),
            "opened": int,
            "stages": dict.fromkeys((*STAGE, "closed"), int),
            "outcomes": dict,
            "recovered": _AMOUNTS,
            "contacts": int,
            "refused": int,
            "plans": {"agreed": int, "kept": int, "broken": int},
        }
    ],
    "currencies": [
        {
            "currency": str,
            "cases": int,
            "principal": MONEY,
            "recovered": MONEY,
            "share": str,
            "owed": MONEY,
            "contacts": int,
            "cost": MONEY,
            "per_contact": (MONEY, None),
            "cost_of_100": (MONEY, None),
        }
    ],
    "ageing": [{"bucket": BUCKET, "cases": int, "owed": _AMOUNTS}],
    "outcomes": dict,
    "refused": {"by_law": int, "by_stage": dict, "otherwise": int},
    "nights": {"runs": int, "reviewed": int, "changed": int, "failed": list},
    "sound": bool,
    "fingerprint": DIGEST,
    "kept": (str, None),
}
BALANCE = dict.fromkeys(("costs", "fees", "interest", "principal", "total", "unallocated"), MONEY)
DEBTOR = {
    "id": int,
    "name": str,
    "phones": [str],
    "emails": [str],
    "addresses": [str],
    "id_numbers": [str],
    "timezones": [str],
    "language": ("en", "zh", None),
}
LISTED = {
    "case": int,
    "reference": (str, None),
    "creditor": str,
    "portfolio": (str, None),
    "collector": (str, None),
    "debtor": DEBTOR,
    "jurisdiction": str,
    "debt_type": (str, None),
    "consumer": (bool, None),
    "incurred": (DAY, None),
    "currency": re.compile("[A-Z]{3}"),
    "principal": MONEY,
    "due_date": DAY,
    "policy": str,
    "as_of": DAY,
    "days_overdue": int,
    "bucket": BUCKET,
    "stage": STAGE,
    "status": ("open", "on_hold", "closed"),
    "outcome": ("paid", "settled", "written_off", "withdrawn", "uncollectable", None),
    "closed_on": (DAY, None),
    "hold": ({"reason": str, "until": (DAY, None), "since": DAY}, None),
    "interest": (
        {
            "day_count": ("act/365", "act/360", "act/act", "30/360"),
            "rounding": ("half_even", "half_up"),
            "rates": [{"from": DAY, "percent": str}],
            "known_until": (DAY, None),
            "source": (str, None),
            "statute": (
                {
                    "pack": str,
                    "rule": str,
                    "law": str,
                    "from": DAY,
                    "table": (str, None),
                    "multiple": (str, None),
                    "margin": (str, None),
                },
                None,
            ),
            "cap": ({"pack": str, "rule": str, "law": str, "percent": (str, None)}, None),
            "frozen": [{"from": DAY, "to": (DAY, None)}],
        },
        None,
    ),
    "allocation": {"order": [("costs", "fees", "interest", "principal")], "source": (str, None)},
    "balance": BALANCE,
    "paid": MONEY,
    "effort": {"contacts": int, "minutes": int, "cost": MONEY},
    "next_action": ({"on": DAY, "what": str}, None),
    "entries": int,
    "head": DIGEST,
}
_RANKED = {
    "worth": MONEY,
    "why": [{"factor": str, "value": (str, int, None), "contribution": MONEY}],
    "allowed": bool,
    "allowed_from": (INSTANT, None),
}
NOTICE = {"level": int, "channel": str, "template": ("reminder", "demand", "final_demand")}
WORKLIST = _RANKED | {
    "debtor": DEBTOR,
    "case": int,
    "allowed_until": (INSTANT, None),
    "taken_by": (str, None),
    "taken_until": (UTC, None),
    "cases": [
        {n: s for n, s in LISTED.items() if n != "debtor"}
        | _RANKED
        | {"rules": ([str], None), "notice": (NOTICE, None)}
    ],
}
PLAN = {
    "number": int,
    "status": ("proposed", "accepted", "declined", "withdrawn", "expired", "broken", "completed"),
    "total": MONEY,
    "settles": bool,
    "waives_interest": (str, None),
    "proposed_on": DAY,
    "expires": DAY,
    "installments": [
        {
            "number": int,
            "due": DAY,
            "amount": MONEY,
            "paid": MONEY,
            "status": ("open", "paid", "partial", "missed"),
        }
    ],
}
PACK = {
    "id": str,
    "version": str,
    "title": str,
    "checked_on": DAY,
    "extends": [str],
    "examples": int,
    "limitations": [str],
}
RULE = {
    "id": str,
    "kind": str,
    "severity": ("block", "block_overridable", "warn"),
    "strength": ("law", "regulation", "standard", "self_regulation", "policy"),
    "text": str,
    "source": {"title": str, "sure": ("primary", "secondary", "memory", "derived")},
    "from": (DAY, None),
    "until": (DAY, None),
    "applies": dict,
    "pack": str,
    "says": dict,
}
LEVEL = ("low", "medium", "high", None)
ASSESSMENT = {
    "willingness": LEVEL,
    "ability": LEVEL,
    "segment": (str, None),
    "advice": (str, None),
    "reasons": [str],
}
_PERSON = {name: shape for name, shape in DEBTOR.items() if name != "id"}
PARTY = _PERSON | {"person": int, "role": str}
CASE = LISTED | {
    "plan": (PLAN, None),
    "assessment": (ASSESSMENT, None),
    "facts": list,
    "parties": [PARTY | {"since": DAY, "ended": (DAY, None), "facts": [dict]}],
}
PEOPLE = {"kept": int, "gone": [int], "split": bool, "cases": [int], "held": [int], "released": [int]}
CHANGED = CASE | {"written": [{"seq": int, "kind": str}]}
PAID = {
    "allocated": dict.fromkeys(("costs", "fees", "interest", "principal"), MONEY),
    "unallocated": MONEY,
    "balance": BALANCE,
    "case": CASE,
    "written": [{"seq": int, "kind": str}],
}
SPREAD = {
    "debtor": int,
    "on": DAY,
    "amount": MONEY,
    "currency": str,
    "rule": str,
    "law": str,
    "parts": [
        {
            "case": int,
            "reference": (str, None),
            "amount": MONEY,
            "allocated": dict.fromkeys(("costs", "fees", "interest", "principal"), MONEY),
            "unallocated": MONEY,
            "owed": MONEY,
            "status": ("open", "on_hold", "closed"),
            "payment_reference": (str, None),
        }
    ],
    "unallocated": MONEY,
    "dry_run": bool,
}
TIMELINE = [
    {
        "seq": int,
        "recorded_at": UTC,
        "effective": (INSTANT, DAY),
        "effective_on": DAY,
        "actor": str,
        "kind": str,
        "summary": str,
        "data": dict,
        "digest": DIGEST,
        "voided": bool,
        "stage": STAGE,
        "clock": ("system", "set"),
    }
]
DEBTOR_VIEW = DEBTOR | {
    "details": [{"seq": int, "record": (int, None), "kind": str, "value": str, "valid": bool}],
    "cases": [LISTED],
    "party_in": [
        {
            "case": int,
            "reference": (str, None),
            "creditor": str,
            "role": str,
            "since": DAY,
            "ended": (DAY, None),
        }
    ],
    "entries": int,
    "head": DIGEST,
}
_PARTS = dict.fromkeys(("costs", "fees", "interest", "principal", "unallocated"), MONEY)
STATEMENT = {
    "case": int,
    "reference": (str, None),
    "currency": re.compile("[A-Z]{3}"),
    "from": (DAY, None),
    "to": DAY,
    "rates_known_until": (DAY, None),
    "above_cap": MONEY,
    "opening": (_PARTS | {"total": MONEY}, None),
    "lines": [_PARTS | {"date": DAY, "entry": (int, None), "what": str, "balance": MONEY}],
    "closing": _PARTS | {"total": MONEY},
}
SWEEP = {
    "as_of": DAY,
    "reviewed": int,
    "changed": int,
    "entries": dict,
    "moved": dict,
    "failed": [{"case": int, "error": str}],
    "seconds": float,
}
AUDIT = {
    "cases": int,
    "debtors": int,
    "entries": int,
    "clock_set": int,
    "broken": [{"seq": (int, None), "what": str}],
    "projection_differs": [dict],
    "sound": bool,
}
STATUS = {
    "url": str,
    "kind": ("sqlite", "postgresql"),
    "server": str,
    "revision": (str, None),
    "needed": str,
    "size": (int, None),
    "cases": int,
    "debtors": int,
    "entries": int,
    "ready": bool,
}
ERROR = {"code": re.compile("[a-z_]+"), "message": str, "hint": str}


def misfits(value: Any, shape: Any, place: str = "answer") -> Iterator[str]:
    """Every place where a value does not have the shape."""
    if isinstance(shape, dict) and isinstance(value, dict):
        for key, inner in shape.items():
            if key in value:
                yield from misfits(value[key], inner, f"{place}.{key}")
            else:
                yield f"{place}.{key} is missing"
    elif isinstance(shape, list) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from misfits(item, shape[0], f"{place}[{number}]")
    elif not _is(value, shape):
        yield f"{place}: {value!r} does not fit {shape!r}"


def _is(value: Any, shape: Any) -> bool:
    if isinstance(shape, tuple):
        return any(not list(misfits(value, each)) for each in shape)
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    return type(value) is shape if isinstance(shape, type) else bool(value == shape)


VERDICT = {
    "answer": ("allowed", "blocked", None),
    "severity": ("block", "block_overridable", None),
    "findings": [
        {
            "rule": str,
            "severity": ("block", "block_overridable", "warn"),
            "strength": str,
            "text": str,
            "source": str,
            "missing": [str],
            "lacks": [str],
            "opens": (INSTANT, None),
        }
    ],
    "override_reasons": [str],
    "allowed_from": (INSTANT, None),
    "pack": (str, None),
}
CHECKED = VERDICT | {"case": int, "at": INSTANT, "taken_by": (str, None), "taken_until": (UTC, None)}
_ACTS = {"today": [str], "next_action": ({"on": DAY, "what": str}, None)}
POLICY_LOADED = {
    "name": str,
    "version": int,
    "digest": str,
    "open_cases": int,
    "act_differently": int,
    "differing": [{"case": int, "reference": (str, None), "before": _ACTS, "after": _ACTS}],
    "failed": [dict],
    "dry_run": bool,
}
AGEING = {
    "as_of": DAY,
    "by": ("currency", "creditor", "portfolio", "collector", "stage"),
    "exact": bool,
    "rows": [{"group": (str, None), "currency": str, "bucket": str, "cases": int, "balance": MONEY}],
    "totals": [{"currency": str, "cases": int, "balance": MONEY}],
}
EFFECT = {
    "rule": str,
    "text": str,
    "source": str,
    "severity": ("block", "block_overridable", "warn"),
    "channels": [str],
    "until": (INSTANT, None),
}
FACT = {
    "seq": int,
    "fact": str,
    "at": (INSTANT, DAY),
    "ended": (INSTANT, DAY, None),
    "cases": [int],
    "fields": dict,
    "holds": (bool, None),
    "until": (INSTANT, None),
    "forbids": [EFFECT],
    "lifts": [EFFECT],
    "at_times": [str],
    "pack": (str, None),
}
FACT_LOGGED = FACT | {"debtor": int, "case": int, "recorded": bool, "held": [int], "released": [int], "entries": int}


def assert_fits(value: Any, shape: Any) -> None:
    found = list(misfits(value, shape))
    assert not found, "\n".join(found)
