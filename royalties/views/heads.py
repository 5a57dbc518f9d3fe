"""The published heads of the ledger, for people and for programs that keep them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from profiles.paging import page
from royalties.models import LedgerHead

DAYS = 31


def heads(request: HttpRequest) -> HttpResponse:
    """A row a day, the newest first."""
    days = page(LedgerHead.objects.all(), order=("-pk",), query=request.GET, size=DAYS)
    return render(request, "royalties/heads.html", {"days": days})


def heads_json(request: HttpRequest) -> JsonResponse:
    """Every day's head, the oldest first, to keep and to compare with what was kept before."""
    rows = LedgerHead.objects.order_by("day").values_list("day", "last_entry", "hash")
    return JsonResponse({"heads": [{"day": day, "entry": number, "hash": own} for day, number, own in rows]})


def newest_head(request: HttpRequest) -> HttpResponse:
    """The newest head as one line: day, entry, hash; empty where nothing is published yet."""
    head = LedgerHead.objects.first()
    words = f"{head.day} {head.last_entry} {head.hash}\n" if head else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
