"""Bring a database to this version's tables, with Alembic. Imported only when there is something to migrate."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def migrations_dir() -> Path:
    """Where the migrations lie: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "migrations", package.parents[1] / "migrations"):
        if (place / "env.py").is_file():
            return place
    raise RuntimeError("the migrations are missing from this installation")


def config(engine: Engine) -> Config:
    """Alembic's configuration; the engine goes as it is, so that no password passes through a file's syntax."""
    settings = Config()
    settings.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    settings.attributes["engine"] = engine
    return settings


def upgrade(engine: Engine) -> None:
    """Run every migration that the database has not seen."""
    command.upgrade(config(engine), "head")


def knows(found: str) -> bool:
    """Whether this installation holds the migration that a database stands at."""
    return found in {script.revision for script in _scripts().walk_revisions()}


def newest() -> str | None:
    """The newest migration that this installation holds."""
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    settings = Config()
    settings.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    return ScriptDirectory.from_config(settings)
