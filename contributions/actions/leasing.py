"""The lease of a piece of work for a worker: whoever holds it works, and says so every few seconds.

A lease that runs out may be taken by another worker; the first one learns of it at its next word and stops.
The functions that change a row want it locked.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from contributions.actions.interruptions import attempts_allowed, note_interruption
from contributions.errors import LeaseLost
from contributions.models import Leased
from profiles.models import Artist

LOG_MOST: Final = 20_000


def free() -> Q:
    """What a worker may take: what waits, and that whose lease has run out."""
    return Q(status=Leased.Status.QUEUED) | Q(status=Leased.Status.RUNNING, lease_until__lt=timezone.now())


def silent_or_lost() -> Q:
    """Work under way whose worker says nothing any more, and waiting work whose message got lost."""
    now = timezone.now()
    lost_at = now - dt.timedelta(seconds=2 * settings.JOB_LEASE_SECONDS)
    silent = Q(status=Leased.Status.RUNNING, lease_until__lt=now)
    return silent | Q(status=Leased.Status.QUEUED, heartbeat_at__lt=lost_at)


def take(row: Leased, **told: Any) -> bool:
    """Give a free row a lease of its own and count the attempt; False when it has had all its attempts.

    `told` are fields of the row as the new attempt begins.
    """
    if row.status == Leased.Status.RUNNING:
        note_interruption(job=row)
    is_worn_out = row.attempts >= attempts_allowed(row)
    row.attempts += 0 if is_worn_out else 1
    row.status, row.progress = Leased.Status.RUNNING, 0
    row.lease, row.heartbeat_at, row.lease_until = uuid.uuid4(), timezone.now(), _end()
    for name, value in told.items():
        setattr(row, name, value)
    row.save()
    return not is_worn_out


def keep(row: Leased, *, progress: int, **told: Any) -> None:
    """Say how far the work is, in per cent, and hold the lease for longer. Raises LeaseLost when it is another's."""
    held = type(row)._default_manager.filter(pk=row.pk, lease=row.lease, status=Leased.Status.RUNNING)
    fields = {"progress": min(max(progress, 0), 100), "heartbeat_at": timezone.now(), "lease_until": _end(), **told}
    if not held.update(**fields):
        raise LeaseLost(f"{row._meta.model_name} {row.pk}")


def give_back(row: Leased, log: str = "") -> None:
    """Put the work back among what waits. Its next hint waits for another lease, lest a long queue fill with hints."""
    row.status, row.lease, row.lease_until = Leased.Status.QUEUED, None, None
    row.heartbeat_at = timezone.now()
    row.log = longer(row, log)
    row.save(update_fields=["status", "lease", "lease_until", "heartbeat_at", "log"])


def longer(row: Leased, words: str) -> str:
    """The log with something added, cut at its beginning where it grows too long.

    Decoders say what a file says of its maker, so there is none of a file whose artist has left.
    """
    is_here = Artist.objects.filter(pk=row.artist_id, closed_at=None).exists()
    return f"{row.log}\n{words}".strip()[-LOG_MOST:] if is_here else ""


def _end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
