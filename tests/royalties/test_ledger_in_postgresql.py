"""What PostgreSQL itself refuses of the ledger, as the site's role and as the owner of the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from pytest_django.plugin import DjangoDbBlocker

from hitrecord.addresses import with_database
from royalties import actions, checks
from tests.royalties.books import CREDIT, DEBIT, post_sale
from tests.support.databases import Databases

NOON = dt.datetime(2026, 5, 2, 12, tzinfo=dt.UTC)
CHANGES = {
    "royalties_account": "code = code",
    "royalties_journalentry": "kind = kind",
    "royalties_journalline": "amount_minor = amount_minor",
    "royalties_balance": "balance_minor = balance_minor",
    "royalties_checkpoint": "balance_minor = balance_minor",
    "royalties_ledgerhead": "hash = hash",
    "royalties_ledgercheck": "breach_count = 0",
}
TABLES = sorted(CHANGES)
# Every other table that only grows.
ALSO_KEPT = sorted({*checks.APPEND_ONLY} - {*CHANGES})


@pytest.fixture(scope="module")
def posted_db(django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with two entries in it, for all the tests that can change nothing."""
    with databases.copy("posted") as name:
        with django_db_blocker.unblock(), databases.used(databases.url(name)):
            post_sale("one")
            post_sale("two")
            actions.publish_head(now=NOON)
            actions.close_months(now=NOON)
            actions.run_nightly_check(now=NOON)
        yield name


@pytest.fixture
def app(posted_db: str, databases: Databases) -> Iterator[Any]:
    """A plain connection by the site's own role."""
    plain = psycopg2.connect(databases.url(posted_db))
    yield plain
    plain.close()


@pytest.fixture
def owner(posted_db: str, databases: Databases) -> Iterator[Any]:
    """A plain connection by the role that the tables belong to."""
    plain = psycopg2.connect(with_database(databases.owner_url, posted_db))
    yield plain
    plain.close()


@pytest.fixture(params=["app", "owner"])
def raw(request: pytest.FixtureRequest) -> Any:
    """A plain connection by each of the two roles."""
    return request.getfixturevalue(request.param)


def run(raw: Any, statements: tuple[str, ...]) -> None:
    with raw, raw.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def refused(raw: Any, *statements: str) -> str:
    """Run statements in one transaction; return why PostgreSQL refused them or their commit."""
    with pytest.raises(psycopg2.Error) as caught:
        run(raw, statements)
    return str(caught.value)


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_update(raw: Any, table: str) -> None:
    why = refused(raw, f"UPDATE {table} SET {CHANGES[table]}")
    assert "append-only" in why or "permission denied" in why or "ledger_post alone" in why


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_delete(raw: Any, table: str) -> None:
    why = refused(raw, f"DELETE FROM {table}")
    assert "append-only" in why or "permission denied" in why or "ledger_post alone" in why


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_truncate(raw: Any, table: str) -> None:
    why = refused(raw, f"TRUNCATE {table} CASCADE")
    assert "append-only" in why or "permission denied" in why or "ledger_post alone" in why


@pytest.mark.parametrize("table", ALSO_KEPT)
def test_postgresql_refuses_the_site_s_role_and_the_owner_alike(raw: Any, table: str) -> None:
    why = refused(raw, f"TRUNCATE {table} CASCADE")
    assert "append-only" in why or "permission denied" in why


@pytest.mark.parametrize("table", ALSO_KEPT)
def test_the_site_s_role_has_no_right_to_change_what_only_grows(app: Any, table: str) -> None:
    for right in ("UPDATE", "DELETE", "TRUNCATE"):
        with app, app.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('app', %s, %s)", [table, right])
            assert cursor.fetchone() == (False,)


ENTRY = """
    INSERT INTO royalties_journalentry (id, n_lines, kind, idempotency_key, request_sha256, effective_on, posted_at,
        source, previous_hash, hash)
    SELECT 3, 2, 'raw', 'raw:3', repeat('0', 64), '2026-01-01', '2026-01-01 00:00:00Z', '{}', hash, repeat('f', 64)
    FROM royalties_journalentry WHERE id = 2
"""
LATE_LINE = """
    INSERT INTO royalties_journalline (entry_id, line_no, account_id, currency, amount_minor)
    SELECT 2, 3, account_id, currency, 5 FROM royalties_journalline WHERE entry_id = 2 AND line_no = 1
"""
BALANCE = "INSERT INTO royalties_balance SELECT id, 5, 1 FROM royalties_account WHERE code = 'bank:USD'"


@pytest.mark.parametrize("by_hand", [ENTRY, LATE_LINE, BALANCE])
def test_postgresql_refuses_what_is_written_by_hand(raw: Any, by_hand: str) -> None:
    why = refused(raw, by_hand)
    assert "permission denied" in why or "comes through ledger_post alone: INSERT refused" in why


def test_postgresql_refuses_a_key_twice_even_behind_the_door(owner: Any) -> None:
    assert "entry_key_once" in refused(owner, "SET LOCAL ledger.door = 'open'", ENTRY.replace("raw:3", "one"))


def test_postgresql_refuses_an_account_whose_code_has_another_currency(raw: Any) -> None:
    for code, currency in (("bank:USD", "EUR"), ("bank:usd", "usd"), ("bank", "USD"), ("bank :USD", "USD")):
        why = refused(
            raw,
            "INSERT INTO royalties_account (code, kind, currency, opened_at) "
            f"VALUES ('{code}', 'asset', '{currency}', now())",
        )
        assert "account_" in why


@pytest.mark.parametrize("table", TABLES)
def test_the_site_s_role_cannot_switch_a_trigger_off(app: Any, table: str) -> None:
    assert "must be owner" in refused(app, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert "must be owner" in refused(app, f"DROP TABLE {table} CASCADE")
    assert "permission denied" in refused(app, "SET session_replication_role = replica")


def test_triggers_fire_even_in_a_replica_session_of_the_superuser(app: Any) -> None:
    superuser = psycopg2.connect(**{**app.get_dsn_parameters(), "user": "postgres"})
    change = "UPDATE royalties_journalline SET amount_minor = 1"
    assert "append-only" in refused(superuser, "SET session_replication_role = replica", change)
    superuser.close()


# --- the site's role has one door ---


def door_sql(codes: str, amounts: str, *, key: str = "raw:3", source: str = "{}") -> str:
    return (
        f"SELECT ledger_post('raw', '{key}', repeat('0', 64), '2026-01-01', '{source}', NULL, "
        f"'{{{codes}}}', '{{{amounts}}}')"
    )


def test_the_site_s_role_has_no_way_in_but_the_door(app: Any) -> None:
    for by_hand in (ENTRY, LATE_LINE, BALANCE):
        assert "permission denied" in refused(app, by_hand)
        assert "permission denied" in refused(app, "SET ledger.door = 'open'", by_hand)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (door_sql(f"{DEBIT},{CREDIT}", "500,-499"), "entry 3 is out of balance by 1 USD"),
        (door_sql(DEBIT, "500"), "out of balance by 500 USD"),
        (door_sql(f"{DEBIT},{CREDIT}", "0,0"), "line_amount_bounded"),
        (door_sql(f"{DEBIT},{CREDIT}", f"{10**15 + 1},{-(10**15) - 1}"), "line_amount_bounded"),
        (door_sql(f"{DEBIT},{CREDIT}", "5,-5", key="a b"), "are not as they are written"),
        (door_sql(f"{DEBIT},{CREDIT}", "5,-5", source="[]"), "are not as they are written"),
        (door_sql(f"{DEBIT},{CREDIT}", "5,-5", source="{"), "invalid input syntax for type json"),
        (door_sql("", ""), "entry_two_lines"),
    ],
)
def test_the_door_refuses_an_entry_that_is_not_right(raw: Any, sql: str, why: str) -> None:
    assert why in refused(raw, sql)


def test_what_came_through_the_door_is_whole(app: Any) -> None:
    with app.cursor() as cursor:
        cursor.execute(door_sql(f"{DEBIT},{CREDIT}", "500,-500"))
        number, previous, own_hash = cursor.fetchone()[0].split()[:3]
        cursor.execute("SELECT hash FROM royalties_journalentry WHERE id = 2")
        assert cursor.fetchone() == (previous,)
        cursor.execute("SELECT ledger_seal(entry) FROM royalties_journalentry entry WHERE id = %s", [number])
        assert cursor.fetchone() == (own_hash,)
        cursor.execute("SELECT current_setting('ledger.door', true)")
        assert cursor.fetchone() == ("",)
    app.rollback()


def test_the_door_moves_an_account_that_stands_twice_once(app: Any) -> None:
    with app.cursor() as cursor:
        cursor.execute(
            "SELECT sum(balance_minor) FROM royalties_balance JOIN royalties_account ON id = account_id "
            "WHERE code = %s",
            [DEBIT],
        )
        before = cursor.fetchone()[0]
        cursor.execute(door_sql(f"{DEBIT},{CREDIT},{DEBIT}", "300,-500,200"))
        number = int(cursor.fetchone()[0].split()[0])
        cursor.execute(
            "SELECT line_no, amount_minor FROM royalties_journalline WHERE entry_id = %s ORDER BY 1", [number]
        )
        assert cursor.fetchall() == [(1, 300), (2, -500), (3, 200)]
        cursor.execute(
            "SELECT balance_minor - %s, last_entry_id FROM royalties_balance JOIN royalties_account "
            "ON id = account_id WHERE code = %s",
            [before, DEBIT],
        )
        assert cursor.fetchone() == (500, number)
    app.rollback()


def test_the_door_writes_nothing_where_an_account_is_missing(app: Any) -> None:
    with app.cursor() as cursor:
        cursor.execute(door_sql(f"{DEBIT},revenue:pr9:shop:USD", "5,-5"))
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT max(id) FROM royalties_journalentry")
        assert cursor.fetchone() == (2,)
    app.rollback()


def test_a_head_that_is_not_the_ledger_s_is_refused(raw: Any) -> None:
    false = "INSERT INTO royalties_ledgerhead (day, last_entry, hash, published_at)"
    assert "does not have the hash" in refused(raw, f"{false} VALUES ('2026-06-01', 2, repeat('a', 64), now())")
    assert "does not have the hash" in refused(raw, f"{false} VALUES ('2026-06-01', 9, repeat('0', 64), now())")
