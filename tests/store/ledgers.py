"""A small ledger of cases in every state, for lists, sweeps and audits."""

from __future__ import annotations

from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import CaseOutcome, HoldReason
from dunning_cli.services import casework, contacts, payments
from dunning_cli.store.session import Store
from tests.builders import a_contact, a_final_demand, day
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case, a_filed_plan


def a_ledger(database: Database, store: Store | None = None) -> int:
    """Cases in each stage and status, with equal and different due dates, sums, creditors; answers how many."""
    store = store or database.store()
    opened, later = a_desk(database, "2025-01-06", store=store), a_desk(database, "2025-01-20", store=store)
    a_filed_case(opened, reference="B-2", due="2024-12-01", owed="500.00 CNY", collector="li", portfolio="2024")
    a_filed_case(opened, reference="A-1", due="2024-12-01", owed="500.00 CNY", name="王芳", collector="wang")
    a_filed_case(opened, reference="a-1", due="2025-03-01", owed="9000.00 CNY", creditor="River Bank", name="Wang Li")
    a_filed_case(opened, due="2020-02-29", owed="1 JPY", name="ＷＡＮＧ Wei", incurred=day("2019-01-01"))
    a_filed_plan(opened, reference="C/3", first="2025-02-01", owed="300.00 CNY", collector="li")
    a_filed_plan(opened, reference="D-4", first="2025-01-08", owed="300.00 CNY", installments=1)
    a_filed_case(opened, reference="held", due="2024-06-01", owed="70.00 EUR")
    casework.hold_case(opened, "7", HoldReason.DISPUTE, day("2025-01-31"))
    a_filed_case(opened, reference="held for good", due="2024-12-01", owed="70.00 EUR")
    casework.hold_case(opened, "8", HoldReason.INSOLVENCY, None)
    a_filed_case(opened, reference="held", creditor="River Bank", due="2024-12-01", owed="80.00 CNY")
    payments.record_payment(later, "9", "80.00")
    a_filed_case(opened, reference="written off", due="2023-12-01", owed="80.00 CNY", collector="li", portfolio="2024")
    casework.close_case(later, "10", CaseOutcome.WRITTEN_OFF, "not worth it")
    a_filed_case(
        opened, reference="legal", due="2024-01-01", owed="8000.00 CNY", details=Details("Zhao", phones=("110",))
    )
    for _ in range(3):
        contacts.log_contact(opened, "11", a_final_demand(note="the last word"))
    casework.escalate(a_desk(database, "2025-02-03", store=store), "11", None)
    contacts.log_contact(opened, "3", a_contact(minutes=5, note="will think about it"))
    return 11
