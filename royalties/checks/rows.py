"""Reading many rows with little memory, for checks that go over whole tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

BATCH = 5000


def rows(sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Read in batches from a cursor of the server's, so that millions of rows need little memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters or None)
        while batch := cursor.fetchmany(BATCH):
            yield from batch


def listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
