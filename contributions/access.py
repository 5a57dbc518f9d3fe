"""The only door from a request to a work, a version, a file or an upload.

What somebody may not see does not exist for them (404); what was public and is gone says so
(`Gone`, answered with 410), so that links elsewhere learn of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404

from contributions.models import (
    Caption,
    Claim,
    Contribution,
    Download,
    Licence,
    Rendition,
    SourceFile,
    Upload,
    Version,
)
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
    """A version of a work that the viewer may see: strangers only what is prepared and not hidden."""
    contribution = get_contribution(viewer, pk)
    version = contribution.versions.filter(number=number).first()
    if version is None:
        raise Http404(f"version {number} of {pk}")
    if contribution.is_gone:
        raise Gone(str(pk))
    is_open = version.ready_at is not None and version.hidden_at is None
    if not is_open and not _sees_all(viewer, contribution):
        raise Http404(f"version {number} of {pk}")
    return version


def _sees_all(viewer: Any, contribution: Contribution) -> bool:
    return contribution.artist_id == getattr(viewer, "pk", None) or is_staff_viewer(viewer)


def versions_of(viewer: Any, contribution: Contribution) -> QuerySet[Version]:
    """The history of a work as far as the viewer may look at it, the newest first."""
    versions = contribution.versions.order_by("-number")
    if _sees_all(viewer, contribution):
        return versions
    return versions.filter(ready_at__isnull=False, hidden_at=None)


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


def prepared_versions(viewer: Any, contribution: Contribution) -> list[Version]:
    """The versions that can be looked at, as far as the viewer may, the newest first."""
    return list(versions_of(viewer, contribution).filter(ready_at__isnull=False))


def get_original(viewer: Any, pk: int, number: int) -> Version:
    """A version whose original file the viewer may download: the artist and staff, nobody else."""
    version = get_version(viewer, pk, number)
    is_owner = version.contribution.artist_id == getattr(viewer, "pk", None)
    if not version.key or not (is_owner or is_staff_viewer(viewer)):
        raise Http404(f"original {number} of {pk}")
    return version


def source_files_of(viewer: Any, contribution: Contribution) -> QuerySet[SourceFile]:
    """The source files given with a work; strangers see those whose clean copy is made."""
    rows = contribution.source_files.all()
    return rows if _sees_all(viewer, contribution) else rows.filter(ready_at__isnull=False)


def get_source_file(viewer: Any, pk: int, row: int) -> SourceFile:
    """A source file of a work that the viewer may see."""
    contribution = get_contribution(viewer, pk)
    if contribution.is_gone:
        raise Gone(str(pk))
    found = source_files_of(viewer, contribution).filter(pk=row).first()
    if found is None:
        raise Http404(f"source file {row} of {pk}")
    return found


def get_source_original(viewer: Any, pk: int, row: int) -> SourceFile:
    """A source file whose untouched original the viewer may have: its artist, nobody else."""
    found = get_source_file(viewer, pk, row)
    if found.contribution.artist_id != getattr(viewer, "pk", None):
        raise Http404(f"original of source file {row} of {pk}")
    return found


def get_taken(viewer: Any, pk: int, file: str) -> Rendition | SourceFile:
    """What a button of the page of files names: "files/12", or "2/image/640.avif" of version 2."""
    first, _, rest = file.partition("/")
    if first == "files" and rest.isascii() and rest.isdigit() and len(rest) < 19:
        return get_source_file(viewer, pk, int(rest))
    if first.isascii() and first.isdigit() and len(first) < 10:
        return get_rendition(viewer, pk, int(first), rest)
    raise Http404(file)


def downloads_of(artist: Artist) -> QuerySet[Download]:
    """What somebody took, the latest first."""
    rows = Download.objects.filter(artist=artist)
    return rows.select_related("contribution__artist", "licence", "terms").order_by("-pk")


def taken_counts(contribution: Contribution) -> dict[str, int]:
    """By how many artists files of a work were taken, and on how many days by visitors."""
    rows = Download.objects.filter(contribution=contribution)
    return rows.aggregate(
        artists=Count("artist", distinct=True), days=Count("day", distinct=True, filter=Q(artist=None))
    )


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
        "ai_training": last.ai_training,
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
