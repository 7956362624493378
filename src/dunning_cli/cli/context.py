"""What a command works with: its desk, its language, and where its answer goes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TextIO

import typer

from .. import settings as settings_of
from ..domain.codec import canonical
from ..errors import InputError, UsageError
from ..i18n import Translator, choose
from ..render.screen import Screen
from ..services.desk import Desk, Key
from .everywhere import given

if TYPE_CHECKING:
    from ..domain.views import Progress
    from ..render.pictures import Picture


def language(args: Sequence[str]) -> str:
    """The language for an error, found in the bare arguments; it never fails."""
    flag = next((b for a, b in pairwise(args) if a == "--lang"), None)
    flag = flag or next((a.partition("=")[2] for a in args if a.startswith("--lang=")), None)
    try:
        return choose(flag or settings_of.load(os.environ).language, os.environ)
    except (InputError, UsageError):
        return "en"


class Run:
    """One run of one command."""

    def __init__(self, ctx: typer.Context, *, create: bool = True) -> None:
        self.ctx = ctx
        self.create = create
        self.json = bool(given(ctx, "json"))
        self.settings = settings_of.load(os.environ, given(ctx, "db"))
        self.t = Translator(choose(given(ctx, "lang") or self.settings.language, os.environ))

    @cached_property
    def desk(self) -> Desk:
        flag, who = given(self.ctx, "now"), given(self.ctx, "actor")
        try:
            now = settings_of.now(self.settings, os.environ, flag=flag, who=who)
        except OverflowError as error:  # the first or the last day there is, and an offset beyond it
            raise _no_instant(flag or os.environ["DUNNING_NOW"]) from error
        if now.today.year not in YEARS:
            raise _no_instant(now.instant.isoformat())
        return Desk(self.settings, now, self._key(), create=self.create)

    def _key(self) -> Key | None:
        key = given(self.ctx, "key")
        if not key:
            return None
        from hashlib import sha256

        asked = {"command": self.ctx.command.name, "given": {k: str(v) for k, v in self.ctx.params.items()}}
        return Key(key, sha256(f"{key}\0{canonical(asked)}".encode()).hexdigest())

    @cached_property
    def screen(self) -> Screen:
        return Screen(sys.stdout, self.t)

    @cached_property
    def messages(self) -> Screen:
        return Screen(sys.stderr, self.t)

    def answer(self, data: Callable[[], Any], picture: Callable[[], Picture]) -> None:
        """Answer in JSON where that was asked for, else with a picture."""
        if self.json:
            from ..render.answers import dumps

            sys.stdout.write(_json_for(sys.stdout, dumps(data())) + "\n")
        else:
            self.screen.show(picture())

    def said(self, text: str, **values: object) -> Picture:
        """A sentence as a picture."""
        from ..render.pictures import said

        return said(self.t(text, **values))

    def text(self, text: str) -> None:
        """A text as it is, for a file or a printer; what the encoding of the output lacks becomes a question mark."""
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))

    def rows(self, rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> None:
        """Answer as CSV, with a line of names first."""
        from ..render.text import write_csv

        write_csv([fields, *([row[name] for name in fields] for row in rows)], sys.stdout)

    @contextmanager
    def progress(self, what: str) -> Generator[Progress | None, None, None]:
        """A progress bar on standard error, where a person watches; else nothing.

        From here on, what is no longer used is collected: long work would need ever more memory.
        """
        gc.freeze()
        gc.enable()
        if self.json or not self.messages.terminal:
            yield None
            return
        from .progress import bar

        with bar(self.messages.console, self.t(what)) as advance:
            yield advance

    def instant(self, text: str | None) -> datetime | None:
        """An instant as it is typed; without an offset it is in the creditor's zone."""
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise _no_instant(text) from error
        at = at if at.tzinfo else at.replace(tzinfo=self.desk.now.zone)
        offset = at.utcoffset()
        if at.year not in YEARS or (offset and offset.seconds % 60):
            raise _no_instant(text)
        return at

    def moment(self, text: str) -> date | datetime:
        """A day, or an instant, as it is typed."""
        if len(text) == len("2025-01-31"):
            try:
                if (day := date.fromisoformat(text)).year in YEARS:
                    return day
            except ValueError:
                pass
            raise InputError("'{text}' is no date; write it like 2025-01-31.", text=text)
        found = self.instant(text)
        assert found is not None  # noqa: S101  a text was given
        return found


def _json_for(file: TextIO, text: str) -> str:
    """JSON that a file of an old encoding can hold: all that it lacks is written as \\uXXXX, which means the same."""
    try:
        text.encode(file.encoding or "utf-8")
    except UnicodeEncodeError:
        import json

        return json.dumps(json.loads(text), indent=2)
    return text


def _no_instant(text: str) -> InputError:
    return InputError("'{text}' is no instant.", hint="Write it like 2025-01-06T09:00:00+08:00.", text=text)


YEARS: Final = range(1900, 3000)  # of dates and instants as they are typed; all that is counted from them stays a date


def parse_date(text: str) -> date:
    """A date as it is typed: YYYY-MM-DD and nothing else."""
    try:
        if len(text) == 10 and (day := date.fromisoformat(text)).year in YEARS:
            return day
    except ValueError:
        pass
    raise typer.BadParameter(f"'{text}' is no date; write it like 2025-01-31.")
