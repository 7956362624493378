"""Text from outside does no harm: not to a terminal, a spreadsheet, the journal, or the program."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.runner import Dunning, Program
from tests.cli.words import OPEN, opened
from tests.store.databases import Database

ESC = "\x1b[31mred\x1b]0;owned\x07\x1b[2J"
MARKUP = "[bold red]not bold[/] [link=http://x]y[/link] :smile:"
BIDI = "abc\u202egpj.exe\u200b\ufeff"
C1 = "\x9b31mred\x85\u2028"
HOSTILE = {"escapes": ESC, "markup": MARKUP, "direction": BIDI, "c1": C1, "percent": "%s %(x)s {x} {0} \\n"}


def _steers(text: str) -> set[str]:
    """Characters in a text that a terminal obeys, or hides."""
    return {c for c in text if not c.isprintable() and c != "\n"}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_hostile_text_is_kept_as_it_is_and_shown_harmless(dunning: Dunning, text: str) -> None:
    """In every text field of a case, shown by every command that shows it."""
    dunning.ok(
        *("add-case", "--debtor", text, "--creditor", text, "--reference", text, "--principal", "5", "--due"),
        *("2024-12-01", "--portfolio", text, "--collector", text, "--address", text, "--id-number", text),
    )
    dunning.ok("note", "1", text, "--actor", text)
    dunning.ok("log-contact", "1", "--channel", "call", "--outcome", "conversation", "--note", text, "--to", text)
    dunning.ok("record-payment", "1", "1.00", "--reference", text, "--method", text)
    dunning.ok("reverse-payment", "1", text, "--why", text)
    dunning.ok("add-party", "1", "--role", "spouse", "--name", text, "--address", text)
    dunning.ok("end-party", "1", "2", "--why", text)
    rows = dunning.ok("timeline", "1")
    assert (rows[1]["data"]["text"], rows[1]["actor"]) == (text, text)
    shows = (("show-case", "1", "--reveal"), ("show-debtor", "1", "--reveal"), ("show-debtor", "2", "--reveal"))
    for words in (("list-cases",), ("timeline", "1"), *shows):
        for more in ((), ("--lang", "zh"), ("--json",)):
            shown = dunning(*words, *more).out
            assert shown
            assert not _steers(shown), (words, more)
        drawn = dunning(*words, terminal=True, env={"TERM": "xterm", "COLUMNS": "200", "NO_COLOR": "1"}).out
        assert "\x07" not in drawn
        assert "\x1b[2J" not in drawn
        assert "\x9b" not in drawn
        assert "\u202e" not in drawn
    if text == MARKUP:
        assert MARKUP in dunning("timeline", "1").out
    assert dunning.ok("show-case", f"ref:{text}")["case"] == 1


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_an_error_quotes_hostile_text_harmlessly(dunning: Dunning, text: str) -> None:
    for words in (
        ("show-case", text),
        (text,),
        ("list-cases", "--stage", text),
        ("list-cases", "--now", text),
        ("list-cases", "--as-of", text),
        ("policy", "show", text),
        ("policy", "load", f"/nowhere/{text}"),
        ("record-payment", "1", text),
        ("list-cases", "--db", text),
        ("list-cases", "--db", f"sqlite:///nowhere/\0/{text}"),
    ):
        for more in ((), ("--json",), ("--lang", "zh")):
            answer = dunning(*words, *more)
            assert answer.code in (2, 3, 6, 7), (words, answer)
            assert not _steers(answer.err), (words, more)


@pytest.mark.parametrize(
    "text",
    [pytest.param("a\0b", id="nul"), pytest.param("a\udcffb", id="half"), pytest.param("\ud800", id="surrogate")],
)
def test_what_no_journal_can_hold_is_refused(dunning_on: Dunning, database: Database, text: str) -> None:
    """Wherever it stands, on both databases alike."""
    opened(dunning_on)
    before = database.dump()
    for words in (
        ("note", "LOAN-7", text),
        ("note", text, "x"),
        ("show-case", text),
        ("assign-case", "LOAN-7", text),
        ("list-cases", "--collector", text),
        ("list-cases", "--debtor", text),
        (*OPEN[:-4], "--debtor-ref", text),
        (*OPEN[:-4], "--portfolio", text),
        ("edit-debtor", "1", "--address", text),
        ("add-party", "LOAN-7", "--role", "spouse", "--name", text),
        ("add-party", "LOAN-7", "--role", "spouse", "--name", "Li Na", "--address", text),
        ("record-payment", "LOAN-7", "1", "--reference", text),
        ("note", "LOAN-7", "x", "--key", text),
        ("note", "LOAN-7", "x", "--actor", text),
        ("policy", "show", text),
        ("policy", "load", text),
        ("db", "backup", text),
        ("audit", "head", text),
        ("log-contact", "LOAN-7", "--channel", "call", "--outcome", "sent", "--party", f"third_party:{text}"),
    ):
        error = dunning_on.fails(6, *words)
        assert "character that cannot be stored" in error["message"]
        assert "Error: " in dunning_on(*words).err
    assert database.dump() == before


def test_bytes_that_are_no_text_are_refused_by_the_program(subprocess_dunning: Program) -> None:
    """As a shell passes them on: Latin-1 where UTF-8 is meant."""
    answer = subprocess_dunning("note", "1", "Müller".encode("latin-1"))
    assert answer.code == 6
    assert "character that cannot be stored" in answer.err
    answer = subprocess_dunning("list-cases", env={"DUNNING_ACTOR": "M\udcfcller"})
    assert answer.code == 0
    assert subprocess_dunning("add-case", *OPEN[1:], env={"DUNNING_ACTOR": "M\udcfcller"}).code == 6


def test_a_megabyte_is_a_note(dunning_on: Dunning) -> None:
    opened(dunning_on)
    text = "很" * 350_000
    dunning_on.ok("note", "LOAN-7", text)
    assert dunning_on.ok("timeline", "LOAN-7")[1]["data"]["text"] == text
    assert dunning_on("timeline", "LOAN-7").code == 0
    assert dunning_on("audit", "verify").code == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "＝1+1", "\t=1", " =1"])
def test_a_formula_is_text_in_a_spreadsheet(dunning: Dunning, text: str) -> None:
    dunning.ok(
        "add-case", "--debtor", text, "--creditor", text, "--reference", text, "--principal", "5", "--due", "2025-02-01"
    )
    (row,) = csv.DictReader(io.StringIO(dunning("list-cases", "--csv").out))
    for name in ("debtor", "creditor", "reference"):
        assert row[name].lstrip()[:1] not in set("=+-@＝")
    assert (row["days_overdue"], row["total"]) == ("-26", "5.00")


def test_quotes_and_commas_and_lines_stay_in_their_cell(dunning: Dunning) -> None:
    text = 'a,"b"\nc;d'
    dunning.ok("add-case", "--debtor", text, "--creditor", "B", "--principal", "5", "--due", "2025-02-01")
    rows = list(csv.DictReader(io.StringIO(dunning("list-cases", "--csv").out)))
    assert len(rows) == 1
    assert rows[0]["debtor"] == 'a,"b"␊c;d'


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030"])
def test_an_old_encoding_of_the_output_stops_nothing(dunning: Dunning, encoding: str) -> None:
    dunning.ok(
        "add-case", "--debtor", "王芳 😀", "--creditor", "Müller & Söhne", "--principal", "5", "--due", "2024-12-01"
    )
    for words in (
        ("list-cases",),
        ("show-case", "1"),
        ("timeline", "1"),
        ("list-cases", "--csv"),
        ("show-case", "1", "--json"),
        ("show-case", "王芳"),
        ("show-case", "王芳", "--json"),
        ("stages", "--lang", "zh"),
        ("--help",),
        ("nonsense-王",),
    ):
        answer = dunning(*words, encoding=encoding)
        assert answer.code == dunning(*words).code, (words, answer)
    shown = dunning("show-case", "1", "--json", encoding=encoding)
    assert json.loads(shown.out)["debtor"]["name"] == "王芳 😀"


def test_a_settings_file_is_text_from_outside_too(dunning: Dunning, home: Path) -> None:
    file = home / "evil.toml"
    file.write_text('"\\u001b[31m" = "x"\n')
    answer = dunning("list-cases", env={"DUNNING_SETTINGS": str(file)})
    assert answer.code == 6
    assert not _steers(answer.err)
