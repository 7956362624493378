"""The database and the policies as people see them."""

from __future__ import annotations

import tomllib

import pytest
from msgspec.structs import replace

from dunning_cli.domain.foresight import differs
from dunning_cli.domain.policies import LEVEL_DEFAULTS, plain_defaults
from dunning_cli.domain.views import DatabaseStatus, PolicyLoaded
from dunning_cli.i18n import Translator
from dunning_cli.render.database import status_object, status_picture
from dunning_cli.render.policies import loaded_picture, policy_file, versions_table
from tests.builders import a_now, a_policy, a_story
from tests.render.conftest import Snapshot, drawn


def loaded(count: int, shown: int, dry_run: bool = False) -> PolicyLoaded:
    story = a_story(reference="LOAN-7 \x1b[31m[bold]")
    sooner = a_policy(version=2, contact={"max_days": 10})
    found = differs(story.case, a_policy(version=2), sooner, a_now("2025-01-16"))
    assert found
    return PolicyLoaded(sooner, 1200, count, (found,) * shown, (), dry_run)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, None])
def test_a_policy_that_was_loaded(width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = loaded_picture(loaded(300, 2), Translator(lang))
    snapshot(f"policy_loaded.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


def test_a_policy_that_nobody_follows_and_a_dry_run() -> None:
    quiet = replace(loaded(0, 0), open_cases=0)
    assert drawn(loaded_picture(quiet, Translator())) == "Policy default@2 is in force.\n"
    assert drawn(loaded_picture(loaded(0, 0, True), Translator())).splitlines() == [
        "Policy default@2 would be in force; nothing was loaded.",
        "Open cases that follow it: 1,200; treated otherwise than before: 0",
    ]


READY = DatabaseStatus("sqlite:///d.db", "sqlite", "3.45", "0001", "0001", 40960, 1200, 3, 14000)
BEHIND = DatabaseStatus("postgresql://h/d", "postgresql", "16.1", None, "0001", None, 0, 0, 0)


@pytest.mark.parametrize(
    ("found", "lang", "shown"),
    [
        pytest.param(
            READY,
            "en",
            "Database  sqlite:///d.db\nKind      sqlite 3.45, 40,960 bytes\nState     version 0001, up to date\n"
            "Holds     1,200 cases, 3 debtors, 14,000 entries\n",
            id="ready",
        ),
        pytest.param(
            READY,
            "zh",
            "数据库  sqlite:///d.db\n种类    sqlite 3.45，40,960 字节\n状态    版本 0001，已是最新\n"
            "内容    1,200 件案件、3 名债务人、14,000 条记录\n",
            id="ready, in Chinese",
        ),
        pytest.param(
            BEHIND,
            "en",
            "Database  postgresql://h/d\nKind      postgresql 16.1\n"
            "State     version none, needs 0001: run dunning db upgrade\nHolds     0 cases, 0 debtors, 0 entries\n",
            id="behind",
        ),
    ],
)
def test_a_database(found: DatabaseStatus, lang: str, shown: str) -> None:
    assert drawn(status_picture(found, Translator(lang)), None, lang) == shown


def test_a_database_for_scripts() -> None:
    assert status_object(READY) == {
        "url": "sqlite:///d.db",
        "kind": "sqlite",
        "server": "3.45",
        "revision": "0001",
        "needed": "0001",
        "size": 40960,
        "cases": 1200,
        "debtors": 3,
        "entries": 14000,
        "ready": True,
    }
    assert status_object(BEHIND)["ready"] is False


def test_versions_of_policies() -> None:
    rows = [
        {"name": "default", "version": 0, "current": False, "loaded_at": None, "actor": None},
        {"name": "default", "version": 1, "current": True, "loaded_at": "2025-01-06T04:00:00.000000Z", "actor": "li"},
    ]
    assert drawn(versions_table(rows, Translator())) == (
        "Policy    Version  In force  Loaded            By\n"
        "default  built in\n"
        "default         1  yes       2025-01-06 04:00  li\n"
    )


def test_a_policy_is_printed_as_the_file_that_loads_it() -> None:
    plain = plain_defaults() | {
        "name": 'the "strict" one',
        "dunning": plain_defaults()["dunning"] | {"level": [{**LEVEL_DEFAULTS, "after": number} for number in (5, 20)]},
        "per_currency": [{"currency": "EUR", "tolerance": "0.05"}, {"currency": "JPY", "tolerance": "10"}],
    }
    shown = drawn(policy_file("strict@2", plain))
    assert shown.startswith("# strict@2\n")
    assert tomllib.loads(shown) == plain


def test_a_policy_without_levels_and_other_currencies() -> None:
    plain = plain_defaults()
    shown = tomllib.loads(drawn(policy_file("default", plain)))
    assert shown["dunning"].setdefault("level", []) == []  # a key that holds no table is left out
    assert shown == {k: v for k, v in plain.items() if k != "per_currency"}
