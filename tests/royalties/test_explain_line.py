"""Why this number, and what changed: the arithmetic that is shown is the arithmetic that was done."""

import json
from fractions import Fraction
from math import prod
from random import Random
from typing import Any

import pytest

from royalties.allocation import allocate, entitle, read_document
from royalties.comparing import compare
from royalties.explaining import PATHS, Hop, Item, explain, strongest_paths
from tests.royalties.productions import production

ALL = 10_000


@pytest.mark.parametrize("seed", range(40))
def test_the_exact_parts_of_a_payee_add_up_to_the_payee(seed: int) -> None:
    document = production(Random(seed))
    document["params"]["floor"] = 0
    result = allocate(document)
    entitlement = entitle(read_document(document))
    for payee, amounts in result["lines"].items():
        items = explain(document, result, payee, ALL)
        assert sum(item.amount_minor for item in items) == sum(amounts.values())
        shown = {f"{item.line}/{item.contribution}@{item.depth}" for item in items}
        hidden = [label for label in amounts if label not in shown]
        assert all(amounts[label] == 0 for label in hidden)
        if not hidden:
            assert sum((item.exact for item in items), Fraction(0)) == entitlement.share(payee)


@pytest.mark.parametrize("seed", range(40))
def test_each_part_is_the_product_of_its_steps(seed: int) -> None:
    """Department's part × part of the department × kept × credit × what unpaid works leave."""
    document = production(Random(seed))
    result = allocate(document)
    for payee in result["lines"]:
        for item in explain(document, result, payee, ALL):
            steps = item.department_part * item.points / item.points_in_cell * item.kept
            assert item.exact == steps * Fraction(item.credit_bps, 10_000) / item.paid_part


@pytest.mark.parametrize("seed", range(20))
def test_without_staff_nothing_is_left_by_unpaid_works(seed: int) -> None:
    document = production(Random(seed))
    for work in document["contributions"].values():
        if work["kind"] != "community":
            work.update(kind="community", credits={"p0": 10_000})
    result = allocate(document)
    for payee in result["lines"]:
        assert all(item.paid_part == 1 for item in explain(document, result, payee, ALL))


@pytest.mark.parametrize("seed", range(20))
def test_a_path_leads_from_the_cut_to_the_work_in_as_many_hops_as_it_is_deep(seed: int) -> None:
    document = production(Random(seed))
    result = allocate(document)
    for payee in result["lines"]:
        for item in explain(document, result, payee, ALL):
            for path in item.paths:
                assert len(path) == item.depth
                assert path[0].child == item.used
                assert path[-1].ancestor == item.contribution
                assert all(hop.rate_bps == result["effective_edges"][hop.child][hop.ancestor] for hop in path)
            assert bool(item.paths) == bool(item.depth)


@pytest.mark.parametrize("seed", range(40))
def test_the_ways_that_are_shown_are_the_strongest_of_all(seed: int) -> None:
    edges = entitle(read_document(production(Random(seed)))).edges
    names = sorted(edges.keys() | {name for rates in edges.values() for name in rates})
    for start in names:
        for depth in range(1, 5):
            ways = every_way(edges, start, depth)
            for goal in names:
                there = [way for way in ways if way[-1].ancestor == goal]
                there.sort(key=lambda way: (-prod(hop.rate_bps for hop in way), [hop.ancestor for hop in way]))
                assert strongest_paths(edges, start, goal, depth) == there[:PATHS]


def every_way(edges: dict[str, dict[str, int]], start: str, depth: int) -> list[list[Hop]]:
    """All that bring something, of so many hops."""
    if not depth:
        return [[]]
    return [
        [Hop(start, ancestor, rate), *way]
        for ancestor, rate in edges.get(start, {}).items()
        if rate
        for way in every_way(edges, ancestor, depth - 1)
    ]


def test_the_ways_through_a_dense_lineage_are_found_without_walking_all() -> None:
    """Four layers of 30 works, each made from all of the next: the ways are nearly a million."""
    wide, looked_at = 30, 0

    class Counting(dict[str, dict[str, int]]):
        def get(self, *args: Any) -> Any:
            nonlocal looked_at
            looked_at += 1
            assert looked_at <= 1 + 4 * wide, "more than once at a work"
            return super().get(*args)

    edges = Counting({f"w{layer}-{n}": {} for layer in range(4) for n in range(wide)})
    for layer in range(3):
        for n in range(wide):
            edges[f"w{layer}-{n}"] = {f"w{layer + 1}-{m}": 1 + m for m in range(wide)}
    edges["top"] = {f"w0-{n}": 1 + n for n in range(wide)}
    found = strongest_paths(edges, "top", "w3-0", 4)
    assert [[hop.rate_bps for hop in way] for way in found] == [[30, 30, 30, 1], [29, 30, 30, 1], [30, 29, 30, 1]]


def test_nothing_changed_between_a_document_and_itself() -> None:
    document = production(Random(1))
    result = allocate(document)
    assert not compare(document, document, result, result)


def test_every_kind_of_change_is_found() -> None:
    before = production(Random(3))
    after = production(Random(3))
    after["money"]["gross"] += 100_000
    after["lines"][0]["quantity"] += 7
    gone = after["lines"].pop()
    name = next(iter(after["contributions"]))
    after["contributions"]["new"] = {"kind": "external", "credits": {}, "parents": {}}
    after["adjustments"] = [
        {"type": "award", "payee": "p0", "amount": 1, "reason": "Thanks.", "by": "a1", "approved_by": "a2"}
    ]
    found = compare(before, after, allocate(before), allocate(after))
    assert found
    assert "gross" in {change.name for change in found.money}
    assert (before["lines"][0]["line"], "quantity") in {(change.about, change.name) for change in found.lines}
    assert any(change.about == gone["line"] and change.after is None for change in found.lines)
    assert any(change.about == "new" and change.before is None for change in found.works)
    assert any(change.name == "Thanks." for change in found.adjustments)
    sizes = [abs((change.after or 0) - (change.before or 0)) for change in found.amounts]
    assert sizes == sorted(sizes, reverse=True)
    assert name in before["contributions"]


@pytest.mark.parametrize("seed", range(5))
def test_an_item_comes_back_from_json_as_it_was(seed: int) -> None:
    document = production(Random(seed))
    result = allocate(document)
    for payee in result["lines"]:
        items = explain(document, result, payee, ALL)
        kept = json.loads(json.dumps([item.as_json() for item in items]))
        assert [Item.from_json(plain) for plain in kept] == items
