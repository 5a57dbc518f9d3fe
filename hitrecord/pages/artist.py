"""An artist's page: works, remixes of them, credits, and who they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contributions.models import Contribution
from profiles.access import get_artist, member
from profiles.models import Artist, Follow
from profiles.models.event import topic_of
from profiles.paging import page
from projects.models import Credit

PAGE = 24


def artist(request: HttpRequest, handle: str) -> HttpResponse:
    """Works by the artist, or by others on top of them."""
    person = get_artist(handle)
    if person.closed_at:
        return render(request, "pages/artist_closed.html", {"artist": person}, status=410)
    shown = request.GET.get("show", "")
    works = Contribution.objects.published().for_cards()
    if shown == "remixes":
        works = (
            works.filter(source_edges__parent__artist=person, source_edges__unlinked_at=None)
            .exclude(artist=person)
            .distinct()
        )
    else:
        shown, works = "works", works.filter(artist=person)
    context = {
        **_frame(request, person),
        "tab": shown,
        "page": page(works, order=("-published_seq",), query=request.GET, size=PAGE),
    }
    return render(request, "pages/artist.html", context)


def credits_of(request: HttpRequest, handle: str) -> HttpResponse:
    """The artist's credits on productions, newest first."""
    person = get_artist(handle)
    rows = (
        Credit.objects.filter(artist=person)
        .select_related("production__project", "contribution")
        .order_by("-production_id", "position")
    )
    return render(request, "pages/artist_credits.html", {**_frame(request, person), "tab": "credits", "credits": rows})


def _frame(request: HttpRequest, person: Artist) -> dict[str, Any]:
    """What all tabs of the page share."""
    topic = topic_of(person)
    signed_in = request.user.is_authenticated
    return {
        "artist": person,
        "topic": topic,
        "is_own": request.user.pk == person.pk,
        "is_following": signed_in and Follow.objects.filter(artist=member(request), topic=topic).exists(),
        "follower_count": Follow.objects.filter(topic=topic).count(),
        "work_count": Contribution.objects.published().filter(artist=person).count(),
        "credit_count": Credit.objects.filter(artist=person).values("production").distinct().count(),
    }
