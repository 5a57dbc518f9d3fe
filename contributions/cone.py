"""The material a work is built from: its sources, theirs, and so on, with their licences.

Edges of inspiration carry no material and end the walk. A handful of queries, whatever the size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from contributions import rights
from contributions.models import Contribution, ExternalSource, Licence, LicenceGrant, Remix, RemixKind
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
    """What a work is built from: by the sources chosen so far while it is a draft, by its edges afterwards.

    Sources of unknown licence are left out.
    """
    chosen = contribution.draft_sources.exclude(kind=RemixKind.INSPIRED)
    edges = Remix.objects.filter(child=contribution).exclude(kind=RemixKind.INSPIRED)
    nearest = [
        *chosen.exclude(source=None).values_list("source_id", flat=True),
        *edges.exclude(parent=None).values_list("parent_id", flat=True),
    ]
    cone = _walk(nearest)
    works = Contribution.objects.filter(pk__in=cone, licence__isnull=False).select_related("licence", "artist")
    earlier = _grants(cone)
    materials = [
        Material(work.title, work.artist.display_name, grant_of(work.licence), work.pk, tuple(earlier.get(work.pk, ())))
        for work in works.order_by("published_seq")
        if work.licence is not None
    ]
    outside = ExternalSource.objects.filter(draftsource__in=chosen) | ExternalSource.objects.filter(
        remix__child__in=[*cone, contribution.pk]
    ).exclude(remix__kind=RemixKind.INSPIRED)
    return materials + _outside(outside.distinct())


def _grants(works: Iterable[int]) -> dict[int, list[Grant]]:
    """All licences that each of the works was ever offered under."""
    found: dict[int, list[Grant]] = defaultdict(list)
    for row in LicenceGrant.objects.filter(contribution__in=works).select_related("licence"):
        found[row.contribution_id].append(grant_of(row.licence))
    return found


def _walk(ids: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CONE, [list(ids), RemixKind.INSPIRED])
        return [pk for (pk,) in cursor.fetchall()]


def _outside(sources: Iterable[ExternalSource]) -> list[Material]:
    known = ((source, rights.parse(source.licence_name)) for source in sources)
    return [Material(source.title, source.author, grant) for source, grant in known if grant is not None]
