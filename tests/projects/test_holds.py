"""A locked cut keeps a work that its artist withdraws, and the artist reads so before."""

import pytest
from django.urls import reverse

from contributions.actions import withdraw
from contributions.errors import StillUsed
from contributions.holds import holds_on
from projects import actions
from tests.projects.conftest import place, publish
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db


def test_a_draft_cut_keeps_nothing(cut, sam, bob):
    work = publish(bob)
    place(cut, work, sam)
    assert holds_on(work) == []
    assert withdraw(actor=bob, contribution=work).is_gone


def test_a_locked_cut_keeps_its_works_and_names_itself(cut, film, sam, bob):
    work, other = publish(bob), publish(bob, "Lid")
    place(cut, work, sam)
    locked = actions.lock_cut(actor=sam, cut=cut)
    (hold,) = holds_on(work)
    assert (hold.title, hold.since) == (film.title, locked.locked_at)
    assert hold.url == film.get_absolute_url()
    assert holds_on(other) == []


def test_withdrawing_from_a_locked_cut_asks_whether_one_knows(client, cut, film, sam, bob):
    work = publish(bob)
    place(cut, work, sam)
    actions.lock_cut(actor=sam, cut=cut)
    with pytest.raises(StillUsed):
        withdraw(actor=bob, contribution=work)
    client.force_login(bob)
    assert film.title in client.get(work.get_absolute_url()).content.decode()
    page = client.get(reverse("contributions:withdraw", args=[work.pk])).content.decode()
    assert "I know that what is named above goes on using it" in page
    assert withdraw(actor=bob, contribution=work, knowing=True).is_gone


def test_two_uses_in_a_production_are_one_hold_and_cost_no_more(client, cut, sam, bob):
    work = publish(bob)
    place(cut, work, sam)
    client.force_login(bob)
    address = reverse("contributions:withdraw", args=[work.pk])
    before = cost_of(client, address)
    place(cut, work, sam)
    actions.lock_cut(actor=sam, cut=cut)
    assert len(holds_on(work)) == 1
    assert cost_of(client, address) == before
