"""Works that pay a source which some of their own makers made too: what contraction cannot tell from a token collaborator.

Pure: no Django. A work passes nothing to a source of exactly the same people (royalties.md 1.4 a). One more name, on
the work or on the source, makes two sets of people of it, and the source's part is paid. Whether that name took part
is nothing that a program could know, so each such edge is listed for people to look at (1.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from royalties.allocation.document import PAID


@dataclass(frozen=True, slots=True)
class Overlap:
    """One edge along which money flows: payees of both works, of the child alone, and of the ancestor alone."""

    child: str
    ancestor: str
    rate_bps: int
    both: tuple[str, ...]
    only_child: tuple[str, ...]
    only_ancestor: tuple[str, ...]


def overlapping(document: dict[str, Any], result: dict[str, Any]) -> list[Overlap]:
    """Every edge whose payee sets overlap but differ, the largest rate first.

    The edges are those after contraction and the cap: also the one that leads on to a source behind a work that is
    not paid.
    """
    makers = {name: set(work["credits"]) for name, work in document["contributions"].items() if work["kind"] == PAID}
    found = [
        Overlap(
            child=child,
            ancestor=ancestor,
            rate_bps=rate,
            both=tuple(sorted(makers[child] & makers[ancestor])),
            only_child=tuple(sorted(makers[child] - makers[ancestor])),
            only_ancestor=tuple(sorted(makers[ancestor] - makers[child])),
        )
        for child, rates in result["effective_edges"].items()
        if child in makers
        for ancestor, rate in rates.items()
        if makers[child] & makers[ancestor] and makers[child] != makers[ancestor]
    ]
    return sorted(found, key=lambda edge: (-edge.rate_bps, edge.child, edge.ancestor))
