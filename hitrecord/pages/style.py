"""The living style page: every part of the design system with made-up content.

It exists so that people can see a part before using it, and so that pictures and
accessibility checks can be taken of all of them at once. Only with DEBUG or DEMO.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from contributions.pins import pinned
from hitrecord.pages import specimens


def style(request: HttpRequest) -> HttpResponse:
    """The page; unknown in production."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    works, remarks = specimens.WORKS, specimens.thread()
    context = {
        "works": works,
        "chain": works[:5],
        "text": works[0],
        "image": works[2],
        "audio": works[3],
        "video": works[4],
        "remarks": remarks,
        "pins": pinned(remarks, 192_000),
        "owner": specimens.PEOPLE[3],
        "person": specimens.PEOPLE[3],
        "roots": specimens.lineage(),
        "forms": (specimens.SpecimenForm(), specimens.refused_form()),
        "closes": specimens.CLOSES,
        "phases": specimens.PHASES,
        "steps": specimens.STEPS,
        "flow": specimens.FLOW,
        "pills": specimens.PILLS,
        "icons": specimens.ICONS,
        "colours": range(6),
    }
    return render(request, "pages/style.html", context)
