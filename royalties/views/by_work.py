"""My earnings by work: what each was used for itself, and what came from works made from it."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from royalties import access
from royalties.by_work import awards_of, earned_by_work
from royalties.cells import safe
from royalties.views._request import ArtistRequest


@login_required
def earned_works(request: ArtistRequest) -> HttpResponse:
    """The works that have earned, the most first."""
    payee = access.payee_of(request.user)
    waivers = list(access.waivers_of(request.user))
    context: dict[str, Any] = {"payee": payee, "rows": [], "awards": [], "waivers": waivers}
    if payee is not None:
        context |= {"rows": earned_by_work(payee), "awards": awards_of(payee)}
    context["waived"] = {waiver.contribution_id for waiver in waivers}
    return render(request, "royalties/earned_works.html", context)


@login_required
def earned_works_csv(request: ArtistRequest) -> HttpResponse:
    """The same with every work, for spreadsheets."""
    payee = access.payee_of(request.user)
    if payee is None:
        raise Http404("no earnings")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="earnings-by-work.csv"'
    writer = csv.writer(response)
    writer.writerow([_("work"), _("title"), _("used itself"), _("through remixes"), _("together"), _("currency")])
    for row in earned_by_work(payee, most=None):
        sums = [row.itself.plain(), row.passed_on.plain(), row.money.plain()]
        writer.writerow([row.work.pk, safe(row.work.title), *sums, row.money.currency])
    return response
