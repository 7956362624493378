"""Flag, variable, file, default: which one counts; and a settings file with a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import Dunning
from tests.cli.words import DEBT, OPEN, opened


@pytest.fixture
def file(home: Path) -> Path:
    """The user's settings file; not there yet."""
    place = home / "config" / "dunning" / "settings.toml"
    place.parent.mkdir(parents=True)
    return place


def _actor(dunning: Dunning, *words: str, **env: str) -> Any:
    dunning.ok("note", "1", "x", *words, env=env)
    return dunning.ok("timeline", "1")[-1]["actor"]


def test_a_flag_before_a_variable_before_the_file_before_the_default(dunning: Dunning, file: Path) -> None:
    opened(dunning)
    del dunning.env["DUNNING_ACTOR"]
    assert _actor(dunning, LOGNAME="somebody") == "somebody"
    file.write_text('actor = "of the file"\n')
    assert _actor(dunning) == "of the file"
    assert _actor(dunning, DUNNING_ACTOR="of the variable") == "of the variable"
    assert _actor(dunning, "--actor", "of the flag", DUNNING_ACTOR="of the variable") == "of the flag"


def test_what_a_new_case_takes_from_the_settings(dunning: Dunning, file: Path) -> None:
    case = dunning.ok(*OPEN)
    assert (case["currency"], case["jurisdiction"]) == ("CNY", "generic")
    file.write_text('currency = "EUR"\njurisdiction = "de"\n')
    case = dunning.ok("add-case", "--debtor", "W", *DEBT)
    assert (case["currency"], case["jurisdiction"]) == ("EUR", "de")
    case = dunning.ok(
        "add-case", "--debtor", "W", *DEBT, "--currency", "usd", env={"DUNNING_JURISDICTION": "us-federal"}
    )
    assert (case["currency"], case["jurisdiction"]) == ("USD", "us-federal")


def test_the_database_of_the_file(dunning: Dunning, file: Path, tmp_path: Path) -> None:
    del dunning.env["DUNNING_DB"]
    file.write_text(f'database = "sqlite:///{tmp_path}/other.db"\n')
    assert dunning.ok("init")["url"].endswith("/other.db")
    assert dunning.ok("init", "--db", f"sqlite:///{tmp_path}/flag.db")["url"].endswith("/flag.db")


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        pytest.param('actr = "li"\n', "'actr' is no setting", "Did you mean 'actor'?", id="unknown-word"),
        pytest.param('xyzzy = "li"\n', "'xyzzy' is no setting", "The settings are: ", id="nothing-near"),
        pytest.param("actor = 5\n", "'actor' must be a text", "", id="no-text"),
        pytest.param('path = "x"\n', "'path' is no setting", "", id="not-a-setting"),
        pytest.param("actor = li\n", "cannot be read", "", id="no-toml"),
        pytest.param('currency = "XYZ"\n', "'XYZ' is no currency", "", id="no-currency"),
        pytest.param('timezone = "Mars"\n', "'Mars' is no time zone", "", id="no-zone"),
        pytest.param('set_clock = "perhaps"\n', "set_clock is allow or refuse", "", id="no-answer"),
        pytest.param('statement_timeout = "soon"\n', "whole number of seconds", "like 120", id="no-number"),
        pytest.param('statement_timeout = "2147484"\n', "whole number of seconds", "like 120", id="too-many-seconds"),
    ],
)
def test_a_mistake_in_the_file_is_named(dunning: Dunning, file: Path, text: str, says: str, hint: str) -> None:
    if "timezone" in text:
        del dunning.env["DUNNING_TIMEZONE"]
    file.write_text(text)
    for words in (OPEN, ("list-cases",)):
        error = dunning.fails(6, *words)
        assert says in error["message"]
        assert hint in error["hint"]
    plain = dunning("list-cases")
    assert plain.err.startswith("Error: ")


def test_a_file_that_is_named_has_to_be_there(dunning: Dunning, home: Path) -> None:
    error = dunning.fails(6, "list-cases", env={"DUNNING_SETTINGS": str(home / "none.toml")})
    assert "none.toml" in error["message"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("note", "1", "x"), id="note"),
        pytest.param(OPEN[:-4], id="add-case"),
        pytest.param(("edit-debtor", "1", "--name", "W"), id="edit-debtor"),
        pytest.param(("check-overdue",), id="check-overdue"),
    ],
)
def test_a_clock_that_was_set_can_be_refused(dunning: Dunning, words: tuple[str, ...]) -> None:
    opened(dunning)
    refuse = {"DUNNING_SET_CLOCK": "refuse"}
    error = dunning.fails(4, *words, env=refuse)
    assert "clock" in error["message"]
    assert dunning("show-case", "1", env=refuse).code == 0
    del dunning.env["DUNNING_NOW"]
    assert dunning(*words, env=refuse).code == 0
    assert dunning.fails(4, *words, "--now", "2025-01-06T12:00:00+08:00", env=refuse)["code"] == "refused"


def test_entries_under_a_clock_that_was_set_are_counted(dunning: Dunning) -> None:
    opened(dunning)
    assert dunning.ok("audit", "verify")["clock_set"] == 3
    del dunning.env["DUNNING_NOW"]
    dunning.ok("note", "1", "x")
    assert dunning.ok("audit", "verify")["clock_set"] == 3
    assert [row["clock"] for row in dunning.ok("timeline", "1")] == ["set", "system"]


@pytest.mark.parametrize(
    ("now", "zone", "today"),
    [
        pytest.param("2025-01-06T23:30:00+08:00", "Asia/Shanghai", "2025-01-06", id="before-midnight"),
        pytest.param("2025-01-06T16:30:00+00:00", "Asia/Shanghai", "2025-01-07", id="after-midnight-there"),
        pytest.param("2025-01-06T16:30:00Z", "America/New_York", "2025-01-06", id="another-zone"),
        pytest.param("2025-01-06T23:30:00", "Asia/Shanghai", "2025-01-06", id="without-an-offset"),
        pytest.param("2025-01-06", "Asia/Shanghai", "2025-01-06", id="a-day"),
    ],
)
def test_today_is_the_creditor_s(dunning: Dunning, now: str, zone: str, today: str) -> None:
    env = {"DUNNING_NOW": now, "DUNNING_TIMEZONE": zone}
    assert dunning.ok(*OPEN, env=env)["as_of"] == today


@pytest.mark.parametrize(
    "now", ["yesterday", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-05:00", "1800-01-01", "2025-13-01", "12:00"]
)
def test_a_now_that_is_none(dunning: Dunning, now: str) -> None:
    for words in (OPEN, ("list-cases",)):
        assert "is no instant" in dunning.fails(6, *words, env={"DUNNING_NOW": now})["message"]
        assert "is no instant" in dunning.fails(6, *words, "--now", now)["message"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "1800-01-01", "2025-01-01T00:00:00+08:00:30"])
def test_an_instant_that_no_journal_holds(dunning_on: Dunning, at: str) -> None:
    opened(dunning_on)
    words = ("log-contact", "1", "--channel", "call", "--outcome", "sent", "--at", at)
    assert "is no instant" in dunning_on.fails(6, *words)["message"]
    assert dunning_on("show-case", "1", "--known-at", at).code == 6
