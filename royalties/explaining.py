"""Why this number: the arithmetic behind each item of a payee's amount, in whole numbers.

Pure: no Django. It reads the published input with the engine's own modules and lays open the
steps of royalties.md 1.4: points of the use, its part of the department, the department's part
of the pool, the way through the lineage, the payee's part of the work, what unpaid works leave.
Every fraction is exact.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from royalties.allocation import entitle, read_document
from royalties.allocation.document import BPS, PAID, UNSECTIONED, Line, Production
from royalties.allocation.entitlement import Entitlement
from royalties.allocation.lineage import Edges

PATHS = 3
# What stands in the place of a factor where a cue has none.
UNJUDGED: dict[str, Any] = {"factor_bps": BPS, "reason": "", "by": "", "approved_by": ""}
FRACTIONS = ("points", "points_in_cell", "department_part", "kept", "own_part", "paid_part", "exact")


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the way: this work passes that many basis points to the next."""

    child: str
    ancestor: str
    rate_bps: int


@dataclass(slots=True)
class Item:
    """Everything that one item of a payee's amount was computed from."""

    line: str
    used: str
    contribution: str
    depth: int
    amount_minor: int
    facts: dict[str, Any]
    factor_bps: int
    points: Fraction
    points_in_cell: Fraction
    section_bps: int
    department_bps: int
    department_part: Fraction
    kept: Fraction
    own_part: Fraction
    credit_bps: int
    # Of the whole, what does not drop out with works that are not paid: every part is divided by it.
    paid_part: Fraction
    exact: Fraction
    paths: list[list[Hop]] = field(default_factory=list)
    # Of the factor on the cue, where it has one: why, and the codes of who proposed and who approved it.
    reason: str = ""
    by: str = ""
    approved_by: str = ""

    @property
    def arrives(self) -> Fraction:
        """What the works that were made from it pass to this work, before it passes on anything itself."""
        return self.kept / self.own_part

    def as_json(self) -> dict[str, Any]:
        """What JSON can hold; fractions as "n/d", so that nothing is rounded."""
        plain = asdict(self)
        return {name: str(value) if isinstance(value, Fraction) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Item:
        """The item that `as_json` wrote."""
        exact = {name: Fraction(plain[name]) for name in FRACTIONS}
        paths = [[Hop(**hop) for hop in path] for path in plain["paths"]]
        return cls(**{**plain, **exact, "paths": paths})


def explain(document: dict[str, Any], result: dict[str, Any], payee: str, limit: int = 60) -> list[Item]:
    """The payee's items, the largest amount first, at most `limit` of them."""
    production = read_document(document)
    entitlement = entitle(production)
    amounts: dict[str, int] = result["lines"].get(payee, {})
    largest = sorted(amounts, key=lambda label: (-amounts[label], label))[:limit]
    wanted = {label for label in largest if amounts[label]}
    by_name = {line.line: line for line in production.lines}
    written = {line["line"]: line for line in document["lines"]}
    factors = {row["line"]: row for row in document["adjustments"] if row["type"] == "line_factor"}
    cells = _points_by_cell(production)
    whole = sum(entitlement.weights.values())
    # On the scale of the weights: what all uses would weigh together if every work of the lineage were paid.
    everything = sum(entitlement.coefficients.get(cell, 0) * points for cell, points in cells.items())
    everything *= BPS ** (production.params["max_depth"] + 1)
    items = []
    for label in (label for label in largest if label in wanted):
        name, contribution, depth = _parts(label)
        line = by_name[name]
        kept = _kept(entitlement, line.contribution, contribution, depth)
        credit = production.contributions[contribution].credits[payee]
        factor = factors.get(name, UNJUDGED)
        weight = entitlement.coefficients[line.cell] * line.points * credit
        items.append(
            Item(
                line=name,
                used=line.contribution,
                contribution=contribution,
                depth=depth,
                amount_minor=amounts[label],
                facts=written[name],
                factor_bps=factor["factor_bps"],
                # The engine keeps points in ten-thousandths, because of the factor.
                points=Fraction(line.points, BPS),
                points_in_cell=Fraction(cells[line.cell], BPS),
                section_bps=production.sections[line.cell[0]],
                department_bps=production.departments[line.cell[0]][line.cell[1]],
                department_part=_department_part(production, line, cells),
                kept=kept,
                own_part=_own_part(entitlement, contribution, depth),
                credit_bps=credit,
                paid_part=Fraction(whole, everything),
                exact=weight * kept * BPS ** production.params["max_depth"] / whole,
                paths=strongest_paths(entitlement.edges, line.contribution, contribution, depth),
                reason=factor["reason"],
                by=factor["by"],
                approved_by=factor["approved_by"],
            )
        )
    return items


def judgements_on(document: dict[str, Any], result: dict[str, Any], payee: str) -> list[dict[str, Any]]:
    """The adjustments that touch a payee: awards to them, factors on cues that bring them something, or would.

    A factor of nothing leaves no item behind, so what is looked at is the lineage: from the work of the cue, is any
    work of theirs within as many hops as money travels?
    """
    mine = _works_that_bring(document, result["effective_edges"], payee)
    used = {line["line"]: line["contribution"] for line in document["lines"]}
    return [
        row
        for row in document["adjustments"]
        if (row["payee"] == payee if row["type"] == "award" else used[row["line"]] in mine)
    ]


def _works_that_bring(document: dict[str, Any], edges: Edges, payee: str) -> set[str]:
    """Works that the payee earns by when they are in the cut: their own, and what was made from these."""
    works = document["contributions"].items()
    reached = {name for name, work in works if work["kind"] == PAID and payee in work["credits"]}
    for _hop in range(document["params"]["max_depth"]):
        reached |= {
            child for child, rates in edges.items() if any(rate and name in reached for name, rate in rates.items())
        }
    return reached


def _parts(label: str) -> tuple[str, str, int]:
    line, rest = label.split("/")
    contribution, depth = rest.split("@")
    return line, contribution, int(depth)


def _points_by_cell(production: Production) -> dict[tuple[str, str], int]:
    cells: dict[tuple[str, str], int] = {}
    for line in production.lines:
        cells[line.cell] = cells.get(line.cell, 0) + line.points
    return cells


def _department_part(production: Production, line: Line, cells: dict[tuple[str, str], int]) -> Fraction:
    """What the line's department gets of the pool before staff's lines drop out.

    A department without points gives its part to the others of its section, a section
    without points to the other sections.
    """
    section = line.cell[0]
    present = dict.fromkeys(production.sections, 0)
    for (name, department), points in cells.items():
        if points:
            present[name] += production.departments[name][department]
    live = sum(production.sections[name] for name, bps in present.items() if bps)
    inside = Fraction(production.departments[section][line.cell[1]], present[section])
    return inside * Fraction(production.sections[section], live) if section != UNSECTIONED else inside


def _kept(entitlement: Entitlement, start: str, contribution: str, depth: int) -> Fraction:
    """What stays with this work at this depth, of one line's whole."""
    scale = BPS ** entitlement.production.params["max_depth"]
    for name, hops, mass in entitlement.cones[start]:
        if (name, hops) == (contribution, depth):
            return Fraction(mass, scale)
    return Fraction(0)


def _own_part(entitlement: Entitlement, contribution: str, depth: int) -> Fraction:
    """What a work keeps of what arrives at it: all at the last paid hop, else what its own sources leave."""
    if depth == entitlement.production.params["max_depth"]:
        return Fraction(1)
    return 1 - Fraction(sum(entitlement.edges.get(contribution, {}).values()), BPS)


def strongest_paths(edges: Edges, start: str, goal: str, depth: int) -> list[list[Hop]]:
    """The strongest ways of exactly so many hops from the work in the cut to the work that is paid.

    Each work is looked at once for each number of hops that are left, however many ways lead through it: the strongest
    ways on from it are a part of the strongest ways to it. A way on which nothing is passed is none.
    """
    known: dict[tuple[str, int], list[tuple[int, list[Hop]]]] = {}

    def onward(name: str, left: int) -> list[tuple[int, list[Hop]]]:
        if not left:
            return [(1, [])] if name == goal else []
        if (name, left) not in known:
            ways = [
                (rate * rates, [Hop(name, ancestor, rate), *hops])
                for ancestor, rate in edges.get(name, {}).items()
                if rate
                for rates, hops in onward(ancestor, left - 1)
            ]
            ways.sort(key=lambda way: (-way[0], [hop.ancestor for hop in way[1]]))
            known[name, left] = ways[:PATHS]
        return known[name, left]

    return [hops for _rates, hops in onward(start, depth)] if depth else []
