"""A year of a collections team, made from a seed: who owes (`cast`), who does what on which day (`script`), and the
ordinary services that it is done with (`play`). Nothing here writes to a database by another way than a collector does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from ...domain.views import Simulated

if TYPE_CHECKING:
    from ...settings import Settings


def simulate(
    settings: Settings, cases: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> Simulated:
    """Play a year of so many cases in the database of `settings`, which must be empty, and look back on it.

    `progress` is told how many days are over, of how many.
    """
    from ..audit import verify
    from ..year import read_year
    from .play import DAYS, FIRST, Play, desk_of, spread

    started = perf_counter()
    play = Play(desk_of(settings, seed), seed, spread(cases, seed))
    for number, _ in enumerate(play.year(), 1):
        if progress:
            progress(number, DAYS)
    seconds = perf_counter() - started
    read = read_year(play.desk, FIRST, FIRST + timedelta(days=DAYS - 1))
    sound = verify(play.evening(DAYS)).sound
    return Simulated(seed, read.year, read.debtors, play.played, read.fingerprint, sound, seconds)
