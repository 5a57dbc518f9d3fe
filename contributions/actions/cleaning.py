"""The clean copy of a source file: one lease, one attempt at a time, as for a version's preparation.

The row is the truth, the queue only a hint. Whoever holds its lease works (`leasing`).
"""

from __future__ import annotations

import hashlib
import logging
import time
import traceback
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import files, scratch, tasks
from contributions.actions import leasing
from contributions.actions.checks import lock, must_not_be_gone, must_own
from contributions.actions.giving import tell_who_asked
from contributions.actions.interruptions import attempts_allowed, note_interruption
from contributions.actions.preparing import COPY_PIECE, STORAGE_ERRORS
from contributions.actions.queueing import REAPED_AT_ONCE, queue_of
from contributions.errors import LeaseLost, WrongState
from contributions.models import Contribution, SourceFile
from contributions.transcoding import Cancelled, Failed, Inspection, Killed, Made, Refused, clean, inspect
from profiles.actions import notify, record_event
from profiles.models import Artist

logger = logging.getLogger(__name__)


def hint_file(row: SourceFile) -> None:
    """Tell the workers, once the transaction is committed."""
    tasks.clean_source_file.apply_async_on_commit(args=[row.pk], queue=queue_of(row.bytes))  # type: ignore[attr-defined]  # of Celery for Django


@transaction.atomic
def retry_source_file(*, actor: Artist, row: SourceFile) -> SourceFile:
    """Try a failed copy again; its artist and staff may."""
    contribution = lock(row.contribution)
    if not actor.is_staff:
        must_own(actor, contribution)
    must_not_be_gone(contribution)
    row = SourceFile.objects.select_for_update().get(pk=row.pk)
    if row.status != SourceFile.Status.FAILED:
        raise WrongState(_("Only a file that failed can be tried again."))
    row.status, row.attempts, row.progress = SourceFile.Status.QUEUED, 0, 0
    row.failure_code, row.failure_reason, row.heartbeat_at = "", "", timezone.now()
    row.save()
    hint_file(row)
    return row


def run_cleaning(*, row_id: int) -> None:
    """Make the copy, if nobody else is at it. Safe to call any number of times."""
    row = _take(row_id)
    if row is None:
        return
    scratch.sweep()
    try:
        with scratch.private_folder(row) as folder:
            _work(row, folder)
    except (LeaseLost, Cancelled):
        logger.info("source file %s is another worker's now, or gone", row.pk)
    except Refused as refused:
        _fail(row, refused.code, str(refused.reason), refused.detail)
    except (Failed, *STORAGE_ERRORS) as trouble:
        _try_later(row, trouble, traceback.format_exc())


def _take(row_id: int) -> SourceFile | None:
    with transaction.atomic():
        rows = SourceFile.objects.select_for_update(skip_locked=True, of=("self",))
        # Of a work that staff took down the file waits, in case the work is restored.
        row = rows.exclude(contribution__status=Contribution.Status.REMOVED).filter(leasing.free(), pk=row_id).first()
        if row is None:
            return None
        may_try = leasing.take(row)
    if not may_try:
        _fail(row, "worn-out", _("We tried several times and did not get through. We are looking into it."), "")
        return None
    return row


class _Beat:
    """Writes the progress, keeps the lease, and raises LeaseLost when it is another's."""

    SECONDS = 1.0

    def __init__(self, row: SourceFile) -> None:
        self.row, self.told_at = row, 0.0

    def __call__(self, stage: str, percent: int) -> None:
        now = time.monotonic()
        if now - self.told_at < self.SECONDS:
            return
        self.told_at = now
        leasing.keep(self.row, progress=percent)


def _work(row: SourceFile, folder: Path) -> None:
    """Fetch, look, copy, store, tell."""
    beat = _Beat(row)
    source = folder / "original"
    digest = _fetch(row, source, beat)
    inspection = inspect(source, folder=folder)
    made = clean(source, folder=folder, inspection=inspection, report=beat)
    _finish(row, digest, inspection, made)


def _fetch(row: SourceFile, target: Path, beat: _Beat) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        with default_storage.open(row.key) as original, target.open("wb") as copy:
            while piece := original.read(COPY_PIECE):
                digest.update(piece)
                copy.write(piece)
                size += len(piece)
                beat("fetch", 10 * size // max(row.bytes, 1))
    except OSError as error:
        raise Failed(f"the source file cannot be read: {error}") from error
    return digest.hexdigest()


def _held(row: SourceFile) -> SourceFile:
    """The row, locked, if the lease is still ours; else LeaseLost. Inside a transaction."""
    held = SourceFile.objects.select_for_update(of=("self",)).select_related("contribution__artist")
    found = held.filter(pk=row.pk, lease=row.lease, status=SourceFile.Status.RUNNING).first()
    if found is None:
        raise LeaseLost(f"source file {row.pk}")
    return found


def _finish(row: SourceFile, digest: str, inspection: Inspection, made: Made) -> None:
    """Store the copy and show the file; a copy that came too late is taken away again."""
    assert row.lease is not None
    suffix = made.name.rpartition(".")[2]
    with made.path.open("rb") as file:
        clean_digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = default_storage.save(f"{files.folder_of_given(row.pk)}/{row.lease.hex}.{suffix}", File(file))
    try:
        with transaction.atomic():
            contribution = lock(row.contribution)
            held = _held(row)
            must_not_be_gone(contribution)
            # Files before rows: what former attempts have left behind goes while the work is still ours to do.
            files.sweep_source_file(held, keep=stored)
            held.sha256, held.mime = digest, inspection.mime
            held.clean_key, held.clean_sha256, held.clean_bytes = stored, clean_digest, made.path.stat().st_size
            held.clean_mime, held.clean_suffix, held.ready_at = made.mime, suffix, timezone.now()
            held.status, held.progress, held.lease, held.lease_until = SourceFile.Status.DONE, 100, None, None
            held.save()
            event = record_event(
                actor=None, verb="contributions.source_file_ready", about=contribution, payload={"source_file": row.pk}
            )
            if contribution.is_published:
                tell_who_asked(contribution, event)
    except (LeaseLost, WrongState):
        default_storage.delete(stored)
        waiting = SourceFile.objects.filter(pk=row.pk, lease=row.lease)
        waiting.update(status=SourceFile.Status.QUEUED, lease=None, lease_until=None, heartbeat_at=timezone.now())
        raise LeaseLost(f"source file {row.pk}") from None


@transaction.atomic
def _fail(row: SourceFile, code: str, reason: str, log: str) -> None:
    """End with a reason that its artist can act on."""
    try:
        held = _held(row)
    except LeaseLost:
        return
    files.sweep_source_file(held)
    held.status, held.lease, held.lease_until = SourceFile.Status.FAILED, None, None
    held.failure_code, held.failure_reason = code[:60], reason[:300]
    held.log = leasing.longer(held, log)
    held.save()
    work = held.contribution
    event = record_event(
        actor=None,
        verb="contributions.source_file_failed",
        about=work,
        payload={"source_file": held.pk, "code": held.failure_code},
    )
    text = _("“%(label)s” of “%(title)s” cannot be given to others: %(reason)s") % {
        "label": held.label,
        "title": work.title,
        "reason": reason,
    }
    notify(event=event, recipients=[work.artist], text=text, url=f"/contributions/{work.pk}/files/")


@transaction.atomic
def _try_later(row: SourceFile, trouble: Exception, log: str) -> None:
    """Our side broke: wait for another worker, or give up after the last attempt."""
    logger.error("source file %s failed on our side, attempt %s\n%s", row.pk, row.attempts, log)
    try:
        held = _held(row)
    except LeaseLost:
        return
    if isinstance(trouble, Killed):
        note_interruption(job=held)
    if held.attempts >= attempts_allowed(held):
        _fail(row, "our-side", _("Something broke on our side while preparing this file. We are looking into it."), log)
        return
    leasing.give_back(held, log)
    hint_file(held)


@transaction.atomic
def reap_source_files() -> int:
    """Hint again at copies whose worker is silent or whose message got lost. Returns how many."""
    found = SourceFile.objects.select_for_update(skip_locked=True).filter(leasing.silent_or_lost())
    rows = list(found.order_by("pk")[:REAPED_AT_ONCE])
    for row in rows:
        if row.status == SourceFile.Status.RUNNING:
            note_interruption(job=row)
        leasing.give_back(row)
        hint_file(row)
    return len(rows)
