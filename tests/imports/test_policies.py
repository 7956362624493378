"""Policy files: presets, levels of dunning, and every mistake by its key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.policies import PRESETS, plain_defaults, policy_of
from dunning_cli.errors import InputError
from dunning_cli.imports.policies import read_policy
from dunning_cli.render.policies import policy_file
from dunning_cli.rules.calendars import calendar_of, working_week
from tests.builders import day, money
from tests.render.conftest import drawn


def read(folder: Path, text: str) -> dict[str, Any]:
    file = folder / "p.toml"
    file.write_text(text, "utf-8")
    return read_policy(file)


def mistakes(folder: Path, text: str) -> dict[str, str]:
    with pytest.raises(InputError) as refused:
        read(folder, text)
    return {one["key"]: one["reason"] for one in refused.value.details["mistakes"]}


def test_a_file_without_levels_has_none(tmp_path: Path) -> None:
    plain = read(tmp_path, 'name = "office"')
    assert plain == plain_defaults() | {"name": "office"}
    assert policy_of(plain, 1).dunning.levels == ()


def test_a_level_says_what_differs(tmp_path: Path) -> None:
    plain = read(
        tmp_path,
        """
        name = "office"
        currency = "EUR"
        grace_days = 0
        working_days = "DE-BY"
        [dunning]
        advance = "most_severe"
        [[dunning.level]]
        after = 5
        [[dunning.level]]
        after = 14
        mode = "after_previous"
        channel = "letter"
        template = "demand"
        fee = "5.00"
        respond_within_days = 7
        [[per_currency]]
        currency = "CHF"
        level_fees = ["0", "6.00"]
        """,
    )
    policy = policy_of(plain, 1)
    first, second = policy.dunning.levels
    assert (first.number, first.after, first.mode, first.channel, first.template) == (1, 5, "net", "email", "reminder")
    assert first.respond_within_days == 14
    assert (second.number, second.mode, second.channel, second.template) == (2, "after_previous", "letter", "demand")
    assert second.respond_within_days == 7
    assert [policy.amounts("EUR").level_fee(n) for n in (1, 2, 3)] == [money(f"{x} EUR") for x in ("0", "5.00", "0")]
    assert policy.amounts("CHF").level_fee(2) == money("6.00 CHF")
    assert policy.amounts("JPY").level_fee(2) == money("0 JPY")
    assert (policy.dunning.advance, policy.dunning.grace_days, policy.working_days) == ("most_severe", 0, "DE-BY")


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_all_together_and_own_keys_come_before(tmp_path: Path, preset: str) -> None:
    plain = read(tmp_path, f'preset = "{preset}"\nname = "p"\ngrace_days = 9\n[dunning]\nmin_gap_days = 4\n')
    policy = policy_of(plain, 1)
    assert len(policy.dunning.levels) == 3
    assert policy.dunning.levels[-1].template == "final_demand"
    assert (policy.dunning.grace_days, policy.dunning.min_gap_days) == (9, 4)
    assert "preset" not in plain
    assert read(tmp_path, drawn(policy_file("p@1", plain))) == plain


def test_presets_answer_differently(tmp_path: Path) -> None:
    found = {preset: policy_of(read(tmp_path, f'name="p"\npreset="{preset}"'), 1).dunning for preset in PRESETS}
    assert found["sequential"].advance == "sequential"
    assert (found["most-severe"].advance, found["most-severe"].require_sent) == ("most_severe", False)
    assert found["loan"].reanchor_after_payment
    assert (found["invoice"].count_from, found["invoice"].levels[0].mode) == ("day_after_due", "end_of_month")


def test_own_levels_take_the_place_of_those_of_the_preset(tmp_path: Path) -> None:
    plain = read(tmp_path, 'name = "p"\npreset = "loan"\n[[dunning.level]]\nafter = 1\n')
    assert [level["after"] for level in plain["dunning"]["level"]] == [1]


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('preset = "lone"', "preset", "did you mean 'loan'?"),
        ("preset = 7", "preset", "known are"),
        ('presett = "loan"', "presett", "did you mean 'preset'?"),
        ("grace_days = -1", "grace_days", "greater than or equal to 0"),
        ('working_days = "Germany"', "working_days", "match"),
        ('[dunning]\nadvance = "fast"', "dunning.advance", "most_severe"),
        ("[dunning]\nmin_gap = 3", "dunning.min_gap", "did you mean 'min_gap_days'?"),
        ("[dunning]\nlevel = 3", "dunning.level", "list"),
        ("dunning = 3", "dunning", "dictionary"),
        ("[[dunning.level]]\nafter = 5\nchanel = 'email'", "dunning.level.0.chanel", "did you mean 'channel'?"),
        ("[[dunning.level]]\nmode = 'net'", "dunning.level.0.after", "required"),
        ("[[dunning.level]]\nafter = 5\nchannel = 'call'", "dunning.level.0.channel", "letter"),
        ("[[dunning.level]]\nafter = 5\nfee = '1.001'", "dunning.level.0.fee", "no amount in CNY"),
        ("[[dunning.level]]\nafter = 5\nfee = '-1'", "dunning.level.0.fee", "match"),
        ("[[per_currency]]\ncurrency = 'JPY'\nlevel_fees = ['0.5']", "level_fees", "no amount in JPY"),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, text: str, key: str, said: str) -> None:
    assert said in mistakes(tmp_path, f'name = "p"\n{text}')[key]


def test_a_policy_from_before_there_were_levels_is_the_same_policy() -> None:
    """Stored plain values without the new keys mean their defaults, and keep the digest that rows were written with."""
    before = {k: v for k, v in plain_defaults().items() if k not in ("dunning", "grace_days", "working_days")}
    assert policy_of(before, 1) == policy_of(plain_defaults(), 1)


def test_every_file_of_the_examples_can_be_read() -> None:
    for file in sorted(Path("examples/policies").glob("*.toml")):
        assert tomllib.loads(file.read_text("utf-8"))["name"] == read_policy(file)["name"]


def test_working_days_are_those_of_a_country() -> None:
    germany, israel = calendar_of(working_week("DE")), calendar_of(working_week("IL"))
    bavaria = calendar_of(working_week("DE-BY"))
    assert [germany.rests(day(d)) for d in ("2025-12-24", "2025-12-25", "2025-12-27")] == [False, True, True]
    assert (germany.rests(day("2025-01-06")), bavaria.rests(day("2025-01-06"))) == (False, True)  # Epiphany
    assert [israel.rests(day(d)) for d in ("2025-06-20", "2025-06-22")] == [True, False]  # Friday rests, Sunday works
    everyday = calendar_of(working_week(""))
    assert not any(everyday.rests(day(d)) for d in ("2025-01-01", "2025-01-04"))


def test_a_country_that_nobody_knows() -> None:
    with pytest.raises(InputError, match="XX"):
        working_week("XX")
