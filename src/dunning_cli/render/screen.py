"""Where people read: a terminal with colours, or a pipe with plain text. Made once for stdout and once for stderr."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

    from ..i18n import Translator
    from .pictures import Picture

# What stands for our own signs where an old encoding has no place for them.
_ASCII = str.maketrans(
    {
        "✓": "+",
        "◐": "~",
        "✗": "x",
        "·": ".",
        "●": "*",
        "▶": ">",
        "→": ">",
        "█": "#",
        "▓": "%",
        "▒": "+",
        "░": ".",
        "…": "~",
        "■": "#",
    }
    | dict.fromkeys("─│├┤┬┴┼╭╮╰╯└┘┌┐", "-")
)


class Screen:
    """Shows pictures and lines on a file. `terminal` and `width` are found out where they are not given."""

    __slots__ = ("_console", "_width", "file", "t", "terminal")

    def __init__(self, file: TextIO, t: Translator, width: int | None = None, *, terminal: bool | None = None) -> None:
        self.file = file
        self.t = t
        self.terminal = file.isatty() if terminal is None else terminal
        self._width = width
        self._console: Console | None = None

    @property
    def width(self) -> int:
        """The cells of a line: as given, else COLUMNS, else what the terminal says, else 80."""
        return self._width or _positive(os.environ.get("COLUMNS", "")) or _columns_of(self.file) or 80

    @property
    def console(self) -> Console:
        """The Rich console, for what moves: a progress bar."""
        if self._console is None:
            from rich.console import Console  # noqa: PLC0415  only for people at a terminal

            self._console = Console(
                file=self.file,
                force_terminal=self.terminal,
                width=self.width,
                height=25,  # Rich takes a width only together with a height where TERM is dumb
                markup=False,
                highlight=False,
                emoji=False,
            )
        return self._console

    def show(self, picture: Picture) -> None:
        """Show a picture: drawn by Rich on a terminal, as plain lines elsewhere."""
        if self.terminal and _speaks_unicode(self.file):
            from . import terminal  # noqa: PLC0415

            terminal.draw(picture, self.console)
        else:
            from . import plain  # noqa: PLC0415

            self.file.write(encodable(plain.text(picture), self.file))

    def line(self, text: str = "", style: str = "") -> None:
        """Show one line of text, whatever it holds, as text."""
        from .pictures import Text, span  # noqa: PLC0415  JSON needs a screen and no picture

        self.show(Text((span(text, style),) if text else ()))


def encodable(text: str, file: TextIO) -> str:
    """The text as this file can write it: signs that its encoding lacks give way, they never stop a command."""
    encoding = getattr(file, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return text


def _speaks_unicode(file: TextIO) -> bool:
    return (getattr(file, "encoding", None) or "utf-8").lower().replace("_", "-").startswith("utf")


def _positive(text: str) -> int | None:
    return int(text) if text.isdecimal() and int(text) > 0 else None


def _columns_of(file: TextIO) -> int | None:
    try:
        return os.get_terminal_size(file.fileno()).columns or None
    except (OSError, ValueError):  # no terminal, or no file at all (a test's StringIO)
        return None
