"""The chain: whatever is changed, removed, moved or put in is found, and every kind can be stored and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import assessments, contacts, notes, payments
from dunning_cli.domain.codec import required_private
from dunning_cli.domain.days import Clock
from dunning_cli.domain.debtors import DEBTOR_KINDS, DebtorAdded, FactField, FactRecorded
from dunning_cli.domain.entries import (
    CASE_KINDS,
    Assessed,
    Assigned,
    ContactLogged,
    Level,
    Noted,
    PaymentReceived,
    PaymentReversed,
)
from dunning_cli.domain.journal import ERASED, FORMAT, GENESIS, Break, Entry, Record, breaks, digest, open_record, seal
from dunning_cli.domain.journal import entry as new_entry
from dunning_cli.errors import DatabaseBehindError, InputError
from tests.builders import a_contact, a_now, a_story, an_opening, day, money
from tests.domain.values import DAYS, FEW, INSTANTS, TEXTS, of_type

KINDS = CASE_KINDS | DEBTOR_KINDS
SUBJECT = "case 7"
HEX = "0123456789abcdef"


def sealed(entries: list[Entry], subject: str = SUBJECT) -> list[Record]:
    """The records of a journal, one chained to the other."""
    records: list[Record] = []
    for entry in entries:
        records.append(seal(subject, entry, records[-1].digest if records else GENESIS))
    return records


def a_chain() -> list[Record]:
    """Seven records: with and without a private part, dated by day and by instant."""
    story = a_story(reference="LOAN-7")
    story.then("2025-01-07", contacts.log, a_contact(note="王先生 asks for time", to="+86 138 0013 8000"))
    story.then("2025-01-08", assessments.record, Assessed(Level.HIGH, Level.LOW))
    story.then("2025-01-09", notes.note, "call after six")
    story.then("2025-01-10", payments.receive, money("100.00 CNY"), on=day("2025-01-09"), reference="A")
    story.then("2025-01-11", payments.reverse, "A", "returned by the bank")
    return sealed(story.entries)


def found(records: list[Record], head: str | None = None, subject: str = SUBJECT) -> list[Break]:
    return list(breaks(subject, records, head))


CHANGED: dict[str, Any] = {
    "seq": 99,
    "recorded_at": "2025-01-06T04:00:00.000001Z",
    "effective": "2024-12-24",
    "effective_on": "2024-12-24",
    "actor": "wang",
    "clock": "set",
    "kind": "assigned",
    "format": 2,
    "data": '{"collector":"wang"}',
    "private": '{"salt":"00","text":"something else"}',
    "private_hash": sha256(b"x").hexdigest(),
    "digest": sha256(b"y").hexdigest(),
}


def test_an_intact_chain_has_no_breaks() -> None:
    records = a_chain()
    assert len(records) == 7
    assert found(records) == []
    assert found(records, head=records[-1].digest) == []
    assert found(records, head=records[3].digest) == []
    assert found([]) == []


@pytest.mark.parametrize("field", [pytest.param(name, id=name) for name in Record._fields])
@pytest.mark.parametrize("place", [pytest.param(place, id=f"entry-{place + 1}") for place in range(7)])
def test_every_field_of_every_record_changed_once_is_found(place: int, field: str) -> None:
    records = a_chain()
    assert getattr(records[place], field) != CHANGED[field]
    records[place] = records[place]._replace(**{field: CHANGED[field]})
    assert found(records)[0].seq == records[place].seq


def test_every_field_is_changed_above() -> None:
    assert set(CHANGED) == set(Record._fields)


@pytest.mark.parametrize("place", [pytest.param(place, id=f"entry-{place + 1}") for place in range(6)])
def test_each_entry_removed_once_is_found(place: int) -> None:
    records = a_chain()
    del records[place]
    assert found(records)[0] == Break(place + 2, f"entry {place + 1} is missing")


@pytest.mark.parametrize("place", [pytest.param(place, id=f"entry-{place + 1}") for place in range(6)])
def test_an_entry_removed_and_the_rest_renumbered_is_found(place: int) -> None:
    records = a_chain()
    del records[place]
    assert found([r._replace(seq=number) for number, r in enumerate(records, 1)])


@pytest.mark.parametrize("place", [pytest.param(place, id=f"entry-{place + 1}") for place in range(6)])
def test_two_neighbours_swapped_are_found(place: int) -> None:
    records = a_chain()
    records[place], records[place + 1] = records[place + 1], records[place]
    assert found(records)
    assert found([r._replace(seq=number) for number, r in enumerate(records, 1)])


@pytest.mark.parametrize("place", [pytest.param(place, id=f"after-entry-{place}") for place in range(1, 7)])
def test_an_entry_put_in_is_found_even_where_it_is_well_sealed(place: int) -> None:
    records = a_chain()
    forged = seal(SUBJECT, new_entry(Assigned("wang"), a_now("2025-01-10"), place + 1, None), records[place - 1].digest)
    later = [r._replace(seq=r.seq + 1) for r in records[place:]]
    assert found([*records[:place], forged, *later])
    assert found([*records[:place], forged, *records[place:]])
    assert found([*records[:place], records[place - 1], *records[place:]])


@pytest.mark.parametrize("kept", [pytest.param(kept, id=f"{kept}-kept") for kept in range(7)])
def test_a_cut_tail_is_found_with_the_noted_head_only(kept: int) -> None:
    records = a_chain()
    head = records[-1].digest
    assert found(records[:kept]) == []
    assert found(records[:kept], head) == [
        Break(kept, "the noted head is not in the journal: entries were cut or rewritten")
    ]


@pytest.mark.parametrize("place", [pytest.param(place, id=f"from-entry-{place + 1}") for place in range(7)])
def test_a_rewritten_tail_is_found_with_the_noted_head_only(place: int) -> None:
    """Who can write the file can seal it anew: only a head noted elsewhere tells."""
    records = a_chain()
    head = records[-1].digest
    rewritten = records[:place]
    for record in records[place:]:
        previous = rewritten[-1].digest if rewritten else GENESIS
        changed = record._replace(actor="wang")
        rewritten.append(changed._replace(digest=digest(SUBJECT, changed, previous)))
    assert found(rewritten) == []
    assert [b.what for b in found(rewritten, head)] == [
        "the noted head is not in the journal: entries were cut or rewritten"
    ]


def test_a_journal_moved_to_another_case_is_found() -> None:
    assert found(a_chain(), subject="case 8")


def test_a_changed_private_part_is_found_and_named() -> None:
    records = a_chain()
    assert records[1].private
    records[1] = records[1]._replace(private=records[1].private.replace("time", "more"))
    assert found(records) == [Break(2, "the private part was changed")]


def test_a_private_part_put_where_none_was_is_found() -> None:
    records = a_chain()
    assert records[0].private is None
    records[0] = records[0]._replace(private='{"salt":"00"}')
    assert found(records) == [Break(1, "the private part was changed")]


def test_a_private_part_changed_with_its_hash_is_found() -> None:
    records = a_chain()
    text = '{"salt":"00","note":"forged"}'
    records[1] = records[1]._replace(private=text, private_hash=sha256(text.encode()).hexdigest())
    assert found(records)[0] == Break(2, "the digest does not fit the entry and the one before it")


def test_an_erased_private_part_still_verifies() -> None:
    records = a_chain()
    erased = [record._replace(private=None) for record in records]
    assert erased != records
    assert found(erased, head=records[-1].digest) == []


def test_an_erased_hash_is_found() -> None:
    records = a_chain()
    records[1] = records[1]._replace(private=None, private_hash="")
    assert found(records)[0].seq == 2


def test_every_break_is_listed() -> None:
    records = a_chain()
    for place in (1, 4):
        records[place] = records[place]._replace(actor="wang")
    assert [b.seq for b in found(records)] == [2, 5]


# The digests below come from printf and sha256sum over the texts, each written as LENGTH:TEXT, (the length in bytes).


def test_a_literal_digest_with_chinese_text() -> None:
    private = '{"salt":"00112233445566778899aabbccddeeff","text":"王先生答应还款"}'
    record = Record(
        seq=3,
        recorded_at="2025-01-06T04:00:00.000000Z",
        effective="2025-01-06T12:00:00+08:00",
        effective_on="2025-01-06",
        actor="王芳",
        clock="system",
        kind="noted",
        format=1,
        data="{}",
        private=private,
        private_hash="99d26531fd0661d7e29132d32525d6708e975a924eab5690101dc049471d2b62",
        digest="b7b4114bae7f75923e9d12b278496e3e9f1544af10fc2ed7bc710f30e772eaf2",
    )
    assert digest("case 7", record, "0" * 64) == record.digest
    assert [b.what for b in breaks("case 7", [record])] == ["entry 1 is missing"]


def test_a_literal_digest_without_a_private_part() -> None:
    record = Record(
        seq=41,
        recorded_at="2024-12-31T16:00:00.000001Z",
        effective="2025-01-01",
        effective_on="2025-01-01",
        actor="",
        clock="set",
        kind="payment_received",
        format=1,
        data='{"amount":"500.00","currency":"CNY","method":"银行","reference":"R-王-1"}',
        private=None,
        private_hash="",
        digest="",
    )
    assert digest("debtor 12", record, "ab" * 32) == "d26bd8bd5c99e25974613a66e010d3e655a87e5c488f5df37036e611ee4b6ae6"


def test_the_texts_of_a_sealed_entry() -> None:
    """What is hashed is what is stored."""
    entry = Entry(
        3,
        datetime(2025, 1, 6, 4, 0, 0, 5, tzinfo=UTC),
        date(2025, 1, 5),
        date(2025, 1, 5),
        "李",
        Clock.SET,
        PaymentReceived(money("500.00 CNY"), "R-1"),
    )
    record = seal("case 7", entry, "ab" * 32)
    assert record[:-1] == (
        3,
        "2025-01-06T04:00:00.000005Z",
        "2025-01-05",
        "2025-01-05",
        "李",
        "set",
        "payment_received",
        1,
        '{"amount":"500.00","currency":"CNY","reference":"R-1"}',
        None,
        "",
    )
    assert record.digest == digest("case 7", record, "ab" * 32)


def test_two_fields_cannot_trade_a_letter() -> None:
    """The lengths stand before the texts: moving a letter over a border changes the digest."""
    record = a_chain()[0]
    one = record._replace(actor="lis", clock="ystem")
    other = record._replace(actor="li", clock="system")
    assert digest(SUBJECT, one, GENESIS) != digest(SUBJECT, other, GENESIS)


def test_the_salt_is_fresh_and_lies_in_the_private_part() -> None:
    entry = new_entry(Noted("王"), a_now(), 1, None)
    one, other = seal(SUBJECT, entry, GENESIS), seal(SUBJECT, entry, GENESIS)
    assert one.private
    assert other.private
    assert json.loads(one.private)["text"] == json.loads(other.private)["text"] == "王"
    salt = json.loads(one.private)["salt"]
    assert len(salt) == 32
    assert set(salt) <= set(HEX)
    assert salt != json.loads(other.private)["salt"]
    assert one.private_hash != other.private_hash
    assert "salt" not in one.data
    assert "王" not in one.data


def test_entries_without_private_words_have_no_private_part() -> None:
    """A contact without a note has nothing to erase."""
    record = seal(SUBJECT, new_entry(a_contact(), a_now(), 1, None), GENESIS)
    assert (record.private, record.private_hash) == (None, "")


# --- reading again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [pytest.param(cls, id=name) for name, cls in KINDS.items()])
def test_every_kind_is_sealed_and_opened_again(cls: type) -> None:
    @FEW
    @given(of_type(cls), st.one_of(DAYS, INSTANTS), INSTANTS, DAYS, TEXTS, st.sampled_from(Clock))
    def round_trip(
        what: Any, effective: date | datetime, recorded_at: datetime, effective_on: date, actor: str, clock: Clock
    ) -> None:
        entry = Entry(5, recorded_at.astimezone(UTC), effective, effective_on, actor, clock, what)
        record = seal(SUBJECT, entry, GENESIS)
        read = open_record(record, KINDS)
        assert read == entry
        assert type(read.effective) is type(effective)
        assert (
            list(breaks(SUBJECT, [record._replace(seq=1, digest=digest(SUBJECT, record._replace(seq=1), GENESIS))]))
            == []
        )

    round_trip()


@pytest.mark.parametrize("cls", [pytest.param(cls, id=name) for name, cls in KINDS.items()])
def test_every_kind_opens_after_its_private_part_was_erased(cls: type) -> None:
    """What must be there reads "[erased]", what may be missing is missing, and the rest is as it was."""

    @FEW
    @given(of_type(cls))
    def erase(what: Any) -> None:
        record = seal(
            SUBJECT, Entry(1, a_now().instant, day("2025-01-06"), day("2025-01-06"), "li", Clock.SYSTEM, what), GENESIS
        )
        read = open_record(record._replace(private=None), KINDS).what
        for name in what.__struct_fields__:
            if name in required_private(cls):
                assert getattr(read, name) == ERASED
            elif name in PRIVATE.get(cls, ()):
                assert not getattr(read, name)
            else:
                assert getattr(read, name) == getattr(what, name)

    erase()


# The fields that identify a person or are free text, written out, so that none becomes public by mistake.
PRIVATE: dict[type, tuple[str, ...]] = {
    ContactLogged: ("to", "reason_text", "note"),
    Noted: ("text",),
    PaymentReversed: ("why",),
    DebtorAdded: ("name",),
    **{
        KINDS[kind]: ("why",)
        for kind in (
            *("plan_declined", "plan_withdrawn", "stage_moved", "case_closed", "case_reopened", "voided"),
            *("charge_added", "refunded", "terms_changed"),
        )
    },
    KINDS["charge_waived"]: ("reason",),
    KINDS["detail_added"]: ("value",),
    KINDS["detail_changed"]: ("name",),
    KINDS["contact_refused"]: ("to", "note"),
    KINDS["notice_sent"]: ("to",),
    KINDS["fact_recorded"]: ("details",),
    KINDS["fact_ended"]: ("why",),
    **{KINDS[kind]: ("why",) for kind in ("party_ended", "merged", "split")},
}


def test_erased_words() -> None:
    record = seal(SUBJECT, new_entry(Noted("王"), a_now(), 1, None), GENESIS)
    assert open_record(record._replace(private=None), KINDS).what == Noted("[erased]")


@pytest.mark.parametrize(
    ("changes", "kind", "number"),
    [
        pytest.param({"kind": "moon_phase_noted"}, "moon_phase_noted", FORMAT, id="unknown-kind"),
        pytest.param({"format": 2}, "assigned", 2, id="newer-format"),
    ],
)
def test_what_a_newer_version_wrote_is_refused_by_name(changes: dict[str, Any], kind: str, number: int) -> None:
    record = seal(SUBJECT, new_entry(Assigned("wang"), a_now(), 12, None), GENESIS)._replace(**changes)
    with pytest.raises(DatabaseBehindError) as refused:
        open_record(record, CASE_KINDS)
    assert refused.value.exit_code == 7
    assert str(refused.value) == f"Entry 12 is of kind '{kind}' in format {number}; this version knows format 1 only."


def test_a_debtors_kind_is_unknown_in_a_cases_journal() -> None:
    record = seal(SUBJECT, new_entry(DebtorAdded("王"), a_now(), 1, None), GENESIS)
    with pytest.raises(DatabaseBehindError):
        open_record(record, CASE_KINDS)


BAD = (pytest.param("a\0b", id="nul"), pytest.param("a\udc80", id="lone-surrogate"), pytest.param("\ud83d", id="half"))


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(Noted, id="note"),
        pytest.param(lambda text: PaymentReceived(money("1.00 CNY"), text), id="payment-reference"),
        pytest.param(lambda text: an_opening(creditor=text), id="creditor"),
        pytest.param(Assigned, id="collector"),
        pytest.param(DebtorAdded, id="name"),
        pytest.param(lambda text: FactRecorded("vulnerable", fields=(FactField("kind", text),)), id="a-fields-value"),
    ],
)
def test_text_that_cannot_be_stored_is_refused(make: Callable[[str], Any], text: str) -> None:
    """NUL and half a character, in the open part and in the private one."""
    with pytest.raises(InputError):
        seal(SUBJECT, new_entry(make(text), a_now(), 1, None), GENESIS)


@pytest.mark.parametrize("text", BAD)
def test_an_actor_that_cannot_be_stored_is_refused(text: str) -> None:
    """A login name or DUNNING_ACTOR in a wrong encoding."""
    with pytest.raises(InputError):
        seal(SUBJECT, new_entry(Noted("x"), a_now(actor=text), 1, None), GENESIS)


# --- when an entry is recorded, and from when it counts -------------------------------------------------------------


def test_an_entry_takes_effect_when_it_is_recorded() -> None:
    now = a_now("2025-01-07T00:30")
    entry = new_entry(Noted("x"), now, 1, None)
    assert entry.recorded_at == now.instant
    assert entry.recorded_at.utcoffset() == timedelta(0)
    assert entry.effective == now.instant
    assert entry.effective_on == day("2025-01-07")
    assert (entry.actor, entry.clock) == ("li", Clock.SYSTEM)


def test_the_day_of_an_instant_is_fixed_in_the_creditors_zone() -> None:
    at = datetime.fromisoformat("2025-01-06T20:00:00-05:00")
    assert new_entry(Noted("x"), a_now("2025-02-01"), 1, None, at).effective_on == day("2025-01-07")


def test_nothing_is_recorded_before_the_entry_before_it() -> None:
    """A clock that goes back does not turn the journal around."""
    before = a_now("2025-01-08").instant
    entry = new_entry(Noted("x"), a_now("2025-01-07"), 2, before)
    assert entry.recorded_at == before
    later = new_entry(Noted("x"), a_now("2025-01-09"), 2, before)
    assert later.recorded_at == a_now("2025-01-09").instant
