"""Which bills of suppliers are known by their numbers, the same to every door that takes them. Reading only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from royalties.models import Cost
from royalties.money import Money

AT_ONCE = 5_000


class Bill(NamedTuple):
    """What makes two bills of one number the same."""

    money: Money
    production: int
    supplier: str
    category: str
    day: dt.date


def bill_of(cost: Cost) -> Bill:
    return Bill(Money(cost.amount_minor, cost.currency), cost.production_id, cost.supplier, cost.category, cost.paid_on)


class KnownBills:
    """The costs that have some numbers. Few queries, whatever their number."""

    def __init__(self, invoices: Sequence[str]) -> None:
        self._rows = {
            row.invoice: row
            for begin in range(0, len(invoices), AT_ONCE)
            for row in Cost.objects.filter(invoice__in=invoices[begin : begin + AT_ONCE])
        }

    def knows(self, invoice: str, bill: Bill) -> bool:
        """Whether this very bill was entered before."""
        row = self._rows.get(invoice)
        return row is not None and bill_of(row) == bill

    def problem(self, invoice: str, bill: Bill) -> str | None:
        """Why a bill cannot have this number: it is another one's. Suppliers count alike, each for itself."""
        row = self._rows.get(invoice)
        if row is None or bill_of(row) == bill:
            return None
        return _(
            "invoice %(id)s is known with other figures: %(supplier)s, %(amount)s, %(day)s; "
            "if this is another bill, put its supplier’s name before its number"
        ) % {"id": invoice, "supplier": row.supplier, "amount": bill_of(row).money, "day": row.paid_on}


__all__ = ["Bill", "KnownBills", "bill_of"]
