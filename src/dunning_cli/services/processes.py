"""Work that several processes do side by side.

They are forked, so that none of them imports the program again; where that is not safe, one process does the work.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")

SAFE: Final = sys.platform == "linux"  # the frameworks of macOS do not outlive a fork


def cores() -> int:
    """How many processes can work at once here."""
    if not SAFE:
        return 1
    return len(os.sched_getaffinity(0))


class Turn:
    """What only one of several processes does at a time. One that dies gives its turn up."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - open as long as there are turns

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, *failed: object) -> None:
        self._file.close()

    @contextmanager
    def taken(self) -> Generator[None, None, None]:
        """Wait for the turn, and have it. (The file is shared over a fork, its lock is each process's own.)"""
        import fcntl

        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)


def side_by_side(count: int, work: Callable[[], Iterator[T]]) -> Iterator[T]:
    """What `count` processes find that each do the same work and share it among themselves.

    No connection to a database may be open. A process that fails ends without a word: whoever calls looks afterwards
    at what is left, and meets the same failure where it is no mere accident.
    """
    from multiprocessing import get_context
    from multiprocessing.connection import wait

    context = get_context("fork")
    started = []
    readers: list[Any] = []
    gc.freeze()  # whoever looks through memory for what could go would make every process a copy of its own
    try:
        for _ in range(count):
            reader, writer = context.Pipe(duplex=False)
            process = context.Process(target=_run, args=(work, writer), daemon=True)
            with warnings.catch_warnings():  # other threads: only those of a library that watches or tests this program
                warnings.simplefilter("ignore", DeprecationWarning)
                process.start()
            writer.close()
            started.append(process)
            readers.append(reader)
        while readers:
            ready: list[Any] = wait(readers)
            for reader in ready:
                try:
                    yield reader.recv()
                except EOFError:
                    readers.remove(reader)
    finally:
        for process in started:
            process.terminate()
            process.join()
        gc.unfreeze()


def _run(work: Callable[[], Iterator[T]], writer: Connection) -> None:
    try:
        for found in work():
            writer.send(found)
    except BaseException:  # noqa: BLE001, S110 - said by whoever looks at what is left
        pass
    finally:
        os._exit(0)  # nothing of the process that was forked is to be closed or written here
