"""The material a work is built from: its sources, theirs, and so on, with their licences.

Edges of inspiration carry no material and end the walk. Two queries, whatever the size.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from contributions import rights
from contributions.models import Contribution, ExternalSource, Licence, RemixKind
from contributions.rights import Grant, Material

_CONE = """
WITH RECURSIVE cone(id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT r.parent_id FROM contributions_remix r JOIN cone ON r.child_id = cone.id
     WHERE r.parent_id IS NOT NULL AND r.kind <> %s
)
SELECT id FROM cone
"""


def grant_of(licence: Licence) -> Grant:
    """A licence as the rules see it."""
    return Grant(
        code=licence.code,
        name=licence.name,
        derivatives=licence.allows_derivatives,
        commercial=licence.allows_commercial_use,
        share_alike=licence.share_alike,
        site_only=licence.site_only,
    )


def materials_of(contribution: Contribution) -> list[Material]:
    """What a draft is built from by the sources chosen so far; sources of unknown licence are left out."""
    chosen = contribution.draft_sources.exclude(kind=RemixKind.INSPIRED)
    cone = _walk(chosen.exclude(source=None).values_list("source_id", flat=True))
    works = Contribution.objects.filter(pk__in=cone, licence__isnull=False).select_related("licence", "artist")
    materials = [
        Material(work.title, work.artist.display_name, grant_of(work.licence), work.pk)
        for work in works.order_by("published_seq")
        if work.licence is not None
    ]
    outside = ExternalSource.objects.filter(draftsource__in=chosen) | ExternalSource.objects.filter(
        remix__child__in=cone
    ).exclude(remix__kind=RemixKind.INSPIRED)
    return materials + _outside(outside.distinct())


def _walk(ids: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CONE, [list(ids), RemixKind.INSPIRED])
        return [pk for (pk,) in cursor.fetchall()]


def _outside(sources: Iterable[ExternalSource]) -> list[Material]:
    known = ((source, rights.parse(source.licence_name)) for source in sources)
    return [Material(source.title, source.author, grant) for source, grant in known if grant is not None]
