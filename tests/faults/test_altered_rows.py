"""A superuser changes one value of one row, with every trigger off: check_ledger names it within a minute."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

from royalties import checks
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
    ("royalties_payout", "status", "'dropped'"),
]


def change(thief: Any, chance: random.Random, table: str, column: str, value: str) -> tuple[int, Any]:
    """Change one row with triggers and keys off, and commit; the row and what stood there."""
    key = "account_id" if table == "royalties_balance" else "id"
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"SELECT {key} FROM {table} ORDER BY {key}")
        row = chance.choice(cursor.fetchall())[0]
        cursor.execute(f"SELECT {column} FROM {table} WHERE {key} = %s", [row])
        before = cursor.fetchone()[0]
        disabled(
            cursor, table, lambda: cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE {key} = %s", [row])
        )
    thief.commit()
    return row, before


def put_back(thief: Any, table: str, column: str, row: int, before: Any) -> None:
    key = "account_id" if table == "royalties_balance" else "id"
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        disabled(
            cursor, table, lambda: cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [before, row])
        )
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


def test_a_changed_row_is_named_within_a_minute(
    studio: Studio, thief: Any, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, slowest = random.Random(seed), 0.0
    studio.settled()
    studio.sent()
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
