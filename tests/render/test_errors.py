"""Errors as people read them."""

from __future__ import annotations

import pytest

from dunning_cli.domain import contacts, legal, plans
from dunning_cli.domain.debtors import DetailKind, check_detail
from dunning_cli.domain.money import Money
from dunning_cli.domain.stages import Stage
from dunning_cli.errors import DunningError, InputError, StageRefusedError
from dunning_cli.i18n import Translator
from dunning_cli.render.errors import error_picture, error_text
from tests.builders import a_final_demand, a_policy, a_story, an_offer
from tests.render.conftest import Snapshot, drawn

EN, ZH = Translator("en"), Translator("zh")


def refused(act: object, *given: object) -> DunningError:
    with pytest.raises(DunningError) as found:
        act(*given)  # type: ignore[operator]
    return found.value


def a_refused_escalation() -> DunningError:
    """From contact, with attempts, demands and the balance all short, and a final demand too young."""
    story = a_story(policy=a_policy(legal={"min_balance": "2000.00"}, contact={"min_demands": 2}))
    story.then("2025-01-08", contacts.log, a_final_demand())
    return refused(lambda: story.then("2025-01-10", legal.escalate))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, None])
def test_a_refused_move(width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = error_picture(a_refused_escalation(), Translator(lang))
    snapshot(f"refused_move.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


def test_a_move_that_is_not_in_the_table() -> None:
    error = refused(lambda: a_story().then("2025-01-10", plans.accept))
    assert error_text(error, EN) == (
        "Error: 'plan accepted' is not a move from contact; it starts from negotiation, legal.\n"
        "Open from here: debtor reached (to negotiation), close (to closed)\n"
        "Hint:  See the table of moves with: dunning stages\n"
    )
    assert error_text(error, ZH) == (
        "错误：“接受还款计划”不能从“联络”开始；它可从以下阶段开始：协商、法律程序。\n"
        "当前可行：联系上债务人（至“协商”）、结案（至“已结案”）\n"
        "提示：查看阶段变动表：dunning stages\n"
    )


def test_where_no_move_is_open() -> None:
    error = StageRefusedError("x", details={"failed": [], "open": []})
    assert error_text(error, EN).splitlines()[:2] == ["Error: x", "No move is open from here."]


def test_a_move_with_several_rows_is_named_once() -> None:
    moves = [{"event": "reopen", "to": "legal"}, {"event": "reopen", "to": "legal"}]
    assert "Open from here: reopen (to legal)\n" in error_text(StageRefusedError("x", details={"open": moves}), EN)


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        pytest.param(
            refused(Money.of, "1,5", "CNY"),
            "Error: '1,5' is no amount in CNY.\n"
            "Hint:  Write digits with a decimal point and no thousands marks, such as 1250.50.\n",
            "错误：“1,5”不是有效的 CNY 金额。\n提示：请用小数点书写数字，不加千位分隔符，例如 1250.50。\n",
            id="a hint with a value",
        ),
        pytest.param(
            refused(Money.positive, "-1", "CNY", "down payment"),
            "Error: The down payment must be more than 0, not -1.\n",
            "错误：首付必须大于 0，不能是 -1。\n",
            id="no hint",
        ),
        pytest.param(
            refused(check_detail, DetailKind.ID_NUMBER, ""),
            "Error: The ID number is empty.\n",
            "错误：证件号码为空。\n",
            id="a word as value",
        ),
        pytest.param(
            refused(contacts.check_party, "boss"),
            "Error: 'boss' is no party to a contact.\n"
            "Hint:  Use one of: debtor, guarantor, spouse, parent, guardian, executor, successor, debt_related, "
            "attorney, creditor, credit_bureau, debt_adviser, employer, third_party:ID, contact_person:ROLE\n",
            "错误：“boss”不是可登记的联络对象。\n"
            "提示：可用：debtor, guarantor, spouse, parent, guardian, executor, successor, debt_related, "
            "attorney, creditor, credit_bureau, debt_adviser, employer, third_party:ID, contact_person:ROLE\n",
            id="a list in the hint",
        ),
        pytest.param(
            refused(
                lambda: a_story(stage=Stage.NEGOTIATION, owed="50000.00 CNY").then(
                    "2025-01-10", plans.propose, an_offer(amount="60000.00 CNY")
                )
            ),
            "Error: A plan over 60,000.00 CNY is for more than the 50,000.00 owed.\n"
            "Hint:  Leave --amount and --settle-for out for a plan over the whole balance.\n",
            "错误：计划金额 60,000.00 CNY 超过欠款 50,000.00。\n"
            "提示：若计划涵盖全部欠款，请不要给出 --amount 和 --settle-for。\n",
            id="amounts",
        ),
        pytest.param(
            refused(lambda: a_story(stage="closed").then("2025-01-10", plans.accept)),
            "Error: 'plan accepted' is not a move from closed; it starts from negotiation, legal.\n"
            "Open from here: reopen (to negotiation)\n"
            "Hint:  See the table of moves with: dunning stages\n",
            "错误：“接受还款计划”不能从“已结案”开始；它可从以下阶段开始：协商、法律程序。\n"
            "当前可行：重启案件（至“协商”）\n提示：查看阶段变动表：dunning stages\n",
            id="a closed case",
        ),
        pytest.param(
            InputError("{path} is no valid policy:\n{lines}", path="a\nb", lines="line 1: x\nline 2: \x1b[31m"),
            "Error: a␊b is no valid policy:\nline 1: x\nline 2: ␛[31m\n",
            "错误：a␊b 不是有效的策略：\nline 1: x\nline 2: ␛[31m\n",
            id="several lines",
        ),
        pytest.param(
            InputError(
                "The {where} holds a character that cannot be stored (NUL, or half a character).", where="actor"
            ),
            "Error: The actor holds a character that cannot be stored (NUL, or half a character).\n",
            "错误：经办人中含有无法存储的字符（NUL 或不完整的字符）。\n",
            id="a place that is a word",
        ),
        pytest.param(
            InputError("The database {where} is read-only.", where="/tmp/my_own_file.db"),
            "Error: The database /tmp/my_own_file.db is read-only.\n",
            "错误：数据库 /tmp/my_own_file.db 为只读。\n",
            id="a place that is a path",
        ),
        pytest.param(
            InputError("A text that nobody {did}.", did="[bold]\x1b[2J\u202e"),
            "Error: A text that nobody [bold]␛[2J\\u202e.\n",
            "错误：A text that nobody [bold]␛[2J\\u202e.\n",
            id="hostile values",
        ),
    ],
)
def test_an_error(error: DunningError, english: str, chinese: str) -> None:
    assert error_text(error, EN) == english
    assert error_text(error, ZH) == chinese


def test_an_error_is_red_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = drawn(error_picture(refused(contacts.check_party, "boss"), EN), 120)
    assert shown.startswith("\x1b[1;31mError: \x1b[0m'boss' is no party")
    assert "\x1b[36mHint:  \x1b[0mUse one of" in shown
