"""How much memory a run holds: the process and every process that it starts, together.

The `ru_maxrss` of a process will not do. It covers no children, and a process that is started by a large one bears the
large one's peak from birth, so that whatever is measured looks alike.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep
from typing import Final

LINUX: Final = sys.platform == "linux"  # elsewhere nobody says what processes share
_PAUSE: Final = 0.005


def peak_of(args: Sequence[str], cwd: Path) -> tuple[bytes, int]:
    """Run a program; answers what it wrote, and the most KiB that it and its children held at one time.

    It is looked at every few milliseconds, which costs it time: a run that is timed is none whose memory is measured.
    """
    most = 0
    with subprocess.Popen(args, cwd=cwd, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            most = max(most, sum(map(_share, _family(process.pid))))
            sleep(_PAUSE)
        assert process.stdout
        said = process.stdout.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(args))
    return said, most


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [each.read_text().split() for each in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return
    for numbers in children:
        for number in numbers:
            yield from _family(int(number))


def _share(pid: int) -> int:
    """What a process holds; of what several hold together, its share."""
    try:
        return _field(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _field(path: Path, name: str) -> int:
    return next((int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name)), 0)
