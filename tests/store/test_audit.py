"""The audit finds whatever was changed past the program, and where; and is quiet about what may be so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update

from dunning_cli.domain import cases as case_of
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.journal import GENESIS, Record, digest
from dunning_cli.domain.policies import policy_of
from dunning_cli.domain.views import AuditReport
from dunning_cli.services import contacts
from dunning_cli.services.casework import note
from dunning_cli.services.claims import days_differ
from dunning_cli.services.debtors import edit_debtor
from dunning_cli.settings import Settings
from dunning_cli.store.cases import opened, state_row
from dunning_cli.store.schema import cases, debtors
from tests.builders import a_contact, plain_policy
from tests.store.databases import FAR, Database, counted, filled
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

pytestmark = pytest.mark.breaks_the_journal

CASE, DEBTOR, LAST = 2, 2, 7


def fill(database: Database) -> None:
    """Three cases; the one in the middle has a journal of seven entries, the last with a private part."""
    desk = a_desk(database)
    a_filed_case(desk, reference="L-1")
    a_filed_plan(desk, reference="L-2", details=Details("Wang Fang", phones=("+86 13800138000",)))
    contacts.log_contact(desk, "2", a_contact(outcome="sent", channel="email", note="the note", to="w@example.com"))
    a_filed_case(desk, name="Li Lei")
    edit_debtor(desk, DEBTOR, Details(emails=("w@example.com",)), ())


audited = filled(fill)


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cases are enough for as many shares."""
    monkeypatch.setattr("dunning_cli.store.audit._MANY", 1)


def verified(database: Database, heads: dict[int, str] | None = None) -> AuditReport:
    """What the audit says; of the whole, and the same of its shares together."""
    whole = database.verify(heads)
    with database.shared().reading() as tx:
        parts = tx.audit.rest()
        for share in tx.audit.shares(3):
            for _ in tx.audit.share(parts, share, heads or {}, days_differ(Settings(database.url), FAR)):
                pass
    assert counted(parts) == counted(whole)
    return whole


def found(report: AuditReport) -> set[tuple[str, Any, Any]]:
    """What is wrong, as (subject, number, entry or fields)."""
    broken = {("case" if "case" in b else "debtor", b.get("case", b.get("debtor")), b["seq"]) for b in report.broken}
    return broken | {
        ("case" if "case" in d else "debtor", d.get("case", d.get("debtor")), ",".join(d["fields"]))
        for d in report.projection_differs
    }


def test_a_sound_database_is_counted(audited: Database) -> None:
    report = verified(audited)
    assert report.sound
    assert (report.cases, report.debtors, report.clock_set) == (3, 3, 0)
    assert report.entries == audited.count("entries") + audited.count("debtor_entries")
    assert audited.value("SELECT seq FROM cases WHERE case_id = 2") == LAST


def test_an_empty_database_is_sound(database: Database) -> None:
    assert verified(database) == AuditReport()


# --- one field of one entry -------------------------------------------------------------------------------------------

_CHANGES = {
    "recorded_at": "2025-01-06T04:00:00.000001Z",
    "effective": "2025-01-06T12:00:01+08:00",
    "effective_on": "2025-01-05",
    "actor": "wang",
    "clock": "set",
    "kind": "noted",
    "format": 0,
    "data": "{}",
    "private_hash": "0" * 64,
    "digest": "0" * 64,
}


def test_every_field_of_a_record_is_tried() -> None:
    assert _CHANGES.keys() == set(Record._fields) - {"seq", "private"}


@pytest.mark.parametrize("field", _CHANGES)
def test_a_changed_field_of_an_entry_is_found(audited: Database, field: str) -> None:
    """In the first, a middle and the last entry; put back, all is well again."""
    change = f"UPDATE entries SET {field} = :to WHERE case_id = 2 AND seq = :seq"
    for seq in (1, 4, LAST):
        before = audited.value(f"SELECT {field} FROM entries WHERE case_id = 2 AND seq = :seq", seq=seq)
        assert before != _CHANGES[field]
        audited.sql(change, to=_CHANGES[field], seq=seq)
        report = verified(audited)
        assert ("case", 2, seq) in found(report)
        assert {number for subject, number, _ in found(report)} == {2}
        audited.sql(change, to=before, seq=seq)
        assert verified(audited).sound


@pytest.mark.parametrize("field", [*_CHANGES])
def test_a_changed_field_of_a_debtor_s_entry_is_found(audited: Database, field: str) -> None:
    audited.sql(f"UPDATE debtor_entries SET {field} = :to WHERE debtor_id = 2 AND seq = 2", to=_CHANGES[field])
    assert ("debtor", 2, 2) in found(verified(audited))


def test_a_changed_space_in_what_was_hashed_is_found(audited: Database) -> None:
    """The stored text itself is hashed, not what it means."""
    audited.sql("UPDATE entries SET data = REPLACE(data, ',', ', ') WHERE case_id = 2 AND seq = 1")
    assert ("case", 2, 1) in found(verified(audited))


# --- the private part -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "owner", "seq"),
    [
        pytest.param("entries", "case_id", LAST, id="of-a-case"),
        pytest.param("debtor_entries", "debtor_id", 2, id="of-a-debtor"),
    ],
)
def test_a_changed_private_part_is_found(audited: Database, table: str, owner: str, seq: int) -> None:
    audited.sql(f"UPDATE {table} SET private = REPLACE(private, 'e', 'E') WHERE {owner} = 2 AND seq = :seq", seq=seq)
    audited.sql(f"UPDATE {table} SET private = REPLACE(private, '8', '9') WHERE {owner} = 2 AND seq = :seq", seq=seq)
    report = verified(audited)
    assert {b["what"] for b in report.broken} >= {"the private part was changed"}


def test_an_erased_private_part_of_a_case_leaves_a_sound_journal(audited: Database) -> None:
    audited.sql("UPDATE entries SET private = NULL WHERE case_id = 2 AND seq = :seq", seq=LAST)
    assert verified(audited).sound


def test_an_erased_name_leaves_a_sound_chain(audited: Database) -> None:
    """The row still has the name, and that is what the audit says: it has to be erased there as well."""
    audited.sql("UPDATE debtor_entries SET private = NULL WHERE debtor_id = 2 AND seq = 1")
    report = verified(audited)
    assert report.broken == []
    assert report.projection_differs == [{"debtor": 2, "fields": ["name_key", "state"]}]


def test_a_private_part_that_was_never_there_is_found(audited: Database) -> None:
    audited.sql("UPDATE entries SET private = '{}' WHERE case_id = 2 AND seq = 1")
    assert ("case", 2, 1) in found(verified(audited))


# --- entries that come, go, and change places -------------------------------------------------------------------------


@pytest.mark.parametrize("seq", [1, 2, LAST - 1, LAST])
def test_a_removed_entry_is_found(audited: Database, seq: int) -> None:
    audited.sql("DELETE FROM entries WHERE case_id = 2 AND seq = :seq", seq=seq)
    report = verified(audited)
    assert not report.sound
    assert {number for subject, number, _ in found(report) if subject == "case"} == {2}


@pytest.mark.parametrize("renumbered", [pytest.param(False, id="beside"), pytest.param(True, id="at-the-end")])
def test_an_inserted_entry_is_found(audited: Database, renumbered: bool) -> None:
    """A copy of an entry: once in its own place with the later ones moved up, once at the end."""
    if not renumbered:
        for seq in range(LAST, 3, -1):
            audited.sql("UPDATE entries SET seq = :to WHERE case_id = 2 AND seq = :seq", to=seq + 1, seq=seq)
    columns = ", ".join(Record._fields)
    copied = columns.replace("seq", str(LAST + 1 if renumbered else 4), 1)
    audited.sql(
        f"INSERT INTO entries (case_id, {columns}) SELECT case_id, {copied} FROM entries WHERE case_id = 2 AND seq = 3"
    )
    assert not verified(audited).sound


def test_swapped_entries_are_found(audited: Database) -> None:
    for old, new in ((3, 100), (4, 3), (100, 4)):
        audited.sql("UPDATE entries SET seq = :new WHERE case_id = 2 AND seq = :old", old=old, new=new)
    assert {("case", 2, 3), ("case", 2, 4)} <= found(verified(audited))


def test_an_entry_that_moved_to_another_case_is_found(audited: Database) -> None:
    """Its digest names its case: a journal cannot be had under another number."""
    audited.sql("DELETE FROM entries WHERE case_id = 3")
    columns = ", ".join(Record._fields)
    audited.sql(f"INSERT INTO entries (case_id, {columns}) SELECT 3, {columns} FROM entries WHERE case_id = 1")
    assert ("case", 3, 1) in found(verified(audited))


def test_two_journals_that_changed_places_are_found(audited: Database) -> None:
    places = {1: 3, 3: 1}
    written = audited.dump(("entries",))["entries"]
    audited.restore({"entries": [(places.get(case, case), *rest) for case, *rest in written]})
    assert {("case", 1, 1), ("case", 3, 1)} <= found(verified(audited))


# --- the tail ---------------------------------------------------------------------------------------------------------


def test_a_cut_tail_is_found_by_the_row(audited: Database) -> None:
    audited.sql("DELETE FROM entries WHERE case_id = 2 AND seq > 5")
    report = verified(audited)
    assert any(b["case"] == 2 and "cut or added" in b["what"] for b in report.broken)


def _cut_with_its_row(database: Database, seq: int) -> str:
    """Cut a tail and make the row fit what is left, as somebody would who knows the program; the head of before."""
    head = str(database.value("SELECT head FROM cases WHERE case_id = 2"))
    database.sql("DELETE FROM entries WHERE case_id = 2 AND seq > :seq", seq=seq)
    store = database.store()
    with store.reading() as tx:
        records = tx.cases.records(2)
    row = state_row(case_of.fold(2, opened(records)), records[-1].digest, policy_of(plain_policy(), 0))
    with database.connect() as conn:
        conn.execute(update(cases).where(cases.c.case_id == 2).values(row))
    return head


def test_a_cut_tail_with_its_row_is_found_by_a_noted_head_only(audited: Database) -> None:
    head = _cut_with_its_row(audited, 5)
    assert verified(audited).sound
    report = verified(audited, {2: head})
    assert [(b["case"], b["seq"]) for b in report.broken] == [(2, 5)]
    assert "the noted head is not in the journal" in report.broken[0]["what"]


def test_a_head_that_was_noted_earlier_is_still_in_the_journal(audited: Database) -> None:
    head = str(audited.value("SELECT head FROM cases WHERE case_id = 2"))
    note(a_desk(audited), "2", "more")
    assert verified(audited, {2: head}).sound
    assert not verified(audited, {1: head}).sound


def test_a_rewritten_journal_is_found_by_a_noted_head_only(audited: Database) -> None:
    """Somebody who can compute digests can write another history; the head that was noted elsewhere tells."""
    head = str(audited.value("SELECT head FROM cases WHERE case_id = 3"))
    ((text,),) = audited.sql("SELECT data FROM entries WHERE case_id = 3")
    data = json.loads(text)
    data["creditor"] = "Somebody else"
    with audited.store().reading() as tx:
        (record,) = tx.cases.records(3)
    changed = record._replace(data=json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    new = digest("case 3", changed, GENESIS)
    audited.sql("UPDATE entries SET data = :data, digest = :new WHERE case_id = 3", data=changed.data, new=new)
    audited.sql("UPDATE cases SET creditor = 'Somebody else', head = :new WHERE case_id = 3", new=new)
    assert verified(audited).sound
    assert [b["case"] for b in verified(audited, {3: head}).broken] == [3]


# --- rows -------------------------------------------------------------------------------------------------------------


def _another(value: Any) -> Any:
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    text = str(value)
    return (
        "2001-02-03"
        if text[4:5] == "-"
        else text + "x"
        if len(text) < 3
        else text[:-1] + ("y" if text[-1] != "y" else "z")
    )


@pytest.mark.parametrize("column", [c.name for c in cases.columns if c.name != "case_id"])
def test_a_changed_column_of_a_case_is_found(audited: Database, column: str) -> None:
    before = audited.value(f"SELECT {column} FROM cases WHERE case_id = 2")
    new: Any = _another(before)
    if before is None:
        kind = str(cases.c[column].type)
        new = "2001-02-03" if kind == "DATE" else True if kind == "BOOLEAN" else 5 if "INT" in kind else "x"
    audited.sql(f"UPDATE cases SET {column} = CAST(:new AS {_cast(audited, column)}) WHERE case_id = 2", new=new)
    report = verified(audited)
    assert not report.sound
    assert {number for subject, number, _ in found(report) if subject == "case"} == {2}
    if column not in ("head", "reviewed_under"):
        assert column in {field for d in report.projection_differs for field in d["fields"]}


def _cast(database: Database, column: str) -> str:
    if database.kind == "sqlite":
        return {"BIGINT": "INTEGER", "INTEGER": "INTEGER", "BOOLEAN": "INTEGER"}.get(str(cases.c[column].type), "TEXT")
    return str(cases.c[column].type.compile(database.engine.dialect)).partition(" COLLATE")[0]


@pytest.mark.parametrize("column", [c.name for c in debtors.columns if c.name != "debtor_id"])
def test_a_changed_column_of_a_debtor_is_found(audited: Database, column: str) -> None:
    before = audited.value(f"SELECT {column} FROM debtors WHERE debtor_id = 2")
    audited.sql(f"UPDATE debtors SET {column} = :new WHERE debtor_id = 2", new=_another(before))
    assert {(subject, number) for subject, number, _ in found(verified(audited))} == {("debtor", 2)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        pytest.param("due_on", "'someday'", id="a-day-that-is-none"),
        pytest.param("state", "'no json'", id="no-json"),
        pytest.param("state", "'[]'", id="a-list"),
        pytest.param("balance", "'much'", id="no-number"),
        pytest.param("currency", "'XXX'", id="no-currency"),
        pytest.param("principal", "x'00ff'", id="bytes"),
    ],
)
def test_a_row_that_holds_anything_is_a_finding_and_no_crash(sqlite: Database, column: str, value: str) -> None:
    """SQLite keeps what it is given, whatever the column is called."""
    fill(sqlite)
    sqlite.sql(f"UPDATE cases SET {column} = {value} WHERE case_id = 2")
    assert column in {field for d in verified(sqlite).projection_differs for field in d["fields"]}


@pytest.mark.parametrize("column", ["actor", "data", "digest", "recorded_at", "effective_on", "kind"])
@pytest.mark.parametrize("value", [pytest.param("x'00ff'", id="bytes"), pytest.param("''", id="nothing")])
def test_an_entry_that_holds_anything_is_a_finding_and_no_crash(sqlite: Database, column: str, value: str) -> None:
    fill(sqlite)
    sqlite.sql(f"UPDATE entries SET {column} = {value} WHERE case_id = 2 AND seq = 3")
    report = verified(sqlite)
    assert 2 in {b["case"] for b in report.broken}
    assert report.cases == 3


# --- whole cases, debtors, references ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_case_that_is_gone_is_found_by_the_numbers(audited: Database, number: int) -> None:
    for table in ("entries", "case_refs", "cases"):
        audited.sql(f"DELETE FROM {table} WHERE case_id = :number", number=number)
    report = verified(audited)
    assert [b["what"] for b in report.broken] == ["3 cases were numbered, 2 are there"]


def test_a_debtor_who_is_gone_is_found_by_the_numbers(audited: Database) -> None:
    audited.sql("DELETE FROM debtor_entries WHERE debtor_id = 3")
    audited.sql("DELETE FROM debtors WHERE debtor_id = 3")
    assert "3 debtors were numbered, 2 are there" in [b["what"] for b in verified(audited).broken]


def test_a_case_that_is_gone_with_its_number_is_found_by_its_noted_head(audited: Database) -> None:
    head = str(audited.value("SELECT head FROM cases WHERE case_id = 3"))
    for table in ("entries", "cases"):
        audited.sql(f"DELETE FROM {table} WHERE case_id = 3")
    audited.sql("UPDATE counters SET next = 3 WHERE name = 'cases'")
    assert verified(audited).sound
    assert [b["case"] for b in verified(audited, {3: head}).broken] == [3]


def test_a_case_that_nobody_numbered_is_found(audited: Database) -> None:
    audited.sql("DELETE FROM counters WHERE name = 'cases'")
    assert "0 cases were numbered, 3 are there" in [b["what"] for b in verified(audited).broken]


def test_a_bank_line_that_nobody_numbered_is_found(audited: Database) -> None:
    lines = int(audited.value("SELECT count(*) FROM bank_lines"))
    audited.sql("DELETE FROM counters WHERE name = 'bank_lines'")
    audited.sql("INSERT INTO counters (name, next) VALUES ('bank_lines', :next)", next=lines + 2)
    what = f"{lines + 1} bank lines were numbered, {lines} are there"
    assert [b["what"] for b in verified(audited).broken] == [what]


def test_a_row_without_a_journal_and_a_journal_without_a_row(audited: Database) -> None:
    audited.sql("DELETE FROM entries WHERE case_id = 1")
    audited.sql("DELETE FROM cases WHERE case_id = 3")
    whats = {(b["case"], b["what"]) for b in verified(audited).broken}
    assert {(1, "the journal is missing"), (3, "the case's row is missing")} <= whats


def test_a_reference_that_leads_nowhere_or_elsewhere_is_found(audited: Database) -> None:
    audited.sql("DELETE FROM case_refs WHERE case_id = 1")
    audited.sql("UPDATE case_refs SET case_id = 3 WHERE case_id = 2")
    report = verified(audited)
    assert report.broken == []
    assert {(d["case"], d["what"]) for d in report.projection_differs} == {
        (1, "no entry in case_refs"),
        (2, "no entry in case_refs"),
        (3, "no such case"),
    }


def test_a_policy_that_was_changed_in_place_is_found(audited: Database) -> None:
    """Rows name the policy by what it says."""
    desk = a_desk(audited)
    strict = plain_policy(name="strict")
    desk.store.writing(lambda tx: tx.policies.add(strict, "2025-01-06T04:00:00.000000Z", "li"))
    a_filed_case(desk, policy="strict")
    assert verified(audited).sound
    audited.sql("UPDATE policies SET plain = REPLACE(plain, :old, :new)", old='"max_days":60', new='"max_days":61')
    report = verified(audited)
    assert [(b["case"], b["what"].split(" ", 3)[:3]) for b in report.broken] == [
        (None, ["the", "policy", "strict@1"]),
        (4, ["the", "journal", "cannot"]),
    ]
    assert "unknown policy" in report.broken[1]["what"]


def test_progress_is_told_journal_by_journal(audited: Database) -> None:
    told: list[tuple[int, int]] = []
    with audited.store().reading() as tx:
        tx.audit.everything({}, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 14), (8, 14), (9, 14), (10, 14), (13, 14), (14, 14)]
