"""Who is entitled to which part, as exact integers (royalties.md 1.4 b to f).

All weights of one document share one scale: the points of a line times the coefficient of its
(section, department) cell, over a common denominator. So nothing is rounded here, and integers
stay small where fractions would grow with every addition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm

from royalties.allocation.document import AllocationRefused, Cell, Production
from royalties.allocation.lineage import Cone, Edges, cone, effective_edges


@dataclass(frozen=True, slots=True)
class Item:
    """One explanation: a payee's part of one contribution reached from one line."""

    line: str
    contribution: str
    depth: int
    weight: int

    @property
    def label(self) -> str:
        return f"{self.line}/{self.contribution}@{self.depth}"


@dataclass(slots=True)
class Entitlement:
    """The exact weights of a production, and the means to explain each of them."""

    production: Production
    edges: Edges
    coefficients: dict[Cell, int]
    cones: dict[str, Cone]
    weights: dict[str, int] = field(default_factory=dict)
    direct: set[str] = field(default_factory=set)

    def share(self, payee: str) -> Fraction:
        """Return the exact part of the shared pool that is this payee's before any floor."""
        return Fraction(self.weights.get(payee, 0), sum(self.weights.values()))

    def items(self) -> Iterator[tuple[str, Item]]:
        """Yield every (payee, item) of positive weight, on the scale of `weights`."""
        works = self.production.contributions
        for line in self.production.lines:
            scale = self.coefficients.get(line.cell, 0) * line.points
            if not scale:
                continue
            for name, depth, mass in self.cones[line.contribution]:
                for payee, bps in works[name].credits.items():
                    yield payee, Item(line.line, name, depth, scale * mass * bps)


def entitle(production: Production) -> Entitlement:
    """Weigh a production, or refuse it when no payable person has any weight."""
    works = production.contributions
    edges = effective_edges(works, production.params["pass_cap_bps"])
    depth = production.params["max_depth"]
    used = {line.contribution for line in production.lines}
    cones = {name: cone(name, works, edges, depth) for name in used}
    entitlement = Entitlement(production, edges, cell_coefficients(production), cones)
    entitlement.weights = _weigh(entitlement)
    if not entitlement.weights:
        raise AllocationRefused("Nobody payable has a part in this production.")
    entitlement.direct = {payee for name in used if works[name].is_paid for payee in works[name].credits}
    return entitlement


def cell_coefficients(production: Production) -> dict[Cell, int]:
    """Return what one point is worth in each cell, on a scale common to the document.

    A department without points is rescaled inside its section: only present departments
    divide it. A section without points is rescaled over the document: it has no cell here.
    """
    points: dict[Cell, int] = {}
    for line in production.lines:
        points[line.cell] = points.get(line.cell, 0) + line.points
    present: dict[str, int] = {}
    for (section, department), total in points.items():
        if total:
            bps = production.departments[section][department]
            present[section] = present.get(section, 0) + bps
    exact = {
        (section, department): Fraction(
            production.sections[section] * production.departments[section][department],
            present[section] * total,
        )
        for (section, department), total in points.items()
        if total and present[section]
    }
    whole = lcm(*(part.denominator for part in exact.values()))
    scaled = {cell: part.numerator * (whole // part.denominator) for cell, part in exact.items()}
    common = gcd(*scaled.values()) or 1
    return {cell: value // common for cell, value in scaled.items() if value}


def _weigh(entitlement: Entitlement) -> dict[str, int]:
    """Add up per contribution and cell first: lines are many, cells and works are fewer."""
    production = entitlement.production
    used: dict[Cell, dict[str, int]] = {}
    for line in production.lines:
        if line.points and line.cell in entitlement.coefficients:
            cell = used.setdefault(line.cell, {})
            cell[line.contribution] = cell.get(line.contribution, 0) + line.points
    weights: dict[str, int] = {}
    for cell_name, points_by_work in used.items():
        kept: dict[str, int] = {}
        for work, points in points_by_work.items():
            for name, _, mass in entitlement.cones[work]:
                kept[name] = kept.get(name, 0) + points * mass
        here: dict[str, int] = {}
        for name, mass in kept.items():
            for payee, bps in production.contributions[name].credits.items():
                here[payee] = here.get(payee, 0) + mass * bps
        coefficient = entitlement.coefficients[cell_name]
        for payee, weight in here.items():
            weights[payee] = weights.get(payee, 0) + weight * coefficient
    return weights
