"""Settings: a flag, else an environment variable, else the settings file, else the default.

The file is TOML, `settings.toml` in the user's configuration folder or where DUNNING_SETTINGS says. An unknown word in
it is an error that names the file and the nearest known word.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .domain.days import Clock, Now
from .domain.money import currency_code
from .errors import InputError


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every command. Each field says its meaning under `about`, which the docs print."""

    database: str
    timezone: str | None = None
    actor: str | None = None
    language: str | None = None
    currency: str = "CNY"
    jurisdiction: str = "generic"
    set_clock: str = "allow"
    rules: str | None = None
    statement_timeout: str = "120"
    path: Path | None = None


ABOUT: dict[str, tuple[str, str, str]] = {
    # field: (environment variable, default, meaning)
    "database": ("DUNNING_DB", "an SQLite file in your data folder", "The database: sqlite:///path or postgresql://…"),
    "timezone": ("DUNNING_TIMEZONE", "the system's", "The creditor's time zone; its date is today."),
    "actor": ("DUNNING_ACTOR", "your login name", "Who acts; stands on every entry."),
    "language": ("DUNNING_LANG", "from the locale, else en", "en or zh."),
    "currency": ("DUNNING_CURRENCY", "CNY", "The currency of a case that names none."),
    "jurisdiction": ("DUNNING_JURISDICTION", "generic", "The jurisdiction of a case that names none."),
    "set_clock": (
        "DUNNING_SET_CLOCK",
        "allow",
        "allow, or refuse: whether --now may set the clock when something is written.",
    ),
    "rules": (
        "DUNNING_RULES",
        "`rules` in your configuration folder",
        "The folder of your own rule packs and rate tables.",
    ),
    "statement_timeout": (
        "DUNNING_STATEMENT_TIMEOUT",
        "120",
        "Seconds after which PostgreSQL ends one statement; 0 is never.",
    ),
}


def load(env: Mapping[str, str], database: str | None = None) -> Settings:
    """The settings of this run; `database` is the flag."""
    path = Path(env["DUNNING_SETTINGS"]) if env.get("DUNNING_SETTINGS") else _config_dir() / "settings.toml"
    values = _read(path, required=bool(env.get("DUNNING_SETTINGS")))
    for name, (variable, _, _) in ABOUT.items():
        if env.get(variable):
            values[name] = env[variable]
    if database:
        values["database"] = database
    values.setdefault("database", default_database())
    settings = Settings(**values, path=path if path.exists() else None)
    if settings.set_clock not in ("allow", "refuse"):
        raise InputError("set_clock is allow or refuse, not '{word}'.", word=settings.set_clock)
    currency_code(settings.currency)
    statement_seconds(settings)
    return settings


_MOST_SECONDS = 2_147_483  # what PostgreSQL can count in milliseconds


def statement_seconds(settings: Settings) -> int:
    """How long one statement may take on a server, in seconds; 0 is without end."""
    word = settings.statement_timeout
    if not (word.isascii() and word.isdigit()) or len(word) > 7 or int(word) > _MOST_SECONDS:
        raise InputError(
            "statement_timeout is a whole number of seconds, not '{word}'.",
            hint="Write it like 120; 0 is without end.",
            word=word,
        )
    return int(word)


def default_database() -> str:
    """The SQLite file in the user's data folder."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('dunning', appauthor=False) / 'dunning.db'}"


def rules_folder(settings: Settings) -> Path:
    """The folder of the user's own rule packs and rate tables; it need not be there unless it was named."""
    if not settings.rules:
        return _config_dir() / "rules"
    folder = Path(settings.rules).expanduser()
    if not folder.is_dir():
        raise InputError("The rules folder {folder} is not there.", folder=folder)
    return folder


def _config_dir() -> Path:
    from platformdirs import user_config_path

    return user_config_path("dunning", appauthor=False)


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        if not required and not path.exists():
            return {}
        import tomllib

        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:  # also bytes that are no UTF-8, and text that is no TOML
        raise InputError("The settings file {path} cannot be read: {said}.", path=path, said=error) from error
    known = {field.name for field in fields(Settings)} - {"path"}
    for name, value in values.items():
        if name not in known or not isinstance(value, str):
            near = get_close_matches(name, known, n=1)
            raise InputError(
                "{path}: '{name}' is no setting."
                if name not in known
                else "{path}: '{name}' must be a text in quotes.",
                hint=f"Did you mean '{near[0]}'?" if near else "The settings are: " + ", ".join(sorted(known)),
                path=path,
                name=name,
            )
    return values


def actor(settings: Settings, flag: str | None) -> str:
    """Who acts."""
    name = flag or settings.actor
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def zone(settings: Settings) -> tzinfo:
    """The creditor's time zone."""
    if not settings.timezone:
        local = datetime.now(UTC).astimezone().tzinfo
        return local or UTC
    return named_zone(settings.timezone)


def named_zone(name: str) -> tzinfo:
    """A zone by its name in the time-zone database."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(
            "'{name}' is no time zone.", hint="Use a name such as Asia/Shanghai or Europe/Berlin.", name=name
        ) from error


def now(settings: Settings, env: Mapping[str, str], *, flag: str | None, who: str | None) -> Now:
    """The moment of this run: set by a flag or DUNNING_NOW, else the clock. The one place that asks the clock."""
    text = flag or env.get("DUNNING_NOW")
    here = zone(settings)
    if not text:
        return Now(datetime.now(UTC), here, actor(settings, who))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "'{text}' is no instant.", hint="Write it like 2025-01-06T09:00:00+08:00.", text=text
        ) from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=here)
    return Now(instant, here, actor(settings, who), Clock.SET)


def log_unexpected(folder: Path, text: str) -> Path:
    """Write what happened to a new file that its owner alone can read."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    path = folder / f"error-{stamp}.log"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    return path
