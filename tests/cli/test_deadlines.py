"""deadlines, retention, and facts of a claim by log-fact: what they answer, and what they refuse."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.cli.runner import Dunning

ADD = ("add-case", "--debtor", "Wang Fang", "--creditor", "Bank", "--principal", "900", "--due", "2023-10-01")
CHINA = (*ADD, "--reference", "L", "--jurisdiction", "cn", "--consumer")
NOW = ("--now", "2026-09-01T09:00:00+08:00")


def test_the_days_of_a_case_in_full(dunning: Dunning) -> None:
    dunning.ok(*CHINA, *NOW)
    (found,) = dunning.ok("deadlines", "L", *NOW)["deadlines"]
    source = found.pop("source")
    assert found.pop("text").startswith("A claim can be pursued for three years")
    assert "民法典" in source
    assert found == {
        "rule": "cn.limitation",
        "key": "limitation_end",
        "day": "2026-10-01",
        "after_rest_days": "2026-10-08",
        "days_left": 30,
        "means": "limitation: last day to pursue the claim",
        "warn": True,
        "warnings": [],
        "pack": "cn@2026.1",
    }
    assert dunning.ok("show-case", "L", *NOW)["deadlines"] == dunning.ok("deadlines", "L", *NOW)["deadlines"]
    (listed,) = dunning.ok("deadlines", *NOW)
    assert (listed["case"], listed["debtor"], listed["day"]) == (1, "Wang Fang", "2026-10-01")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("log-fact", "L", "payment_order_servd"), 6),
        (("log-fact", "L", "payment_order_served", "--at", "soon"), 6),
        (("log-fact", "L", "acknowledgment", "--at", "2026-09-02"), 6),
        (("log-fact", "L", "acknowledgment", "--field", "colour=red"), 6),
        (("log-fact", "L", "payment_order_served", "--all-cases"), 2),
        (("log-fact", "L", "payment_order_served", "--about", "L"), 2),
        (("log-fact", "L", "due", "--at", "2026-01-01"), 6),
        (("deadlines", "L", "--within", "30"), 2),
        (("deadlines", "L", "--limit", "3"), 2),
        (("deadlines", "--within", "-1"), 2),
        (("deadlines", "M"), 3),
        (("retention", "M"), 3),
        (("retention",), 2),
    ],
)
def test_what_is_refused(dunning: Dunning, words: tuple[str, ...], code: int) -> None:
    dunning.ok(*CHINA, *NOW)
    before = dunning.ok("timeline", "L")
    answer = dunning(*words, *NOW)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(("Error: ", "Usage: "))
    assert dunning.ok("timeline", "L") == before


def test_the_same_key_records_a_fact_of_a_claim_once(dunning: Dunning) -> None:
    dunning.ok(*CHINA, *NOW)
    words = ("log-fact", "L", "payment_order_served", "--at", "2026-08-28", "--key", "K", *NOW)
    assert dunning.ok(*words) == dunning.ok(*words)
    assert [row["kind"] for row in dunning.ok("timeline", "L")] == ["case_opened", "claim_fact_recorded"]


@pytest.mark.parametrize("text", ["[bold]x[/] \x1b[2J", "=1+1", "\u202eabc"])
def test_a_hostile_name_is_shown_harmless(dunning: Dunning, text: str) -> None:
    dunning.ok("add-case", "--debtor", text, *CHINA[3:], *NOW)
    for words in (("deadlines",), ("deadlines", "L"), ("retention", "L"), ("deadlines", "--csv")):
        out = dunning(*words, *NOW).out
        assert out
        assert "\x1b" not in out
        assert "\u202e" not in out
    (row,) = csv.DictReader(io.StringIO(dunning("deadlines", "--csv", *NOW).out))
    assert not row["debtor"].startswith("=")


def test_in_chinese(dunning: Dunning) -> None:
    dunning.ok(*CHINA, *NOW)
    dunning.ok("log-fact", "L", "payment_order_served", "--at", "2026-08-28", *NOW)
    out = dunning("deadlines", "L", "--lang", "zh", *NOW).out
    assert "对支付令提出异议的最后一日" in out
    assert "还有 11 天" in out
    assert "支付令送达" in dunning("timeline", "L", "--lang", "zh", *NOW).out


def test_a_case_under_no_pack_says_so(dunning: Dunning) -> None:
    dunning.ok(*ADD, "--reference", "L", "--jurisdiction", "atlantis", *NOW)
    answer: dict[str, Any] = dunning.ok("deadlines", "L", *NOW)
    assert (answer["pack"], answer["deadlines"]) == (None, [])
    assert "no rule pack 'atlantis'" in dunning("deadlines", "L", *NOW).out
    assert dunning.ok("deadlines", *NOW) == []
    assert dunning.ok("retention", "L", *NOW)["duties"] == []
    assert dunning.ok("show-case", "L", *NOW)["deadlines"] == []


def test_a_policy_of_warnings_is_read_with_its_mistakes(dunning: Dunning, tmp_path: Any) -> None:
    path = tmp_path / "p.toml"
    for days, said in (("[30, 90]", "must fall"), ("[30, 30]", "must fall"), ("[-1]", "greater"), ('["x"]', "integer")):
        path.write_text(f'name = "p"\n[deadlines]\nwarn_days = {days}\n')
        answer = dunning("policy", "check", str(path))
        assert answer.code == 6
        assert said in answer.err
    path.write_text('name = "p"\n[deadlines]\nwarn_day = [3]\n')
    assert "did you mean 'warn_days'" in dunning("policy", "check", str(path)).err
    path.write_text('name = "p"\n[deadlines]\nwarn_days = []\n')
    assert dunning.ok("policy", "check", str(path))["deadlines"] == {"warn_days": []}
