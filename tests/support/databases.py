"""Databases for tests, with the two roles of production: `owner` has migrated, the tests run as `app`.

`db` (pytest-django's) rolls each test back. TRUNCATE is refused to `app`, so what must commit cannot be flushed away:
such a test takes `committed_db`, a fresh copy of the migrated database, which is dropped after it.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from hitrecord import addresses, env
from hitrecord.servers.postgres import wheel
from tests.support import kept, workers

TEMPLATE = "migrated"
DRAFT = "migrating"
MIGRATION_LOCK = 1


@dataclass
class Databases:
    """Makes copies of the migrated database, and points Django at one or another."""

    owner_url: str
    app_url: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def server(self) -> Iterator[Any]:
        """A cursor of the owner's, outside of any of the databases in question."""
        server = psycopg2.connect(addresses.with_database(self.owner_url, "postgres"))
        server.autocommit = True
        try:
            yield server.cursor()
        finally:
            server.close()

    def run(self, statement: str) -> None:
        """One statement by the owner."""
        with self.server() as cursor:
            cursor.execute(statement)

    def migrate(self) -> None:
        """Make the template, unless another worker has; while one is at it, the others wait."""
        with self.server() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if cursor.fetchone():
                return
            cursor.execute(f'DROP DATABASE IF EXISTS "{DRAFT}"')
            cursor.execute(f'CREATE DATABASE "{DRAFT}"')
            self.fill(addresses.with_database(self.owner_url, DRAFT))
            cursor.execute(f'ALTER DATABASE "{DRAFT}" RENAME TO "{TEMPLATE}"')

    def fill(self, url: str) -> None:
        """Migrate a database, or read in what PostgreSQL wrote down of one that the same migrations have made."""
        programs = wheel() / "bin"
        migrated = False

        def write(path: Path) -> None:
            nonlocal migrated
            with self.used(url):
                call_command("migrate", verbosity=0, interactive=False)
            subprocess.run([programs / "pg_dump", "--dbname", url, "--file", path], check=True)
            migrated = True

        written = kept.kept("migrated", of=kept.of_migrations(), make=write)
        if not migrated:
            read = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--file", written]
            subprocess.run([programs / "psql", "--dbname", url, *read], check=True, stdout=subprocess.DEVNULL)

    def make(self, stem: str) -> str:
        """A new database like the migrated one; its name, which no other worker uses."""
        name = f"{stem}_{workers.NAME}_{next(self.numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        return name

    @contextmanager
    def copy(self, stem: str) -> Iterator[str]:
        """The same, dropped in the end; yields its name."""
        name = self.make(stem)
        try:
            yield name
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Away with it, whoever is still connected."""
        deadline = time.monotonic() + 10
        while True:
            try:
                return self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            except psycopg2.errors.InsufficientPrivilege:
                # A connection of the site's role that was just closed takes a moment to end.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def url(self, name: str) -> str:
        """Its address for the site's role, for a process of its own."""
        return addresses.with_database(self.app_url, name)

    @contextmanager
    def used(self, url: str) -> Iterator[None]:
        """Point Django's connections, those of threads to come included, at another database."""
        before = dict(connection.settings_dict)
        connections.close_all()
        connection.settings_dict.update(addresses.django_database(url))
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict.update(before)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Use a copy of its own for a while; yields its name."""
        with self.copy("committed") as name, self.used(self.url(name)):
            yield name


@pytest.fixture(scope="session")
def databases(django_db_blocker: DjangoDbBlocker) -> Databases:
    """The migrated template, made once a run by the owner, as in production."""
    made = Databases(owner_url=env.text("DATABASE_OWNER_URL"), app_url=settings_url())
    with django_db_blocker.unblock():
        made.migrate()
    return made


def settings_url() -> str:
    """The app role's address, as bin/test has set it."""
    return env.text("DATABASE_URL")


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases) -> Iterator[None]:
    """The database of the tests that roll back, which goes with its server; pytest-django asks for it by name."""
    with databases.used(databases.url(databases.make("rolled_back"))):
        yield


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of the test's own where commits are real: for workers, threads, triggers, locks. Yields its name."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        raise pytest.UsageError(f"{request.node.nodeid}: take either db or committed_db, not both")
    cache.clear()
    with databases.fresh() as name, django_db_blocker.unblock():
        yield name
        connections.close_all()


@pytest.fixture
def any_db(request: pytest.FixtureRequest) -> None:
    """The database of this test: its own where it asked for one, else the one that rolls back."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> None:
    """No test sees what another has cached or counted."""
    if {"db", "committed_db", "client"} & set(request.fixturenames):
        cache.clear()


@contextmanager
def finishing() -> Iterator[None]:
    """Commit what the block has queued on commit, as it were, and run those tasks here and now."""
    from django.test import TestCase

    from hitrecord.celery import app

    eager = {"task_always_eager": True, "task_eager_propagates": True}
    before = {name: app.conf[name] for name in eager}
    app.conf.update(eager)
    try:
        if connection.in_atomic_block:
            with TestCase.captureOnCommitCallbacks(execute=True):
                yield
        else:
            yield
    finally:
        app.conf.update(before)


@pytest.fixture
def finish_jobs(any_db: None) -> Callable[[], AbstractContextManager[None]]:
    """`with finish_jobs():` commits what the block has queued on commit and runs those tasks here and now.

    The task's own code runs, in this process and this transaction; what a real worker does is tested with live_site.
    """
    return finishing


@pytest.fixture
def owner_connection(databases: Databases, any_db: None) -> Iterator[Any]:
    """The owner's own connection to this test's database, to try what even the owner may not do."""
    name = str(connection.settings_dict["NAME"])
    connected = psycopg2.connect(addresses.with_database(databases.owner_url, name))
    yield connected
    connected.close()
