"""Claims of a missing source: made on a page of the work, answered by its artist, taken back by who made them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import access, actions
from contributions.errors import ContributionError
from contributions.forms import AnswerClaimForm, ClaimForm
from contributions.models import Claim, Contribution
from contributions.views.posting import posted
from profiles.access import member

SHOWN = 100


@require_http_methods(["GET", "POST"])
def claims(request: HttpRequest, pk: int) -> HttpResponse:
    """Which works it is said to build on besides those it names; and the form to say so."""
    work = access.get_contribution(request.user, pk)
    if not work.is_published:
        return redirect(work)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    initial = {"source": request.GET.get("source", "")[:300]}
    form = ClaimForm(*posted(request)[:1], contribution=work, initial=initial)
    if request.method == "POST" and form.is_valid() and _filed(request, work, form):
        messages.success(request, _("The artist is asked. You will read the answer in your inbox."))
        return redirect("contributions:claims", pk)
    context = {"work": work, "form": form, "claims": access.claims_about(request.user, work)[:SHOWN]}
    return render(request, "contributions/claims.html", context, status=422 if form.is_bound else 200)


def _filed(request: HttpRequest, work: Contribution, form: ClaimForm) -> bool:
    """Try the action; a refusal goes back into the form."""
    given = form.cleaned_data
    try:
        source = access.get_contribution(request.user, given["source"])
        actions.file_claim(
            actor=member(request),
            contribution=work,
            source=source,
            evidence=given["evidence"],
            at_ms=given.get("moment"),
            url=given["url"],
        )
    except Http404:
        form.add_error("source", _("There is no such work on this site."))
    except ContributionError as refused:
        form.add_error(None, str(refused))
    return not form.errors


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Claims about my works, to be answered, and those I made."""
    context = {"about": access.claims_for(member(request))[:SHOWN], "made": access.claims_by(member(request))[:SHOWN]}
    return render(request, "contributions/my_claims.html", context)


def answer(request: HttpRequest, work: Contribution) -> bool:
    """Answer a claim about a work from the posted form; what stands in the way is told. True when it is done."""
    form = AnswerClaimForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Accept or decline the claim, with at most 300 letters."))
        return False
    claim = get_object_or_404(Claim, pk=form.cleaned_data["claim"], contribution=work)
    accepted = form.cleaned_data["verdict"] == "accept"
    try:
        actions.answer_claim(actor=member(request), claim=claim, accepted=accepted, answer=form.cleaned_data["answer"])
    except ContributionError as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, _("The source is credited on both pages.") if accepted else _("Your answer is sent."))
    return True


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a claim of mine."""
    claim = get_object_or_404(Claim, pk=pk, claimed_by=member(request))
    try:
        actions.withdraw_claim(actor=member(request), claim=claim)
    except ContributionError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The claim is taken back."))
    return redirect("contributions:my_claims")
