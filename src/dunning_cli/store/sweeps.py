"""How several sweeps share the cases of one pass: each takes the next part, and says how far all parts go by now.

What is taken is a hint and no lock. Whoever dies leaves a part undone, so a run ends with a look at whatever is still
there; and two that come upon the same case are told apart by the case's own chain.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from .cases import Batch
from .schema import sweeps

FORGOTTEN: Final = 60  # seconds after the last part was taken; then nobody works on it any more


class Sweeps:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def take(self, name: str, day: date, at: int, kind: Any, read: Callable[[Any], Batch]) -> Batch:
        """Take the next part of the pass `name` over what is due on a day, at an instant in seconds.

        `read` reads the part beyond a place, which is of the type `kind`; None is the beginning. Whoever else takes a
        part waits until this transaction is over.
        """
        mine = sweeps.c.name == name
        row = self.conn.execute(select(sweeps).where(mine).with_for_update()).first()
        going_on = row is not None and row.day == day and at - row.taken_at < FORGOTTEN
        batch = read(msgspec.json.decode(row.beyond, type=kind) if row and going_on else None)
        if not batch.size:
            return batch
        values = {"day": day, "taken_at": at, "beyond": msgspec.json.encode(batch.beyond).decode()}
        if row:
            self.conn.execute(update(sweeps).where(mine).values(values))
        else:
            self.conn.execute(insert(sweeps).values(name=name, **values))
        return batch

    def any(self) -> bool:
        """Whether a part of some pass was taken."""
        return self.conn.execute(select(sweeps.c.name).limit(1)).first() is not None

    def forget(self) -> None:
        """Forget what was taken: the next run begins at the beginning, and so does one beside this one."""
        self.conn.execute(delete(sweeps))
