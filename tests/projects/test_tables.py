"""The dated tables: which of them a production is divided by."""

import datetime as dt

import pytest
from django.urls import reverse

from projects import actions, sheet
from projects.errors import ProjectError
from tests.projects.conftest import place, produce, publish

pytestmark = pytest.mark.django_db


def test_a_production_is_divided_by_the_tables_of_the_day_it_was_opened(cut, sam, bob):
    """What is set once its works are in counts for the next production, whichever cut of this one is locked."""
    place(cut, publish(bob), sam, role="read-aloud", prominence="texture")
    before = sheet.measures_of(cut)
    actions.set_departments(actor=sam, kind="film", shares={"picture": ("Picture", 9000), "score": ("Score", 1000)})
    actions.add_role(
        actor=sam, code="read-aloud", name="Read", department_code="writing", credit_line="Read by", weight=700
    )
    actions.add_prominence(actor=sam, code="texture", name="Texture", weight=90)
    assert sheet.measures_of(cut) == before
    with pytest.raises(ProjectError, match="no department"):
        place(cut, publish(bob), sam, department="score", role="poem")
    actions.change_cue(actor=sam, cue=cut.cues.get(), role="read-aloud", prominence="texture")
    locked = actions.lock_cut(actor=sam, cut=cut)
    assert sheet.measures_of(locked) == before
    again = actions.lock_cut(actor=sam, cut=actions.new_cut(actor=sam, production=cut.production))
    assert sheet.measures_of(again) == before


def test_the_next_production_is_divided_by_the_new_tables(alice, sam):
    actions.set_departments(actor=sam, kind="film", shares={"picture": ("Picture", 9000), "writing": ("Words", 1000)})
    film = produce(sam, alice).productions.get()
    table = sheet.departments_of("film", film.created_at)
    assert {code: bps for code, bps in table.items() if bps} == {"picture": 9000, "writing": 1000}


def test_a_role_that_came_while_a_production_is_under_way_may_be_chosen(cut, sam, bob):
    actions.add_role(
        actor=sam, code="chant", name="Chant", department_code="writing", credit_line="Chant by", weight=75
    )
    place(cut, publish(bob), sam, role="chant")
    assert sheet.measures_of(cut)["lines"][0]["role_weight"] == 75


def test_a_form_that_lay_open_sets_a_table_from_now_on(sam, film):
    """Not from a moment before a production that was opened meanwhile."""
    then = film.created_at - dt.timedelta(seconds=30)
    role = actions.add_role(
        actor=sam, code="foley", name="Foley", department_code="music", credit_line="Foley by", effective_at=then
    )
    assert role.effective_at > film.created_at


@pytest.mark.parametrize("table", ["department", "role", "prominence"])
def test_a_form_says_for_which_productions_a_table_counts(client, sam, table):
    client.force_login(sam)
    page = client.get(reverse(f"admin:projects_{table}_add")).content.decode()
    assert "Counts for productions that are opened from then on" in page
