"""The upload protocol as HTTP. Refusals are one plain sentence, which the tray shows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from contributions import access, actions, tus
from contributions.actions.uploads import largest_file
from contributions.errors import ContributionError, QuotaExceeded
from contributions.models import Contribution, SourceFile, Upload
from contributions.tus import Checksum, TusError
from contributions.upload_store import STORE_TROUBLE
from contributions.views.posting import number
from contributions.views.status import row_context
from profiles.access import member

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
# A POST may say that it means one of these, for browsers and proxies that know no other method.
MEANT = ("PATCH", "DELETE", "HEAD")
# Where the row keeps the client's own description of the file, to give it back as it came.
METADATA = "header"
AWAY = gettext_lazy("The storage does not answer. What has arrived is kept; the upload goes on in a moment.")


def as_meant(view: View) -> View:
    """X-HTTP-Method-Override. Only a POST can mean another method, since that has shown its CSRF token."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        meant = request.headers.get("X-HTTP-Method-Override", "")
        if request.method == "POST" and meant in MEANT:
            request.method = meant
        return view(request, *args, **kwargs)

    return wrapped


def speaks_tus(view: View) -> View:
    """Version check, log-in and refusals, for each request of the protocol."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method != "OPTIONS":
                _check(request)
            response = view(request, *args, **kwargs)
        except TusError as refused:
            response = _refusal(str(refused), refused.status)
        except QuotaExceeded as refused:
            response = _refusal(str(refused), 413)
        except ContributionError as refused:
            response = _refusal(str(refused), 400)
        except STORE_TROUBLE as trouble:
            logger.warning("the storage failed during %s %s", request.method, request.path, exc_info=trouble)
            # A client that asks for the offset is told "locked": at any other refusal it would begin anew.
            response = _refusal(AWAY, 423 if request.method == "HEAD" else 503)
        response["Tus-Resumable"] = tus.VERSION
        if response.status_code == 412:
            response["Tus-Version"] = tus.VERSION
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


def _refusal(words: str | Promise, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _check(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != tus.VERSION:
        raise TusError(412, _("This server speaks tus %(version)s.") % {"version": tus.VERSION})
    if not request.user.is_authenticated:
        raise TusError(401, _("Log in to upload."))


@require_http_methods(["OPTIONS", "POST"])
@speaks_tus
def uploads(request: HttpRequest) -> HttpResponse:
    """What the server can do; and the creation of an upload, perhaps with its first bytes."""
    if request.method == "OPTIONS":
        return _abilities()
    upload = _begin(request)
    if request.content_type == tus.CONTENT_TYPE:
        upload = _take_first(request, upload)
    elif upload.length == 0:
        upload = tus.state_of(member(request), upload)
    response = HttpResponse(status=201)
    response["Location"] = reverse("contributions:tus_upload", args=[upload.pk])
    response["X-Contribution"] = str(upload.contribution_id)
    return _with_state(response, upload)


def _purpose(metadata: dict[str, str]) -> str:
    """What the bytes are for: a version, unless the metadata say otherwise."""
    purpose = metadata.get("purpose", Upload.Purpose.VERSION)
    if purpose not in Upload.Purpose.values or (purpose != Upload.Purpose.VERSION and not metadata.get("contribution")):
        raise TusError(400, _("Nothing here takes a file for this purpose."))
    return purpose


def _begin(request: HttpRequest) -> Upload:
    """The row that the headers ask for."""
    if request.headers.get("Upload-Concat"):
        raise TusError(400, _("Send the file as one upload; parts are not put together here."))
    if not (length := request.headers.get("Upload-Length", "")):
        raise TusError(400, _("Say how long the file is (Upload-Length)."))
    if tus.parse_number(length, "Upload-Length") > largest_file():
        raise TusError(413, _("This file is larger than any that we take."))
    header = request.headers.get("Upload-Metadata", "")
    metadata = tus.parse_metadata(header)
    kept = {key: metadata[key] for key in ("filetype", "note", "label") if key in metadata}
    return actions.begin_upload(
        actor=member(request),
        length=int(length),
        file_name=metadata.get("filename", ""),
        metadata=kept | {METADATA: header},
        contribution=_named(request, metadata, "contribution", own=True),
        remix=_named(request, metadata, "remix"),
        challenge_slug=metadata.get("challenge", ""),
        purpose=_purpose(metadata),
    )


def _take_first(request: HttpRequest, upload: Upload) -> Upload:
    """The bytes that came with the creation. If they are refused, so is the upload, whose address nobody knows."""
    try:
        return _receive(request, upload.pk, offset=0)
    except TusError:
        actions.terminate_upload(actor=member(request), upload=upload)
        raise


def _receive(request: HttpRequest, upload_id: UUID, *, offset: int) -> Upload:
    return tus.receive(
        member(request),
        upload_id,
        offset=offset,
        body=request,
        length=_body_length(request),
        checksum=Checksum.parse(request.headers.get("Upload-Checksum", "")),
    )


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = tus.VERSION
    response["Tus-Extension"] = tus.EXTENSIONS
    response["Tus-Max-Size"] = str(largest_file())
    response["Tus-Checksum-Algorithm"] = ",".join(tus.ALGORITHMS)
    return response


def _named(request: HttpRequest, metadata: dict[str, str], key: str, *, own: bool = False) -> Contribution | None:
    """The work that the metadata name; one that is not there is left out, so that no upload fails for it."""
    pk = number(metadata.get(key))
    if own and pk:
        return access.get_own(request.user, pk)
    try:
        return access.get_contribution(request.user, pk)
    except Http404:
        return None


def _body_length(request: HttpRequest) -> int:
    if request.headers.get("Transfer-Encoding"):
        raise TusError(411, _("Say how many bytes come (Content-Length)."))
    return tus.parse_number(request.headers.get("Content-Length") or "0", "Content-Length")


def _with_state(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset)
    if upload.status == Upload.Status.OPEN:
        response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


@as_meant
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@speaks_tus
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Where an upload stands, more of its bytes, or its end."""
    if request.method == "OPTIONS":
        return _abilities()
    if request.method == "PATCH":
        return _patch(request, upload_id)
    try:
        row = access.get_upload(request.user, upload_id)
    except Http404 as error:
        raise TusError(404, _("There is no such upload.")) from error
    if request.method == "DELETE":
        tus.must_be_under_way(row)
        actions.terminate_upload(actor=member(request), upload=row)
        return HttpResponse(status=204)
    row = tus.state_of(member(request), row)
    response = HttpResponse(status=200)
    response["Upload-Length"] = str(row.length)
    if header := row.metadata.get(METADATA):
        response["Upload-Metadata"] = header
    return _with_state(response, row)


def _patch(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    if request.content_type != tus.CONTENT_TYPE:
        raise TusError(415, _("Bytes come as %(type)s.") % {"type": tus.CONTENT_TYPE})
    offset = tus.parse_number(request.headers.get("Upload-Offset", ""), "Upload-Offset")
    row = _receive(request, upload_id, offset=offset)
    return _with_state(HttpResponse(status=204), row)


@login_required
@require_safe
def upload_row(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The row of a finished upload: how far its preparation is, and the way to its details."""
    found = access.get_upload(request.user, upload_id)
    contribution = found.contribution
    if contribution is None:
        raise Http404(str(upload_id))
    given = SourceFile.objects.filter(upload=found).first()
    if given is not None:
        return render(request, "contributions/_given.html", {"row": {"file": given}})
    return render(request, "contributions/_row.html", row_context(contribution))
