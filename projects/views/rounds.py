"""Green-light rounds: votes saved at once, with a receipt; after the close the tally and the ballots."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from projects import access, actions, ballots
from projects.actions.rounds import candidate_names, papers_of
from projects.eligibility import may_vote
from projects.errors import ProjectError
from projects.models import Ballot, Candidate, Round
from projects.views._common import ArtistRequest, Request, page_of, refused

PAGE = 12


@require_GET
def rounds(request: Request) -> HttpResponse:
    """The round that is open, those to come and those that are counted."""
    standing = Prefetch("candidates", Candidate.objects.select_related("project"), to_attr="standing")
    rows, more_url = page_of(request, Round.objects.prefetch_related(standing), PAGE)
    return render(request, "projects/rounds.html", {"rounds": rows, "more_url": more_url, "now": timezone.now()})


@require_GET
def voting_round(request: Request, pk: int) -> HttpResponse:
    """The candidates; a button each while it is open, bars when it is counted."""
    found = access.get_round(request.user, pk)
    return render(request, "projects/round.html", _round_context(request, found))


@login_required
@require_POST
def approve(request: ArtistRequest, pk: int, candidate: int) -> HttpResponse:
    """Save a vote at once."""
    return _vote(request, pk, candidate, actions.approve, _("Saved. You can take it back until the round closes."))


@login_required
@require_POST
def withdraw(request: ArtistRequest, pk: int, candidate: int) -> HttpResponse:
    """Take a vote back at once."""
    return _vote(request, pk, candidate, actions.withdraw_approval, _("Taken back."))


@require_GET
def published_ballots(request: Request, pk: int, form: str) -> HttpResponse:
    """Every ballot by its receipt, so that anybody can count again. Only once the round is counted."""
    found = access.get_round(request.user, pk)
    if found.result is None:
        raise Http404(f"round {pk} is not counted")
    papers, names = [paper for paper in papers_of(found) if paper.approves], candidate_names(found)
    if form == "json":
        titles = {str(c.project_id): c.project.title for c in found.candidates.select_related("project")}
        return JsonResponse({"round": found.pk, "titles": titles, **ballots.to_json(papers, names)})
    response = HttpResponse(ballots.to_csv(papers, names), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="round-{found.pk}-ballots.csv"'
    return response


def _vote(request: ArtistRequest, pk: int, candidate_pk: int, action: Any, words: str) -> HttpResponse:
    candidate = access.get_candidate(request.user, pk, candidate_pk)
    try:
        action(actor=request.user, candidate=candidate)
    except ProjectError as error:
        return refused(request, error, candidate.round)
    if not request.htmx:
        messages.success(request, words)
        return redirect(f"{candidate.round.get_absolute_url()}#candidate-{candidate.pk}")
    context = _round_context(request, candidate.round)
    shown = next(row for row in context["candidates"] if row.pk == candidate.pk)
    return render(request, "projects/_voted.html", context | {"candidate": shown, "saved": words})


def _round_context(request: Request, found: Round) -> dict[str, Any]:
    candidates = list(
        Candidate.objects.filter(round=found).select_related(
            "project__artist", "project__cover__current_version", "project__cover__artist"
        )
    )
    ballot = Ballot.objects.filter(round=found, voter_id=request.user.pk or 0).first()
    marks = set(ballot.approvals.values_list("candidate_id", flat=True)) if ballot else set()
    return {
        "round": found,
        "candidates": candidates,
        "ballot": ballot,
        "marks": marks,
        "eligibility": may_vote(request.user, found),
        "standings": _standings(found, candidates),
        "now": timezone.now(),
    }


def _standings(found: Round, candidates: list[Candidate]) -> list[dict[str, Any]]:
    """The stored tally with the pitches it is about."""
    by_project = {str(candidate.project_id): candidate.project for candidate in candidates}
    stored = (found.result or {}).get("standings", [])
    return [row | {"project": by_project[row["candidate"]], "percent": row["approval_bps"] / 100} for row in stored]
