"""Whoever takes money in takes turns, so that none counts what another is just writing."""

from __future__ import annotations

from django.db import connection

IMPORT_LOCK = 727002


def one_file_at_a_time() -> None:
    """Files wait for one another, and for who enters or takes back a single row, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
