"""The first page of the admin: what waits, for whom, and links that lead to it."""

import pytest
from django.urls import reverse

from hitrecord.admin import waiting
from reviews import actions as reviews
from tests.contributions.works import published

pytestmark = pytest.mark.django_db


def test_an_empty_desk_says_so(client, sam):
    client.force_login(sam)
    assert "Nothing waits." in client.get(reverse("admin:index")).text


def test_what_waits_stands_first_with_its_count(client, sam, alice, bob):
    work = published(alice)
    reviews.recommend(actor=bob, contribution=work, reason="The lamp.")
    client.force_login(sam)
    page = client.get(reverse("admin:index")).text
    assert "Recommendations not seen yet" in page


def test_each_pile_leads_to_a_list_that_opens(client, sam, dana):
    for person in (sam, dana):
        client.force_login(person)
        for pile in waiting(person):
            answer = client.get(pile.url)
            assert answer.status_code == 200, (pile.label, pile.url, answer.headers.get("Location"))


def test_powers_decide_what_waits(sam, dana, alice):
    assert {pile.label for pile in waiting(sam)} != {pile.label for pile in waiting(dana)}
    assert list(waiting(alice)) == []


def test_the_admin_is_closed_to_members_and_visitors(client, alice):
    assert client.get(reverse("admin:index")).status_code == 302
    client.force_login(alice)
    assert client.get(reverse("admin:index")).status_code == 302


def test_every_list_opens_for_staff(client, sam):
    """Each registered model's list and, where there is one, its add page answer without an error."""
    from django.contrib import admin

    client.force_login(sam)
    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        answer = client.get(address)
        assert answer.status_code in {200, 403}, (address, answer.status_code)
        assert page.list_display
