"""JSON as text, and errors as JSON."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import legal
from dunning_cli.domain.money import Money
from dunning_cli.domain.stages import Stage
from dunning_cli.errors import CaseNotFoundError, InputError, PartlyFailedError, StageRefusedError
from dunning_cli.render.answers import dumps, plain, refused_object
from tests.builders import a_story


def test_json_stays_readable() -> None:
    assert dumps({"name": "王小明 Søn", "parts": [1, True, None]}) == (
        '{\n  "name": "王小明 Søn",\n  "parts": [\n    1,\n    true,\n    null\n  ]\n}'
    )


@pytest.mark.parametrize(
    ("char", "written"),
    [
        ("\x1b", "\\u001b"),
        ("\x7f", "\\u007f"),
        ("\x80", "\\u0080"),
        ("\x9b", "\\u009b"),
        ("\x9f", "\\u009f"),
        ("\u061c", "\\u061c"),
        ("\u200b", "\\u200b"),
        ("\u200e", "\\u200e"),
        ("\u202a", "\\u202a"),
        ("\u202e", "\\u202e"),
        ("\u2028", "\\u2028"),
        ("\u2066", "\\u2066"),
        ("\u2069", "\\u2069"),
        ("\ufeff", "\\ufeff"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_steers_a_terminal_is_escaped(char: str, written: str) -> None:
    assert dumps(f"a{char}b") == f'"a{written}b"'


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_comes_back_and_never_steers_a_terminal(value: object) -> None:
    text = dumps(value)
    assert json.loads(text) == value
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    text.encode("utf-8")


def test_a_plain_error() -> None:
    error = InputError("'{text}' is no day.", hint="Write 2025-01-31.", text="\u202e31")
    assert refused_object(error) == {
        "error": {"code": "input", "message": "'\u202e31' is no day.", "hint": "Write 2025-01-31."}
    }


def test_the_hint_of_the_class() -> None:
    answer = refused_object(CaseNotFoundError("There is no case {case_id}.", case_id=9))["error"]
    assert answer["code"] == "case_not_found"
    assert answer["hint"] == "See the cases with: dunning list-cases"


def test_details_are_json() -> None:
    details = {"on": date(2025, 1, 31), "owed": Money(500, "CNY"), "stage": Stage.LEGAL, "list": (1, {2})}
    answer = refused_object(InputError("x", details=details))["error"]
    assert json.loads(dumps(answer)) == {
        "on": "2025-01-31",
        "owed": "5.00",
        "stage": "legal",
        "list": [1, [2]],
        "code": "input",
        "message": "x",
        "hint": "",
    }


def test_a_detail_never_hides_the_message() -> None:
    assert refused_object(InputError("x", details={"message": "y"}))["error"]["message"] == "x"


def test_cases_that_failed_are_listed_as_they_are() -> None:
    failed = [{"case": 7, "error": "broken"}]
    assert refused_object(PartlyFailedError("x", details={"failed": failed}))["error"]["failed"] == failed


def test_a_refused_move_says_what_it_needs() -> None:
    with pytest.raises(StageRefusedError) as refused:
        a_story(stage=Stage.NEGOTIATION).then("2025-01-10", legal.escalate)
    assert refused_object(refused.value) == {
        "error": {
            "event": "escalate",
            "place": "negotiation",
            "failed": [
                {
                    "guard": "final_demand_aged",
                    "needs": "a final demand (log-contact --purpose final_demand) at least 15 days old; "
                    "none was sent since the last agreement",
                }
            ],
            "open": [{"event": "plan_proposed", "to": "negotiation"}, {"event": "close", "to": "closed"}],
            "code": "stage_refused",
            "message": "'escalate' is refused in negotiation.",
            "hint": "See the table of moves with: dunning stages",
        }
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Stage.LEGAL, "legal"), (True, True), (1.5, 1.5), (None, None), ({1: (2,)}, {"1": [2]}), (frozenset(), [])],
)
def test_plain(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
