"""Databases in which the film has come a certain way, made once a process: four hundred tests begin with one of them.

Only what rolls back begins in a scene. What commits makes its own way there, since it may want the messages that
were sent on that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.support.databases import Databases

NUMBERS_EACH = 10_000


@dataclass
class Scenes:
    """Makes each scene when the first test asks for it."""

    databases: Databases
    blocker: DjangoDbBlocker
    made: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def used(self, name: str, play: Callable[[], object]) -> Iterator[None]:
        """Point Django at the scene of that name, which `play` leads to."""
        with self.blocker.unblock():
            if name not in self.made:
                self.made[name] = self._after(play)
            with self.databases.used(self.databases.url(self.made[name])):
                yield

    def _after(self, play: Callable[[], object]) -> str:
        database = self.databases.make("scene")
        with self.databases.used(self.databases.url(database)), transaction.atomic():
            _begin_after((len(self.made) + 1) * NUMBERS_EACH)
            play()
            # As in a test that rolls back, nothing of it is sent on.
            connection.run_on_commit.clear()
        return database


def _begin_after(number: int) -> None:
    """Files lie in folders by the number of their row, in one place for all databases of the process.

    Every database begins at 1, and what is prepared in one sweeps its folder first: so each scene has numbers of its own.
    """
    with connection.cursor() as cursor:
        for table in ("contributions_version", "contributions_sourcefile"):
            cursor.execute(
                "SELECT max(nextval(pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s)", [table, number]
            )
