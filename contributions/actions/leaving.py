"""Who leaves takes their name along: out of drafts, and out of the files of published works."""

from __future__ import annotations

from django.db import connection, transaction

from contributions.actions.drafts import discard_draft
from contributions.models import Contribution, Rendition, SourceFile, Version
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
    """Discard drafts, and have every file signed anew that names the person. `sweep_unsigned` does the signing."""
    for draft in Contribution.objects.filter(artist=artist, published_seq=None):
        discard_draft(actor=artist, contribution=draft)
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [artist.pk, artist.pk])
        ids = [pk for (pk,) in cursor.fetchall()]
    Rendition.objects.filter(version__contribution__in=ids).update(signed_at=None)
    SourceFile.objects.filter(contribution__in=ids).update(signed_at=None)
    Version.objects.filter(contribution__in=ids).update(signed_at=None, signing_attempts=0)
