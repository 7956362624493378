"""中文: the main commands speak Chinese, and what is data stays as it is."""

from __future__ import annotations

import re

import pytest

from tests.cli.runner import Dunning
from tests.cli.words import OPEN, agreed, opened

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("list-cases",), ["案件", "债务人", "阶段", "LOAN-7", "履约跟踪"], id="list-cases"),
        pytest.param(("show-case", "LOAN-7"), ["Wang Fang", "River Bank", "履约跟踪", "失业"], id="show-case"),
        pytest.param(("timeline", "LOAN-7"), ["立案", "li"], id="timeline"),
        pytest.param(("show-debtor", "1"), ["Wang Fang", "138****8000"], id="show-debtor"),
        pytest.param(("note", "LOAN-7", "A note"), ["案件 1", "LOAN-7", "A note"], id="note"),
        pytest.param(("record-payment", "LOAN-7", "500.00"), ["500.00 CNY"], id="record-payment"),
        pytest.param(("check-overdue",), ["2025-01-06"], id="check-overdue"),
        pytest.param(("check-overdue", "--dry-run"), ["2025-01-06"], id="check-overdue-dry-run"),
        pytest.param(("stages",), ["协商", "法律程序"], id="stages"),
        pytest.param(("audit", "verify"), ["✓"], id="audit-verify"),
        pytest.param(("db", "status"), ["数据库"], id="db-status"),
        pytest.param(("policy", "list"), ["default"], id="policy-list"),
    ],
)
def test_a_command_in_chinese(dunning: Dunning, words: tuple[str, ...], says: list[str]) -> None:
    agreed(dunning)
    answer = dunning(*words, "--lang", "zh")
    assert (answer.code, answer.err) == (0, "")
    assert CHINESE.search(answer.out)
    for text in says:
        assert text in answer.out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(("show-case", "99"), 3, "没有案件 99", id="3"),
        pytest.param(("show-case", "NO"), 3, "NO", id="3-reference"),
        pytest.param(("escalate", "LOAN-7"), 4, "3", id="4-guards"),
        pytest.param(OPEN, 4, "LOAN-7", id="4-duplicate"),
        pytest.param(("record-payment", "LOAN-7", "x"), 6, "CNY", id="6-amount"),
    ],
)
def test_an_error_in_chinese(dunning: Dunning, words: tuple[str, ...], code: int, says: str) -> None:
    opened(dunning)
    answer = dunning(*words, env={"DUNNING_LANG": "zh"})
    assert answer.code == code
    assert answer.err.startswith("错误")
    assert says in answer.err
    assert "提示" in answer.err
    english = dunning(*words).err
    assert len(answer.err.splitlines()) == len(english.splitlines())


@pytest.mark.parametrize(
    ("env", "chinese"),
    [
        pytest.param({"LANG": "zh_CN.UTF-8"}, True, id="locale"),
        pytest.param({"LANG": "en_US.UTF-8"}, False, id="english-locale"),
        pytest.param({"LANG": "de_DE.UTF-8"}, False, id="another-locale"),
        pytest.param({"LANG": "zh_CN.UTF-8", "DUNNING_LANG": "en"}, False, id="variable-before-locale"),
        pytest.param({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, True, id="lc-all-first"),
    ],
)
def test_the_language_follows_the_locale(dunning: Dunning, env: dict[str, str], chinese: bool) -> None:
    assert bool(CHINESE.search(dunning("list-cases", env=env).out)) is chinese


def test_the_language_of_the_settings_file(dunning: Dunning) -> None:
    place = dunning.home / "config" / "dunning" / "settings.toml"
    place.parent.mkdir(parents=True)
    place.write_text('language = "zh"\n')
    assert CHINESE.search(dunning("list-cases").out)
    assert CHINESE.search(dunning("show-case", "99").err)
    assert not CHINESE.search(dunning("list-cases", "--lang", "en").out)


def test_chinese_names_stand_in_line(dunning: Dunning) -> None:
    """A Chinese character is two cells wide, and the columns know it."""
    from rich.cells import cell_len

    for name in ("王芳", "Wang Fang", "ＷＡＮＧ"):
        dunning.ok("add-case", "--debtor", name, *OPEN[3:9])
    header, *rows = dunning("list-cases", "--lang", "zh").out.splitlines()[:4]
    column = cell_len(header[: header.index("阶段")])
    for row in rows:
        at = next(n for n in range(len(row)) if cell_len(row[:n]) >= column)
        assert cell_len(row[:at]) == column
        assert row[at] != " "
        assert row[at - 1] == " "
