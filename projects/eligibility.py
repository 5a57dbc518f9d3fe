"""Who may vote in a green-light round, and in plain words why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from profiles.models import Artist
from projects.models import Round


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether somebody may vote; `reason` is empty for those who may."""

    reason: str = ""
    code: str = ""

    def __bool__(self) -> bool:
        return not self.code


def may_vote(viewer: Any, voting_round: Round) -> Eligibility:
    """Voters joined before the day that the round names and have verified their address."""
    if viewer is None or not viewer.is_authenticated:
        return Eligibility(_("Log in to vote."), "anonymous")
    if viewer.closed_at is not None or not viewer.is_active:
        return Eligibility(_("This account is closed."), "closed")
    if viewer.joined_at >= voting_round.joined_before:
        day = formats.date_format(timezone.localtime(voting_round.joined_before), "j F Y")
        text = _("Voters in this round joined before %(day)s. You may vote in the next one.")
        return Eligibility(text % {"day": day}, "young")
    if not has_verified_email(viewer):
        return Eligibility(
            _("Verify your e-mail address first: use the link in the mail that we sent you."), "unverified"
        )
    return Eligibility()


def has_verified_email(artist: Artist) -> bool:
    addresses = EmailAddress.objects.filter(user=artist, email__iexact=artist.email, verified=True)
    return bool(addresses.exists())
