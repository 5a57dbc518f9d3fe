"""Stops a process at one place of its work: by a lock that the place needs and that is held here.

The database itself says who waits for whom, so a fault comes when the work has got exactly there, on any machine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2

from tests.support.sites import eventually

PATIENCE = 60
WAITING = "SELECT query FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"


class Hold:
    """A lock of a superuser's, and who waits for it."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg2.connect(url)
        self._watch = psycopg2.connect(url)
        self._watch.autocommit = True
        self._pid = self._connection.info.backend_pid
        self._queued: threading.Thread | None = None

    def take(self, sql: str, *values: Any) -> None:
        """Take the lock that a statement takes, until `let_go`."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)

    def queue(self, sql: str, *values: Any) -> None:
        """Take it as the next one after whoever is waiting already."""
        self._queued = threading.Thread(target=self.take, args=(sql, *values), daemon=True)
        self._queued.start()

    def queued(self) -> None:
        """Wait until it stands in the queue."""
        pid = self._connection.info.backend_pid
        eventually(lambda: self._waits(pid), seconds=PATIENCE, what="a place in the queue")

    def _waits(self, pid: int) -> bool:
        with self._watch.cursor() as cursor:
            cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [pid])
            (waits,) = cursor.fetchone()
            return bool(waits)

    def waiting(self) -> list[str]:
        """What those who wait for the lock are executing."""
        with self._watch.cursor() as cursor:
            cursor.execute(WAITING, [self._pid])
            return [query for (query,) in cursor.fetchall()]

    def reached(self, words: str = "") -> None:
        """Wait until somebody waits for the lock, with these words in the statement."""
        try:
            eventually(
                lambda: any(words.lower() in query.lower() for query in self.waiting()),
                seconds=PATIENCE,
                what=f"somebody at the lock {words}",
            )
        except AssertionError as problem:
            problem.add_note(f"waiting there: {self.waiting()}")
            raise

    def reached_by(self, count: int, words: str) -> None:
        """Wait until so many wait for the lock at once, each with these words in the statement."""

        def there() -> bool:
            return sum(words.lower() in query.lower() for query in self.waiting()) == count

        eventually(there, seconds=PATIENCE, what=f"{count} at the lock {words}")

    def let_go(self) -> None:
        """Release the lock; again without harm."""
        if self._queued is not None:
            self._queued.join(PATIENCE)
        self._connection.rollback()

    def close(self) -> None:
        """Also where the database is gone, and its locks with it."""
        for connection in (self._connection, self._watch):
            with suppress(psycopg2.Error):
                connection.close()


@contextmanager
def holds(url: str, count: int = 1) -> Iterator[list[Hold]]:
    """So many, released in the end."""
    made = [Hold(url) for _number in range(count)]
    try:
        yield made
    finally:
        for hold in made:
            hold.close()


def superuser_url(url: str) -> str:
    """The same database for whoever may lock, drop and switch off everything."""
    return url.replace("//app@", "//postgres@")
