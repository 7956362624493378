"""Work that several processes do side by side.

They are forked, so that none of them imports the program again; where that is not safe, one process does the work.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
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


def as_many(asked: int | None) -> int:
    """So many processes as were asked for, or one a core; where none can be forked, one."""
    return cores() if asked is None or not SAFE else asked


class FailedError(Exception):
    """A process has failed, and the others wait for it in vain."""


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


class Ring:
    """Words that processes hand round in a fixed order, so that they do a step in turn: each takes the word of the one
    before it, and hands on its own."""

    def __init__(self, count: int, first: Any = None) -> None:
        from multiprocessing import Pipe

        self._pipes = [Pipe(duplex=False) for _ in range(count)]
        self.hand_on(-1, first)

    def __enter__(self) -> Ring:
        return self

    def __exit__(self, *failed: object) -> None:
        for ends in self._pipes:
            for end in ends:
                end.close()

    def take(self, number: int) -> Any:
        """Wait for the word of the process before this one."""
        return self._pipes[number][0].recv()

    def hand_on(self, number: int, word: Any = None) -> None:
        """Give the process after this one its turn."""
        self._pipes[(number + 1) % len(self._pipes)][1].send(word)


def side_by_side(works: Sequence[Callable[[], Iterator[T]]], *, in_step: bool = False) -> Iterator[T]:
    """What processes find that each do one of these works, and share something among themselves.

    No connection to a database may be open. A process that fails ends without a word: whoever calls looks afterwards
    at what is left, and meets the same failure where it is no mere accident. If this process is killed, each of them
    ends with the next thing that it finds. Where they go `in_step`, each waiting for the one before it, one that fails
    ends them all with FailedError.
    """
    from multiprocessing import get_context
    from multiprocessing.connection import wait

    context = get_context("fork")
    running: dict[Any, Any] = {}
    gc.freeze()  # whoever looks through memory for what could go would make every process a copy of its own
    try:
        for work in works:
            reader, writer = context.Pipe(duplex=False)
            process = context.Process(target=_run, args=(work, writer, [*running, reader]), daemon=True)
            running[reader] = process
            with warnings.catch_warnings():  # other threads: only those of a library that watches or tests this program
                warnings.simplefilter("ignore", DeprecationWarning)
                process.start()
            writer.close()
        listening = [*running]
        while listening:
            ready: list[Any] = wait(listening)
            for reader in ready:
                try:
                    yield reader.recv()
                except EOFError:
                    listening.remove(reader)
                    running[reader].join()
                    if in_step and running[reader].exitcode:
                        raise FailedError from None
    finally:
        for process in running.values():
            process.terminate()
            process.join()
        gc.unfreeze()


def _run(work: Callable[[], Iterator[T]], writer: Connection, readers: list[Connection]) -> None:
    for reader in readers:
        reader.close()  # so that what is found reaches nobody when whoever asked has died, and this ends as well
    failed = 1
    try:
        for found in work():
            writer.send(found)
        failed = 0
    except BaseException:  # noqa: BLE001, S110 - said by whoever looks at what is left
        pass
    finally:
        os._exit(failed)  # nothing of the process that was forked is to be closed or written here
