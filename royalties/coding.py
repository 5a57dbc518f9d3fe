"""A statement without names, for a panel that shall look at figures: "Payee 7", "Work 3"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from royalties import what_if
from royalties.explaining import Item
from royalties.models import Revision, WhatIf


def payee_names(revision: Revision) -> dict[str, str]:
    """Each payee's code in the revision, by the order of the table. One query."""
    return {code: payee_name(rank) for code, rank in revision.lines.values_list("payee__code", "rank")}


def payee_name(rank: int) -> str:
    return _("Payee %(number)d") % {"number": rank}


def rows(revision: Revision, most: int | None) -> list[dict[str, Any]]:
    """The table of shares, the largest first, at most so many. One query."""
    lines = revision.lines.order_by("rank").values_list("rank", "amount_minor")[:most]
    return [{"name": payee_name(rank), "amount": amount} for rank, amount in lines]


def coded_items(items: list[Item]) -> list[dict[str, Any]]:
    """The parts of one amount with works by number, in the order of what they earn."""
    numbers: dict[str, int] = {}
    for item in items:
        for work in (item.contribution, item.used):
            numbers.setdefault(work, len(numbers) + 1)
    return [
        {
            "item": item,
            "work": _("Work %(number)d") % {"number": numbers[item.contribution]},
            "used": _("Work %(number)d") % {"number": numbers[item.used]},
        }
        for item in items
    ]


def gains(row: WhatIf | None, names: dict[str, str]) -> list[dict[str, Any]]:
    """Who would gain and lose by the attached what-if."""
    if row is None or not row.result:
        return []
    return [
        {"name": names.get(gain.payee, _("Somebody without a share now")), "gain": gain}
        for gain in what_if.gains(row.revision.result["amounts"], row.result)
    ]
