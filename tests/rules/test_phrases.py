"""The shipped phrases of the conduct lint, and a user's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dunning_cli.domain.conduct import Excuses, Label, LabelRule, Phrases, Required, lint
from dunning_cli.errors import InputError
from dunning_cli.rules.book import Book
from dunning_cli.rules.files import SHIPPED, read_lists
from dunning_cli.rules.phrases import conduct

SHIPPED_FILES = sorted((SHIPPED / "conduct").glob("*.toml"))
LISTS: dict[str, type] = {"label": LabelRule, "rule": Phrases, "excuse": Excuses, "required": Required}


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_a_shipped_file_is_read_quickly_and_in_full_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_full = read_lists(path, LISTS, quickly=False)
    monkeypatch.setattr("dunning_cli.rules.files._adapter", None)
    assert read_lists(path, LISTS) == in_full


def test_every_label_is_explained_in_both_languages_and_sourced() -> None:
    found = conduct()
    assert set(found.labels) == set(Label)
    for text in (*(label.text for label in found.labels.values()), *(item.text for item in found.required)):
        assert text.en
        assert re.search("[\u4e00-\u9fff]", text.zh)
    assert all(label.sources for label in found.labels.values())
    assert {pack for item in found.required for pack in item.packs} <= set(Book().pack_ids())
    assert {rule.label for rule in found.phrases} == set(Label) - {Label.MISSING_FIELD, Label.MISSING_OPT_OUT}


# Sentences of our own; how often the phrases are right about other people's is measured in tests/conduct.
@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We are going to break your legs.", "threat"),
        ("I will come to your house tonight.", "threat"),
        ("We'll post your photo on Facebook.", "threat"),
        ("This is the police department.", "false_authority"),
        ("A warrant has been issued.", "false_authority"),
        ("We will call your employer.", "third_party_disclosure"),
        ("Your brother owes us money.", "third_party_disclosure"),
        ("If you do not pay you will be arrested.", "invented_consequence"),
        ("Just borrow it from your family.", "borrow_elsewhere"),
        ("You are a thief.", "insult"),
        ("派人到你家门口堵你", "threat"),
        ("我是公安局的", "false_authority"),
        ("我们就通知你单位领导", "third_party_disclosure"),
        ("再不还就让你坐牢", "invented_consequence"),
        ("你的孩子不能上学", "invented_consequence"),
        ("去找朋友借钱", "borrow_elsewhere"),
        ("你真不要脸", "insult"),
    ],
)
def test_what_is_said_outright(text: str, label: str) -> None:
    assert label in {str(each.label) for each in lint(conduct(), text)}


@pytest.mark.parametrize(
    "text",
    [
        "Your payment of $50.00 was due on 1 May. If you have paid already, please ignore this message.",
        "We will not contact your employer. You will not be arrested.",
        "We may file a claim with the court. You can dispute the debt in writing until 5 May.",
        "You can talk to a free debt adviser before you decide.",
        "您的账单已逾期，请于本月底前还款，如有疑问请致电客服。",
        "我们不会联系您的家人，也不会让您坐牢。",
        "如您对欠款有异议，请提交证据，我们将在核实后答复。",
    ],
)
def test_what_is_fair(text: str) -> None:
    assert lint(conduct(), text) == []


def test_own_phrases_are_added_and_replace(tmp_path: Path) -> None:
    folder = tmp_path / "conduct"
    folder.mkdir()
    (folder / "own.toml").write_text(
        '[[rule]]\nid = "en.insult"\nlabel = "insult"\nplain = true\nsay = ["welsher*"]\n', "utf-8"
    )
    own = conduct(tmp_path)
    assert [each.rule for each in lint(own, "you welshers and scum")] == ["en.insult"]
    assert lint(conduct(), "welshers") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[rules]]\n", "rules"),
        ('[[rule]]\nid = "a"\nlabel = "rude"\nsay = ["x"]\n', "rude"),
        ('[[rule]]\nid = "a"\nlabel = "insult"\nsay = ["(x"]\n', "bracket"),
        ('[[rule]]\nid = "a"\nlabel = "insult"\nsay = []\n', "needs phrases"),
        ('[[rule]]\nid = "a"\nlabel = "insult"\nsay = ["x"]\n' * 2, "more than one"),
        ('[[excuse]]\nid = "a"\nsayy = ["x"]\n', "sayy"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_lists(path, LISTS)
    assert named in str(error.value)
