"""Which language is spoken."""

from __future__ import annotations

import pytest

from dunning_cli.errors import UsageError
from dunning_cli.i18n import choose


@pytest.mark.parametrize(
    ("flag", "env", "expected"),
    [
        pytest.param(None, {}, "en", id="nothing"),
        pytest.param("zh", {}, "zh", id="flag"),
        pytest.param("en", {"DUNNING_LANG": "zh", "LANG": "zh_CN.UTF-8"}, "en", id="flag before all"),
        pytest.param(None, {"DUNNING_LANG": "zh"}, "zh", id="own variable"),
        pytest.param(None, {"DUNNING_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en", id="own variable before the locale"),
        pytest.param(None, {"DUNNING_LANG": "", "LANG": "zh_CN"}, "zh", id="an empty variable counts for nothing"),
        pytest.param("zh_CN.UTF-8", {}, "zh", id="flag with a country"),
        pytest.param("ZH-Hans", {}, "zh", id="flag as a tag, in capitals"),
        pytest.param(None, {"LANG": "zh_TW.UTF-8"}, "zh", id="LANG"),
        pytest.param(None, {"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh", id="LC_MESSAGES before LANG"),
        pytest.param(None, {"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en", id="LC_ALL before both"),
        pytest.param(None, {"LC_ALL": "", "LANG": "zh_CN"}, "zh", id="an empty LC_ALL is not set"),
        pytest.param(None, {"LANG": "de_DE.UTF-8"}, "en", id="a locale without a translation"),
        pytest.param(None, {"LANG": "zha_CN"}, "en", id="another language that begins alike"),
    ],
)
def test_choose(flag: str | None, env: dict[str, str], expected: str) -> None:
    assert choose(flag, env) == expected


@pytest.mark.parametrize(
    ("flag", "env", "message"),
    [
        pytest.param("fr", {}, "'fr' is no language of dunning (--lang).", id="flag"),
        pytest.param("", {"DUNNING_LANG": "zh"}, "--lang is empty.", id="empty flag"),
        pytest.param(None, {"DUNNING_LANG": "x"}, "'x' is no language of dunning (DUNNING_LANG).", id="variable"),
    ],
)
def test_an_unknown_language_is_refused(flag: str | None, env: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        choose(flag, env)
    assert str(refused.value) == message
    assert refused.value.hint == "Use en or zh."
