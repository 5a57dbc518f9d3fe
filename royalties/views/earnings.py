"""My earnings: balance, by statement, payouts, a year as CSV, and where the money goes."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.paging import page
from royalties import access, actions, policy, sealing
from royalties.advances import advances_of
from royalties.cells import safe
from royalties.earned import balances_of, sums_by_year, year_rows
from royalties.exceptions import RoyaltiesRefused
from royalties.forms import CodeForm, DestinationForm
from royalties.views._request import ArtistRequest

ROWS = 30


@login_required
def earnings(request: ArtistRequest) -> HttpResponse:
    """Own numbers first."""
    payee = access.payee_of(request.user)
    context: dict[str, Any] = {"payee": payee, "destination": access.destination_of(payee)}
    if payee is not None:
        context |= {
            "balances": balances_of(payee),
            "lines": page(access.lines_of(payee), order=("-pk",), query=request.GET, size=ROWS),
            "payouts": access.payouts_of(payee)[:ROWS],
            "years": sums_by_year(payee),
            "advances": advances_of(payee),
        }
    return render(request, "royalties/earnings.html", context)


@login_required
def earnings_csv(request: ArtistRequest, year: int) -> HttpResponse:
    """Everything that was earned and paid in a year, in the order it happened."""
    payee = access.payee_of(request.user)
    if payee is None:
        raise Http404("no earnings")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="earnings-{year}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("day"), _("what"), _("about"), _("amount"), _("currency")])
    for row in year_rows(payee, year):
        writer.writerow([row.day.isoformat(), row.what, safe(row.about), row.money.plain(), row.money.currency])
    return response


@login_required
@require_http_methods(["GET", "POST"])
def payout_details(request: ArtistRequest) -> HttpResponse:
    """Where the money goes: an address, then the code that was mailed to it."""
    is_code = "code" in request.POST
    form = DestinationForm(None if is_code else request.POST or None, artist=request.user)
    code_form = CodeForm(request.POST if is_code else None)
    used = code_form if is_code else form
    if request.method == "POST" and used.is_valid():
        try:
            if is_code:
                actions.confirm_destination(actor=request.user, code=code_form.cleaned_data["code"])
                messages.success(request, _("Your payout details are confirmed."))
                return redirect("royalties:earnings")
            actions.set_destination(actor=request.user, address=form.cleaned_data["address"])
            messages.success(request, _("We have sent a code to that address."))
            return redirect("royalties:payout_details")
        except RoyaltiesRefused as problem:
            used.add_error("code" if is_code else "address", str(problem))
    destination = access.destination_of(access.payee_of(request.user))
    context = {
        "form": form,
        "code_form": code_form,
        "destination": destination,
        "address": _masked(sealing.address_of(destination)) if destination else "",
        "hold_hours": int(policy.DESTINATION_HOLD.total_seconds() // 3600),
        "threshold": policy.policy_of("USD").payout_threshold,
    }
    return render(request, "royalties/payout_details.html", context, status=422 if used.is_bound else 200)


def _masked(address: str) -> str:
    """Enough to know it again: "m…@example.org"."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"
