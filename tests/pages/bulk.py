"""Many works at once: more than the actions could make in the time of a test.

The database's own rules stay in force: its trigger numbers each work, and each remix carries the
numbers of both ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from contributions.actions import recount_families
from contributions.models import Contribution, InfluenceRate, Remix, Share, Version


@transaction.atomic
def multiply(work: Contribution, times: int, *, artists: Iterable[Any] = (), **changes: Any) -> list[Contribution]:
    """Published copies of a work, by each of the artists in turn; without remixes."""
    makers = list(artists) or [work.artist]
    now = timezone.now()
    usual = {"generation": work.generation, "medium": work.medium, **changes}
    rows = [
        Contribution(
            artist=makers[number % len(makers)],
            title=f"{work.title}, again {number + 1}",
            status=Contribution.Status.PUBLISHED,
            published_at=now,
            licence=work.licence,
            original_work=True,
            ai_use="none",
            alt_text=work.alt_text,
            **usual,
        )
        for number in range(times)
    ]
    made = Contribution.objects.bulk_create(rows)
    add_versions(work, made)
    Share.objects.bulk_create(Share(contribution=row, artist=row.artist, share_bps=10_000) for row in made)
    # The numbers are the database's, so they are read back.
    return list(Contribution.objects.filter(pk__in=[row.pk for row in made]).order_by("pk"))


def add_versions(work: Contribution, rows: list[Contribution]) -> None:
    """The prepared state that cards are drawn from."""
    kept = work.current_version
    assert kept is not None
    versions = Version.objects.bulk_create(
        Version(contribution=row, facts=kept.facts, rendition_names=kept.rendition_names, ready_at=kept.ready_at)
        for row in rows
    )
    for row, version in zip(rows, versions, strict=True):
        row.current_version = version
    Contribution.objects.bulk_update(rows, ["current_version"])


def hang(parents: list[Contribution], children: list[Contribution], kind: str = "reuses") -> None:
    """Each child becomes a remix of one of the parents, in turn; counters and families as publishing leaves them."""
    rate = InfluenceRate.objects.filter(kind=kind).latest("effective_at").rate_bps
    edges = []
    for number, child in enumerate(children):
        parent = parents[number % len(parents)]
        edges.append(
            Remix(
                child=child,
                parent=parent,
                child_seq=child.published_seq,
                parent_seq=parent.published_seq,
                kind=kind,
                rate_bps=rate,
            )
        )
    Remix.objects.bulk_create(edges)
    Contribution.objects.filter(pk__in=[parent.pk for parent in parents]).update(
        remix_count=Subquery(
            Remix.objects.filter(parent=OuterRef("pk")).values("parent").annotate(n=Count("pk")).values("n")
        )
    )
    recount_families(actor=None)
