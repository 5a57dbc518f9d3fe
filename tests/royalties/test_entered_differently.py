"""The page of changes shows every input that moves money: sections, departments, limits, cues, splits and rates."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import pytest

from projects import actions as projects
from royalties import actions
from royalties.allocation import allocate
from royalties.comparing import compare
from royalties.models import Cost, Statement
from tests.royalties.conftest import cost_csv, drafted, opened, place, revenue_csv
from tests.royalties.corrections import split_found_wrong
from tests.royalties.pages import page
from tests.royalties.productions import production
from tests.royalties.test_publish_statement import revised
from tests.royalties.test_sections import sectioned


def with_sections(document: dict[str, Any]) -> bool:
    return len(document.get("sections", ())) > 1


@pytest.mark.parametrize("seed", range(60))
def test_each_part_of_the_input_that_differs_is_found(seed: int) -> None:
    """Whatever key of the document is changed, something is told."""
    before = production(Random(seed))
    result = allocate(before)
    for change in (
        lambda document: document["params"].update(pass_cap_bps=4999),
        lambda document: document["params"].update(max_depth=3),
        lambda document: document["money"].update(pool_bps=4999),
        _shift_sections,
        _shift_departments,
        lambda document: document["contributions"]["first"].update(credits={"px": 10_000}),
    ):
        after = deepcopy(before)
        change(after)
        assert bool(compare(before, after, result, result)) == (before != after)


def _shift_sections(document: dict[str, Any]) -> None:
    if with_sections(document) and document["sections"][0]["bps"]:
        document["sections"][0]["bps"] -= 1
        document["sections"][1]["bps"] += 1


def _shift_departments(document: dict[str, Any]) -> None:
    tables = document["departments"].values() if "sections" in document else [document["departments"]]
    for table in tables:
        first, second = list(table)[:2]
        if table[first]:
            table[first] -= 1
            table[second] += 1


def test_sections_that_weigh_otherwise_are_told_before_and_now(
    client: Any, alice: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    made = sectioned("album", alice, bob, sam)
    actions.import_csv(actor=sam, kind="revenue", name="sales.csv", content=revenue_csv(made))
    actions.import_csv(actor=sam, kind="cost", name="costs.csv", content=cost_csv(made))
    actions.approve_cost(actor=dana, cost=Cost.objects.get())
    statement = opened(drafted(sam, made, finish_jobs), sam, dana)
    cut = projects.new_cut(actor=sam, production=made)
    waltz, hymn, *others = deepcopy(cut.sections)
    waltz["bps"] -= 3000
    hymn["bps"] += 2000
    coda = {"id": "coda", "title": "Coda", "bps": 1000, "departments": waltz["departments"]}
    projects.set_sections(actor=sam, cut=cut, sections=[waltz, hymn, coda, *others])
    place(cut, sam, cut.cues.get(position=1).contribution, "composition", "composition", "audible_ms", 9000, "coda")
    projects.lock_cut(actor=sam, cut=cut)
    revised(statement, sam, dana, finish_jobs)
    html = page(client, "changes", statement.pk)
    told = html[html.index("How it is divided What") : html.index("What was entered differently")]
    assert told.startswith("How it is divided What Before Now Waltz 67.5% 37.5% Hymn 22.5% 42.5% Coda new 10%")
    assert "Composition in Coda new 44.4" in told
    assert "Part waltz Cue L3 new department : now Composition section : now Coda Seconds audible : now 9 s" in html


@pytest.fixture
def recut(open_statement: Statement, alice: Any, sam: Any, dana: Any, finish_jobs: Any) -> Statement:
    """Draft 2: the song is half a second longer and in the background, the drawing is another one, a letter comes."""
    from tests.contributions.works import published

    cut = projects.new_cut(actor=sam, production=open_statement.production)
    song, drawing = cut.cues.get(position=2), cut.cues.get(position=3)
    projects.change_cue(actor=sam, cue=song, quantity=90_500, prominence="background")
    projects.remove_cue(actor=sam, cue=drawing)
    lid = published(alice, "Another lid", production_permission="yes")
    place(cut, sam, lid, "picture", "drawing", "screen_ms", 60_000)
    letter = published(alice, "Letter", production_permission="yes")
    place(cut, sam, letter, "writing", "poem", "words", 30)
    projects.lock_cut(actor=sam, cut=cut)
    revised(open_statement, sam, dana, finish_jobs)
    return open_statement


def test_a_cue_is_told_by_its_work_its_measure_by_its_unit_and_nothing_by_an_id(client: Any, recut: Any) -> None:
    html = page(client, "changes", recut.pk)
    assert "Steam Cue L2 Seconds audible : was 90 s now 90.5 s prominence : was 100 now 50" in html
    assert "Another lid Cue L3 work : was Lid, drawn now Another lid" in html
    assert "Letter Cue L4 new department : now Writing Words : now 30" in html
    assert "Another lid new what it is : now paid to its makers Alice’s part of the work : now 100%" in html
    assert "Lid, drawn taken out" in html
    told = html[html.index("What was entered differently") : html.index("Objections this draft settles")]
    for word in told.replace(":", " ").split():
        assert not (word[0] in "cx" and word[1:].isdigit()), word
    for code in ("audible_ms", "screen_ms", "role_weight"):
        assert code not in html


def test_a_split_is_told_by_name(
    client: Any, open_statement: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    split_found_wrong(open_statement, bob, charlie)
    revised(open_statement, sam, dana, finish_jobs)
    html = page(client, "changes", open_statement.pk)
    assert "Lid, drawn " in html
    assert "Bob’s part of the work : was 100% now 50%" in html
    assert "Charlie’s part of the work : new now 50%" in html


def test_a_rate_is_told_by_its_source(client: Any, open_statement: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    from contributions.models import Contribution, Remix

    poem, lid = (Contribution.objects.get(title=title) for title in ("Kettle", "Lid, drawn"))
    seqs = {"child_seq": lid.published_seq, "parent_seq": poem.published_seq}
    Remix.objects.create(child=lid, parent=poem, **seqs, kind="reuses", rate_bps=3000)
    revised(open_statement, sam, dana, finish_jobs)
    assert "Lid, drawn passes to Kettle : new now 30%" in page(client, "changes", open_statement.pk)


def test_a_source_from_elsewhere_is_told_by_its_title(
    client: Any, open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    from contributions.models import Contribution, ExternalSource, Remix

    poem = Contribution.objects.get(title="Kettle")
    song = Contribution.objects.get(title="Steam")
    # Its number is one of a work as well.
    outside = ExternalSource.objects.create(pk=song.pk, title="Samovar", author="Anon.", licence_name="CC0")
    Remix.objects.create(child=poem, external=outside, child_seq=poem.published_seq, kind="inspired", rate_bps=500)
    revised(open_statement, sam, dana, finish_jobs)
    html = page(client, "changes", open_statement.pk)
    assert "Kettle passes to Samovar : new now 5%" in html
    assert "Samovar new what it is : now from elsewhere, not paid" in html
