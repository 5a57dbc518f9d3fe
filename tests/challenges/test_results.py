"""Choosing works and publishing the results once."""

import pytest
from django.urls import reverse

from challenges import actions
from challenges.errors import EntryRefused, NotYours
from challenges.models import Entry, Phase
from profiles.models import Notice
from tests.contributions.works import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(room, alice, bob):
    return [
        actions.enter_challenge(actor=artist, challenge=room, contribution=published(artist, title))
        for artist, title in ((alice, "Inventory"), (bob, "Kettle"))
    ]


def publish(actor, room, entries, note="Everybody read everything."):
    return actions.publish_results(actor=actor, challenge=room, chosen={entries[0].pk: "The candles."}, note=note)


def test_chosen_works_are_named_and_all_others_thanked(client, room, charlie, alice, bob, entries, after_close):
    publish(charlie, room, entries)
    room.refresh_from_db()
    assert room.phase == Phase.RESULTS
    assert [entry.outcome for entry in Entry.objects.order_by("pk")] == ["chosen", "thanked"]
    assert Notice.objects.filter(recipient__in=[alice, bob], text__startswith="Results of").count() == 2
    page = client.get(reverse("challenges:results", args=[room.slug])).text
    assert "The candles." in page
    assert "Everybody read everything." in page


def test_it_refuses_while_the_challenge_is_open(room, charlie, entries):
    with pytest.raises(EntryRefused):
        publish(charlie, room, entries)


def test_it_refuses_a_second_time(room, charlie, entries, after_close):
    publish(charlie, room, entries)
    with pytest.raises(EntryRefused):
        publish(charlie, room, entries)


def test_it_refuses_strangers(room, alice, entries, after_close):
    with pytest.raises(NotYours):
        publish(alice, room, entries)


def test_staff_may_decide_for_any_challenge(room, sam, entries, after_close):
    assert publish(sam, room, entries).results_note


def test_it_refuses_results_without_words(room, charlie, entries, after_close):
    with pytest.raises(EntryRefused):
        publish(charlie, room, entries, note=" ")


def test_it_refuses_an_entry_of_another_challenge(room, charlie, entries, after_close):
    with pytest.raises(EntryRefused):
        actions.publish_results(actor=charlie, challenge=room, chosen={entries[1].pk + 99: ""}, note="So.")


def test_the_page_decides(client, room, charlie, entries, after_close):
    client.force_login(charlie)
    page = reverse("challenges:decide", args=[room.slug])
    assert client.get(page).status_code == 200
    form = {"note": "By ear.", f"chosen_{entries[1].pk}": "on", f"why_{entries[1].pk}": "No lid."}
    assert client.post(page, form).status_code == 302
    assert Entry.objects.get(pk=entries[1].pk).outcome == "chosen"


def test_the_page_is_not_there_for_strangers(client, room, alice, entries, after_close):
    client.force_login(alice)
    assert client.get(reverse("challenges:decide", args=[room.slug])).status_code == 404


def test_results_that_are_not_out_say_so(client, room):
    assert "No results yet" in client.get(reverse("challenges:results", args=[room.slug])).text
