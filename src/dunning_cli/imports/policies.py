"""Policy files in TOML: validated whole, with the nearest known word for each unknown one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from ..domain.allocation import Part
from ..domain.collecting import CollectorRole, Lender
from ..domain.interest import DayCount
from ..domain.money import Money, Rounding, currency_code
from ..domain.policies import (
    AMOUNTS,
    BY_LAW,
    LEVEL_DEFAULTS,
    PRESETS,
    Advance,
    CountFrom,
    Mode,
    OnHold,
    Template,
    plain_defaults,
)
from ..errors import DunningError, InputError

Days = Annotated[StrictInt, Field(ge=0, le=3650)]
Count = Annotated[StrictInt, Field(ge=0, le=1000)]
AtLeastOne = Annotated[StrictInt, Field(ge=1, le=1000)]
Amount = Annotated[StrictStr, Field(pattern=r"^\d{1,15}(\.\d+)?$")]


def _currency(text: str) -> str:
    try:
        return currency_code(text)
    except DunningError as error:
        raise ValueError(str(error)) from error


Currency = Annotated[StrictStr, AfterValidator(_currency)]


def _every_part(order: object) -> object:
    if order == BY_LAW:
        return order
    if not isinstance(order, list) or any(part not in list(Part) for part in order) or len(order) != len(set(Part)):
        order = []
    if sorted(order) != sorted(Part):
        raise ValueError(f'it is "{BY_LAW}", or a list in which each of these stands once: ' + ", ".join(Part))
    return [str(part) for part in order]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LevelTable(_Table):
    after: Days
    mode: Mode
    channel: Literal["email", "letter"]
    template: Template
    fee: Amount
    respond_within_days: Days


class DunningTable(_Table):
    advance: Advance
    require_sent: StrictBool
    count_from: CountFrom
    min_gap_days: Days
    on_hold: OnHold
    reanchor_after_payment: StrictBool
    level: Annotated[list[LevelTable], Field(max_length=20)]


class ContactTable(_Table):
    min_attempts: Count
    min_demands: Count
    max_days: Days


class NegotiationTable(_Table):
    proposal_valid_days: Days
    max_days: Days


class PlanTable(_Table):
    max_installments: AtLeastOne
    min_installment: Amount
    tolerance_days: Days
    tolerance_amount: Amount
    max_missed: AtLeastOne
    max_renegotiations: Count
    on_break: Literal["negotiation", "legal"]


class LegalTable(_Table):
    min_balance: Amount
    demand_before_days: Days
    auto_escalate: StrictBool


class AllocationTable(_Table):
    order: Annotated[Literal["law"] | list[str], BeforeValidator(_every_part)]
    within: Literal["oldest_first"]


class InterestTable(_Table):
    day_count: DayCount
    rounding: Rounding


class LawTable(_Table):
    collector_role: CollectorRole
    lender: Lender


def _falling(days: list[int]) -> list[int]:
    if any(a <= b for a, b in pairwise(days)):
        raise ValueError("the days must fall, each once: [90, 30, 7]")
    return days


class DeadlinesTable(_Table):
    warn_days: Annotated[list[Days], Field(max_length=12), AfterValidator(_falling)]


def _three_decimals(weight: object) -> object:
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise ValueError("it is a number such as 1.5")
    if round(weight, 3) != weight:
        raise ValueError("it has three decimals at the most")
    return float(weight)


Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), BeforeValidator(_three_decimals)]


class WeightsTable(_Table):
    balance: Weight
    days_overdue: Weight
    willingness: Weight
    promise_due: Weight
    promise_broken: Weight
    limitation_near: Weight


class WorklistTable(_Table):
    weights: WeightsTable
    contact_cost: Amount
    lease_minutes: Annotated[StrictInt, Field(ge=1, le=1440)]


class CurrencyTable(_Table):
    """Amounts for another currency; those left out are nothing."""

    currency: Currency
    tolerance: Amount = "0"
    min_installment: Amount = "0"
    tolerance_amount: Amount = "0"
    min_balance: Amount = "0"
    contact_cost: Amount = "0"
    level_fees: Annotated[list[Amount], Field(max_length=20)] = []


class PolicyFile(_Table):
    name: Annotated[StrictStr, Field(pattern=r"^[\w.-]{1,60}$")]
    currency: Currency
    tolerance: Amount
    grace_days: Days
    working_days: Annotated[StrictStr, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")]
    dunning: DunningTable
    contact: ContactTable
    negotiation: NegotiationTable
    plan: PlanTable
    legal: LegalTable
    allocation: AllocationTable
    interest: InterestTable
    law: LawTable
    deadlines: DeadlinesTable
    worklist: WorklistTable
    per_currency: list[CurrencyTable]


def read_policy(path: Path) -> dict[str, Any]:
    """The complete plain values of a policy file: what it says, over the defaults. Its mistakes are named at once."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError("There is no file {path}.", path=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("{path} is not TOML: {said}.", path=path, said=error) from error
    wrong = _wrong_preset(given)
    try:
        plain = PolicyFile.model_validate(_effective(given)).model_dump(mode="json")
    except ValidationError as error:
        raise _mistakes(path, wrong + [_mistake(one) for one in error.errors()]) from error
    if wrong := wrong + _wrong_amounts(plain):
        raise _mistakes(path, wrong)
    for row in plain["per_currency"]:
        if not row["level_fees"]:
            del row["level_fees"]
    return plain


def _effective(given: dict[str, Any]) -> dict[str, Any]:
    """What a file says over its preset, over the defaults. The preset itself does not stay: its values do."""
    preset = given.get("preset")
    known = PRESETS.get(preset, {}) if isinstance(preset, str) else {}
    merged = _over(_over(plain_defaults(), known), {key: value for key, value in given.items() if key != "preset"})
    dunning = merged["dunning"]
    if isinstance(dunning, dict) and isinstance(dunning["level"], list):
        dunning["level"] = [{**LEVEL_DEFAULTS, **row} if isinstance(row, dict) else row for row in dunning["level"]]
    return merged


def _over(plain: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `given` in the place of others; tables key by key, all else whole."""
    merged = dict(plain)
    for key, value in given.items():
        inner = merged.get(key)
        merged[key] = _over(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _wrong_preset(given: dict[str, Any]) -> list[dict[str, str]]:
    preset = given.get("preset", "sequential")
    if isinstance(preset, str) and preset in PRESETS:
        return []
    near = get_close_matches(str(preset), PRESETS, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "; known are: " + ", ".join(PRESETS)
    return [{"key": "preset", "reason": "unknown preset" + hint}]


def _wrong_amounts(plain: dict[str, Any]) -> list[dict[str, str]]:
    """Amounts with more decimals than their currency has."""
    own = {"currency": plain["currency"], "tolerance": plain["tolerance"], **plain["plan"], **plain["legal"]}
    own["contact_cost"] = plain["worklist"]["contact_cost"]
    wrong = []
    fees = [(f"dunning.level.{at}.fee", level["fee"]) for at, level in enumerate(plain["dunning"]["level"])]
    for row in (own, *plain["per_currency"]):
        amounts = [(name, row[name]) for name in AMOUNTS]
        amounts += fees if row is own else [("level_fees", fee) for fee in row["level_fees"]]
        for name, text in amounts:
            try:
                Money.of(text, row["currency"])
            except DunningError as error:
                wrong.append({"key": name, "reason": str(error)})
    return wrong


_ROWS: dict[str, Any] = {"per_currency": CurrencyTable, "level": LevelTable}


def _mistake(error: ErrorDetails) -> dict[str, str]:
    place = [part for part in error["loc"] if isinstance(part, str)]
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        return {"key": key, "reason": error["msg"]}
    model: Any = PolicyFile
    for part in place[:-1]:
        inner = model.model_fields[part].annotation
        model = _ROWS.get(part, inner)
    known = [*model.model_fields, *(["preset"] if model is PolicyFile else [])]
    near = get_close_matches(place[-1], known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "; known are: " + ", ".join(sorted(known))
    return {"key": key, "reason": "unknown word" + hint}


def _mistakes(path: Path, found: list[dict[str, str]]) -> InputError:
    lines = "\n".join(f"  {one['key']}: {one['reason']}" for one in found)
    return InputError(
        "{path} is no valid policy:\n{lines}",
        hint="Nothing was loaded. See the effective policy with: dunning policy show",
        details={"file": str(path), "mistakes": found},
        path=path,
        lines=lines,
    )
