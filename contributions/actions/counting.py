"""Counters are columns, not COUNT(*): changed together with the rows they count."""

from __future__ import annotations

from typing import Final

from django.db.models import F
from django.db.models.functions import Greatest

from contributions.models import Contribution

COUNTERS: Final = frozenset({"heart_count", "remix_count", "comment_count", "recommendation_count"})


def adjust_count(*, contribution: Contribution, field: str, by: int) -> None:
    """Add to one of COUNTERS, never below zero. Call it inside the transaction that writes the row."""
    if field not in COUNTERS:
        raise ValueError(f"{field} is no counter")
    Contribution.objects.filter(pk=contribution.pk).update(**{field: Greatest(F(field) + by, 0)})
