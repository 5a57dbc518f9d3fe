"""What taking a report in costs: looking at it whole, and booking it, a row an entry of the ledger.

The longest part is the longest that anybody else who posts has to wait for the ledger's lock.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection

from profiles import actions as profiles
from profiles.models import Artist
from projects.models import Production, Project
from royalties import actions
from royalties.actions import reports
from royalties.models import Income, Intake, Mapping
from tests.bench.figures import Figure

ROWS = 100_000
HEADER = "date,item type,item name,currency,item total,transaction fee,bandcamp transaction id\n"


def measure(rows: int = ROWS) -> Iterator[Figure]:
    """One file of so many sales."""
    actor, title = somebody(), "Bench"
    content = (
        HEADER + "".join(f"8/15/26 1:45am,album,{title},USD,1.00,,{number}\n" for number in range(rows))
    ).encode()
    began = time.monotonic()
    intake = actions.take_report(actor=actor, mapping=Mapping.objects.get(name="Music shop"), name="b", content=content)
    if intake.status == Intake.Status.CHECKING:
        reports.check_waiting_report(intake_id=intake.pk)
    note = f"{len(content) / 1e6:.1f} MB"
    yield Figure(name="look_s", value=time.monotonic() - began, unit="s", most=60, note=note)
    actions.book_report(actor=actor, intake=intake)
    parts: list[float] = []
    began = time.monotonic()
    with connection.execute_wrapper(timer(parts)):
        actions.run_report(intake_id=intake.pk)
    whole = time.monotonic() - began
    assert Income.objects.count() == rows
    yield Figure(name="book_rows_per_s", value=rows / whole, unit="rows/s", note=f"{whole:.0f} s in all")
    yield Figure(name="lock_longest_s", value=max(parts), unit="s", most=5, note=f"{reports.PART} rows a part")
    second = time.monotonic()
    actions.run_report(intake_id=intake.pk)
    yield Figure(name="again_s", value=time.monotonic() - second, unit="s", most=1, note="a repeated delivery")


def timer(parts: list[float]) -> Any:
    """Notes how long each part holds the lock: from the query that takes it to the last of its part."""
    taken = [0.0]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if "pg_advisory_xact_lock" in sql and tuple(params or ()) == (727002,):
            taken[0] = time.monotonic()
            parts.append(0.0)
        elif taken[0] and parts:
            parts[-1] = time.monotonic() - taken[0]
        return result

    return wrapper


def somebody() -> Artist:
    """Staff, and a production to book for."""
    actor = Artist.objects.create_superuser(
        "bench@example.org", "correct horse battery", handle="bench", display_name="Bench"
    )
    profiles.grant_powers(actor=actor, artist=actor, powers=["finance"])
    project = Project.objects.create(artist=actor, title="Bench", slug="bench", kind="film")
    Production.objects.create(project=project, title="Bench")
    return actor
