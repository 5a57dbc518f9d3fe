"""One box over works, people, challenges and projects."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from challenges.models import Challenge
from contributions.models import Contribution, Tag
from profiles.models import Artist
from projects.models import Project

SHORTEST = 2
WORKS = 24
OTHERS = 8


def search(request: HttpRequest) -> HttpResponse:
    """Results by kind; a word too short or not found says so and suggests tags."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context: dict[str, object] = {"q": words, "too_short": bool(words) and len(words) < SHORTEST}
    if len(words) >= SHORTEST:
        query = SearchQuery(words, config="simple", search_type="websearch")
        works = Contribution.objects.published().for_cards()
        found = works.filter(Q(search=query) | Q(title__icontains=words) | Q(tags__name__iexact=words)).distinct()
        context |= {
            "works": found.annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "-published_seq")[:WORKS],
            "people": Artist.objects.filter(closed_at=None)
            .filter(Q(display_name__icontains=words) | Q(handle__icontains=words))
            .order_by("display_name")[:OTHERS],
            "challenges": Challenge.objects.visible()
            .filter(Q(title__icontains=words) | Q(prompt__icontains=words))
            .order_by("-closes_at")[:OTHERS],
            "projects": Project.objects.public()
            .filter(Q(title__icontains=words) | Q(logline__icontains=words))
            .order_by("-pk")[:OTHERS],
        }
    context["tags"] = Tag.objects.order_by("name")[:30]
    return render(request, "pages/search.html", context)
