"""Which days are settled: their numbers stand, and money that becomes known later belongs to a later day.

Statements of a production and currency follow one another, so all days up to the last settled one are settled, also
those before the first statement and between two: what is booked there could be in none. A statement settles its own
days when it closes, or earlier, when it is too late to revise it; the days before it when it is first published.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from royalties import policy
from royalties.models import Statement

SETTLED = (
    Statement.Status.CLOSING,
    Statement.Status.FINAL,
    Statement.Status.POSTED,
    Statement.Status.PAID,
)
#: The first open day, by production and currency; without one every day is open.
OpenFrom = dict[tuple[int, str], dt.date]
SETTLING_LOCK = 727005


def open_from(moment: dt.datetime | None = None) -> OpenFrom:
    """The first day that is not settled, by production and currency. One query.

    Within a transaction nothing is settled from now until its end, so that what is booked by
    this answer is there before a statement that is published or closes looks at the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SETTLING_LOCK])
    too_late = (moment or timezone.now()) - policy.NO_REVISION_AFTER
    days: OpenFrom = {}
    for row in Statement.objects.filter(status__in=(*SETTLED, Statement.Status.PUBLISHED)):
        is_revisable = row.is_open and (row.published_at is None or row.published_at >= too_late)
        day = row.first_day if is_revisable else row.last_day + dt.timedelta(days=1)
        key = row.production_id, row.currency
        days[key] = max(day, days.get(key, day))
    return days


def settle_alone() -> None:
    """Wait for everybody who books by what is settled, and keep the next ones waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SETTLING_LOCK])


def is_settled(days: OpenFrom, production: int, currency: str, day: dt.date) -> bool:
    """Whether a day of a production is settled in a currency."""
    return day < days.get((production, currency), dt.date.min)


def open_day(production: int, currency: str, day: dt.date, moment: dt.datetime) -> dt.date:
    """The day itself while it is open; else today, or the first open day after it."""
    days = open_from(moment)
    if not is_settled(days, production, currency, day):
        return day
    return max(moment.date(), days[production, currency])
