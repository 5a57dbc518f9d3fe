"""My earnings: balance, by statement, payouts, and each year as a page and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.paging import Page, Row, page
from royalties import access, bookings, years
from royalties.advances import advances_of
from royalties.cells import safe
from royalties.correcting import moved_for
from royalties.earned import balances_of, sums_by_year, year_rows
from royalties.models import Payee
from royalties.views._request import ArtistRequest

ROWS = 30


@login_required
def earnings(request: ArtistRequest) -> HttpResponse:
    """Own numbers first."""
    payee = access.payee_of(request.user)

    def newest(rows: QuerySet[Row], name: str) -> Page[Row]:
        return page(rows, order=("-pk",), query=request.GET, size=ROWS, name=name)

    context: dict[str, Any] = {
        "payee": payee,
        "destination": access.destination_of(payee),
        "currency": settings.DEFAULT_CURRENCY,
    }
    if payee is not None:
        context |= {
            "balances": balances_of(payee, timezone.now()),
            "held": bookings.owed_to(payee, "held"),
            "holds": access.holds_of(payee),
            "unclaimed": access.unclaimed_of(payee),
            "lines": newest(access.lines_of(payee), "after"),
            "payouts": newest(access.payouts_of(payee), "payouts"),
            "years": sums_by_year(payee),
            "moved": newest(moved_for(payee), "moved"),
            "advances": advances_of(payee),
        }
    return render(request, "royalties/earnings.html", context)


@login_required
def earnings_csv(request: ArtistRequest, year: int) -> HttpResponse:
    """Everything that was earned and paid in a year, in the order it happened."""
    payee = _earner(request, year)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="earnings-{year}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("day"), _("what"), _("about"), _("amount"), _("currency")])
    for row in year_rows(payee, year):
        writer.writerow([row.day.isoformat(), row.what, safe(row.about), row.money.plain(), row.money.currency])
    return response


@login_required
def year(request: ArtistRequest, year: int) -> HttpResponse:
    """What a calendar year brought: gross, withheld and paid, by production; printable."""
    payee = _earner(request, year)
    summaries = years.summaries_of([payee], year).get(payee.pk, [])
    return render(request, "royalties/year.html", {"payee": payee, "year": year, "summaries": summaries})


def _earner(request: ArtistRequest, year: int) -> Payee:
    """Who has earned; nobody has in a year that is in no calendar."""
    payee = access.payee_of(request.user)
    if payee is None or not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise Http404(f"no earnings in {year}")
    return payee
