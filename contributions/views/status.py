"""How far a work is: one small fragment, polled while there is something to wait for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import retarget

from contributions import access, actions, stages
from contributions.errors import ContributionError
from contributions.models import Contribution, Job, Upload
from contributions.views.likenesses import questions_context
from contributions.views.posting import Request, number
from profiles.access import member


def shown_of(work: Contribution) -> str:
    """What of a work can be seen or played so far, in a word that changes when the page should show more."""
    return "player" if work.media_sources else str(len(work.media.names))


def row_context(contribution: Contribution, job: Job | None = None, *, known: bool = False) -> dict[str, Any]:
    """What `_row.html` and `_status.html` show of one work."""
    if not known:
        job = Job.objects.filter(version__contribution=contribution).order_by("-pk").first()
    return {
        "work": contribution,
        "job": job,
        "stage_words": stages.words_of(job.stage) if job else "",
        "is_waiting": bool(job and job.is_live),
        "shown": shown_of(contribution),
    }


def rows_of(works: Iterable[Contribution]) -> list[dict[str, Any]]:
    """The same for a list, in one query."""
    works = list(works)
    latest: dict[int, Job] = {}
    jobs = Job.objects.filter(version__contribution__in=works).select_related("version").order_by("pk")
    for job in jobs:
        latest[job.version.contribution_id] = job
    moving = set(
        Upload.objects.filter(contribution__in=works, status=Upload.Status.OPEN).values_list(
            "contribution_id", flat=True
        )
    )
    return [{**row_context(work, latest.get(work.pk), known=True), "is_moving": work.pk in moving} for work in works]


@login_required
@require_safe
def status(request: Request, pk: int) -> HttpResponse:
    """The fragment for htmx: a row of the tray or the panel of the edit page. Others are led to that page."""
    contribution = access.get_own(request.user, pk)
    if not request.htmx:
        return redirect("contributions:edit", pk)
    context = row_context(contribution)
    if request.GET.get("as") == "row":
        return render(request, "contributions/_row.html", context)
    if "shown" not in request.GET:
        return render(request, "contributions/_status.html", context | questions_context(contribution))
    if context["is_waiting"] and request.GET["shown"] == context["shown"]:
        # Only the bar: whoever watches the first version meanwhile is not interrupted.
        return render(request, "contributions/_progress.html", context)
    panel = render(request, "contributions/_status.html", context | questions_context(contribution))
    return retarget(panel, "#status-panel")


@login_required
@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    """Try a failed preparation again."""
    contribution = access.get_own(request.user, pk)
    job = get_object_or_404(Job, pk=number(request.POST.get("job")), version__contribution=contribution)
    try:
        actions.retry_transcode(actor=member(request), job=job)
    except ContributionError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is being prepared again."))
    if request.htmx:
        template = "contributions/_row.html" if request.GET.get("as") == "row" else "contributions/_status.html"
        return render(request, template, row_context(access.get_own(request.user, pk)))
    return redirect("contributions:edit", pk)
