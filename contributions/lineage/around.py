"""The tree that a page draws around a work: bounded, so that it costs the same in any family.

At most LEVELS generations stand side by side. Above the work its line is drawn; where that is longer, the origin
stays and what lies between is folded. Below it each branch shows its first remixes and how many there are more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.urls import reverse

from contributions.models import Contribution, Family

# How many remixes of one work the tree shows before "+n more".
BRANCH = 6
# How many works below this one the tree holds at most.
TREE = 24
# How many generations stand side by side without scrolling on a desk.
LEVELS = 5
# How many sources of one work are drawn, and how many works above this one at most.
SOURCES = 6
ABOVE = 12

# The nearest first; the LIMIT ends the recursion. LATERAL keeps the walk on the index, one short scan a work.
_DOWN = """
WITH RECURSIVE walk(id, stem, seq, depth) AS (
    SELECT %(here)s::bigint, NULL::bigint, NULL::bigint, 0
    UNION
    SELECT next.id, walk.id, next.seq, walk.depth + 1 FROM walk CROSS JOIN LATERAL (
        SELECT r.child_id AS id, r.child_seq AS seq FROM contributions_remix r
         WHERE r.parent_id = walk.id AND r.unlinked_at IS NULL
         ORDER BY r.child_seq LIMIT %(branch)s) next
     WHERE walk.depth < %(levels)s
)
SELECT id, stem, seq FROM walk LIMIT %(most)s
"""
_UP = """
WITH RECURSIVE walk(id, depth) AS (
    SELECT %(here)s::bigint, 0
    UNION
    SELECT next.id, walk.depth + 1 FROM walk CROSS JOIN LATERAL (
        SELECT r.parent_id AS id
          FROM contributions_remix r JOIN contributions_contribution p ON p.id = r.parent_id
         WHERE r.child_id = walk.id AND r.unlinked_at IS NULL
         ORDER BY p.generation DESC, r.rate_bps DESC, r.parent_id LIMIT %(branch)s) next
     WHERE walk.depth < %(levels)s
)
SELECT id, depth FROM walk LIMIT %(most)s
"""


@dataclass
class TreeNode:
    """A work in the drawn tree. `also_from` names further sources than the branch it hangs on."""

    work: Contribution
    kind: str = ""
    current: bool = False
    note: str = ""
    children: list[TreeNode] = field(default_factory=list)
    # Remixes the tree leaves out, and the number in the order of publishing after which they begin.
    more_count: int = 0
    more_after: int = 0
    # Generations left out between this work and the one drawn below it.
    folded_count: int = 0
    also_from: list[Contribution] = field(default_factory=list)

    @property
    def more_url(self) -> str:
        """Where the remixes that the tree leaves out are listed."""
        return reverse("lineage", args=[self.work.pk])

    @property
    def more_part_url(self) -> str:
        """The same for htmx, which puts them into the list."""
        return f"{reverse('lineage_branch', args=[self.work.pk])}?after={self.more_after}"

    @property
    def folded_url(self) -> str:
        """The whole line, step by step."""
        return reverse("chain", args=[self.work.pk])


@dataclass(frozen=True)
class Tree:
    """The family of a work, as roots with nested branches, and its measures.

    `is_whole` is false where the family has not been counted yet and the numbers are those of the drawn part.
    """

    roots: list[TreeNode]
    work_count: int
    artist_count: int
    deepest: int
    is_whole: bool = True


@dataclass
class _Drawn:
    """Which works are drawn, before they are read."""

    here: int
    ids: list[int]
    # How far the list of each work's remixes is drawn: how many, and up to which number.
    begun: dict[int, tuple[int, int]]
    parents: dict[int, list[int]]
    kinds: dict[tuple[int, int], str]
    line: list[int]
    # The work at the top of a line too long to draw, and how many generations are left out below it.
    origin: int = 0
    folded: int = 0


def tree(contribution: Contribution, *, branch: int = BRANCH, limit: int = TREE) -> Tree:
    """The family around a work as a nested list. Five queries, whatever its size."""
    family = Family.objects.filter(pk=contribution.pk).select_related("origin").first()
    drawn = _draw(contribution, family, branch, limit)
    works = Contribution.objects.filter(pk__in=drawn.ids).for_cards()
    nodes = {work.pk: TreeNode(work=work, current=work.pk == contribution.pk) for work in works}
    roots = _hang(nodes, drawn)
    if family is None:
        artists = len({node.work.artist_id for node in nodes.values()})
        deepest = max(node.work.generation for node in nodes.values())
        return Tree(roots, len(nodes), artists, deepest, is_whole=contribution.published_seq is None)
    return Tree(roots, family.work_count, family.artist_count, family.deepest)


def _draw(contribution: Contribution, family: Family | None, branch: int, limit: int) -> _Drawn:
    above = _above(contribution)
    parents, kinds = _edges([contribution.pk, *above]) if above else ({}, {})
    line = _line_from(contribution.pk, parents)
    kept, origin, folded = _fold(contribution, family, line, above)
    levels = LEVELS - 1 - min(len(line), LEVELS - 2)
    begun, below = _below(contribution, branch=branch, levels=levels, limit=limit)
    ids = [contribution.pk, *kept, *below]
    # Once more, now with the works below and without what is folded.
    parents, kinds = _edges(ids) if len(ids) > 1 else ({}, {})
    line = _line_from(contribution.pk, parents)
    return _Drawn(contribution.pk, ids, begun, parents, kinds, line, origin, folded)


def _above(contribution: Contribution) -> dict[int, int]:
    """The nearest sources, theirs and so on: id and depth."""
    known = {"here": contribution.pk, "branch": SOURCES, "levels": LEVELS - 2, "most": ABOVE + 1}
    with connection.cursor() as cursor:
        cursor.execute(_UP, known)
        found: dict[int, int] = {}
        for pk, depth in cursor.fetchall():
            found.setdefault(pk, depth)
    del found[contribution.pk]
    return found


def _fold(
    contribution: Contribution, family: Family | None, line: list[int], above: dict[int, int]
) -> tuple[list[int], int, int]:
    """The works to draw above, the origin that stays of a longer line, and how many generations are left out."""
    is_longer = len(line) == LEVELS - 2 or len(above) >= ABOVE
    if family is None or not is_longer or family.origin_id in {contribution.pk, *line}:
        return list(above), 0, 0
    near = [pk for pk, depth in above.items() if depth == 1]
    folded = max(contribution.generation - family.origin.generation - 2, 1)
    return [family.origin_id, *near], family.origin_id, folded


def _below(
    contribution: Contribution, *, branch: int, levels: int, limit: int
) -> tuple[dict[int, tuple[int, int]], list[int]]:
    known = {"here": contribution.pk, "branch": branch, "levels": levels, "most": limit + 1}
    begun: dict[int, tuple[int, int]] = {}
    found: dict[int, None] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, known)
        for pk, stem, seq in cursor.fetchall():
            if stem is None:
                begun[pk] = (0, 0)
                continue
            begun[stem] = (begun[stem][0] + 1, seq)
            begun.setdefault(pk, (0, 0))
            found[pk] = None
    return begun, list(found)


def _edges(ids: list[int]) -> tuple[dict[int, list[int]], dict[tuple[int, int], str]]:
    """Each work's sources among the ids, nearest first, and each edge's kind."""
    parents: dict[int, list[int]] = defaultdict(list)
    kinds: dict[tuple[int, int], str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.child_id, r.parent_id, r.kind FROM contributions_remix r"
            " JOIN contributions_contribution p ON p.id = r.parent_id"
            " WHERE r.child_id = ANY(%s) AND r.parent_id = ANY(%s) AND r.unlinked_at IS NULL"
            " ORDER BY r.child_id, p.generation DESC, r.rate_bps DESC, r.parent_id",
            [ids, ids],
        )
        for child, parent, kind in cursor.fetchall():
            parents[child].append(parent)
            kinds[child, parent] = kind
    return parents, kinds


def _line_from(here: int, parents: dict[int, list[int]]) -> list[int]:
    """The first parents above a work, nearest first."""
    line: list[int] = []
    near = parents.get(here)
    while near:
        line.append(near[0])
        near = parents.get(near[0])
    return line


def _hang(nodes: dict[int, TreeNode], drawn: _Drawn) -> list[TreeNode]:
    """Hang each node on one parent; what hangs on none is a root, the line's own root first."""
    roots: list[TreeNode] = []
    line = {drawn.here, *drawn.line}
    for pk in sorted(nodes, key=lambda pk: (nodes[pk].work.published_seq or 0, pk)):
        node, sources = nodes[pk], drawn.parents.get(pk, [])
        if pk in drawn.begun:
            count, node.more_after = drawn.begun[pk]
            node.more_count = max(node.work.remix_count - count, 0)
        # Through a diamond, prefer the parent that keeps the line to this work unbroken.
        home = next((source for source in sources if source in line), sources[0] if sources else 0)
        if home:
            node.kind = drawn.kinds[pk, home]
            node.also_from = [nodes[source].work for source in sources if source != home]
            nodes[home].children.append(node)
        else:
            roots.append(node)
    if drawn.origin:
        _join(nodes, roots, drawn)
    return sorted(roots, key=lambda root: root.work.pk not in line | {drawn.origin})


def _join(nodes: dict[int, TreeNode], roots: list[TreeNode], drawn: _Drawn) -> None:
    """Hang the top of the drawn line on its origin, across the generations that are folded."""
    origin, top = nodes[drawn.origin], nodes[drawn.line[-1] if drawn.line else drawn.here]
    if top in roots:
        roots.remove(top)
        origin.children.insert(0, top)
        origin.folded_count = drawn.folded
