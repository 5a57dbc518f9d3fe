"""Entering a challenge with a new or an existing work, and taking it out again."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from challenges import actions, tasks
from challenges.errors import EntryRefused, NotYours
from challenges.models import Entry
from profiles.models import Notice
from tests.challenges.conftest import issue
from tests.contributions.works import published, written

pytestmark = pytest.mark.django_db


def enter(actor, challenge, work, **more):
    return actions.enter_challenge(actor=actor, challenge=challenge, contribution=work, **more)


def test_a_work_enters_and_its_issuer_hears_of_it(room, alice):
    work = published(alice)
    enter(alice, room, work)
    room.refresh_from_db()
    assert room.entry_count == 1
    assert Notice.objects.filter(recipient=room.artist).exists()


def test_a_draft_enters_and_shows_once_it_is_published(client, room, alice):
    enter(alice, room, written(alice, "Inventory of the room"))
    assert "Inventory of the room" not in client.get(room.get_absolute_url()).text
    client.force_login(alice)
    assert "Shows once you publish it" in client.get(room.get_absolute_url()).text


def test_it_refuses_the_work_of_another(room, alice, bob):
    with pytest.raises(EntryRefused):
        enter(bob, room, published(alice))


def test_it_refuses_a_second_time(room, alice):
    work = published(alice)
    enter(alice, room, work)
    with pytest.raises(EntryRefused):
        enter(alice, room, work)
    assert Entry.objects.count() == 1


def test_it_refuses_a_medium_that_was_not_asked_for(charlie, alice):
    challenge = issue(charlie, media=["video"])
    with pytest.raises(EntryRefused, match="Video"):
        enter(alice, challenge, published(alice))


def test_it_refuses_before_the_opening(charlie, alice):
    now = timezone.now()
    challenge = issue(charlie, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    with pytest.raises(EntryRefused, match="not open yet"):
        enter(alice, challenge, published(alice))


def test_it_refuses_after_the_close_and_says_that_the_draft_is_kept(room, alice, after_close):
    work = published(alice)
    with pytest.raises(EntryRefused, match="draft is kept"):
        enter(alice, room, work)


def test_a_late_link_opens_the_door_until_the_results(room, alice, after_close):
    assert enter(alice, room, published(alice), late_key=room.late_key).is_late


def test_a_wrong_late_link_does_not(room, alice, after_close):
    with pytest.raises(EntryRefused):
        enter(alice, room, published(alice), late_key="guessed")


def test_an_entry_is_withdrawn_and_may_come_back(room, alice):
    work = published(alice)
    entry = enter(alice, room, work)
    actions.withdraw_entry(actor=alice, entry=entry)
    room.refresh_from_db()
    assert room.entry_count == 0
    enter(alice, room, work)
    room.refresh_from_db()
    assert room.entry_count == 1


def test_only_its_artist_withdraws_an_entry(room, alice, bob):
    entry = enter(alice, room, published(alice))
    with pytest.raises(NotYours):
        actions.withdraw_entry(actor=bob, entry=entry)


def test_an_upload_begun_on_the_page_enters_by_itself(room, alice):
    work = published(alice)
    tasks.enter_from_upload(work.pk, room.slug)
    tasks.enter_from_upload(work.pk, room.slug)
    assert Entry.objects.filter(challenge=room, contribution=work).count() == 1


def test_an_upload_that_came_too_late_is_told_in_the_inbox(room, alice):
    work = published(alice)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        tasks.enter_from_upload(work.pk, room.slug)
    assert not Entry.objects.exists()
    assert "closed" in Notice.objects.filter(recipient=alice).latest("pk").text


def test_the_page_enters_a_work(client, room, alice):
    work = published(alice)
    client.force_login(alice)
    page = reverse("challenges:enter", args=[room.slug])
    assert work.title.encode() in client.get(page).content or "Keeper" in client.get(page).text
    assert client.post(page, {"contribution": work.pk}).status_code == 302
    assert Entry.objects.filter(contribution=work).exists()


def test_the_page_offers_no_work_of_others(client, room, alice, bob):
    work = published(bob)
    published(alice, "Mine")
    client.force_login(alice)
    assert client.post(reverse("challenges:enter", args=[room.slug]), {"contribution": work.pk}).status_code == 422
