"""Give up what a work of mine earns: what it means, then the one press; afterwards, since when."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required

# allauth has no public question for it; a page that was open too long begins again, and nothing typed is lost.
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from royalties import access, actions
from royalties.document import holders_of
from royalties.exceptions import RoyaltiesRefused
from royalties.views._request import ArtistRequest


@login_required
@reauthentication_required(enabled=lambda request: request.method == "GET")  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def waive(request: ArtistRequest, pk: int) -> HttpResponse:
    """It cannot be taken back, so it says first who gets it instead."""
    work = access.get_own_work(request.user, pk)
    problem = ""
    if request.method == "POST":
        if is_reauthentication_required(request, app=""):
            messages.warning(request, _("Nothing is waived yet. Confirm that it is you, then press again."))
            return redirect("royalties:waive", pk)
        try:
            actions.waive_share(actor=request.user, contribution=work)
        except RoyaltiesRefused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("You waived what this work earns, from the next drafted statement on."))
            return redirect("royalties:waive", pk)
    holders, artists = holders_of([work.pk])
    payable = holders[work.pk].payable
    context = {
        "work": work,
        "problem": problem,
        "waiver": work.waivers.filter(artist=request.user).first(),
        "earns_me": request.user.pk in payable,
        "others": [artists[pk] for pk in payable if pk != request.user.pk],
        "has_sources": work.source_edges.exists(),
    }
    return render(request, "royalties/waive.html", context, status=422 if problem else 200)
