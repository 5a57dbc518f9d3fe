"""The queue of preparations: who waits, who is next, and what to do about workers that fell silent.

A message only hints that some job wants a worker. Whoever gets one takes the fairest waiting job of that
queue, which need not be the one named: an artist with fifty films waiting does not delay another's first.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import scratch, tasks
from contributions.actions import leasing
from contributions.actions.checks import lock, must_own
from contributions.actions.interruptions import note_interruption
from contributions.errors import WrongState
from contributions.models import Contribution, Job, Version
from profiles.actions import record_event
from profiles.models import Artist

# What fits in here is prepared in seconds and must not wait behind somebody's film.
LIGHT_BYTES: Final = 25_000_000
REAPED_AT_ONCE: Final = 200
# For so long a worker's time counts as had.
REMEMBERED: Final = dt.timedelta(hours=1)


def queue_job(version: Version) -> Job:
    """One live job for a version, replacing those of what it supersedes; queued on commit."""
    superseded = Job.objects.filter(version__contribution=version.contribution_id, status__in=Job.LIVE)
    superseded.update(status=Job.Status.CANCELLED, lease=None, finished_at=timezone.now())
    job = Job.objects.create(version=version, heartbeat_at=timezone.now())
    Contribution.objects.filter(pk=version.contribution_id, status=Contribution.Status.DRAFT).update(
        status=Contribution.Status.PROCESSING
    )
    hint(job, version.bytes)
    return job


def hint(job: Job, size: int) -> None:
    """Tell the workers, once the transaction is committed."""
    tasks.transcode.apply_async_on_commit(args=[job.pk], queue=queue_of(size))  # type: ignore[attr-defined]  # of Celery for Django


def queue_of(size: int) -> str:
    """Light files and heavy ones have workers of their own."""
    return "interactive" if size <= LIGHT_BYTES else "media"


@transaction.atomic
def retry_transcode(*, actor: Artist, job: Job) -> Job:
    """Try a failed preparation again; the artist and staff may."""
    version = Version.objects.select_related("contribution").get(pk=job.version_id)
    contribution = lock(version.contribution)
    if not actor.is_staff:
        must_own(actor, contribution)
    failed = contribution_job(contribution)
    if failed is None or failed.pk != job.pk or failed.status != Job.Status.FAILED:
        raise WrongState(_("Only the latest preparation can be tried again, and only once it has failed."))
    record_event(actor=actor, verb="contributions.preparation_retried", about=contribution, payload={"job": job.pk})
    return queue_job(version)


def contribution_job(contribution: Contribution) -> Job | None:
    """The latest job of a work: what its status page shows."""
    jobs = Job.objects.filter(version__contribution=contribution).select_related("version")
    return jobs.order_by("-pk").first()


def free_jobs() -> QuerySet[Job]:
    """What a worker may take."""
    return Job.objects.filter(leasing.free())


def fair_order(*, hinted: int) -> list[int]:
    """One job of each artist who waits in the hinted job's queue, the fairest first.

    First come those of whom the fewest jobs were worked on in the last hour, then those with the fewest
    waiting, then the hinted job, then the oldest. A job that is gone hints at the light queue.
    """
    size = Job.objects.filter(pk=hinted).values_list("version__bytes", flat=True).first() or 0
    same = {"version__bytes__lte": LIGHT_BYTES} if size <= LIGHT_BYTES else {"version__bytes__gt": LIGHT_BYTES}
    artist = "version__contribution__artist"
    waiting = free_jobs().filter(**same)
    rows = list(waiting.values_list(artist).annotate(Count("pk"), Min("pk")).order_by())
    if len(rows) > 1:
        lately = Job.objects.filter(attempts__gt=0, heartbeat_at__gte=timezone.now() - REMEMBERED, **same)
        theirs = lately.filter(version__contribution__artist__in=[row[0] for row in rows])
        had = dict(theirs.values_list(artist).annotate(Count("pk")).order_by())
    else:
        had = {}
    named = waiting.filter(pk=hinted).values_list(artist, flat=True).first()
    ranked = sorted((had.get(who, 0), count, who != named, oldest, who) for who, count, oldest in rows)
    return [hinted if who == named else oldest for *_rank, oldest, who in ranked]


@transaction.atomic
def reap_jobs() -> int:
    """Hint again at jobs whose worker is silent, and at queued ones whose message got lost. Returns how many."""
    found = Job.objects.select_for_update(skip_locked=True, of=("self",)).select_related("version")
    found = found.filter(leasing.silent_or_lost())
    jobs = list(found.order_by("pk")[:REAPED_AT_ONCE])
    for job in jobs:
        if job.status == Job.Status.RUNNING:
            note_interruption(job=job)
        leasing.give_back(job)
        hint(job, job.version.bytes)
    wishes = Contribution.objects.filter(publish_when_ready=True, status=Contribution.Status.DRAFT)
    for pk in wishes.values_list("pk", flat=True)[:REAPED_AT_ONCE]:
        tasks.publish_when_ready.delay_on_commit(pk)  # type: ignore[attr-defined]  # of Celery for Django
    scratch.sweep()
    return len(jobs)
