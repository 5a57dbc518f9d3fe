"""Chapter: charlie asks for something, bob answers, and members say what they think of one another's works."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from challenges.models import Challenge, Entry
from contributions.models import Comment
from reviews.models import Heart, Recommendation, Review
from tests.story.stage import Stage, said


def charlie_issues_a_challenge(stage: Stage) -> None:
    page = stage.at("charlie", "/challenges/propose/")
    page.locator("#id_title").fill("The keeper’s room")
    page.locator("#id_prompt").fill("What does the room sound like when nobody counts?")
    for medium in ("audio", "text"):
        page.locator(f"input[name=media][value={medium}]").check()
    page.locator("#id_materials").fill(str(stage.works["text"].pk))
    now = timezone.now()
    for name, days in (("opens_at", -1), ("closes_at", 6), ("results_at", 9)):
        page.locator(f"#id_{name}").fill((now + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Issue the challenge").click()
    said(page, "Your challenge is out.")
    stage.rows["challenge"] = Challenge.objects.get()
    said(stage.at("visitor", "/"), "The keeper’s room")


def bob_enters(stage: Stage) -> None:
    challenge = stage.rows["challenge"]
    page = stage.at("bob", challenge.get_absolute_url())
    page.get_by_role("link", name="Enter a work I have").click()
    page.get_by_label("Waltz for the lamp").check()
    page.get_by_role("button", name="Enter this work").click()
    said(page, "is in the challenge")
    entry = Entry.objects.get()
    assert (entry.contribution, entry.is_late) == (stage.works["audio"], False)
    said(stage.at("visitor", challenge.get_absolute_url()), "Waltz for the lamp")


def members_say_what_they_think(stage: Stage) -> None:
    """A heart, a review, a recommendation, a comment; each is seen by everybody."""
    waltz = stage.works["audio"]
    page = stage.at("charlie", waltz.get_absolute_url())
    page.get_by_role("button", name="Like").click()
    page.get_by_role("button", name="Liked").wait_for()
    page.get_by_role("link", name="Review", exact=True).click()
    for name, score in (("idea", 5), ("craft", 4), ("fit", 4)):
        page.locator(f"input[name={name}][value='{score}']").check()
    page.locator("#id_sentence").fill("Let the last bar ring a little longer.")
    page.locator("main form button.btn").first.click()
    page.wait_for_url(f"**{waltz.get_absolute_url()}*")
    page = stage.at("charlie", waltz.get_absolute_url())
    page.get_by_role("link", name="Recommend", exact=True).click()
    page.locator("#id_reason").fill("A film about the lamp would begin with this.")
    page.locator("main form button.btn").first.click()
    page.wait_for_url(f"**{waltz.get_absolute_url()}*")
    page = stage.at("alice", waltz.get_absolute_url())
    page.locator("textarea[name=body]").fill("I did not know it could sing.")
    page.get_by_role("button", name="Post comment").click()
    said(page, "I did not know it could sing.")
    seen = stage.at("visitor", waltz.get_absolute_url())
    for words in ("I did not know it could sing.", "would begin with this", "ring a little longer"):
        said(seen, words)
    assert [Heart.objects.count(), Review.objects.count(), Recommendation.objects.count()] == [1, 1, 1]
    assert Comment.objects.get().artist == stage.artist("alice")
