"""Which bills of suppliers and which incomes are known by their numbers, the same to every door. Reading only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from royalties.models import Cost, Income
from royalties.money import Money

AT_ONCE = 5_000
#: Provider, transaction and kind, which an income has alone.
Number = tuple[str, str, str]


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
    """The costs that have some numbers. Few queries, whatever their number.

    One that was dropped has never counted, and is as if it had not been. One that was taken back stays known, so
    that a file which overlaps another does not bring it again, and leaves its number to the right one.
    """

    def __init__(self, invoices: Sequence[str]) -> None:
        self._rows: dict[str, list[Cost]] = {}
        self._taken_back: set[int] = set()
        for begin in range(0, len(invoices), AT_ONCE):
            rows = Cost.objects.filter(invoice__in=invoices[begin : begin + AT_ONCE])
            for row in rows.order_by("again"):
                self._rows.setdefault(row.invoice, []).append(row)
            self._taken_back.update(rows.filter(reversals__approved_at__isnull=False).values_list("pk", flat=True))

    def knows(self, invoice: str, bill: Bill) -> bool:
        """Whether this very bill was entered before."""
        return any(row.dropped_at is None and bill_of(row) == bill for row in self._rows.get(invoice, ()))

    def standing(self, invoice: str) -> Cost | None:
        """The one that has the number now."""
        rows = self._rows.get(invoice, ())
        return next((row for row in rows if row.dropped_at is None and row.pk not in self._taken_back), None)

    def again(self, invoice: str) -> int:
        """How many of the number were there before the next one."""
        return len(self._rows.get(invoice, ()))

    def problem(self, invoice: str, bill: Bill) -> str | None:
        """Why a bill cannot have this number: it is another one's."""
        row = self.standing(invoice)
        if row is None or self.knows(invoice, bill):
            return None
        return _(
            "invoice %(id)s is known with other figures: %(supplier)s, %(amount)s, %(day)s; "
            "if this is another bill, put its supplier’s name before its number"
        ) % {"id": invoice, "supplier": row.supplier, "amount": bill_of(row).money, "day": row.paid_on}


class KnownIncomes:
    """The incomes that have some numbers, of one provider or of all. Few queries, whatever their number.

    As with bills: one that was taken back stays known, and leaves its number to the right one.
    """

    def __init__(self, transactions: Sequence[str], provider: str | None = None) -> None:
        self._rows: dict[Number, list[Income]] = {}
        self._taken_back: set[int] = set()
        ours = Income.objects.all() if provider is None else Income.objects.filter(provider=provider)
        for begin in range(0, len(transactions), AT_ONCE):
            rows = ours.filter(transaction__in=transactions[begin : begin + AT_ONCE])
            for row in rows.order_by("again"):
                self._rows.setdefault((row.provider, row.transaction, row.kind), []).append(row)
            self._taken_back.update(rows.filter(reversals__approved_at__isnull=False).values_list("pk", flat=True))

    def rows(self, number: Number) -> list[Income]:
        """All that have or had the number, in their order."""
        return self._rows.get(number, [])

    def last(self, number: Number) -> Income | None:
        """The newest of them."""
        return rows[-1] if (rows := self.rows(number)) else None

    def standing(self, number: Number) -> Income | None:
        """The one that has the number now."""
        last = self.last(number)
        return None if last is None or last.pk in self._taken_back else last

    def again(self, number: Number) -> int:
        """How many of the number were there before the next one."""
        last = self.last(number)
        return 0 if last is None else last.again + 1


__all__ = ["Bill", "KnownBills", "KnownIncomes", "Number", "bill_of"]
