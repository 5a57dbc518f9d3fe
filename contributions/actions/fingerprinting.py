"""What a work is known again by, and the question "did you build on this?" with its answer.

Taking prints never stands in the way of anything: a work without them is published all the same.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import likeness, scratch, tasks
from contributions.actions.checks import lock, must_own
from contributions.errors import WrongState
from contributions.models import Contribution, Fingerprint, Likeness, Version
from contributions.transcoding import Failed, Refused, Report
from contributions.transcoding.printing import Taken, take, wanted
from profiles.actions import record_event
from profiles.models import Artist

logger = logging.getLogger(__name__)

BATCH: Final = 5000


def compare(
    *, version: Version, files: Mapping[str, Path], folder: Path, report: Report, holding: Callable[[], object]
) -> None:
    """Part of preparing a version: its prints from the files just made, and the questions that follow.

    `holding` raises when the job is another worker's by now; it is called inside the transaction that writes.
    """
    report("compare", 0)
    taken = take_fingerprints(version, files, folder=folder, report=report)
    with transaction.atomic():
        holding()
        keep_fingerprints(version=version, taken=taken)


def take_fingerprints(version: Version, files: Mapping[str, Path], *, folder: Path, report: Report) -> Taken | None:
    """The prints of a version from its renditions by name; None, and a line in the log, when that fails."""
    medium = str(version.facts.get("medium") or "")
    try:
        return take(medium, files, folder=folder, duration_ms=version.facts.get("duration_ms"), report=report)
    except (Refused, Failed) as error:
        logger.warning("version %s has no fingerprints: %s", version.pk, error)
        return None


@transaction.atomic
def keep_fingerprints(*, version: Version, taken: Taken | None) -> None:
    """Store a version's prints in place of its earlier ones; a draft's artist is asked about what it resembles."""
    Version.objects.select_for_update(no_key=True).get(pk=version.pk)
    contribution = Contribution.objects.get(pk=version.contribution_id)
    if taken is None or contribution.is_gone:
        return
    Fingerprint.objects.filter(version=version).delete()
    Fingerprint.objects.bulk_create(likeness.rows_for(version, taken.kept), batch_size=BATCH)
    latest = contribution.versions.order_by("-number").values_list("pk", flat=True).first()
    if contribution.is_draft and latest == version.pk:
        _ask(contribution, likeness.resembled_by(version, [*taken.kept, *taken.asked]))


def _ask(contribution: Contribution, found: dict[int, int]) -> None:
    """Replace the open questions; what was denied stays denied."""
    contribution.likenesses.filter(denied_at=None).delete()
    Likeness.objects.bulk_create(
        [Likeness(contribution=contribution, source_id=pk, strength=strength) for pk, strength in found.items()],
        ignore_conflicts=True,
    )


@transaction.atomic
def deny_likeness(*, actor: Artist, contribution: Contribution, source: Contribution) -> None:
    """The answer is no: this pair is never asked about again. Raises WrongState when it was not in question."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    asked = contribution.likenesses.filter(source=source, denied_at=None)
    if not asked.update(denied_at=timezone.now()):
        raise WrongState(_("This question is not open any more."))
    record_event(actor=actor, verb="contributions.likeness_denied", about=contribution, payload={"source": source.pk})


def fingerprint_version(*, version_id: int) -> bool:
    """Take the prints of a version that was prepared earlier. Safe to run twice; False when there was nothing to do."""
    version = likeness.without_fingerprints().filter(pk=version_id).first()
    if version is None:
        return False
    with scratch.held_folder() as folder:
        taken = take_fingerprints(version, _fetched(version, folder), folder=folder, report=_silent)
    keep_fingerprints(version=version, taken=taken)
    return taken is not None


def _silent(stage: str, percent: int) -> None:
    """Nobody watches."""


def _fetched(version: Version, folder: Path) -> dict[str, Path]:
    """Copies of the renditions that are looked at."""
    names = wanted(str(version.facts.get("medium") or ""), version.rendition_names)
    found: dict[str, Path] = {}
    for number, rendition in enumerate(version.renditions.filter(name__in=names)):
        found[rendition.name] = folder / f"rendition-{number}"
        with default_storage.open(rendition.key) as stored, found[rendition.name].open("wb") as copy:
            shutil.copyfileobj(stored, copy)
    return found


@transaction.atomic
def fill_in_fingerprints(*, most: int) -> tuple[int, int]:
    """Queue taking the prints of works prepared earlier, at most so many; returns how many, and how many are left."""
    missing = list(likeness.without_fingerprints().values_list("pk", flat=True))
    for pk in missing[:most]:
        tasks.fingerprint.apply_async_on_commit(args=[pk], queue="media")  # type: ignore[attr-defined]  # of Celery for Django
    return min(most, len(missing)), max(0, len(missing) - most)
