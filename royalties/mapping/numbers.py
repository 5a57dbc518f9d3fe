"""Amounts and days as people and programs write them, read exactly. Pure but for the words."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from fractions import Fraction

from django.utils.translation import gettext as _

from royalties import days


class CellRefused(ValueError):
    """One row cannot be taken; the message says why."""


def number_in(text: str, decimal: str, grouping: str) -> Fraction:
    """An exact number as people and programs write it, or CellRefused.

    Understood: "1,234.50", "(12.00)" and "12.00-" as negative, a currency sign in front or behind.
    Not: a formula, "1.2E+05", a mark where the mapping has none, groups that are not of three.
    """
    plain = text.strip().replace("\xa0", " ").replace("\u202f", " ")
    if plain.startswith(("=", "@")):
        raise CellRefused(_("%(text)s is a formula, not an amount") % {"text": repr(text)})
    found = re.fullmatch(r"(\(?)\s*([-−]?)\s*[$€£¥]?\s*([-−]?)([0-9].*?)\s*[$€£¥]?\s*(-?)\s*(\)?)", plain)
    if not found or (found[1] == "(") != (found[6] == ")"):
        raise CellRefused(_("%(text)s is not an amount") % {"text": repr(text)})
    minus = sum(bool(sign) for sign in (found[1], found[2], found[3], found[5]))
    whole, mark, part = found[4].partition(decimal)
    groups = whole.split(grouping) if grouping else [whole]
    right = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    digits = "".join(groups) + part
    if minus > 1 or not right or not digits.isascii() or not digits.isdecimal() or len(digits) > 24:
        raise CellRefused(
            _("%(text)s is not an amount with “%(decimal)s” before its decimals and “%(grouping)s” at its thousands")
            % {"text": repr(text), "decimal": decimal, "grouping": grouping or _("nothing")}
        )
    if mark and not part:
        raise CellRefused(_("%(text)s is not an amount") % {"text": repr(text)})
    value = Fraction(int(digits), 10 ** len(part))
    return -value if minus else value


def reads_days(pattern: str) -> bool:
    """Whether a day that is written by this pattern is read by it, with its year."""
    day = dt.datetime(2026, 9, 30, 13, 45, 6, tzinfo=dt.UTC)
    try:
        read = dt.datetime.strptime(day.strftime(pattern), pattern)  # noqa: DTZ007  # a report's day has no zone
    except (ValueError, re.error):
        return False
    return read.year == day.year


def day_in(text: str, pattern: str) -> dt.date:
    """A day; where the pattern has none, as for months, the last of the month."""
    try:
        day = dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a report's day has no zone
    # What a pattern names twice is an error of the regular expression that Python makes of it.
    except (ValueError, re.error) as problem:
        raise CellRefused(
            _("%(text)s is not a day like %(example)s")
            % {"text": repr(text), "example": dt.date(2026, 9, 30).strftime(pattern)}
        ) from problem
    if days.problem_of(day) is not None:
        raise CellRefused(_("%(text)s is not a day of this century") % {"text": repr(text)})
    if "%d" in pattern or "%j" in pattern or pattern in {"%x", "%D"}:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
