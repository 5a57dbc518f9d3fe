"""Files to browsers, each behind the access check."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import access
from contributions.serving import FileGoneError, Stored, serve


def gone() -> HttpResponse:
    """What was public and is not any more."""
    response = HttpResponse(_("This work is no longer here."), status=410, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_safe
def media(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponseBase:
    """A prepared file of a version."""
    try:
        rendition = access.get_rendition(request.user, pk, number, name)
        download = f"{pk}-{name.replace('/', '-')}" if "download" in request.GET else ""
        stored = Stored(rendition.key, rendition.mime, rendition.bytes, rendition.sha256, download)
        return serve(request, stored)
    except access.Gone:
        return gone()
    except FileGoneError as error:
        raise Http404(name) from error


@login_required
@require_safe
def original(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """An uploaded original, only ever as a download and only for its artist and staff."""
    try:
        version = access.get_original(request.user, pk, number)
        name = version.file_name or f"{pk}-{number}"
        return serve(request, Stored(version.key, "application/octet-stream", version.bytes, version.sha256, name))
    except access.Gone:
        return gone()
    except FileGoneError as error:
        raise Http404(str(pk)) from error
