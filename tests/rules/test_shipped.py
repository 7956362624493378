"""The packs and tables that are shipped: their own examples hold, they cite their sources, and no code knows them."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

import dunning_cli
from dunning_cli.domain.compliance.rule import ContactRule
from dunning_cli.domain.questions import Answer
from dunning_cli.domain.rules import Example, Pack
from dunning_cli.errors import DunningError
from dunning_cli.rules.book import Book
from dunning_cli.rules.files import SHIPPED, read
from dunning_cli.services.questions import answer
from dunning_cli.services.rules import try_examples

BOOK = Book()
SOURCE = Path(dunning_cli.__file__).parent
CASES = next((p for p in (up / "shared" / "law" / "cases.json" for up in SOURCE.parents) if p.exists()), None)


PACKS_AND_TABLES = sorted(path for room in ("packs", "tables") for path in (SHIPPED / room).glob("*.toml"))


@pytest.mark.parametrize("path", PACKS_AND_TABLES, ids=lambda path: path.stem)
def test_a_shipped_file_is_read_quickly_and_in_full_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_full = read(path, quickly=False)
    monkeypatch.setattr("dunning_cli.rules.files._adapter", None)  # nothing is left to the other reading
    assert read(path) == in_full


@pytest.mark.parametrize("pack", BOOK.packs(), ids=lambda pack: pack.id)
def test_its_own_examples_hold(pack: Pack) -> None:
    tried = try_examples(BOOK, pack.id)
    assert tried
    assert [(each.example.id, each.differs) for each in tried if not each.holds] == []


@pytest.mark.parametrize("pack", BOOK.packs(), ids=lambda pack: pack.id)
def test_a_pack_speaks_both_languages_and_cites(pack: Pack) -> None:
    assert pack.title.zh
    assert all(text.zh for text in pack.limitations)
    for rule in pack.rules:
        assert rule.text.en.endswith((".", ")"))
        assert re.search("[\u4e00-\u9fff]", rule.text.zh), rule.id
        assert rule.source.title
        assert rule.id.partition(".")[0] in {pack.id.partition("-")[0], pack.id, *pack.extends}


TRIED = ("money", "allocation", "deadline", "limitation", "retention")


@pytest.mark.parametrize("pack", BOOK.packs(), ids=lambda pack: pack.id)
def test_every_rule_is_tried_by_an_example(pack: Pack) -> None:
    """Each decides an example of the pack that it was written in."""
    used = {rule for example in pack.examples for rule in _answer(pack, example).beside.get("rules", ())}
    own = {rule.id for rule in pack.rules if pack.origins[rule.id] == pack.id and rule.kind in TRIED}
    assert used <= {rule.id for rule in pack.rules}
    assert sorted(own - used) == []


@pytest.mark.parametrize("pack", BOOK.packs(), ids=lambda pack: pack.id)
def test_every_rule_of_contact_is_tried_by_an_example(pack: Pack) -> None:
    """Each stands against something in an example of the pack that it was written in."""
    stood = {
        finding["rule"] for example in pack.examples for finding in _answer(pack, example).beside.get("findings", ())
    }
    own = {rule.id for rule in pack.rules if pack.origins[rule.id] == pack.id and isinstance(rule, ContactRule)}
    assert sorted(own - stood) == []


def _answer(pack: Pack, example: Example) -> Answer:
    return answer(BOOK, BOOK.pack(example.jurisdiction), example.kind, example.facts, example.ask)


def test_tables_are_dated_and_sourced() -> None:
    tables = list(BOOK.tables())
    assert [table.id for table in tables] == ["boe-bank-rate", "cn-lpr-1y", "de-basiszinssatz", "ecb-mro"]
    for table in tables:
        assert table.source.url
        assert table.title.zh
        assert table.known_until
        assert table.known_until >= table.values[-1].from_


# --- the code knows kinds of rule, never a country --------------------------------------------------------------------

COUNTRIES = re.compile(
    r"\b(china|chinese|german|germany|british|england|english law|scotland|scottish|united|europe\w*|american?|"
    r"cn|uk|de|us|eu|bgb|lpr|lpr_1y|bank_rate|mro|basiszins\w*|ecb|regulation f|gbp|eur|cny|rmb)\b",
    re.IGNORECASE,
)
ZONE = re.compile(r"\b[A-Z]\w+/[A-Z]\w+\b")  # of a hint, such as Europe/Berlin
KNOWING_NOTHING = [
    *(SOURCE / "domain" / f"{name}.py" for name in ("rules", "statutory", "appropriation", "questions")),
    *(SOURCE / "domain" / "compliance").glob("*.py"),
    *(SOURCE / "domain" / f"{name}.py" for name in ("calendars", "deadlines", "given", "limitation", "reckoning")),
    *(SOURCE / "domain" / f"{name}.py" for name in ("conduct", "retention")),
    *(SOURCE / "rules").glob("*.py"),
    *(SOURCE / "services" / "questions").glob("*.py"),
    SOURCE / "services" / "rules.py",
    SOURCE / "render" / "rules.py",
]
OF_MONEY = [
    path
    for path in KNOWING_NOTHING
    if path.stem != "conduct" and (path.parent.name != "questions" or path.stem in ("amount", "allocation", "date"))
]


@pytest.mark.parametrize("path", KNOWING_NOTHING, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_country_in_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _DOCUMENTED)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs
    ]
    assert [text for text in texts if COUNTRIES.search(ZONE.sub("", text))] == []


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


@pytest.mark.parametrize("path", OF_MONEY, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_rate_or_threshold_in_the_code(path: Path) -> None:
    """Whole numbers beyond the counting of days and decimals, and any other number at all."""
    harmless = {0, 1, 2, 3, 6, 7, 10, 12, 30, 31, 50, 100, -2, 2001, 20, 24}
    harmless |= {9, 366, 400, 20_000}  # how far the guard looks ahead, and what it keeps in mind
    harmless |= {52, 365, 500, 1900, 3000}  # a year in weeks and days; how far a calendar reaches
    numbers = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]
    assert [number for number in numbers if number not in harmless] == []


# --- worked cases -----------------------------------------------------------------------------------------------------


def _cases() -> list[Any]:
    cases = json.loads(CASES.read_text("utf-8"))["cases"] if CASES else []
    return [pytest.param(case, id=case["id"]) for case in cases if _ours(case)]


def _ours(case: dict[str, Any]) -> bool:
    """Whether this version answers such questions: not those about dates, nor those about limitation."""
    return case["kind"] != "date" and "query" not in case["ask"]


@pytest.mark.skipif(CASES is None, reason="the worked cases are not here")
@pytest.mark.parametrize("case", _cases())
def test_worked_cases(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps([case]), "utf-8")
    (tried,) = try_examples(BOOK, str(path))
    assert tried.differs == ()


def test_a_pack_that_knows_nothing_says_so() -> None:
    with pytest.raises(DunningError, match="says nothing about this"):
        answer(BOOK, BOOK.pack("generic"), "amount", {"b2b": True}, {"measure": "flat_fee"})
