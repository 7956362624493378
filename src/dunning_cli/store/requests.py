"""Commands done under a --key, so that a retry does nothing twice and is answered alike."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from ..errors import KeyReusedError
from .schema import requests


class Done(NamedTuple):
    """What a command wrote: the entries after `before_seq` up to `after_seq`, or the counts it answered."""

    subject: str
    subject_id: int | None
    before_seq: int | None
    after_seq: int | None
    done_at: str
    answer: str | None = None


class Requests:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def find(self, key: str, fingerprint: str) -> Done | None:
        """What was done under the key; a key used for another command raises KeyReusedError."""
        columns = [requests.c[name] for name in Done._fields]
        row = self.conn.execute(select(requests.c.fingerprint, *columns).where(requests.c.request_key == key)).first()
        if row is None:
            return None
        if row.fingerprint != fingerprint:
            raise KeyReusedError("The key '{key}' was already used for another command.", key=key)
        return Done(*row[1:])

    def add(self, key: str, fingerprint: str, done: Done) -> None:
        self.conn.execute(insert(requests).values(request_key=key, fingerprint=fingerprint, **done._asdict()))
