"""Private folders for work under way, below settings.SCRATCH_DIR, named by job (or source file) and lease.

A folder whose lease is no longer the job's belonged to a worker that was killed; any worker on the
same machine removes it. Shorter work has a folder that is locked for as long as its process lives.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from contributions.models import Job, SourceFile

PREFIX = "job-"
HELD = "held-"
NEW_SECONDS = 60


def folder_of(job: Job | SourceFile) -> Path:
    """The folder of the present attempt."""
    assert job.lease is not None
    return Path(settings.SCRATCH_DIR) / f"{PREFIX}{job.pk}-{job.lease.hex}"


@contextmanager
def private_folder(job: Job | SourceFile) -> Iterator[Path]:
    """A folder for one attempt, gone with it."""
    folder = folder_of(job)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held_folder() -> Iterator[Path]:
    """A folder for work without a job, gone with it; the system lets go of its lock when we are killed."""
    root = Path(settings.SCRATCH_DIR)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=HELD, dir=root))
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep() -> int:
    """Remove what killed workers have left on this machine; returns how many folders."""
    root = Path(settings.SCRATCH_DIR)
    found = {folder: _lease_of(folder) for folder in root.glob(f"{PREFIX}*")}
    leases = {lease for lease in found.values() if lease}
    held: set[uuid.UUID | None] = set()
    for rows in (Job.objects.all(), SourceFile.objects.all()):
        held |= set(rows.filter(lease__in=leases, status=Job.Status.RUNNING).values_list("lease", flat=True))
    dead = [folder for folder, lease in found.items() if lease not in held]
    dead += [folder for folder in root.glob(f"{HELD}*") if _is_left(folder)]
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def _lease_of(folder: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(folder.name.rpartition("-")[2])
    except ValueError:
        return None


def _is_left(folder: Path) -> bool:
    """Whether nobody holds the folder; one that is just being made counts as held."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return time.time() - os.fstat(handle).st_mtime > NEW_SECONDS
    except OSError:
        return False
    finally:
        os.close(handle)
