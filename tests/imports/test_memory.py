"""A line of 100 MB, in a process of its own: memory stays flat."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.runner import Program, command
from tests.imports.files import CASE, text_of

MIB = 1024  # ru_maxrss counts KiB

# Started afresh, so that the peak is that of one child and of nothing else that the tests have run.
MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
json.dump([done.returncode, done.stdout, done.stderr, peak], sys.stdout)
"""


class Measured(NamedTuple):
    code: int
    out: str
    err: str
    peak: int


def measured(program: Program, *args: str) -> Measured:
    """Run the installed program, with the most memory that it held."""
    line = [sys.executable, "-c", MEASURE, *command(), *args]
    done = subprocess.run(line, env=program.env, capture_output=True, text=True, check=True, timeout=300)
    return Measured(*json.loads(done.stdout))


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_a_line_of_100_mb_is_one_bad_row(subprocess_dunning: Program, tmp_path: Path) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    rows = [CASE | {"reference": f"INV-{number}"} for number in (1, 2)]
    head, first, second = text_of(rows).splitlines(keepends=True)
    small.write_text(head + first + second, "utf-8")
    with large.open("w", encoding="utf-8") as file:
        file.write(head + first)
        for _ in range(100):
            file.write("芳" * ((1 << 20) // 3))
        file.write("\n" + second + "INV-3," + "x" * (20 << 20))

    plain = measured(subprocess_dunning, "import-cases", str(small), "--dry-run", "--json")
    assert plain.code == 0, plain.err
    assert json.loads(plain.out)["added"] == 2
    odd = measured(subprocess_dunning, "import-cases", str(large), "--on-error", "skip", "--json")
    assert odd.code == 9, odd.err
    done = json.loads(odd.out)
    assert (done["read"], done["added"], done["rejected_rows"]) == (4, 2, 2)
    assert [(bad["line"], bad["reason"]) for bad in done["rejected"]] == [
        (3, "the line is longer than 1048576 characters"),
        (5, "the line is longer than 1048576 characters"),
    ]
    assert odd.peak < plain.peak + 40 * MIB, f"{plain.peak} KiB grew to {odd.peak} KiB"
