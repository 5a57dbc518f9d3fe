"""Works and sources that share some makers but not all are listed in every draft, for people to look at."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given

from projects import actions as projects
from royalties import actions
from royalties.allocation import allocate
from royalties.overlapping import Overlap, overlapping
from tests.royalties.conftest import drafted, opened, place, revenue_csv
from tests.royalties.pages import page, words_of
from tests.royalties.productions import Doc, productions, thorough


def listed(document: Doc) -> list[Overlap]:
    return overlapping(document, allocate(document))


def equal(names: list[str]) -> dict[str, int]:
    return {name: 10_000 // len(names) for name in names}


def chain(poem: list[str], song: list[str], *, kind: str = "community") -> Doc:
    """A song made from a poem by way of a drawing, which has no makers of its own unless it is paid."""
    paid = kind == "community"
    document: Doc = {
        "method": "alloc-1",
        "statement": "st1",
        "production": "pr1",
        "currency": "USD",
        "money": dict.fromkeys(("refunds", "fees", "reserve_held", "reserve_released", "costs", "carried_loss"), 0)
        | {"gross": 100_00, "pool_bps": 5000},
        "params": {"max_depth": 4, "pass_cap_bps": 5000, "floor": 0, "award_cap_bps": 1000},
        "departments": {"music": 10_000},
        "lines": [
            {
                "line": "L1",
                "contribution": "song",
                "dept": "music",
                "unit": "ms",
                "quantity": 1,
                "role_weight": 100,
                "prominence": 100,
            }
        ],
        "contributions": {
            "poem": {"kind": "community", "credits": equal(poem), "parents": {}},
            "drawing": {"kind": kind, "credits": {"pz": 10_000} if paid else {}, "parents": {"poem": 3000}},
            "song": {"kind": "community", "credits": equal(song), "parents": {"drawing": 2000}},
        },
        "adjustments": [],
    }
    return document


def test_the_same_people_and_other_people_are_no_news() -> None:
    assert listed(chain(["pa"], ["pa"], kind="external")) == []
    assert listed(chain(["pa", "pb"], ["pb", "pa"], kind="external")) == []
    assert listed(chain(["pa"], ["pb"], kind="external")) == []


@pytest.mark.parametrize(
    ("poem", "song", "only_song", "only_poem"),
    [
        (["pa"], ["pa", "token"], ("token",), ()),
        (["pa", "token"], ["pa"], (), ("token",)),
        (["pa", "pb"], ["pb", "pc"], ("pc",), ("pa",)),
    ],
)
def test_one_name_more_on_either_side_is_listed_also_behind_a_work_that_is_not_paid(
    poem: list[str], song: list[str], only_song: tuple[str, ...], only_poem: tuple[str, ...]
) -> None:
    (edge,) = listed(chain(poem, song, kind="external"))
    assert (edge.child, edge.ancestor, edge.rate_bps) == ("song", "poem", 3000)
    assert (edge.only_child, edge.only_ancestor) == (only_song, only_poem)
    assert set(edge.both) == set(poem) & set(song)


def test_who_comes_back_after_somebody_else_is_not_listed() -> None:
    """The drawing in between is another person's: it is paid, and so is the poem behind it."""
    assert listed(chain(["pa"], ["pa", "token"])) == []


@thorough
@given(document=productions())
def test_exactly_the_edges_that_pay_and_overlap_but_differ_are_listed(document: Doc) -> None:
    result = allocate(document)
    works = document["contributions"]
    wanted = set()
    for child, rates in result["effective_edges"].items():
        for ancestor in rates:
            people = [set(works[name]["credits"]) for name in (child, ancestor)]
            paid = all(works[name]["kind"] == "community" for name in (child, ancestor))
            if paid and people[0] & people[1] and people[0] ^ people[1]:
                wanted.add((child, ancestor))
    found = overlapping(document, result)
    assert {(edge.child, edge.ancestor) for edge in found} == wanted
    assert len(found) == len(wanted)
    # Every source that was named and shares some makers is among them: nothing of it is lost on the way.
    for child, work in works.items():
        for parent in work["parents"]:
            pair = [set(works[name]["credits"]) for name in (child, parent) if works[name]["kind"] == "community"]
            if len(pair) == 2 and pair[0] & pair[1] and pair[0] != pair[1]:
                assert (child, parent) in wanted


@pytest.fixture
def with_token(production: Any, alice: Any, charlie: Any, sam: Any, finish_jobs: Any) -> Any:
    """A draft in which alice's poem is set to music by alice, with charlie named beside her."""
    from contributions import actions as contributions
    from tests.contributions.works import declared, written

    poem = production.cuts.get(number=1).cues.get(position=1).contribution
    setting = declared(written(alice, "Kettle, set"), production_permission="yes")
    contributions.add_source(actor=alice, contribution=setting, source=poem, kind="adapts")
    shares = {alice: (9900, "music"), charlie: (100, "a nod")}
    contributions.set_shares(actor=alice, contribution=setting, shares=shares)
    contributions.agree_share(actor=charlie, contribution=setting)
    contributions.publish_contribution(actor=alice, contribution=setting)
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, setting, "music", "song", "audible_ms", 30_000)
    projects.lock_cut(actor=sam, cut=cut)
    actions.import_csv(actor=sam, kind="revenue", name="sales.csv", content=revenue_csv(production))
    return drafted(sam, production, finish_jobs)


def test_the_draft_says_so_to_everybody_with_names_and_the_way_to_object(
    client: Any, with_token: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    opened(with_token, sam, dana)
    html = page(client, "statement", with_token.pk)
    assert "1 work pays a source that shares some of its makers, but not all" in html
    assert "Kettle, set passes 20% to Kettle. Made both: Alice. Only the work: Charlie." in html
    raw = client.get(with_token.get_absolute_url()).content.decode()
    assert reverse("royalties:line", args=[with_token.pk, charlie.payee.code]) in raw


def test_who_drafts_and_who_approves_see_it_where_they_decide(client: Any, with_token: Any, dana: Any) -> None:
    client.force_login(dana)
    html = client.get(reverse("admin:royalties_statement_change", args=[with_token.pk])).content.decode()
    assert "Kettle, set passes 20% to Kettle. Made both: Alice. Only the work: Charlie." in words_of(html)


def test_a_draft_without_such_works_says_nothing_of_it(client: Any, open_statement: Any, dana: Any) -> None:
    assert "shares some of its makers" not in page(client, "statement", open_statement.pk)
    client.force_login(dana)
    address = reverse("admin:royalties_statement_change", args=[open_statement.pk])
    assert "none" in words_of(client.get(address).content.decode()).partition("Makers in common")[2][:60]
