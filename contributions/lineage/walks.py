"""All ancestors or descendants of a work, however many. For commands and tasks, never for a page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection

from contributions.models import Contribution

# The works first, each once; then their edges, so that depth is found without walking every path.
_EDGES = """
WITH RECURSIVE seen(id) AS (
    SELECT %s::bigint
    UNION
    SELECT r.{to} FROM contributions_remix r JOIN seen ON r.{fro} = seen.id WHERE r.{to} IS NOT NULL
)
SELECT r.{fro}, r.{to}, r.kind FROM contributions_remix r JOIN seen ON r.{fro} = seen.id
 WHERE r.{to} IS NOT NULL ORDER BY r.id
"""


@dataclass(frozen=True)
class Relative:
    """A work somewhere up or down the lineage of another. Depth is the shortest distance in edges."""

    id: int
    depth: int
    kind: str

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "depth": self.depth, "kind": self.kind}


def ancestors(contribution: Contribution) -> list[Relative]:
    """All works this one builds on, nearest first."""
    return _walk(contribution, fro="child_id", to="parent_id")


def descendants(contribution: Contribution) -> list[Relative]:
    """All works that build on this one, nearest first."""
    return _walk(contribution, fro="parent_id", to="child_id")


def _walk(contribution: Contribution, *, fro: str, to: str) -> list[Relative]:
    near: dict[int, list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_EDGES.format(fro=fro, to=to), [contribution.pk])
        for work, other, kind in cursor.fetchall():
            near[work].append((other, kind))
    found: dict[int, Relative] = {}
    reached = [contribution.pk]
    depth = 0
    while reached:
        depth += 1
        following = []
        for work in reached:
            for other, kind in near[work]:
                if other not in found:
                    found[other] = Relative(other, depth, kind)
                    following.append(other)
        reached = following
    return sorted(found.values(), key=lambda row: (row.depth, row.id))
