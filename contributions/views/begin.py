"""Beginning works: the upload tray, writing, drafts."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import access, actions
from contributions.errors import ContributionError
from contributions.forms import UploadForm, WriteForm
from contributions.models import Contribution
from contributions.transcoding.limits import MB, limits
from contributions.views.posting import number, posted
from contributions.views.status import rows_of
from profiles.access import member
from profiles.paging import page

TRAY_ROWS = 10
DRAFTS_PAGE = 30


def _remix(request: HttpRequest) -> Contribution | None:
    """The work that ?remix= (or the form) names, if there is one to build on."""
    pk = number(request.POST.get("remix") or request.GET.get("remix"))
    try:
        work = access.get_contribution(request.user, pk)
    except Http404:
        return None
    return work if work.is_published else None


def _challenge(request: HttpRequest) -> str:
    return (request.POST.get("challenge") or request.GET.get("challenge") or "")[:80]


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The tray. The page opens signed out, so that a file can be chosen first; bytes move after log-in."""
    if request.method == "POST" and not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
    remix, challenge = _remix(request), _challenge(request)
    form = UploadForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.receive_file(
                actor=member(request), file=form.cleaned_data["file"], remix=remix, challenge_slug=challenge
            )
        except ContributionError as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("contributions:edit", version.contribution_id)
    context = {"form": form, "remix": remix, "challenge": challenge, **_tray(request)}
    return render(request, "contributions/upload.html", context, status=422 if form.is_bound else 200)


def _tray(request: HttpRequest) -> dict[str, Any]:
    bounds = limits()
    context: dict[str, Any] = {
        "image_mb": bounds["image_bytes"] // MB,
        "audio_gb": bounds["audio_bytes"] // (1000 * MB),
        "video_gb": bounds["video_bytes"] // (1000 * MB),
    }
    if request.user.is_authenticated:
        drafts = access.drafts_of(member(request)).exclude(medium=Contribution.Medium.TEXT)
        context["rows"] = rows_of(drafts[:TRAY_ROWS])
    return context


@login_required
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What is not published yet."""
    found = page(access.drafts_of(member(request)), order=("-pk",), query=request.GET, size=DRAFTS_PAGE)
    context = {"rows": rows_of(found.rows), "more_url": found.more_url}
    return render(request, "contributions/drafts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a new text, or go on with one. Publishing goes by the page of details and rights."""
    work = _own_text(request, pk) if pk else None
    form = _write_form(request, work)
    if request.method == "POST" and form.is_valid():
        try:
            work = _save(request, form, work)
            if then := request.POST.get("then"):
                note = form.cleaned_data.get("note", "")
                actions.prepare_text(actor=member(request), contribution=work, note=note)
                return redirect(work) if then == "preview" else redirect("contributions:edit", work.pk)
        except ContributionError as refused:
            form.add_error("body", str(refused))
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("contributions:write_on", work.pk)
    form.mark_needed()
    context = {"form": form, "work": work, "remix": _remix(request), "challenge": _challenge(request)}
    return render(request, "contributions/write.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Two seconds after the last key. The form's key makes sure that saving twice begins one work."""
    form = WriteForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    pk = number(request.POST.get("work"))
    try:
        _save(request, form, _own_text(request, pk) if pk else None)
    except ContributionError as refused:
        return JsonResponse({"errors": {"body": [str(refused)]}}, status=422)
    return JsonResponse({"saved_at": timezone.now().isoformat()})


def _write_form(request: HttpRequest, work: Contribution | None) -> WriteForm:
    """Of a published work the next version is written: before it is shown, it must say what changed."""
    form = WriteForm(posted(request)[0], initial=_begun(work))
    if work is None or work.published_seq is None:
        del form.fields["note"]
    else:
        form.fields["note"].required = "then" in request.POST
    return form


def _own_text(request: HttpRequest, pk: int) -> Contribution:
    work = access.get_own(request.user, pk)
    if work.medium != Contribution.Medium.TEXT or work.is_gone:
        raise Http404(str(pk))
    return work


def _begun(work: Contribution | None) -> dict[str, Any]:
    if work is None:
        return {"draft_key": uuid.uuid4()}
    version = work.versions.order_by("-number").first()
    return {"title": work.title, "body": version.body if version else "", "draft_key": work.draft_key}


def _save(request: HttpRequest, form: WriteForm, work: Contribution | None) -> Contribution:
    return actions.write_text(
        actor=member(request),
        contribution=work,
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"].replace("\r\n", "\n"),
        remix=_remix(request),
        challenge_slug=_challenge(request),
        draft_key=form.cleaned_data["draft_key"],
    )
