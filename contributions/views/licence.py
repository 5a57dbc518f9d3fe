"""Under which licences a work is given, since when, and whether it may be given under a wider one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contributions import access, actions
from contributions.actions.relicensing import wider_licences
from contributions.errors import ContributionError, ListedRefusal
from contributions.forms import RelicenceForm
from contributions.views.posting import posted
from profiles.access import member


@require_http_methods(["GET", "POST"])
def licence(request: HttpRequest, pk: int) -> HttpResponse:
    """The history for everybody; the choice of a wider licence for the artist of a published work."""
    work = access.get_contribution(request.user, pk)
    if work.is_gone or work.published_seq is None:
        return redirect("contribution_short", pk)
    if request.method == "POST":
        work = access.get_own(request.user, pk)
    is_mine = work.artist_id == request.user.pk
    choices = wider_licences(work) if is_mine else []
    form = RelicenceForm(posted(request)[0], choices=choices) if choices else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            work = actions.relicense(actor=member(request), contribution=work, licence=form.cleaned_data["licence"])
        except ListedRefusal as refused:
            for problem in refused.problems:
                form.add_error("licence", problem.message)
        except ContributionError as refused:
            form.add_error(None, str(refused))
        else:
            words = _("“%(title)s” is now given under %(licence)s as well.")
            messages.success(request, words % {"title": work.title, "licence": work.licence})
            return redirect("contributions:licence", pk)
    grants = work.grants.select_related("licence", "receipt__terms").order_by("-pk")
    context = {"work": work, "grants": grants, "form": form, "is_mine": is_mine}
    status = 422 if form is not None and form.errors else 200
    return render(request, "contributions/licence.html", context, status=status)
