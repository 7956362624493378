"""Statements of real banks, where they lie beside the repository: all good ones are read, all broken ones named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Dunning
from tests.imports.files import a_file
from tests.store.databases import Database

ROOT = Path(__file__).parents[2]
SAMPLES = next(
    (place for up in ROOT.parents if (place := up / "shared" / "data" / "statements").is_dir()), ROOT / "none"
)

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")

NOW = "2026-11-25"
GOOD = {  # lines that were read, those left out (debits, pending, neutral), statements that do not add up
    "camt053/camt053.v2.multi.statement.xml": (2, 1, []),
    "camt053/camt053.v4.xml": (1, 0, [("253EURNL26VAYB8060476890", "27.00", "-27.00")]),
    "camt053/camt053.v8.xml": (1, 0, [("253EURNL26VAYB8060476890", "27.00", "-27.00")]),
    "mt940/abnamro.sta": (
        10,
        10,
        [("ABN AMRO BANK NV/19321/1", "2914.84", "876.84"), ("ABN AMRO BANK NV/19322/1", "2852.35", "1849.75")],
    ),
    "mt940/amount_formats.sta": (0, 0, []),
    "mt940/ing.sta": (7, 5, [("MPBZ/000", "-45.59", "3.47")]),
    "mt940/knab.sta": (3, 1, [("B4G30MS9D00A003D/999/1", "-3701.02", "798.98")]),
    "mt940/rabobank.sta": (
        5,
        5,
        [("940A110615/00000/00", "-740.11", "395.82"), ("940A110617/00000/00", "1014.31", "1250.87")],
    ),
    "mt940/sepa_mt9401.sta": (97, None, []),
    "mt940/triodos.sta": (2, 2, [("1308728725026/1/1", "4259.39", "4370.79")]),
    "ofx/bank_small.ofx": (0, 0, []),
    "ofx/checking.ofx": (3, 2, []),
    "ofx/suncorp.ofx": (1, 1, []),
    "china/alipay.csv": (8, 7, []),
    "china/wechat.csv": (27, 22, []),
    "china/icbc-debit.csv": (11, 6, []),
    "china/cmb-debit.csv": (5, 4, []),
    "csv/csv_french_headers.csv": (3, 2, []),
}
BROKEN = {
    "camt053/camt053.v2.wrong.xml": "holds no statement: it has no element Stmt",
    "mt940/sepa_snippet_broken.sta": "line 6: an account (:25:) stands in the middle of a statement",
    "ofx/decimal_error.ofx": "line 34: TRNAMT '$120' is no amount",
    "csv/csv_garbled_amount.csv": "line 3: amount '12..34'",
}
MAPPINGS = {"alipay": "alipay", "wechat": "wechat", "icbc-debit": "icbc", "cmb-debit": "cmb"}
OWN_MAPPINGS = {
    "csv_french_headers": 'decimal = ","\ndebit = "Débit"\ncredit = "Crédit"\n[columns]\ndate = "Date opération"\n'
    'text = "Libellé"\ncurrency = "Devise"\npayment_reference = "Référence"\n',
    "csv_garbled_amount": '[columns]\ndate = "Date"\namount = "Amount"\ncurrency = "Currency"\ntext = "Description"\n',
}


def mapping_of(name: str, folder: Path) -> list[str]:
    stem = Path(name).stem
    if stem in MAPPINGS:
        return ["--mapping", MAPPINGS[stem]]
    if stem in OWN_MAPPINGS:
        return ["--mapping", a_file(folder / "mapping.toml", OWN_MAPPINGS[stem])]
    return []


def test_every_sample_is_tried() -> None:
    assert {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.*")} == GOOD.keys() | BROKEN.keys()


@pytest.mark.parametrize("name", GOOD)
def test_a_good_sample_is_read_to_its_end(dunning: Dunning, tmp_path: Path, name: str) -> None:
    lines, left_out, differ = GOOD[name]
    dunning.ok("add-case", "--debtor", "X", "--creditor", "Y", "--principal", "1", "--due", "2024-01-01", now=NOW)
    line = ["import-payments", str(SAMPLES / name), *mapping_of(name, tmp_path)]
    done = dunning.ok(*line, now=NOW)
    assert (done["read"], done["rejected"]) == (lines, [])
    assert left_out in (None, done["left_out"])
    assert [(each["statement"], each["expected"], each["found"]) for each in done["balance_check"]] == differ
    assert done["read"] == sum(done[n] for n in ("matched", "unmatched", "duplicate", "reversed", "left_out"))
    again = dunning.ok(*line, now=NOW)
    assert (again["matched"], again["unmatched"], again["reversed"]) == (0, 0, 0)
    assert len(dunning.ok("list-unmatched", "--limit", "0", now=NOW)) <= done["unmatched"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_sample_is_refused_by_name_and_line(
    dunning: Dunning, sqlite: Database, tmp_path: Path, name: str
) -> None:
    dunning.ok("list-cases")
    before = sqlite.dump()
    error = dunning.fails(6, "import-payments", str(SAMPLES / name), *mapping_of(name, tmp_path), now=NOW)
    assert Path(name).name in error["message"]
    assert BROKEN[name] in error["message"]
    assert sqlite.dump() == before
