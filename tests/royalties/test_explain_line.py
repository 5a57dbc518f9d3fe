"""Why this number, and what changed: the arithmetic that is shown is the arithmetic that was done."""

import json
from fractions import Fraction
from random import Random

import pytest

from royalties.allocation import allocate, entitle, read_document
from royalties.comparing import compare
from royalties.explaining import Item, explain
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
def test_without_staff_each_part_is_the_product_of_its_steps(seed: int) -> None:
    """Department's part × part of the department × kept × credit, where nothing drops out."""
    document = production(Random(seed))
    for work in document["contributions"].values():
        if work["kind"] != "community":
            work.update(kind="community", credits={"p0": 10_000})
    for adjustment in [row for row in document["adjustments"] if row["type"] == "line_factor"]:
        adjustment["factor_bps"] = max(adjustment["factor_bps"], 1)
    result = allocate(document)
    for payee in result["lines"]:
        for item in explain(document, result, payee, ALL):
            steps = item.department_part * item.points / item.points_in_cell * item.kept
            assert item.exact == steps * Fraction(item.credit_bps, 10_000)


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
