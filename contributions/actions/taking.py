"""Who took which file under which licence: the taker's proof, written once and never changed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from contributions.actions.signing import sign_for_download
from contributions.actions.signing_given import sign_source_file_for_download
from contributions.errors import WrongState
from contributions.models import Contribution, Download, LicenceGrant, Rendition, SourceFile
from contributions.models.rights import today
from profiles.models import Artist


def take_file(*, actor: Artist | None, taken: Rendition | SourceFile) -> Rendition | SourceFile:
    """Sign a file, if it can be, and record that it was taken: the record names the very bytes handed out.

    Returns the file as it is handed out. Raises NotYetSigned and WrongState.
    """
    if isinstance(taken, SourceFile):
        taken = sign_source_file_for_download(row=taken)
    else:
        taken = sign_for_download(rendition=taken)
    record_download(actor=actor, taken=taken)
    return taken


@transaction.atomic
def record_download(*, actor: Artist | None, taken: Rendition | SourceFile) -> Download | None:
    """Record that a file was taken under the licence the work has now; `actor` is None for a visitor.

    The same file under the same licence is recorded once; an artist's own works are not recorded.
    Raises WrongState when the work is not published.
    """
    contribution, file, label, sha256 = _described(taken)
    contribution = Contribution.objects.get(pk=contribution.pk)
    if actor is not None and actor.pk == contribution.artist_id:
        return None
    grants = LicenceGrant.objects.filter(contribution=contribution).select_related("receipt")
    grant = grants.order_by("-pk").first()
    if not contribution.is_published or grant is None:
        raise WrongState(_("Only files of a published work can be taken."))
    row = Download(
        contribution=contribution,
        artist=actor,
        file=file,
        label=label[:100],
        sha256=sha256,
        licence_id=grant.licence_id,
        terms_id=grant.receipt.terms_id,
    )
    # The database holds that there is one; a second click is no error and changes nothing.
    Download.objects.bulk_create([row], ignore_conflicts=True)
    same = Download.objects.filter(
        contribution=contribution, artist=actor, file=file, sha256=sha256, licence=grant.licence_id
    )
    return (same if actor is not None else same.filter(day=today())).order_by("-pk").first()


def _described(taken: Rendition | SourceFile) -> tuple[Contribution, str, str, str]:
    """The work, the name and words for the file, and the sha256 of the bytes that are handed out."""
    if isinstance(taken, SourceFile):
        return taken.contribution, taken.name, taken.label, taken.clean_sha256
    version = taken.version
    return version.contribution, f"{version.number}/{taken.name}", taken.name, taken.sha256
