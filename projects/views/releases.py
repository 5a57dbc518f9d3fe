"""The catalogue: everything published, and where to get it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from projects import access, parts, showing
from projects.models import Production, Release
from projects.views._common import Request, page_of

PAGE = 24


@require_GET
def releases(request: Request) -> HttpResponse:
    """Books, vinyl, films, DVDs and episodes, newest first."""
    found = Release.objects.filter(production__in=Production.objects.visible_to(request.user))
    related = ("production__project", "cover__current_version", "cover__artist")
    rows, more_url = page_of(request, found.select_related(*related), PAGE)
    return render(request, "projects/releases.html", {"releases": rows, "more_url": more_url})


@require_GET
def release(request: Request, slug: str) -> HttpResponse:
    """One release: where to get it, what is in it, who made it."""
    found = access.get_release(request.user, slug)
    cut = showing.cut_shown(found.production)
    context = {
        "release": found,
        "production": found.production,
        "project": found.production.project,
        "outlets": list(found.outlets.all()),
        "cut": cut,
        "sections": showing.section_views(cut),
        "credits": showing.credits_view(found.production, request.user),
        "presents": showing.presents(found.production.project.kind),
        "money": parts.drawn("money", request, found.production),
    }
    return render(request, "projects/release.html", context)
