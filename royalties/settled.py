"""Which days are settled: their numbers stand, and money that becomes known later belongs to a later day.

A statement's days are settled when it closes, or earlier, when it is too late to revise it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from royalties import policy
from royalties.models import Statement

SETTLED = (
    Statement.Status.CLOSING,
    Statement.Status.FINAL,
    Statement.Status.POSTED,
    Statement.Status.PAID,
)
Periods = dict[tuple[int, str], list[Any]]
SETTLING_LOCK = 727005


def settled_periods(moment: dt.datetime | None = None) -> Periods:
    """Settled periods by production and currency. One query.

    Within a transaction nothing is settled from now until its end, so that what is booked by
    this answer is there before a statement that closes looks at the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SETTLING_LOCK])
    too_late = (moment or timezone.now()) - policy.NO_REVISION_AFTER
    is_late = Q(status=Statement.Status.PUBLISHED, published_at__lt=too_late)
    periods: Periods = {}
    for statement in Statement.objects.filter(Q(status__in=SETTLED) | is_late):
        periods.setdefault((statement.production_id, statement.currency), []).append(statement.period)
    return periods


def settle_alone() -> None:
    """Wait for everybody who books by what is settled, and keep the next ones waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SETTLING_LOCK])


def is_settled(periods: Periods, production: int, currency: str, day: dt.date) -> bool:
    """Whether a day of a production is settled in a currency."""
    return any(period.lower <= day < period.upper for period in periods.get((production, currency), ()))


def open_day(production: int, currency: str, day: dt.date, moment: dt.datetime) -> dt.date:
    """The day itself while it is open; else today, or the first open day after it."""
    periods, today = settled_periods(moment), moment.date()
    if not is_settled(periods, production, currency, day):
        return day
    ends: list[dt.date] = sorted(period.upper for period in periods[production, currency])
    days = [today, *(end for end in ends if end > today)]
    return next(moved for moved in days if not is_settled(periods, production, currency, moved))
