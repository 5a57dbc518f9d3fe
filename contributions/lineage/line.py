"""One line through the graph: up by the nearest source to where it began, down by one remix each."""

from __future__ import annotations

from enum import StrEnum

from django.db import connection

from contributions.models import Contribution

# Nothing that people make is longer; the bound only keeps a walk finite.
LONGEST = 5000

_UP = """
WITH RECURSIVE line(id, step) AS (
    SELECT %(id)s::bigint, 0
    UNION ALL
    SELECT home.id, line.step + 1 FROM line CROSS JOIN LATERAL (
        SELECT r.parent_id AS id
          FROM contributions_remix r JOIN contributions_contribution p ON p.id = r.parent_id
         WHERE r.child_id = line.id AND r.unlinked_at IS NULL
         ORDER BY p.generation DESC, r.rate_bps DESC, r.parent_id LIMIT 1) home
     WHERE line.step < %(most)s
)
SELECT id FROM line WHERE step > 0 ORDER BY step
"""

_DOWN = """
WITH RECURSIVE line(id, step) AS (
    SELECT %(id)s::bigint, 0
    UNION ALL
    SELECT next.id, line.step + 1 FROM line CROSS JOIN LATERAL (
        SELECT r.child_id AS id
          FROM contributions_remix r JOIN contributions_contribution c ON c.id = r.child_id
         WHERE r.parent_id = line.id AND r.unlinked_at IS NULL AND c.status = 'published'
         ORDER BY {order} r.child_seq LIMIT 1) next
     WHERE line.step < %(most)s
)
SELECT id FROM line WHERE step > 0 ORDER BY step
"""


class Onward(StrEnum):
    """Which remix a line follows where there are several."""

    LOVED = "loved"
    FIRST = "first"


def line_above(contribution: Contribution, *, most: int = LONGEST) -> list[int]:
    """The ids from the nearest source up to the origin, nearest first. One query."""
    return _follow(_UP, contribution, most)


def line_below(contribution: Contribution, *, onward: Onward, most: int = LONGEST) -> list[int]:
    """The ids of the remix, its remix and so on: each time the most liked, or the first. One query."""
    order = "c.heart_count DESC," if onward is Onward.LOVED else ""
    return _follow(_DOWN.format(order=order), contribution, most)


def _follow(sql: str, contribution: Contribution, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": contribution.pk, "most": most})
        return [pk for (pk,) in cursor.fetchall()]
