"""For whom a policy holds: the most specific counts for new cases, and open ones follow at once, each with an entry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dunning_cli.domain.policies import Scope, assigned_to
from dunning_cli.services import policies
from dunning_cli.services.review import check_overdue
from tests.cli.runner import Dunning
from tests.store.databases import Database
from tests.store.desks import a_desk

ADD = ("add-case", "--principal", "100.00", "--due", "2024-12-01")
NAMES = ("bank", "pool", "person", "one")


@pytest.fixture
def loaded(dunning_on: Dunning, tmp_path: Path) -> Dunning:
    for name in NAMES:
        (tmp_path / "p.toml").write_text(f'name = "{name}"\n[contact]\nmax_days = 9\n', "utf-8")
        dunning_on.ok("policy", "load", str(tmp_path / "p.toml"))
    return dunning_on


def add(dunning: Dunning, ref: str, *more: str, creditor: str = "Bank") -> str:
    who = () if "--debtor-id" in more else ("--debtor", f"D {ref}")
    return str(dunning.ok(*ADD, *who, "--creditor", creditor, "--reference", ref, *more)["policy"])


def policy_of(dunning: Dunning, ref: str) -> str:
    return str(dunning.ok("show-case", ref)["policy"])


@pytest.mark.parametrize(
    ("assigned", "expected"),
    [
        pytest.param({}, "default", id="none"),
        pytest.param({(Scope.CREDITOR, "Bank"): "bank"}, "bank", id="creditor"),
        pytest.param({(Scope.CREDITOR, "Bank "): "bank"}, "default", id="another-creditor"),
        pytest.param({(Scope.CREDITOR, "Bank"): "bank", (Scope.PORTFOLIO, "P"): "pool"}, "pool", id="portfolio"),
        pytest.param({(Scope.PORTFOLIO, "P"): "pool", (Scope.DEBTOR, "8"): "person"}, "person", id="debtor"),
        pytest.param({(Scope.PORTFOLIO, "8"): "pool", (Scope.CREDITOR, "8"): "bank"}, "default", id="by-its-own-name"),
    ],
)
def test_the_most_specific_policy(assigned: dict[tuple[Scope, str], str], expected: str) -> None:
    assert assigned_to(assigned, (7, 8), "P", "Bank") == expected


def test_new_cases_follow_the_most_specific(loaded: Dunning) -> None:
    loaded.ok("policy", "assign", "bank", "--creditor", "Bank")
    loaded.ok("policy", "assign", "pool", "--portfolio", "P")
    assert add(loaded, "A") == "bank"
    assert add(loaded, "B", creditor="Other") == "default"
    assert add(loaded, "C", "--portfolio", "P") == "pool"
    assert add(loaded, "D", "--policy", "default") == "default"
    loaded.ok("policy", "assign", "person", "--debtor", "1")
    assert add(loaded, "E", "--debtor-id", "1", "--portfolio", "P") == "person"


def test_a_merged_record_is_the_person(loaded: Dunning) -> None:
    add(loaded, "A")
    add(loaded, "B")
    loaded.ok("merge-debtors", "1", "2")
    loaded.ok("policy", "assign", "person", "--debtor", "2")
    assert (policy_of(loaded, "A"), policy_of(loaded, "B")) == ("person", "person")
    assert [row["subject"] for row in loaded.ok("policy", "assigned")] == ["1"]
    assert add(loaded, "C", "--debtor-id", "2") == "person"


def test_imports_follow_it_too(loaded: Dunning, tmp_path: Path) -> None:
    add(loaded, "A", "--debtor-ref", "K")
    loaded.ok("policy", "assign", "bank", "--creditor", "Bank")
    loaded.ok("policy", "assign", "person", "--debtor", "1")
    file = tmp_path / "cases.csv"
    file.write_text(
        "reference,debtor,debtor_ref,creditor,portfolio,principal,due,policy\n"
        "R1,Ann,,Bank,,5.00,2024-12-01,\n"
        "R2,Bob,,Other,,5.00,2024-12-01,\n"
        "R3,D A,K,Bank,,5.00,2024-12-01,\n"
        "R4,Cid,,Bank,,5.00,2024-12-01,one\n",
        "utf-8",
    )
    assert loaded.ok("import-cases", str(file))["added"] == 4
    assert [policy_of(loaded, f"R{n}") for n in (1, 2, 3, 4)] == ["bank", "default", "person", "one"]


def test_open_cases_follow_at_once_each_with_an_entry(loaded: Dunning) -> None:
    add(loaded, "A")
    add(loaded, "B", "--policy", "one")
    add(loaded, "C")
    loaded.ok("close-case", "C", "--as", "written-off")
    add(loaded, "D", creditor="Other")
    dry = loaded.ok("policy", "assign", "bank", "--creditor", "Bank", "--dry-run")
    assert (dry["touched"], dry["changed"]) == (2, 1)
    assert (policy_of(loaded, "A"), loaded.ok("policy", "assigned")) == ("default", [])
    done = loaded.ok("policy", "assign", "bank", "--creditor", "Bank")
    assert (done["policy"], done["touched"], done["changed"]) == ("bank@1", 2, 1)
    assert [policy_of(loaded, ref) for ref in "ABCD"] == ["bank", "one", "default", "default"]
    last = loaded.ok("timeline", "A")[-1]
    assert (last["kind"], last["data"]) == (
        "policy_changed",
        {"before": "default@0", "after": "bank@1", "scope": "creditor"},
    )
    assert loaded.ok("show-case", "A")["next_action"]["on"] == "2025-01-15"  # nine days in contact
    again = loaded.ok("policy", "assign", "bank", "--creditor", "Bank")
    assert (again["touched"], again["changed"]) == (2, 0)
    assert loaded.ok("audit", "verify")["sound"]


def test_what_is_more_specific_stays(loaded: Dunning) -> None:
    add(loaded, "A", "--portfolio", "P")
    loaded.ok("policy", "assign", "pool", "--portfolio", "P")
    assert loaded.ok("policy", "assign", "bank", "--creditor", "Bank")["changed"] == 0
    assert policy_of(loaded, "A") == "pool"


def test_one_case_alone(loaded: Dunning) -> None:
    add(loaded, "A")
    add(loaded, "B")
    done = loaded.ok("policy", "assign", "one", "--case", "A")
    assert (done["scope"], done["subject"], done["touched"], done["changed"]) == ("case", "1", 1, 1)
    assert loaded.ok("policy", "assign", "one", "--case", "A")["changed"] == 0
    assert loaded.ok("policy", "assign", "bank", "--creditor", "Bank")["changed"] == 1
    assert (policy_of(loaded, "A"), policy_of(loaded, "B")) == ("one", "bank")
    loaded.ok("close-case", "B", "--as", "written-off")
    loaded.fails(4, "policy", "assign", "one", "--case", "B")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ("bank",)),
        (2, ("bank", "--creditor", "Bank", "--portfolio", "P")),
        (3, ("nowhere", "--creditor", "Bank")),
        (3, ("bank", "--debtor", "99")),
        (3, ("bank", "--case", "99")),
    ],
)
def test_what_is_refused_writes_nothing(loaded: Dunning, code: int, words: tuple[str, ...]) -> None:
    loaded.fails(code, "policy", "assign", *words)
    assert loaded.ok("policy", "assigned") == []


def write(folder: Path, text: str) -> str:
    (folder / "p.toml").write_text(text, "utf-8")
    return str(folder / "p.toml")


def test_loading_says_how_many_open_cases_follow(loaded: Dunning, tmp_path: Path) -> None:
    add(loaded, "A", "--policy", "bank")
    add(loaded, "B", "--policy", "one")
    add(loaded, "C", "--policy", "bank")
    loaded.ok("close-case", "C", "--as", "written-off")
    done = loaded.ok("policy", "load", write(tmp_path, 'name = "bank"\n'))
    assert (done["open_cases"], done["act_differently"]) == (1, 1)
    assert done["differing"] == [
        {
            "case": 1,
            "reference": "A",
            "before": {"today": [], "next_action": {"on": "2025-01-15", "what": "escalation_due"}},
            "after": {"today": [], "next_action": {"on": "2025-03-07", "what": "escalation_due"}},
        }
    ]


def test_a_version_that_changes_nothing_for_a_case_says_so(loaded: Dunning, tmp_path: Path) -> None:
    add(loaded, "A", "--policy", "bank")
    text = 'name = "bank"\n[contact]\nmax_days = 9\n[worklist]\nlease_minutes = 5\n'
    done = loaded.ok("policy", "load", write(tmp_path, text))
    assert (done["version"], done["open_cases"], done["act_differently"], done["differing"]) == (2, 1, 0, [])


def test_the_built_in_policy_is_what_a_first_one_of_its_name_replaces(loaded: Dunning, tmp_path: Path) -> None:
    add(loaded, "A")
    done = loaded.ok("policy", "load", write(tmp_path, 'name = "default"\n[contact]\nmax_days = 0\n'))
    assert (done["version"], done["open_cases"], done["act_differently"]) == (1, 1, 1)
    assert done["differing"][0]["after"] == {"today": ["escalation_due"], "next_action": None}


def test_a_dry_run_says_what_loading_then_does_and_writes_nothing(
    loaded: Dunning, database: Database, tmp_path: Path
) -> None:
    for ref in "AB":
        add(loaded, ref, "--policy", "bank")
    file = write(tmp_path, 'name = "bank"\n')
    before = database.dump()
    seen = loaded.ok("policy", "load", file, "--dry-run")
    assert database.dump() == before
    done = loaded.ok("policy", "load", file)
    assert seen == done | {"dry_run": True}
    assert (done["version"], done["act_differently"]) == (2, 2)
    again = loaded.ok("policy", "load", file)
    assert (again["version"], again["open_cases"], again["act_differently"]) == (2, 2, 0)


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
def test_every_case_is_looked_at_once_whatever_the_batches(
    loaded: Dunning, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """Some were reviewed under the first version, some under the second, and one is of another policy."""
    for ref in "ABC":
        add(loaded, ref, "--policy", "bank")
    loaded.ok("policy", "load", write(tmp_path, 'name = "bank"\n[contact]\nmax_days = 20\n'))
    for ref in "DE":
        add(loaded, ref, "--policy", "bank")
    add(loaded, "F")
    monkeypatch.setattr(policies, "_BATCH", batch)
    monkeypatch.setattr(policies, "LISTED", 2)
    told: list[tuple[int, int]] = []
    file = Path(write(tmp_path, 'name = "bank"\n[contact]\nmax_days = 21\n'))
    done = policies.load_policy(a_desk(database), file, dry_run=True, progress=lambda *given: told.append(given))
    assert (done.open_cases, done.act_differently, len(done.differs)) == (5, 5, 2)
    assert told[-1] == (5, 5)


@pytest.mark.breaks_the_journal
def test_a_case_that_cannot_be_read_is_listed_and_the_policy_is_loaded(
    loaded: Dunning, database: Database, tmp_path: Path
) -> None:
    for ref in "AB":
        add(loaded, ref, "--policy", "bank")
    database.sql("UPDATE cases SET state = 'x' WHERE case_id = 1")
    answer = loaded("policy", "load", write(tmp_path, 'name = "bank"\n'), "--json")
    assert (answer.code, answer.json["open_cases"], answer.json["act_differently"]) == (9, 2, 1)
    assert [each["case"] for each in answer.json["failed"]] == [1]
    assert {row["version"] for row in loaded.ok("policy", "list") if row["name"] == "bank"} == {1, 2}


def test_assigning_says_which_version_the_case_followed(loaded: Dunning, tmp_path: Path) -> None:
    """A newer one of that policy was loaded meanwhile, and nothing was done under it."""
    add(loaded, "A", "--policy", "bank")
    loaded.ok("policy", "load", write(tmp_path, 'name = "bank"\n'))
    loaded.ok("policy", "assign", "one", "--case", "A")
    last = loaded.ok("timeline", "A")[-1]
    assert last["data"] == {"before": "bank@1", "after": "one@1", "scope": "case"}


def test_a_run_that_was_killed_is_taken_up_by_the_same_command(
    loaded: Dunning, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two batches of two and one of one; the second fails. What it leaves is done by the next run, nothing twice."""
    for ref in "ABCDE":
        add(loaded, ref)
    monkeypatch.setattr(policies, "_BATCH", 2)
    whole: Callable[..., tuple[int, int, int]] = policies._Changing.batch
    done: list[int] = []

    def dies(self: policies._Changing, *args: object, **given: object) -> tuple[int, int, int]:
        if done:
            raise KeyboardInterrupt
        done.append(1)
        return whole(self, *args, **given)

    monkeypatch.setattr(policies._Changing, "batch", dies)
    with pytest.raises(KeyboardInterrupt):
        policies.assign_policy(a_desk(database), "bank", Scope.CREDITOR, "Bank")
    monkeypatch.setattr(policies._Changing, "batch", whole)
    assert [policy_of(loaded, ref) for ref in "ABCDE"] == ["bank", "bank", "default", "default", "default"]
    answer = policies.assign_policy(a_desk(database), "bank", Scope.CREDITOR, "Bank")
    assert (answer.touched, answer.changed) == (5, 3)
    assert [policy_of(loaded, ref) for ref in "ABCDE"] == ["bank"] * 5
    counts = [sum(row["kind"] == "policy_changed" for row in loaded.ok("timeline", ref)) for ref in "ABCDE"]
    assert counts == [1] * 5


def test_the_next_run_goes_by_the_new_policy(loaded: Dunning, database: Database) -> None:
    add(loaded, "A")
    assert check_overdue(a_desk(database, "2025-01-15")).changed == 0
    loaded.ok("policy", "assign", "bank", "--creditor", "Bank")
    assert dict(check_overdue(a_desk(database, "2025-01-15")).entries) == {"escalation_due": 1}
