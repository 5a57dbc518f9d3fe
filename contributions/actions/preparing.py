"""Preparing a version: the job row is the truth, the queue only a hint that a row wants a worker.

Whoever holds its lease works (`leasing`). Everything an attempt stores lies in a folder named by its lease,
so that the next attempt can tell what is not its own.
"""

from __future__ import annotations

import hashlib
import logging
import time
import traceback
from pathlib import Path
from typing import IO, Final

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import files, scratch, tasks
from contributions.actions import leasing
from contributions.actions.checks import lock
from contributions.actions.fingerprinting import compare
from contributions.actions.interruptions import attempts_allowed, note_interruption
from contributions.actions.queueing import fair_order, free_jobs, hint
from contributions.actions.signing import queue_signing
from contributions.errors import LeaseLost, WrongState
from contributions.models import Contribution, Job, Rendition, Version
from contributions.transcoding import Cancelled, Facts, Failed, Inspection, Killed, Made, Refused, inspect, transcode
from profiles.actions import notify, record_event

logger = logging.getLogger(__name__)

# How often to look again when other workers take what one was about to take.
TRIES: Final = 5
COPY_PIECE: Final = 1024 * 1024
# A quick version to watch while the real one is made; dropped once that is there.
PREVIEW: Final = "video/preview.mp4"
STORAGE_ERRORS: Final = (OSError, BotoCoreError, ClientError)


def run_transcode(*, job_id: int) -> None:
    """Do a job from beginning to end, if nobody else has it. Safe to call any number of times."""
    job = take_job(job_id=job_id)
    if job is not None:
        do_job(job=job)


def run_next_transcode(*, hinted: int) -> None:
    """Answer a hint: do the fairest waiting job, whether or not it is the one that was named."""
    job = take_next(hinted=hinted)
    if job is not None:
        do_job(job=job)


def take_next(*, hinted: int) -> Job | None:
    """Take the lease of the fairest waiting job; None when nothing waits.

    Every hint takes a job if there is one, so that as many hints as jobs are enough in any order.
    """
    for _try in range(TRIES):
        order = fair_order(hinted=hinted)
        for pk in order:
            job = take_job(job_id=pk)
            if job is not None:
                return job
        if not order:
            return None
        # Others were quicker with each of these: look who waits now.
        time.sleep(0.05)
    return None


def do_job(*, job: Job) -> None:
    """Do a job whose lease was just taken."""
    scratch.sweep()
    beat = Heartbeat(job)
    try:
        with scratch.private_folder(job) as folder:
            _work(job, folder, beat)
    except (LeaseLost, Cancelled):
        logger.info("job %s was cancelled or is another worker's now", job.pk)
        _drop_attempt(job)
    except Refused as refused:
        _fail(job, refused.code, str(refused.reason), f"{beat.diary()}\n{refused.detail}")
    except WrongState as refused:
        _fail(job, "other-medium", str(refused), beat.diary())
    except (Failed, *STORAGE_ERRORS) as trouble:
        _try_later(job, trouble, f"{beat.diary()}\n{traceback.format_exc()}")


def take_job(*, job_id: int) -> Job | None:
    """Take the lease; None when there is nothing to do or somebody else is at it."""
    with transaction.atomic():
        job = free_jobs().select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None:
            return None
        may_try = leasing.take(job, stage="start")
    if not may_try:
        _fail(job, "worn-out", _("We tried several times and did not get through. We are looking into it."), "")
        return None
    return job


class Heartbeat:
    """Writes stage and progress, keeps the lease, and raises LeaseLost when it is another's."""

    SECONDS = 1.0

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told_at = 0.0
        self.stage = ""
        self.begun: list[tuple[str, float]] = []

    def diary(self) -> str:
        """How long each stage of this attempt took, in a line for the job's log."""
        ends = [*(moment for _stage, moment in self.begun[1:]), time.monotonic()]
        parts = [f"{stage} {end - begun:.1f} s" for (stage, begun), end in zip(self.begun, ends, strict=True)]
        return f"attempt {self.job.attempts}: {', '.join(parts)}"

    def __call__(self, stage: str, percent: int) -> None:
        now = time.monotonic()
        if stage == self.stage and now - self.told_at < self.SECONDS:
            return
        if stage != self.stage:
            self.begun.append((stage, now))
        self.stage, self.told_at = stage, now
        leasing.keep(self.job, progress=percent, stage=stage[:40])


def _work(job: Job, folder: Path, beat: Heartbeat) -> None:
    """Fetch, look, make, store, finish."""
    version = Version.objects.select_related("contribution").get(pk=job.version_id)
    beat("fetch", 0)
    assert job.lease is not None
    sweep_version(version, keep=job.lease.hex)
    source = folder / "original"
    digest, size = _fetch(version, source, beat)
    beat("inspect", 0)
    inspection = inspect(source, folder=folder)
    _note_inspection(job, version, inspection, digest, size)
    run = transcode(source, folder=folder, inspection=inspection, report=beat)
    paths = {made.name: _store(job, version, made) for made in run}
    compare(version=version, files=paths, folder=folder, report=beat, holding=lambda: _held(job))
    _note_log(job, f"{beat.diary()}, largest decoder {run.peak_mb} MB")
    _finish(job, version, run.facts)


def _fetch(version: Version, target: Path, beat: Heartbeat) -> tuple[str, int]:
    """Bring the original into the private folder; its sha256 and size are taken on the way.

    From a folder on the same disk it comes as a second name of the file, so that its bytes are written once.
    """
    if version.body:
        words = version.body.encode()
        target.write_bytes(words)
        return hashlib.sha256(words).hexdigest(), len(words)
    try:
        if files.link(version.key, target):
            with target.open("rb") as original:
                return _read_through(version, original, None, beat)
        with default_storage.open(version.key) as original, target.open("wb") as copy:
            return _read_through(version, original, copy, beat)
    except OSError as error:
        raise Failed(f"the original cannot be read: {error}") from error


def _read_through(version: Version, original: IO[bytes], copy: IO[bytes] | None, beat: Heartbeat) -> tuple[str, int]:
    """The sha256 and the size of a file, which is copied on the way if asked."""
    digest, size = hashlib.sha256(), 0
    while piece := original.read(COPY_PIECE):
        digest.update(piece)
        if copy is not None:
            copy.write(piece)
        size += len(piece)
        beat("fetch", 100 * size // max(version.bytes, 1))
    return digest.hexdigest(), size


def _note_log(job: Job, words: str) -> None:
    """Add to what staff may read of the job, while it is ours."""
    Job.objects.filter(pk=job.pk, lease=job.lease).update(log=leasing.longer(job, words))


def _held(job: Job) -> Job:
    """The job's row, locked, if the lease is still ours; else LeaseLost. Inside a transaction."""
    held = Job.objects.select_for_update().filter(pk=job.pk, lease=job.lease, status__in=Job.LIVE).first()
    if held is None:
        raise LeaseLost(f"job {job.pk}")
    return held


@transaction.atomic
def _note_inspection(job: Job, version: Version, seen: Inspection, digest: str, size: int) -> None:
    """What is known before any work: enough for the page to show the right kind of frame."""
    _held(job)
    contribution = lock(version.contribution)
    if contribution.published_seq is not None and contribution.medium != seen.medium:
        raise WrongState(_("A new version must be of the same kind as the work: picture, sound, video or writing."))
    version.sha256, version.bytes, version.mime = digest, size, seen.mime
    version.facts = {
        "medium": seen.medium,
        "width": seen.width,
        "height": seen.height,
        "duration_ms": seen.duration_ms,
    }
    version.rendition_names = []
    version.save(update_fields=["sha256", "bytes", "mime", "facts", "rendition_names"])
    if contribution.published_seq is None:
        contribution.medium = seen.medium
        contribution.current_version = version
        contribution.save(update_fields=["medium", "current_version"])


def _store(job: Job, version: Version, made: Made) -> Path:
    """Keep one finished file and show it at once; returns where it lies for the rest of this attempt."""
    assert job.lease is not None
    key = f"{files.folder_of(version.pk)}/{job.lease.hex}/{made.name}"
    with made.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = default_storage.save(key, File(file))
    with transaction.atomic():
        _held(job)
        Rendition.objects.create(
            version=version,
            kind=made.kind,
            label=made.label,
            name=made.name,
            key=stored,
            mime=made.mime,
            bytes=made.path.stat().st_size,
            width=made.width,
            height=made.height,
            duration_ms=made.duration_ms,
            sha256=digest,
        )
        version.rendition_names = [*version.rendition_names, made.name]
        version.save(update_fields=["rendition_names"])
    return made.path


def _finish(job: Job, version: Version, facts: Facts) -> None:
    """The version is ready: facts, status, event; a wish to publish is passed on."""
    with transaction.atomic():
        held = _held(job)
        # Files before rows: after a kill in between the job is still ours to do, and begins with a clean folder.
        sweep_version(version, keep=held.lease.hex if held.lease else "")
        _drop_preview(version)
        contribution = lock(version.contribution)
        version.facts, version.ready_at = facts.as_dict(), timezone.now()
        version.save(update_fields=["facts", "ready_at", "rendition_names"])
        if not contribution.is_gone:
            contribution.current_version = version
        _set_status(contribution, Contribution.Status.PROCESSING, Contribution.Status.DRAFT)
        contribution.save(update_fields=["current_version", "status"])
        held.status, held.stage, held.progress = Job.Status.DONE, "done", 100
        held.lease, held.lease_until, held.finished_at = None, None, timezone.now()
        held.save()
        record_event(actor=None, verb="contributions.prepared", about=contribution, payload={"version": version.number})
        if contribution.is_published:
            queue_signing(version)
        if contribution.publish_when_ready:
            tasks.publish_when_ready.delay_on_commit(contribution.pk)  # type: ignore[attr-defined]  # of Celery for Django


def _drop_preview(version: Version) -> None:
    """The quick version made way for the real one."""
    preview = version.renditions.filter(name=PREVIEW).first()
    if preview is not None:
        default_storage.delete(preview.key)
        preview.delete()
        version.rendition_names = [name for name in version.rendition_names if name != PREVIEW]


def _set_status(contribution: Contribution, before: str, after: str) -> None:
    if contribution.status == before:
        contribution.status = after


def _drop_attempt(job: Job) -> None:
    """Remove what this attempt has stored, since somebody else's counts now."""
    assert job.lease is not None
    version_folder = files.folder_of(job.version_id)
    Rendition.objects.filter(version=job.version_id, key__startswith=f"{version_folder}/{job.lease.hex}/").delete()
    files.delete(files.stored_below(f"{version_folder}/{job.lease.hex}"))


@transaction.atomic
def _fail(job: Job, code: str, reason: str, log: str) -> None:
    """End a job with a reason the artist can act on."""
    try:
        held = _held(job)
    except LeaseLost:
        _drop_attempt(job)
        return
    version = Version.objects.select_related("contribution").get(pk=job.version_id)
    sweep_version(version)
    contribution = lock(version.contribution)
    held.status, held.lease, held.lease_until = Job.Status.FAILED, None, None
    held.failure_code, held.failure_reason, held.finished_at = code[:60], reason[:300], timezone.now()
    held.log = leasing.longer(held, log)
    held.save()
    _set_status(contribution, Contribution.Status.PROCESSING, Contribution.Status.DRAFT)
    contribution.publish_when_ready = False
    if contribution.published_seq is None:
        ready = contribution.versions.filter(ready_at__isnull=False)
        contribution.current_version = ready.order_by("-number").first()
    contribution.save(update_fields=["status", "publish_when_ready", "current_version"])
    version.rendition_names = []
    version.save(update_fields=["rendition_names"])
    event = record_event(
        actor=None,
        verb="contributions.preparation_failed",
        about=contribution,
        payload={"version": version.number, "code": code},
    )
    text = _("“%(title)s” could not be prepared: %(reason)s") % {"title": contribution.title, "reason": reason}
    notify(event=event, recipients=[contribution.artist], text=text, url=contribution.edit_url)


@transaction.atomic
def _try_later(job: Job, trouble: Exception, log: str) -> None:
    """Our side broke: put the job back, or give up after the last attempt."""
    logger.error("job %s failed on our side, attempt %s\n%s", job.pk, job.attempts, log)
    try:
        held = _held(job)
    except LeaseLost:
        _drop_attempt(job)
        return
    if isinstance(trouble, Killed):
        note_interruption(job=held)
    if held.attempts >= attempts_allowed(held):
        _fail(job, "our-side", _("Something broke on our side while preparing this file. We are looking into it."), log)
        return
    leasing.give_back(held, log)
    hint(held, _size_of(held))


def _size_of(job: Job) -> int:
    return int(Version.objects.values_list("bytes", flat=True).get(pk=job.version_id))


def sweep_version(version: Version, *, keep: str = "") -> None:
    """Remove all that former attempts made of a version: rows first, then whatever lies in its folder.

    `keep` is the lease of the present attempt, which names its folder.
    """
    folder = files.folder_of(version.pk)
    kept = f"{folder}/{keep}/" if keep else None
    old = version.renditions.exclude(key__startswith=kept) if kept else version.renditions.all()
    old.delete()
    files.delete([key for key in files.stored_below(folder) if not (kept and key.startswith(kept))])
