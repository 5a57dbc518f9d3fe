"""Files to browsers, each behind the access check."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import access, handing
from contributions.serving import FileGoneError, Stored, serve


def _gone() -> HttpResponse:
    response = HttpResponse(_("This work is no longer here."), status=410, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    return response


def _answer(request: HttpRequest, find: Callable[[], Stored]) -> HttpResponseBase:
    """Serve what is found; what was public and is gone says so, also to who asks whether it has changed."""
    try:
        return serve(request, find())
    except access.Gone:
        return _gone()
    except FileGoneError as error:
        raise Http404(request.path) from error


@require_safe
def media(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponseBase:
    """A prepared file of a version."""

    def find() -> Stored:
        rendition = access.get_rendition(request.user, pk, number, name)
        return handing.rendition_file(rendition.version.contribution, rendition, download="download" in request.GET)

    return _answer(request, find)


@login_required
@require_safe
def original(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """An uploaded original, only ever as a download and only for its artist and staff."""
    return _answer(request, lambda: handing.original_file(access.get_original(request.user, pk, number)))


@require_safe
def source_file(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """The clean copy of a source file, only ever as a download."""

    def find() -> Stored:
        found = access.get_source_file(request.user, pk, row)
        if found.ready_at is None:
            raise Http404(found.name)
        return handing.source_file(found.contribution, found)

    return _answer(request, find)


@login_required
@require_safe
def source_original(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """A source file as it came, for its artist."""
    return _answer(request, lambda: handing.source_original(access.get_source_original(request.user, pk, row)))
