"""The front door: what this is, what is open, what is new."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from challenges.models import Challenge
from contributions.models import Contribution, Remix
from hitrecord.pages.explore import fresh
from projects.models import Project

CHAIN = 5
OPEN = 3
PRODUCTIONS = 6


def home(request: HttpRequest) -> HttpResponse:
    """One chain of remixes, the open challenges, productions and fresh work."""
    challenges = Challenge.objects.open_now().select_related("project", "step").order_by("closes_at")
    context = {
        "chain": chain(),
        "challenges": challenges[:OPEN],
        "challenge_count": challenges.count(),
        "projects": Project.objects.public()
        .filter(status__in=[Project.Status.IN_PRODUCTION, Project.Status.RELEASED])
        .select_related("cover__current_version", "cover__artist")
        .order_by("-pk")[:PRODUCTIONS],
        **fresh(request, Contribution.objects.all(), size=12),
    }
    return render(request, "pages/home.html", context)


def chain() -> list[Contribution]:
    """The best-liked work that is four hands away from an original, and the line back to it, oldest first.

    A young site shows the longest line it has. One query a generation, at most five.
    """
    works = Contribution.objects.published().for_cards().filter(generation__range=(1, CHAIN - 1))
    work = works.order_by("-generation", "-heart_count", "published_seq").first()
    line: list[Contribution] = []
    while work is not None:
        line.append(work)
        edge = (
            Remix.objects.filter(child=work, parent__status=Contribution.Status.PUBLISHED)
            .select_related("parent__artist", "parent__current_version")
            .order_by("-parent__generation", "-rate_bps", "pk")
            .first()
        )
        work = edge.parent if edge else None
    return line[::-1]
