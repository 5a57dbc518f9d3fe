"""Chapter: every file is made, uploaded, prepared and published, each after its sources."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile

from contributions import actions
from contributions.errors import PublishRefused
from contributions.models import Contribution, Job, Licence
from hitrecord.demo.crew import CREW_WORKS
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.studio import make_all
from hitrecord.demo.works import CHAIN, WORKS
from hitrecord.demo.works.spec import Work
from hitrecord.demo.world.cuts import NIGHT_FERRY
from hitrecord.demo.world.projects import NIGHT_FERRY as FILM
from hitrecord.demo.world.projects import PROJECTS

FIRST_DAY, FILM_DAY = -316, -270
SECOND_DAY, LAST_DAY = -150, -3
CREW_FIRST_DAY, CREW_LAST_DAY = -84, -70
PATIENCE_SECONDS = 600


def publish(stage: Stage) -> None:
    """Upload what is made as it is made; publish in the order of the story."""
    days = {spec.key: day for spec, day in _days([*in_order(), *CREW_WORKS])}
    # By day, so that a later work also has the later number; the sort keeps what shares a day in order.
    ordered = sorted([*in_order(), *CREW_WORKS], key=lambda spec: days[spec.key])
    missing = [spec for spec in ordered if stage.find(spec.key) is None]
    for number, (spec, path) in enumerate(make_all(missing, stage.folder), start=1):
        _upload(stage, spec, path)
        path.unlink()
        if number % 20 == 0 or number == len(missing):
            stage.say(f"works: {number} of {len(missing)} files made and uploaded")
    for number, spec in enumerate(ordered, start=1):
        work = prepared(stage.work(spec.key).pk)
        if not work.is_published:
            _publish(stage, spec, work, days[spec.key])
        if number % 20 == 0 or number == len(ordered):
            stage.say(f"works: {number} of {len(ordered)} published")


def in_order() -> list[Work]:
    """What the projects stand on comes first, with all its ancestors; the list itself is in order of sources."""
    by_key = {spec.key: spec for spec in WORKS}
    wanted = sorted(_begun_with())
    early: set[str] = set()
    while wanted:
        key = wanted.pop()
        if key not in early:
            early.add(key)
            wanted.extend(source.work for source in by_key[key].sources)
    return sorted(WORKS, key=lambda spec: (spec.key not in early, WORKS.index(spec)))


def _begun_with() -> set[str]:
    """The works that the projects of the story grew from, and all that the film considered."""
    pitched = {key for project in PROJECTS for key in project.pitch_works}
    film = {cue.work for cue in NIGHT_FERRY.cues} | {row.work for row in FILM.considered}
    return pitched | film | set(CHAIN)


def _days(ordered: list[Work]) -> Iterator[tuple[Work, int]]:
    """The day each work came out, evenly through its part of the story."""
    begun = _begun_with()
    own = [spec for spec in ordered if spec not in CREW_WORKS]
    last_begun_with = max(own.index(spec) for spec in own if spec.key in begun)
    yield from _spread(own[: last_begun_with + 1], FIRST_DAY, FILM_DAY)
    yield from _spread(own[last_begun_with + 1 :], SECOND_DAY, LAST_DAY)
    yield from _spread(CREW_WORKS, CREW_FIRST_DAY, CREW_LAST_DAY)


def _spread(specs: Iterable[Work], first: int, last: int) -> Iterator[tuple[Work, int]]:
    rows = list(specs)
    for number, spec in enumerate(rows):
        yield spec, first + (last - first) * number // max(1, len(rows) - 1)


def _upload(stage: Stage, spec: Work, path: Path) -> None:
    """By the path of a plain form, with the details typed in."""
    artist = stage.artist(spec.artist)
    with path.open("rb") as opened:
        file = UploadedFile(File(opened), name=path.name, size=path.stat().st_size)
        version = actions.receive_file(actor=artist, file=file)
    code, _dash, number = spec.licence.rpartition("-")
    actions.update_details(
        actor=artist,
        contribution=version.contribution,
        title=spec.title,
        description=spec.description,
        alt_text=spec.alt,
        content_notes=list(spec.notes),
        language=spec.language,
        tags=list(spec.tags),
        ai_use=spec.ai_use,
        ai_note=spec.ai_note,
        licence=Licence.objects.get(code=code, version=number),
        original_work=True,
        production_permission=spec.production,
    )


def prepared(pk: int) -> Contribution:
    """The work once its file is prepared: by a worker when one runs, else by this process."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        work = Contribution.objects.select_related("artist", "current_version").get(pk=pk)
        job = Job.objects.filter(version__contribution=work).latest("pk")
        if job.status == Job.Status.DONE:
            return work
        if not job.is_live:
            raise RuntimeError(f"{work.title} could not be prepared: {job.failure_reason}\n{job.log}")
        if job.status == Job.Status.QUEUED:
            actions.run_transcode(job_id=job.pk)
        else:
            time.sleep(0.2)
    raise RuntimeError(f"work {pk} was not prepared within {PATIENCE_SECONDS} s")


def _publish(stage: Stage, spec: Work, work: Contribution, day: int) -> None:
    chosen = set(work.draft_sources.values_list("source", flat=True))
    for source in spec.sources:
        parent = stage.work(source.work)
        if parent.pk not in chosen:
            actions.add_source(actor=work.artist, contribution=work, source=parent, kind=source.kind, note=source.note)
    with stage.on(day, hour=8 + len(spec.key) % 12):
        try:
            actions.publish_contribution(actor=work.artist, contribution=work)
        except PublishRefused as refused:
            raise RuntimeError(f"{spec.key} could not be published: {refused}") from refused
