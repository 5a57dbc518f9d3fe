"""Proposing how a work is divided among its makers, on the page."""

import pytest
from django.urls import reverse

from profiles.models import Notice
from tests.contributions.works import published, written

pytestmark = pytest.mark.django_db


def rows(*parts):
    form = {"form-TOTAL_FORMS": str(len(parts)), "form-INITIAL_FORMS": "0"}
    for number, (handle, percent, role) in enumerate(parts):
        form |= {f"form-{number}-handle": handle, f"form-{number}-percent": percent, f"form-{number}-role": role}
    return form


def propose(client, work, *parts):
    return client.post(reverse("contributions:shares", args=[work.pk]), rows(*parts))


def test_shares_are_proposed_and_the_others_asked(client, alice, bob):
    work = written(alice)
    client.force_login(alice)
    assert "Propose how it is divided" in client.get(reverse("contributions:shares", args=[work.pk])).text
    answer = propose(client, work, ("alice", "80.5", "piano"), ("@bob", "19.5", "accordion"), ("", "", ""))
    assert answer.status_code == 302
    assert {share.artist.handle: share.share_bps for share in work.shares.all()} == {"alice": 8050, "bob": 1950}
    assert Notice.objects.filter(recipient=bob, text__contains="proposes shares").exists()
    assert "80.5%" in client.get(reverse("contributions:shares", args=[work.pk])).text


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([("alice", "80", ""), ("bob", "19", "")], "add up to 100%"),
        ([("alice", "80", ""), ("nobody", "20", "")], "Nobody here has this handle"),
        ([("alice", "100", ""), ("bob", "", "")], "Say how much is theirs"),
        ([("alice", "101", "")], "less than or equal to 100"),
    ],
)
def test_it_says_what_is_wrong(client, alice, bob, parts, words):
    work = written(alice)
    client.force_login(alice)
    page = propose(client, work, *parts)
    assert page.status_code == 422
    assert words in page.text
    assert not work.shares.exists()


def test_a_published_work_stays_as_it_was_agreed(client, alice, bob):
    work = published(alice)
    client.force_login(alice)
    assert "Propose how it is divided" not in client.get(reverse("contributions:shares", args=[work.pk])).text
    propose(client, work, ("bob", "100", ""))
    assert not work.shares.filter(artist=bob).exists()


def test_a_stranger_does_not_find_the_page(client, alice, bob):
    work = written(alice)
    client.force_login(bob)
    assert propose(client, work, ("bob", "100", "")).status_code == 404
