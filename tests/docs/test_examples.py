"""The examples are run: stories by a shell and by `dunning demo`, policies, crontab lines, systemd units."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.cli import stories
from dunning_cli.cli.main import main
from tests.cli.runner import Dunning

from .sessions import ROOT, environment

EXAMPLES = ROOT / "examples"
PROGRAM = Path(sys.executable).with_name("dunning")


def run(command: list[str], home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environment(home) | env,
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_example_is_in_the_list() -> None:
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    paths = [path for path in EXAMPLES.iterdir() if path.name != "README.md"]
    assert [path.name for path in paths if f"({path.name}" not in listed] == []


# --- stories ----------------------------------------------------------------------------------------------------------

ENDS: dict[str, tuple[str, dict[str, str | None], str]] = {
    "lost-job": ("LOAN-2041", {"stage": "monitoring", "status": "closed", "outcome": "paid"}, "0.00"),
    "broken-promises": ("INV-0917", {"stage": "legal", "status": "open", "outcome": None}, "8400.00"),
}


def test_every_story_is_tested() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.sh")} == set(ENDS)


@pytest.mark.parametrize("name", ENDS)
def test_a_shell_runs_a_story(tmp_path: Path, name: str) -> None:
    reference, end, owed = ENDS[name]
    done = run(["sh", str(EXAMPLES / f"{name}.sh")], tmp_path)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"

    env = {"DUNNING_DB": f"sqlite:///{name}.db"}
    case = answer(run(["dunning", "show-case", reference, "--json"], tmp_path, **env))
    assert {key: case[key] for key in end} == end
    assert case["balance"]["total"] == owed
    found = answer(run(["dunning", "audit", "verify", "--json"], tmp_path, **env))
    assert found["sound"]
    assert found["entries"] > 10


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_ends_well(tmp_path: Path, lang: str) -> None:
    done = run(["dunning", "demo", "--lang", lang], tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(stories.read(name).title[lang] in done.stdout for name in ENDS)
    assert not list(tmp_path.rglob("*.db")), "the demo leaves nothing behind"


def test_the_demo_keeps_its_database(tmp_path: Path) -> None:
    assert run(["dunning", "demo", "--keep", "kept.db"], tmp_path).returncode == 0
    cases = answer(run(["dunning", "list-cases", "--json"], tmp_path, DUNNING_DB="sqlite:///kept.db"))
    assert [case["reference"] for case in cases if case["outcome"] == "paid"] == ["LOAN-2041"]
    assert len(cases) == len(ENDS)


def test_an_installed_program_finds_its_stories_inside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "dunning_cli"
    (package / "cli").mkdir(parents=True)
    shutil.copytree(EXAMPLES, package / "examples")
    monkeypatch.setattr(stories, "__file__", str(package / "cli" / "stories.py"))
    assert set(stories.names()) == set(ENDS)
    assert stories.read("lost-job").steps

    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert (
        pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["examples"] == "dunning_cli/examples"
    )


# --- policies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((EXAMPLES / "policies").glob("*.toml")), ids=lambda path: path.name)
def test_a_policy_is_valid(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == path.stem


# --- mappings ---------------------------------------------------------------------------------------------------------

LEDGER = """\
country,customer_ID,invoice_number,invoice_date,due_date,invoice_amount_usd,disputed,dispute_lost,settled_date,\
days_to_settle,days_late
391,0379-NEVHP,611365,2024-12-02,2025-01-01,55.94,0,0,2025-01-04,33,3
406,8976-AMJEO,7900770,2024-12-05,2025-01-04,61.74,1,0,,,
"""


def test_the_mappings_read_their_ledger(dunning: Dunning, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(LEDGER, "utf-8")
    mappings = EXAMPLES / "mappings"
    opened = dunning.ok("import-cases", str(ledger), "--mapping", str(mappings / "receivables.toml"))
    assert (opened["added"], opened["rejected"]) == (2, [])
    paid = dunning.ok("import-payments", str(ledger), "--mapping", str(mappings / "receivables-payments.toml"))
    assert (paid["matched"], paid["unmatched"], paid["rejected"]) == (1, 0, [])
    cases = {case["reference"]: case["status"] for case in dunning.ok("list-cases")}
    assert cases == {"611365": "closed", "7900770": "on_hold"}


# --- cron and systemd -------------------------------------------------------------------------------------------------

CRONTAB = (EXAMPLES / "crontab").read_text("utf-8").splitlines()
SETTINGS = dict(line.split("=", 1) for line in CRONTAB if re.match(r"[A-Z_]+=", line))
JOBS = [line for line in CRONTAB if re.match(r"[\d*]", line)]


def job(line: str) -> str:
    """The command of a crontab line, as cron hands it to the shell."""
    times, command = line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]
    limits = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    assert all(t == "*" or low <= int(t) <= high for t, (low, high) in zip(times, limits, strict=True))
    assert not re.search(r"(?<!\\)%", command), "cron takes a bare % for a line end"
    return command.replace(r"\%", "%")


def test_the_crontab_holds_the_nightly_run() -> None:
    assert any("dunning check-overdue" in line for line in JOBS)


def test_the_jobs_of_the_crontab_run(tmp_path: Path) -> None:
    place = {"DUNNING_DB": f"sqlite:///{tmp_path}/dunning.db"}
    assert SETTINGS.keys() >= place.keys()
    env = {name: value for name, value in SETTINGS.items() if name != "PATH"} | place
    assert run(["dunning", "init"], tmp_path, **env).returncode == 0
    for line in JOBS:
        done = run(["sh", "-c", job(line)], tmp_path, **env)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}\n{(tmp_path / 'dunning.log').read_text()}"
    assert len(list((tmp_path / "backups").glob("dunning-????-??-??.db"))) == 1
    assert "0 failed" in (tmp_path / "dunning.log").read_text("utf-8")


def test_the_service_runs_a_real_command(capsys: pytest.CaptureFixture[str]) -> None:
    unit = (EXAMPLES / "systemd" / "dunning-check-overdue.service").read_text("utf-8")
    words = shlex.split(re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)[0])
    assert Path(words[0]).name == "dunning"
    assert main([*words[1:], "--help"]) == 0
    assert "nightly run" in capsys.readouterr().out


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for path in (EXAMPLES / "systemd").iterdir():
        text = path.read_text("utf-8").replace("/opt/dunning/bin/dunning", str(PROGRAM))
        (tmp_path / path.name).write_text(text, "utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    env = os.environ | {"SYSTEMD_LOG_LEVEL": "warning"}
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    about_ours = [line for line in done.stderr.splitlines() if "dunning" in line]
    assert (done.returncode, about_ours) == (0, [])
