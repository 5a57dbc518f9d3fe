"""From the first byte of a file to a version that waits for its worker."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions import cleaning, drafts, queueing
from contributions.actions.checks import lock, must_have_note, must_have_room, must_not_be_gone, must_own
from contributions.errors import ContributionError, WrongState
from contributions.models import Contribution, SourceFile, Upload, Version
from contributions.transcoding.limits import limits
from contributions.upload_store import STORE_TROUBLE, upload_store
from profiles.actions import record_event
from profiles.models import Artist

logger = logging.getLogger(__name__)

SWEPT_AT_ONCE = 500
MOST_SOURCE_FILES = 100
Purpose = Upload.Purpose


def expiry() -> dt.datetime:
    """Until when an upload that makes no progress is kept."""
    return timezone.now() + dt.timedelta(hours=settings.UPLOAD_EXPIRES_HOURS)


def largest_file() -> int:
    """No medium takes a file larger than this; the limit of each medium is checked by content later."""
    bounds = limits()
    return max(bounds["image_bytes"], bounds["audio_bytes"], bounds["video_bytes"])


@transaction.atomic
def begin_upload(
    *,
    actor: Artist,
    length: int,
    file_name: str = "",
    metadata: Mapping[str, str] | None = None,
    contribution: Contribution | None = None,
    remix: Contribution | None = None,
    challenge_slug: str = "",
    purpose: str = Purpose.VERSION,
) -> Upload:
    """Room is checked before any byte moves; a draft of its own stands from the first moment.

    With `contribution` the file becomes that work's next version, for which a published work wants a
    "note" among the metadata; or, by its `purpose`, a source file called as the metadata's "label"
    says. Raises QuotaExceeded, WrongState, NotYours or SourceRefused.
    """
    Artist.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if length > largest_file():
        raise WrongState(
            _("This file is larger than the %(limit)d GB that we take.") % {"limit": largest_file() // 10**9}
        )
    must_have_room(actor, length, settings.ARTIST_QUOTA_BYTES)
    if contribution is None:
        title = drafts.title_from(file_name)
        contribution = drafts.start_draft(actor=actor, title=title, remix=remix, challenge_slug=challenge_slug)
    contribution = lock(contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    _must_fit_purpose(contribution, purpose, dict(metadata or {}))
    upload = Upload(
        artist=actor,
        contribution=contribution,
        purpose=Purpose(purpose),
        file_name=file_name[:255],
        metadata=dict(metadata or {}),
        length=length,
        key=f"originals/{actor.pk}/{uuid.uuid4().hex}",
        expires_at=expiry(),
    )
    upload.save(force_insert=True)
    return upload


def _must_fit_purpose(contribution: Contribution, purpose: str, metadata: dict[str, str]) -> None:
    """Raises WrongState when what the purpose asks for is missing."""
    if purpose == Purpose.VERSION:
        must_have_note(contribution, metadata.get("note", ""))
    elif contribution.source_files.count() >= MOST_SOURCE_FILES:
        raise WrongState(_("A work can have %(most)d source files at most.") % {"most": MOST_SOURCE_FILES})


@transaction.atomic
def recount_upload(*, upload: Upload) -> Upload:
    """Believe the storage where it has less than the row says: the client is told the lower offset and sends the rest.

    An upload that a request is writing to at this moment is left to that request.
    """
    held = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload.pk, status=Upload.Status.OPEN).first()
    if held is None:
        return upload
    stored = upload_store().recount(held)
    if stored < held.offset:
        logger.warning("the storage has %s of %s bytes of upload %s", stored, held.offset, held.pk)
        held.offset = stored
        held.save(update_fields=["offset", "multipart"])
    return held


@transaction.atomic
def receive_upload(*, actor: Artist, upload: Upload) -> Version | SourceFile:
    """All bytes are here: record what they are for, and its job. No decoding; a second call changes nothing."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk, artist=actor)
    if upload.status == Upload.Status.FINISHED:
        return upload.source_file if upload.purpose == Purpose.SOURCE_FILE else upload.version
    if upload.status != Upload.Status.OPEN or upload.offset != upload.length:
        raise WrongState(_("This upload is not complete."))
    upload_store().finish(upload)
    contribution = upload.contribution or drafts.start_draft(actor=actor, title=drafts.title_from(upload.file_name))
    contribution = lock(contribution)
    must_not_be_gone(contribution)
    upload.status, upload.contribution = Upload.Status.FINISHED, contribution
    upload.save()
    if upload.purpose == Purpose.SOURCE_FILE:
        return _give(actor, contribution, upload)
    version = Version.objects.create(
        contribution=contribution,
        number=drafts.next_number(contribution),
        upload=upload,
        file_name=upload.file_name,
        key=upload.key,
        bytes=upload.length,
        note=str(upload.metadata.get("note", ""))[:300],
    )
    record_event(
        actor=actor,
        verb="contributions.uploaded",
        about=contribution,
        payload={"version": version.number, "bytes": version.bytes},
    )
    queueing.queue_job(version)
    return version


def _give(actor: Artist, contribution: Contribution, upload: Upload) -> SourceFile:
    """A source file, whose clean copy a worker will make."""
    label = " ".join(str(upload.metadata.get("label", "")).split()) or drafts.title_from(upload.file_name)
    row = SourceFile.objects.create(
        contribution=contribution,
        upload=upload,
        label=(label or _("Source file"))[:80],
        position=contribution.source_files.count(),
        file_name=upload.file_name,
        key=upload.key,
        bytes=upload.length,
        heartbeat_at=timezone.now(),
    )
    record_event(
        actor=actor,
        verb="contributions.source_file_given",
        about=contribution,
        payload={"source_file": row.pk, "bytes": row.bytes},
    )
    cleaning.hint_file(row)
    return row


def receive_file(
    *,
    actor: Artist,
    file: UploadedFile,
    contribution: Contribution | None = None,
    remix: Contribution | None = None,
    challenge_slug: str = "",
    note: str = "",
) -> Version:
    """A version from a plain form, by the same path as a resumable upload."""
    upload = begin_upload(
        actor=actor,
        length=file.size or 0,
        file_name=file.name or "",
        metadata={"filetype": file.content_type or "", "note": note},
        contribution=contribution,
        remix=remix,
        challenge_slug=challenge_slug,
    )
    received = _receive_whole(actor, upload, file)
    assert isinstance(received, Version)
    return received


def receive_source_file(
    *, actor: Artist, contribution: Contribution, file: UploadedFile, label: str = ""
) -> SourceFile:
    """A source file from a plain form, by that path too."""
    upload = begin_upload(
        actor=actor,
        length=file.size or 0,
        file_name=file.name or "",
        metadata={"filetype": file.content_type or "", "label": label},
        contribution=contribution,
        purpose=Purpose.SOURCE_FILE,
    )
    received = _receive_whole(actor, upload, file)
    assert isinstance(received, SourceFile)
    return received


def _receive_whole(actor: Artist, upload: Upload, file: UploadedFile) -> Version | SourceFile:
    upload.offset = upload_store().append(upload, file.chunks(1024 * 1024))
    upload.save(update_fields=["offset", "multipart"])
    return receive_upload(actor=actor, upload=upload)


@transaction.atomic
def terminate_upload(*, actor: Artist, upload: Upload, status: str = Upload.Status.TERMINATED) -> None:
    """Give an upload up: its bytes go, and with them a draft that holds nothing else.

    The bytes go first: after a kill in between the row is still there, and the next one ends what was begun.
    """
    upload = Upload.objects.select_for_update(of=("self",)).select_related("contribution").get(pk=upload.pk)
    went_on = status == Upload.Status.EXPIRED and upload.expires_at > timezone.now()
    if upload.status != Upload.Status.OPEN or went_on:
        return
    contribution = upload.contribution
    upload_store().discard(upload)
    upload.status = status
    upload.save(update_fields=["status"])
    # An expired row stays without its draft, so that a late client is told 410 and not 404.
    if contribution is not None and _holds_nothing(contribution):
        upload.contribution = None
        upload.save(update_fields=["contribution"])
        drafts.discard_draft(actor=actor, contribution=contribution)


def _holds_nothing(contribution: Contribution) -> bool:
    is_draft = contribution.published_seq is None
    still_open = contribution.uploads.filter(status=Upload.Status.OPEN).exists()
    has_files = contribution.versions.exists() or contribution.source_files.exists()
    return is_draft and not still_open and not has_files and not contribution.description


def sweep_uploads() -> int:
    """End uploads without progress, and finish those whose process was killed at the very end. Returns how many."""
    moving = Upload.objects.filter(status=Upload.Status.OPEN).select_related("artist")
    whole = list(moving.filter(offset=F("length")).order_by("expires_at")[:SWEPT_AT_ONCE])
    late = moving.filter(expires_at__lt=timezone.now(), offset__lt=F("length")).order_by("expires_at")
    return sum(_swept(upload) for upload in [*whole, *late[:SWEPT_AT_ONCE]])


def _swept(upload: Upload) -> bool:
    """Finish or end one upload; whether that went well. One that cannot be ended must not keep the others."""
    try:
        upload = recount_upload(upload=upload)
        if upload.offset == upload.length:
            receive_upload(actor=upload.artist, upload=upload)
        elif upload.expires_at < timezone.now():
            terminate_upload(actor=upload.artist, upload=upload, status=Upload.Status.EXPIRED)
    except (ContributionError, *STORE_TROUBLE):
        logger.warning("upload %s could not be ended", upload.pk, exc_info=True)
        return False
    return True
