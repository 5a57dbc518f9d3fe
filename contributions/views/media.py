"""Files to browsers, each behind the access check."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import access, actions, ebook
from contributions.errors import NotYetSigned
from contributions.models import Contribution, Rendition
from contributions.serving import FileGoneError, Stored, serve


def gone() -> HttpResponse:
    """What was public and is not any more."""
    response = HttpResponse(_("This work is no longer here."), status=410, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    return response


def _later(words: str) -> HttpResponse:
    response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "60"
    return response


@require_safe
def media(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponseBase:
    """A prepared file of a version; one that is taken away carries its content credentials."""
    try:
        return _send(request, access.get_rendition(request.user, pk, number, name))
    except access.Gone:
        return gone()
    except NotYetSigned as wait:
        return _later(str(wait))
    except FileGoneError as error:
        raise Http404(name) from error


def _send(request: HttpRequest, rendition: Rendition) -> HttpResponseBase:
    download = ""
    if "download" in request.GET:
        rendition = actions.sign_for_download(rendition=rendition)
        download = f"{rendition.version.contribution_id}-{rendition.name.replace('/', '-')}"
    try:
        return serve(request, _stored(rendition, download))
    except FileGoneError:
        # Its signed copy may have taken its place since the row was read.
        moved = Rendition.objects.filter(pk=rendition.pk).exclude(key=rendition.key).first()
        if moved is None:
            raise
        return serve(request, _stored(moved, download))


def _stored(rendition: Rendition, download: str) -> Stored:
    return Stored(rendition.key, rendition.mime, rendition.bytes, rendition.sha256, download)


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


@require_safe
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """A published text as an EPUB."""
    work = access.get_contribution(request.user, pk)
    if work.is_gone:
        return gone()
    if not work.is_published or work.medium != Contribution.Medium.TEXT or not work.body_html:
        raise Http404(f"book of {pk}")
    response = HttpResponse(ebook.book_of(work), content_type=ebook.MIME)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{work.slug}.epub") or ""
    response["Cache-Control"] = "private, max-age=60"
    return response
