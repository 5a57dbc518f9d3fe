"""How money works, totals since the start, and every statement."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from contributions.models import InfluenceRate
from profiles.paging import page
from projects.models import Production
from royalties import access, policy, totals, yearly

STATEMENTS = 20


def money(request: HttpRequest) -> HttpResponse:
    """The transparency page."""
    statements = page(access.public_statements(), order=("-pk",), query=request.GET, size=STATEMENTS)
    context = {
        "statements": statements,
        "totals": totals.by_currency(),
        "productions": totals.by_production(),
        "charts": _charts(None),
        **_rules(),
    }
    return render(request, "royalties/money.html", context)


def _rules() -> dict[str, Any]:
    """The numbers that hold today, from where they are kept: how it works is told with no others."""
    rates = InfluenceRate.objects.filter(effective_at__lte=timezone.now())
    return {
        "influence": sorted(
            rates.order_by("kind", "-effective_at", "-pk").distinct("kind"), key=lambda row: -row.rate_bps
        ),
        "currency": settings.DEFAULT_CURRENCY,
        "policy": policy.policy_of(settings.DEFAULT_CURRENCY),
        "rules": policy,
        "window_days": settings.STATEMENT_WINDOW_DAYS,
    }


def production_money(request: HttpRequest, pk: int) -> HttpResponse:
    """One production's money, year by year, and its statements."""
    production = access.get_paid_production(pk)
    rows = access.public_statements().filter(production=production)
    context = {
        "production": production,
        "statements": page(rows, order=("-pk",), query=request.GET, size=STATEMENTS),
        "charts": _charts(production),
    }
    return render(request, "royalties/production_money.html", context)


def _charts(production: Production | None) -> list[dict[str, Any]]:
    """A chart and its table for each currency."""
    found = yearly.by_year(production)
    return [
        {"currency": currency, "years": years, "rows": yearly.chart(years)} for currency, years in sorted(found.items())
    ]
