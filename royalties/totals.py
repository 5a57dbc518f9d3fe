"""Sums over everything, for the page that shows them all; read from balances, never from lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from projects.models import Production
from royalties import ledger
from royalties.accounts import ARTIST_SHARE
from royalties.models import Payout, Statement, StatementLine, Withholding
from royalties.models.statement import PUBLIC

#: How many productions of a currency stand by themselves.
PRODUCTIONS = 50


@dataclass
class Total:
    """One currency, one production in one currency, or several that are told together; amounts in minor units."""

    currency: str
    production: Production | None = None
    revenue: int = 0
    costs: int = 0
    artists: int = 0
    paid: int = 0
    artist_count: int = 0
    statement_count: int = 0
    #: How many productions are told together.
    production_count: int = 1

    @property
    def company(self) -> int:
        """What the company keeps, once the artists' half is booked."""
        return self.revenue - self.costs - self.artists


def by_currency() -> list[Total]:
    """Totals since the start. Six queries."""
    totals: dict[str, Total] = {}
    for (_production, currency), total in _moved().items():
        whole = totals.setdefault(currency, Total(currency))
        whole.revenue += total.revenue
        whole.costs += total.costs
        whole.artists += total.artists
    for row in Payout.objects.arrived().values("currency").annotate(sum=Sum("amount_minor")):
        totals.setdefault(row["currency"], Total(row["currency"])).paid = row["sum"]
    gone = Withholding.objects.gone().values_list("payout__currency")
    for currency, minor in gone.annotate(sum=Sum("amount_minor")).order_by():
        totals.setdefault(currency, Total(currency)).paid += minor
    counted = (
        StatementLine.objects.filter(revision__in=Statement.objects.booked().values("current"))
        .filter(amount_minor__gt=0)
        .values("revision__statement__currency")
        .annotate(people=Count("payee", distinct=True), statements=Count("revision", distinct=True))
    )
    for row in counted:
        total = totals.setdefault(row["revision__statement__currency"], Total(row["revision__statement__currency"]))
        total.artist_count, total.statement_count = row["people"], row["statements"]
    return [totals[currency] for currency in sorted(totals)]


def by_production() -> list[Total]:
    """What each production with a published statement has earned and shared, the largest of each currency first.

    Beyond fifty of a currency the others are one row without a production, so that the rows are the whole. Four queries.
    """
    known = (
        Production.objects.filter(statements__status__in=PUBLIC)
        .select_related("project")
        .annotate(statement_count=Count("statements", filter=Q(statements__status__in=PUBLIC)))
    )
    productions: dict[str, Any] = {f"pr{production.pk}": production for production in known}
    by_currency: dict[str, list[Total]] = defaultdict(list)
    for (code, currency), total in _moved().items():
        if code in productions:
            total.production = productions[code]
            total.statement_count = productions[code].statement_count
            by_currency[currency].append(total)
    return [row for currency in sorted(by_currency) for row in _largest(by_currency[currency])]


def _largest(totals: list[Total]) -> list[Total]:
    """Those that earned most, and one row for the others."""
    totals.sort(key=lambda total: -total.revenue)
    first, others = totals[:PRODUCTIONS], totals[PRODUCTIONS:]
    if not others:
        return first
    rest = Total(others[0].currency, production_count=len(others))
    for total in others:
        rest.revenue += total.revenue
        rest.costs += total.costs
        rest.artists += total.artists
        rest.statement_count += total.statement_count
    return [*first, rest]


def _moved() -> dict[tuple[str, str], Total]:
    """Revenue, costs and artists' share by production and currency, from the balances."""
    totals: dict[tuple[str, str], Total] = {}
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for root in ("revenue", "expense"):
        for code, balance in ledger.balances_below(f"{root}:pr").items():
            _root, production, name, currency = code.split(":")
            kind = "artists" if name == ARTIST_SHARE else "costs" if root == "expense" else "revenue"
            sums[production, currency, kind] += balance.amount_minor
    for (production, currency, kind), amount in sums.items():
        total = totals.setdefault((production, currency), Total(currency))
        setattr(total, kind, -amount if kind == "revenue" else amount)
    return totals
