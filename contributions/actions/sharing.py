"""Who made a work together, and in what parts (basis points)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.checks import lock, must_own
from contributions.errors import NotYours, WrongState
from contributions.models import Contribution, Share
from profiles.actions import notify, record_event
from profiles.models import Artist

WHOLE_BPS = 10_000


@transaction.atomic
def set_shares(*, actor: Artist, contribution: Contribution, shares: Mapping[Artist, tuple[int, str]]) -> list[Share]:
    """Propose {artist: (basis points, what they did)} for a draft; the others are asked to agree."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    if contribution.published_seq is not None:
        raise WrongState(_("The shares of a published work stay as they were agreed."))
    if sum(bps for bps, _role in shares.values()) != WHOLE_BPS or any(bps < 1 for bps, _role in shares.values()):
        raise WrongState(_("The shares must add up to 100%."))
    contribution.shares.all().delete()
    now = timezone.now()
    rows = Share.objects.bulk_create(
        Share(
            contribution=contribution,
            artist=artist,
            share_bps=bps,
            role=role[:60],
            agreed_at=now if artist.pk == actor.pk else None,
        )
        for artist, (bps, role) in shares.items()
    )
    event = record_event(
        actor=actor,
        verb="contributions.shares_proposed",
        about=contribution,
        payload={"shares": {str(row.artist_id): row.share_bps for row in rows}},
    )
    text = _("%(name)s proposes shares for “%(title)s”") % {"name": actor.display_name, "title": contribution.title}
    notify(event=event, recipients=list(shares), text=text, url=f"/contributions/{contribution.pk}/shares/")
    return rows


@transaction.atomic
def agree_share(*, actor: Artist, contribution: Contribution) -> Share:
    """Agree to one's own part of a work."""
    lock(contribution)
    share = Share.objects.filter(contribution=contribution, artist=actor).first()
    if share is None:
        raise NotYours(_("You have no share in this work."))
    if share.agreed_at is None:
        share.agreed_at = timezone.now()
        share.save(update_fields=["agreed_at"])
        record_event(actor=actor, verb="contributions.share_agreed", about=contribution)
    return share
