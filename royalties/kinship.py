"""Who is near the money: the works that a statement pays, and the works around them.

A *neighbour* of a work is an ancestor or a descendant of it through at most as many remixes as
money can travel: the statement's `max_depth` (royalties.md 1.3, policy.MAX_DEPTH). Nearer kin
can gain by a change of the work's measure, farther kin cannot. Brothers, two remixes of one
source, are no neighbours: neither earns by the other. A work belongs to its artist and to
everybody with a share in it. Accounts that staff found to be one person are one here as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve

from contributions.models import Contribution, Share
from profiles.models import Artist
from projects.cone import cone_of
from projects.models import Cue, Cut
from royalties import document, policy
from royalties.models import (
    AllocationLine,
    Answer,
    Objection,
    Publication,
    Statement,
    StatementClaim,
    StatementComment,
    StatementLine,
    WhatIf,
)
from royalties.models.statement import documents_of
from royalties.people import accounts_of

# Up and down apart: from a source one may not come down again to a brother.
NEIGHBOURS = """
WITH RECURSIVE
up(id, depth) AS (
    SELECT work, 0 FROM unnest(%(works)s::bigint[]) AS work
    UNION
    SELECT edge.parent_id, up.depth + 1
      FROM contributions_remix edge JOIN up ON edge.child_id = up.id
     WHERE edge.parent_id IS NOT NULL AND up.depth < %(depth)s
),
down(id, depth) AS (
    SELECT work, 0 FROM unnest(%(works)s::bigint[]) AS work
    UNION
    SELECT edge.child_id, down.depth + 1
      FROM contributions_remix edge JOIN down ON edge.parent_id = down.id
     WHERE down.depth < %(depth)s
)
SELECT id FROM up UNION SELECT id FROM down
"""


def neighbourhood(works: Iterable[int], depth: int = policy.MAX_DEPTH) -> set[int]:
    """The works themselves, and their ancestors and descendants through at most `depth` remixes. One query."""
    wanted = sorted(set(works))
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, {"works": wanted, "depth": depth})
        return {row[0] for row in cursor.fetchall()}


def works_of(artists: Iterable[int]) -> QuerySet[Contribution]:
    """What these made, alone or with others."""
    people = list(artists)
    return Contribution.objects.filter(
        Q(artist__in=people) | Q(pk__in=Share.objects.filter(artist__in=people).values("contribution"))
    )


def holders_of(works: Iterable[int]) -> set[int]:
    """Everybody who made one of these works or has a share in it. Two queries."""
    wanted = list(works)
    makers = Contribution.objects.filter(pk__in=wanted).values_list("artist_id", flat=True)
    sharers = Share.objects.filter(contribution__in=wanted).values_list("artist_id", flat=True)
    return set(makers) | set(sharers)


def revisions_of(statement: Statement) -> list[int]:
    """Every revision that was published, and what waits: who ever stood in it has an interest.

    A statement and its corrections are about the same money, so those of the whole family count. Two queries.
    """
    family = _family_of(statement)
    published = Publication.objects.filter(statement__in=family).values_list("revision_id", flat=True)
    return [*published, *family.filter(pending__isnull=False).values_list("pending_id", flat=True)]


def _family_of(statement: Statement) -> QuerySet[Statement]:
    """A statement, what it corrects, and every correction of that."""
    first = statement.corrects_id or statement.pk
    return Statement.objects.filter(Q(pk=first) | Q(corrects=first))


def paid_works(statement: Statement) -> set[int]:
    """The works that earn something in any revision of the statement, and what its cut, or a correction's, will pay.

    The cut counts always, because a draft may pay nobody, or not yet: its money is still to come, a factor of 0 takes
    a work out, or a new cut is not computed.
    """
    items = AllocationLine.objects.filter(revision__in=revisions_of(statement), amount_minor__gt=0)
    cuts = Cut.objects.filter(statements__in=_family_of(statement))
    return set(items.order_by().values_list("contribution_id", flat=True).distinct()) | payable_works(*cuts)


def payable_works(*cuts: Cut) -> set[int]:
    """What cuts pay once there is money: staff's own works, which earn nothing, are none of it."""
    used = Cue.objects.filter(cut__in=cuts).values_list("contribution_id", flat=True)
    holders, _artists = document.holders_of(work.contribution_id for work in cone_of(used))
    return {pk for pk, row in holders.items() if row.payable}


def has_line(artist: Artist, statement: Statement) -> bool:
    """Whether the artist is a payee of the statement or of what it corrects, or was in an earlier revision."""
    lines = StatementLine.objects.filter(revision__in=revisions_of(statement), amount_minor__gt=0)
    return lines.filter(payee__artist__in=accounts_of([artist.pk])).exists()


def is_neighbour(artist: Artist, works: Iterable[int]) -> bool:
    """Whether a work of the artist is near one of these works, but for the artist's own."""
    own = set(works_of(accounts_of([artist.pk])).values_list("pk", flat=True))
    return bool(neighbourhood(own) & set(works))


def near_what_is_claimed(case: Objection | StatementClaim) -> set[int]:
    """Everybody near a work that the case may be about and that nothing is paid for: no line tells of them.

    Where a work or a source is said to be missing, that is any work of who says it, for nobody need name one, and the
    work that a claim links to.
    """
    if case.kind not in (Objection.Kind.MISSING_WORK, Objection.Kind.LINEAGE):
        return set()
    claim = case if isinstance(case, StatementClaim) else StatementClaim.objects.filter(objection=case).first()
    claimant = case.artist_id if isinstance(case, StatementClaim) else case.raised_by_id
    works = _linked(claim.link) if claim is not None else set()
    if claimant is not None:
        works |= set(works_of(accounts_of([claimant])).values_list("pk", flat=True))
    return accounts_of(holders_of(neighbourhood(works)))


def _linked(link: str) -> set[int]:
    """The work of this site whose page a link leads to."""
    try:
        page = resolve(urlsplit(link).path)
    except (Resolver404, ValueError):
        return set()
    return {page.kwargs["pk"]} if page.url_name == "contribution" else set()


def involved_in(statement: Statement) -> set[int]:
    """Everybody who has a line, made or shares a work near one that earns, or said or decided anything about it.

    A statement and its corrections are one in this as well.
    """
    family = _family_of(statement)
    payees = StatementLine.objects.filter(revision__in=revisions_of(statement), payee__artist__isnull=False)
    people: set[int | None] = set(payees.values_list("payee__artist_id", flat=True).distinct())
    people |= holders_of(neighbourhood(paid_works(statement)))
    for spoke in (
        StatementComment.objects.filter(statement__in=family).values_list("author_id"),
        WhatIf.objects.filter(statement__in=family).values_list("author_id"),
        StatementClaim.objects.filter(statement__in=family).values_list("artist_id"),
        StatementClaim.objects.filter(statement__in=family).values_list("answered_by_id"),
        Answer.objects.filter(objection__statement__in=family).values_list("by_id"),
    ):
        people |= {pk for (pk,) in spoke}
    for row in family.select_related("pending").defer(*documents_of("pending")):
        people |= {*row.drafters(), row.approver_id}
    return accounts_of(pk for pk in people if pk is not None)
