"""The history of a work: what changed, when, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contributions import access, actions
from contributions.errors import ContributionError
from contributions.forms import VersionForm
from contributions.models import Contribution
from contributions.models.media_facts import MediaView
from contributions.views.posting import number, posted
from contributions.views.status import row_context
from profiles.access import member


@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, for all who may see the work; its artist adds to it, goes back in it and hides from it."""
    work = access.get_contribution(request.user, pk)
    if work.is_gone:
        return redirect(work)
    if request.method == "POST":
        return _change(request, access.get_own(request.user, pk))
    return _page(request, work, VersionForm(contribution=work))


def _change(request: HttpRequest, work: Contribution) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    for order in ("show", "hide", "unhide"):
        if order in request.POST:
            return _move(request, work, order)
    form = VersionForm(*posted(request), contribution=work)
    if form.is_valid():
        try:
            actions.receive_file(actor=member(request), contribution=work, **form.cleaned_data)
        except ContributionError as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("The new version is being prepared; until then the present one is shown."))
            return redirect("contributions:versions", work.pk)
    return _page(request, work, form)


def _move(request: HttpRequest, work: Contribution, order: str) -> HttpResponse:
    """Show a version again, hide one from others, or stop hiding it."""
    version = get_object_or_404(work.versions, number=number(request.POST.get(order)))
    words = {"number": version.number}
    try:
        if order == "show":
            actions.use_version(actor=member(request), contribution=work, version=version)
            done = _("Version %(number)d is shown now.") % words
        else:
            hidden = order == "hide"
            actions.hide_version(actor=member(request), contribution=work, version=version, hidden=hidden)
            done = _("Only you see version %(number)d now.") if hidden else _("Everybody may see version %(number)d.")
            done %= words
    except ContributionError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("contributions:versions", work.pk)


def _page(request: HttpRequest, work: Contribution, form: VersionForm) -> HttpResponse:
    history = list(access.versions_of(request.user, work))
    context = {
        **row_context(work),
        "form": form,
        "rows": [{"version": row, "media": MediaView(row, medium=work.medium)} for row in history],
        "is_mine": work.artist_id == request.user.pk,
    }
    return render(request, "contributions/versions.html", context, status=422 if form.errors else 200)


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version by its player; where its artist decides whether to go back to it."""
    try:
        found = access.get_version(request.user, pk, number)
    except access.Gone:
        return redirect("contribution_short", pk)
    work = found.contribution
    is_current = work.current_version_id == found.pk
    if found.ready_at is None:
        raise Http404(f"version {number} of {pk} is not prepared")
    context = {
        "work": work.as_of(found),
        "version": found,
        "is_current": is_current,
        "is_mine": work.artist_id == request.user.pk,
    }
    return render(request, "contributions/version.html", context)
