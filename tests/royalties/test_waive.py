"""Giving up what a work earns: the page says what it means, asks, and says so afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from contributions import actions as works
from contributions.models import Contribution
from profiles.models import Event
from royalties import actions
from royalties.exceptions import NotAllowed, WrongState
from royalties.models import Waiver
from tests.contributions.works import published, ready, written
from tests.royalties.conftest import drafted
from tests.royalties.test_payout_pages import fresh

pytestmark = pytest.mark.usefixtures("db")


def door(work: Contribution) -> str:
    return reverse("royalties:waive", args=[work.pk])


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


@pytest.fixture
def duet(alice: Any, bob: Any) -> Contribution:
    """A work of alice's that is half bob's."""
    work = ready(alice, "Duet", production_permission="yes")
    works.set_shares(actor=alice, contribution=work, shares={alice: (5000, "Words"), bob: (5000, "Tune")})
    works.agree_share(actor=bob, contribution=work)
    return works.publish_contribution(actor=alice, contribution=work)


def test_an_artist_waives_what_a_work_earns_and_reads_so_afterwards(
    client: Any, earning: Any, alice: Any, sam: Any, finish_jobs: Any
) -> None:
    poem = alice.contributions.get()
    fresh(client, alice)
    assert door(poem) in page(client, poem.get_absolute_url())
    html = page(client, door(poem))
    for words in ("Waive what this work earns?", "From the next drafted statement on", "It cannot be taken back"):
        assert words in html
    assert not Waiver.objects.exists()
    assert client.post(door(poem))["Location"] == door(poem)
    assert Waiver.objects.get().artist == alice
    after = page(client, door(poem))
    assert "You waived what this work earns" in after
    assert "Waive what it earns</button>" not in after
    assert "You waived what this work earns" in page(client, poem.get_absolute_url())
    assert "Kettle" in page(client, reverse("royalties:earned_works"))
    statement = drafted(sam, earning, finish_jobs)
    assert [line.payee.artist.handle for line in statement.pending.lines.select_related("payee__artist")] == ["bob"]


def test_waiving_twice_is_once(client: Any, alice: Any) -> None:
    work = published(alice, "Kettle")
    fresh(client, alice)
    for _time in range(2):
        assert client.post(door(work)).status_code == 302
    assert Waiver.objects.count() == 1
    assert Event.objects.filter(verb="royalties.share_waived").count() == 1


def test_it_says_who_gets_it_instead(client: Any, alice: Any, bob: Any, duet: Contribution) -> None:
    lone, remix = published(alice, "Lone"), published(bob, "Steam", sources=[duet])
    fresh(client, alice)
    assert "everybody else in the same production" in page(client, door(lone))
    assert "built from" not in page(client, door(lone))
    shared = page(client, door(duet))
    assert "those who made it with you" in shared
    assert bob.get_absolute_url() in shared
    fresh(client, bob)
    assert "The works it was built from are still passed their part." in page(client, door(remix))


def test_who_has_a_share_finds_the_door_as_well_and_waives_that_share_alone(
    client: Any, alice: Any, bob: Any, duet: Contribution
) -> None:
    fresh(client, bob)
    assert door(duet) in page(client, duet.get_absolute_url())
    client.post(door(duet))
    assert Waiver.objects.get().artist == bob
    fresh(client, alice)
    html = page(client, door(duet))
    assert "Waive what this work earns?" in html
    assert bob.get_absolute_url() not in html


def test_works_of_others_and_drafts_are_not_found(client: Any, alice: Any, charlie: Any) -> None:
    work, draft = published(alice, "Kettle"), written(alice, "Half a page")
    fresh(client, charlie)
    assert door(work) not in page(client, work.get_absolute_url())
    page(client, door(work), status=404)
    assert client.post(door(work)).status_code == 404
    with pytest.raises(NotAllowed):
        actions.waive_share(actor=charlie, contribution=work)
    fresh(client, alice)
    page(client, door(draft), status=404)
    with pytest.raises(WrongState):
        actions.waive_share(actor=alice, contribution=draft)
    client.logout()
    assert client.get(door(work))["Location"].startswith("/accounts/login/")


def test_what_was_made_as_paid_work_has_nothing_to_waive(client: Any, sam: Any) -> None:
    work = published(sam, "Grade")
    fresh(client, sam)
    html = page(client, door(work))
    assert "there is nothing to waive" in html
    assert "Waive what it earns</button>" not in html


def test_one_must_just_have_said_who_one_is(client: Any, alice: Any) -> None:
    work = published(alice, "Kettle")
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(door(work))["Location"].startswith(reverse("account_reauthenticate") + "?next=")
    assert client.post(door(work))["Location"] == door(work)
    assert not Waiver.objects.exists()


def test_the_same_press_waives_once_one_has_said_again_who_one_is(
    client: Any, earning: Any, alice: Any, settings: Any
) -> None:
    poem = alice.contributions.get()
    fresh(client, alice)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = client.post(door(poem), {"submission": "a-key"}, follow=True)
    assert "Confirm that it is you, then press again" in answer.content.decode()
    assert not Waiver.objects.exists()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    assert client.post(door(poem), {"submission": "a-key"}).status_code == 302
    assert Waiver.objects.get().artist == alice
