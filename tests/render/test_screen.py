"""Where people read: a terminal or a pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from dunning_cli.i18n import Translator
from dunning_cli.render.pictures import Column, Fit, Panel, Stack, Table, line, said, span
from dunning_cli.render.screen import Screen

T = Translator()
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
NAMES = ("Anna-Maria Müller-Lüdenscheidt", "[bold red]x[/] :smile: https://x.org 42", "王小明")
PICTURE = Stack(
    (
        said(span("Hello ", "strong"), span("world", "bad")),
        Panel(
            line(span("Cases", "title")),
            (
                Table(
                    (Column("Case", right=True), Column("Name", fit=Fit.CUT, least=8), Column("Owed", right=True)),
                    tuple(
                        (line(str(n)), line(span(name, "good")), line("1,000.00 CNY")) for n, name in enumerate(NAMES)
                    ),
                ),
            ),
        ),
    )
)


def _shown(width: int | None = None) -> str:
    file = StringIO()
    Screen(file, T, width, terminal=width is not None).show(PICTURE)
    return file.getvalue()


def test_a_pipe_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    assert _shown() == (
        "Hello world\n"
        "Cases\n"
        "  Case  Name                                             Owed\n"
        "     0  Anna-Maria Müller-Lüdenscheidt           1,000.00 CNY\n"
        "     1  [bold red]x[/] :smile: https://x.org 42  1,000.00 CNY\n"
        "     2  王小明                                   1,000.00 CNY\n"
    )


def test_a_terminal_gets_colours_and_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = _shown(60)
    assert "\x1b[1mHello \x1b[0m\x1b[1;31mworld\x1b[0m\n" in shown
    assert "\x1b[32m王小明\x1b[0m" in shown
    assert "╭─" in shown
    assert ESCAPE.sub("", shown) == _in(monkeypatch, TERM="dumb")


def _in(monkeypatch: pytest.MonkeyPatch, **env: str) -> str:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return _shown(60)


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _in(monkeypatch, TERM="xterm-256color", NO_COLOR="1")
    assert "\x1b[1mHello \x1b[0m" in shown  # bold is no colour
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", shown)


def test_a_dumb_terminal_gets_no_escapes() -> None:
    assert "\x1b" not in _shown(60)


def test_only_names_are_cut_on_a_terminal() -> None:
    shown = _shown(40)
    assert "Anna-Maria Müll…  1,000.00 CNY" in shown
    assert shown.count("1,000.00 CNY") == 3


def test_a_terminal_too_narrow_for_a_table_cuts_nothing() -> None:
    shown = _shown(20)
    assert "Anna-Maria Müller-Lüdenscheidt" in shown
    assert shown.count("1,000.00 CNY") == 3
    assert "╭" not in shown


def test_what_users_write_is_never_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _in(monkeypatch, TERM="xterm-256color")
    assert "[bold red]x[/] :smile:" in ESCAPE.sub("", _shown(80))
    assert "😄" not in shown


def test_a_line() -> None:
    file = StringIO()
    screen = Screen(file, T, 40, terminal=True)
    screen.line("[red]42[/] \x1b[31m")
    screen.line()
    screen.line("styled", "bad")
    assert file.getvalue() == "[red]42[/] ␛[31m\n\nstyled\n"


def test_a_long_line_is_wrapped_on_a_terminal_and_whole_in_a_pipe() -> None:
    text = " ".join(["word"] * 30)
    on_terminal, in_pipe = StringIO(), StringIO()
    Screen(on_terminal, T, 40, terminal=True).line(text)
    Screen(in_pipe, T, 40, terminal=False).line(text)
    assert in_pipe.getvalue() == f"{text}\n"
    assert max(map(len, on_terminal.getvalue().splitlines())) <= 40
    assert on_terminal.getvalue().split() == text.split()


def test_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    file = StringIO()
    assert Screen(file, T).width == 80
    monkeypatch.setenv("COLUMNS", "132")
    assert Screen(file, T).width == 132
    assert Screen(file, T, 60).width == 60
    monkeypatch.setenv("COLUMNS", "1")
    assert Screen(file, T).width == 1
    for nonsense in ("0", "wide", "-5", ""):
        monkeypatch.setenv("COLUMNS", nonsense)
        assert Screen(file, T).width == 80


@pytest.mark.parametrize("terminal", [True, False])
def test_an_old_encoding_never_stops_a_command(terminal: bool) -> None:
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding="ascii", newline="\n")
    Screen(file, T, 60, terminal=terminal).show(said("✓ paid → 王 é"))
    file.flush()
    assert raw.getvalue() == b"+ paid > \\u738b \\xe9\n"


def test_an_encoding_with_chinese_shows_it() -> None:
    raw = BytesIO()
    file = TextIOWrapper(raw, encoding="gb18030", newline="\n")
    Screen(file, T, terminal=False).show(said("王 ✓"))
    file.flush()
    assert raw.getvalue().decode("gb18030") == "王 ✓\n"


def test_the_console_is_for_what_moves() -> None:
    screen = Screen(StringIO(), T, 50, terminal=True)
    assert screen.console is screen.console
    assert (screen.console.width, screen.console.is_terminal) == (50, True)


def test_plain_text_loads_little_of_rich() -> None:
    code = (
        "import sys; from io import StringIO; from dunning_cli.i18n import Translator;"
        "from dunning_cli.render.screen import Screen; assert 'rich' not in sys.modules;"
        "Screen(StringIO(), Translator()).line('x'); print('rich.console' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def _on_a_real_terminal(columns: int) -> str:
    """What a process shows whose standard output is a terminal of so many columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    code = (
        "import sys; from dunning_cli.i18n import Translator; from dunning_cli.render.screen import Screen;"
        "from tests.render.test_screen import PICTURE; Screen(sys.stdout, Translator()).show(PICTURE)"
    )
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")} | {"TERM": "xterm"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=follower, env=env) as process:
        os.close(follower)
        shown = b""
        try:
            while block := os.read(leader, 65536):
                shown += block
        except OSError:  # the terminal is closed
            pass
        assert process.wait() == 0
    os.close(leader)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [40, 100])
def test_a_real_terminal(columns: int) -> None:
    shown = _on_a_real_terminal(columns)
    assert "\x1b[1mHello" in shown
    plain = ESCAPE.sub("", shown)
    assert max(map(len, plain.splitlines())) == columns
    assert ("Anna-Maria Müller-Lüdenscheidt" in plain) is (columns == 100)
