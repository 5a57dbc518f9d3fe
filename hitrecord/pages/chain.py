"""A work's chain: what it came from and what became of it, one after the other, to be heard, seen and read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from contributions import access
from contributions.lineage import Onward, line_above, line_below
from contributions.models import Contribution, Remix
from contributions.views.posting import number

# Players are heavy: this many steps a page.
PAGE = 8
ONWARD = ((Onward.LOVED, _("the most liked remix")), (Onward.FIRST, _("the first remix")))


@dataclass(frozen=True)
class Step:
    """A work of the chain, and how it builds on the one before."""

    work: Contribution
    number: int
    edge: Remix | None
    is_here: bool


@require_safe
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """From the origin through this work to the last remix, by pages; the first page shown is the one it stands on."""
    work = access.get_contribution(request.user, pk)
    asked = request.GET.get("onward", "")
    onward = Onward(asked) if asked in set(Onward) else Onward.LOVED
    above = line_above(work)
    ids = [*reversed(above), pk, *line_below(work, onward=onward)]
    last = (len(ids) - 1) // PAGE + 1
    shown = min(number(request.GET.get("page")) or len(above) // PAGE + 1, last)
    context = {
        "work": work,
        "steps": steps(ids, first=(shown - 1) * PAGE, here=pk),
        "total": len(ids),
        "onward": onward,
        "ways": ONWARD,
        "page_number": shown,
        "page_count": last,
    }
    return render(request, "pages/chain.html", context)


def steps(ids: list[int], *, first: int, here: int) -> list[Step]:
    """A page of the chain, each with the edge to the work before it."""
    shown = ids[first : first + PAGE]
    before = dict(zip(ids[1:], ids, strict=False))
    works = Contribution.objects.filter(pk__in=shown).for_cards().in_bulk()
    edges = Remix.objects.filter(child__in=shown, parent__in=[before[pk] for pk in shown if pk in before])
    by_pair = {(edge.child_id, edge.parent_id): edge for edge in edges}
    return [
        Step(works[pk], first + place, by_pair.get((pk, before.get(pk))), is_here=pk == here)
        for place, pk in enumerate(shown, start=1)
    ]
