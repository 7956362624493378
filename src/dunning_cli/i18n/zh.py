"""The program's sentences in Chinese. The keys are the English texts of the code; a test says which are missing."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # punctuation
    ", ": "、",
    "; ": "；",
    ": {advice}": "：{advice}",
    ": {parts}": "：{parts}",
    ": {what}": "：{what}",
    "{what}: {why}": "{what}：{why}",
    "{what} ({why})": "{what}（{why}）",
    "{day}: {numbers}": "{day}：{numbers}",
    # --- the simulated year ---
    "A simulated year, {first} to {last}": "模拟的一年：{first} 至 {last}",
    "{cases} cases of {debtors} debtors · {nights} nightly runs · {entries} entries in {seconds} s": (
        "{cases} 件案件，{debtors} 名债务人 · 夜间检查 {nights} 次 · {entries} 条记录，用时 {seconds} 秒"
    ),
    "End of": "月末",
    "Agreed": "达成",
    "Kept": "履行",
    "Broken": "违约",
    "Total": "合计",
    "Currency": "币种",
    "Claimed": "委托",
    "Contacts": "联络",
    "Per contact": "每次收回",
    "Cost of 100": "每百元成本",
    "Closed: {ends}": "结案：{ends}",
    "Contacts that the law did not allow, and that were not made: {count}": (
        "法律不允许、因而没有进行的联络：{count} 次"
    ),
    "Steps that the stage table refused: {steps}": "阶段变动表拒绝的步骤：{steps}",
    "Steps that were refused otherwise: {count}": "因其他原因被拒绝的步骤：{count} 次",
    "The journals hold together.": "所有案件的记录完整一致。",
    "A journal is broken.": "有记录已损坏。",
    "The same seed ({seed}) gives the same year, to the last digest: {digest}…": (
        "同一个种子（{seed}）得到同样的一年，直到最后一个摘要：{digest}…"
    ),
    "Look further:": "继续查看：",
    "Playing the year": "正在模拟这一年",
    "--year goes with no story.": "--year 不能与故事一起使用。",
    "--cases and --seed go with --year.": "--cases 和 --seed 须与 --year 一起使用。",
    # --- errors: hints of the classes ---
    "See the command's options with --help.": "用 --help 查看该命令的选项。",
    "Say which one with CREDITOR/REFERENCE, or use the case number.": "请用“债权人/编号”指明是哪一件，或使用案件号。",
    "See the cases with: dunning list-cases": "查看案件：dunning list-cases",
    "A case shows its debtor's number: dunning show-case CASE": "案件中显示债务人编号：dunning show-case CASE",
    "See the case's entries with: dunning timeline CASE": "查看该案件的记录：dunning timeline CASE",
    "See the loaded policies with: dunning policy list. Load one with: dunning policy load FILE": (
        "查看已载入的策略：dunning policy list。载入策略：dunning policy load FILE"
    ),
    "Take somebody else with: dunning worklist --take. Where they forgot it: dunning worklist --release "
    "--collector NAME": (
        "领取他人：dunning worklist --take。若对方忘记归还：dunning worklist --release --collector NAME"
    ),
    "See the table of moves with: dunning stages": "查看阶段变动表：dunning stages",
    "Use a fresh key for a different command; repeat a command with exactly the same arguments.": (
        "不同的命令请用新的键；重复执行命令时参数须完全相同。"
    ),
    "Create it with: dunning init": "创建数据库：dunning init",
    "Nothing is half-written. Run the same command again in a moment.": (
        "没有只写入一半的内容。请稍后重新执行同一命令。"
    ),
    "Nothing is half-written. Run the same command again.": "没有只写入一半的内容。请重新执行同一命令。",
    "Stop writing, keep a copy of the database file, and compare with your last good backup.": (
        "请停止写入，保留数据库文件的副本，并与最近一次完好的备份比对。"
    ),
    "The other cases are done. Mend what is listed and run the same command again.": (
        "其余案件已处理完毕。请修正所列问题后重新执行同一命令。"
    ),
    # --- days of law: deadlines, limitation, retention ---
    "'{fact}' has no particular '{name}'; it takes '{wanted}'.": "“{fact}”没有细项“{name}”；应为“{wanted}”。",
    "'{fact}' has no particular '{name}'; known are: {known}.": "“{fact}”没有细项“{name}”；可用：{known}。",
    "'{fact}' is one of: {known}.": "“{fact}”须为以下之一：{known}。",
    "Say it with --field value=WORD.": "请用 --field value=WORD 说明。",
    "'{name}' of '{fact}' is a day such as 2026-01-31, not '{text}'.": (
        "“{fact}”的“{name}”须为日期，如 2026-01-31，不能是“{text}”。"
    ),
    "'{fact}' would have happened on {day}, which is still to come.": "“{fact}”的日期 {day} 尚未到来。",
    "Record it once it has happened.": "请在发生之后再登记。",
    "'{fact}' is a fact of one claim; --about and --all-cases are for facts of the debtor.": (
        "“{fact}”是某一债权的事实；--about 和 --all-cases 只用于债务人的事实。"
    ),
    "'{fact}' is what the case itself says.": "“{fact}”由案件本身得出。",
    "See it with: dunning show-case CASE": "查看：dunning show-case CASE",
    "'{fact}' is no fact that the rules of {pack} know.": "规则包 {pack} 不认识事实“{fact}”。",
    "--within and --limit are for the list of all cases: leave CASE out, or the options.": (
        "--within 和 --limit 用于全部案件的列表：请去掉 CASE 或这些选项。"
    ),
    "Many cases have changed: run check-overdue for the whole list.": "许多案件已变动，请先运行 check-overdue。",
    "Fact of the claim: {fact}": "债权事实：{fact}",
    "Deadline near: {day}, {means}; {days} days left": "期限临近：{day}，{means}；还有 {days} 天",
    "after rest days {day}": "遇休息日顺延至 {day}",
    "; after rest days {day}": "；遇休息日顺延至 {day}",
    "{days} days ago": "{days} 天前",
    "today": "今天",
    "{days} days left": "还有 {days} 天",
    "Deadlines": "期限",
    "Deadlines of case {number}": "案件 {number} 的期限",
    "Day": "日期",
    "Left": "剩余",
    "After rest days": "顺延至",
    "What it means": "含义",
    "There is no rule pack '{pack}': nothing is known of its days.": "没有规则包“{pack}”：无从得知其期限。",
    "No day follows from what is known, under {pack}.": "依 {pack}，已知事实得不出任何日期。",
    "Under {pack}. Whoever has to act keeps to the earlier day.": "依 {pack}。须行动的一方以较早的日期为准。",
    "No deadline comes near.": "没有临近的期限。",
    "Retention of case {number}": "案件 {number} 的留存",
    "No duty to keep its records follows from what is known.": "已知事实得不出留存义务。",
    "Records": "记录",
    "Kept until": "留存至",
    "The case is open: each new record moves the days on.": "案件尚在办理：每有新记录，日期随之后移。",
    "By these rules no longer to be kept: {records}.": "依这些规则不必再留存：{records}。",
    "Nothing may be erased yet.": "尚无可删除的记录。",
    "no end yet": "尚无期限",
    # --- for whom a policy holds ---
    "Policy {label} would be in force; nothing was loaded.": "策略 {label} 将会生效；未载入任何内容。",
    "Open cases that follow it: {count}; treated otherwise than before: {differ}": (
        "适用该策略的未结案件：{count}；处理方式与此前不同：{differ}"
    ),
    "So far": "此前",
    "From now on": "此后",
    "today {what}": "今天{what}",
    "and {count} more": "另有 {count} 件",
    "Looking at the open cases": "正在查看未结案件",
    "Policy has a new version: {after}, in place of {before}": "策略有新版本：{after}，取代 {before}",
    "Policy {label} would hold for {scope} {subject}.": "策略 {label} 将适用于{scope} {subject}。",
    "Policy {label} holds for {scope} {subject}.": "策略 {label} 适用于{scope} {subject}。",
    "Open cases there: {touched}; changed: {changed}": "其未结案件：{touched}；已变更：{changed}",
    "No policy was assigned: cases that name none follow 'default'.": "尚未指定策略：未指明策略的案件适用“default”。",
    "Say for whom: one of --creditor, --portfolio, --debtor and --case.": (
        "请指明适用于谁：--creditor、--portfolio、--debtor、--case 之一。"
    ),
    "For": "适用于",
    "Which": "对象",
    "Since": "起始时间",
    "Policy changed from {before} to {after}, assigned to the {scope}": (
        "策略由 {before} 变更为 {after}（按{scope}指定）"
    ),
    # --- reports ---
    "What is owed, by age, on {day}": "账龄分布（{day}）",
    "No case is open.": "没有未结案件。",
    "What was owed at the end of {day}, interest included.": "{day} 日终欠款，含利息。",
    "What was owed when something last happened on each case: interest since then is not in it. With it: "
    "dunning report ageing --as-of {day}": (
        "各案最近一次变动时的欠款，不含此后的利息。含利息：dunning report ageing --as-of {day}"
    ),
    "Balance ({currency})": "欠款（{currency}）",
    "Portfolio": "资产包",
    "Collector": "催收员",
    # --- looking ahead ---
    "If nothing else happens, by the policy {policy}, until {day}:": "如无其他变化，按策略 {policy}，至 {day}：",
    "Nothing is due.": "没有待办事项。",
    "Next after that: {day} {what}": "此后下一步：{day} {what}",
    "From {first} to {last}, if nothing else happens": "{first} 至 {last}，如无其他变化",
    "{day} is past.": "{day} 已过。",
    "--until looks ahead, from today to a day to come.": "--until 用于预览从今天到未来某日的情况。",
    "--days goes with --explain.": "--days 须与 --explain 一起使用。",
    "--explain and --until exclude each other, and go with neither --as-of nor --limit.": (
        "--explain 与 --until 不能同时使用，也不能与 --as-of 或 --limit 同用。"
    ),
    # --- levels of dunning ---
    "Level {level} reached: {template} by {channel} is due since {day}": (
        "进入第 {level} 级：应以{channel}发送{template}（自 {day} 起）"
    ),
    "passed over: level {levels}": "跳过的级别：{levels}",
    "Notice of level {level} sent: {template} by {channel}": "已发送第 {level} 级通知：{template}（{channel}）",
    "to be answered by {day}": "请于 {day} 前答复",
    "fee {fee}": "费用 {fee}",
    "the contact stands in case {case}": "联络记录在案件 {case} 中",
    "Level": "催收级别",
    ", reached on {day}; its notice is to be sent": "，{day} 进入；通知待发送",
    ", its notice sent on {day}": "，通知已于 {day} 发送",
    "; to be answered by {day}": "；请于 {day} 前答复",
    "The law does not allow this notice now.": "依法现在不得发送此通知。",
    "The law does not allow this notice now. It was not sent; that it was refused is on record.": (
        "依法现在不得发送此通知。通知未发送，拒绝已记录在案。"
    ),
    "{path} is there already.": "{path} 已存在。",
    "Name a file that does not exist yet.": "请指定一个尚不存在的文件。",
    "No notice is due on case {case}.": "案件 {case} 没有待发送的通知。",
    "The nightly run says when a level is reached; see what is next with: dunning show-case CASE": (
        "何时进入某一级由夜间运行决定；查看下一步：dunning show-case CASE"
    ),
    "No notice is due on a case of debtor {debtor}.": "债务人 {debtor} 的案件没有待发送的通知。",
    "The nightly run says when a level is reached; see the cases with: dunning show-debtor ID": (
        "何时进入某一级由夜间运行决定；查看案件：dunning show-debtor ID"
    ),
    "Say whose notice it is: a CASE, or --debtor ID.": "请指明通知发给谁：案件 CASE，或 --debtor ID。",
    "Debtor {debtor} has no valid e-mail address.": "债务人 {debtor} 没有有效的电子邮箱。",
    "Add one with: dunning edit-debtor ID --email E; or send the notice with --channel letter.": (
        "添加邮箱：dunning edit-debtor ID --email E；或用 --channel letter 发送通知。"
    ),
    "Debtor {debtor} has no valid address.": "债务人 {debtor} 没有有效的地址。",
    "Add one with: dunning edit-debtor ID --address TEXT; or send the notice with --channel email.": (
        "添加地址：dunning edit-debtor ID --address TEXT；或用 --channel email 发送通知。"
    ),
    "Case {case}: the notice of level {level} would be sent ({template} by {channel})": (
        "案件 {case}：将发送第 {level} 级通知（{template}，{channel}）"
    ),
    "Case {case}: the notice of level {level} is logged as sent ({template} by {channel})": (
        "案件 {case}：第 {level} 级通知已登记为发送（{template}，{channel}）"
    ),
    # --- letters ---
    "Reminder of a payment": "付款提醒",
    "Demand for payment": "催款通知",
    "Final demand for payment": "最后催款通知",
    "It may have escaped your notice that the following is not paid yet:": "您可能未注意到，以下款项尚未支付：",
    "We wrote to you before. The following is still not paid, and we ask you to pay it:": (
        "我们此前已致函您。以下款项仍未支付，请您付清："
    ),
    "In spite of our letters the following is not paid. This is our last demand:": (
        "虽经我们多次致函，以下款项仍未支付。这是我们最后一次催款："
    ),
    "If you have paid in the meantime, thank you; then nothing is left to do.": "如您已付款，谢谢，无需再作处理。",
    "If you cannot pay all of it at once, write or call to us: we can agree on installments that you can keep.": (
        "如您无法一次付清，请来信或来电：我们可以商定您能够履行的分期还款。"
    ),
    "If neither a payment nor an answer reaches us by then, the creditor may take legal action, which can add "
    "costs. If you cannot pay all of it at once, tell us now: installments can still be agreed.": (
        "如届时我们既未收到付款也未收到答复，债权人可能采取法律措施，由此可能产生额外费用。"
        "如您无法一次付清，请现在告知我们：仍可商定分期还款。"
    ),
    "Dear {name},": "致 {name}：",
    "For {creditors}": "代表 {creditors}",
    "Reference {reference} of {creditor}, due on {due}:": "编号 {reference}，债权人 {creditor}，到期日 {due}：",
    "To be paid in all: {amount}": "应付合计：{amount}",
    "Please pay by {day}, and give the reference with your payment.": "请于 {day} 前付款，并在付款时注明编号。",
    "Please pay without delay, and give the reference with your payment.": "请尽快付款，并在付款时注明编号。",
    "owed on {day}: {amount}": "截至 {day} 欠款：{amount}",
    "of which for this letter: {fee}": "其中本函费用：{fee}",
    # --- errors: language ---
    "'{language}' is no language of dunning ({where}).": "dunning 不支持语言“{language}”（{where}）。",
    "Use en or zh.": "请用 en 或 zh。",
    "--lang is empty.": "--lang 为空。",
    # --- errors: the domain ---
    "Nothing to record.": "没有可记录的内容。",
    "Give --willingness and --ability, or --income and --expenses.": (
        "请给出 --willingness 和 --ability，或 --income 和 --expenses。"
    ),
    "Income and expenses go together.": "收入与支出须同时给出。",
    "Give both --income and --expenses.": "请同时给出 --income 和 --expenses。",
    "The case is closed ({outcome}): {what} is refused.": "案件已结案（{outcome}），不能{what}。",
    "Open it again with: dunning reopen-case CASE --why TEXT": "重启案件：dunning reopen-case CASE --why TEXT",
    "The {where} holds a character that cannot be stored (NUL, or half a character).": (
        "{where}中含有无法存储的字符（NUL 或不完整的字符）。"
    ),
    "Remove it and try again; a wrong encoding is the usual cause.": "请去除后重试；通常是编码错误所致。",
    "The contact is dated {at}, which is still to come.": "联络时间 {at} 尚未到来。",
    "Log a contact once it has happened.": "请在联络发生之后再登记。",
    "'{party}' is no party to a contact.": "“{party}”不是可登记的联络对象。",
    "A debtor needs a name.": "债务人须有姓名。",
    "Give it with --debtor NAME.": "请用 --debtor NAME 给出。",
    "The {kind} is empty.": "{kind}为空。",
    "'{value}' is no e-mail address.": "“{value}”不是有效的电子邮箱。",
    "'{value}' is no phone number.": "“{value}”不是有效的电话号码。",
    "Write it with its country code.": "请带国家代码书写。",
    "The debtor has no valid detail '{text}'.": "债务人没有有效的联系信息“{text}”。",
    "See the details and their numbers with: dunning show-debtor ID --reveal": (
        "查看联系信息及其序号：dunning show-debtor ID --reveal"
    ),
    "The hold would end on {until}, in the past.": "暂停期的截止日 {until} 已经过去。",
    "The case is not on hold.": "案件未处于暂停催收状态。",
    "See its state with: dunning show-case CASE": "查看案件状态：dunning show-case CASE",
    "Entry {seq} is of kind '{kind}' in format {format}; this version knows format {known} only.": (
        "第 {seq} 条记录的种类为“{kind}”、格式 {format}；本版本只认识格式 {known}。"
    ),
    "Install a newer dunning; nothing was changed.": "请安装更新版本的 dunning；未作任何更改。",
    "'{text}' is no currency code.": "“{text}”不是货币代码。",
    "Use an ISO 4217 code such as CNY or EUR.": "请使用 ISO 4217 代码，如 CNY 或 EUR。",
    "'{text}' is no amount in {currency}.": "“{text}”不是有效的 {currency} 金额。",
    "The {what} must be more than 0, not {text}.": "{what}必须大于 0，不能是 {text}。",
    "The note is empty.": "备注为空。",
    "The case has no entry {seq}.": "案件没有第 {seq} 条记录。",
    "Entry {seq} ({kind}) is a decision, and decisions are not voidable.": (
        "第 {seq} 条记录（{kind}）是一项决定，决定不能作废。"
    ),
    "Make the decision that answers it, such as reopen-case, release-case or decline-plan.": (
        "请作出相应的决定，例如 reopen-case、release-case 或 decline-plan。"
    ),
    "Entry {seq} is already void.": "第 {seq} 条记录已经作废。",
    "Entry {seq} is a payment that was reversed.": "第 {seq} 条记录是一笔已冲正的还款。",
    "If the reversal was the mistake, void that entry instead.": "若冲正有误，请作废冲正那条记录。",
    "The payment is dated {on}, after today ({today}).": "还款日期 {on} 晚于今天（{today}）。",
    "A payment with the reference '{reference}' is already booked on this case.": (
        "本案已入账一笔流水号为“{reference}”的还款。"
    ),
    "If it is another payment, give it another reference.": "若是另一笔还款，请使用不同的流水号。",
    "No payment '{reference}' is booked on this case.": "本案没有流水号为“{reference}”的还款。",
    "The payment '{reference}' was already reversed on {on}.": "还款“{reference}”已于 {on} 冲正。",
    "A payment of {received} can be reversed from that day to today ({today}), not on {on}.": (
        "{received} 收到的还款只能在该日至今天（{today}）之间冲正，不能在 {on}。"
    ),
    "--amount and --settle-for exclude each other.": "--amount 与 --settle-for 不能同时使用。",
    "A settlement names the whole sum.": "和解方案给出的是全部金额。",
    "The first installment would be due on {first}, in the past.": "首期到期日 {first} 已经过去。",
    "The proposal would expire on {expires}, in the past.": "提议的失效日 {expires} 已经过去。",
    "A settlement for {total} {currency} must be for less than the {owed} owed.": (
        "和解金额 {total} {currency} 须少于欠款 {owed}。"
    ),
    "A plan has one installment at least, not {count}.": "还款计划至少一期，不能是 {count} 期。",
    "The last installment would be due beyond the year 9999.": "最后一期的到期日将超出 9999 年。",
    "The payment is in {currency}, the case in {other}.": "还款的货币为 {currency}，案件的货币为 {other}。",
    "A plan over {total} {currency} is for more than the {owed} owed.": "计划金额 {total} {currency} 超过欠款 {owed}。",
    "Leave --amount and --settle-for out for a plan over the whole balance.": (
        "若计划涵盖全部欠款，请不要给出 --amount 和 --settle-for。"
    ),
    "The down payment of {down} leaves nothing for installments.": "首付 {down} 之后已无余额可供分期。",
    "The policy {policy} allows {limit} installments, not {installments}.": (
        "策略 {policy} 最多允许 {limit} 期，不能是 {installments} 期。"
    ),
    "Propose fewer installments, or load a policy that allows more.": "请减少期数，或载入允许更多期数的策略。",
    "An installment of {least} {currency} is too small; the policy {policy} asks for {floor} at least.": (
        "每期 {least} {currency} 过小；策略 {policy} 要求至少 {floor}。"
    ),
    "Propose fewer installments.": "请减少期数。",
    "Plan {number} expired on {expires}.": "第 {number} 号计划已于 {expires} 失效。",
    "Propose it again with: dunning propose-plan": "重新提出：dunning propose-plan",
    "No plan is proposed on this case.": "本案没有待答复的还款计划。",
    "Propose one with: dunning propose-plan": "提出还款计划：dunning propose-plan",
    "'{event}' is refused in {place}.": "在“{place}”阶段不允许“{event}”。",
    "'{event}' is not a move from {place}; it starts from {sources}.": (
        "“{event}”不能从“{place}”开始；它可从以下阶段开始：{sources}。"
    ),
    # --- errors: settings, files, the database, the services ---
    "{count} cases failed, and not all were reached: {what}.": "{count} 件案件失败，且有一部分未能访问：{what}。",
    "What was reached is done. Run the same command again when the worker is back.": (
        "能访问的部分已完成。工作节点恢复后，请重新执行同一命令。"
    ),
    "{count} of {reviewed} cases failed: {cases}.": "检查的 {reviewed} 件案件中有 {count} 件失败：{cases}。",
    "{broken} places are broken, and {differing} rows are not explained by their journal.": (
        "有 {broken} 处损坏，{differing} 行数据与记录不符。"
    ),
    "'{text}' is no instant.": "“{text}”不是有效的时刻。",
    "Write it like 2025-01-06T09:00:00+08:00.": "请写成 2025-01-06T09:00:00+08:00 的形式。",
    "'dunning {args}' ended with {code}, not {expected}.": "“dunning {args}”以 {code} 结束，应为 {expected}。",
    "Please report this.": "请报告此问题。",
    "{path} is already there.": "{path} 已经存在。",
    "Name a new file.": "请指定一个新文件。",
    "There is no story '{name}'.": "没有名为“{name}”的示例。",
    "{path} is no valid policy:\n{lines}": "{path} 不是有效的策略：\n{lines}",
    "Nothing was loaded. See the effective policy with: dunning policy show": (
        "未载入任何内容。查看现行策略：dunning policy show"
    ),
    "There is no file {path}.": "文件 {path} 不存在。",
    "{path} cannot be read: {said}.": "无法读取 {path}：{said}。",
    "{path} is not TOML: {said}.": "{path} 不是 TOML 文件：{said}。",
    "A noted head belongs to a case.": "所记下的末端摘要属于某一件案件。",
    "Give both: --head DIGEST --case CASE": "请同时给出：--head DIGEST --case CASE",
    "The principal must be more than 0, not {amount}.": "本金必须大于 0，不能是 {amount}。",
    "The debt would be incurred on {incurred}, after it is due on {due}.": ("债务发生日 {incurred} 晚于到期日 {due}。"),
    "{creditor} already has a case '{reference}': number {case}.": (
        "{creditor} 已有编号为“{reference}”的案件：案件 {case}。"
    ),
    "The {what} is empty.": "{what}为空。",
    "Case {case} was not known yet at {known_at}.": "在 {known_at} 时案件 {case} 尚未登记。",
    "Nothing to change.": "没有要变更的内容。",
    "Give what is to be added, changed or marked invalid.": "请给出要新增、变更或标记失效的内容。",
    "The settings refuse entries under a clock that was set.": "设置不允许在人工设定的时钟下写入记录。",
    "Leave --now and DUNNING_NOW out, or change set_clock in the settings.": (
        "请不要使用 --now 和 DUNNING_NOW，或更改设置中的 set_clock。"
    ),
    "{day} is still to come.": "{day} 尚未到来。",
    "Look ahead with --dry-run, which writes nothing.": "用 --dry-run 预览，不会写入任何内容。",
    "set_clock is allow or refuse, not '{word}'.": "set_clock 只能是 allow 或 refuse，不能是“{word}”。",
    "The settings file {path} cannot be read: {said}.": "无法读取设置文件 {path}：{said}。",
    "{path}: '{name}' is no setting.": "{path}：“{name}”不是设置项。",
    "{path}: '{name}' must be a text in quotes.": "{path}：“{name}”须为带引号的文本。",
    "'{name}' is no time zone.": "“{name}”不是有效的时区。",
    "Use a name such as Asia/Shanghai or Europe/Berlin.": "请使用 Asia/Shanghai 或 Europe/Berlin 之类的名称。",
    "There is no case with the reference '{ref}'.": "没有编号为“{ref}”的案件。",
    "{count} creditors have a case '{ref}': {creditors}.": "有 {count} 个债权人的案件编号为“{ref}”：{creditors}。",
    "There is no case {case_id}.": "没有案件 {case_id}。",
    "There is no debtor {debtor_id}.": "没有债务人 {debtor_id}。",
    "Only an SQLite database is backed up here.": "此处只能备份 SQLite 数据库。",
    "Use the server's own tool: pg_dump": "请使用服务器自带的工具：pg_dump",
    "The copy is damaged: {said}.": "副本已损坏：{said}。",
    "{path} cannot be written: {said}.": "无法写入 {path}：{said}。",
    "The backup failed: {said}.": "备份失败：{said}。",
    "There is no policy '{name}'.": "没有名为“{name}”的策略。",
    "The key '{key}' was already used for another command.": "键“{key}”已用于另一条命令。",
    "The database {where} cannot be used: {said}.": "数据库 {where} 无法使用：{said}。",
    "Nothing is half-written. Check that it is there and may be read and written: dunning db status": (
        "没有只写入一半的内容。请检查数据库是否存在且可读写：dunning db status"
    ),
    "'{url}' is no database that dunning knows.": "dunning 不支持数据库“{url}”。",
    "Use sqlite:///path/to/file.db or postgresql://user@host/name.": (
        "请使用 sqlite:///path/to/file.db 或 postgresql://user@host/name。"
    ),
    "The database {where} is at version {found}; this program needs {needed}.": (
        "数据库 {where} 的版本为 {found}；本程序需要 {needed}。"
    ),
    "Bring it up to date with: dunning db upgrade": "升级数据库：dunning db upgrade",
    "It was made by a newer dunning: install that version.": "它由更新版本的 dunning 创建：请安装该版本。",
    "Other writers changed the same case each time; gave up after {tries} tries.": (
        "每次都有其他写入者改动同一案件；尝试 {tries} 次后放弃。"
    ),
    "A database in memory would be gone at once.": "内存数据库会立即消失。",
    "Name a file: sqlite:///path/to/file.db": "请指定文件：sqlite:///path/to/file.db",
    "{where} has no tables of dunning.": "{where} 中没有 dunning 的数据表。",
    "Make them with: dunning db upgrade": "创建数据表：dunning db upgrade",
    "{where} ended a statement that took too long: {said}.": "{where} 中止了一条耗时过长的语句：{said}。",
    "{where} does not answer: {said}.": "{where} 没有响应：{said}。",
    "Nothing is half-written. Run the same command again when the server has less to do, or give it more time: "
    "DUNNING_STATEMENT_TIMEOUT": (
        "没有只写入一半的内容。请在服务器较空闲时重新执行同一命令，或延长时限：DUNNING_STATEMENT_TIMEOUT"
    ),
    "{where} cannot reach one of its workers: {said}.": "{where} 无法连接其中一个工作节点：{said}。",
    "Nothing is half-written. Run the same command again when the worker is back; the others' cases go on.": (
        "没有只写入一半的内容。工作节点恢复后请重新执行同一命令；其他节点上的案件可照常处理。"
    ),
    "An SQLite database lies in one file, and cannot be distributed.": (
        "SQLite 数据库只是一个文件，不能分布到多台服务器。"
    ),
    "Name a PostgreSQL database that has the extension citus, with --db or DUNNING_DB.": (
        "请用 --db 或 DUNNING_DB 指定装有 citus 扩展的 PostgreSQL 数据库。"
    ),
    "{where} has no extension citus: there are no workers to distribute it to.": (
        "{where} 没有 citus 扩展：没有可供分布的工作节点。"
    ),
    "As a superuser, in that database: CREATE EXTENSION citus": (
        "请以超级用户身份在该数据库中执行：CREATE EXTENSION citus"
    ),
    "Install Citus on the server and its workers, then in that database: CREATE EXTENSION citus": (
        "请在该服务器及其工作节点上安装 Citus，然后在该数据库中执行：CREATE EXTENSION citus"
    ),
    "The table {name} is distributed already, and not by what dunning looks it up by.": (
        "表 {name} 已经分布，但不是按 dunning 查找所用的列。"
    ),
    "Undo that first: SELECT undistribute_table('{name}')": "请先撤销：SELECT undistribute_table('{name}')",
    "statement_timeout is a whole number of seconds, not '{word}'.": ("statement_timeout 应为整数秒，不能是“{word}”。"),
    "Write it like 120; 0 is without end.": "请写成 120 这样的数；0 表示不限时。",
    "The database {where} is locked by another program.": "数据库 {where} 被其他程序锁定。",
    "The disk is full: {where} cannot be written.": "磁盘已满：无法写入 {where}。",
    "Nothing is half-written. Free some space, and run the same command again.": (
        "没有只写入一半的内容。请释放一些空间，然后重新执行同一命令。"
    ),
    "{where} was lost while it confirmed the change: it may have been written, or not.": (
        "{where} 在确认更改时断开：更改可能已写入，也可能没有。"
    ),
    "Look before you repeat it. An import, check-overdue and a command with --key can simply be repeated.": (
        "重复之前请先查看。导入、check-overdue 以及带 --key 的命令可以直接重复执行。"
    ),
    "The database {where} is read-only.": "数据库 {where} 为只读。",
    "Nothing was written. Check the file's rights.": "未写入任何内容。请检查文件权限。",
    "There is no database at {path}.": "{path} 处没有数据库。",
    "The database {path} cannot be created: {said}.": "无法创建数据库 {path}：{said}。",
    "Choose another place with --db or DUNNING_DB.": "请用 --db 或 DUNNING_DB 另选位置。",
    "PostgreSQL needs a driver that is not installed.": "PostgreSQL 所需的驱动尚未安装。",
    "Install it with: pip install 'dunning[postgres]'": "安装驱动：pip install 'dunning[postgres]'",
    # --- errors: imports ---
    "{count} of {read} rows were left out.": "读入的 {read} 行中有 {count} 行未处理。",
    "Mend them and import the file again: what is there is not added twice.": (
        "请修正后重新导入该文件：已有的内容不会重复添加。"
    ),
    "{path} says nothing of: {names}.": "{path} 未说明：{names}。",
    "Name a column under [columns], or a value under [constants].": (
        "请在 [columns] 下指定列，或在 [constants] 下指定值。"
    ),
    "{path} is no valid mapping:\n{lines}": "{path} 不是有效的映射文件：\n{lines}",
    "{path} says nothing of the case that is paid.": "{path} 未说明还的是哪一件案件。",
    "A column 'case' holds case numbers, 'reference' the creditor's references; "
    "'text', 'payer' and 'account' let the case be found.": (
        "“case”列为案件号，“reference”列为债权人的编号；凭“text”“payer”“account”也可找到案件。"
    ),
    # --- errors: statements of banks ---
    "{path} holds no statement: it has no element Stmt.": "{path} 不含对账单：没有 Stmt 元素。",
    "{path} has a DOCTYPE: it is refused.": "{path} 含有 DOCTYPE：予以拒绝。",
    "No bank sends one. It can make a small file grow without end, or read other files.": (
        "银行不会发送 DOCTYPE。它能使小文件无限膨胀，或读取其他文件。"
    ),
    "{path} is no CAMT.053 statement: it begins with {name}.": "{path} 不是 CAMT.053 对账单：其开头为 {name}。",
    "{path}: the text is in no encoding that this format is written in.": "{path}：文本不是该格式所用的编码。",
    "Nothing was written. The file is cut off or damaged: fetch it from the bank again.": (
        "未写入任何内容。文件不完整或已损坏：请从银行重新下载。"
    ),
    "{path} is larger than {limit} MB.": "{path} 大于 {limit} MB。",
    "Ask the bank for shorter periods, one file each; lines that two files share are booked once.": (
        "请向银行索取较短期间的文件；两个文件共有的行只入账一次。"
    ),
    "{path} is no payment file that dunning knows.": "{path} 不是 dunning 能识别的还款文件。",
    "It reads CSV, CAMT.053, MT940 and OFX; another table is exported as CSV.": (
        "可读取 CSV、CAMT.053、MT940 和 OFX；其他表格请导出为 CSV。"
    ),
    "A mapping is for tables; {form} needs none.": "映射用于表格；{form} 不需要映射。",
    "{path} is {kin}, and no statement.": "{path} 是 {kin}，不是对账单。",
    "Ask the bank for camt.053, the statement of booked entries.": "请向银行索取 camt.053，即已入账明细的对账单。",
    "{path} is no {form} file.": "{path} 不是 {form} 文件。",
    "There is no mapping file {path}.": "没有映射文件 {path}。",
    "{path} is an export of {name}, not a table with our columns.": (
        "{path} 是 {name} 的导出文件，不是使用本程序列名的表格。"
    ),
    "{path}: no line names the columns: {names}.": "{path}：没有一行包含这些列名：{names}。",
    "Is it this bank's export? The mapping says which columns it has.": (
        "是该银行的导出文件吗？映射文件写明了它的列名。"
    ),
    "{path}: {count} of {read} lines are bad:\n{lines}": "{path}：{read} 行中有 {count} 行有误：\n{lines}",
    "Nothing was written. Mend them, or take the good lines alone with --on-error skip.": (
        "未写入任何内容。请修正，或用 --on-error skip 只导入无误的行。"
    ),
    "There is no statement line {number}.": "没有编号为 {number} 的对账单行。",
    "See the lines that wait with: dunning list-unmatched": "查看待匹配的行：dunning list-unmatched",
    "Line {number} is booked on case {case} already.": "第 {number} 行已在案件 {case} 入账。",
    "Line {number} waits no more: the money went back.": "第 {number} 行不再待匹配：款项已退回。",
    "The case has {count} payments that line {amount} could take back.": (
        "该案件有 {count} 笔还款可能被金额为 {amount} 的这一行冲回。"
    ),
    "Name the payment: dunning reverse-payment CASE REFERENCE --why TEXT": (
        "请指明还款：dunning reverse-payment CASE REFERENCE --why TEXT"
    ),
    # --- why a line of a statement waits ---
    "the line names no case": "该行未指明案件",
    "there is no such case": "没有该案件",
    "no case has this reference": "没有案件使用该编号",
    "several creditors have this reference": "有多名债权人使用该编号",
    "the case has another reference": "该案件的编号不同",
    "the case is of another creditor": "该案件属于另一债权人",
    "the line names several cases": "该行指明了多件案件",
    "the account has paid for several debtors": "该账户曾为多名债务人付款",
    "the payer has several cases": "付款人有多件案件",
    "too many debtors have this name": "同名债务人过多",
    "several cases fit the name and the amount": "姓名与金额符合多件案件",
    "the payer's name is known, the amount is not what is due": "付款人姓名已知，但金额与应还不符",
    "no payment was found that it takes back": "未找到它所冲回的还款",
    "it can take back several payments": "它可能冲回多笔还款",
    "it takes back a debit": "它冲回的是一笔支出",
    "the money went back": "款项已退回",
    "the parts of this entry do not add up to it": "该分录的各部分之和与其金额不符",
    "it corrects an earlier line of the bank": "它更正银行较早的一行",
    "{path} is not written in UTF-8.": "{path} 不是 UTF-8 编码。",
    'Name its encoding in a mapping file: encoding = "cp1252"': '请在映射文件中指明编码：encoding = "cp1252"',
    'Name the right encoding in a mapping file: encoding = "gb18030"': (
        '请在映射文件中指明正确的编码：encoding = "gb18030"'
    ),
    "{path}: {said}.": "{path}：{said}。",
    "{path} is empty.": "{path} 为空。",
    "The first line names the columns.": "第一行须为列名。",
    "{path}: the column {names} stands twice.": "{path}：列 {names} 重复出现。",
    "{path} is no text file.": "{path} 不是文本文件。",
    "Export it as CSV.": "请导出为 CSV。",
    "{path}: the first line cannot be read as column names.": "{path}：第一行无法读作列名。",
    "{path} is not written in {name}.": "{path} 不是 {name} 编码。",
    "{path}, after line {line}: the text is not {encoding}.": "{path}，第 {line} 行之后：文本不是 {encoding} 编码。",
    "'{name}' is no encoding.": "“{name}”不是有效的编码。",
    "Such as utf-8, gb18030, cp1252.": "例如 utf-8、gb18030、cp1252。",
    "{path}, line {line}: {said}.": "{path}，第 {line} 行：{said}。",
    "From there on the file cannot be told into rows: look for a quote that is not closed.": (
        "自该行起无法分辨各行：请检查是否有未闭合的引号。"
    ),
    "{creditor} knows debtor {other} as '{ref}', not debtor {debtor}.": (
        "{creditor} 以“{ref}”指称债务人 {other}，而非债务人 {debtor}。"
    ),
    "The {what} cannot be less than 0: {text}.": "{what}不能小于 0：{text}。",
    "{path}: {count} of {read} rows are bad:\n{lines}": "{path}：{read} 行中有 {count} 行有误：\n{lines}",
    "Nothing was written. Mend them, or take the good rows alone with --on-error skip.": (
        "未写入任何内容。请修正，或用 --on-error skip 只导入无误的行。"
    ),
    "The line is in {currency}, the case in {other}.": "该行的货币为 {currency}，案件的货币为 {other}。",
    "What is stored of case {name} cannot be read: {said}.": "案件 {name} 的存储内容无法读取：{said}。",
    "What is stored of debtor {name} cannot be read: {said}.": "债务人 {name} 的存储内容无法读取：{said}。",
    "The policy {name} cannot be read: {said}.": "策略 {name} 无法读取：{said}。",
    "See what is wrong with: dunning audit verify": "查看问题所在：dunning audit verify",
    "The database cannot hold a value that was given: {said}.": "数据库无法存储所给的值：{said}。",
    "Nothing was written. Shorten it, and look for characters that do not belong there.": (
        "未写入任何内容。请缩短该值，并检查其中是否有不当的字符。"
    ),
    # --- guards: what would satisfy them (the part after ； is about the case at hand) ---
    "the hold must end first (release-case)": "须先结束暂停催收（release-case）",
    "{min_attempts} attempts to reach the debtor; {attempts} are logged": (
        "须尝试联系债务人 {min_attempts} 次；已登记 {attempts} 次"
    ),
    "{min_demands} demands for payment (log-contact --purpose demand); {demands} are logged": (
        "须催告 {min_demands} 次（log-contact --purpose demand）；已登记 {demands} 次"
    ),
    "a final demand (log-contact --purpose final_demand) at least {demand_before_days} days old; "
    "{final_demand_state}": (
        "最终催告（log-contact --purpose final_demand）须满 {demand_before_days} 天；{final_demand_state}"
    ),
    "none was sent since the last agreement": "自上次达成协议以来尚未发出",
    "at least {min_balance} {currency} owed for legal action; {owed} is owed": (
        "诉诸法律程序须欠款至少 {min_balance} {currency}；现欠 {owed}"
    ),
    "the open proposal must be answered first (accept-plan, decline-plan or withdraw-plan)": (
        "须先答复待定的提议（accept-plan、decline-plan 或 withdraw-plan）"
    ),
    "a proposed plan that has not expired (propose-plan)": "须有未失效的还款提议（propose-plan）",
    "a policy that allows another plan: {plans_broken} were broken, renegotiations allowed: {max_renegotiations}": (
        "策略须允许再次协商：已违约计划 {plans_broken} 个，允许重新协商 {max_renegotiations} 次"
    ),
    "a plan agreed under a policy with on_break = legal": "计划须在 on_break = legal 的策略下达成",
    "more than {tolerance} {currency} owed; {owed} is owed": "欠款须超过 {tolerance} {currency}；现欠 {owed}",
    "an agreed plan that was still followed when the case was closed": "须有结案时仍在履行的还款计划",
    "payments which show that the plan was kept after all, or a completed plan that a reversal opened again": (
        "须有还款证明计划实已履行，或已履行完毕的计划因冲正而重新开启"
    ),
    "no more than {tolerance} {currency} owed; {owed} is owed": "欠款不得超过 {tolerance} {currency}；现欠 {owed}",
    "a settlement plan paid in full": "和解计划须已全额履行",
    "a case that was closed in the legal stage": "案件须是在法律程序阶段结案的",
    # --- advice ---
    "Ask for full payment now, with a date within days.": "要求立即全额还款，并约定数日内的还款日期。",
    "Offer a short plan.": "提供短期分期还款计划。",
    "Offer a hardship plan with the smallest bearable installments; look for signs of vulnerability.": (
        "提供困难帮扶计划，每期金额以能承受的最低额为准；留意是否属弱势债务人。"
    ),
    "Make a firm demand, or agree a short plan.": "严正催告，或商定短期分期还款计划。",
    "Agree a plan, and check after the first installment.": "商定分期还款计划，首期到期后跟进核查。",
    "Agree a small plan, and review the income in 60 days.": "商定小额分期还款计划，60 天后复核收入。",
    "Send a final demand, then take legal action.": "发出最终催告，随后申请支付令或提起诉讼。",
    "Send a final demand with an offer, then take legal action if it is worth it.": (
        "发出附和解方案的最终催告；若值得追诉，随后申请支付令或提起诉讼。"
    ),
    "Send low-cost reminders only; weigh a write-off against the cost of legal action.": (
        "仅作低成本提醒；在核销与追诉成本之间权衡。"
    ),
    "Willingness is {level}: recorded on {day} (entry {seq}).": "还款意愿{level}：{day} 登记（第 {seq} 条）。",
    "Ability is {level}: recorded on {day} (entry {seq}).": "还款能力{level}：{day} 登记（第 {seq} 条）。",
    "The reason is '{reason}': given on {day} (entry {seq}).": "逾期原因“{reason}”：{day} 得知（第 {seq} 条）。",
    "Ability is {level}: an income of {income} a month leaves nothing after expenses of {expenses} "
    "({day}, entry {seq}).": "还款能力{level}：月收入 {income}，扣除支出 {expenses} 后无余（{day}，第 {seq} 条）。",
    "Ability is {level}: an income of {income} a month less expenses of {expenses} leaves {free}, "
    "so {owed} takes {months} months ({day}, entry {seq}).": (
        "还款能力{level}：月收入 {income}，扣除支出 {expenses} 余 {free}，"
        "还清 {owed} 需 {months} 个月（{day}，第 {seq} 条）。"
    ),
    # --- the story of a case ---
    "Case opened: {principal} owed to {creditor}, due {due}": "立案：欠 {creditor} {principal}，到期日 {due}",
    "{channel} to {party}: {outcome}": "{channel}联系{party}：{outcome}",
    "{channel} from {party}: {outcome}": "{party}以{channel}联系我方：{outcome}",
    "purpose {purpose}": "目的：{purpose}",
    "to {address}": "联络地址 {address}",
    "reason {reason}": "逾期原因：{reason}",
    "willingness {level}": "还款意愿{level}",
    "ability {level}": "还款能力{level}",
    "{minutes} min": "{minutes} 分钟",
    "cost {cost}": "费用 {cost}",
    "note: {note}": "备注：{note}",
    "Assessed": "评估",
    "income {income} and expenses {expenses} a month": "月收入 {income}，月支出 {expenses}",
    "Plan {number} proposed: {total} on {due}": "提出第 {number} 号还款计划：{due} 还 {total}",
    "Plan {number} proposed: {total} in {count} installments from {first} to {last}": (
        "提出第 {number} 号分期还款计划：{total} 分 {count} 期，自 {first} 至 {last}"
    ),
    "it settles the whole debt": "履行后全部债务了结",
    "expires {day}": "{day} 到期失效",
    "Plan {number} accepted": "接受第 {number} 号还款计划",
    "Plan {number} declined by the debtor": "债务人拒绝第 {number} 号还款计划",
    "Plan {number} withdrawn by the creditor": "债权人撤回第 {number} 号还款计划",
    "Plan {number} expired: not answered by {day}": "第 {number} 号还款计划失效：至 {day} 未获答复",
    "Installment {number} of {amount}, due {due}, missed: only {paid} was paid": (
        "第 {number} 期 {amount}（{due} 到期）逾期：仅还 {paid}"
    ),
    "Installment {number} of {amount}, due {due}, missed: nothing was paid": (
        "第 {number} 期 {amount}（{due} 到期）逾期：分文未还"
    ),
    "Plan {number} broken: its last installment, {missed}, was missed": (
        "第 {number} 号还款计划违约：最后一期（第 {missed} 期）逾期未还"
    ),
    "Plan {number} broken: installment {missed} missed": "第 {number} 号还款计划违约：第 {missed} 期逾期未还",
    "Plan {number} broken: installments {missed} missed in a row": (
        "第 {number} 号还款计划违约：第 {missed} 期连续逾期未还"
    ),
    "Plan {number} in force again: payments booked later show that it was kept": (
        "第 {number} 号还款计划恢复：后入账的还款表明计划实已履行"
    ),
    "Plan {number} in force again: money that had completed it was taken back": (
        "第 {number} 号还款计划恢复：使其履行完毕的款项已被收回"
    ),
    "Plan {number} completed; {paid} received in all": "第 {number} 号还款计划履行完毕；累计收到 {paid}",
    "Payment of {amount} received ({reference})": "收到还款 {amount}（{reference}）",
    "Payment {reference} (entry {seq}) reversed": "还款 {reference}（第 {seq} 条）冲正",
    "{amount} waived: the debt is settled": "减免 {amount}：债务和解了结",
    "{amount} waived: a remainder this small counts as paid": "减免 {amount}：余额甚小，视为还清",
    "Moved from {source} to {target}: {event}": "由“{source}”转入“{target}”：{event}",
    "Legal action is due: {days} days in {stage} were over on {day}": (
        "应转入法律程序：在“{stage}”阶段的 {days} 天期限已于 {day} 届满"
    ),
    "nothing is missing": "条件均已具备",
    "still missing: {guards}": "尚缺：{guards}",
    "Put on hold: {reason}": "暂停催收：{reason}",
    ", until {day}": "，至 {day}",
    "Hold ended ({reason}): {day} was its last day": "暂停催收届满（{reason}）：最后一日为 {day}",
    "Released from hold ({reason})": "恢复催收（原因：{reason}）",
    "Case closed: {outcome}": "结案：{outcome}",
    "Case reopened": "重启案件",
    "Assigned to {collector}": "分派给 {collector}",
    "Note: {text}": "备注：{text}",
    "Entry {seq} ({kind}) is void": "第 {seq} 条记录（{kind}）作废",
    "Debtor added: {name}": "登记债务人：{name}",
    "{detail} added: {value}": "新增{detail}：{value}",
    "Name changed to {name}": "姓名变更为 {name}",
    "Details changed": "资料变更",
    "{detail} of entry {seq} is no longer valid": "第 {seq} 条的{detail}不再有效",
    "language {language}": "语言：{language}",
    # --- a case on the screen ---
    "Case {number}": "案件 {number}",
    "Debtor": "债务人",
    " (debtor {number})": "（债务人 {number}）",
    "Creditor": "债权人",
    "portfolio {name}": "资产包 {name}",
    "collector {name}": "催收员 {name}",
    "On hold": "暂停催收",
    "{reason}, since {day}": "{reason}，自 {day} 起",
    " until {day}": "，至 {day}",
    "Overdue": "逾期",
    " days ({bucket})": " 天（{bucket}）",
    "not yet overdue": "尚未逾期",
    ", due {day}": "，到期日 {day}",
    "closed on {day}, {days} days after the due date": "{day} 结案，到期后第 {days} 天",
    "closed: {outcome}": "已结案：{outcome}",
    "Owed": "欠款",
    " on {day}": "（截至 {day}）",
    "costs": "费用",
    "fees": "手续费",
    "interest": "利息",
    "principal": "本金",
    "{amount} was paid beyond it": "另有多付 {amount}",
    "Paid": "已还",
    "nothing yet of {principal}": "尚未还款，本金 {principal}",
    "{paid} of {principal}": "{paid}，本金 {principal}",
    "Plan {number}": "还款计划 {number}",
    "settles the whole debt": "履行后全部债务了结",
    "{total} in one payment": "{total}，一次还清",
    "{total} in {count} installments": "{total}，分 {count} 期",
    "Assessment": "评估",
    "Effort": "投入",
    "no contact yet": "尚未联络",
    "1 contact": "联络 1 次",
    "{count} contacts": "联络 {count} 次",
    "Next action": "下一步",
    # --- tables ---
    "No.": "序号",
    "Due": "到期日",
    "Amount": "金额",
    "Amount ({currency})": "金额（{currency}）",
    "Status": "状态",
    "To be answered by {day}.": "须于 {day} 前答复。",
    "Paid in full, it settles the whole debt.": "全额履行后，全部债务了结。",
    "No cases here.": "没有案件。",
    "Add one with: dunning add-case --help": "新增案件：dunning add-case --help",
    "1 case": "1 件案件",
    "{count} cases": "{count} 件案件",
    "{cases}, owed: {sums}": "{cases}，欠款合计：{sums}",
    "Case": "案件",
    "Reference": "编号",
    "Stage": "阶段",
    "Balance": "余额",
    "Reference, debtor": "编号、债务人",
    "Stage, status": "阶段、状态",
    "Recorded": "登记时间",
    "Who": "经办人",
    "What": "事项",
    " (void)": "（已作废）",
    " (effective {day})": "（生效日 {day}）",
    "Debtor {number}": "债务人 {number}",
    "Speaks {language}": "语言：{language}",
    "No details yet.": "尚无联系信息。",
    "Masked; see them in full with --reveal.": "信息已遮蔽；用 --reveal 查看完整内容。",
    "Kind": "种类",
    "Value": "内容",
    "no longer valid": "已失效",
    # --- the table of moves ---
    "From": "自",
    "Event": "事件",
    "To": "至",
    "Needs": "条件",
    "Need": "条件",
    "What satisfies it": "如何满足",
    "Where an event has several rows from one stage, the first whose needs are met is taken.": (
        "同一阶段的同一事件有多行时，取第一个条件全部满足的行。"
    ),
    "It needs:": "须具备：",
    "Open from here: {moves}": "当前可行：{moves}",
    "No move is open from here.": "当前没有可行的变动。",
    "{event} (to {place})": "{event}（至“{place}”）",
    "Error: ": "错误：",
    "Hint:  ": "提示：",
    # --- the nightly run, the audit ---
    "Check of {day}": "{day} 逾期检查",
    "Check of {day} (nothing was written)": "{day} 逾期检查（试运行，未写入）",
    "Nothing was due.": "没有到期事项。",
    "What was written": "写入的记录",
    "Moves": "阶段变动",
    "Count": "数量",
    "{reviewed} reviewed, {changed} changed, {moved} moved, {failed} failed, {seconds} s": (
        "检查 {reviewed} 件，变动 {changed} 件，转阶段 {moved} 次，失败 {failed} 件，用时 {seconds} 秒"
    ),
    "Failed case": "失败案件",
    "Error": "错误",
    "✓ Sound": "✓ 完好",
    "✗ Broken": "✗ 已损坏",
    "{cases} cases, {debtors} debtors, {entries} entries read": (
        "已读 {cases} 件案件、{debtors} 名债务人、{entries} 条记录"
    ),
    "{count} entries were written with a clock set by hand.": "有 {count} 条记录写入时时钟为人工设定。",
    "Rows that their journal does not explain:": "与记录不符的派生数据：",
    "version {found}, made by a newer dunning: install that version": (
        "版本 {found}，由更新的 dunning 建立：请安装该版本"
    ),
    "{count} entries were written under a clock that was set by hand.": "{count} 条记录是在手动设定的时钟下写入的。",
    "--debtor and --debtor-id exclude each other.": "--debtor 与 --debtor-id 不能同时使用。",
    "Change a name with: dunning edit-debtor ID --name NAME": "改名请用：dunning edit-debtor ID --name NAME",
    "The collector's name is empty.": "催收员姓名为空。",
    "The policy '{name}' has no version {version}.": "策略“{name}”没有版本 {version}。",
    "Journal": "所属",
    "Entry": "记录",
    "What is wrong": "问题",
    "case {number}": "案件 {number}",
    "debtor {number}": "债务人 {number}",
    "all cases": "全部案件",
    "all debtors": "全部债务人",
    "Entries": "记录数",
    "Head": "末端摘要",
    # --- what a command did ---
    "Nothing to change: it is already so.": "无需变更：现状已是如此。",
    "Every need is met: it may be escalated. Nothing was written.": (
        "条件均已满足：可以升级至法律程序。未写入任何内容。"
    ),
    "{amount} owed": "欠款 {amount}",
    "next: ": "下一步：",
    "nothing is due": "没有待办事项",
    "The first {shown} cases; all of them with --limit 0.": "显示前 {shown} 件案件；用 --limit 0 显示全部。",
    "Reviewing cases": "正在检查案件",
    "Verifying entries": "正在核验记录",
    "Where the cases stand": "案件现状",
    "Policy {label} is in force.": "策略 {label} 已生效。",
    "{file} is a valid policy, '{name}'.": "{file} 是有效的策略“{name}”。",
    "{file}: {size} bytes, checked.": "{file}：{size} 字节，已核验。",
    # --- imports ---
    "Importing rows": "正在导入",
    "Importing payments": "正在导入还款",
    "{read} rows read as {encoding}: {added} added, {skipped} already there, {rejected} refused.": (
        "以 {encoding} 读入 {read} 行：新增 {added} 行，已有 {skipped} 行，拒绝 {rejected} 行。"
    ),
    "{read} lines read as {encoding}: {matched} booked, {unmatched} fit no case, {duplicate} already known, "
    "{rejected} refused.": (
        "以 {encoding} 读入 {read} 行：入账 {matched} 行，未匹配案件 {unmatched} 行，重复 {duplicate} 行，"
        "拒绝 {rejected} 行。"
    ),
    "{file}: {format}, {read} lines.": "{file}：{format}，{read} 行。",
    "{reversed} took a payment back, {left_out} brought no money and were left out.": (
        "{reversed} 行冲回了还款，{left_out} 行没有进账，未处理。"
    ),
    "See what could be meant with: dunning list-unmatched": "查看可能对应的案件：dunning list-unmatched",
    "Booked by": "入账依据",
    "Statement {statement} does not add up: its entries lead to {expected}, it says {found}.": (
        "对账单 {statement} 不平：按分录应为 {expected}，所载为 {found}。"
    ),
    "No line waits to be matched.": "没有待匹配的行。",
    "case {number}: {who}, owed {owed} ({why})": "案件 {number}：{who}，欠 {owed}（{why}）",
    "{shown} of {total} lines; all of them with --limit 0.": "共 {total} 行，显示 {shown} 行；用 --limit 0 查看全部。",
    "A dry run: nothing was written.": "试运行：未写入任何内容。",
    "Line": "行",
    "Field": "字段",
    "Why": "原因",
    "… and {count} more; all of them with --json.": "……另有 {count} 行；用 --json 查看全部。",
    # --- the database, policies ---
    "Distributed: {count} tables were moved.": "已分布：移动了 {count} 张表。",
    "Nothing had to be moved.": "无须移动任何表。",
    "Table": "表",
    "Lies": "位置",
    "Cut by": "分片列",
    "Moved": "移动",
    "cut over the workers": "分片到各工作节点",
    "whole on every worker": "每个工作节点一份完整副本",
    "on the coordinator": "在协调节点上",
    "before": "此前",
    "Database": "数据库",
    "State": "状态",
    "Holds": "内容",
    ", {bytes} bytes": "，{bytes} 字节",
    "version {revision}, up to date": "版本 {revision}，已是最新",
    "version {found}, needs {needed}: run dunning db upgrade": "版本 {found}，需要 {needed}：请运行 dunning db upgrade",
    "none": "无",
    "{cases} cases, {debtors} debtors, {entries} entries": "{cases} 件案件、{debtors} 名债务人、{entries} 条记录",
    "Policy": "策略",
    "Version": "版本",
    "In force": "生效",
    "Loaded": "载入时间",
    "By": "载入人",
    "built in": "内置",
    "yes": "是",
    # --- interest, charges, statements ---
    "--since goes with --rate or --statutory alone.": "--since 只能与 --rate 或 --statutory 一起使用。",
    "Without --since, all rates are named anew.": "不用 --since 时，须重新列出全部利率。",
    "Say which rate holds.": "请指明适用的利率。",
    "--rate 0 ends the interest; --statutory is the law's rate.": (
        "--rate 0 表示停止计息；--statutory 表示适用法定利率。"
    ),
    "--statutory goes with no other rate.": "--statutory 不能与其他利率一起使用。",
    "Leave --rate and --default-rate out.": "请去掉 --rate 和 --default-rate。",
    "--statutory goes with neither --day-count nor --default-from: the rule says how days are counted.": (
        "--statutory 不能与 --day-count 或 --default-from 一起使用：天数计法由规则规定。"
    ),
    "Its first day can be said with --interest-from.": "起息日可用 --interest-from 指定。",
    "Say how much is owed.": "请写明金额。",
    "A number such as 25.00, or --by-law for what the law adds.": "写数字，如 25.00；法定金额用 --by-law。",
    "A charge needs --kind and --why.": "费用须写明 --kind 和 --why。",
    "--kind cost or --kind fee, and --why in your words.": "--kind cost 或 --kind fee，并用 --why 写明原因。",
    "--by-law goes without an amount: the law says how much.": "--by-law 不带金额：金额由法律规定。",
    "The debt is not late on {on}: it is due on {due}.": "债务于 {due} 到期，{on} 尚未逾期。",
    "Fixed compensation is owed from the day after the due date.": "法定定额补偿自到期日次日起可主张。",
    "The law gives this once a debt, and entry {seq} added it ({rule}).": (
        "法律规定每笔债务只能加收一次，第 {seq} 条记录已加收（{rule}）。"
    ),
    "See it with: dunning statement CASE": "查看：dunning statement CASE",
    "The rule pack {pack} gives this debt no {what} on {day}.": "规则包 {pack} 未就该债务于 {day} 规定{what}。",
    "Whether the law gives this debt {what} depends on what is not known of it: {facts}.": (
        "法律是否就该债务规定{what}，取决于尚不清楚的情况：{facts}。"
    ),
    "Say it when the case is opened: --consumer or --business, and --debt-type.": (
        "请在立案时写明：--consumer 或 --business，以及 --debt-type。"
    ),
    "The rule pack {pack} has no rule '{rule}' about a rate any more.": (
        "规则包 {pack} 中已没有关于利率的规则“{rule}”。"
    ),
    "Give the case its rate anew with: dunning change-interest CASE": (
        "请为该案件重新设定利率：dunning change-interest CASE"
    ),
    "The rule {rule} gives an amount in {other}; the debt is in {currency}.": (
        "规则 {rule} 规定的金额币种为 {other}，债务币种为 {currency}。"
    ),
    "Say it when the case is opened: --incurred DATE.": "请在立案时写明：--incurred 日期。",
    "Every debt is in dispute, and nothing may be paid toward one ({rule}).": (
        "各笔债务均有争议，不得抵充有争议的债务（{rule}）。"
    ),
    "Release one with dunning release-case CASE, or book the payment with dunning record-payment CASE.": (
        "可用 dunning release-case CASE 解除其一，或用 dunning record-payment CASE 入账。"
    ),
    "not known since {day}: {table} ends there": "自 {day} 起利率不明：{table} 止于此前",
    "{percent} % were agreed": "约定利率 {percent}%",
    "what is above {percent} % a year is not claimed, by {law}": "依{law}，超过年利率 {percent}% 的部分不主张",
    "a cap by {law} holds whose rate is not known: nothing is held to it": (
        "依{law}有利率上限，但上限数值不明，未据此限制"
    ),
    "payments count toward {parts} ({rule})": "还款依次抵充{parts}（{rule}）",
    "{rates}, by {law}": "{rates}，依{law}",
    "{what}, by {law}": "{what}，依{law}",
    "Interest follows the rate table {table}: {rates}": "利息随利率表 {table} 调整：{rates}",
    "not known from {day}": "自 {day} 起利率不明",
    "A cap of the law noted: {what}": "记录法定上限：{what}",
    "Payment of {amount} of {day} over the debts of debtor {debtor}": (
        "{day} 的还款 {amount}，抵充债务人 {debtor} 的各笔债务"
    ),
    "{amount} more than is owed: kept on case {case}.": "超出欠款 {amount}：留在案件 {case} 上。",
    "Receives": "抵充",
    "Still owed": "尚欠",
    "In the order of {law}, {rule}.": "顺序依{law}，{rule}。",
    "The rate of interest is not known after {day}: none is counted from then on.": (
        "{day} 之后利率不明：此后未计利息。"
    ),
    "Of entry {seq}, above the cap: not claimed": "第 {seq} 条记录中超过上限的部分：不主张",
    "Fees within the cap by now": "已在上限以内的费用",
    "{amount} are not claimed: {what}.": "{amount} 不主张：{what}。",
    "Debtor {debtor} has no open case that this payment could be for.": "债务人 {debtor} 没有可以抵充此款的未结案件。",
    "Case {number} is of another creditor or in another currency than the payment.": (
        "案件 {number} 的债权人或币种与此款不同。"
    ),
    "A payment goes to the debts of one creditor in one currency.": "一笔还款只能抵充同一债权人、同一币种的债务。",
    "The open cases have several {what}: {names}.": "未结案件有多个{what}：{names}。",
    "Say which one with --creditor or --currency; under several laws, book it case by case.": (
        "请用 --creditor 或 --currency 指明；适用不同法律的，请逐案入账。"
    ),
    "Case {number} is no open case of debtor {debtor}.": "案件 {number} 不是债务人 {debtor} 的未结案件。",
    "The statement would end before it begins.": "对账单的结束日早于开始日。",
    "The charge is dated {on}, after today ({today}).": "费用日期 {on} 晚于今天（{today}）。",
    "The charge is in {currency}, the case in {other}.": "费用币种为 {currency}，案件币种为 {other}。",
    "Entry {seq} is no charge of this case.": "第 {seq} 条记录不是本案的费用。",
    "See the charges with: dunning statement CASE": "查看费用：dunning statement CASE",
    "The charge of entry {seq} is already waived.": "第 {seq} 条记录的费用已经免除。",
    "Of the charge of entry {seq}, {left} {currency} are left to be waived, not {amount}.": (
        "第 {seq} 条记录的费用可免除余额为 {left} {currency}，不足 {amount}。"
    ),
    "Nothing was paid beyond what is owed on this case.": "本案没有多付的款项。",
    "Only {held} {currency} were paid beyond what is owed, not {amount}.": (
        "多付的款项只有 {held} {currency}，不足 {amount}。"
    ),
    "A plan with interest inside is over the whole debt.": "含息的还款计划须覆盖全部欠款。",
    "Leave --amount and --settle-for out, or --with-interest and --waive-interest.": (
        "请去掉 --amount 和 --settle-for，或去掉 --with-interest 和 --waive-interest。"
    ),
    "'{text}' is no {what} in percent a year.": "“{text}”不是以年百分数表示的{what}。",
    "{percent} % a year since {day}": "自 {day} 起年利率 {percent}%",
    "{rates} ({how})": "{rates}（{how}）",
    "Interest": "利息",
    ", frozen by the hold": "，暂停催收期间停止计息",
    "Nothing was written.": "没有写入任何内容。",
    "waives {percent} % of the interest": "免除 {percent}% 的利息",
    "Once it is kept, {percent} % of the interest is waived.": "履行完毕后免除 {percent}% 的利息。",
    "The payment of entry {entry} is spread anew, because of entry {seq}": (
        "因第 {seq} 条记录，第 {entry} 条记录的还款重新分配"
    ),
    "The payments of entries {entries} are spread anew, because of entry {seq}": (
        "因第 {seq} 条记录，第 {entries} 条记录的还款重新分配"
    ),
    "{charge} of {amount} added": "{charge}：加收 {amount}",
    "{percent} % a year from {day}": "自 {day} 起年利率 {percent}%",
    "no interest": "不计息",
    "interest {rates}": "利息：{rates}",
    "interest inside": "含期间利息",
    "{percent} % of the interest waived when kept": "履行完毕后免除 {percent}% 的利息",
    "{amount} paid beyond the debt counted toward case {case}": "多付的 {amount} 转作案件 {case} 的还款",
    "{amount} paid beyond the debt refunded": "退还多付的 {amount}",
    "Interest changed: {rates}": "变更利息：{rates}",
    "{amount} of the charge of entry {seq} waived": "免除第 {seq} 条记录费用中的 {amount}",
    "{amount} of interest waived: the plan was kept": "免除利息 {amount}：还款计划已履行完毕",
    "no interest runs meanwhile": "期间停止计息",
    "Statement of case {number}": "案件 {number} 对账单",
    "Brought forward": "上期结转",
    "Interest for {days} days, {percent} % on {base}": "{days} 天利息，本金 {base}，年利率 {percent}%",
    "Principal, due {day}": "本金，到期日 {day}",
    "Payment {reference}": "还款 {reference}",
    "{what} (entry {seq})": "{what}（第 {seq} 条记录）",
    "Balance on {day}": "{day} 余额",
    "Date": "日期",
    "Amounts in {currency}.": "金额单位：{currency}。",
    "Payment {reference}, taken back on {day}: counts as never received": (
        "还款 {reference}，已于 {day} 冲正：视为未收到"
    ),
    "{what} (entry {seq}), waived on {day}": "{what}（第 {seq} 条记录），已于 {day} 免除",
    "Beyond": "多付",
    "Paid out of what was held beyond the debt": "以多付的款项抵付",
    "Refunded": "已退款",
    "Waived": "已免除",
    "Case {other} is not another case of the same debtor.": "案件 {other} 不是同一债务人的另一件案件。",
    "See the debtor's cases with: dunning show-debtor ID": "查看该债务人的案件：dunning show-debtor ID",
    "Write a number from 0 to 1000 with a decimal point, such as 4.35.": (
        "请写 0 到 1000 之间的数字，用小数点，如 4.35。"
    ),
    # --- rules ---
    "The fact {what} is missing.": "缺少事实 {what}。",
    "The fact {what} is missing; is '{near}' meant for it?": "缺少事实 {what}；是否写成了“{near}”？",
    "The fact '{name}' is a number in quotes, such as \"12.50\", not {value}.": (
        '事实“{name}”应为加引号的数字，如 "12.50"，而不是 {value}。'
    ),
    "The fact '{name}' must not be below {lowest}.": "事实“{name}”不得小于 {lowest}。",
    "The fact '{name}' must be a whole number.": "事实“{name}”必须是整数。",
    "The fact '{name}' is a day such as 2026-01-31, not {value}.": (
        "事实“{name}”应为日期，如 2026-01-31，而不是 {value}。"
    ),
    "The fact '{name}' is true or false.": "事实“{name}”只能是 true 或 false。",
    "The fact '{name}' is a word in quotes.": "事实“{name}”应为加引号的词。",
    "The fact '{name}' is a list of objects.": "事实“{name}”应为对象的列表。",
    "The fact '{name}' is an object.": "事实“{name}”应为一个对象。",
    "'{measure}' is nothing that is counted; known are: {known}.": "“{measure}”不可计数；可用：{known}。",
    "The pack {pack} has no rule that counts calls in {days} days.": "规则包 {pack} 没有 {days} 日通话次数规则。",
    "ask.channel is missing, or ask.action where no contact is meant.": "缺少 ask.channel；若非联系，写 ask.action。",
    "ask.at is missing: the instant of the contact, with its offset.": "缺少 ask.at：联系的时刻，须带时区偏移。",
    "Every debt needs an id.": "每笔债务都需要 id。",
    "A contact of the log has no 'when'.": "联络记录缺少“when”。",
    "A flag is a word, or an object with a type.": "标记应为一个词，或带 type 的对象。",
    "'{value}' is no {name}; did you mean '{near}'?": "“{value}”不是有效的 {name}；是否指“{near}”？",
    "'{value}' is no {name}; known are: {near}.": "“{value}”不是有效的 {name}；可用：{near}。",
    "The fact '{name}' is a list of ids.": "事实“{name}”应为 id 的列表。",
    "'{name}' is an instant with its offset, such as 2026-01-31T09:00:00+01:00, not {value}.": (
        "“{name}”应为带时区偏移的时刻，如 2026-01-31T09:00:00+01:00，而不是 {value}。"
    ),
    "'{zone}' is no time zone such as Europe/Berlin.": "“{zone}”不是时区，应如 Europe/Berlin。",
    "'{name}' is a day such as 2026-01-31, not {value}.": "“{name}”应为日期，如 2026-01-31，而不是 {value}。",
    "'{name}' is an hour such as 08:00, not {value}.": "“{name}”应为钟点，如 08:00，而不是 {value}。",
    "The fact '{name}' is one of: {known}.": "事实“{name}”只能是：{known}。",
    "The fact '{name}' has more than two decimals.": "事实“{name}”的小数超过两位。",
    "The fact '{fact}' is missing, or a day on which {table} is looked up.": (
        "缺少事实“{fact}”，或缺少查询 {table} 的日期。"
    ),
    "The fact 'balance' is missing: of the debt, or of each of the debts.": (
        "缺少事实“balance”：债务的余额，或每笔债务的余额。"
    ),
    "'{name}' is no part of a debt; did you mean '{near}'?": "“{name}”不是债务的组成部分；是否指“{near}”？",
    "'{name}' is no part of a debt; known are: {near}.": "“{name}”不是债务的组成部分；可用的有：{near}。",
    "Two debts have the id '{id}'.": "有两笔债务的编号都是“{id}”。",
    "There is no debt '{id}' to pay.": "没有编号为“{id}”的债务。",
    "'{measure}' is no measure. Known are: {known}.": "“{measure}”不是可问的量。可用的有：{known}。",
    "'{word}' is no day count. Known are: {known}.": "“{word}”不是计日方式。可用的有：{known}。",
    "'{word}' is no daily_rounding. Known are: {known}.": "“{word}”不是 daily_rounding 的取值。可用的有：{known}。",
    "The period ends on {end}, before it begins on {start}.": "期间的结束日 {end} 早于开始日 {start}。",
    "The rule pack {pack} does not say how days are counted.": "规则包 {pack} 没有规定如何计日。",
    "The rule pack {pack} has no limit of penalties for this debt.": "规则包 {pack} 对这笔债务没有违约金的限制。",
    "The rule pack {pack} adds nothing to an unpaid judgment.": "规则包 {pack} 对未履行的判决没有加付规定。",
    "The rule pack {pack} says nothing about this on {day}: {what}.": "规则包 {pack} 在 {day} 对此没有规定：{what}。",
    "The rule pack {pack} says nothing about this: {what}.": "规则包 {pack} 对此没有规定：{what}。",
    "The rule pack {pack} has no order for: {parts}.": "规则包 {pack} 没有规定以下各项的抵充顺序：{parts}。",
    "The rule pack {pack} has no order for several debts.": "规则包 {pack} 没有规定多笔债务的抵充顺序。",
    "It depends on what is not known: {facts}.": "取决于尚不知道的事实：{facts}。",
    "The rate depends on the day of the {what}, which is not known.": "利率取决于 {what} 的日期，而该日期未知。",
    "The rate table {table} begins on {first}; nothing is known for {day}.": (
        "利率表 {table} 自 {first} 起；{day} 的数值未知。"
    ),
    "Add the older steps in a table of the same id in your rules folder.": (
        "请在规则文件夹中用同一编号的利率表补充更早的数值。"
    ),
    "See the packs with: dunning rules list": "查看规则包：dunning rules list",
    "See the packs with: dunning rules list, and a pack's rules with: dunning rules show PACK": (
        "查看规则包：dunning rules list；查看其中的规则：dunning rules show PACK"
    ),
    "There is no pack and no rule '{rule}'.": "没有名为“{rule}”的规则包或规则。",
    "There is no rule pack '{pack}'.": "没有规则包“{pack}”。",
    "There is no rule pack and no file '{name}'.": "没有名为“{name}”的规则包或文件。",
    "{path} holds no valid rules:\n{lines}": "{path} 中的规则无效：\n{lines}",
    "The keys of every kind of rule are in docs/rules.md.": "各类规则的键见 docs/rules.md。",
    "'{kind}' is no kind of question. The kinds are: {known}.": "“{kind}”不是问题的种类。可用的有：{known}。",
    "This version answers no questions of kind {kind}.": "此版本不回答 {kind} 类的问题。",
    "{path} is not JSON: {said}.": "{path} 不是 JSON：{said}。",
    '{path} holds no list of cases, nor one under "cases".': '{path} 中没有案例列表，"cases" 下也没有。',
    "{path}: case {number} lacks: {lacks}.": "{path}：第 {number} 个案例缺少：{lacks}。",
    "{name}, line {line}: this is not JSON: {said}.": "{name} 第 {line} 行：不是 JSON：{said}。",
    "{name}, line {line}: a question is a JSON object.": "{name} 第 {line} 行：问题应为一个 JSON 对象。",
    "The rules folder {folder} is not there.": "规则文件夹 {folder} 不存在。",
    "{failed} of {count} questions could not be answered.": "{count} 个问题中有 {failed} 个无法回答。",
    "Each says why in its own line.": "原因写在各自的行中。",
    "{differ} of {count} examples are answered differently.": "{count} 个示例中有 {differ} 个的答案不同。",
    "Mend the rule or the example: each is listed with what was expected.": (
        "请修正规则或示例：各项均列出了预期的答案。"
    ),
    "A rule pack is a tool, not legal advice. Check a rule at its source before you rely on it.": (
        "规则包只是工具，不构成法律意见。依据某条规则之前，请核对其出处。"
    ),
    "Pack": "规则包",
    "Checked": "核对日",
    "Rules": "规则数",
    "What is missing": "尚缺内容",
    "own": "自有",
    "Title": "名称",
    "Extends": "基于",
    "Rule": "规则",
    "What it says": "内容",
    "If it is broken": "违反时",
    "Strength": "效力",
    "Source": "出处",
    "Known": "依据",
    "Applies": "适用",
    "Values": "参数",
    "checked on {day}": "核对于 {day}",
    "{first} to {last}": "{first} 至 {last}",
    "from {first} on": "自 {first} 起",
    "until {last}": "至 {last}",
    "no dates are known": "起止日不详",
    "always": "始终适用",
    "no": "否",
    "{hold} of {count} examples are answered as expected.": "{count} 个示例中有 {hold} 个的答案与预期一致。",
    # --- deadlines and conduct ---
    "Give a text, or --file FILE.": "请给出文本，或用 --file FILE。",
    "{count} objections forbid this text.": "有 {count} 处问题，此文本不得使用。",
    "A text of {size} characters is too long to be read.": "文本有 {size} 个字符，过长，无法检查。",
    "Send less of it.": "请缩短后再试。",
    "The fact '{name}' is a day from 1900 to 2999, not {day}.": (
        "事实“{name}”应为 1900 至 2999 年间的日期，而不是 {day}。"
    ),
    "See a pack's rules with: dunning rules show PACK": "查看规则包中的规则：dunning rules show PACK",
    "Change the marked words, or add what is missing; docs/conduct.md says how a text is read.": (
        "请修改标出的词句，或补上缺少的内容；检查方式见 docs/conduct.md。"
    ),
    "Objection": "问题",
    "Words": "词句",
    "Nothing is objected to.": "未发现问题。",
    "missing": "缺少",
    "There is no calendar of the country '{country}', region '{region}'.": (
        "没有国家“{country}”、地区“{region}”的假日历。"
    ),
    "Countries are named by two letters, regions as the library 'holidays' names them.": (
        "国家用两个字母的代码，地区用 holidays 库的名称。"
    ),
    "There is no text to look at.": "没有可检查的文本。",
    "The rule pack {pack} has no rule about '{measure}'; it answers: {known}.": (
        "规则包 {pack} 没有关于“{measure}”的规则；可问的有：{known}。"
    ),
    "'{measure}' needs a fact that is not known: {facts}.": "“{measure}”缺少所需的事实：{facts}。",
    "The rule pack {pack} has no rule of limitation.": "规则包 {pack} 没有诉讼时效规则。",
    "The rule pack {pack} has no duty to keep '{record}'. Known are: {known}.": (
        "规则包 {pack} 没有保存“{record}”的规定。已知的有：{known}。"
    ),
    "A question of kind state says its action, or one of these queries: {known}.": (
        "state 类问题须写明 action，或以下 query 之一：{known}。"
    ),
    # --- contacts, facts and what the law says of them ---
    "The law does not allow this contact now. It was not logged; that it was refused is on record.": (
        "法律目前不允许这次联络。未登记为联络；已记录其被拒绝。"
    ),
    "--callable-now is about this moment, and --as-of about another day: leave one out.": (
        "--callable-now 针对此刻，--as-of 针对另一天：请只用其一。"
    ),
    "The fact '{name}' is given twice.": "事实“{name}”给出了两次。",
    "'{text}' is no date; write it like 2025-01-31.": "“{text}”不是日期；请写成 2025-01-31。",
    "'{text}' is no field; write it like medium=call.": "“{text}”不是字段；请写成 medium=call。",
    "Debtor {debtor} has no fact '{which}' that still holds.": "债务人 {debtor} 没有仍然有效的事实“{which}”。",
    "Several facts '{which}' hold: {numbers}.": "有多项事实“{which}”有效：{numbers}。",
    "The fact would end at {at}, which is still to come.": "该事实将于 {at} 结束，而这一时刻尚未到来。",
    "The field '{name}' is given twice.": "字段“{name}”给出了两次。",
    "'{fact}' would have been received or sent at {at}, which is still to come.": (
        "“{fact}”的收到或发出时间为 {at}，而这一时刻尚未到来。"
    ),
    "Record a message once it is there. A fact may begin later: say so with --at.": (
        "收到或发出后再记录。事实可以从以后开始：用 --at 注明。"
    ),
    "Name the fact by its number; see them with: dunning show-debtor ID": (
        "请用编号指明事实；查看编号：dunning show-debtor ID"
    ),
    "See the facts in force with: dunning show-debtor ID": "查看有效的事实：dunning show-debtor ID",
    "See why, and when it may be, with: dunning check-contact CASE --channel CHANNEL": (
        "查看原因及何时可以联络：dunning check-contact CASE --channel CHANNEL"
    ),
    "Facts": "事实",
    "the debtor's time zone: dunning edit-debtor {debtor} --timezone ZONE": (
        "债务人的时区：dunning edit-debtor {debtor} --timezone ZONE"
    ),
    "the kind of debt: add-case --debt-type when the case is opened": "债务种类：立案时用 add-case --debt-type 注明",
    "whether the debtor is a consumer: add-case --consumer or --business": (
        "债务人是否为消费者：立案时用 add-case --consumer 或 --business 注明"
    ),
    "Mon": "周一",
    "Tue": "周二",
    "Wed": "周三",
    "Thu": "周四",
    "Fri": "周五",
    "Sat": "周六",
    "Sun": "周日",
    "Allowed from: ": "可联络时间起于：",
    " at {when}": "：{when}",
    " It lacks: {what}.": "缺少：{what}。",
    "No time alone opens it: only a new fact can.": "时间本身不会使其允许；只有新的事实才能。",
    "✓ Allowed": "✓ 允许",
    "✗ Not allowed": "✗ 不允许",
    " Unknown: {fact}": "未知：{fact}",
    "Not judged, for want of {fact}": "无法判断，缺少{fact}",
    "Against the rules:": "违反规则：",
    "The rules warn:": "规则警示：",
    "May be gone over, with --override: {reasons}": "可用 --override 说明理由后进行：{reasons}",
    "No rule pack judges this case; see: dunning rules list": "没有规则包适用于本案；参见：dunning rules list",
    "since {when}": "自 {when} 起",
    "Ended: {fact} (fact {seq} of debtor {debtor})": "已结束：{fact}（债务人 {debtor} 的事实 {seq}）",
    "Recorded: {fact} (fact {seq} of debtor {debtor})": "已记录：{fact}（债务人 {debtor} 的事实 {seq}）",
    "every contact": "一切联络",
    " until {when}": "，至 {when}",
    "case {cases}": "案件 {cases}",
    "Put on hold: case {cases}": "已暂停催收：案件 {cases}",
    "Released from hold: case {cases}": "已恢复催收：案件 {cases}",
    "forbids": "禁止",
    "lifts": "放开",
    "at these times: {text}": "在这些时间：{text}",
    "Fact": "事实项",
    "Until": "至",
    "What it does": "作用",
    "It forbids and lifts nothing now under {pack}.": "按 {pack}，目前既不禁止也不放开什么。",
    "Not made: {channel} to {party}, against {rules}": "未进行：以{channel}联络{party}，违反 {rules}",
    "Fact recorded: {fact}": "记录事实：{fact}",
    "allowed from {when}": "{when} 起允许",
    "Fact ended: {fact} of entry {seq}": "事实结束：记录 {seq} 的{fact}",
    "about case {cases} too": "同时涉及案件 {cases}",
    "made by {who}": "由 {who} 进行",
    "gone over: {rules} ({why})": "越过：{rules}（{why}）",
    "against the rules: {rules}": "违反规则：{rules}",
    "Case {other} is against another debtor than case {case}.": "案件 {other} 与案件 {case} 的债务人不同。",
    "A contact is about the cases of one debtor; log it on each debtor's case.": (
        "一次联络只涉及同一债务人的案件；请分别登记在各债务人的案件上。"
    ),
    "'{name}' is no fact of a contact; known are: {known}.": "“{name}”不是联络的事实；可用的有：{known}。",
    "'{name}' is true, false or a number, not '{value}'.": "“{name}”应为 true、false 或数字，而不是“{value}”。",
    "Case {case} is under '{pack}', and there is no rule pack of that name.": (
        "案件 {case} 适用“{pack}”，但没有这个名称的规则包。"
    ),
    "Write one in your rules folder (docs/rules.md); see the packs with: dunning rules list": (
        "请在规则文件夹中编写（见 docs/rules.md）；查看规则包：dunning rules list"
    ),
    "Say --about CASE or --all-cases, not both.": "--about CASE 与 --all-cases 只能用其一。",
    "'{fact}' is no fact that the rules know.": "“{fact}”不是规则所知的事实。",
    "See the words in docs/contact-rules.md, under Flags.": "可用的词见 docs/contact-rules.md 的 Flags 一节。",
    "A planned contact is made now: leave --at out, or --planned.": (
        "计划的联络是现在进行的：请去掉 --at 或 --planned。"
    ),
    "Nobody in this list may be contacted now. When a debtor may be: dunning check-contact CASE --channel {channel}": (
        "此列表中目前无人可以联络。何时可以：dunning check-contact CASE --channel {channel}"
    ),
    # --- people ---
    "Debtor {debtor} cannot be merged into itself.": "债务人 {debtor} 不能与自身合并。",
    "Debtor {debtor} is not merged into another one.": "债务人 {debtor} 没有并入其他债务人。",
    "See which records make a person with: dunning show-debtor ID": "查看同一人的各份档案：dunning show-debtor ID",
    "Debtor {debtor} was merged into debtor {into}.": "债务人 {debtor} 已并入债务人 {into}。",
    "Use the number of the record that was kept; undo the merging with: dunning split-debtor ID": (
        "请使用所保留档案的编号；撤销合并：dunning split-debtor ID"
    ),
    "The debtor is no party beside the debtor: choose another role.": "债务人本人不是其他当事人：请选择别的身份。",
    "Person {person} is already a party of case {case} in this role.": (
        "人员 {person} 已以此身份列为案件 {case} 的当事人。"
    ),
    "Person {person} is no party of case {case}.": "人员 {person} 不是案件 {case} 的当事人。",
    "Person {person} is the debtor of case {case}.": "人员 {person} 是案件 {case} 的债务人本人。",
    "Somebody who owes the debt as well is a guarantor, with a number of their own.": (
        "同样负有此债的人请列为保证人，使用其自己的编号。"
    ),
    "Case {case} has several parties of this role: {who}.": "案件 {case} 有多名此身份的当事人：{who}。",
    "Say which one with its number: --party ROLE:PERSON": "请用编号指明是哪一位：--party ROLE:PERSON",
    "See the parties with: dunning show-case CASE": "查看当事人：dunning show-case CASE",
    "See the parties with: dunning show-case CASE. Add one with: dunning add-party CASE --role ROLE --name NAME": (
        "查看当事人：dunning show-case CASE。添加：dunning add-party CASE --role ROLE --name NAME"
    ),
    "Give --name and what else is known of somebody new, or --person ID for somebody who is there.": (
        "新人员请给出 --name 及其他已知信息，已有档案的人员请用 --person ID。"
    ),
    "What is known of somebody who is there is changed with: dunning edit-debtor ID": (
        "更改已有人员的信息：dunning edit-debtor ID"
    ),
    "Parties": "其他当事人",
    "Merged into this record: {numbers}": "已并入本档案：{numbers}",
    "{name} is person {number}.": "{name} 的人员编号为 {number}。",
    "Debtor {gone} is a person of its own again, apart from debtor {kept}.": (
        "债务人 {gone} 重新独立，不再与债务人 {kept} 视为同一人。"
    ),
    "Debtor {gone} is now debtor {kept}.": "债务人 {gone} 现并入债务人 {kept}。",
    "until {day}": "至 {day}",
    "Party of case": "所涉案件",
    "As": "身份",
    "Together: case {cases}": "合并计算：案件 {cases}",
    "Party added: person {person} as {role}": "添加当事人：人员 {person}，身份：{role}",
    "Party ended: person {person} as {role}": "不再是当事人：人员 {person}，身份：{role}",
    "Party of case {case} as {role}": "列为案件 {case} 的当事人，身份：{role}",
    "No longer a party of case {case} as {role}": "不再是案件 {case} 的当事人，身份：{role}",
    "Merged into debtor {into}": "并入债务人 {into}",
    "Merged into this record: {gone}": "已并入本档案：{gone}",
    "Split from debtor {into}": "与债务人 {into} 分开",
    "Split from this record: {gone}": "已从本档案分出：{gone}",
    # the worklist
    "Only the best cases were looked at; narrow the list with a filter to see others.": (
        "只查看了价值最高的案件；要看其他案件，请用筛选条件缩小范围。"
    ),
    "{one} and {other} exclude each other.": "{one} 与 {other} 不能同时使用。",
    "--csv is for the list, not for {option}.": "--csv 用于列表，不能与 {option} 同用。",
    "--all is for the list, not for {option}.": "--all 用于列表，不能与 {option} 同用。",
    "{option} goes with no filter.": "{option} 不能与筛选条件同用。",
    "Ranking cases": "正在为案件排序",
    "promise due {value}": "承诺 {value} 到期",
    "promise broken": "承诺未履行",
    "deadline {value}": "期限 {value}",
    "1 debtor": "1 名债务人",
    "{count} debtors": "{count} 名债务人",
    "Worth": "价值",
    "When": "时间",
    "Debtor, why": "债务人、原因",
    "Reference, when": "编号、时间",
    "from {when}": "{when} 起",
    "until {when}": "{when} 前",
    "not by waiting": "等待无用",
    "now": "现在",
    "; taken by {who}": "；{who} 已领取",
    "Factor": "因素",
    "Adds": "增减",
    "{days} days": "{days} 天",
    "plan {number}": "计划 {number}",
    "{count} cases ranked anew.": "已重新排序 {count} 件案件。",
    "{percent} % to recover": "收回率 {percent} %",
    "{percent} % to reach": "接通率 {percent} %",
    "{notice} to be sent": "待发送{notice}",
    "The notice of level {level} is to be sent: {template} by {channel}": (
        "第 {level} 级通知待发送：{template}（{channel}）"
    ),
    "{who} has taken the debtor of case {case} until {when}: two would contact them at once.": (
        "{who} 已领取案件 {case} 的债务人（至 {when}）：否则会有两人同时联系。"
    ),
    "Taken by {who} until {when}.": "{who} 已领取，至 {when}。",
    "unknown": "未知",
    "Others were quicker each time; take again.": "每次都被他人先领取；请再次领取。",
    "Bucket": "账龄",
    "Segment": "分类",
    "Cases": "案件数",
    "Recovered": "收回",
    "Counts": "是否采用",
    "No closed case tells anything yet: the built-in table counts.": "尚无可参考的已结案件：采用内置表。",
    "Nobody to contact now.": "现在没有可联络的债务人。",
    "On hold: it is on no worklist.": "已暂缓：不在工作列表中。",
    "Nobody to take now.": "现在没有可领取的债务人。",
    "Taken for {who} until {when}": "{who} 已领取，至 {when}",
    "Log what came of it, or give them back: dunning worklist --release": (
        "请登记联络结果，或归还该债务人：dunning worklist --release"
    ),
    "Who may not be contacted now, and when they may: dunning worklist --all": (
        "查看现在不可联络的债务人及可联络时间：dunning worklist --all"
    ),
    "Only your own cases and those of nobody count. See all: dunning worklist --all": (
        "只计您自己的和无人负责的案件。查看全部：dunning worklist --all"
    ),
    "no: fewer than {count} cases": "否：不足 {count} 件",
    "Case {case} is closed: it is on no worklist.": "案件 {case} 已结案：不在工作列表中。",
    "1 debtor given back.": "已归还 1 名债务人。",
    "{count} debtors given back.": "已归还 {count} 名债务人。",
    "next {day}; all of them: dunning deadlines {case}": "下一个：{day}；全部：dunning deadlines {case}",
    "worked out by the next nightly run; now: dunning deadlines {case}": (
        "由下次夜间运行计算；立即查看：dunning deadlines {case}"
    ),
}

# Texts into which the values were already put where they were written; they are recognised by what stands around them.
FILLED: Final[dict[str, str]] = {
    "See what it gives, and to whom, with: dunning rules show {pack}": (
        "查看其规定及适用对象：dunning rules show {pack}"
    ),
    "Use one of: {words}": "可用：{words}",
    "These come with the program: {names}": "随程序附带的有：{names}",
    "Import it with --mapping {name}": "请用 --mapping {name} 导入",
    "Write digits with a decimal point and no thousands marks, such as {example}.": (
        "请用小数点书写数字，不加千位分隔符，例如 {example}。"
    ),
    "sent on {sent}, old enough on {ready}": "已于 {sent} 发出，{ready} 期满",
    "The stories are: {names}": "可用的示例：{names}",
    "The settings are: {names}": "可用的设置项：{names}",
    "See it with: dunning show-case {case}": "查看该案件：dunning show-case {case}",
    "It was recorded at {instant}.": "登记时间为 {instant}。",
    "See who that is with: dunning show-debtor {debtor}": "查看该债务人：dunning show-debtor {debtor}",
    "The columns are: {names}. Other names go into a mapping file (--mapping).": (
        "列名为：{names}。其他列名请写入映射文件（--mapping）。"
    ),
    "The columns of the file are: {names}": "文件的列名为：{names}",
    "Did you mean '{word}'?": "您是否指“{word}”？",
    "the {subject}'s row is missing": "缺少对应的数据行（{subject}）",
    "the journal is missing": "缺少记录",
    "the journal does not end where the row says: entries were cut or added": (
        "记录的末端与数据行不符：有记录被截断或添加"
    ),
    "the journal cannot be read: {error}": "记录无法读取：{error}",
    "{given} cases were numbered, {there} are there": "已编号 {given} 件案件，实有 {there} 件",
    "{given} bank lines were numbered, {there} are there": "已编号 {given} 条银行流水，实有 {there} 条",
    "{given} debtors were numbered, {there} are there": "已编号 {given} 名债务人，实有 {there} 名",
    "the database file is damaged: {said}": "数据库文件已损坏：{said}",
    "the policy {name}@{version} was changed": "策略 {name}@{version} 被改动",
    "a bank line says that it was booked here, and it was not": "有一条银行流水称已在此入账，实则没有",
    "a creditor's key leads to a debtor who is not there": "债权人的编号指向不存在的债务人",
    "{what} (under the number {number})": "{what}（编号为 {number}）",
    "entry {expected} is missing": "缺少第 {expected} 条记录",
    "entry out of order": "记录顺序错乱",
    "the private part was changed": "隐私部分被改动",
    "the digest does not fit the entry and the one before it": "摘要与本条及前一条记录不符",
    "the noted head is not in the journal: entries were cut or rewritten": (
        "记录中找不到所记下的末端摘要：有记录被截断或改写"
    ),
}
