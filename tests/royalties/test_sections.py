"""Albums by tracks, books by chapters, episodes by segments: each section has its published part of the half."""

from __future__ import annotations

from typing import Any

import pytest

from projects import actions as projects
from projects import sheet
from royalties import actions, verify
from royalties.document import published_document
from royalties.models import Cost
from tests.contributions.works import published
from tests.royalties.conftest import cost_csv, drafted, revenue_csv

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
