"""What several actions check before they write."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from contributions.errors import NotYours, QuotaExceeded, WrongState
from contributions.models import Contribution, SourceFile, Upload, Version
from profiles.models import Artist


def lock(contribution: Contribution) -> Contribution:
    """The row as it is now, held until the transaction ends."""
    return Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)


def must_own(actor: Artist, contribution: Contribution) -> None:
    """Raises NotYours."""
    if contribution.artist_id != actor.pk:
        raise NotYours(_("Only the artist who made this work can do that."))


def must_not_be_gone(contribution: Contribution) -> None:
    """Raises WrongState for a tombstone."""
    if contribution.is_gone:
        raise WrongState(_("This work has been withdrawn or removed."))


def must_have_note(contribution: Contribution, note: str) -> None:
    """Raises WrongState for a new version of a published work that does not say what changed."""
    if contribution.published_seq is not None and not note.strip():
        raise WrongState(_("Say what changed: others know the version before."))


def bytes_of(artist: Artist) -> int:
    """What the artist's originals and source files take up, uploads under way included."""
    kept = Version.objects.filter(contribution__artist=artist).exclude(key="").aggregate(all=Sum("bytes"))
    moving = Upload.objects.filter(artist=artist, status=Upload.Status.OPEN).aggregate(all=Sum("length"))
    given = SourceFile.objects.filter(contribution__artist=artist).aggregate(all=Sum("bytes"))
    return sum(int(part["all"] or 0) for part in (kept, moving, given))


def must_have_room(artist: Artist, length: int, quota: int) -> None:
    """Raises QuotaExceeded; call it with the artist's row locked, so that two uploads cannot share the same room."""
    if bytes_of(artist) + length > quota:
        raise QuotaExceeded(
            _("This file does not fit: you have %(quota)d GB here. Withdraw or discard something first.")
            % {"quota": quota // 1024**3}
        )
