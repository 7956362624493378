"""A case as a story: a sentence for every kind of entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from dunning_cli.domain import contacts, debtors, entries, notes
from dunning_cli.domain import debtors as d
from dunning_cli.domain import entries as e
from dunning_cli.domain.days import Clock, Every
from dunning_cli.domain.interest import DayCount, Step
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.domain.terms import Cap, Statute, Terms
from dunning_cli.i18n import Translator
from dunning_cli.render.sentences import party
from dunning_cli.render.timeline import summary, timeline
from tests.builders import a_contact, a_now, a_story, day, money, some_terms
from tests.render import builders as b
from tests.render.conftest import Snapshot, drawn

CNY = money("333.33 CNY")
DAY = date(2025, 1, 20)
DUE = date(2025, 2, 28)
ROWS = tuple(e.Installment(n, date(2025, n + 1, 1), CNY) for n in (1, 2, 3))

NOUGHT = e.Split(CNY, CNY, CNY, CNY, CNY)

BY_LAW = Terms(
    (Step(DUE, Decimal("9.25")), Step(day("2025-06-30"), Decimal(0))),
    DayCount.ACT_ACT,
    statute=Statute("p@1", "p.rate", "Code § 5", day("2025-03-01"), "base", None, Decimal(9), day("2025-06-30"), "x"),
    ordered_by="p@1 p.order",
)
CAP = Cap("p@1", "p.cap", "Law", DayCount.ACT_365, Decimal(24), fees=True)

# what happened, in English, in Chinese
STORY: list[tuple[Any, str, str]] = [
    (
        e.CaseOpened(1, "Acme", money("50000.00 CNY"), DUE),
        "Case opened: 50,000.00 CNY owed to Acme, due 2025-02-28",
        "立案：欠 Acme 50,000.00 CNY，到期日 2025-02-28",
    ),
    (
        a_contact(outcome="no_answer", purpose="demand", minutes=0),
        "Call to the debtor: no answer; purpose demand; 0 min",
        "电话联系债务人：无人应答；目的：催告；0 分钟",
    ),
    (
        a_contact(
            channel="text",
            outcome="promised",
            direction="in",
            party="third_party:9",
            reason=e.Reason.LOST_JOB,
            reason_text="since May",
            willingness=e.Level.HIGH,
            ability=e.Level.LOW,
            cost=CNY,
            to="+86 13800138000",
            note="polite",
        ),
        (
            "Text message from third party 9: promised; to +86 138****8000; reason lost job: since May; "
            "willingness high, ability low; cost 333.33 CNY; note: polite"
        ),
        (
            "第三人 9以短信联系我方：承诺还款；联络地址 +86 138****8000；逾期原因：失业：since May；"
            "还款意愿高、还款能力低；费用 333.33 CNY；备注：polite"
        ),
    ),
    (
        a_contact(channel="letter", outcome="returned", party="spouse", reason_text="moved"),
        "Letter to the spouse: returned; moved",
        "信函联系配偶：被退回；moved",
    ),
    (
        e.Assessed(e.Level.HIGH, e.Level.LOW),
        "Assessed: willingness high, ability low",
        "评估：还款意愿高、还款能力低",
    ),
    (
        e.Assessed(None, None, money("5000.00 CNY"), money("4000.00 CNY")),
        "Assessed: income 5,000.00 CNY and expenses 4,000.00 CNY a month",
        "评估：月收入 5,000.00 CNY，月支出 4,000.00 CNY",
    ),
    (
        e.Assessed(None, None, money("0.00 CNY"), money("0.00 CNY")),
        "Assessed: income 0.00 CNY and expenses 0.00 CNY a month",
        "评估：月收入 0.00 CNY，月支出 0.00 CNY",
    ),
    (
        e.PlanProposed(1, ROWS, DUE, Every.MONTH, False, "default@1"),
        "Plan 1 proposed: 999.99 CNY in 3 installments from 2025-02-01 to 2025-04-01; expires 2025-02-28",
        "提出第 1 号分期还款计划：999.99 CNY 分 3 期，自 2025-02-01 至 2025-04-01；2025-02-28 到期失效",
    ),
    (
        e.PlanProposed(2, ROWS[:1], DUE, Every.MONTH, True, "default@1"),
        "Plan 2 proposed: 333.33 CNY on 2025-02-01; it settles the whole debt; expires 2025-02-28",
        "提出第 2 号还款计划：2025-02-01 还 333.33 CNY；履行后全部债务了结；2025-02-28 到期失效",
    ),
    (e.PlanAccepted(1, some_terms(), "default@1"), "Plan 1 accepted", "接受第 1 号还款计划"),
    (e.PlanDeclined(1, "too much"), "Plan 1 declined by the debtor: too much", "债务人拒绝第 1 号还款计划：too much"),
    (e.PlanDeclined(1), "Plan 1 declined by the debtor", "债务人拒绝第 1 号还款计划"),
    (e.PlanWithdrawn(1), "Plan 1 withdrawn by the creditor", "债权人撤回第 1 号还款计划"),
    (
        e.PlanExpired(1, DUE),
        "Plan 1 expired: not answered by 2025-02-28",
        "第 1 号还款计划失效：至 2025-02-28 未获答复",
    ),
    (
        e.InstallmentMissed(1, 2, DUE, CNY, money("0.00 CNY"), DUE, 3),
        "Installment 2 of 333.33 CNY, due 2025-02-28, missed: nothing was paid",
        "第 2 期 333.33 CNY（2025-02-28 到期）逾期：分文未还",
    ),
    (
        e.InstallmentMissed(1, 2, DUE, CNY, money("100.00 CNY"), DUE, 3),
        "Installment 2 of 333.33 CNY, due 2025-02-28, missed: only 100.00 CNY was paid",
        "第 2 期 333.33 CNY（2025-02-28 到期）逾期：仅还 100.00 CNY",
    ),
    (
        e.PlanBroken(1, (1, 2), "max_missed", 2),
        "Plan 1 broken: installments 1, 2 missed in a row",
        "第 1 号还款计划违约：第 1、2 期连续逾期未还",
    ),
    (
        e.PlanBroken(1, (2,), "max_missed", 1),
        "Plan 1 broken: installment 2 missed",
        "第 1 号还款计划违约：第 2 期逾期未还",
    ),
    (
        e.PlanBroken(1, (3,), "last_missed", 2),
        "Plan 1 broken: its last installment, 3, was missed",
        "第 1 号还款计划违约：最后一期（第 3 期）逾期未还",
    ),
    (
        e.PlanReinstated(1, "paid_in_time"),
        "Plan 1 in force again: payments booked later show that it was kept",
        "第 1 号还款计划恢复：后入账的还款表明计划实已履行",
    ),
    (
        e.PlanReinstated(1, "payment_reversed"),
        "Plan 1 in force again: money that had completed it was taken back",
        "第 1 号还款计划恢复：使其履行完毕的款项已被收回",
    ),
    (
        e.PlanCompleted(1, money("1000.00 CNY")),
        "Plan 1 completed; 1,000.00 CNY received in all",
        "第 1 号还款计划履行完毕；累计收到 1,000.00 CNY",
    ),
    (
        e.PaymentReceived(money("500.00 CNY"), "P7"),
        "Payment of 500.00 CNY received (P7)",
        "收到还款 500.00 CNY（P7）",
    ),
    (
        e.PaymentReceived(money("500.00 CNY"), "TX-1", "bank transfer"),
        "Payment of 500.00 CNY received (TX-1, bank transfer)",
        "收到还款 500.00 CNY（TX-1、bank transfer）",
    ),
    (
        e.PaymentReversed(7, "P7", "no funds"),
        "Payment P7 (entry 7) reversed: no funds",
        "还款 P7（第 7 条）冲正：no funds",
    ),
    (
        e.ChargeWaived(money("0.05 CNY"), "tolerance"),
        "0.05 CNY waived: a remainder this small counts as paid",
        "减免 0.05 CNY：余额甚小，视为还清",
    ),
    (
        e.ChargeWaived(CNY, "settlement"),
        "333.33 CNY waived: the debt is settled",
        "减免 333.33 CNY：债务和解了结",
    ),
    (
        e.StageMoved(Stage.MONITORING, Stage.NEGOTIATION, Event.PLAN_BROKEN),
        "Moved from monitoring to negotiation: plan broken",
        "由“履约跟踪”转入“协商”：还款计划违约",
    ),
    (
        e.StageMoved(Stage.NEGOTIATION, Stage.LEGAL, Event.ESCALATE, (), None, "refuses"),
        "Moved from negotiation to legal: escalated (refuses)",
        "由“协商”转入“法律程序”：升级处理（refuses）",
    ),
    (
        e.StageMoved("closed", Stage.LEGAL, Event.REOPEN),
        "Moved from closed to legal: reopened",
        "由“已结案”转入“法律程序”：案件重启",
    ),
    (
        e.EscalationDue(Stage.CONTACT, "contact.max_days", 60, DUE, ("enough_demands", "worth_it"), "default@1"),
        "Legal action is due: 60 days in contact were over on 2025-02-28; still missing: enough demands, worth it",
        "应转入法律程序：在“联络”阶段的 60 天期限已于 2025-02-28 届满；尚缺：催告次数已足、达到追诉金额",
    ),
    (
        e.EscalationDue(Stage.NEGOTIATION, "negotiation.max_days", 45, DUE, (), "default@1"),
        "Legal action is due: 45 days in negotiation were over on 2025-02-28; nothing is missing",
        "应转入法律程序：在“协商”阶段的 45 天期限已于 2025-02-28 届满；条件均已具备",
    ),
    (e.Held(e.HoldReason.DECEASED), "Put on hold: deceased", "暂停催收：债务人死亡"),
    (e.Held(e.HoldReason.DISPUTE, DUE), "Put on hold: dispute, until 2025-02-28", "暂停催收：债务争议，至 2025-02-28"),
    (e.Released(e.HoldReason.DISPUTE), "Released from hold (dispute)", "恢复催收（原因：债务争议）"),
    (
        e.Released(e.HoldReason.DISPUTE, DUE),
        "Hold ended (dispute): 2025-02-28 was its last day",
        "暂停催收届满（债务争议）：最后一日为 2025-02-28",
    ),
    (e.CaseClosed(e.CaseOutcome.PAID, "paid"), "Case closed: paid", "结案：已结清"),
    (
        e.CaseClosed(e.CaseOutcome.WRITTEN_OFF, None, "too small"),
        "Case closed: written off (too small)",
        "结案：已核销（too small）",
    ),
    (e.CaseReopened(None, "new address"), "Case reopened: new address", "重启案件：new address"),
    (e.CaseReopened("payment_reversed"), "Case reopened: a payment was reversed", "重启案件：款项已被冲正"),
    (e.CaseReopened("payment_voided"), "Case reopened: a payment was voided", "重启案件：还款记录已作废"),
    (e.Assigned("li"), "Assigned to li", "分派给 li"),
    (e.Noted("call again"), "Note: call again", "备注：call again"),
    (
        e.Voided(2, "contact_logged", "another debtor"),
        "Entry 2 (contact logged) is void: another debtor",
        "第 2 条记录（联络记录）作废：another debtor",
    ),
    (d.DebtorAdded("王小明"), "Debtor added: 王小明", "登记债务人：王小明"),
    (d.DebtorAdded("Li", d.Language.ZH), "Debtor added: Li; language Chinese", "登记债务人：Li；语言：中文"),
    (
        d.DetailAdded(d.DetailKind.PHONE, "+86 13800138000"),
        "Phone added: +86 138****8000",
        "新增电话号码：+86 138****8000",
    ),
    (d.DetailChanged("Li"), "Name changed to Li", "姓名变更为 Li"),
    (d.DetailChanged(None, d.Language.EN), "Language English", "语言：英文"),
    (d.DetailChanged(), "Details changed", "资料变更"),
    (
        d.DetailInvalid(d.DetailKind.ID_NUMBER, 5),
        "ID number of entry 5 is no longer valid",
        "第 5 条的证件号码不再有效",
    ),
    (
        e.CaseOpened(1, "Acme", money("5.00 CNY"), DUE, terms=Terms((Step(DUE, Decimal("10.0")),))),
        "Case opened: 5.00 CNY owed to Acme, due 2025-02-28; interest 10 % a year from 2025-03-01 (act/365)",
        "立案：欠 Acme 5.00 CNY，到期日 2025-02-28；利息：自 2025-03-01 起年利率 10%（act/365）",
    ),
    (
        e.ChargeAdded(CNY, e.ChargeKind.COST, why="court"),
        "Cost of 333.33 CNY added: court",
        "追偿费用：加收 333.33 CNY：court",
    ),
    (
        e.ChargeWaived(CNY, "charge", 5, "goodwill"),
        "333.33 CNY of the charge of entry 5 waived: goodwill",
        "免除第 5 条记录费用中的 333.33 CNY：goodwill",
    ),
    (
        e.ChargeWaived(CNY, "plan"),
        "333.33 CNY of interest waived: the plan was kept",
        "免除利息 333.33 CNY：还款计划已履行完毕",
    ),
    (
        e.Refunded(CNY, "TX-9", None, "paid twice"),
        "333.33 CNY paid beyond the debt refunded (TX-9): paid twice",
        "退还多付的 333.33 CNY（TX-9）：paid twice",
    ),
    (
        e.Refunded(CNY, to_case=9),
        "333.33 CNY paid beyond the debt counted toward case 9",
        "多付的 333.33 CNY 转作案件 9 的还款",
    ),
    (
        e.TermsChanged(Terms(), "agreed"),
        "Interest changed: no interest: agreed",
        "变更利息：不计息：agreed",
    ),
    (
        e.TermsChanged(BY_LAW, rule="rate_table"),
        "Interest follows the rate table base: 9.25 % a year from 2025-03-01, not known from 2025-07-01 (act/act), "
        "by Code § 5; payments count toward costs, fees, interest, principal (p@1 p.order)",
        "利息随利率表 base 调整：自 2025-03-01 起年利率 9.25%、自 2025-07-01 起利率不明（act/act），依Code § 5；"
        "还款依次抵充费用、手续费、利息、本金（p@1 p.order）",
    ),
    (
        e.TermsChanged(Terms((Step(DUE, Decimal("36.0")),), cap=CAP), "agreed"),
        "Interest changed: 36 % a year from 2025-03-01 (act/365); what is above 24 % a year is not claimed, by Law: "
        "agreed",
        "变更利息：自 2025-03-01 起年利率 36%（act/365）；依Law，超过年利率 24% 的部分不主张：agreed",
    ),
    (
        e.TermsChanged(Terms(cap=replace(CAP, percent=None)), rule="cap"),
        "A cap of the law noted: a cap by Law holds whose rate is not known: nothing is held to it",
        "记录法定上限：依Law有利率上限，但上限数值不明，未据此限制",
    ),
    (
        e.ChargeAdded(CNY, e.ChargeKind.COST, "p.flat", "Law § 6 (p@1)"),
        "Cost of 333.33 CNY added, by Law § 6 (p@1)",
        "追偿费用：加收 333.33 CNY，依Law § 6 (p@1)",
    ),
    (
        e.Reallocated(6, (e.SplitChanged(5, NOUGHT, NOUGHT),)),
        "The payment of entry 5 is spread anew, because of entry 6",
        "因第 6 条记录，第 5 条记录的还款重新分配",
    ),
    (
        e.ClaimFactRecorded("payment_order_served", (e.ClaimField("at", "2026-09-01"),)),
        "Fact of the claim: payment order served; at 2026-09-01",
        "债权事实：支付令送达；于 2026-09-01",
    ),
    (
        e.ClaimFactRecorded("law", (e.ClaimField("value", "scotland"),)),
        "Fact of the claim: law; scotland",
        "债权事实：适用法律；scotland",
    ),
    (
        e.DeadlineNear("cn.limitation", "end", date(2026, 10, 1), 30, "the end", "期满", "cn@1", date(2026, 10, 8)),
        "Deadline near: 2026-10-01, the end; 30 days left (after rest days 2026-10-08)",
        "期限临近：2026-10-01，期满；还有 30 天（遇休息日顺延至 2026-10-08）",
    ),
    (
        e.PolicyChanged("default@0", "strict@2", "creditor"),
        "Policy changed from default@0 to strict@2, assigned to the creditor",
        "策略由 default@0 变更为 strict@2（按债权人指定）",
    ),
    (
        e.NoticeDue(3, "dunning.most_severe", DAY, 40, e.Channel.LETTER, "final_demand", "p@1", (1, 2)),
        "Level 3 reached: final demand by letter is due since 2025-01-20; passed over: level 1, 2",
        "进入第 3 级：应以信函发送最终催告（自 2025-01-20 起）；跳过的级别：1、2",
    ),
    (
        e.NoticeSent(2, e.Channel.EMAIL, "demand", e.Purpose.DEMAND, "p@1", DAY, CNY, 9, "zhang@example.com"),
        "Notice of level 2 sent: demand by e-mail; to z***@example.com; to be answered by 2025-01-20; fee 333.33 CNY; "
        "the contact stands in case 9",
        "已发送第 2 级通知：催告（电子邮件）；联络地址 z***@example.com；请于 2025-01-20 前答复；费用 333.33 CNY；"
        "联络记录在案件 9 中",
    ),
    (
        e.Held(e.HoldReason.MORATORIUM, freezes=True),
        "Put on hold: moratorium; no interest runs meanwhile",
        "暂停催收：延期偿付；期间停止计息",
    ),
    (
        e.PartyAdded(9, "guarantor"),
        "Party added: person 9 as guarantor",
        "添加当事人：人员 9，身份：保证人",
    ),
    (
        e.PartyEnded(9, "attorney", "mandate over"),
        "Party ended: person 9 as lawyer: mandate over",
        "不再是当事人：人员 9，身份：律师：mandate over",
    ),
    (d.CaseJoined(4, "spouse"), "Party of case 4 as spouse", "列为案件 4 的当事人，身份：配偶"),
    (
        d.CaseLeft(4, "spouse"),
        "No longer a party of case 4 as spouse",
        "不再是案件 4 的当事人，身份：配偶",
    ),
    (d.Merged(into=3, why="one ID"), "Merged into debtor 3: one ID", "并入债务人 3：one ID"),
    (d.Merged(gone=(7, 8)), "Merged into this record: 7, 8", "已并入本档案：7、8"),
    (d.Split(into=3), "Split from debtor 3", "与债务人 3 分开"),
    (d.Split(gone=(7,), why="a cousin"), "Split from this record: 7: a cousin", "已从本档案分出：7：a cousin"),
    (
        a_contact(
            outcome="conversation",
            about=(9,),
            by="agency:4",
            violations=("us.hours",),
            pack="us-federal@2026.1",
        ),
        "Call to the debtor: conversation; about case 9 too; made by agency:4; against the rules: us.hours",
        "电话联系债务人：已交谈；同时涉及案件 9；由 agency:4 进行；违反规则：us.hours",
    ),
    (
        a_contact(outcome="conversation", violations=("us.after_conversation",), override="consumer_asked"),
        "Call to the debtor: conversation; gone over: us.after_conversation (consumer asked)",
        "电话联系债务人：已交谈；越过：us.after_conversation（消费者要求）",
    ),
    (
        e.ContactRefused(
            e.Channel.CALL,
            "debtor",
            ("us.hours",),
            "us-federal@2026.1",
            allowed_from=datetime(2025, 1, 6, 8, tzinfo=UTC),
            note="first try",
        ),
        "Not made: call to the debtor, against us.hours; allowed from 2025-01-06 08:00+00:00; note: first try",
        "未进行：以电话联络债务人，违反 us.hours；2025-01-06 08:00+00:00 起允许；备注：first try",
    ),
    (
        d.FactRecorded("medium_opt_out", (), (d.FactField("at", "2025-01-06"), d.FactField("medium", "call"))),
        "Fact recorded: medium opt out; all cases; medium call",
        "记录事实：拒绝某种渠道；全部案件；medium call",
    ),
    (
        d.FactRecorded("cease_notice", (7, 9)),
        "Fact recorded: cease notice; case 7, 9",
        "记录事实：要求停止联络；案件 7, 9",
    ),
    (
        d.FactEnded("cease_notice", 4, "taken back"),
        "Fact ended: cease notice of entry 4: taken back",
        "事实结束：记录 4 的要求停止联络：taken back",
    ),
]


@pytest.mark.parametrize(
    ("what", "english", "chinese"), STORY, ids=[f"{what.kind}-{n}" for n, (what, *_) in enumerate(STORY)]
)
def test_a_sentence(what: Any, english: str, chinese: str) -> None:
    entry = b.an_entry(what)
    assert summary(entry, Translator("en")) == english
    assert summary(entry, Translator("zh")) == chinese


@pytest.mark.parametrize("kinds", [entries.CASE_KINDS, debtors.DEBTOR_KINDS], ids=["cases", "debtors"])
def test_every_kind_has_its_sentence(kinds: Mapping[str, type]) -> None:
    assert not set(kinds.values()) - {type(what) for what, *_ in STORY}


def test_a_sentence_is_harmless_by_itself() -> None:
    assert summary(b.an_entry(e.Noted("a\x1b[31m\nb\u202e")), Translator()) == "Note: a␛[31m␊b\\u202e"
    assert summary(b.an_entry(e.Noted("{text} {0}")), Translator()) == "Note: {text} {0}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("debtor", "the debtor"),
        ("debt_adviser", "the debt adviser"),
        ("third_party:a_b", "third party a_b"),
        ("contact_person:head of accounts", "contact person head of accounts"),
    ],
)
def test_a_party(text: str, said: str) -> None:
    assert party(text, Translator()) == said


# --- the picture ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 120, None])
def test_a_timeline(width: int | None, lang: str, snapshot: Snapshot) -> None:
    story = b.a_plan_followed()
    view = b.a_view(story, "2025-04-10", b.a_debtor("王小明"))
    picture = timeline(view, b.rows_of(story), Translator(lang))
    snapshot(f"timeline.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


def _voided_and_dated_back() -> str:
    story = a_story()
    story.then("2025-01-08T10:30", contacts.log, a_contact(outcome="no_answer"), a_now("2025-01-07T23:30").instant)
    story.then("2025-01-09", notes.void, 2, "a mistake", story.entries)
    return drawn(timeline(b.a_view(story), b.rows_of(story), Translator()))


def test_what_must_not_be_overlooked() -> None:
    rows = [row[row.index("contact") + 9 :] for row in _voided_and_dated_back().splitlines()[3:]]
    assert rows == [
        "Case opened: 1,000.00 CNY owed to Acme, due 2024-12-01",
        "Call to the debtor: no answer (void) (effective 2025-01-07)",
        "Entry 2 (contact logged) is void: a mistake (effective 2025-01-07)",
    ]


def test_a_voided_entry_is_struck_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    story = a_story()
    story.then("2025-01-08", notes.note, "wrong")
    story.then("2025-01-09", notes.void, 2, "a mistake", story.entries)
    shown = drawn(timeline(b.a_view(story), b.rows_of(story), Translator()), 120)
    assert "\x1b[2;9mNote: wrong\x1b[0m\x1b[1;31m (void)\x1b[0m" in shown
    assert shown.count("\x1b[2;9m") == 1


def test_times_are_those_of_the_zone() -> None:
    story = a_story(opened="2025-01-06T01:30")
    rows = b.rows_of(story)
    assert "2025-01-06 01:30" in drawn(timeline(b.a_view(story), rows, Translator()))
    shown = drawn(timeline(b.a_view(story), rows, Translator(), UTC))
    assert "2025-01-05 17:30" in shown
    assert "(effective 2025-01-06)" in shown


def test_a_clock_that_was_set_is_said() -> None:
    story = a_story()
    entry = story.entries[0]._replace(clock=Clock.SET)
    row = b.rows_of(story)[0]
    rows = [type(row)(entry, row.stage, row.voided, row.digest)]
    said = drawn(timeline(b.a_view(story), rows, Translator()))
    assert said.endswith("\n\n1 entries were written under a clock that was set by hand.\n")


def test_facts_alone_are_shown_in_utc() -> None:
    row = b.rows_of(a_story())[0]
    entry = row.entry._replace(effective=day("2025-01-06"))
    rows = [type(row)(entry, row.stage, row.voided, row.digest)]
    assert "2025-01-06 04:00" in drawn(timeline(b.a_view(a_story()), rows, Translator()))


@pytest.mark.parametrize("width", [80, 120])
def test_a_hostile_note(width: int) -> None:
    story = a_story()
    story.then("2025-01-08", notes.note, "[red]x[/] \x1b[31m " + "王" * 80 + "x" * 80)
    picture = timeline(b.a_view(story, debtor=b.a_debtor("\x1b[2J")), b.rows_of(story), Translator())
    shown = drawn(picture, width)
    assert max(map(cell_len, shown.splitlines())) == width
    assert shown.count("王") == 80
    assert "\x1b" not in shown
    assert "[red]x[/] ␛[31m" in shown
