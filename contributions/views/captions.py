"""Captions: the artist's page for them, the track that players load, and the transcript to read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from contributions import access, actions
from contributions.actions.captioning import TIMED
from contributions.errors import ContributionError
from contributions.forms import CaptionForm
from contributions.models import Contribution
from contributions.serving import serve_text
from contributions.views.media import gone
from contributions.views.posting import number, posted
from profiles.access import member

VTT = "text/vtt"


@login_required
@require_http_methods(["GET", "POST"])
def captions(request: HttpRequest, pk: int) -> HttpResponse:
    """The languages there are; a file for one more, or in place of one."""
    work = access.get_own(request.user, pk)
    if work.is_gone or work.medium not in TIMED:
        return redirect("contributions:edit" if not work.is_gone else work, pk)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, work)
    form = CaptionForm(*posted(request), initial={"language": work.language})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.set_captions(actor=member(request), contribution=work, **form.cleaned_data)
        except ContributionError as refused:
            form.add_error("content", str(refused))
        else:
            words = ngettext("%(label)s: %(count)d caption.", "%(label)s: %(count)d captions.", made.cue_count)
            messages.success(request, words % {"label": made.label, "count": made.cue_count})
            return redirect("contributions:captions", pk)
    context = {"work": work, "form": form, "captions": work.captions}
    return render(request, "contributions/captions.html", context, status=422 if form.errors else 200)


def _remove(request: HttpRequest, work: Contribution) -> HttpResponse:
    caption = get_object_or_404(work.caption_rows, pk=number(request.POST["remove"]))
    actions.remove_captions(actor=member(request), caption=caption)
    messages.success(request, _("%(label)s is taken away.") % {"label": caption.label})
    return redirect("contributions:captions", work.pk)


@require_safe
def caption(request: HttpRequest, pk: int, language: str) -> HttpResponseBase:
    """The track of one language."""
    try:
        found = access.get_caption(request.user, pk, language)
    except access.Gone:
        return gone()
    return serve_text(request, found.body, mime=VTT, sha256=found.sha256, reserved=found.contribution.reserves_mining)


@require_safe
def transcript(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """All the words of one language, each with the moment it is said."""
    try:
        found = access.get_caption(request.user, pk, language)
    except access.Gone:
        return gone()
    work = found.contribution
    return render(request, "contributions/transcript.html", {"work": work, "caption": found, "captions": work.captions})
