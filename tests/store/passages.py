"""A way to a server over which everything passes, until it falls silent or is cut."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from contextlib import suppress


class Passage:
    """Whoever speaks over it cannot tell it from the server; what is said may be encrypted."""

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.silent = False  # nothing passes, and what is open stays so
        self.cut = False  # whatever was open is closed, and nobody answers a call
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ends: dict[socket.socket, socket.socket] = {}
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self.cut = True
        self._thread.join()
        self._ready.close()

    def _serve(self) -> None:
        while not self.cut:
            if self.silent:
                time.sleep(0.01)
                continue
            for key, _ in self._ready.select(0.01):
                if key.fileobj is self._listener:
                    self._join()
                elif key.fileobj in self._ends:  # else it was closed just now, with its other end
                    self._pass_on(key.fileobj)
        self._listener.close()
        for each in self._ends:
            each.close()

    def _join(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(self.server)
        for one, other in ((client, server), (server, client)):
            self._ends[one] = other
            self._ready.register(one, selectors.EVENT_READ)

    def _pass_on(self, end: socket.socket) -> None:
        with suppress(OSError):
            if said := end.recv(1 << 16):
                self._ends[end].sendall(said)
                return
        other = self._ends[end]
        for each in (end, other):
            self._ready.unregister(each)
            del self._ends[each]
            each.close()
