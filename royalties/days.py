"""Which days the books know, the same at every door: a slip of the pen is refused, since what is booked stays for ever."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def problem_of(day: dt.date) -> str | None:
    """Why nothing can be booked for a day; None where it can."""
    if FIRST <= day <= LAST:
        return None
    return _("%(day)s is no day of the books, which go from %(first)s to %(last)s") % {
        "day": day.isoformat(),
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
    }
