"""Money and shares in templates: always with the currency, never through a float."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from profiles.templatetags.house import bps
from royalties.money import Money

register = template.Library()
HUNDREDTH = Decimal("0.01")


@register.filter
def money(amount_minor: int | None, currency: str) -> str:
    """1234 and "USD" become "$12.34" in the reader's language."""
    return Money(amount_minor or 0, currency).format(get_language() or "en")


@register.simple_tag
def share(part: int, whole: int) -> str:
    """A part of a whole as "14.0%"; what is more than nothing never looks like nothing."""
    return percent(part, whole)


@register.filter
def bps_of(row: Any) -> str:
    """The basis points of a row of a dated table, as a percentage."""
    return bps(row.share_bps if hasattr(row, "share_bps") else row.rate_bps)


def percent(part: int, whole: int, places: int = 1) -> str:
    """The words for a share; what is too small for its places has one more, and never looks like nothing."""
    exact = Decimal(part) * 100 / Decimal(whole) if whole else Decimal(0)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if exact > 0 and not rounded:
        rounded = exact.quantize(HUNDREDTH, ROUND_HALF_EVEN)
        if not rounded:
            return _("under 0.01%%") % ()
    return _("%(number)s%%") % {"number": localize(rounded)}
