"""Transcodes while workers, their processes and decoders are killed and the broker is emptied: each ends once, and well.

The order of the kills, whom they hit and how long after a job has begun come from the seed. Beat and the reaper run
as they do in production, with a short lease. Every other work is to be published once it is ready, so that files are
signed while the killing goes on.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
import redis
from django.conf import settings as site_settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from contributions import actions, files, scratch, tasks
from contributions.actions import interruptions
from contributions.actions.queueing import queue_of
from contributions.models import Contribution, Job, Rendition, Version
from profiles.models import Event
from tests import media
from tests.contributions.works import declared
from tests.soak.chance import moments, tell
from tests.support.sites import Site, eventually

LEASE_SECONDS = "3"
#: As many wait or run at a time; more would only make the reaper's hints many.
LIVE_AT_ONCE = 10
PATIENCE = 240
FLUSHES = 5
CLIPS: dict[str, media.Maker] = {
    "ferry.mp4": partial(media.film, seconds=2, size=(320, 180)),
    "tall.mp4": partial(media.film, seconds=2, size=(270, 480), sound=False),
    "song.wav": partial(media.recording, seconds=2),
    "song.mp3": partial(media.recording, seconds=2),
    "film.webm": partial(media.film, seconds=2, size=(320, 240)),
}


@dataclass
class Run:
    """What is done to one set of jobs, and what came of it."""

    site: Site
    chance: random.Random
    clips: dict[str, bytes]
    wanted: int
    deliveries: int
    versions: dict[int, str] = field(default_factory=dict)
    wished: set[int] = field(default_factory=set)
    done_to: Counter[str] = field(default_factory=Counter)

    def feed(self, artist: Any) -> None:
        """Keep some jobs waiting, each message sent as often as it is asked for."""
        live = Job.objects.filter(status__in=Job.LIVE).count()
        while len(self.versions) < self.wanted and live < LIVE_AT_ONCE:
            name = self.chance.choice(sorted(self.clips))
            file = SimpleUploadedFile(name, self.clips[name])
            version = actions.receive_file(actor=artist, file=file)
            self.versions[version.pk] = name
            live += 1
            if len(self.versions) % 2:
                actions.publish_contribution(actor=artist, contribution=declared(version.contribution))
                self.wished.add(version.pk)
            for _ in range(self.deliveries - 1):
                queue = queue_of(version.bytes)
                tasks.transcode.apply_async(
                    args=[version.jobs.get().pk], queue=queue, countdown=self.chance.choice([0, 0, 2])
                )
                self.done_to["doubles"] += 1

    def ended(self) -> int:
        return Job.objects.filter(version__in=self.versions).exclude(status__in=Job.LIVE).count()

    def kill(self) -> None:
        """One of those who are at work, soon after somebody has begun."""
        eventually(
            lambda: Job.objects.filter(status=Job.Status.RUNNING).exists(), seconds=PATIENCE, what="a running job"
        )
        time.sleep(self.chance.random() * 1.2)
        victim = self.chance.choice(["worker", "process", "decoder", "decoder"])
        if victim == "decoder" and not self._kill_one(decoders()):
            victim = "process"
        if victim == "process" and not self._kill_one(self.pool()):
            victim = "worker"
        if victim == "worker":
            self.site.kill("worker")
            self.site.start_worker()
        self.done_to[victim] += 1

    def _kill_one(self, candidates: list[int]) -> bool:
        self.chance.shuffle(candidates)
        for pid in candidates:
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL)
                return True
        return False

    def pool(self) -> list[int]:
        """The worker's processes that do the tasks."""
        return children(self.site.processes["worker"].pid)

    def flush(self) -> None:
        """The broker loses every message, and what it knew of those that are being worked at."""
        redis.Redis.from_url(site_settings.REDIS_URL).flushall()
        self.done_to["flushes"] += 1


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def decoders() -> list[int]:
    """Processes that work in a private folder of a job: ffmpeg and our own."""
    return sorted(set(below_scratch()) - {os.getpid()})


def below_scratch() -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str((process / "cwd").readlink()).startswith(site_settings.SCRATCH_DIR):
                yield int(process.name)


def carry_out(run: Run, artist: Any, due: list[tuple[float, Callable[[], None]]]) -> None:
    """Until every job has ended; fails when nothing ends any more."""
    last, moved = -1, time.monotonic()
    while (ended := run.ended()) < run.wanted:
        run.feed(artist)
        if due and due[0][0] * run.wanted <= ended:
            due.pop(0)[1]()
        if ended != last:
            last, moved = ended, time.monotonic()
            if ended % 10 == 0:
                tell(f"{ended} of {run.wanted} ended, {dict(run.done_to)}")
        stuck = list(
            Job.objects.filter(status__in=Job.LIVE).values("pk", "status", "stage", "attempts", "heartbeat_at")
        )
        assert time.monotonic() - moved < PATIENCE, f"{len(stuck)} jobs are stuck at {now()}: {stuck[:5]}"
        time.sleep(0.05)


def hold(run: Run) -> None:
    """0 failed, 0 twice, 0 stray; what was to be published is, and is signed."""
    jobs = Job.objects.filter(version__in=run.versions)
    failed = [(job.pk, job.attempts, job.failure_code) for job in jobs.exclude(status=Job.Status.DONE)]
    assert (failed, jobs.count()) == ([], run.wanted)
    prepared = Counter(Event.objects.filter(verb="contributions.prepared").values_list("topic", flat=True))
    assert (len(prepared), set(prepared.values())) == (run.wanted, {1})
    hold_published(run)
    eventually(lambda: decoders() == [], seconds=30, what="the end of every decoder")
    for version in Version.objects.filter(pk__in=run.versions):
        assert version.ready_at is not None
        rows = {row.key: row.bytes for row in version.renditions.all()}
        # A signed copy that has taken a row leads to one of these as well, and what it replaced is gone.
        assert set(files.stored_below(files.folder_of(version.pk))) == set(rows)
        assert all(default_storage.size(key) == size for key, size in rows.items())
        assert sorted(version.rendition_names) == sorted(
            Rendition.objects.filter(version=version).values_list("name", flat=True)
        )
    assert set(files.stored_below("originals")) == set(Version.objects.values_list("key", flat=True))
    eventually(scratch_is_empty, seconds=30, what="an empty scratch folder")


def scratch_is_empty() -> bool:
    """After a sweep, before which the folders of killed signers are made to look a day old."""
    folder = Path(site_settings.SCRATCH_DIR)
    for left in folder.glob(f"{scratch.HELD}*"):
        with suppress(FileNotFoundError):
            os.utime(left, (time.time() - 86_400,) * 2)
    scratch.sweep()
    return not list(folder.iterdir())


def hold_published(run: Run) -> None:
    """Those who wished it are published and signed, whatever was killed or lost; the others are drafts."""
    works = Contribution.objects.filter(versions__in=run.versions)
    public = works.filter(status=Contribution.Status.PUBLISHED)
    eventually(lambda: public.count() == len(run.wished), seconds=60, what="publishing")
    assert set(public.values_list("current_version", flat=True)) == run.wished
    assert works.filter(status=Contribution.Status.DRAFT).count() == run.wanted - len(run.wished)
    # Beat does the same every two minutes.
    actions.sweep_unsigned()
    unsigned = Version.objects.filter(pk__in=run.wished, signed_at=None)
    eventually(lambda: not unsigned.exists(), seconds=PATIENCE, what="signing")
    signed = Rendition.objects.exclude(signed_at=None)
    assert set(signed.values_list("version", flat=True)) == run.wished


def same_of_same(run: Run) -> None:
    """Versions of one clip have the same files, however often they were begun."""
    sets: dict[str, set[tuple[str, ...]]] = {}
    for version in Version.objects.filter(pk__in=run.versions):
        sets.setdefault(run.versions[version.pk], set()).add(tuple(sorted(version.rendition_names)))
    assert {name: len(found) for name, found in sets.items()} == dict.fromkeys(sets, 1)
    assert all(len(names) > 2 for found in sets.values() for names in found)


@pytest.mark.parametrize("deliveries", [1, 3], ids=["once", "three times"])
def test_every_transcode_ends_once_and_well(
    site_factory: Any,
    settings: Any,
    alice: Any,
    tmp_path: Path,
    seed: int,
    size: Callable[[int, int], int],
    deliveries: int,
) -> None:
    wanted, kills, flushes = size(4, 500), size(2, 250), min(size(1, 500), FLUSHES)
    location = str(tmp_path / "media")
    storage = settings.STORAGES["default"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": storage | {"OPTIONS": {"location": location, "base_url": None}},
    }
    settings.SCRATCH_DIR = str(tmp_path / "scratch")
    site: Site = site_factory(
        JOB_LEASE_SECONDS=LEASE_SECONDS, MEDIA_DIR=location, SCRATCH_DIR=settings.SCRATCH_DIR, LOG_LEVEL="WARNING"
    )
    clips = {name: maker(tmp_path / name).read_bytes() for name, maker in CLIPS.items()}
    chance = random.Random(f"{seed}-{deliveries}")
    run = Run(site, chance, clips, wanted, deliveries)
    due = [(at, run.kill) for at in moments(chance, kills)] + [(at, run.flush) for at in moments(chance, flushes)]
    site.start_worker()
    site.start_beat()
    began = time.monotonic()
    carry_out(run, alice, sorted(due, key=lambda pair: pair[0]))
    hold(run)
    same_of_same(run)
    attempts = Counter(Job.objects.values_list("attempts", flat=True))
    cut_off = Event.objects.filter(verb=interruptions.VERB).count()
    tries = Counter(Version.objects.filter(pk__in=run.wished).values_list("signing_attempts", flat=True))
    tell(f"{wanted} transcodes, each message {deliveries} times, {dict(run.done_to)}: 0 failed, 0 twice, 0 stray")
    tell(f"attempts {dict(sorted(attempts.items()))}, {cut_off} cut off, {time.monotonic() - began:.0f} s")
    # They have had worse; to ask them politely would take longer.
    site.kill("worker")
    site.kill("beat")
    tell(f"{len(run.wished)} published and signed, in so many tries: {dict(sorted(tries.items()))}")
