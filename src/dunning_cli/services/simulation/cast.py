"""Who owes in the simulated year: creditors, debtors, debts and characters. Pure, from a seed.

Every name is made up; numbers and addresses are of the kinds that are kept free for stories (555-01xx, 020 7946 0xxx,
example.com), so that nobody real can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Final, NamedTuple

from ...domain.debtors import Details, Language
from ...domain.entries import DebtType
from ...domain.money import Money


class Character(StrEnum):
    """Why somebody does not pay. The team does not know it; it shows in how they answer."""

    FORGOT = "forgot"
    CANNOT = "cannot"
    WILL_NOT = "will_not"
    DISPUTES = "disputes"
    GONE = "gone"


CHARACTERS: Final = {
    Character.FORGOT: 26,
    Character.CANNOT: 38,
    Character.WILL_NOT: 18,
    Character.DISPUTES: 8,
    Character.GONE: 10,
}


class Names(NamedTuple):
    first: tuple[str, ...]
    last: tuple[str, ...]
    order: str = "{first} {last}"


_CHINESE: Final = Names(
    ("芳", "伟", "敏", "建国", "静", "晓明", "娜", "志强", "丽华", "子涵", "海燕", "文博", "玉兰", "家豪", "雪梅"),
    ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭"),
    "{last}{first}",
)
_AMERICAN: Final = Names(
    ("Dana", "Marcus", "Alicia", "Owen", "Priya", "Terrence", "Joanne", "Luis", "Beth", "Hank", "Naomi", "Curtis"),
    ("Whitfield", "Barlow", "Okafor", "Reyes", "Lindgren", "Castellano", "Mabry", "Tran", "Novak", "Sutter"),
)
_BRITISH: Final = Names(
    ("Gemma", "Alistair", "Priti", "Rhys", "Fiona", "Tomasz", "Leila", "Graham", "Moira", "Kwame", "Isla", "Darren"),
    ("Ashdown", "Pemberton", "Kaur", "Mackay", "Rowbotham", "Adeyemi", "Wainwright", "Holt", "Sharples", "Nowak"),
)
_FIRMS: Final = Names(
    ("Blumen", "Metallbau", "Bäckerei", "Elektro", "Gasthaus", "Tischlerei", "Fahrrad", "Druckerei", "Optik"),
    ("Kessler", "Hartwig", "Öztürk", "Brandt", "Lindner", "Vogel", "Seidel", "Marx & Sohn", "Jahnke", "Wolff"),
)


class Creditor(NamedTuple):
    """Whom the team collects for: in which currency, under which law, what kind of debts, of whom."""

    name: str
    key: str
    currency: str
    jurisdiction: str
    debt_type: DebtType
    consumer: bool
    policy: str
    rate: Decimal | None
    statutory: bool
    smallest: int
    largest: int
    names: Names
    language: Language
    zone: str
    phone: str
    address: str
    rash: time = time(6, 40)  # there, when somebody calls who should not


CREDITORS: Final = (
    Creditor(
        "锦江消费金融",
        "JJ",
        "CNY",
        "cn",
        DebtType.CONSUMER_LOAN,
        True,
        "consumers",
        Decimal("11.5"),
        False,
        2_000,
        60_000,
        _CHINESE,
        Language.ZH,
        "Asia/Shanghai",
        "+86 13800138000",
        "上海市浦东新区示例路{number}号",
        time(22, 30),
    ),
    Creditor(
        "River Bank Cards",
        "RB",
        "USD",
        "us-federal",
        DebtType.CREDIT_CARD,
        True,
        "consumers",
        Decimal(18),
        False,
        250,
        9_000,
        _AMERICAN,
        Language.EN,
        "America/New_York",
        "+1 202 555 01{two}",
        "{number} Example Street, Springfield",
    ),
    Creditor(
        "Hart Supplies GmbH",
        "HS",
        "EUR",
        "de",
        DebtType.INVOICE,
        False,
        "invoices",
        None,
        True,
        400,
        25_000,
        _FIRMS,
        Language.EN,
        "Europe/Berlin",
        "+49 30 231250{two}",
        "Musterstraße {number}, Berlin",
    ),
    Creditor(
        "Northern Rail Season Tickets",
        "NR",
        "GBP",
        "uk",
        DebtType.OTHER,
        True,
        "consumers",
        None,
        False,
        80,
        4_500,
        _BRITISH,
        Language.EN,
        "Europe/London",
        "+44 20 7946 00{two}",
        "{number} Example Road, Leeds",
    ),
)
_SHARES: Final = (40, 28, 18, 14)
_SAME_PERSON: Final = 0.18  # of the debts, that of somebody who owes already


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    details: Details
    character: Character


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt as a creditor hands it over: by then it is `overdue` days late."""

    number: int
    creditor: Creditor
    person: Person
    reference: str
    principal: Money
    overdue: int
    before: int
    collector: str
    portfolio: str

    def row(self, arrived: date) -> dict[str, str]:
        """The debt as a line of the file in which its creditor sends it, on the morning of a day."""
        due = arrived - timedelta(days=self.overdue)
        creditor, details = self.creditor, self.person.details
        return {
            "reference": self.reference,
            "debtor": details.name or "",
            "debtor_ref": self.person.key,
            "creditor": creditor.name,
            "principal": str(self.principal),
            "currency": self.principal.currency,
            "due": due.isoformat(),
            "incurred": (due - timedelta(days=self.before)).isoformat(),
            "rate": "" if creditor.rate is None else str(creditor.rate),
            "statutory": "yes" if creditor.statutory else "",
            "debt_type": creditor.debt_type.value,
            "consumer": "yes" if creditor.consumer else "no",
            "jurisdiction": creditor.jurisdiction,
            "phone": "|".join(details.phones),
            "email": "|".join(details.emails),
            "address": "|".join(details.addresses),
            "timezone": "|".join(details.timezones),
            "language": creditor.language.value,
            "portfolio": self.portfolio,
            "collector": self.collector,
        }


COLLECTORS: Final = ("li", "mara", "noor", "sam")


def debts(seed: int) -> Iterator[Debt]:
    """Debts without end, each from the seed, its number, and who owes already."""
    people: dict[str, list[Person]] = {creditor.key: [] for creditor in CREDITORS}
    number = 0
    while True:
        number += 1
        yield _debt(Random(f"{seed} debt {number}"), number, people)  # noqa: S311 - a story, not a secret


def _debt(rng: Random, number: int, people: dict[str, list[Person]]) -> Debt:
    (creditor,) = rng.choices(CREDITORS, _SHARES)
    known = people[creditor.key]
    if known and rng.random() < _SAME_PERSON:
        person = rng.choice(known)
    else:
        person = _person(rng, creditor, f"{creditor.key}-P{number:05d}")
        known.append(person)
    spread = (creditor.largest / creditor.smallest) ** rng.random()  # many small debts, few large ones
    minor = round(creditor.smallest * spread * 100)
    return Debt(
        number,
        creditor,
        person,
        f"{creditor.key}-{number:05d}",
        Money(minor, creditor.currency),
        rng.choice((3, 5, 8, 12, 20, 31, 45, 62, 90, 120)),
        rng.randrange(30, 400),
        COLLECTORS[rng.randrange(len(COLLECTORS))],
        f"{creditor.key}-{rng.randrange(1, 4)}",
    )


def _person(rng: Random, creditor: Creditor, key: str) -> Person:
    names = creditor.names
    name = names.order.format(first=rng.choice(names.first), last=rng.choice(names.last))
    two = f"{rng.randrange(100):02d}"
    details = Details(
        name,
        creditor.language,
        (creditor.phone.format(two=two),),
        (f"{key.lower()}@example.com",),
        (creditor.address.format(number=rng.randrange(1, 200)),),
        (),
        (creditor.zone,),
    )
    (character,) = rng.choices(tuple(CHARACTERS), tuple(CHARACTERS.values()))
    return Person(key, details, character)
