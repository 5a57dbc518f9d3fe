"""May a production use these works? Asked of every work of the cut and of all that they were made from.

What a maker answered about productions decides: yes, no, or ask me; whoever is to be asked
answers a Consent. What merely inspired a work needs no permission.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contributions import rights
from contributions.models import Contribution, Remix, RemixKind, Share
from profiles.models import Artist
from projects.cone import cone_of
from projects.models import Consent, Production

Permission = Contribution.ProductionPermission
# A production is sold, is a work of its own, and is not under a share-alike licence.
PRODUCTION = rights.Grant("PRODUCTION", "production")


@dataclass(frozen=True, slots=True)
class Clearance:
    """Whether one work may be used; false with a code and a sentence when it may not (yet)."""

    contribution: Contribution
    depth: int
    code: str = ""
    text: str = ""
    can_ask: bool = False

    def __bool__(self) -> bool:
        return not self.code


def clearances_of(production: Production, works: Iterable[Contribution]) -> list[Clearance]:
    """One clearance for each work of the cut and of its ancestor cone, nearest first; six queries."""
    depths = {row.contribution_id: row.depth for row in cone_of([work.pk for work in works], material_only=True)}
    cone = Contribution.objects.filter(pk__in=depths).select_related("artist", "licence").in_bulk()
    makers: dict[int, list[Artist]] = defaultdict(list)
    for share in Share.objects.filter(contribution__in=depths).select_related("artist"):
        makers[share.contribution_id].append(share.artist)
    consents: dict[int, dict[int, Consent]] = defaultdict(dict)
    for consent in Consent.objects.filter(production=production, contribution__in=depths):
        consents[consent.contribution_id][consent.artist_id] = consent
    judged = [
        clearance_of(cone[pk], depth, makers[pk] or [cone[pk].artist], consents[pk]) for pk, depth in depths.items()
    ]
    return judged + _from_elsewhere(depths)


def _from_elsewhere(depths: dict[int, int]) -> list[Clearance]:
    """Sources that are not of this site: nobody here can be asked, so their licence must allow it by itself."""
    edges = Remix.objects.filter(child__in=depths, external__isnull=False).exclude(kind=RemixKind.INSPIRED)
    found = []
    for edge in edges.select_related("child", "external"):
        external = edge.external
        if external is None:
            continue
        grant = rights.parse(external.licence_name)
        if grant is not None and rights.reason_against(PRODUCTION, grant) is None:
            continue
        text = _("“%(work)s” is built on “%(source)s” from elsewhere, whose licence “%(licence)s” does not allow this.")
        words = {"work": edge.child.title, "source": external.title, "licence": external.licence_name}
        found.append(Clearance(edge.child, depths[edge.child_id] + 1, "licence_elsewhere", text % words))
    return found


def clearance_of(work: Contribution, depth: int, makers: list[Artist], consents: dict[int, Consent]) -> Clearance:
    """Judge one work: its state first, then its permission, then the answers."""
    words = {"work": work.title}
    if depth == 0 and not work.is_published:
        return Clearance(work, depth, "not_published", _("“%(work)s” is not published.") % words)
    if work.status == Contribution.Status.REMOVED:
        text = _("“%(work)s”, which a work of the cut was made from, was removed by staff.")
        return Clearance(work, depth, "source_removed", text % words)
    if work.production_permission == Permission.YES:
        return Clearance(work, depth)
    if work.production_permission == Permission.NO:
        text = (
            _("“%(work)s”, which a work of the cut was made from, is not for productions.")
            if depth
            else _("The artist said that “%(work)s” is not for productions.")
        )
        return Clearance(work, depth, "not_for_productions", text % words)
    return _answered(work, depth, makers, consents)


def _answered(work: Contribution, depth: int, makers: list[Artist], consents: dict[int, Consent]) -> Clearance:
    """A work whose makers want to be asked: every one must have said yes."""
    answers = {artist: consents.get(artist.pk) for artist in makers}
    refused = [a.display_name for a, c in answers.items() if c and c.answer == Consent.Answer.NO]
    if refused:
        text = _("%(names)s said no to the use of “%(work)s”.")
        return Clearance(work, depth, "consent_refused", text % {"names": ", ".join(refused), "work": work.title})
    missing = [a.display_name for a, c in answers.items() if c is None]
    if missing:
        text = _("Ask %(names)s about “%(work)s”: they want to be asked for each production.")
        words = {"names": ", ".join(missing), "work": work.title}
        return Clearance(work, depth, "consent_missing", text % words, can_ask=True)
    waiting = [a.display_name for a, c in answers.items() if c and c.answer == Consent.Answer.ASKED]
    if waiting:
        text = _("%(names)s was asked about “%(work)s” and has not answered yet.")
        return Clearance(work, depth, "consent_waiting", text % {"names": ", ".join(waiting), "work": work.title})
    return Clearance(work, depth)
