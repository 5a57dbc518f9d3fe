"""The queue hands out the least-reviewed entries first."""

import pytest
from django.urls import reverse

from challenges import actions as challenges
from reviews import access, actions
from tests.challenges.conftest import issue
from tests.contributions.works import published

pytestmark = pytest.mark.django_db
SCORES = {"idea": 5, "craft": 4, "fit": 3, "sentence": "Odd in the right way."}


@pytest.fixture
def works(charlie, alice):
    challenge = issue(charlie)
    made = [published(alice, f"Room {number}") for number in range(3)]
    for work in made:
        challenges.enter_challenge(actor=alice, challenge=challenge, contribution=work)
    return challenge, made


def test_the_least_reviewed_comes_first_and_never_twice(works, bob, sam):
    challenge, made = works
    actions.review(actor=sam, contribution=made[0], **SCORES)
    order = []
    while (work := access.next_to_review(bob, challenge)) is not None:
        order.append(work.pk)
        actions.review(actor=bob, contribution=work, **SCORES)
    assert order == [made[1].pk, made[2].pk, made[0].pk]
    assert access.review_progress(bob, challenge) == (3, 3)


def test_nobody_is_handed_their_own(works, alice):
    assert access.next_to_review(alice, works[0]) is None


def test_the_page_saves_and_goes_on(client, works, bob):
    challenge, made = works
    client.force_login(bob)
    address = reverse("reviews:queue", args=[challenge.slug])
    assert "Room 0" in client.get(address).text
    assert client.post(address, {"work": made[0].pk, **SCORES}).status_code == 302
    assert "Room 1" in client.get(address).text
    refused = client.post(address, {"work": made[1].pk, "idea": "9"})
    assert refused.status_code == 422
    assert "Room 1" in refused.text


def test_the_end_of_the_queue_says_thank_you(client, works, alice):
    client.force_login(alice)
    assert "seen them all" in client.get(reverse("reviews:queue", args=[works[0].slug])).text
