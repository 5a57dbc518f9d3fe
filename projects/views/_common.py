"""What the views share: the request with htmx, keyset pages, and how a refusal is answered."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from profiles.models import Artist
from profiles.paging import page
from projects.errors import ProjectError

Row = TypeVar("Row", bound=Model)


class Request(HttpRequest):
    """A request that went through the htmx middleware."""

    htmx: HtmxDetails


class ArtistRequest(Request):
    """A request of somebody who is signed in."""

    user: Artist


def page_of(request: HttpRequest, rows: QuerySet[Row], size: int) -> tuple[list[Row], str]:
    """The rows after the cursor, newest first, and the link to the next page or nothing."""
    found = page(rows, order=("-pk",), query=request.GET, size=size)
    return found.rows, found.more_url


def refused(request: Request, error: ProjectError, back: Any) -> HttpResponse:
    """Say why, on the page that was asked from."""
    messages.error(request, str(error))
    return HttpResponseClientRefresh() if request.htmx else redirect(back)
