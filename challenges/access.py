"""The only door from a request to a challenge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from challenges.models import Challenge, Entry
from contributions.models import Contribution

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from profiles.models import Artist

STEWARDS = ("curator", "producer", "moderator")


def get_challenge(artist: Artist | AnonymousUser, slug: str) -> Challenge:
    """A challenge by its address; hidden ones only for their issuer and for staff."""
    challenge = (
        Challenge.objects.select_related("artist", "project", "step", "cover__current_version", "cover__artist")
        .filter(slug=slug)
        .first()
    )
    if challenge is None:
        raise Http404(slug)
    if challenge.hidden_at is None:
        return challenge
    if artist.is_authenticated and may_steer(artist, challenge):
        return challenge
    raise Http404(slug)


def may_steer(artist: Artist, challenge: Challenge) -> bool:
    """Issuers lead their own challenge; curators and producers lead all."""
    return artist.pk == challenge.artist_id or artist.has_power(*STEWARDS)


def shown_entries(challenge: Challenge) -> QuerySet[Contribution]:
    """The published works of entries that were not withdrawn."""
    standing = Entry.objects.filter(challenge=challenge, withdrawn_at=None)
    return Contribution.objects.published().for_cards().filter(entries__in=standing)


def works_to_enter(artist: Artist, challenge: Challenge) -> QuerySet[Contribution]:
    """The artist's own works, drafts too, that are not in the challenge."""
    return (
        Contribution.objects.for_cards()
        .filter(artist=artist, status__in=["draft", "processing", "published"])
        .exclude(entries__challenge=challenge, entries__withdrawn_at=None)
        .order_by("-pk")
    )
