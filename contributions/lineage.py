"""Reading the graph of who built on whom.

Edges are Remix rows between published works, acyclic by constraint. The walks are
recursive queries, so a family of any size costs a fixed number of queries. Depth is
the shortest distance in edges; a work reached by several paths appears once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse

from contributions.models import Contribution

# How many remixes of one work the tree shows before "+n more".
BRANCH = 6
# How many works the tree on a page holds at most.
TREE = 60

_WALK = """
WITH RECURSIVE walk(id, depth, kind) AS (
    SELECT {to}, 1, kind FROM contributions_remix WHERE {fro} = %s AND {to} IS NOT NULL
    UNION
    SELECT r.{to}, w.depth + 1, r.kind
      FROM contributions_remix r JOIN walk w ON r.{fro} = w.id
     WHERE r.{to} IS NOT NULL
)
SELECT DISTINCT ON (id) id, depth, kind FROM walk ORDER BY id, depth
"""


@dataclass(frozen=True)
class Relative:
    """A work somewhere up or down the lineage of another."""

    id: int
    depth: int
    kind: str

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "depth": self.depth, "kind": self.kind}


def _walk(contribution: Contribution, *, fro: str, to: str) -> list[Relative]:
    with connection.cursor() as cursor:
        cursor.execute(_WALK.format(fro=fro, to=to), [contribution.pk])
        rows = [Relative(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.depth, row.id))


def ancestors(contribution: Contribution) -> list[Relative]:
    """All works this one builds on, nearest first."""
    return _walk(contribution, fro="child_id", to="parent_id")


def descendants(contribution: Contribution) -> list[Relative]:
    """All works that build on this one, nearest first."""
    return _walk(contribution, fro="parent_id", to="child_id")


@dataclass
class TreeNode:
    """A work in the drawn tree. `also_from` names further sources than the branch it hangs on."""

    work: Contribution
    kind: str = ""
    current: bool = False
    note: str = ""
    children: list[TreeNode] = field(default_factory=list)
    more_count: int = 0
    also_from: list[Contribution] = field(default_factory=list)

    @property
    def more_url(self) -> str:
        """Where the remixes that the tree leaves out are listed."""
        return reverse("lineage", args=[self.work.pk])


@dataclass(frozen=True)
class Tree:
    """The family of a work, as roots with nested branches, and its measures."""

    roots: list[TreeNode]
    work_count: int
    artist_count: int
    deepest: int


def tree(contribution: Contribution, *, branch: int = BRANCH, limit: int = TREE) -> Tree:
    """The family around a work as a nested list of at most `limit` nodes.

    Every ancestor and descendant counts; the drawn part keeps the line to the work,
    then its remixes, then the sides. Six queries whatever the size.
    """
    family = {row.id: row for row in (*ancestors(contribution), *descendants(contribution))}
    shown = _choose(contribution, family, limit)
    works = {work.pk: work for work in Contribution.objects.filter(pk__in=shown).for_cards()}
    parents, kinds = _edges(set(shown))
    nodes = {pk: TreeNode(work=work, current=pk == contribution.pk) for pk, work in works.items()}
    roots = _hang(nodes, parents, kinds, contribution.pk, branch)
    counts = _counts(contribution, family)
    return Tree(roots=roots, work_count=counts[0], artist_count=counts[1], deepest=counts[2])


def _choose(contribution: Contribution, family: dict[int, Relative], limit: int) -> list[int]:
    """The ids to draw: the work itself, then relatives by distance."""
    nearest = sorted(family.values(), key=lambda row: (row.depth, row.id))
    return [contribution.pk, *(row.id for row in nearest[: limit - 1])]


def _edges(ids: set[int]) -> tuple[dict[int, list[int]], dict[tuple[int, int], str]]:
    """Each child's parents among the ids, and each edge's kind.

    Latest generation first, so that the columns of the tree are the generations.
    """
    parents: dict[int, list[int]] = defaultdict(list)
    kinds: dict[tuple[int, int], str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.child_id, r.parent_id, r.kind FROM contributions_remix r"
            " JOIN contributions_contribution p ON p.id = r.parent_id"
            " WHERE r.child_id = ANY(%s) AND r.parent_id = ANY(%s)"
            " ORDER BY r.child_id, p.generation DESC, r.rate_bps DESC, r.parent_id",
            [list(ids), list(ids)],
        )
        for child, parent, kind in cursor.fetchall():
            parents[child].append(parent)
            kinds[child, parent] = kind
    return parents, kinds


def _hang(
    nodes: dict[int, TreeNode],
    parents: dict[int, list[int]],
    kinds: dict[tuple[int, int], str],
    here: int,
    branch: int,
) -> list[TreeNode]:
    """Hang each node on its first parent; a branch keeps `branch` children and the line to here."""
    roots = []
    line = _line_to(here, parents)
    for pk in sorted(nodes, key=lambda pk: (nodes[pk].work.published_seq or 0, pk)):
        node, sources = nodes[pk], parents.get(pk, [])
        # Through a diamond, prefer the parent that keeps the line to this work unbroken.
        home = next((source for source in sources if source in line), sources[0] if sources else 0)
        if not home:
            roots.append(node)
            continue
        node.kind = kinds[pk, home]
        node.also_from = [nodes[source].work for source in sources if source != home]
        stem = nodes[home]
        if len(stem.children) < branch or pk in line:
            stem.children.append(node)
        else:
            stem.more_count += 1
    return roots


def _line_to(here: int, parents: dict[int, list[int]]) -> set[int]:
    """The work and the first parents above it."""
    line: set[int] = set()
    pk: int | None = here
    while pk is not None and pk not in line:
        line.add(pk)
        pk = next(iter(parents.get(pk, [])), None)
    return line


def _counts(contribution: Contribution, family: dict[int, Relative]) -> tuple[int, int, int]:
    """How many works, artists and generations the whole family has."""
    ids = [contribution.pk, *family]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT artist_id), max(generation)"
            " FROM contributions_contribution WHERE id = ANY(%s)",
            [ids],
        )
        works, artists, deepest = cursor.fetchone()
    return works, artists, deepest
