"""What a person may see of opinions, and which entry wants eyes next."""

from __future__ import annotations

from django.db.models import Count

from challenges.access import shown_entries
from challenges.models import Challenge
from contributions.models import Contribution
from profiles.models import Artist
from reviews.models import Review


def next_to_review(artist: Artist, challenge: Challenge) -> Contribution | None:
    """The entry with the fewest reviews that this artist neither made nor reviewed.

    Least reviewed first, so that every entry is seen (itch.io's queue); ties by age.
    """
    seen = Review.objects.filter(reviewer=artist).values("contribution")
    return (
        shown_entries(challenge)
        .exclude(artist=artist)
        .exclude(pk__in=seen)
        .annotate(seen_by=Count("reviews"))
        .order_by("seen_by", "published_seq")
        .first()
    )


def review_progress(artist: Artist, challenge: Challenge) -> tuple[int, int]:
    """How many entries this artist has reviewed, of how many by others."""
    others = shown_entries(challenge).exclude(artist=artist)
    return others.filter(reviews__reviewer=artist).distinct().count(), others.count()
