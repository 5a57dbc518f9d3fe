"""The remixes of one work, a page at a time: what "+n more" brings, in the order of publishing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from contributions.models import Contribution, Remix

# Of one work's sources that are shown, the nearest: the branch on which it hangs.
HOME = """
SELECT DISTINCT ON (r.child_id) r.child_id, r.parent_id
  FROM contributions_remix r JOIN contributions_contribution p ON p.id = r.parent_id
 WHERE r.child_id = ANY(%s) AND r.unlinked_at IS NULL
 ORDER BY r.child_id, p.generation DESC, r.rate_bps DESC, r.parent_id
"""


@dataclass(frozen=True)
class Leaf:
    """One remix on the page of a branch. `is_home` is false where it hangs on a nearer source elsewhere."""

    work: Contribution
    kind: str
    note: str
    is_home: bool


@dataclass(frozen=True)
class Branch:
    """Remixes of a work; `after` is the cursor of the next page, None on the last, `left` how many follow."""

    stem: Contribution
    leaves: list[Leaf]
    after: int | None
    left: int


def remixes_of(contribution: Contribution, *, after: int = 0, size: int) -> Branch:
    """The first `size` remixes published after the number `after`. Three queries, whatever the number."""
    edges = Remix.objects.filter(parent=contribution, unlinked_at=None, child_seq__gt=after).order_by("child_seq")
    shown = list(edges.select_related("child__artist", "child__current_version")[:size])
    left = edges.count() - len(shown)
    homes = homes_of([edge.child_id for edge in shown])
    leaves = [
        Leaf(work=edge.child, kind=edge.kind, note=edge.note, is_home=homes.get(edge.child_id) == contribution.pk)
        for edge in shown
    ]
    return Branch(stem=contribution, leaves=leaves, after=shown[-1].child_seq if left > 0 else None, left=max(left, 0))


def homes_of(ids: list[int]) -> dict[int, int]:
    """For each work, the source on which it hangs: of the latest generation, and of those the one it took most of."""
    with connection.cursor() as cursor:
        cursor.execute(HOME, [ids])
        return dict(cursor.fetchall())
