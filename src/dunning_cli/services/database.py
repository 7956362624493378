"""Make, migrate, look at, back up and distribute the database."""

from __future__ import annotations

from pathlib import Path

from ..domain.views import DatabaseStatus, PlacedTable
from ..settings import Settings
from .desk import Desk


def init(desk: Desk) -> DatabaseStatus:
    """Make the database if it is not there."""
    desk.store  # noqa: B018 - opening it makes it
    return status(desk.settings)


def upgrade(settings: Settings) -> DatabaseStatus:
    """Bring the database to this version's tables."""
    from ..store.maintenance import upgrade as migrate

    migrate(settings.database)
    return status(settings)


def status(settings: Settings) -> DatabaseStatus:
    """What kind of database this is, at which version, and how much is in it. Works on one that is behind, too."""
    from ..store.maintenance import status as look

    return look(settings.database)


def backup(desk: Desk, target: Path) -> int:
    """Copy an SQLite database, while it is in use, to a new file; answers its size in bytes."""
    from ..store.maintenance import backup as copy

    return copy(desk.store, target)


def distribute(settings: Settings) -> list[PlacedTable]:
    """Spread a PostgreSQL database over the workers of a Citus cluster; answers where each table lies."""
    from ..store.distribution import distribute as spread

    return spread(settings.database)
