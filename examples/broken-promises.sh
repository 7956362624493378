#!/bin/sh
# A debtor who can pay and will not
#zh 能还而不还的债务人
#
# Run it with: sh examples/broken-promises.sh     Or see it told: dunning demo broken-promises
set -eu
: "${DUNNING_DB:=sqlite:///broken-promises.db}"
export DUNNING_DB
export DUNNING_TIMEZONE=Europe/Berlin DUNNING_ACTOR=mara

# An invoice for 8,400.00 EUR was due at the end of February. The supplier hands it over and sends a reminder.
#zh 一张 8,400.00 欧元的发票二月底到期。供应商移交催收，并发出提醒。
export DUNNING_NOW=2025-03-03T09:00:00+01:00
dunning add-case --debtor 'Kestrel Trading Ltd' --creditor 'Hart Supplies' --principal 8400.00 --currency EUR \
  --due 2025-02-28 --reference INV-0917 --debt-type invoice --business --email 'accounts@kestrel.example'
dunning log-contact INV-0917 --channel email --outcome sent --purpose reminder

# Straight to court? The guards say what is missing.
#zh 直接起诉？守卫条件说明还缺什么。
dunning escalate INV-0917 || test $? -eq 4

# Nobody answers the phone; a demand goes out.
#zh 电话没人接；发出催款函。
export DUNNING_NOW=2025-03-06T10:30:00+01:00
dunning log-contact INV-0917 --channel call --outcome no_answer --purpose demand
export DUNNING_NOW=2025-03-10T09:00:00+01:00
dunning log-contact INV-0917 --channel letter --outcome sent --purpose demand --cost 1.10

# Then the owner answers. Business is good, he does not feel like paying, but promises all of it by the 20th.
#zh 后来老板接了电话。生意不错，只是不想付，但答应二十日前全部付清。
export DUNNING_NOW=2025-03-12T11:00:00+01:00
dunning log-contact INV-0917 --channel call --outcome promised --reason refuses --willingness low --ability high \
  --minutes 9 --note 'Says he pays when it suits him'
dunning propose-plan INV-0917 --installments 1 --first 2025-03-20
dunning accept-plan INV-0917

# The promise was a plan of one installment. It is not kept: missed, broken and moved back, in one nightly run.
#zh 承诺就是只有一期的计划。没有兑现：一次夜间检查就记下逾期、破裂和退回协商。
export DUNNING_NOW=2025-03-24T03:00:00+01:00
dunning check-overdue

# One more chance: two installments, a fortnight apart.
#zh 再给一次机会：两期，相隔两周。
export DUNNING_NOW=2025-03-25T10:00:00+01:00
dunning log-contact INV-0917 --channel call --outcome conversation --purpose negotiate --minutes 6
dunning propose-plan INV-0917 --installments 2 --first 2025-04-03 --every 2weeks
dunning accept-plan INV-0917

# The server was off for three weeks. The late run catches up with both installments at once.
#zh 服务器停了三周。迟到的检查一次补上两期。
export DUNNING_NOW=2025-04-28T03:00:00+02:00
dunning check-overdue

# A third plan is refused: the policy allows one renegotiation. So is legal action: it needs an aged final demand.
#zh 第三个计划被拒绝：政策只许重谈一次。法律行动也被拒绝：需要一份满期的最终催告。
export DUNNING_NOW=2025-04-28T09:00:00+02:00
dunning propose-plan INV-0917 --installments 4 --first 2025-05-05 || test $? -eq 4
dunning escalate INV-0917 || test $? -eq 4

# The final demand goes out by letter. Ten days later it is still too young.
#zh 最终催告以信函寄出。十天后仍未满期。
dunning log-contact INV-0917 --channel letter --outcome sent --purpose final_demand --cost 4.20
export DUNNING_NOW=2025-05-08T09:00:00+02:00
dunning escalate INV-0917 --dry-run || test $? -eq 4

# After fifteen days the way is open.
#zh 满十五天，道路打开。
export DUNNING_NOW=2025-05-13T09:00:00+02:00
dunning escalate INV-0917 --why 'Two broken agreements, able to pay'
dunning show-case INV-0917
dunning timeline INV-0917
