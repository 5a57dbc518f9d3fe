"""What is proved of ALLOC-1 (royalties.md 1.5), one property a test; what is not true is not asserted."""

from __future__ import annotations

import json
from copy import deepcopy
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from royalties.allocation import allocate, canonical_bytes, entitle, read_document, share_out
from tests.royalties.productions import Doc, productions, shuffled, thorough


@thorough
@given(productions())
def test_amounts_are_whole_not_negative_and_sum_to_the_pool(doc: Doc) -> None:
    result = allocate(doc)
    assert all(type(amount) is int and amount >= 0 for amount in result["amounts"].values())
    assert sum(result["amounts"].values()) == result["waterfall"]["pool"]


@thorough
@given(productions())
def test_pool_and_company_sum_to_the_profit(doc: Doc) -> None:
    money = allocate(doc)["waterfall"]
    assert money["pool"] + money["company"] - money["loss_carried"] == money["profit"]


@thorough
@given(productions())
def test_lines_add_up_to_each_payee_without_the_awards(doc: Doc) -> None:
    result = allocate(doc)
    awarded = {item["payee"]: item["amount"] for item in doc["adjustments"] if item["type"] == "award"}
    for payee, amount in result["amounts"].items():
        assert sum(result["lines"].get(payee, {}).values()) + awarded.get(payee, 0) == amount


@thorough
@given(productions())
def test_each_amount_is_less_than_one_minor_unit_from_its_exact_share(doc: Doc) -> None:
    doc["params"]["floor"] = 0
    doc["adjustments"] = [item for item in doc["adjustments"] if item["type"] != "award"]
    result, entitlement = allocate(doc), entitle(read_document(doc))
    for payee, amount in result["amounts"].items():
        assert abs(amount - result["waterfall"]["pool"] * entitlement.share(payee)) < 1


@thorough
@given(productions())
def test_with_a_floor_each_amount_is_less_than_one_minor_unit_from_its_exact_share(doc: Doc) -> None:
    entitlement = entitle(read_document(doc))
    rest, floor = 99_991, doc["params"]["floor"]
    exact = exact_shares_with_floor(rest, entitlement.weights, floor, entitlement.direct)
    cents = share_out(rest, entitlement.weights, floor=floor, direct=entitlement.direct, statement="S-1")
    for payee, amount in cents.items():
        assert abs(amount - exact[payee]) < 1


def exact_shares_with_floor(rest: int, weights: dict[str, int], floor: int, direct: set[str]) -> dict[str, Fraction]:
    """The same rule told another way: raise one payee at a time, the poorest first."""
    entitled = sorted(direct & weights.keys(), key=lambda payee: weights[payee])
    least = min(floor, rest // (2 * len(entitled))) if entitled else 0
    fixed: set[str] = set()
    while True:
        left = rest - least * len(fixed)
        whole = sum(weight for payee, weight in weights.items() if payee not in fixed)
        poorest = next((payee for payee in entitled if payee not in fixed), None)
        if poorest is None or Fraction(left * weights[poorest], whole) >= least:
            break
        fixed.add(poorest)
    return {p: Fraction(least) if p in fixed else Fraction(left * w, whole) for p, w in weights.items()}


weight_maps = st.dictionaries(st.sampled_from([f"p{n}" for n in range(12)]), st.integers(1, 500), min_size=1)


@thorough
@given(weight_maps, st.integers(0, 2000), st.integers(0, 60), st.integers(1, 300), st.data())
def test_raising_one_weight_alone_never_lowers_that_amount(
    weights: dict[str, int], rest: int, floor: int, more: int, data: st.DataObject
) -> None:
    payee = data.draw(st.sampled_from(sorted(weights)))
    direct = data.draw(st.sets(st.sampled_from(sorted(weights))))
    raised = {**weights, payee: weights[payee] + more}
    before = share_out(rest, weights, floor=floor, direct=direct, statement="S-1")
    after = share_out(rest, raised, floor=floor, direct=direct, statement="S-1")
    assert after[payee] >= before[payee]


@thorough
@given(productions(), st.integers(0, 2**32))
def test_the_order_of_lists_and_maps_changes_nothing(doc: Doc, seed: int) -> None:
    assert canonical_bytes(allocate(shuffled(Random(seed), doc))) == canonical_bytes(allocate(doc))


@thorough
@given(productions())
def test_a_replay_from_the_stored_bytes_gives_the_same_bytes(doc: Doc) -> None:
    stored = canonical_bytes(doc)
    again = json.loads(stored)
    assert canonical_bytes(again) == stored
    assert canonical_bytes(allocate(again)) == canonical_bytes(allocate(doc))


@thorough
@given(productions())
def test_ancestors_of_a_line_together_get_at_most_the_pass_cap_of_it(doc: Doc) -> None:
    entitlement = entitle(read_document(doc))
    whole = 10_000 ** doc["params"]["max_depth"]
    for kept in entitlement.cones.values():
        passed = sum(mass for _, depth, mass in kept if depth)
        assert passed * 10_000 <= whole * doc["params"]["pass_cap_bps"]


@thorough
@given(productions())
def test_nothing_of_a_wholly_paid_line_is_lost_on_the_way(doc: Doc) -> None:
    entitlement = entitle(read_document(doc))
    for name, kept in entitlement.cones.items():
        if doc["contributions"][name]["kind"] == "community":
            assert sum(mass for _, _, mass in kept) == 10_000 ** doc["params"]["max_depth"]


@thorough
@given(productions(), st.integers(0, 10_000), st.data())
def test_a_work_of_the_same_people_put_into_a_chain_changes_nothing(doc: Doc, rate: int, data: st.DataObject) -> None:
    edges = [
        (child, parent)
        for child, work in doc["contributions"].items()
        for parent in work["parents"]
        if work["kind"] == "community"
    ]
    if not edges:
        return
    child, parent = data.draw(st.sampled_from(sorted(edges)))
    longer = deepcopy(doc)
    works = longer["contributions"]
    between = {parent: works[child]["parents"].pop(parent)}
    works["between"] = {"kind": "community", "credits": works[child]["credits"], "parents": between}
    works[child]["parents"]["between"] = rate
    before, after = allocate(doc), allocate(longer)
    after["effective_edges"].pop("between", None)
    assert after["effective_edges"] == before["effective_edges"]
    assert (after["amounts"], after["lines"]) == (before["amounts"], before["lines"])


@thorough
@given(productions(), st.integers(0, 10**7), st.data())
def test_cutting_a_line_in_pieces_changes_no_amount(doc: Doc, cut: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(doc["lines"]) - 1))
    pieces = deepcopy(doc)
    whole = pieces["lines"][place]
    first = min(cut, whole["quantity"])
    pieces["lines"].append({**whole, "line": "piece", "quantity": whole["quantity"] - first})
    whole["quantity"] = first
    for item in doc["adjustments"]:
        if item.get("line") == whole["line"]:
            pieces["adjustments"].append({**item, "line": "piece"})
    assert allocate(pieces)["amounts"] == allocate(doc)["amounts"]
