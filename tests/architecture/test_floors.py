"""The floors of the house: the contracts of pyproject.toml hold over the imports, and would notice a break."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

pytestmark = pytest.mark.skipif(not LINT.exists(), reason="import-linter is not installed: pip install 'dunning[dev]'")


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {"PYTHONPATH": str(folder / "src"), "PATH": "", "COLUMNS": "200"}
    return subprocess.run(
        [LINT, "--config", "pyproject.toml", "--no-cache"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def _contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def test_every_contract_is_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in _contracts():
        assert f"{name} KEPT" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("domain/plans.py", "import sqlite3", "The domain is pure", id="sql-in-the-domain"),
        pytest.param("domain/plans.py", "import time", "The domain is pure", id="a-clock-in-the-domain"),
        pytest.param("domain/plans.py", "from .. import settings", "Floors", id="domain-upwards"),
        pytest.param("services/plans.py", "import sqlalchemy", "SQL lives in the store", id="sql-in-a-service"),
        pytest.param("services/plans.py", "import rich", "Rich lives", id="rich-in-a-service"),
        pytest.param("store/cases.py", "import typer", "Typer lives", id="typer-in-the-store"),
        pytest.param("store/cases.py", "from .. import services", "Floors", id="store-upwards"),
        pytest.param("services/plans.py", "from .. import render", "Floors", id="services-sideways"),
        pytest.param("render/plans.py", "from .. import services", "Floors", id="render-sideways"),
        pytest.param("utils.py", "", "Floors", id="a-new-room"),
    ],
)
def test_a_break_is_noticed(tmp_path: Path, module: str, line: str, contract: str) -> None:
    """In a copy of the program with one import more."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "src" / "dunning_cli" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = _lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract}" in "".join(one for one in done.stdout.splitlines() if one.endswith("BROKEN")) or (
        "utils" in done.stdout + done.stderr
    )
