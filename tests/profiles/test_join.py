"""Joining, powers, following, and the events that tell of it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from profiles import access, actions
from profiles.handles import handle_from
from profiles.models import Artist, Event, Follow, Notice
from profiles.models.artist import StaffPower

pytestmark = pytest.mark.django_db


def test_joining_opens_an_account_and_leaves_an_event(db):
    artist = actions.join(
        email="Erin@Example.org", handle="erin", display_name="Erin Moss", password="a-long-password-7"
    )
    assert artist.email == "erin@example.org"
    assert artist.check_password("a-long-password-7")
    assert Event.objects.filter(verb="profiles.joined", topic=f"artist:{artist.pk}").exists()


def test_an_address_is_taken_whatever_its_case(alice):
    with pytest.raises(ValidationError):
        actions.join(email=alice.email.upper(), handle="erin", display_name="Erin")


@pytest.mark.parametrize("handle", ["Erin", "erin moss", "_erin", "erin_", "é", "", "x" * 31, "erin/.."])
def test_a_malformed_handle_is_refused(db, handle):
    with pytest.raises(ValidationError):
        actions.join(email="erin@example.org", handle=handle, display_name="Erin")


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Mara Quist", "mara_quist"),
        ("Lê Thị Mai", "le_thi_mai"),
        ("نور", "artist"),
        ("  ", "artist"),
        ("a" * 60, "a" * 30),
    ],
)
def test_a_handle_is_made_from_any_name(name, handle):
    assert handle_from(name) == handle


def test_a_taken_handle_gets_an_ending(db):
    actions.join(email="a@example.org", handle="mara_quist", display_name="Mara Quist")
    free = access.free_handle("Mara Quist")
    assert free.startswith("mara_quist_")
    assert free != "mara_quist"


def test_powers_are_groups_and_can_be_taken_back(sam, dana):
    actions.grant_powers(actor=dana, artist=sam, powers=[StaffPower.CURATOR])
    sam = Artist.objects.get(pk=sam.pk)
    assert sam.has_power("curator")
    assert not sam.has_power("finance")
    actions.grant_powers(actor=dana, artist=sam, powers=[])
    sam = Artist.objects.get(pk=sam.pk)
    assert not sam.has_power("curator")
    assert not sam.is_staff


def test_following_twice_is_following_once(alice, bob):
    topic = f"artist:{bob.pk}"
    actions.follow(actor=alice, topic=topic)
    actions.follow(actor=alice, topic=topic)
    assert Follow.objects.filter(artist=alice).count() == 1
    assert list(actions.followers_of(topic)) == [alice]
    actions.unfollow(actor=alice, topic=topic)
    assert not Follow.objects.filter(artist=alice).exists()


def test_a_notice_reaches_each_recipient_once_and_never_the_actor(alice, bob, charlie):
    event = actions.record_event(actor=alice, verb="test.happened", about=alice)
    for _attempt in range(2):
        actions.notify(event=event, recipients=[alice, bob, charlie, bob], text="It happened.", url="/")
    assert sorted(Notice.objects.values_list("recipient__handle", flat=True)) == ["bob", "charlie"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE profiles_event SET verb = 'x'", "DELETE FROM profiles_event", "TRUNCATE profiles_event CASCADE"],
)
def test_postgresql_refuses_to_change_events(alice, statement):
    assert Event.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.exists()
