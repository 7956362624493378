"""Desks at a test's database, and cases on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from dunning_cli.domain.days import Clock, Every
from dunning_cli.domain.debtors import Details
from dunning_cli.services import contacts, plans
from dunning_cli.services.cases import add_case
from dunning_cli.services.desk import Changed, Desk, Key
from dunning_cli.services.plans import Terms
from dunning_cli.settings import Settings
from dunning_cli.store.session import Store
from tests.builders import OPENED, a_contact, a_now, an_opening, day
from tests.store.databases import Database


def a_desk(
    database: Database,
    when: str | date = OPENED,
    *,
    store: Store | None = None,
    actor: str = "li",
    key: str | None = None,
    clock: Clock = Clock.SYSTEM,
    set_clock: str = "allow",
) -> Desk:
    """A desk at a moment, over the connections of `store` or of all desks of this test."""
    settings = Settings(database=database.url, set_clock=set_clock)
    desk = Desk(settings, a_now(when, actor=actor, clock=clock), Key(key, f"{key} of a test") if key else None)
    desk.__dict__["store"] = store or database.shared()
    return desk


def a_filed_case(desk: Desk, *, name: str = "Wang Fang", details: Details | None = None, **given: Any) -> Changed:
    """A case that stands in the database. `given` is what `an_opening` takes; debtor 0 is a new one."""
    return add_case(desk, an_opening(**{"debtor_id": 0} | given), details or Details(name))


def a_filed_plan(desk: Desk, *, first: str = "2025-02-01", installments: int = 3, **given: Any) -> Changed:
    """A case with an accepted plan, all on the desk's day."""
    ref = str(a_filed_case(desk, **given).after.case.case_id)
    contacts.log_contact(desk, ref, a_contact())
    plans.propose_plan(desk, ref, Terms(installments, day(first), Every.MONTH))
    return plans.accept_plan(desk, ref)
