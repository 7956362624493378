"""The tables, alike on SQLite, PostgreSQL and a distributed PostgreSQL.

Everything that hangs on a case carries `case_id` in its key. `entries` and `debtor_entries` are the journals and the
truth; `cases` and `debtors` are projections of them, there for speed; the rest are tables of their own. Texts of the
journal are stored as they were hashed.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

REVISION = "0010"  # the newest migration; a test keeps it honest, and opening a database compares with it

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = BigInteger().with_variant(Integer, "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")  # compared by code point everywhere


def _where(condition: str, *columns: str) -> Index:
    """An index over those rows only for which something is so.

    The migrations make it so. Here it is only noted: SQLAlchemy would import a whole dialect for each keyword.
    """
    return Index(None, *columns, info={"where": condition})


def _where_known(day: str) -> Index:
    """An index over the cases that have such a day; many never have one."""
    return _where(f"{day} IS NOT NULL", day, "case_id")


def _journal(name: str, owner: str, owners: str) -> Table:
    return Table(
        name,
        metadata,
        Column(owner, _ID, primary_key=True, autoincrement=False),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("recorded_at", String(27), nullable=False),
        Column("effective", String(40), nullable=False),
        Column("effective_on", String(10), nullable=False),
        Column("actor", Text, nullable=False),
        Column("clock", String(6), nullable=False),
        Column("kind", String(32), nullable=False),
        Column("format", Integer, nullable=False),
        Column("data", Text, nullable=False),
        Column("private", Text),
        Column("private_hash", String(64), nullable=False),
        Column("digest", String(64), nullable=False),
        ForeignKeyConstraint([owner], [f"{owners}.{owner}"]),
    )


# `deadline_on` is the next day of law that passes, `warn_on` when the nightly run has something to do about such days,
# and `law_under` the digest of the rules under which both were worked out: NULL where that has to be done, empty for a
# closed case, which has none. `worth` ranks the worklist: what a contact about an open case was worth on the last day
# that its journal speaks of (NULL: it is not open), by the chances `worth_under`: a version of recovery_chances, 0 for
# the table of the program, -1 where it has to be worked out.
cases = Table(
    "cases",
    metadata,
    Column("case_id", _ID, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("debtor_id", _ID, nullable=False),
    Column("creditor", _KEY, nullable=False),
    Column("reference", _KEY),
    Column("portfolio", Text),
    Column("currency", String(3), nullable=False),
    Column("principal", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("incurred_on", Date),
    Column("debt_type", String(20)),
    Column("consumer", Boolean(create_constraint=False)),
    Column("jurisdiction", String(40), nullable=False),
    Column("policy", _KEY, nullable=False),
    Column("collector", _KEY),
    Column("stage", String(12), nullable=False),
    Column("status", String(8), nullable=False),
    Column("outcome", String(14)),
    Column("closed_on", Date),
    Column("days_at_close", Integer),
    Column("balance", BigInteger, nullable=False),
    Column("next_action_on", Date),
    Column("next_action", String(24)),
    Column("reviewed_under", String(16), nullable=False),
    Column("state", Text, nullable=False),
    Column("rates", Text),  # the rate table that the debt's interest goes on with, as it was read
    Column("deadline_on", Date),
    Column("warn_on", Date),
    Column("law_under", _KEY),
    Column("worth", BigInteger),
    Column("worth_under", Integer, nullable=False),
    Index(None, "next_action_on", "case_id"),
    Index(None, "policy", "reviewed_under", "case_id"),
    Index(None, "debtor_id"),
    Index(None, "status", "due_on"),
    Index(None, "days_at_close"),
    Index(None, "balance"),
    Index(None, "reference"),
    Index(None, "stage"),
    Index(None, "creditor"),
    Index(None, "portfolio"),
    Index(None, "currency"),
    Index(None, "collector", "next_action_on"),
    _where("rates IS NOT NULL", "rates", "case_id"),
    _where_known("deadline_on"),
    _where_known("warn_on"),
    Index(None, "jurisdiction", "law_under", "case_id"),
    _where("worth IS NOT NULL", "worth", "case_id"),
    _where("worth IS NOT NULL", "collector", "worth", "case_id"),
    _where("status <> 'closed'", "worth_under", "case_id"),
)

entries = _journal("entries", "case_id", "cases")

debtors = Table(
    "debtors",
    metadata,
    Column("debtor_id", _ID, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("name_key", _KEY, nullable=False),
    Column("state", Text, nullable=False),
    Index(None, "name_key"),
)

debtor_entries = _journal("debtor_entries", "debtor_id", "debtors")

# A creditor's own keys, each in a table that can be distributed by the key.
case_refs = Table(
    "case_refs",
    metadata,
    Column("reference", _KEY, primary_key=True),
    Column("creditor", _KEY, primary_key=True),
    Column("case_id", _ID, nullable=False),
)
debtor_refs = Table(
    "debtor_refs",
    metadata,
    Column("debtor_ref", _KEY, primary_key=True),
    Column("creditor", _KEY, primary_key=True),
    Column("debtor_id", _ID, nullable=False),
)

# Commands done under a --key: which entries they wrote, or the counts they answered.
requests = Table(
    "requests",
    metadata,
    Column("request_key", _KEY, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("subject", String(6), nullable=False),
    Column("subject_id", _ID),
    Column("before_seq", Integer),
    Column("after_seq", Integer),
    Column("done_at", String(27), nullable=False),
    Column("answer", Text),
)

# Lines of payment files, known by the bank's reference or their content so that no line is booked twice. `private` is
# erasable, and with it `account_key`, the digest by which a payer's account is known again. An amount below 0 is a
# payment that was taken back. A line `waits` while a person has to say whose it is.
bank_lines = Table(
    "bank_lines",
    metadata,
    Column("line_key", _KEY, primary_key=True),
    Column("booked_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("reference", Text),
    Column("case_id", _ID),
    Column("seq", Integer),
    Column("reason", Text),
    Column("private", Text),
    Column("source", Text, nullable=False),
    Column("imported_at", String(27), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("waits", Boolean(create_constraint=False), nullable=False),
    Column("matched_by", String(12)),
    Column("end_to_end", _KEY),
    Column("account_key", String(64)),
    Column("own_account", String(10)),
    Column("statement", Text),
    Column("place", Integer),
    Index(None, "case_id"),
    Index(None, "number"),
    Index(None, "waits", "number"),
    Index(None, "reference"),
    Index(None, "end_to_end"),
    Index(None, "account_key"),
)

# The share of a debt that is recovered, in thousandths, as closed cases showed it each time that it was learned.
recovery_chances = Table(
    "recovery_chances",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("bucket", String(8), primary_key=True),
    Column("segment", String(24), primary_key=True),
    Column("chance", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("learned_at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
)

# Debtors whom a collector has taken from the worklist, so that nobody else calls them, until `expires_at`.
leases = Table(
    "leases",
    metadata,
    Column("debtor_id", _ID, primary_key=True, autoincrement=False),
    Column("collector", _KEY, nullable=False),
    Column("taken_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Index(None, "collector"),
)

# How far the cases that a sweep is about are taken by those who run it side by side; see store/sweeps.py.
sweeps = Table(
    "sweeps",
    metadata,
    Column("name", _KEY, primary_key=True),
    Column("day", Date, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("beyond", Text, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("name", _KEY, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("loaded_at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
    Column("plain", Text, nullable=False),
    Column("digest", String(16), nullable=False),
)

# Which policy a new case follows that names none: `scope` is creditor, portfolio or debtor, `subject` which one.
policy_assignments = Table(
    "policy_assignments",
    metadata,
    Column("subject", _KEY, primary_key=True),
    Column("scope", String(9), primary_key=True),
    Column("policy", _KEY, nullable=False),
    Column("assigned_at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("next", BigInteger, nullable=False),
)
