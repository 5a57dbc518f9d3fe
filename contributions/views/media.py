"""Files to browsers, each behind the access check."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import access, actions, ebook, handing
from contributions.errors import NotYetSigned
from contributions.models import Contribution, Rendition, SourceFile
from contributions.serving import FileGoneError, serve


def gone() -> HttpResponse:
    """What was public and is not any more."""
    response = HttpResponse(_("This work is no longer here."), status=410, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    return response


def _later(words: str) -> HttpResponse:
    response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "60"
    return response


def _answer(request: HttpRequest, send: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What was public and is gone says so, also to who asks whether it has changed; what is being signed comes later."""
    try:
        return send()
    except access.Gone:
        return gone()
    except NotYetSigned as wait:
        return _later(str(wait))
    except FileGoneError as error:
        raise Http404(request.path) from error


@require_safe
def media(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponseBase:
    """A prepared file of a version; one that is taken away carries its content credentials."""
    return _answer(request, lambda: _send(request, access.get_rendition(request.user, pk, number, name)))


def _send(request: HttpRequest, rendition: Rendition) -> HttpResponseBase:
    download, work = "download" in request.GET, rendition.version.contribution
    if download:
        rendition = actions.sign_for_download(rendition=rendition)
    try:
        return serve(request, handing.rendition_file(work, rendition, download=download))
    except FileGoneError:
        # Its signed copy may have taken its place since the row was read.
        moved = Rendition.objects.filter(pk=rendition.pk).exclude(key=rendition.key).first()
        if moved is None:
            raise
        return serve(request, handing.rendition_file(work, moved, download=download))


@login_required
@require_safe
def original(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """An uploaded original, only ever as a download and only for its artist and staff."""
    return _answer(
        request, lambda: serve(request, handing.original_file(access.get_original(request.user, pk, number)))
    )


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
    if work.reserves_mining:
        response["TDM-Reservation"] = "1"
    return response


@require_safe
def source_file(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """The clean copy of a source file, only ever as a download, with what its credentials can say."""

    return _answer(request, lambda: _send_given(request, access.get_source_file(request.user, pk, row)))


def _send_given(request: HttpRequest, row: SourceFile) -> HttpResponseBase:
    if row.ready_at is None:
        raise Http404(row.name)
    row = actions.sign_source_file_for_download(row=row)
    try:
        return serve(request, handing.source_file(row.contribution, row))
    except FileGoneError:
        # As above.
        moved = SourceFile.objects.filter(pk=row.pk).exclude(clean_key=row.clean_key).first()
        if moved is None:
            raise
        return serve(request, handing.source_file(row.contribution, moved))


@login_required
@require_safe
def source_original(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """A source file as it came, for its artist."""
    return _answer(
        request, lambda: serve(request, handing.source_original(access.get_source_original(request.user, pk, row)))
    )
