"""Influence: who passes how much to whom (royalties.md 1.4 a and d).

Rates are bps. A parent that cannot be paid apart from its child is contracted, so what flows
is decided by people, never by how many works they cut one idea into.
"""

from __future__ import annotations

from collections.abc import Mapping

from royalties.allocation.document import BPS, AllocationRefused, Contribution
from royalties.allocation.rounding import apportion, tie_hash

Edges = dict[str, dict[str, int]]
Cone = list[tuple[str, int, int]]  # (contribution, depth, mass kept)


def effective_edges(works: Mapping[str, Contribution], pass_cap_bps: int) -> Edges:
    """Return {child: {ancestor: bps}} after contraction and the cap; childless maps left out."""
    payees = {name: frozenset(work.credits) if work.is_paid else None for name, work in works.items()}
    raw: Edges = {}
    for name in parents_first(works):
        nearest: dict[str, int] = {}
        for parent, rate in works[name].parents.items():
            _keep_largest(nearest, {parent: rate} if works[parent].is_paid else raw[parent])
        reached: dict[str, int] = {}
        for ancestor, rate in nearest.items():
            # An unpaid child keeps nothing, so nobody is paid twice through it: no contraction.
            same_people = payees[ancestor] == payees[name]
            _keep_largest(reached, raw[ancestor] if same_people else {ancestor: rate})
        raw[name] = reached
    return {name: _capped(name, rates, pass_cap_bps) for name, rates in raw.items() if rates}


def parents_first(works: Mapping[str, Contribution]) -> list[str]:
    """Return every work after all its parents; refuse a cycle and name it."""
    waiting = {name: len(work.parents) for name, work in works.items()}
    children: dict[str, list[str]] = {}
    for name, work in works.items():
        for parent in work.parents:
            children.setdefault(parent, []).append(name)
    order = [name for name, count in waiting.items() if not count]
    for name in order:  # grows while it is walked
        for child in children.get(name, ()):
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    if len(order) < len(works):
        _refuse_cycle(works, {name for name, count in waiting.items() if count})
    return order


def cone(start: str, works: Mapping[str, Contribution], edges: Edges, max_depth: int) -> Cone:
    """Return what one line of this work leaves with whom, out of BPS ** max_depth.

    Layer by layer, so that a diamond adds up and order cannot matter. The scale makes every
    division exact: each paid hop and each keeping uses up one factor BPS.
    """
    kept: Cone = []
    layer = {start: BPS**max_depth}
    for depth in range(max_depth + 1):
        following: dict[str, int] = {}
        for name, mass in layer.items():
            rates = edges.get(name)
            if rates and depth < max_depth:
                unit = mass // BPS
                mass -= unit * sum(rates.values())
                for ancestor, rate in rates.items():
                    following[ancestor] = following.get(ancestor, 0) + unit * rate
            if mass and works[name].is_paid:
                kept.append((name, depth, mass))
        layer = {name: mass for name, mass in following.items() if mass}
    return kept


def _keep_largest(into: dict[str, int], rates: Mapping[str, int]) -> None:
    for name, rate in rates.items():
        if rate >= into.get(name, 0):
            into[name] = rate


def _capped(name: str, rates: dict[str, int], pass_cap_bps: int) -> dict[str, int]:
    if sum(rates.values()) <= pass_cap_bps:
        return rates
    ancestors = list(rates)
    capped = apportion(
        pass_cap_bps,
        [rates[ancestor] for ancestor in ancestors],
        lambda index: tie_hash(name, ancestors[index]),
    )
    return dict(zip(ancestors, capped, strict=True))


def _refuse_cycle(works: Mapping[str, Contribution], blocked: set[str]) -> None:
    """Walk blocked parents until one repeats; a blocked work always has a blocked parent."""
    place: dict[str, int] = {}
    name = min(blocked)
    while name not in place:
        place[name] = len(place)
        name = min(parent for parent in works[name].parents if parent in blocked)
    loop = [*list(place)[place[name] :], name]
    if len(loop) > 8:
        loop = [*loop[:4], "…", *loop[-3:]]
    raise AllocationRefused(f"The lineage runs in a circle: {' → '.join(loop)}.")
