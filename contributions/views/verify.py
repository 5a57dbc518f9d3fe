"""Whether a file is ours: anybody may ask, of any file, and nothing of it is kept."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from contributions import access, credentials, lineage, scratch
from contributions.credentials import keys, words
from contributions.credentials.reading import Finding
from contributions.forms import VerifyForm
from contributions.models import Contribution
from contributions.transcoding import Failed
from contributions.views.posting import Request, posted

MB: Final = 1_000_000
# Each look takes a process of its own; the pages must not wait for strangers' files.
AT_ONCE: Final = 2
PATIENCE_SECONDS: Final = 15
_places = threading.BoundedSemaphore(AT_ONCE)


class Capped(TemporaryFileUploadHandler):
    """A file on disk, of no more bytes than the page takes; the rest is read and thrown away."""

    too_big = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Stop in good order: the browser is still sending, and shall hear why."""
        if start + len(raw_data) > credentials.MOST_BYTES:
            self.too_big = True
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


# Nothing is written and nobody is acted for, so there is nothing to forge; and the check for forgery
# would read the whole body before its size can be held.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """The page with its drop zone, and after a file the verdict; htmx gets the verdict alone."""
    handler = Capped(request)
    request.upload_handlers = [handler]
    form = VerifyForm(*posted(request))
    context: dict[str, Any] = {"form": form, "most_mb": credentials.MOST_BYTES // MB, "root": _root()}
    status = 200
    if form.is_bound and handler.too_big:
        form.errors.clear()
        limit = _("This file is larger than %(most)d MB, which is the most that can be checked here.")
        form.add_error("file", limit % {"most": credentials.MOST_BYTES // MB})
    if form.is_bound and form.is_valid():
        found, status = _looked(request, form.cleaned_data["file"])
        context |= found
    elif form.is_bound:
        status = 422
    template = "contributions/_verdict.html" if request.htmx else "contributions/verify.html"
    return render(request, template, context, status=status)


def _looked(request: Request, file: TemporaryUploadedFile) -> tuple[dict[str, Any], int]:
    """What the template shows of one file, and the status of the answer."""
    context: dict[str, Any] = {"file_name": file.name}
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        return context | {"busy": True}, 503
    try:
        finding = _examined(Path(file.temporary_file_path()))
    except (Failed, OSError):
        return context | {"busy": True}, 503
    finally:
        _places.release()
    return context | {"finding": finding, **_shown(finding), **_work(request, finding)}, 200


def _examined(path: Path) -> Finding:
    folder_of_keys = credentials.folder_of_keys()
    with scratch.held_folder() as folder:
        return credentials.examine(path, root=_root_pem(), anchors=keys.anchors(folder_of_keys), folder=folder)


def _shown(finding: Finding) -> dict[str, Any]:
    """Labels of the specification in plain words."""
    return {
        "actions": [
            {
                "words": words.of_action(row),
                "made_by": words.of_source_type(row),
                "at": words.moment_of(row),
                "description": row.get("description", ""),
            }
            for row in finding.actions
        ],
        "ingredients": [row | {"words": words.of_relationship(row)} for row in finding.ingredients],
    }


def _work(request: HttpRequest, finding: Finding) -> dict[str, Any]:
    """The work that a file of ours belongs to, and its family as it is today."""
    if finding.work_pk is None:
        return {}
    found = Contribution.objects.filter(pk=finding.work_pk).select_related("artist", "licence", "current_version")
    work = found.first()
    if work is None or not access.may_see(request.user, work):
        return {}
    return {"work": work, "tree": lineage.tree(work)}


def _root_pem() -> str:
    try:
        return keys.load(credentials.folder_of_keys()).root
    except keys.KeysMissing:
        return ""


def _root() -> dict[str, str]:
    """What the page says of our root; empty where nothing is signed."""
    try:
        return {"fingerprint": keys.load(credentials.folder_of_keys()).fingerprint}
    except keys.KeysMissing:
        return {}


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Our root certificate, for programs that shall know us."""
    pem = _root_pem()
    if not pem:
        raise Http404("no credentials are set up")
    response = HttpResponse(pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="root.pem"'
    return response
