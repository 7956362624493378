"""Two records of one person: merge them, and take that back."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import MergedDebtorError, RefusedError, UsageError
from .days import Now
from .debtors import Change, Debtor, Merged, Split


def merge(kept: Debtor, gone: Debtor, now: Now, why: str | None = None) -> tuple[Change, Change]:
    """The record `gone` turns out to be the person of `kept`: what is written to the journals of both.

    Only records that stand by themselves are merged, so that no circle can arise; what had gone into `gone` before goes
    with it.
    """
    if kept.debtor_id == gone.debtor_id:
        raise UsageError("Debtor {debtor} cannot be merged into itself.", debtor=kept.debtor_id)
    refuse_if_merged(gone)
    refuse_if_merged(kept)
    into, went = Change(kept, now), Change(gone, now)
    into.add(Merged(gone=gone.numbers, why=why))
    went.add(Merged(into=kept.debtor_id, why=why))
    return into, went


def split(record: Debtor, above: Sequence[Debtor], now: Now, why: str | None = None) -> list[Change]:
    """The record is a person of its own after all, with what had gone into it before.

    `above` are the record that it was merged into, the one that that was merged into, and so on.
    """
    if record.merged_into is None:
        raise RefusedError(
            "Debtor {debtor} is not merged into another one.",
            hint="See which records make a person with: dunning show-debtor ID",
            debtor=record.debtor_id,
        )
    leaves = Change(record, now)
    leaves.add(Split(into=record.merged_into, why=why))
    changes = [leaves]
    for each in above:
        change = Change(each, now)
        change.add(Split(gone=record.numbers, why=why))
        changes.append(change)
    return changes


def refuse_if_merged(record: Debtor) -> None:
    """Nothing is written to a record that was merged into another one."""
    if record.merged_into is not None:
        raise MergedDebtorError(
            "Debtor {debtor} was merged into debtor {into}.", debtor=record.debtor_id, into=record.merged_into
        )
