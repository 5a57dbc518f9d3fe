"""Who leaves takes their name along: out of drafts, out of the files of published works and of what these were called."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Q

from contributions.actions.drafts import discard_draft
from contributions.models import Contribution, Job, Rendition, SourceFile, Upload, Version
from contributions.upload_store import upload_store
from profiles.models import Artist

# All that was built on the person's works, however far: their credentials name their sources' makers.
_BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT work.id FROM contributions_contribution work
     WHERE work.artist_id = %s OR work.id IN (SELECT contribution_id FROM contributions_share WHERE artist_id = %s)
    UNION
    SELECT edge.child_id FROM contributions_remix edge JOIN below ON edge.parent_id = below.id
)
SELECT id FROM below
"""


@transaction.atomic
def forget_artist(*, artist: Artist) -> None:
    """Discard drafts, and have every file signed anew that names the person. `sweep_unsigned` does the signing.

    People call a file by their name, and decoders repeat in the log what a file says of its maker: that goes too.
    """
    for draft in Contribution.objects.filter(artist=artist, published_seq=None):
        discard_draft(actor=artist, contribution=draft)
    _forget_uploads(artist)
    Version.objects.filter(contribution__artist=artist).update(file_name="")
    SourceFile.objects.filter(contribution__artist=artist).update(file_name="", log="")
    Job.objects.filter(version__contribution__artist=artist).update(log="")
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [artist.pk, artist.pk])
        ids = [pk for (pk,) in cursor.fetchall()]
    Rendition.objects.filter(version__contribution__in=ids).update(signed_at=None)
    SourceFile.objects.filter(contribution__in=ids).update(signed_at=None)
    Version.objects.filter(contribution__in=ids).update(signed_at=None, signing_attempts=0)


def _forget_uploads(artist: Artist) -> None:
    """What has become a file of a work loses its name; what has not goes, with its bytes."""
    uploads = Upload.objects.filter(artist=artist)
    under_way = list(uploads.filter(status=Upload.Status.OPEN).select_for_update())
    uploads.filter(Q(contribution=None) | ~Q(status=Upload.Status.FINISHED)).delete()
    uploads.update(file_name="", metadata={})
    transaction.on_commit(lambda: _discard(under_way))


def _discard(uploads: list[Upload]) -> None:
    for upload in uploads:
        upload_store().discard(upload)
