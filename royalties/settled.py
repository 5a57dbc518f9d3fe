"""Which days are settled: from the closing of its statement on, the numbers of a period stand.

Money that becomes known later belongs to a later day, and so to a later statement.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from royalties.models import Statement

SETTLED = (
    Statement.Status.CLOSING,
    Statement.Status.FINAL,
    Statement.Status.POSTED,
    Statement.Status.PAID,
)
Periods = dict[tuple[int, str], list[Any]]


def settled_periods() -> Periods:
    """Settled periods by production and currency. One query."""
    periods: Periods = {}
    for statement in Statement.objects.filter(status__in=SETTLED):
        periods.setdefault((statement.production_id, statement.currency), []).append(statement.period)
    return periods


def is_settled(periods: Periods, production: int, currency: str, day: dt.date) -> bool:
    """Whether a day of a production is settled in a currency."""
    return any(period.lower <= day < period.upper for period in periods.get((production, currency), ()))


def open_day(production: int, currency: str, day: dt.date, today: dt.date) -> dt.date:
    """The day itself while it is open; else today, or the first open day after it."""
    periods = settled_periods()
    if not is_settled(periods, production, currency, day):
        return day
    ends: list[dt.date] = sorted(period.upper for period in periods[production, currency])
    days = [today, *(end for end in ends if end > today)]
    return next(moved for moved in days if not is_settled(periods, production, currency, moved))
