"""Who must not overlook what another is just writing takes turns: money in, and what shows two accounts of one person."""

from __future__ import annotations

from django.db import connection

IMPORT_LOCK = 727002
LIKENESS_LOCK = 727006


def one_file_at_a_time() -> None:
    """Files wait for one another, and for who enters or takes back a single row, until the transaction ends."""
    _take_turn(IMPORT_LOCK)


def one_likeness_at_a_time() -> None:
    """Tax forms and confirmed destinations wait for one another, so that of two that are alike the second sees the first.

    Taken before any row is held.
    """
    _take_turn(LIKENESS_LOCK)


def _take_turn(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
