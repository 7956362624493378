#!/bin/sh
# A borrower who lost their job
#zh 失业的借款人
#
# Run it with: sh examples/lost-job.sh     Or see it told: dunning demo lost-job
set -eu
: "${DUNNING_DB:=sqlite:///lost-job.db}"
export DUNNING_DB
export DUNNING_TIMEZONE=Asia/Shanghai DUNNING_ACTOR=li

# A personal loan was due on Sunday. On Monday morning the bank opens a case.
#zh 一笔个人贷款星期日到期。星期一早上，银行立案。
export DUNNING_NOW=2025-01-06T09:00:00+08:00
dunning add-case --debtor '王芳' --creditor 'River Bank' --principal 1800.00 --due 2025-01-05 \
  --reference LOAN-2041 --debt-type consumer_loan --consumer --phone '+86 13800138000' --collector li

# Li calls within the hour. Wang Fang answers: the factory closed in December, there is no income, and she wants to pay.
#zh 李一小时内打去电话。王芳接听：工厂十二月关了，没有收入，但她愿意还。
export DUNNING_NOW=2025-01-06T09:40:00+08:00
dunning log-contact LOAN-2041 --channel call --outcome conversation --purpose reminder --minutes 12 --cost 3.50 \
  --reason lost_job --reason-text 'The factory closed in December' --willingness high --ability low

# What does the file now advise?
#zh 档案现在建议怎么做？
dunning show-case LOAN-2041

# A plan that nobody proposed cannot be accepted, and legal action is out of reach. Both are refused, and say why.
#zh 没有人提出过的计划不能接受，法律行动也还谈不上。两步都被拒绝，并说明理由。
dunning accept-plan LOAN-2041 || test $? -eq 4
dunning escalate LOAN-2041 || test $? -eq 4

# She can bear 300.00 a month. Six installments at the month's end; she agrees two days later.
#zh 她每月能承受 300.00。分六期，每月月底；两天后她同意了。
export DUNNING_NOW=2025-01-06T10:00:00+08:00
dunning propose-plan LOAN-2041 --installments 6 --first 2025-01-31
export DUNNING_NOW=2025-01-08T14:00:00+08:00
dunning accept-plan LOAN-2041

# The first installment comes on time.
#zh 第一期按时到账。
export DUNNING_NOW=2025-01-31T16:00:00+08:00
dunning record-payment LOAN-2041 300.00 --reference TX-0131 --method transfer

# The second was due on 28 February and comes on 2 March: late, but within the three days that the plan tolerates.
#zh 第二期应于二月二十八日到，三月二日才到：晚了，但在计划容许的三天之内。
export DUNNING_NOW=2025-03-02T11:00:00+08:00
dunning record-payment LOAN-2041 300.00 --reference TX-0302 --method transfer

# So the nightly run has nothing to say about her.
#zh 所以夜间检查对她无话可说。
export DUNNING_NOW=2025-03-04T03:00:00+08:00
dunning check-overdue

# March, April and May come on time.
#zh 三月、四月、五月都按时到账。
export DUNNING_NOW=2025-03-31T16:00:00+08:00
dunning record-payment LOAN-2041 300.00 --reference TX-0331 --method transfer
export DUNNING_NOW=2025-04-30T16:00:00+08:00
dunning record-payment LOAN-2041 300.00 --reference TX-0430 --method transfer
export DUNNING_NOW=2025-05-31T16:00:00+08:00
dunning record-payment LOAN-2041 300.00 --reference TX-0531 --method transfer

# The last installment pays the debt in full. The plan is completed and the case closes by itself.
#zh 最后一期还清全部欠款。计划完成，案件自动结案。
export DUNNING_NOW=2025-06-30T10:00:00+08:00
dunning record-payment LOAN-2041 300.00 --reference TX-0630 --method transfer

# The whole story, as an auditor would read it.
#zh 整个经过，审计员读到的样子。
dunning timeline LOAN-2041
