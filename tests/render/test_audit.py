"""What audit verify found."""

from __future__ import annotations

import pytest

from dunning_cli.domain.views import AuditReport
from dunning_cli.i18n import Translator
from dunning_cli.render.audit import audit_picture, heads_object, heads_table
from tests.render.conftest import Snapshot, drawn


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("en", "✓ Sound: 1,200 cases, 3 debtors, 14,000 entries read\n"),
        ("zh", "✓ 完好：已读 1,200 件案件、3 名债务人、14,000 条记录\n"),
    ],
)
def test_a_sound_journal(lang: str, shown: str) -> None:
    assert drawn(audit_picture(AuditReport(1200, 3, 14000), Translator(lang)), None, lang) == shown


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, None])
def test_a_broken_journal(width: int | None, lang: str, snapshot: Snapshot) -> None:
    found = AuditReport(12, 3, 140, 2)
    found.broken = [
        {"case": 5, "seq": 3, "what": "entry 2 is missing"},
        {"debtor": 2, "seq": 1, "what": "the private part was changed"},
        {"case": None, "seq": None, "what": "12 cases were numbered, 11 are there"},
        {"debtor": None, "seq": None, "what": "3 debtors were numbered, 2 are there"},
        {"case": 6, "seq": 4, "what": "the journal cannot be read: \x1b[31mx"},
    ]
    found.projection_differs = [
        {"case": 7, "fields": ["stage", "status"]},
        {"case": 8, "fields": ["reference"], "what": "no entry in case_refs"},
        {"debtor": 1, "fields": ["name"]},
    ]
    snapshot(f"audit.{lang}.{width or 'pipe'}", drawn(audit_picture(found, Translator(lang)), width, lang))


def test_a_projection_that_differs_is_not_sound() -> None:
    found = AuditReport(projection_differs=[{"case": 7, "fields": ["stage"]}])
    assert drawn(audit_picture(found, Translator())).startswith("✗ Broken: ")


def test_heads() -> None:
    found = [(42, 5, "ab" * 32), (7, 12, "cd" * 32)]
    assert heads_object(found)[0] == {"case": 42, "entries": 5, "head": "ab" * 32}
    assert drawn(heads_table(found, Translator())) == (
        f"Case  Entries  Head\n  42        5  {'ab' * 32}\n   7       12  {'cd' * 32}\n"
    )
    for width in (60, 80):
        rows = drawn(heads_table(found, Translator()), width).splitlines()[2:]
        assert "".join(row[15:].strip() for row in rows) == "ab" * 32 + "cd" * 32
