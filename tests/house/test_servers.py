"""The embedded servers and the two roles, on the very servers that bin/test has started."""

import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tests.support.sites import eventually


def test_the_site_may_write_rows_and_nothing_else(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (1,)
        for statement in (
            "TRUNCATE django_session",
            "ALTER TABLE django_session DISABLE TRIGGER ALL",
            "DROP TABLE django_session",
            "CREATE TABLE mine (id int)",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(statement)


def test_what_a_committed_test_writes_is_gone_with_its_database(committed_db: str) -> None:
    assert connection.settings_dict["NAME"] == committed_db
    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('kept', 'data', now())")


def test_the_next_committed_test_starts_clean(committed_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_the_owner_has_the_tables_but_is_no_superuser(
    db: None, owner_connection: psycopg2.extensions.connection
) -> None:
    with owner_connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, True)
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'django_migrations'")
        assert cursor.fetchone() == ("owner",)


def test_a_run_that_is_killed_outright_leaves_nothing_running() -> None:
    script = "import os, time; print(os.environ['VAR_DIR'], flush=True); time.sleep(600)"
    command = [sys.executable, "-m", "hitrecord.servers", "private", "--", sys.executable, "-c", script]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    folder = str(Path(run.stdout.readline().strip()).parent)
    # PostgreSQL, Valkey and the command itself, which has its folder from the environment.
    assert len(processes_of(folder)) >= 3
    run.kill()
    run.wait()
    run.stdout.close()
    eventually(lambda: not processes_of(folder), what="the end of its servers")
    shutil.rmtree(folder)


def processes_of(folder: str) -> list[int]:
    """Whoever has the folder in its command line or in its environment, and is not us."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
        except OSError:
            continue
        if folder.encode() in words:
            found.append(int(path.name))
    return found
