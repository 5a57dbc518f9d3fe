"""Family rows: what the lineage of each published work amounts to.

Publishing adds to them, one row for each ancestor; unlinking, which takes away, has the family counted anew.
Rows are locked in the order of their works, so that two writers never block each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from contributions import kinship
from contributions.kinship import Kin, Member
from contributions.models import Contribution, Family
from profiles.actions import record_event
from profiles.models import Artist

BATCH = 2000

_ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT r.parent_id FROM contributions_remix r JOIN above ON r.child_id = above.id
     WHERE r.parent_id IS NOT NULL AND r.unlinked_at IS NULL
)
SELECT id FROM above
"""
# Up and down, through links no longer shown too: who was of one family before must be counted as well.
_WHOLE = """
WITH RECURSIVE whole(id) AS (
    SELECT %s::bigint
    UNION
    SELECT near.id FROM whole CROSS JOIN LATERAL (
        SELECT r.parent_id AS id FROM contributions_remix r WHERE r.child_id = whole.id AND r.parent_id IS NOT NULL
        UNION ALL
        SELECT r.child_id FROM contributions_remix r WHERE r.parent_id = whole.id) near
)
SELECT id FROM whole
"""
# The nearest source first: it is the one on which a work hangs.
_PARENTS = """
SELECT r.child_id, array_agg(r.parent_id ORDER BY p.generation DESC, r.rate_bps DESC, r.parent_id)
  FROM contributions_remix r JOIN contributions_contribution p ON p.id = r.parent_id
 WHERE r.child_id = ANY(%s) AND r.unlinked_at IS NULL GROUP BY r.child_id
"""


def join_family(contribution: Contribution) -> Family:
    """Count a work just published into the families of all it builds on. Call it inside that transaction.

    It costs a few queries and one row for each ancestor, however they are connected.
    """
    above = _hold(lambda: [pk for pk in _ids(_ABOVE, [contribution.pk]) if pk != contribution.pk])
    _count_below(contribution, above)
    home = _parents_of([contribution.pk]).get(contribution.pk, [contribution.pk])[0]
    origin = Family.objects.filter(pk=home).values_list("origin_id", flat=True).first()
    makers = set(Contribution.objects.filter(pk__in=above).values_list("artist_id", flat=True))
    family, __ = Family.objects.update_or_create(
        contribution=contribution,
        defaults={
            "origin_id": origin or home,
            "ancestor_count": len(above),
            "descendant_count": 0,
            "artist_count": len(makers | {contribution.artist_id}),
            "deepest": contribution.generation,
        },
    )
    return family


def _count_below(contribution: Contribution, above: list[int]) -> None:
    """One work more for each ancestor, and one artist more for those whose family did not know this one."""
    if not above:
        return
    rows = Family.objects.filter(pk__in=above)
    rows.update(descendant_count=F("descendant_count") + 1, deepest=Greatest("deepest", contribution.generation))
    known = _families_with(contribution, above)
    rows.exclude(pk__in=known).update(artist_count=F("artist_count") + 1)


def _families_with(contribution: Contribution, above: list[int]) -> set[int]:
    """Those of the ancestors that have another work of the same artist somewhere in their family."""
    others = Contribution.objects.filter(artist_id=contribution.artist_id, published_seq__isnull=False)
    own = list(others.exclude(pk=contribution.pk).values_list("pk", flat=True))
    # Below the ancestor or the ancestor itself; or above it, and then above the new work too.
    known = set(_ids(_ABOVE, own)) & set(above)
    inside = set(own) & set(above)
    parents = _parents_of(above)
    for pk in Contribution.objects.filter(pk__in=above).order_by("published_seq").values_list("pk", flat=True):
        if pk in inside or inside.intersection(parents.get(pk, ())):
            inside.add(pk)
    return known | inside


@transaction.atomic
def recount_families(*, actor: Artist | None, contribution: Contribution | None = None) -> int:
    """Count anew the families connected with a work, or all there are; returns how many rows were wrong."""
    everything = Contribution.objects.exclude(published_seq=None).values_list("pk", flat=True)
    works = _hold(lambda: list(everything.all()) if contribution is None else _ids(_WHOLE, contribution.pk))
    known = Family.objects.in_bulk(works)
    kin = kinship.count(_members(works))
    wrong = [_family(pk, found) for pk, found in kin.items() if pk not in known or _differs(known[pk], found)]
    fields = ["origin", "ancestor_count", "descendant_count", "artist_count", "deepest"]
    Family.objects.bulk_create(
        wrong, batch_size=BATCH, update_conflicts=True, unique_fields=["contribution"], update_fields=fields
    )
    about = contribution or "families"
    record_event(actor=actor, verb="contributions.families_counted", about=about, payload={"wrong": len(wrong)})
    return len(wrong)


def _hold(related: Callable[[], list[int]]) -> list[int]:
    """Lock the rows of related works, and return them as they are once nobody else can change them.

    Whoever held a row before us may have published or unlinked one of them, so they are looked up again.
    """
    held: set[int] = set()
    while True:
        works = sorted(related())
        if held.issuperset(works):
            return works
        list(Family.objects.select_for_update().filter(pk__in=works).order_by("pk").values_list("pk", flat=True))
        held.update(works)


def _members(works: list[int]) -> list[Member]:
    parents = _parents_of(works)
    rows = Contribution.objects.filter(pk__in=works, published_seq__isnull=False).order_by("published_seq")
    return [
        Member(id=pk, artist=artist, generation=generation, parents=tuple(parents.get(pk, ())))
        for pk, artist, generation in rows.values_list("pk", "artist_id", "generation")
    ]


def _family(pk: int, kin: Kin) -> Family:
    return Family(
        contribution_id=pk,
        origin_id=kin.origin,
        ancestor_count=kin.ancestors,
        descendant_count=kin.descendants,
        artist_count=kin.artists,
        deepest=kin.deepest,
    )


def _differs(row: Family, kin: Kin) -> bool:
    counted = (row.origin_id, row.ancestor_count, row.descendant_count, row.artist_count, row.deepest)
    return counted != (kin.origin, kin.ancestors, kin.descendants, kin.artists, kin.deepest)


def _ids(sql: str, start: int | list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [start])
        return [pk for (pk,) in cursor.fetchall()]


def _parents_of(works: Iterable[int]) -> dict[int, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(_PARENTS, [list(works)])
        return dict(cursor.fetchall())
