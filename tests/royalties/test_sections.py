"""Albums by tracks, books by chapters, episodes by segments: each section has its published part of the half."""

from __future__ import annotations

from typing import Any

import pytest

from projects import actions as projects
from projects import sheet
from royalties import actions, verify
from royalties.actions.computing import changed_parts, parts_of
from royalties.document import published_document
from royalties.models import Cost
from tests.contributions.works import published
from tests.royalties.conftest import cost_csv, drafted, opened, revenue_csv
from tests.royalties.test_statement_doors import relocked, revising

pytestmark = pytest.mark.usefixtures("db")

KINDS = {
    "album": ("composition", "composition", "audible_ms", {"waltz": 180_000, "hymn": 60_000}),
    "book": ("text", "story", "words", {"one": 3000, "two": 1000}),
    "tv": ("writing", "story", "words", {"news": 300, "letters": 100}),
}


def sectioned(kind: str, alice: Any, bob: Any, sam: Any) -> Any:
    """A production of two sections, the first three times as long: alice made it, bob the second."""
    department, role, unit, lengths = KINDS[kind]
    project = projects.pitch_project(actor=alice, title="Two of it", kind=kind, logline="One long, one short.")
    projects.green_light(actor=sam, project=project, reason="It made us laugh.")
    made = projects.start_production(actor=sam, project=project)
    production = made[0] if made else projects.add_episode(actor=sam, project=project, season=1, number=1, title="One")
    cut = projects.new_cut(actor=sam, production=production)
    sections = sheet.usual_sections(kind, lengths, {name: name.title() for name in lengths})
    projects.set_sections(actor=sam, cut=cut, sections=sections)
    for artist, (name, length) in zip((alice, bob), lengths.items(), strict=True):
        work = published(artist, f"Part {name}", production_permission="yes")
        projects.place_cue(
            actor=sam,
            cut=cut,
            contribution=work,
            department=department,
            role=role,
            unit=unit,
            quantity=length,
            section=name,
        )
    projects.lock_cut(actor=sam, cut=cut)
    production.refresh_from_db()
    return production


@pytest.mark.parametrize("kind", KINDS)
def test_each_section_gets_its_part_and_the_page_says_which(kind, alice, bob, sam, dana, finish_jobs, client):
    production = sectioned(kind, alice, bob, sam)
    actions.import_csv(actor=sam, kind="revenue", name="sales.csv", content=revenue_csv(production))
    actions.import_csv(actor=sam, kind="cost", name="costs.csv", content=cost_csv(production))
    actions.approve_cost(actor=dana, cost=Cost.objects.get())
    statement = drafted(sam, production, finish_jobs)
    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    lines = {line.payee.artist.handle: line for line in statement.current.lines.select_related("payee__artist")}
    pool = statement.current.pool_minor
    assert abs(lines["alice"].amount_minor - pool * 3 / 4) <= 1
    assert list(verify.problems(published_document(statement.current))) == []
    first = next(iter(KINDS[kind][3]))
    page = client.get(lines["alice"].get_absolute_url()).text
    assert f"{first.title()}, " in page
    assert "of the whole" in page


def album_with_a_sleeve(alice: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any) -> Any:
    """The album's open statement; bob drew the sleeve, which has 1,000 bps of the half."""
    production = sectioned("album", alice, bob, sam)
    cover = published(bob, "Sleeve", production_permission="yes")
    cut = projects.new_cut(actor=sam, production=production)
    facts = {"department": "artwork", "role": "artwork", "unit": "items", "quantity": 1, "section": "sleeve"}
    projects.place_cue(actor=sam, cut=cut, contribution=cover, **facts)
    projects.lock_cut(actor=sam, cut=cut)
    actions.import_csv(actor=sam, kind="revenue", name="sales.csv", content=revenue_csv(production))
    return opened(drafted(sam, production, finish_jobs), sam, dana)


def with_new_sections(statement: Any, sam: Any, lengths: dict[str, int], finish_jobs: Any) -> Any:
    """A revision by a cut whose sections are the usual ones of today."""
    sections = sheet.usual_sections("album", lengths, {})
    relocked(statement, sam, lambda cut: projects.set_sections(actor=sam, cut=cut, sections=sections))
    return revising(statement, sam, finish_jobs)


def test_the_part_of_a_sleeve_stays_what_it_was_while_a_statement_is_open(alice, bob, sam, dana, finish_jobs):
    """The new table leaves the tracks' departments in proportion, so that theirs within a track are the same."""
    statement = album_with_a_sleeve(alice, bob, sam, dana, finish_jobs)
    table = {"composition": 3600, "performance": 3600, "production": 900, "artwork": 1900}
    assert table.keys() == sheet.departments_of("album").keys()
    projects.set_departments(actor=sam, kind="album", shares={code: (code.title(), bps) for code, bps in table.items()})
    statement = with_new_sections(statement, sam, KINDS["album"][3], finish_jobs)
    assert (statement.stage, statement.pending) == ("failed", None)
    assert "rate table was changed" in statement.failure
    assert "the part of artwork" in statement.failure


def test_tracks_may_change_their_lengths_and_one_may_come_while_the_sleeve_keeps_its_part(
    alice, bob, sam, dana, finish_jobs
):
    statement = album_with_a_sleeve(alice, bob, sam, dana, finish_jobs)
    statement = with_new_sections(statement, sam, {"waltz": 90_000, "hymn": 60_000, "reel": 30_000}, finish_jobs)
    assert (statement.stage, statement.failure) == ("done", "")
    sections = {section["id"]: section["bps"] for section in statement.pending.input["sections"]}
    assert sections == {"waltz": 4500, "hymn": 3000, "reel": 1500, "sleeve": 1000}


SUNG, PLAYED, DRAWN = {"words": 5000, "music": 5000}, {"music": 10_000}, {"artwork": 10_000}


def parts(each: bool = False, **sections: tuple[dict[str, int], int]) -> dict[frozenset[str], int]:
    document = {
        "sections": [{"id": name, "bps": bps} for name, (_table, bps) in sections.items()],
        "departments": {name: table for name, (table, _bps) in sections.items()},
    }
    return parts_of(document, each=each)


def test_sections_that_share_a_department_are_one_part_of_the_whole():
    album = parts(waltz=(SUNG, 6000), hymn=(PLAYED, 3000), sleeve=(DRAWN, 1000))
    assert album == {frozenset(["words", "music"]): 9000, frozenset(["artwork"]): 1000}
    assert changed_parts(album, parts(waltz=(SUNG, 1000), hymn=(PLAYED, 8000), sleeve=(DRAWN, 1000))) == []
    both = ["the part of artwork", "the part of music/words"]
    assert changed_parts(album, parts(waltz=(SUNG, 6000), hymn=(PLAYED, 2000), sleeve=(DRAWN, 2000))) == both
    assert changed_parts(album, parts(hymn=(PLAYED, 8000), sleeve=(DRAWN, 2000))) == both


def test_what_has_gone_leaves_the_others_in_proportion():
    book = parts(one=(SUNG, 6000), sleeve=(DRAWN, 1000), index=({"listing": 10_000}, 3000))
    assert changed_parts(book, parts(one=(SUNG, 8571), sleeve=(DRAWN, 1429))) == []
    assert changed_parts(book, parts(one=(SUNG, 8000), sleeve=(DRAWN, 2000))) != []
    assert changed_parts(book, parts(one=(SUNG, 10_000))) == []
    assert changed_parts({}, parts(one=(SUNG, 10_000))) == []


def test_each_section_of_a_dvd_keeps_its_part():
    dvd = {"main": (SUNG, 7000), "extras": (SUNG, 2000), "packaging": ({"packaging": 10_000}, 1000)}
    published_ones = parts(each=True, **dvd)
    assert changed_parts(published_ones, parts(each=True, **dvd)) == []
    other = dvd | {"main": (SUNG, 6000), "extras": (SUNG, 3000)}
    assert changed_parts(published_ones, parts(each=True, **other)) == ["the part of extras", "the part of main"]
    with_another = dvd | {"main": (SUNG, 6000), "booklet": (SUNG, 1000)}
    assert changed_parts(published_ones, parts(each=True, **with_another)) == ["the part of main"]
