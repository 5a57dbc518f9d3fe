"""A proxy between a process and PostgreSQL that can keep, or lose, the answer to COMMIT.

What the client has asked is always passed on, so the database has committed; only the client never hears of it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
SOCKET = ".s.PGSQL.5432"
CHUNK = 64 * 1024


class Wire:
    """Listens in a folder of its own; `address` is a database's address by way of it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        folder.mkdir()
        self.folder = folder
        parts = urlsplit(database_url)
        (self.real,) = parse_qs(parts.query)["host"]
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path}?host={folder}"
        self.lose, self.keep = threading.Event(), threading.Event()
        #: How many answers were lost or kept, and what is set when one is.
        self.caught = threading.Event()
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(folder / SOCKET))
        self._server.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_next(self) -> None:
        """Close the connection instead of passing on the next answer to a COMMIT."""
        self.caught.clear()
        self.lose.set()

    def keep_next(self) -> None:
        """Pass nothing on any more from the next answer to a COMMIT on."""
        self.caught.clear()
        self.keep.set()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(Path(self.real) / SOCKET))
            except OSError:
                client.close()
                continue
            committing = threading.Event()
            threading.Thread(target=self._ask, args=(client, server, committing), daemon=True).start()
            threading.Thread(target=self._answer, args=(client, server, committing), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, committing: threading.Event) -> None:
        with _both(client, server):
            while data := client.recv(CHUNK):
                if data.endswith(COMMIT):
                    committing.set()
                server.sendall(data)

    def _answer(self, client: socket.socket, server: socket.socket, committing: threading.Event) -> None:
        with _both(client, server):
            while data := server.recv(CHUNK):
                if committing.is_set():
                    committing.clear()
                    if self.lose.is_set():
                        self.lose.clear()
                        self.caught.set()
                        return
                    if self.keep.is_set():
                        self.keep.clear()
                        self.caught.set()
                        # Until the client is gone, which ends the other direction and with it this socket.
                        while server.recv(CHUNK):
                            pass
                        return
                client.sendall(data)


@contextmanager
def _both(client: socket.socket, server: socket.socket) -> Iterator[None]:
    """Whoever ends first ends both."""
    with suppress(OSError):
        yield
    for end in (client, server):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
