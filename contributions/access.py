"""The only door from a request to a work, a version, a file or an upload.

What somebody may not see does not exist for them (404); what was public and is gone says so
(`Gone`, answered with 410), so that links elsewhere learn of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Q, QuerySet, When
from django.http import Http404

from contributions.models import Caption, Claim, Contribution, Licence, Rendition, Upload, Version
from profiles.models import Artist

if TYPE_CHECKING:
    from uuid import UUID

STAFF_POWERS = ("curator", "moderator", "producer")


class Gone(Exception):
    """The work was public once, and its files are no longer."""


def is_staff_viewer(viewer: Any) -> bool:
    """Whether the viewer may look at what is not public."""
    return bool(viewer and viewer.is_authenticated and viewer.has_power(*STAFF_POWERS))


def may_see(viewer: Any, contribution: Contribution) -> bool:
    """The public sees published works and tombstones; drafts are their artist's and staff's."""
    if contribution.is_published or (contribution.is_gone and contribution.published_seq is not None):
        return True
    return contribution.artist_id == getattr(viewer, "pk", None) or is_staff_viewer(viewer)


def get_contribution(viewer: Any, pk: int) -> Contribution:
    """A work that the viewer may see, tombstones included."""
    works = Contribution.objects.select_related("artist", "licence", "current_version")
    contribution = works.filter(pk=pk).first()
    if contribution is None or not may_see(viewer, contribution):
        raise Http404(f"contribution {pk}")
    return contribution


def get_own(viewer: Any, pk: int) -> Contribution:
    """A work that the viewer made."""
    contribution = get_contribution(viewer, pk)
    if contribution.artist_id != viewer.pk:
        raise Http404(f"contribution {pk}")
    return contribution


def get_version(viewer: Any, pk: int, number: int) -> Version:
    """A version of a work that the viewer may see: strangers only what is prepared."""
    contribution = get_contribution(viewer, pk)
    version = contribution.versions.filter(number=number).first()
    if version is None:
        raise Http404(f"version {number} of {pk}")
    if contribution.is_gone:
        raise Gone(str(pk))
    is_owner = contribution.artist_id == getattr(viewer, "pk", None)
    if version.ready_at is None and not is_owner and not is_staff_viewer(viewer):
        raise Http404(f"version {number} of {pk}")
    return version


def get_rendition(viewer: Any, pk: int, number: int, name: str) -> Rendition:
    """A file made for showing."""
    rendition = get_version(viewer, pk, number).renditions.filter(name=name).first()
    if rendition is None:
        raise Http404(name)
    return rendition


def get_caption(viewer: Any, pk: int, language: str) -> Caption:
    """The words of a work that the viewer may see, in one language."""
    contribution = get_contribution(viewer, pk)
    if contribution.is_gone:
        raise Gone(str(pk))
    caption = contribution.caption_rows.filter(language=language).first()
    if caption is None:
        raise Http404(f"captions of {pk} in {language}")
    caption.contribution = contribution
    return caption


def prepared_versions(contribution: Contribution) -> list[Version]:
    """What everybody who sees a work may see of its past, the newest first."""
    return list(contribution.versions.filter(ready_at__isnull=False).order_by("-number"))


def get_original(viewer: Any, pk: int, number: int) -> Version:
    """A version whose original file the viewer may download: the artist and staff, nobody else."""
    version = get_version(viewer, pk, number)
    is_owner = version.contribution.artist_id == getattr(viewer, "pk", None)
    if not version.key or not (is_owner or is_staff_viewer(viewer)):
        raise Http404(f"original {number} of {pk}")
    return version


def get_upload(viewer: Any, upload_id: UUID) -> Upload:
    """An upload of the viewer's own; another's does not exist."""
    upload = Upload.objects.filter(pk=upload_id, artist_id=viewer.pk).select_related("contribution").first()
    if upload is None:
        raise Http404(f"upload {upload_id}")
    return upload


def claims_about(viewer: Any, contribution: Contribution) -> QuerySet[Claim]:
    """Claims that the viewer may read: all by the work's artist and moderators, else the accepted and one's own."""
    claims = Claim.objects.filter(contribution=contribution).select_related("source__artist", "claimed_by")
    if contribution.artist_id == viewer.pk or (viewer.is_authenticated and viewer.has_power("moderator")):
        return claims.exclude(status=Claim.Status.WITHDRAWN).order_by("-pk")
    return claims.filter(Q(status=Claim.Status.ACCEPTED) | Q(claimed_by_id=viewer.pk)).order_by("-pk")


def claims_for(artist: Artist) -> QuerySet[Claim]:
    """Claims about works of the artist, those that wait first."""
    claims = Claim.objects.filter(contribution__artist=artist).exclude(status=Claim.Status.WITHDRAWN)
    waits = Case(When(status=Claim.Status.OPEN, then=0), default=1)
    return claims.select_related("contribution", "source__artist", "claimed_by").order_by(waits, "-pk")


def claims_by(artist: Artist) -> QuerySet[Claim]:
    """Claims that the artist made, the newest first."""
    claims = Claim.objects.filter(claimed_by=artist)
    return claims.select_related("contribution__artist", "source__artist").order_by("-pk")


def drafts_of(artist: Artist) -> QuerySet[Contribution]:
    """An artist's works that were never public, the newest first."""
    drafts = Contribution.objects.filter(
        artist=artist, published_seq=None, status__in=[Contribution.Status.DRAFT, Contribution.Status.PROCESSING]
    )
    return drafts.select_related("artist", "current_version").order_by("-pk")


def first_answers(artist: Artist) -> dict[str, Any]:
    """What a new draft proposes about rights: what the artist answered last, else the most careful licence."""
    last = Contribution.objects.filter(artist=artist, published_seq__isnull=False).order_by("-published_seq").first()
    if last is None or last.licence is None or not last.licence.offered:
        return {"licence": Licence.objects.filter(site_only=True, offered=True).last()}
    return {
        "licence": last.licence,
        "remix_permission": last.remix_permission,
        "production_permission": last.production_permission,
    }


def search_sources(viewer: Any, words: str, *, most: int = 8) -> list[Contribution]:
    """Published works for the picker, by title or artist; newest first."""
    works = Contribution.objects.filter(status=Contribution.Status.PUBLISHED).select_related(
        "artist", "current_version"
    )
    for word in words.split()[:6]:
        works = works.filter(
            Q(title__icontains=word) | Q(artist__display_name__icontains=word) | Q(artist__handle=word)
        )
    return list(works.order_by("-published_seq")[:most])
