"""The list and the page of a challenge."""

import pytest
from django.http import Http404
from django.urls import reverse

from challenges import access, actions
from challenges.errors import NotYours
from projects import actions as projects
from tests.challenges.conftest import issue
from tests.contributions.works import published
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db


def test_an_empty_list_says_how_to_begin(client, db):
    assert "None open" in client.get(reverse("challenges:challenges")).text


def test_the_shelves_hold_what_belongs_to_them(client, room):
    address = reverse("challenges:challenges")
    assert "lighthouse keeper" in client.get(address).text
    assert "lighthouse keeper" not in client.get(address, {"phase": "results"}).text
    assert "lighthouse keeper" in client.get(address, {"phase": "nonsense"}).text


def test_the_list_costs_the_same_for_3_and_for_30(client, charlie):
    address = reverse("challenges:challenges")
    for number in range(3):
        issue(charlie, title=f"Ask {number}")
    few = cost_of(client, address)
    for number in range(27):
        issue(charlie, title=f"Ask again {number}")
    assert cost_of(client, address) == few


def test_a_challenge_costs_the_same_for_3_and_for_30_entries(client, room, alice):
    for number in range(3):
        actions.enter_challenge(actor=alice, challenge=room, contribution=published(alice, f"Work {number}"))
    few = cost_of(client, room.get_absolute_url())
    for number in range(27):
        actions.enter_challenge(actor=alice, challenge=room, contribution=published(alice, f"More {number}"))
    assert cost_of(client, room.get_absolute_url()) == few


def test_a_hidden_challenge_is_only_its_issuers_and_staffs(client, room, charlie, alice, sam):
    with pytest.raises(NotYours):
        actions.hide_challenge(actor=alice, challenge=room, reason="No")
    actions.hide_challenge(actor=sam, challenge=room, reason="Asks for other people's addresses")
    assert client.get(room.get_absolute_url()).status_code == 404
    with pytest.raises(Http404):
        access.get_challenge(alice, room.slug)
    assert access.get_challenge(charlie, room.slug) == room
    actions.show_challenge(actor=sam, challenge=room)
    assert client.get(room.get_absolute_url()).status_code == 200


def test_a_step_of_a_project_shows_its_open_challenge(client, charlie, sam):
    project = projects.pitch_project(actor=charlie, title="Night boat", kind="film", logline="A boat, at night.")
    projects.green_light(actor=sam, project=project, reason="Yes.")
    production = project.productions.get()
    step = projects.add_step(actor=sam, production=production, title="The room")
    page = project.get_absolute_url
    project.refresh_from_db()
    assert "Open challenge" not in client.get(page()).text
    issue(charlie, project=project, step=step)
    assert "Open challenge" in client.get(page()).text
