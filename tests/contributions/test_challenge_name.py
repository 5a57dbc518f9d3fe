"""Challenges stand above works: their task is called by its name, by a real worker."""

import datetime as dt

from django.utils import timezone

from challenges import actions as challenges
from challenges.models import Entry
from tests.contributions.works import published
from tests.support.sites import eventually


def test_the_challenge_a_work_was_begun_for_is_entered(live_site, alice, bob):
    now = timezone.now()
    challenge = challenges.issue_challenge(
        actor=bob,
        title="Night",
        prompt="One lamp.",
        media=["text"],
        opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=5),
        results_at=now + dt.timedelta(days=9),
    )
    entries = Entry.objects.filter(challenge=challenge)
    assert not entries.exists()
    work = published(alice, challenge_slug=challenge.slug)
    eventually(entries.exists, seconds=60, what="the entry")
    assert entries.get().contribution == work
