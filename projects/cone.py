"""All works that the works of a cut were made from: the ancestor cone, in one recursive query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

CONE = """
WITH RECURSIVE cone(id, depth) AS (
    SELECT work, 0 FROM unnest(%(works)s::bigint[]) AS work
    UNION
    SELECT edge.parent_id, cone.depth + 1
      FROM contributions_remix edge JOIN cone ON edge.child_id = cone.id
     WHERE edge.parent_id IS NOT NULL AND (NOT %(linked_only)s OR edge.unlinked_at IS NULL)
       AND (NOT %(material_only)s OR edge.kind <> 'inspired')
)
SELECT id, min(depth) FROM cone GROUP BY id ORDER BY min(depth), id
"""


@dataclass(frozen=True, slots=True)
class ConeWork:
    """A work of the cone and how far it stands from the cut: 0 is in the cut itself."""

    contribution_id: int
    depth: int


def cone_of(
    contribution_ids: Iterable[int], *, linked_only: bool = False, material_only: bool = False
) -> list[ConeWork]:
    """The works themselves and all their ancestors, nearest first.

    `linked_only` leaves out sources whose artist asked not to be named; money and rights still follow them.
    `material_only` leaves out what merely inspired: an idea needs no licence.
    """
    works = sorted(set(contribution_ids))
    if not works:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CONE, {"works": works, "linked_only": linked_only, "material_only": material_only})
        return [ConeWork(*row) for row in cursor.fetchall()]
