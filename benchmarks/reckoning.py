"""What a case owes, worked out from the stored texts of its journal alone, day by day, the plain way.

It shares nothing with the program: no fold, no value of the domain, no ledger. What it does not know (refunds, voided
entries, frozen interest, fees held back by a cap) it refuses, so that no case passes unreckoned.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from dunning_cli.domain.journal import Record

_ORDER: Final = ("costs", "fees", "interest", "principal")
_WAIVED_FIRST: Final = ("interest", "fees", "costs", "principal")
_UNKNOWN: Final = ("refunded", "voided", "terms_changed")
_PLACES: Final = {"charge_added": 0, "payment_received": 1, "charge_waived": 3}  # of equal days


def balance_of(records: Sequence[Record]) -> int:
    """What is owed, in minor units, at the end of the last day that the journal speaks of."""
    told = [(record, json.loads(record.data)) for record in records]
    if strange := [record.kind for record, data in told if record.kind in _UNKNOWN or data.get("freezes")]:
        raise ValueError(f"cannot reckon {strange}")
    opened = told[0][1]
    last = max(date.fromisoformat(record.effective_on) for record in records)
    reversed_ones = {data["payment"] for record, data in told if record.kind == "payment_reversed"}
    acts: list[tuple[date, int, int, str, dict[str, Any]]] = []
    closed: date | None = None
    for record, data in told:
        on = date.fromisoformat(record.effective_on)
        if record.kind == "case_closed":
            closed = on
        elif record.kind == "case_reopened":  # what was waived to close the case is owed again
            closed, acts = None, [act for act in acts if act[3] != "charge_waived"]
        elif record.kind in _PLACES and record.seq not in reversed_ones:
            acts.append((on, _PLACES[record.kind], record.seq, record.kind, data))
    account = _Account(opened, date.fromisoformat(opened["due"]), closed)
    for on, _, _, kind, data in sorted(acts, key=lambda act: act[:3]):
        account.until(on)
        account.does(kind, data)
    account.until(last)
    account.fix()
    return sum(account.owed.values())


class _Account:
    """What is owed by its parts, while the days go by."""

    def __init__(self, opened: dict[str, Any], due: date, closed: date | None) -> None:
        terms = opened.get("terms") or {}
        self.steps = sorted((date.fromisoformat(s["after"]), Fraction(s["percent"])) for s in terms.get("steps", ()))
        self.most = Fraction(terms["cap"]["percent"]) if terms.get("cap") else None
        self.by_year = terms.get("day_count") == "act/act"
        self.round = _half_up if terms.get("rounding") == "half_up" else _half_even
        self.owed = dict.fromkeys(_ORDER, 0) | {"principal": _minor(opened["principal"])}
        self.running = Fraction(0)
        self.on = min([due, *(after for after, _ in self.steps)])
        self.closed = closed

    def until(self, day: date) -> None:
        """Let interest run to the end of a day, one day after the other."""
        while self.on < day:
            self.on += timedelta(days=1)
            if self.steps and self.owed["principal"] and not (self.closed and self.on > self.closed):
                days = 366 if self.by_year and self.on.year % 4 == 0 else 365
                self.running += Fraction(self.owed["principal"]) * self._percent() / 100 / days

    def _percent(self) -> Fraction:
        percent = next((rate for after, rate in reversed(self.steps) if after < self.on), Fraction(0))
        if self.most is not None and percent > self.most:
            raise ValueError("cannot reckon a rate above its cap")
        return percent

    def fix(self) -> None:
        """Owe the interest that has run, in whole minor units."""
        self.owed["interest"] += self.round(self.running)
        self.running = Fraction(0)

    def does(self, kind: str, data: dict[str, Any]) -> None:
        amount = _minor(data["amount"])
        if kind == "charge_added":
            if data["charge"] != "cost":
                raise ValueError("cannot reckon a fee")
            self.owed["costs"] += amount
            return
        if "charge" in data:
            raise ValueError("cannot reckon a charge that was waived")
        self.fix()
        for part in _ORDER if kind == "payment_received" else _WAIVED_FIRST:
            taken = min(amount, self.owed[part])
            self.owed[part] -= taken
            amount -= taken
        if amount:
            raise ValueError("cannot reckon what is paid beyond the debt")


def _minor(text: str) -> int:
    """Cents; every currency of the simulated year has them."""
    return int(text.replace(".", ""))


def _half_even(exact: Fraction) -> int:
    return round(exact)


def _half_up(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))
