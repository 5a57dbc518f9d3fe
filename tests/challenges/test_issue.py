"""Issuing a challenge: by any artist, with dates in order."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from challenges.models import Challenge, Phase
from profiles import actions as profiles
from profiles.models import Event, Notice
from tests.challenges.conftest import issue
from tests.contributions.works import published

pytestmark = pytest.mark.django_db


def stamp(days: float) -> str:
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


FORM = {
    "title": "Forty seconds of harbour",
    "prompt": "A place where boats are kept.",
    "media": ["audio"],
    "skills": "field recording, foley",
    "rules": "",
    "materials": "",
    "project": "",
    "pay": "",
}


def filled(**more):
    return {**FORM, "opens_at": stamp(-0.1), "closes_at": stamp(5), "results_at": stamp(9), **more}


def test_any_artist_issues_a_challenge(client, alice):
    client.force_login(alice)
    assert not Challenge.objects.exists()
    answer = client.post(reverse("challenges:propose"), filled())
    challenge = Challenge.objects.get()
    assert answer.headers["Location"] == challenge.get_absolute_url()
    assert challenge.phase == Phase.OPEN
    assert challenge.skills == ["field recording", "foley"]
    assert Event.objects.filter(verb="challenges.issued").exists()


def test_followers_hear_of_it(alice, bob):
    profiles.follow(actor=bob, topic=f"artist:{alice.pk}")
    issue(alice)
    assert Notice.objects.filter(recipient=bob).exists()


def test_two_of_one_title_have_addresses_of_their_own(alice):
    assert issue(alice).slug != issue(alice).slug


def test_a_visitor_is_asked_to_log_in(client, db):
    assert client.get(reverse("challenges:propose")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"closes_at": stamp(-3)}, "after the opening"),
        ({"results_at": stamp(1)}, "before the close"),
        ({"title": ""}, "required"),
        ({"media": []}, "required"),
        ({"media": ["smell"]}, "Select a valid choice"),
        ({"materials": "/contributions/999/nothing/"}, "No published work"),
        ({"pay": "-1"}, "greater than or equal to 0"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_words(client, alice, wrong, words):
    client.force_login(alice)
    page = client.post(reverse("challenges:propose"), filled(**wrong))
    assert page.status_code == 422
    assert words in page.text
    assert "A place where boats are kept." in page.text
    assert not Challenge.objects.exists()


def test_material_is_named_by_address_or_number(client, alice):
    work = published(alice)
    client.force_login(alice)
    client.post(reverse("challenges:propose"), filled(materials=work.get_absolute_url()))
    assert list(Challenge.objects.get().materials.all()) == [work]


def test_pay_is_kept_in_minor_units_and_shown(client, alice):
    client.force_login(alice)
    client.post(reverse("challenges:propose"), filled(pay="1200"))
    challenge = Challenge.objects.get()
    assert (challenge.pay_minor, challenge.pay_currency) == (120_000, "USD")
    assert challenge.pay_text == "USD\xa01,200"


def test_the_action_refuses_dates_out_of_order(alice):
    now = timezone.now()
    with pytest.raises(ValidationError):
        issue(alice, opens_at=now, closes_at=now - timedelta(days=1), results_at=now)


def test_postgresql_refuses_dates_out_of_order(room):
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=room.pk).update(closes_at=room.opens_at - timedelta(days=1))
