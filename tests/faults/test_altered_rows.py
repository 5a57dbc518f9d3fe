"""A superuser changes one value of one row, with every trigger off: check_ledger names it within a minute."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connections
from psycopg2 import IntegrityError

from royalties import actions, checks
from royalties.models import Payout
from tests.faults.invariants import breaches
from tests.faults.studio import Studio
from tests.soak.chance import tell

SECONDS = 60
#: Where a change must be noticed: table, column, another value, and which row's words name it.
CHANGES = [
    ("royalties_journalentry", "kind", "'other'"),
    ("royalties_journalentry", "idempotency_key", "'another:key'"),
    ("royalties_journalentry", "effective_on", "effective_on + 1"),
    ("royalties_journalentry", "posted_at", "posted_at + interval '1 second'"),
    ("royalties_journalentry", "source", "'{}'"),
    ("royalties_journalentry", "request_sha256", "repeat('a', 64)"),
    ("royalties_journalentry", "previous_hash", "repeat('b', 64)"),
    ("royalties_journalentry", "hash", "repeat('c', 64)"),
    ("royalties_journalentry", "n_lines", "n_lines + 1"),
    ("royalties_journalline", "amount_minor", "amount_minor + 1"),
    ("royalties_journalline", "account_id", "(SELECT max(id) FROM royalties_account WHERE id <> account_id)"),
    ("royalties_journalline", "currency", "'EUR'"),
    ("royalties_balance", "balance_minor", "balance_minor - 1"),
    ("royalties_account", "kind", "CASE kind WHEN 'asset' THEN 'equity' ELSE 'asset' END"),
    ("royalties_account", "code", "'x' || code"),
    ("royalties_revision", "input_bytes", "input_bytes || ' '::bytea"),
    ("royalties_revision", "result_bytes", "result_bytes || ' '::bytea"),
    ("royalties_revision", "input_sha256", "repeat('d', 64)"),
    ("royalties_revision", "result_sha256", "repeat('e', 64)"),
    ("royalties_revision", "pool_minor", "pool_minor + 1"),
    ("royalties_payout", "amount_minor", "amount_minor * 3"),
    *(("royalties_payout", "status", f"'{status}'") for status in Payout.Status.values),
    ("royalties_payout", "currency", "'EUR'"),
    ("royalties_batch", "status", "'prepared'"),
    ("royalties_batch", "status", "'dropped'"),
]
#: Which rows alone: a payout that waits or was dropped is a proposal, in no ledger; submitting reckons it anew.
LEFT = "status NOT IN ('pending', 'dropped')"
AMONG = {("royalties_payout", "amount_minor"): LEFT, ("royalties_payout", "currency"): LEFT}


def change(thief: Any, chance: random.Random, table: str, column: str, value: str) -> tuple[int, Any]:
    """Change one row with triggers and keys off, and commit; the row and what stood there.

    A row that has the value already is not changed by it, and some the database refuses to whoever asks: a CHECK and
    a unique index cannot be switched off. Then it is another row.
    """
    key = key_of(table)
    changed = f"{column} IS DISTINCT FROM {value} AND {AMONG.get((table, column), 'true')}"
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {changed} ORDER BY {key}")
        rows = cursor.fetchall()
        thief.commit()
        for row, before in chance.sample(rows, len(rows)):
            sql = f"UPDATE {table} SET {column} = {value} WHERE {key} = %s"
            try:
                disabled(cursor, table, partial(cursor.execute, sql, [row]))
            except IntegrityError:
                thief.rollback()
                continue
            thief.commit()
            return row, before
    raise AssertionError(f"no row of {table} can have {value} as its {column}")


def key_of(table: str) -> str:
    return "account_id" if table == "royalties_balance" else "id"


def put_back(thief: Any, table: str, column: str, row: int, before: Any) -> None:
    sql = f"UPDATE {table} SET {column} = %s WHERE {key_of(table)} = %s"
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        disabled(cursor, table, partial(cursor.execute, sql, [before, row]))
    thief.commit()


def disabled(cursor: Any, table: str, act: Callable[[], None]) -> None:
    """Even what fires always is off for a moment, and on again afterwards, as a thief would do it."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'A'", [table]
    )
    always = [name for (name,) in cursor.fetchall()]
    for name in always:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    act()
    for name in always:
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def named() -> list[str]:
    """What check_ledger says."""
    return [f"{name}: {row}" for name, rows in checks.run_checks() for row in rows]


def a_payout_in_each_state(studio: Studio) -> None:
    """Settled, returned, failed, dropped, sent and waiting, so that each of them can be called another."""
    actions.drop_batch(actor=studio.erin, batch=studio.prepared())
    arrived, _other = studio.settled()
    actions.return_payout(actor=studio.dana, payout=arrived, reason="Closed")
    failed, _other = studio.sent()
    actions.fail_payout(actor=studio.dana, payout=failed, reason="Closed")
    actions.batch_payouts(actor=studio.erin, currency="USD")
    assert {*Payout.objects.values_list("status", flat=True)} == {*Payout.Status.values}


def test_a_changed_row_is_named_within_a_minute(
    studio: Studio, thief: Any, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, slowest = random.Random(seed), 0.0
    a_payout_in_each_state(studio)
    assert breaches() == []
    for table, column, value in CHANGES * size(1, 20):
        row, before = change(thief, chance, table, column, value)
        began = time.monotonic()
        found = named()
        slowest = max(slowest, time.monotonic() - began)
        put_back(thief, table, column, row, before)
        assert found, f"nobody notices {table}.{column} of row {row}"
        assert slowest < SECONDS
    connections.close_all()
    assert breaches() == []
    tell(f"{len(CHANGES) * size(1, 20)} rows changed, named within {slowest:.2f} s")
