"""The page of a work's details and rights, and publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contributions import access, actions, holds
from contributions.actions.publishing import hindrances
from contributions.errors import ContributionError, PublishRefused
from contributions.forms import DescribeSourceForm, DetailsForm, RightsForm
from contributions.models import Contribution, DraftSource, InfluenceRate
from contributions.views.likenesses import questions_context
from contributions.views.posting import posted
from contributions.views.status import row_context
from profiles.access import member

OF_RIGHTS = ("licence", "remix_permission", "production_permission", "original_work", "ai_use", "ai_note")
OF_DETAILS = ("title", "description", "alt_text", "language", "ai_training")


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the details; with the button Publish, publish as well."""
    work = access.get_own(request.user, pk)
    if work.is_gone:
        return redirect(work)
    form = _form(request, work)
    if request.method == "POST" and form.is_valid():
        try:
            work = actions.update_details(actor=member(request), contribution=work, **form.cleaned_data)
            if "publish" in request.POST:
                work = actions.publish_contribution(actor=member(request), contribution=work)
        except PublishRefused as refused:
            _show_problems(form, refused)
        except ContributionError as refused:
            form.add_error(None, str(refused))
        else:
            return _saved(request, work)
    form.mark_needed()
    return render(request, "contributions/edit.html", _context(request, work, form), status=422 if form.errors else 200)


def _form(request: HttpRequest, work: Contribution) -> DetailsForm:
    """A published work is no longer asked about rights; a first draft is asked as its artist answered last."""
    names = OF_DETAILS if work.published_seq is not None else OF_DETAILS + OF_RIGHTS
    initial: dict[str, Any] = {name: getattr(work, name) for name in names}
    initial["tags"] = ", ".join(work.tags.values_list("name", flat=True))
    initial["content_notes"] = ", ".join(work.content_notes)
    if work.published_seq is not None:
        return DetailsForm(posted(request)[0], initial=initial, contribution=work)
    if work.licence is None:
        initial |= access.first_answers(work.artist)
    return RightsForm(posted(request)[0], initial=initial, contribution=work, against=hindrances(work))


def _show_problems(form: DetailsForm, refused: PublishRefused) -> None:
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def _saved(request: HttpRequest, work: Contribution) -> HttpResponse:
    if work.is_published:
        if "publish" in request.POST:
            messages.success(request, _("“%(title)s” is published.") % {"title": work.title})
        else:
            messages.success(request, _("The details are saved."))
        return redirect(work)
    if work.publish_when_ready and "publish" in request.POST:
        messages.success(request, _("It will be published by itself as soon as it is ready. You may close this page."))
    else:
        messages.success(request, _("The draft is saved."))
    return redirect("contributions:edit", work.pk)


def _context(request: HttpRequest, work: Contribution, form: DetailsForm) -> dict[str, Any]:
    context = {
        **row_context(work),
        "form": form,
        "edges": work.source_edges.select_related("parent__artist", "external") if work.published_seq else [],
        "holds": holds.holds_on(work) if work.is_published else [],
        "latest": work.versions.order_by("-number").first(),
    }
    if work.published_seq is None:
        context |= {"sources": sources_of(work), **questions_context(work)}
    return context


def sources_of(
    work: Contribution, refused: DescribeSourceForm | None = None
) -> list[tuple[DraftSource, DescribeSourceForm]]:
    """The chosen sources with all that their rows show, each with its form; of one, the form that was refused."""
    chosen = work.draft_sources.select_related(
        "source__artist", "source__current_version", "source__licence", "external", "contribution"
    )
    table = InfluenceRate.objects.in_force()
    made = [(row, DescribeSourceForm(row=row, table=table)) for row in chosen.order_by("pk")]
    return [(row, refused if refused and refused.row.pk == row.pk else form) for row, form in made]


@login_required
@require_POST
def cancel_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not publish by itself after all."""
    work = access.get_own(request.user, pk)
    actions.cancel_wish(actor=member(request), contribution=work)
    messages.success(request, _("It stays a draft until you publish it."))
    return redirect(reverse("contributions:edit", args=[pk]))
