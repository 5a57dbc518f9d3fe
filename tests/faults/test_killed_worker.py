"""kill -9 of a worker in the middle of its work: the job ends well by itself, once, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from contributions import actions, files
from contributions.models import Contribution, Job, Version
from profiles.models import Event
from tests import media
from tests.support.sites import Site, eventually

# Long enough to be caught at it on a fast machine, short enough for a slow one.
SECONDS = 12.0
LEASE_SECONDS = "3"
PATIENCE = 240


def film(folder: Path) -> SimpleUploadedFile:
    """A film that takes some seconds to prepare."""
    path = media.film(folder / "ferry.mp4", seconds=SECONDS, size=(960, 540))
    return SimpleUploadedFile(path.name, path.read_bytes(), "video/mp4")


def test_a_killed_worker_leaves_a_job_that_another_one_ends(site_factory: Any, alice: Any, tmp_path: Path) -> None:
    site: Site = site_factory(JOB_LEASE_SECONDS=LEASE_SECONDS, CELERY_VISIBILITY_TIMEOUT="3600")
    site.start_worker(processes=1)
    version = actions.receive_file(actor=alice, file=film(tmp_path))
    eventually(lambda: has_made_something(version), seconds=PATIENCE, what="the first rendition")
    site.kill("worker")
    before = Job.objects.get()
    assert (before.status, before.attempts) == (Job.Status.RUNNING, 1)
    assert left_in_scratch() != []
    assert stored(version) != []

    eventually(lambda: not at_work_below_scratch(), seconds=20, what="the end of the decoders")
    # A worker that stands still for a while is not taken for dead.
    site.environment["JOB_LEASE_SECONDS"] = "30"
    site.start_worker(processes=1)
    site.start_beat()
    eventually(lambda: Job.objects.get().status == Job.Status.DONE, seconds=PATIENCE, what="the second attempt")
    ended_well_once(before, version)


def has_made_something(version: Version) -> bool:
    """In the middle: something is stored, and the job goes on."""
    return version.renditions.exists() and Job.objects.get().status == Job.Status.RUNNING


def ended_well_once(before: Job, version: Version) -> None:
    """One job, done at its second attempt; one event; files and rows agree; no scratch."""
    job = Job.objects.get()
    assert (job.pk, job.attempts, job.failure_reason) == (before.pk, 2, "")
    assert Event.objects.filter(verb="contributions.prepared").count() == 1
    work = Contribution.objects.get()
    assert work.status == Contribution.Status.DRAFT
    assert work.current_version is not None
    assert work.current_version.ready_at is not None
    eventually(lambda: stored(version) == rendition_keys(version), seconds=30, what="storage without stray files")
    assert all(default_storage.size(row.key) == row.bytes for row in version.renditions.all())
    eventually(lambda: left_in_scratch() == [], seconds=30, what="an empty scratch folder")


def rendition_keys(version: Version) -> list[str]:
    return sorted(version.renditions.values_list("key", flat=True))


def stored(version: Version) -> list[str]:
    """All that lies in the folder of the version's renditions."""
    return sorted(files.stored_below(files.folder_of(version.pk)))


def left_in_scratch() -> list[Path]:
    return sorted(Path(settings.SCRATCH_DIR).glob("job-*"))


def at_work_below_scratch() -> list[str]:
    """Processes that still have a folder of a job in hand: a killed worker's decoders must die with it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if settings.SCRATCH_DIR in command and int(process.name) != os.getpid():
            found.append(command)
    return found
