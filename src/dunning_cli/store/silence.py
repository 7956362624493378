"""A connection to PostgreSQL that gives a silent server up.

A server ends a statement that takes too long, and says so. One that has met a worker which no longer answers may never
come to that: it waits for the worker, and we for it. So we count as well, from the last word that it said.
"""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg


class SilentError(psycopg.OperationalError):
    """Nothing came for too long. The connection is closed: nobody knows what would come over it next."""


class Patient(psycopg.Connection[Any]):
    """A connection that waits `patience` seconds for the next word of the server; None: for as long as it takes."""

    patience: float | None = None

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        return super().wait(gen if self.patience is None else self._heard(gen, self.patience), *args, **kwargs)

    def _heard(self, gen: Generator[Any, Any, Any], patience: float) -> Generator[Any, Any, Any]:
        """Go through the steps of an exchange; between them the driver says what came, and often that nothing did."""
        until = monotonic() + patience
        try:
            step = next(gen)
            while True:
                came = yield step
                if came:
                    until = monotonic() + patience
                elif monotonic() > until:
                    self.pgconn.finish()
                    raise SilentError(f"nothing was heard for {patience:g} seconds")
                step = gen.send(came)
        except StopIteration as end:
            return end.value
