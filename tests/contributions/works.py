"""Small works for tests, made through the actions as everybody makes them."""

import io
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from contributions import actions
from contributions.models import Contribution, Job, Licence, SourceFile
from tests.support.prepared import known_texts
from tests.support.sites import eventually

LICENCE = {"CC0": "1.0", "SITE": "1.0"}


def licence(code: str = "CC-BY") -> Licence:
    """One of the licences that the migrations bring."""
    return Licence.objects.get(code=code, version=LICENCE.get(code, "4.0"))


def png(width: int = 64, height: int = 48, colour: str = "#2c5fc7") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "png")
    return out.getvalue()


def png_file(name: str = "lamp_room-02.png", **size: int) -> SimpleUploadedFile:
    """The picture as a form sends it."""
    return SimpleUploadedFile(name, png(**size), "image/png")


def run_jobs() -> None:
    """Do every waiting job here and now."""
    for pk in Job.objects.filter(status=Job.Status.QUEUED).values_list("pk", flat=True):
        actions.run_transcode(job_id=pk)


def given(work: Contribution, file: Any, label: str = "Vocals, dry") -> SourceFile:
    """A source file given with a work, with its clean copy made (or refused) here and now."""
    row = actions.receive_source_file(actor=work.artist, contribution=work, file=file, label=label)
    actions.run_cleaning(row_id=row.pk)
    return SourceFile.objects.get(pk=row.pk)


def but_for_credentials(data: bytes) -> bytes:
    """A FLAC without the tag that our credentials stand in, which holds nothing else; other files as they are."""
    if not data.startswith(b"ID3\4\0"):
        return data
    size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    frame = sum((byte & 0x7F) << shift for byte, shift in zip(data[14:18], (21, 14, 7, 0), strict=True))
    tag, rest = data[10 : 10 + size], data[10 + size :]
    assert tag.startswith(b"GEOB")
    assert b"c2pa" in tag[:60]
    assert not tag[10 + frame :].strip(b"\0")
    assert rest.startswith(b"fLaC")
    return rest


def uploaded(path: Path) -> SimpleUploadedFile:
    """A file on disk as a form sends it; the browser's word about its type never counts."""
    return SimpleUploadedFile(path.name, path.read_bytes(), "application/octet-stream")


def written(
    artist: Any, title: str = "Keeper's letter", body: str = "The lamp is **lit**.", **more: Any
) -> Contribution:
    """A prepared text, still a draft."""
    work = actions.write_text(actor=artist, title=title, body=body, **more)
    actions.prepare_text(actor=artist, contribution=work)
    with known_texts():
        run_jobs()
    # Beside a live site its worker may have been the first to take the job.
    jobs = Job.objects.filter(version__contribution=work, status__in=Job.LIVE)
    eventually(lambda: not jobs.exists(), what="the preparation of the text")
    return Contribution.objects.get(pk=work.pk)


def declared(work: Contribution, code: str = "CC-BY", **details: Any) -> Contribution:
    """All questions of publishing answered."""
    answers = {"licence": licence(code), "original_work": True, "ai_use": "none", **details}
    actions.update_details(actor=work.artist, contribution=work, **answers)
    return Contribution.objects.get(pk=work.pk)


def ready(
    artist: Any, title: str = "Keeper's letter", *, sources: Any = (), code: str = "CC-BY", **details: Any
) -> Contribution:
    """A text that only waits for being published; `sources` are works, or pairs of work and kind."""
    work = declared(written(artist, title), code, **details)
    for source in sources:
        parent, kind = source if isinstance(source, tuple) else (source, "reuses")
        actions.add_source(actor=artist, contribution=work, source=parent, kind=kind)
    return work


def published(artist: Any, title: str = "Keeper's letter", **more: Any) -> Contribution:
    """A published text; `more` as in `ready`."""
    return actions.publish_contribution(actor=artist, contribution=ready(artist, title, **more))
