"""Attempts that ended because a worker or its decoder was killed, not because anything was wrong.

A kill from outside (a deployment, an administrator, a neighbour that took the memory) looks from within like
a file that took the memory itself. What tells them apart is how often it happens: a good file's job must not
be given up because a machine was restarted three times, so the first few kills do not count as attempts; a
file that kills its worker each time is still given up, a few attempts later. Each kill leaves an event.
"""

from __future__ import annotations

from typing import Final

from contributions.models import Job, Leased
from profiles.actions import record_event
from profiles.models import Event
from profiles.models.event import topic_of

MOST_ATTEMPTS: Final = 3
FORGIVEN: Final = 6
VERB: Final = "contributions.preparation_interrupted"


def note_interruption(*, job: Leased) -> None:
    """This attempt was cut off by a kill, at the stage and percentage that the row last told."""
    place = {"attempt": job.attempts, "stage": job.stage if isinstance(job, Job) else "", "progress": job.progress}
    record_event(actor=None, verb=VERB, about=job, payload=place)


def attempts_allowed(job: Leased) -> int:
    """After how many attempts the job is given up."""
    cut_off = Event.objects.filter(topic=topic_of(job), verb=VERB).count()
    return MOST_ATTEMPTS + min(cut_off, FORGIVEN)
