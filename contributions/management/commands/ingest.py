"""One file through the very path of an upload and its preparation, with figures (docs/media.md)."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from contributions import actions, tus
from contributions.errors import ContributionError
from contributions.models import Contribution, Job, Licence, RemixKind, Version
from profiles.models import Artist

REFUSED: Final = 3
# Linux says kilobytes.
KB_A_MB: Final = 1024


class Command(BaseCommand):
    """JSON goes to standard output alone; exit 0 when the file is taken, 3 when it is refused with a reason."""

    help = "Upload and prepare one file as an artist, and say what came of it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--artist", metavar="NAME", required=True, help="handle of the artist")
        parser.add_argument("--title", metavar="T", default="")
        parser.add_argument("--publish", action="store_true", help="publish it under CC BY 4.0")
        parser.add_argument("--source", metavar="ID:KIND", action="append", default=[], help="may be repeated")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        artist = Artist.objects.filter(handle=options["artist"]).first()
        if artist is None:
            raise CommandError(f"there is no artist {options['artist']}")
        if not options["file"].is_file():
            raise CommandError(f"{options['file']} is no file")
        sources = [_source(named) for named in options["source"]]
        began = time.monotonic()
        report: dict[str, Any] = {"medium": "", "contribution": None, "renditions": []}
        try:
            report |= take(artist, options["file"], title=options["title"])
            if report["accepted"] and (sources or options["publish"]):
                report |= finish(artist, report["contribution"], sources, publish=options["publish"])
        except ContributionError as refused:
            report |= {"accepted": False, "reason": str(refused)}
        report["seconds"] = round(time.monotonic() - began, 3)
        report["peak_mb"] = peak_mb()
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else plain(report))
        if not report["accepted"]:
            self.stdout.flush()
            sys.exit(REFUSED)


def _source(named: str) -> tuple[Contribution, str]:
    pk, _colon, kind = named.partition(":")
    work = Contribution.objects.filter(pk=pk).first() if pk.isdigit() else None
    if work is None or (kind or RemixKind.REUSES) not in RemixKind.values:
        raise CommandError(f"--source {named}: give ID:KIND, KIND one of {', '.join(RemixKind.values)}")
    return work, kind or RemixKind.REUSES


def take(artist: Artist, file: Path, *, title: str = "") -> dict[str, Any]:
    """Upload by the protocol's own writer, then prepare here. The lease is ours before any worker hears of the job."""
    size = file.stat().st_size
    with transaction.atomic(), file.open("rb") as body:
        upload = actions.begin_upload(actor=artist, length=size, file_name=file.name)
        upload = tus.receive(artist, upload.pk, offset=0, body=body, length=size)
        upload = tus.state_of(artist, upload)
        version = Version.objects.select_related("contribution").get(upload=upload)
        job = actions.take_job(job_id=version.jobs.get().pk)
        if title:
            actions.update_details(actor=artist, contribution=version.contribution, title=title)
    if job is not None:
        actions.do_job(job=job)
    return said_of(_finished(version), version)


def _finished(version: Version) -> Job:
    """The job once nobody works at it; an attempt that failed on our side is taken up again."""
    while True:
        job = version.jobs.order_by("-pk")[:1].get()
        if not job.is_live:
            return job
        actions.run_transcode(job_id=job.pk)
        time.sleep(0.1)


def said_of(job: Job, version: Version) -> dict[str, Any]:
    """The contract's keys; `path` is a copy that the caller may read and throw away."""
    version.refresh_from_db()
    accepted = job.status == Job.Status.DONE
    folder = Path(tempfile.mkdtemp(prefix="hitrecord-ingest-")) if accepted else None
    renditions = []
    for rendition in version.renditions.order_by("pk") if folder else ():
        path = folder / rendition.name if folder else Path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(rendition.key) as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        renditions.append({**rendition.as_json(), "name": rendition.name, "path": str(path)})
    return {
        "accepted": accepted,
        "reason": job.failure_reason,
        "code": job.failure_code,
        "medium": version.facts.get("medium", ""),
        "contribution": version.contribution_id,
        "sha256": version.sha256,
        "renditions": renditions,
    }


def finish(artist: Artist, pk: int, sources: list[tuple[Contribution, str]], *, publish: bool) -> dict[str, Any]:
    """Name the sources and, if asked, publish with the plainest answers."""
    work = Contribution.objects.get(pk=pk)
    for source, kind in sources:
        actions.add_source(actor=artist, contribution=work, source=source, kind=kind)
    if not publish:
        return {"published": False}
    actions.update_details(
        actor=artist,
        contribution=work,
        title=work.title or f"Untitled {pk}",
        alt_text=work.alt_text or work.title or f"Untitled {pk}",
        licence=Licence.objects.get(code="CC-BY", version="4.0"),
        original_work=True,
        ai_use=Contribution.AIUse.NONE,
    )
    work = actions.publish_contribution(actor=artist, contribution=work)
    return {"published": work.is_published, "url": work.get_absolute_url()}


def peak_mb() -> int:
    """The most memory that this process or any one decoder held at once.

    Of itself by VmHWM: ru_maxrss also counts whoever started this command.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    own = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // KB_A_MB


def plain(report: dict[str, Any]) -> str:
    """The same in a line for a person."""
    if not report["accepted"]:
        return f"refused: {report['reason']}"
    return f"accepted: contribution {report['contribution']}, {report['medium']}, {len(report['renditions'])} files"
