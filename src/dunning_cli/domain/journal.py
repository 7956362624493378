"""The journal: entries in order, each sealed with a digest over its own content and the digest before it.

An `Entry` is what the domain decides; a `Record` is its stored form, the very texts that are hashed. What a record's
digest covers is documented in docs/journal.md, so that anyone can check a journal without this program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

from ..errors import DatabaseBehindError
from .codec import canonical, check_text, decode, encode, parsed, required_private
from .days import Clock, Now, utc_text

FORMAT = 1  # raised when a stored kind changes its meaning; an older program refuses what it does not know
GENESIS = "0" * 64  # the digest before the first entry


class Entry(NamedTuple):
    """Something that happened, with its place in the journal. `effective` is a date, or an instant with an offset."""

    seq: int
    recorded_at: datetime
    effective: date | datetime
    effective_on: date
    actor: str
    clock: Clock
    what: Any


class Record(NamedTuple):
    """An entry as it is stored. `private` holds the erasable part with its salt; `private_hash` outlives it."""

    seq: int
    recorded_at: str
    effective: str
    effective_on: str
    actor: str
    clock: str
    kind: str
    format: int
    data: str
    private: str | None
    private_hash: str
    digest: str


def entry(what: Any, now: Now, seq: int, after: datetime | None, effective: date | datetime | None = None) -> Entry:
    """The entry `seq` for something that happens now, never recorded earlier than the entry before it (`after`).

    Without `effective` it takes effect when it is recorded, as every decision does.
    """
    recorded_at = (now.instant if after is None or now.instant >= after else after).astimezone(UTC)
    effective = recorded_at.astimezone(now.zone) if effective is None else effective
    return Entry(seq, recorded_at, effective, now.day_of(effective), now.actor, now.clock, what)


Salt: TypeAlias = Callable[[str, int], str]  # 32 hex digits for the private part of an entry: its subject, its seq


def fresh_salt(subject: str, seq: int) -> str:
    """A salt that nobody can guess, as every journal about real people needs it."""
    import secrets  # noqa: PLC0415 - most commands read, and would wait for it

    return secrets.token_hex(16)


def seal(subject: str, entry: Entry, previous: str, salt: Salt = fresh_salt) -> Record:
    """The stored form of an entry that follows the digest `previous` in the journal of `subject` (`case 7`)."""
    shown, secret = encode(entry.what, private=False), encode(entry.what, private=True)
    kind = entry.what.kind
    check_text(entry.actor, kind)
    _check_texts((*shown.values(), *secret.values()), kind)
    private = canonical(secret | {"salt": salt(subject, entry.seq)}) if secret else None
    stored = (
        entry.seq,
        utc_text(entry.recorded_at),
        entry.effective.isoformat(),
        entry.effective_on.isoformat(),
        entry.actor,
        entry.clock.value,
        kind,
        FORMAT,
        canonical(shown),
        private,
        sha256(private.encode()).hexdigest() if private else "",
    )
    return Record(*stored, digest(subject, stored, previous))


def _check_texts(values: Iterable[Any], kind: str) -> None:
    for value in values:
        if isinstance(value, str):
            check_text(value, kind)
        elif isinstance(value, list):
            _check_texts(value, kind)
        elif isinstance(value, dict):
            _check_texts(value.values(), kind)


def digest(subject: str, stored: tuple[Any, ...], previous: str) -> str:
    """SHA-256 over the length-prefixed texts of a record and the digest before it, in lower-case hex.

    `stored` is the record, with or without its own digest; its private part is covered by its hash.
    """
    seq, recorded_at, effective, on, actor, clock, kind, form, data, _, private_hash, *_ = stored
    parts = (previous, subject, str(seq), recorded_at, effective, on, actor, clock, kind, str(form), data, private_hash)
    text = "".join([f"{len(part) if part.isascii() else len(part.encode())}:{part}," for part in parts])
    return sha256(text.encode()).hexdigest()


def open_record(record: Record, kinds: dict[str, type], currency: str | None = None) -> Entry:
    """The entry in a record. A kind or format from a newer version raises DatabaseBehindError, never a silent skip."""
    cls = kinds.get(record.kind)
    if cls is None or record.format > FORMAT:
        raise DatabaseBehindError(
            "Entry {seq} is of kind '{kind}' in format {format}; this version knows format {known} only.",
            hint="Install a newer dunning; nothing was changed.",
            seq=record.seq,
            kind=record.kind,
            format=record.format,
            known=FORMAT,
        )
    data = parsed(record.data)
    if record.private:
        data |= parsed(record.private)
        del data["salt"]
    elif record.private_hash:
        data |= _erased(cls)
    effective = record.effective
    return Entry(
        record.seq,
        datetime.fromisoformat(record.recorded_at),
        datetime.fromisoformat(effective) if "T" in effective else date.fromisoformat(effective),
        date.fromisoformat(record.effective_on),
        record.actor,
        Clock(record.clock),
        decode(cls, data, currency),
    )


ERASED = "[erased]"


def _erased(cls: type) -> dict[str, str]:
    """What stands in place of the required private fields of an entry whose private part was erased."""
    return dict.fromkeys(required_private(cls), ERASED)


class Break(NamedTuple):
    """A place where a journal does not hold together."""

    seq: int
    what: str


def breaks(subject: str, records: Iterable[Record], head: str | None = None) -> Iterator[Break]:
    """Every place where the chain of one journal breaks. `head` is a digest that was noted outside the database."""
    previous, expected, noted = GENESIS, 1, head is None
    for record in records:
        if record.seq != expected:
            yield Break(record.seq, f"entry {expected} is missing" if record.seq > expected else "entry out of order")
        if record.private is not None and sha256(record.private.encode()).hexdigest() != record.private_hash:
            yield Break(record.seq, "the private part was changed")
        if digest(subject, record, previous) != record.digest:
            yield Break(record.seq, "the digest does not fit the entry and the one before it")
        previous, expected = record.digest, record.seq + 1
        noted = noted or previous == head
    if not noted:
        yield Break(expected - 1, "the noted head is not in the journal: entries were cut or rewritten")
