"""Which works did you use? A search that works without script, rows to describe, requests to answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contributions import access, actions
from contributions.errors import ContributionError
from contributions.forms import DescribeSourceForm, ExternalSourceForm, SourceForm
from contributions.models import Contribution, DraftSource, InfluenceRate, Remix
from contributions.views import claims
from contributions.views.edit import sources_of
from contributions.views.posting import Request, number
from profiles.access import member

SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def sources(request: Request, pk: int) -> HttpResponse:
    """Search (GET ?q=) and add a source, from here or from elsewhere (POST)."""
    work = access.get_own(request.user, pk)
    is_external = request.POST.get("from") == "elsewhere"
    here = SourceForm(request.POST if request.method == "POST" and not is_external else None)
    elsewhere = ExternalSourceForm(request.POST if is_external else None, prefix="external")
    form = elsewhere if is_external else here
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, work, form)
        except ContributionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The source is named."))
            return redirect("contributions:sources", pk)
    if request.htmx and request.method == "GET":
        return render(request, "contributions/_source_results.html", {**_found(request, work), "work": work})
    return _sources_page(request, work, here, elsewhere)


def _sources_page(
    request: HttpRequest,
    work: Contribution,
    here: SourceForm,
    elsewhere: ExternalSourceForm,
    described: DescribeSourceForm | None = None,
) -> HttpResponse:
    """`described` is the form of a source that was refused; its row shows it as it was sent."""
    forms = (here, elsewhere, described)
    refused = next((form for form in forms if form is not None and form.errors), None)
    context = {
        **_found(request, work),
        "work": work,
        "here": here,
        "elsewhere": elsewhere,
        "refused": refused,
        "sources": sources_of(work, described),
    }
    return render(request, "contributions/sources.html", context, status=422 if refused else 200)


def _found(request: HttpRequest, work: Contribution) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    taken = set(work.draft_sources.values_list("source_id", flat=True))
    results = access.search_sources(request.user, words) if words else []
    return {"q": words, "results": [result for result in results if result.pk != work.pk], "taken": taken}


def _add(request: HttpRequest, work: Contribution, form: SourceForm | ExternalSourceForm) -> None:
    if isinstance(form, ExternalSourceForm):
        actions.add_external_source(actor=member(request), contribution=work, **form.cleaned_data)
        return
    try:
        source = access.get_contribution(request.user, form.cleaned_data["source"])
    except Http404 as error:
        raise ContributionError(_("There is no such work on this site.")) from error
    actions.add_source(
        actor=member(request),
        contribution=work,
        source=source,
        kind=form.cleaned_data["kind"],
        note=form.cleaned_data["note"],
    )


@login_required
@require_POST
def source(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Describe a chosen source, or with `remove` take it away."""
    work = access.get_own(request.user, pk)
    chosen = get_object_or_404(DraftSource.objects.select_related("contribution"), pk=row, contribution=work)
    back = redirect("contributions:sources" if request.POST.get("on") == "sources" else "contributions:edit", pk)
    if "remove" in request.POST:
        actions.remove_source(actor=member(request), row=chosen)
        messages.success(request, _("The source is taken away."))
        return back
    form = DescribeSourceForm(request.POST, row=chosen, table=InfluenceRate.objects.in_force())
    if form.is_valid():
        try:
            actions.describe_source(actor=member(request), row=chosen, **form.cleaned_data)
        except ContributionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return back
    return _sources_page(request, work, SourceForm(), ExternalSourceForm(prefix="external"), form)


@login_required
@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks to build on a work of mine, what it is said to build on, who did build on it; and my answers."""
    work = access.get_own(request.user, pk)
    asked = DraftSource.objects.filter(source=work, asked_at__isnull=False).select_related(
        "contribution__artist", "source"
    )
    if request.method == "POST" and "claim" in request.POST:
        refused = {"claim": number(request.POST.get("claim")), "answer": request.POST.get("answer", "")}
        if claims.answer(request, work):
            return redirect("contributions:requests", pk)
        return _requests_page(request, work, asked, refused)
    if request.method == "POST":
        row = get_object_or_404(asked, pk=number(request.POST.get("row")))
        granted = request.POST.get("answer") == "yes"
        actions.answer_request(actor=member(request), row=row, granted=granted)
        messages.success(request, _("Your answer is sent."))
        return redirect("contributions:requests", pk)
    return _requests_page(request, work, asked, {})


def _requests_page(
    request: HttpRequest, work: Contribution, asked: QuerySet[DraftSource], refused: dict[str, Any]
) -> HttpResponse:
    """`refused` holds the claim whose answer was not taken, and the words, so that nothing is lost."""
    context = {
        "work": work,
        "asked": asked.order_by("-asked_at")[:SHOWN],
        "claims": access.claims_about(request.user, work)[:SHOWN],
        "remixes": Remix.objects.filter(parent=work).select_related("child__artist").order_by("-child_seq")[:SHOWN],
        "refused": refused,
    }
    return render(request, "contributions/requests.html", context, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, pk: int, remix: int) -> HttpResponse:
    """Say what unlinking means, then no longer show one's work as the source of a remix."""
    work = access.get_own(request.user, pk)
    edge = get_object_or_404(Remix.objects.select_related("child__artist"), pk=remix, parent=work)
    if request.method == "POST":
        actions.unlink(actor=member(request), remix=edge)
        messages.success(request, _("The link is no longer shown. It still counts wherever money is divided."))
        return redirect("contributions:requests", pk)
    return render(request, "contributions/unlink.html", {"work": work, "edge": edge})
