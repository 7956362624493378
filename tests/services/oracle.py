"""What a case was on a day, worked out from the stored texts of its journal alone, the plain way.

It shares nothing with the program: no fold, no dataclass of the domain, only what the documentation of `show-case`
says. Facts count from their own day on; decisions keep their order, and from the first that is later than the day on
none counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dunning_cli.domain.journal import Record

FACTS = {
    *("contact_logged", "assessed", "payment_received", "payment_reversed", "noted", "voided"),
    *("notice_sent", "charge_added"),
}


@dataclass(frozen=True)
class Then:
    """What can be said of a case on a day."""

    entries: int
    stage: str
    status: str
    outcome: str | None
    collector: str | None
    held: str | None
    plan: str | None
    contacts: int
    paid: str
    owed: str


def counted(records: list[Record], as_of: date | None, known_at: datetime | None) -> list[dict[str, Any]]:
    """The entries that count, as plain values."""
    kept: list[dict[str, Any]] = []
    stopped = False
    for record in records:
        known = known_at is None or datetime.fromisoformat(record.recorded_at) <= known_at
        first = record.seq == 1
        if not known and not first:
            break
        in_time = as_of is None or date.fromisoformat(record.effective_on) <= as_of
        if record.kind not in FACTS and not first:
            stopped = stopped or not in_time
            in_time = not stopped
        if in_time or first:
            data = json.loads(record.data)
            if record.kind == "voided":
                data["voids"] = data.pop("seq")
            kept.append({**data, "seq": record.seq, "on": record.effective_on, "kind": record.kind})
    return kept


def then(records: list[Record], day: date, as_of: date | None = None, known_at: datetime | None = None) -> Then:
    """A case at the end of `day`, going by the entries that count."""
    rows = counted(records, as_of, known_at)
    void = {row["voids"] for row in rows if row["kind"] == "voided"}
    live = [row for row in rows if row["seq"] not in void]
    stage, outcome, held, plan = "contact", None, None, None
    collector = rows[0].get("collector")
    waived: list[dict[str, Any]] = []
    for row in rows:
        kind = row["kind"]
        if kind == "stage_moved":
            stage = row["target"]
        elif kind == "case_closed":
            outcome, held = row["outcome"], None
        elif kind == "case_reopened":
            outcome, waived = None, []
        elif kind == "held":
            held = row["reason"]
        elif kind == "released":
            held = None
        elif kind == "assigned":
            collector = row["collector"]
        elif kind == "charge_waived":
            waived.append(row)
        elif kind.startswith("plan_"):
            plan = {"plan_reinstated": "accepted"}.get(kind, kind.removeprefix("plan_"))
    backs = {row["payment"]: row["on"] for row in live if row["kind"] == "payment_reversed"}
    on = day.isoformat()
    paid = sum(
        _fen(row["amount"])
        for row in live
        if row["kind"] == "payment_received"
        and row["on"] <= on
        and not (row["seq"] in backs and backs[row["seq"]] <= on)
    )
    charged = sum(_fen(row["amount"]) for row in live if row["kind"] == "charge_added" and row["on"] <= on)
    left = _fen(rows[0]["principal"]) + charged - paid - sum(_fen(row["amount"]) for row in waived if row["on"] <= on)
    return Then(
        rows[-1]["seq"],
        stage,
        "closed" if outcome else "on_hold" if held else "open",
        outcome,
        collector,
        held,
        plan,
        sum(row["kind"] == "contact_logged" or "contact_in" in row for row in live),
        _yuan(paid),
        _yuan(max(left, 0)),
    )


def _fen(text: str) -> int:
    return int(text.replace(".", ""))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
