"""The phases of a challenge for drawing: pure, no database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from challenges.models import Challenge


def phases(challenge: Challenge, now: datetime) -> list[dict[str, Any]]:
    """Three steps with their end, and how far the present one has gone in per cent."""
    steps = (
        (_("Make and submit"), challenge.opens_at, challenge.closes_at),
        (_("Review"), challenge.closes_at, challenge.results_at),
    )
    drawn = [
        {"label": label, "moment": end, "state": _state(start, end, now), "percent": _percent(start, end, now)}
        for label, start, end in steps
    ]
    # Reviewing ends when the results come out: one day said twice would look like two.
    drawn[1] |= {"moment": None, "words": _("until the results")}
    out = challenge.results_published_at
    drawn.append(
        {
            "label": _("Results"),
            "moment": out or challenge.results_at,
            "state": "done" if out else "later",
            "percent": 0,
        }
    )
    return drawn


def _state(start: datetime, end: datetime, now: datetime) -> str:
    if now >= end:
        return "done"
    return "now" if now >= start else "later"


def _percent(start: datetime, end: datetime, now: datetime) -> int:
    whole = (end - start).total_seconds()
    return min(100, max(0, round((now - start).total_seconds() * 100 / whole))) if whole else 100
