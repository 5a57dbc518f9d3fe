"""What PostgreSQL itself refuses of the ledger, as the site's role and as the owner of the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from pytest_django.plugin import DjangoDbBlocker

from hitrecord.addresses import with_database
from royalties import actions, checks, ledger
from royalties.models import JournalEntry
from royalties.postings import Line
from tests.royalties.books import CREDIT, DEBIT, post_sale
from tests.support.databases import Databases

NOON = dt.datetime(2026, 5, 2, 12, tzinfo=dt.UTC)
TABLES = sorted(checks.TRIGGERS)
CHANGES = {
    "royalties_account": "code = code",
    "royalties_journalentry": "kind = kind",
    "royalties_journalline": "amount_minor = amount_minor",
    "royalties_balance": "balance_minor = balance_minor",
    "royalties_checkpoint": "balance_minor = balance_minor",
    "royalties_ledgerhead": "hash = hash",
    "royalties_ledgercheck": "breach_count = 0",
}
# Every other table of money that only grows.
ALSO_KEPT = (
    "import",
    "income",
    "waiver",
    "revision",
    "publication",
    "statementline",
    "allocationline",
    "answer",
    "statementacceptance",
)


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
    assert "append-only" in why or "permission denied" in why or "moves only with its lines" in why


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_delete(raw: Any, table: str) -> None:
    why = refused(raw, f"DELETE FROM {table}")
    assert "append-only" in why or "permission denied" in why or "moves only with its lines" in why


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_truncate(raw: Any, table: str) -> None:
    why = refused(raw, f"TRUNCATE {table} CASCADE")
    assert "append-only" in why or "permission denied" in why or "moves only with its lines" in why


@pytest.mark.parametrize("table", ALSO_KEPT)
def test_postgresql_refuses_the_site_s_role_and_the_owner_alike(raw: Any, table: str) -> None:
    why = refused(raw, f"TRUNCATE royalties_{table} CASCADE")
    assert "append-only" in why or "permission denied" in why


@pytest.mark.parametrize("table", ALSO_KEPT)
def test_the_site_s_role_has_no_right_to_change_what_only_grows(app: Any, table: str) -> None:
    for right in ("UPDATE", "DELETE", "TRUNCATE"):
        with app, app.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('app', %s, %s)", [f"royalties_{table}", right])
            assert cursor.fetchone() == (False,)


def entry_sql(number: int = 3, n_lines: int = 2, previous: str = "", own_hash: str = "f" * 64) -> str:
    before = f"'{previous}'" if previous else f"(SELECT hash FROM royalties_journalentry WHERE id = {number - 1})"
    return f"""
        INSERT INTO royalties_journalentry (id, n_lines, kind, idempotency_key, request_sha256, effective_on,
            posted_at, source, previous_hash, hash)
        VALUES ({number}, {n_lines}, 'raw', 'raw:{number}', repeat('0', 64), '2026-01-01',
            '2026-01-01 00:00:00Z', '{{}}', coalesce({before}, repeat('0', 64)), '{own_hash}')
    """


def line_sql(number: int, code: str, amount: int, *, entry: int = 3, n_lines: int = 2, currency: str = "USD") -> str:
    return f"""
        INSERT INTO royalties_journalline (entry_id, line_no, n_lines, account_id, currency, amount_minor)
        SELECT {entry}, {number}, {n_lines}, id, '{currency}', {amount} FROM royalties_account WHERE code = '{code}'
    """


def test_postgresql_refuses_an_unbalanced_entry(owner: Any) -> None:
    why = refused(owner, entry_sql(), line_sql(1, DEBIT, 500), line_sql(2, CREDIT, -499))
    assert "entry 3 is out of balance by 1 USD" in why


def test_postgresql_refuses_an_entry_with_a_line_missing(owner: Any) -> None:
    assert "entry 3 declares 2 lines and has 1" in refused(owner, entry_sql(), line_sql(1, DEBIT, 500))
    assert "entry 3 declares 2 lines and has 0" in refused(owner, entry_sql())


def test_postgresql_refuses_an_entry_of_one_line(owner: Any) -> None:
    assert "entry_two_lines" in refused(owner, entry_sql(n_lines=1))


def test_postgresql_refuses_a_late_line(owner: Any) -> None:
    for number in (0, 3):
        assert "line_number_declared" in refused(owner, line_sql(number, DEBIT, 5, entry=2))
    assert "line_number_once" in refused(owner, line_sql(2, DEBIT, 5, entry=2))
    assert "line_of_whole_entry" in refused(owner, line_sql(3, DEBIT, 5, entry=2, n_lines=3))


def test_postgresql_refuses_a_line_after_the_check_was_forced_early(owner: Any) -> None:
    with owner.cursor() as cursor:
        cursor.execute("SELECT hash FROM royalties_journalentry WHERE id = 2")
        previous = cursor.fetchone()[0]
    entry = JournalEntry(
        id=3,
        kind="raw",
        idempotency_key="raw:3",
        effective_on=dt.date(2026, 1, 1),
        posted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="{}",
        previous_hash=previous,
    )
    own_hash = ledger.seal(entry, [Line(DEBIT, 500), Line(CREDIT, -500)])
    whole = [entry_sql(own_hash=own_hash), line_sql(1, DEBIT, 500), line_sql(2, CREDIT, -500)]
    late = ["SET CONSTRAINTS ALL IMMEDIATE", line_sql(3, DEBIT, 5, n_lines=3)]
    assert "line_of_whole_entry" in refused(owner, *whole, *late)


def test_postgresql_refuses_a_line_in_another_currency_than_its_account(owner: Any) -> None:
    why = refused(owner, entry_sql(), line_sql(1, DEBIT, 500, currency="EUR"))
    assert "line_in_account_currency" in why


@pytest.mark.parametrize("amount", [0, 10**15 + 1, -(10**15) - 1])
def test_postgresql_refuses_an_amount_of_nothing_or_too_much(owner: Any, amount: int) -> None:
    assert "line_amount_bounded" in refused(owner, entry_sql(), line_sql(1, DEBIT, amount))


@pytest.mark.parametrize("number", [2, 4, 0, -1])
def test_postgresql_refuses_a_number_out_of_order(owner: Any, number: int) -> None:
    assert "does not follow entry 2" in refused(owner, entry_sql(number))


def test_postgresql_refuses_a_broken_chain_and_a_false_hash(owner: Any) -> None:
    assert "does not carry the hash of the one before" in refused(owner, entry_sql(previous="a" * 64))
    why = refused(owner, entry_sql(), line_sql(1, DEBIT, 500), line_sql(2, CREDIT, -500))
    assert "does not have the hash of its content" in why


def test_postgresql_refuses_a_key_twice(owner: Any) -> None:
    assert "idempotency_key" in refused(owner, entry_sql().replace("raw:3", "one"))


def test_postgresql_refuses_a_balance_written_by_hand(raw: Any) -> None:
    why = refused(
        raw,
        "INSERT INTO royalties_account (code, kind, currency, opened_at) VALUES ('bank:USD', 'asset', 'USD', now())",
        "INSERT INTO royalties_balance SELECT id, 5, 1 FROM royalties_account WHERE code = 'bank:USD'",
    )
    assert "permission denied" in why or "moves only with its lines" in why


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
    assert "permission denied" in refused(app, entry_sql())
    assert "permission denied" in refused(app, line_sql(1, DEBIT, 5, entry=2))
    assert "permission denied" in refused(app, "SET ledger.door = 'open'", entry_sql())


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (door_sql(f"{DEBIT},{CREDIT}", "500,-499"), "entry 3 is out of balance by 1 USD"),
        (door_sql(DEBIT, "500"), "out of balance by 500 USD"),
        (door_sql(f"{DEBIT},{CREDIT}", "0,0"), "line_amount_bounded"),
        (door_sql(f"{DEBIT},{CREDIT}", f"{10**15 + 1},{-(10**15) - 1}"), "line_amount_bounded"),
        (door_sql(f"{DEBIT},{CREDIT}", "5,-5", key="a b"), "entry_plain_words"),
        (door_sql(f"{DEBIT},{CREDIT}", "5,-5", source="[]"), "entry_source_is_object"),
        (door_sql("", ""), "entry_two_lines"),
    ],
)
def test_the_door_refuses_too(app: Any, sql: str, why: str) -> None:
    assert why in refused(app, sql)


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


def test_a_head_that_is_not_the_ledger_s_is_refused(raw: Any) -> None:
    false = "INSERT INTO royalties_ledgerhead (day, last_entry, hash, published_at)"
    assert "does not have the hash" in refused(raw, f"{false} VALUES ('2026-06-01', 2, repeat('a', 64), now())")
    assert "does not have the hash" in refused(raw, f"{false} VALUES ('2026-06-01', 9, repeat('0', 64), now())")
