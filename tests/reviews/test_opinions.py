"""Hearts, recommendations and structured reviews."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from profiles.models import Notice
from reviews import actions
from reviews.errors import ReviewRefused
from reviews.models import Heart, Recommendation, Review
from tests.contributions.works import published, written

pytestmark = pytest.mark.django_db
SCORES = {"idea": 5, "craft": 4, "fit": 3, "sentence": "The candles are odd in the right way."}


def test_liking_twice_counts_once(alice, bob):
    work = published(alice)
    actions.heart(actor=bob, contribution=work)
    actions.heart(actor=bob, contribution=work)
    work.refresh_from_db()
    assert work.heart_count == 1
    actions.unheart(actor=bob, contribution=work)
    actions.unheart(actor=bob, contribution=work)
    work.refresh_from_db()
    assert work.heart_count == 0
    assert not Heart.objects.exists()


def test_a_draft_cannot_be_liked(alice, bob):
    with pytest.raises(ReviewRefused):
        actions.heart(actor=bob, contribution=written(alice))


def test_the_heart_answers_a_page_or_a_part(client, alice, bob):
    work = published(alice)
    client.force_login(bob)
    address = reverse("reviews:heart", args=[work.pk])
    part = client.post(address, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Liked" in part
    assert client.post(address, {"stop": "1"}).headers["Location"] == work.get_absolute_url()
    assert not Heart.objects.exists()


def test_a_recommendation_carries_its_reason_to_the_artist(alice, bob):
    work = published(alice)
    actions.recommend(actor=bob, contribution=work, reason="Scene 4 needs this lamp.")
    assert Recommendation.objects.get().project is None
    assert Notice.objects.filter(recipient=alice, text__contains="recommended").exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_recommendation_needs_a_reason(alice, bob, reason):
    with pytest.raises(ReviewRefused):
        actions.recommend(actor=bob, contribution=published(alice), reason=reason)


def test_nobody_recommends_themselves_or_twice(alice, bob):
    work = published(alice)
    with pytest.raises(ReviewRefused, match="own work"):
        actions.recommend(actor=alice, contribution=work, reason="Mine.")
    actions.recommend(actor=bob, contribution=work, reason="Yes.")
    with pytest.raises(ReviewRefused, match="already"):
        actions.recommend(actor=bob, contribution=work, reason="Yes again.")


def test_a_review_is_rewritten_not_repeated(alice, bob):
    work = published(alice)
    actions.review(actor=bob, contribution=work, **SCORES)
    actions.review(actor=bob, contribution=work, **{**SCORES, "idea": 2})
    assert Review.objects.get().idea == 2


def test_scores_lie_between_one_and_five(alice, bob):
    with pytest.raises(ValidationError):
        actions.review(actor=bob, contribution=published(alice), **{**SCORES, "craft": 6})


def test_nobody_reviews_themselves(alice):
    with pytest.raises(ReviewRefused):
        actions.review(actor=alice, contribution=published(alice), **SCORES)


def test_the_review_page_says_what_is_missing(client, alice, bob):
    work = published(alice)
    client.force_login(bob)
    page = client.post(reverse("reviews:review", args=[work.pk]), {"idea": "5", "sentence": "Good"})
    assert page.status_code == 422
    assert "required" in page.text
    assert client.post(reverse("reviews:review", args=[work.pk]), SCORES).status_code == 302


def test_the_recommend_page_works(client, alice, bob):
    work = published(alice)
    client.force_login(bob)
    address = reverse("reviews:recommend", args=[work.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "", "project": ""}).status_code == 422
    assert client.post(address, {"reason": "The lamp.", "project": ""}).status_code == 302


def test_an_unknown_work_is_not_found(client, bob):
    client.force_login(bob)
    assert client.post(reverse("reviews:heart", args=[404])).status_code == 404
