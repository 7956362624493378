"""The benchmark's floor of an import, a script of the standard library, and the program write the same journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import scale
from benchmarks.data import TODAY, at
from tests.store.databases import close_connections, copy_of, migrated_sqlite


def test_a_script_without_the_program_writes_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every column of every table, but for the salts and what is hashed over them; and every chain is sound."""
    monkeypatch.setattr(scale, "BATCH", 30)
    monkeypatch.setattr("dunning_cli.services.case_imports.BATCH", 30)
    ledgers = [scale.ledger(tmp_path / f"{prefix}.csv", 70, prefix) for prefix in ("A", "B", "A")]
    empty = migrated_sqlite(tmp_path / "empty.db")
    product, floor = (copy_of(empty, tmp_path / f"{name}.db") for name in ("product", "floor"))
    for ledger, added in zip(ledgers, (70, 70, 0), strict=True):
        assert scale.product(ledger, product.path, at(TODAY)) == added
        assert scale.floor(ledger, floor.path, at(TODAY)) == added
    scale.same(product.path, floor.path)
    for database in (product, floor):
        report = database.verify()
        assert report.sound, report
        assert (report.cases, report.debtors, report.entries) == (140, 140, 420)
    with floor.connect() as conn:
        conn.exec_driver_sql("UPDATE cases SET principal = principal + 1 WHERE case_id = 7")
    with pytest.raises(RuntimeError, match="differ in cases"):
        scale.same(product.path, floor.path)
    close_connections()
