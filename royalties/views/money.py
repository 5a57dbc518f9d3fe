"""How money works, totals since the start, and every statement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from profiles.paging import page
from royalties import access, totals

STATEMENTS = 20


def money(request: HttpRequest) -> HttpResponse:
    """The transparency page."""
    statements = page(access.public_statements(), order=("-pk",), query=request.GET, size=STATEMENTS)
    context = {
        "statements": statements,
        "totals": totals.by_currency(),
        "productions": totals.by_production(),
    }
    return render(request, "royalties/money.html", context)
