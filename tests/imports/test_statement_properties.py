"""However statements are cut into files, repeated and written, each line is booked once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.runner import Dunning
from tests.imports.files import a_file, some_cases
from tests.store.databases import Database, close_connections

CASES = [
    {"reference": f"INV-{number:04}", "debtor": debtor, "principal": principal, "currency": "EUR"}
    for number, (debtor, principal) in enumerate(
        [("Wang Fang", "100.00"), ("Wang Fang", "200.00"), ("Li Na", "300.00"), ("Li Na", "300.00")]
    )
]
HEAD = ":20:{}\n:25:NL18RABO0123459876\n:28C:1\n:60F:C250101EUR0,\n"
TAIL = ":62F:C250105EUR0,\n"


class Line(NamedTuple):
    """An entry of a statement: a number of its own, or one that it takes back."""

    number: int
    minor: int
    text: str
    payer: str
    account: str
    back: bool

    def __str__(self) -> str:
        mark, amount = ("RC" if self.back else "C"), f"{self.minor // 100},{self.minor % 100:02}"
        account = f"?31{self.account}" if self.account else ""
        return (
            f":61:250102010{3 if self.back else 2}{mark}{amount}NTRFNONREF//N{self.number}\n"
            f":86:166?00X?20SVWZ+{self.text}{account}?32{self.payer}\n"
        )


@st.composite
def statements(draw: st.DrawFn) -> list[Line]:
    """Lines that name a case, or come from an account, or from somebody who owes just that; some are taken back."""
    lines: list[Line] = []
    for number in range(draw(st.integers(1, 9))):
        returned = {line.number for line in lines if line.back}  # what goes back twice is two equal lines
        came_in = [line for line in lines if line.number not in returned]
        if came_in and draw(st.integers(0, 3)) == 0:
            lines.append(draw(st.sampled_from(came_in))._replace(back=True))
            continue
        text = draw(st.sampled_from(["INV-0000", "INV-0002 thanks", "INV-0001 INV-0003", "nothing", "INV-9999"]))
        payer = draw(st.sampled_from(["Wang Fang", "LI NA", "Nobody"]))
        account = draw(st.sampled_from(["", "DE89370400440532013000", "NL02ABNA0123456789"]))
        minor = draw(st.sampled_from([10000, 20000, 30000]) | st.integers(1, 5000))
        lines.append(Line(number, minor, text, payer, account, False))
    return lines


def a_statement(path: Path, lines: Sequence[Line]) -> str:
    return a_file(path, HEAD.format(path.stem) + "".join(map(str, lines)) + TAIL)


def fresh(dunning: Dunning, sqlite: Database, folder: Path) -> None:
    close_connections()
    sqlite.empty()
    dunning.ok("import-cases", some_cases(folder / "ledger.csv", *CASES))


def told(dunning: Dunning) -> list[Any]:
    """What the cases owe and which payments they hold, and the lines that wait; but for when each was written."""
    payments = []
    for case in ("1", "2", "3", "4"):
        entries = dunning.ok("timeline", case)
        payments.append([(each["kind"], each["effective"], each["data"]) for each in entries[1:]])
    waiting = [(each["payment_reference"], each["amount"]) for each in dunning.ok("list-unmatched")]
    return [[case["balance"]["total"] for case in dunning.ok("list-cases")], payments, waiting]


FAST = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FAST
@given(lines=statements(), at=st.integers(0, 9), again=st.integers(0, 3))
def test_any_split_into_two_files_books_the_same(
    dunning: Dunning, sqlite: Database, tmp_path: Path, lines: list[Line], at: int, again: int
) -> None:
    """Also where the second file begins before the first one ends, in one command or in two."""
    fresh(dunning, sqlite, tmp_path)
    whole = dunning.ok("import-payments", a_statement(tmp_path / "whole.sta", lines))
    expected = told(dunning)
    one = a_statement(tmp_path / "one.sta", lines[:at])
    two = a_statement(tmp_path / "two.sta", lines[max(0, at - again) :])
    for together in (True, False):
        fresh(dunning, sqlite, tmp_path)
        done = [dunning.ok("import-payments", one, two)] if together else []
        done = done or [dunning.ok("import-payments", name) for name in (one, two)]
        assert told(dunning) == expected
        for name in ("matched", "unmatched", "reversed"):
            assert sum(each[name] for each in done) == whole[name], name


@FAST
@given(lines=statements())
def test_the_same_file_again_adds_nothing(
    dunning: Dunning, sqlite: Database, tmp_path: Path, lines: list[Line]
) -> None:
    fresh(dunning, sqlite, tmp_path)
    name = a_statement(tmp_path / "x.sta", lines)
    tried = dunning.ok("import-payments", name, "--dry-run")
    done = dunning.ok("import-payments", name)
    assert {**tried, "seconds": 0} == {**done, "seconds": 0}
    before = sqlite.dump()
    again = dunning.ok("import-payments", name, now="2025-02-01")
    assert sqlite.dump() == before
    assert (again["matched"], again["unmatched"], again["reversed"]) == (0, 0, 0)
    assert again["duplicate"] + again["left_out"] == again["read"] == len(lines)
    assert sqlite.verify().sound
