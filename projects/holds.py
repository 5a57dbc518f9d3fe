"""Locked cuts keep a work that its artist withdraws later: the terms for contributions say so."""

from __future__ import annotations

from collections.abc import Iterable

from contributions.holds import Hold
from contributions.models import Contribution
from projects.models import Cut


def locked_cuts(contribution: Contribution) -> Iterable[Hold]:
    """Each production once, since its first locked cut with the work; one query."""
    cuts = Cut.objects.filter(cues__contribution=contribution, status=Cut.Status.LOCKED).distinct()
    found: dict[int, Hold] = {}
    for cut in cuts.select_related("production__project").order_by("locked_at", "pk"):
        if cut.locked_at is not None:
            production = cut.production
            hold = Hold(production.title, production.get_absolute_url(), cut.locked_at)
            found.setdefault(cut.production_id, hold)
    return found.values()
