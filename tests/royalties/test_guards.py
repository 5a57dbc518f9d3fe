"""Whether the database still refuses what it promised to: every trigger, and every way the site's role could get round it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from royalties import checks
from royalties.checks import promises
from tests.support.databases import Databases


@pytest.fixture
def superuser(
    django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker, guarded_db: str
) -> Iterator[Any]:
    """Somebody who can grant anything; what they did is rolled back in the end."""
    url = databases.url(guarded_db).replace("//app@", "//postgres@")
    with django_db_blocker.unblock(), databases.used(url), transaction.atomic():
        with connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def guarded_db(django_db_setup: None, databases: Databases) -> Iterator[str]:
    with databases.copy("guarded") as name:
        yield name


def said(check: str) -> list[str]:
    (outcome,) = checks.outcomes([check])
    return outcome.breaches


def test_the_list_of_promises_is_what_the_migrations_have_made(superuser: Any) -> None:
    superuser.execute("""
        SELECT relname, tgname, tgenabled::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal
    """)
    found = superuser.fetchall()
    kept = {table for table, name, _enabled in found if name == "append_only_rows"}
    assert kept == {*promises.APPEND_ONLY}, "whatever is append only stands in the list"
    wanted = {(table, name, "A") for table, names in promises.TRIGGERS.items() for name in names}
    wanted |= {(table, name, "O") for table, names in promises.USUAL.items() for name in names}
    assert {row for row in found if row[0] in kept or row[0].startswith("royalties_")} == wanted


def test_a_trigger_that_is_off_or_gone_is_named(superuser: Any) -> None:
    assert said("triggers") == []
    for table in promises.TABLES:
        for name in sorted(promises.TRIGGERS.get(table, set()) | promises.USUAL.get(table, set())):
            always = " always" if name in promises.TRIGGERS.get(table, ()) else ""
            for change in (
                f"ALTER TABLE {table} DISABLE TRIGGER {name}",
                f"DROP TRIGGER {name} ON {table}",
                *([f"ALTER TABLE {table} ENABLE TRIGGER {name}"] if always else ()),
            ):
                superuser.execute("SAVEPOINT honest")
                superuser.execute(change)
                assert said("triggers") == [f"trigger {name} on {table} is missing or not enabled{always}"]
                superuser.execute("ROLLBACK TO honest")


@pytest.mark.parametrize("table", ["royalties_journalline", "royalties_income", "royalties_import", "profiles_event"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER"])
def test_a_right_too_many_is_named(superuser: Any, table: str, right: str) -> None:
    assert said("privileges") == []
    superuser.execute(f"GRANT {right} ON {table} TO app")
    assert said("privileges") == [f"role app may {right} on {table}"]


@pytest.mark.parametrize(
    ("right", "column", "table"),
    [
        ("UPDATE", "amount_minor", "royalties_income"),
        ("UPDATE", "sha256", "royalties_payoutreport"),
        ("UPDATE", "hash", "royalties_journalentry"),
        ("INSERT", "balance_minor", "royalties_balance"),
    ],
)
def test_a_right_to_one_column_is_named(superuser: Any, right: str, column: str, table: str) -> None:
    superuser.execute(f"GRANT {right} ({column}) ON {table} TO app")
    assert said("privileges") == [f"role app may {right} the column {column} of {table}"]


@pytest.mark.parametrize("table", ["royalties_journalentry", "royalties_income", "royalties_payout"])
def test_a_table_that_the_site_owns_is_named_and_so_is_every_other_right(superuser: Any, table: str) -> None:
    superuser.execute(f"ALTER TABLE {table} OWNER TO app")
    superuser.execute("GRANT DELETE ON royalties_revision TO app")
    assert said("privileges") == [f"role app owns {table}", "role app may DELETE on royalties_revision"]


def test_who_may_act_as_the_owner_owns_everything(superuser: Any) -> None:
    superuser.execute("GRANT owner TO app")
    found = said("privileges")
    assert {f"role app owns {table}, as a member of owner" for table in promises.TABLES} <= set(found)


def test_a_function_of_a_trigger_that_the_site_owns_is_named(superuser: Any) -> None:
    superuser.execute("ALTER FUNCTION forbid_change() OWNER TO app")
    (words,) = said("privileges")
    assert words.startswith("role app owns the function forbid_change that keeps ")


def test_where_one_role_does_everything_there_is_nothing_to_compare(superuser: Any, settings: Any) -> None:
    settings.DATABASE_APP_ROLE = "owner"
    assert said("privileges") == []
