"""Two works, or two versions of one, side by side: words, a slider, A and B, linked films."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import access
from contributions.models import Contribution, Version
from contributions.views.posting import number
from contributions.wordings import compare_versions

RANGE = re.compile(r"(\d{1,9})\.\.(\d{1,9})")


@dataclass(frozen=True)
class Side:
    """What stands on one side: a work as one of its versions shows it."""

    letter: str
    work: Contribution
    label: str
    note: str = ""
    # By how many hundredths of a decibel its sound is turned down so that both are equally loud; never up.
    quieter_x100: int = 0

    @property
    def quieter_db(self) -> float:
        return self.quieter_x100 / 100

    @property
    def full_text_url(self) -> str:
        return self.work.media.url("text/body.html")


@require_safe
def works(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """A work against another, usually its source: the other one stands first."""
    first, second = (access.get_contribution(request.user, number) for number in (other, pk))
    context: dict[str, Any] = {"work": second, "other": first}
    gone = [work for work in (first, second) if work.is_gone]
    if gone or first == second:
        history = access.prepared_versions(request.user, second) if not gone else []
        edges = second.source_edges.filter(parent__isnull=False, unlinked_at=None).select_related("parent")
        context |= {"gone": gone, "is_one": first == second, "history": history, "edges": edges}
        return render(request, "contributions/compare.html", context, status=410 if gone else 200)
    sides = _loud(*(Side(letter, work, work.title) for letter, work in (("A", first), ("B", second))))
    return render(request, "contributions/compare.html", {**context, **_compared(*sides)})


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions of a work, `?versions=2..3`; without it, or with others, the two latest."""
    work = access.get_contribution(request.user, pk)
    if work.is_gone:
        return redirect(work)
    history = access.prepared_versions(request.user, work)
    context: dict[str, Any] = {"work": work, "history": history, "of_versions": True}
    if len(history) > 1:
        chosen, complaint = _asked(request, history)
        sides = _loud(*(_side(letter, work, one) for letter, one in zip("AB", chosen, strict=True)))
        context |= {**_compared(*sides), "complaint": complaint, "chosen": [one.number for one in chosen]}
    return render(request, "contributions/compare.html", context)


def _asked(request: HttpRequest, history: list[Version]) -> tuple[tuple[Version, Version], str]:
    """The versions asked for and what was wrong with the asking, if anything."""
    by_number = {version.number: version for version in history}
    found = RANGE.fullmatch(request.GET.get("versions", ""))
    wanted = found.groups() if found else (request.GET.get("from"), request.GET.get("to"))
    first, second = (by_number.get(number(text)) for text in wanted)
    if first and second and first != second:
        return (first, second), ""
    latest = history[1], history[0]
    if not any(wanted) and not request.GET.get("versions"):
        return latest, ""
    if first and first == second:
        return latest, _("These were one and the same version. The two latest are compared.")
    return latest, _("There are no such versions to see. The two latest are compared.")


def _side(letter: str, work: Contribution, version: Version) -> Side:
    label = _("Version %(number)d") % {"number": version.number}
    return Side(letter, work.as_of(version), label, version.note)


def _loud(first: Side, second: Side) -> tuple[Side, Side]:
    """Both turned down to the quieter of the two, as far as their measured loudness goes."""
    # The louder a recording, the smaller the gain it needs.
    gains = [side.work.media.gain_db for side in (first, second)]
    sides = (
        Side(side.letter, side.work, side.label, side.note, quieter_x100=round(100 * (max(gains) - gain)))
        for side, gain in zip((first, second), gains, strict=True)
    )
    one, other = sides
    return one, other


def _compared(first: Side, second: Side) -> dict[str, Any]:
    """Both sides, and how they are to be shown: by their medium, or merely beside one another."""
    sides = first, second
    waiting = [side for side in sides if not side.work.media.is_ready]
    same_medium = first.work.medium == second.work.medium
    context: dict[str, Any] = {
        "sides": sides,
        "waiting": waiting,
        "way": first.work.medium if same_medium else "beside",
    }
    if context["way"] == Contribution.Medium.TEXT and not waiting:
        context["wording"] = compare_versions(first.work.current_version, second.work.current_version)
    return context
