"""Saying things in a language."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dunning_cli.i18n import Translator, later

EN, ZH = Translator("en"), Translator("zh")


def test_a_text_is_translated_and_filled() -> None:
    assert EN("Plan {number} accepted", number=2) == "Plan 2 accepted"
    assert ZH("Plan {number} accepted", number=2) == "接受第 2 号还款计划"
    assert (EN.lang, ZH.lang, Translator().lang) == ("en", "zh", "en")


def test_what_has_no_translation_stays_english() -> None:
    assert ZH("No such sentence {n}", n=1) == "No such sentence 1"


def test_braces_are_only_places_where_values_are_given() -> None:
    assert EN("{not a place}") == "{not a place}"
    assert EN("{text}", text="{braces} in a value") == "{braces} in a value"


def test_a_text_marked_for_later_is_itself() -> None:
    assert later("1 case") == "1 case"
    assert ZH(later("1 case")) == "1 件案件"


@pytest.mark.parametrize(
    ("word", "of", "english", "chinese"),
    [
        ("negotiation", "", "negotiation", "协商"),
        ("plan_accepted", "event", "plan accepted", "接受还款计划"),
        ("final_demand", "purpose", "final demand", "最终催告"),
        ("promised", "contact", "promised", "承诺还款"),
        ("written_off", "outcome", "written off", "已核销"),
        ("paid", "event", "paid", "还清欠款"),
        ("paid", "outcome", "paid", "已结清"),
        ("paid", "installment", "paid", "已还"),
        ("open", "status", "open", "办理中"),
        ("open", "installment", "open", "待还"),
        ("dispute", "reason", "dispute", "对债务有争议"),
        ("dispute", "hold", "dispute", "债务争议"),
        ("withdrawn", "plan", "withdrawn", "已撤回"),
        ("withdrawn", "outcome", "withdrawn", "已撤案"),
        ("escalate", "event", "escalate", "升级至法律程序"),
        ("escalate", "moved", "escalated", "升级处理"),
        ("text", "channel", "text message", "短信"),
        ("2weeks", "", "two weeks", "每两周"),
        ("a_new_word", "event", "a new word", "a new word"),
    ],
)
def test_words(word: str, of: str, english: str, chinese: str) -> None:
    assert EN.word(word, of) == english
    assert ZH.word(word, of) == chinese


def test_several_words_are_a_list() -> None:
    assert EN.words(("worth_it", "not_on_hold"), "guard") == "worth it, not on hold"
    assert ZH.words(["worth_it", "not_on_hold"], "guard") == "达到追诉金额、未暂停催收"
    assert ZH.words([]) == ""


def test_known_keeps_apart_words_and_other_texts() -> None:
    assert ZH.known("principal", "what") == "本金"
    assert ZH.known("/tmp/my_file.db", "what") is None
    assert EN.known("my_word") is None


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("entry 3 is missing", "缺少第 3 条记录"),
        ("entry out of order", "记录顺序错乱"),
        ("sent on 2025-01-02, old enough on 2025-01-17", "已于 2025-01-02 发出，2025-01-17 期满"),
        ("Use one of: debtor, guarantor", "可用：debtor, guarantor"),
        ("3 cases were numbered, 2 are there", "已编号 3 件案件，实有 2 件"),
        ("the debtor's row is missing", "缺少对应的数据行（debtor）"),
        ("the journal cannot be read: line 1\nline 2", "记录无法读取：line 1\nline 2"),
        ("Use en or zh.", "请用 en 或 zh。"),
        ("entry is missing", "entry is missing"),
        ("so entry 3 is missing", "so entry 3 is missing"),
    ],
)
def test_texts_that_were_filled_before(english: str, chinese: str) -> None:
    assert ZH.filled(english) == chinese
    assert EN.filled(english) == english


def test_english_loads_no_chinese() -> None:
    code = (
        "import sys; from dunning_cli.i18n import Translator; assert Translator()('1 case') == '1 case';"
        "print(sorted(m for m in sys.modules if 'zh' in m))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
