"""Works that pay a source which some of their own makers made too, with the words for their ids."""

from __future__ import annotations

from dataclasses import dataclass

from contributions.models import Contribution
from royalties.document import number_in
from royalties.models import Payee, Revision
from royalties.overlapping import overlapping


@dataclass(frozen=True, slots=True)
class Maker:
    """A payee, and whether a line of theirs can be opened and objected to."""

    payee: Payee
    has_line: bool


@dataclass(frozen=True, slots=True)
class InCommon:
    """One such edge: the source's part in basis points, and who made both, the work alone, the source alone."""

    work: Contribution
    source: Contribution
    rate_bps: int
    both: list[Maker]
    only_work: list[Maker]
    only_source: list[Maker]


def in_common(revision: Revision, most: int | None = None) -> tuple[list[InCommon], int]:
    """The edges with the largest rates, at most so many, and how many there are. Two queries."""
    edges = overlapping(revision.input, revision.result)
    shown = edges[:most]
    works = Contribution.objects.in_bulk({number_in(name) for edge in shown for name in (edge.child, edge.ancestor)})
    codes = {code for edge in shown for code in (*edge.both, *edge.only_child, *edge.only_ancestor)}
    payees = Payee.objects.select_related("artist").in_bulk(codes, field_name="code")
    makers = {code: Maker(payee, code in revision.result["amounts"]) for code, payee in payees.items()}
    found = [
        InCommon(
            work=works[number_in(edge.child)],
            source=works[number_in(edge.ancestor)],
            rate_bps=edge.rate_bps,
            both=[makers[code] for code in edge.both],
            only_work=[makers[code] for code in edge.only_child],
            only_source=[makers[code] for code in edge.only_ancestor],
        )
        for edge in shown
    ]
    return found, len(edges)
