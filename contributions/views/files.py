"""What can be taken from a work, under which licence, and the record of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import access, actions
from contributions.actions.giving import has_asked
from contributions.errors import ContributionError
from contributions.forms import LabelForm, SourceFileForm
from contributions.models import Contribution, SourceFile
from contributions.views.posting import Request, posted
from profiles.access import member
from profiles.paging import page

DOWNLOADS = ("audio", "video", "image", "html")
DOWNLOADS_PAGE = 50


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Source files and prepared files, for all who may see the work; its artist gives more of them here."""
    work = access.get_contribution(request.user, pk)
    if work.is_gone:
        return redirect(work)
    if request.method == "POST":
        work = access.get_own(request.user, pk)
    form = SourceFileForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive_source_file(actor=member(request), contribution=work, **form.cleaned_data)
        except ContributionError as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("The file has arrived. Others can take it when its clean copy is made."))
            return redirect("contributions:files", pk)
    context = {**_shown(request, work), "form": form}
    return render(request, "contributions/files.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, work: Contribution) -> dict[str, Any]:
    version, viewer = work.current_version, request.user
    is_mine = work.artist_id == viewer.pk
    originals = work.versions.exclude(key="") if is_mine or access.is_staff_viewer(viewer) else work.versions.none()
    renditions = list(version.renditions.filter(kind__in=DOWNLOADS).order_by("kind", "-bytes")) if version else []
    taken = {}
    if viewer.is_authenticated and not is_mine:
        rows = access.downloads_of(member(request)).filter(contribution=work).order_by("pk")
        taken = {row.file: row for row in rows}
    return {
        "work": work,
        "is_mine": is_mine,
        "source_files": [{"file": row, "taken": taken.get(row.name)} for row in access.source_files_of(viewer, work)],
        "renditions": [
            {"file": row, "name": f"{version.number}/{row.name}", "taken": taken.get(f"{version.number}/{row.name}")}
            for row in renditions
            if version
        ],
        "originals": originals.order_by("-number"),
        "signs": settings.SIGN_FILES and work.is_published,
        "counts": access.taken_counts(work) if is_mine else None,
        "has_asked": viewer.is_authenticated and not is_mine and has_asked(member(request), work),
    }


@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what is taken and under which licence, then lead to the file itself."""
    file = request.POST.get("file", "")
    try:
        taken = access.get_taken(request.user, pk, file)
        taken = actions.take_file(actor=member(request) if request.user.is_authenticated else None, taken=taken)
    except access.Gone:
        return redirect("contribution_short", pk)
    except ContributionError as refused:
        messages.error(request, str(refused))
        return redirect("contributions:files", pk)
    if isinstance(taken, SourceFile):
        return redirect(taken)
    return redirect(f"{taken.version.rendition_url(taken.name)}?download")


@login_required
@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """What I took, when, and under which licence: the proof."""
    found = access.downloads_of(member(request))
    context = {"page": page(found, order=("-pk",), query=request.GET, size=DOWNLOADS_PAGE)}
    return render(request, "contributions/downloads.html", context)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the artist for source files."""
    work = access.get_contribution(request.user, pk)
    try:
        is_new = actions.ask_for_files(actor=member(request), contribution=work)
    except ContributionError as refused:
        messages.error(request, str(refused))
    else:
        asked = _("%(name)s has been asked. You hear of it when there is a file.")
        words = asked if is_new else _("You asked %(name)s before. You hear of it when there is a file.")
        messages.success(request, words % {"name": work.artist.display_name})
    return redirect("contributions:files", pk)


def _own_file(request: HttpRequest, pk: int, row: int) -> SourceFile:
    return get_object_or_404(SourceFile, pk=row, contribution=access.get_own(request.user, pk))


@login_required
@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int, row: int) -> HttpResponse:
    """A source file's row for htmx while its copy is made; its name, another try, or its end for its artist."""
    file = _own_file(request, pk, row)
    form = LabelForm(posted(request)[0], initial={"label": file.label})
    if request.method == "GET" and request.htmx:
        return render(request, "contributions/_source_file.html", {"row": {"file": file}, "is_mine": True})
    try:
        if "remove" in request.POST:
            actions.remove_source_file(actor=member(request), row=file)
            messages.success(request, _("The source file is gone. Who took it may keep it."))
            return redirect("contributions:files", pk)
        if "retry" in request.POST:
            actions.retry_source_file(actor=member(request), row=file)
            return redirect("contributions:files", pk)
        if form.is_valid():
            actions.label_source_file(actor=member(request), row=file, **form.cleaned_data)
            return redirect(f"{reverse('contributions:files', args=[pk])}#file-{file.pk}")
    except ContributionError as refused:
        form.add_error(None, str(refused)) if form.is_bound else messages.error(request, str(refused))
    context = {"work": file.contribution, "file": file, "form": form}
    return render(request, "contributions/source_file.html", context, status=422 if form.errors else 200)
