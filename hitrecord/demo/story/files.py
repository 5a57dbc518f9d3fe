"""Chapter: source files are given, a text gets a second version, a licence is widened, and files are taken."""

from __future__ import annotations

from typing import Final

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from contributions import actions
from contributions.models import Contribution, Licence
from hitrecord.demo.story.stage import Stage

TUNE = """\
The waltz for the crossing, in steps of its scale, three to the bar.
A dot holds the step before it for one more beat; a dash is a rest.

1 . 3 | 5 . 5 | 4 3 2 | 3 . - |
1 . 3 | 6 . 5 | 4 2 7 | 1 . - |

Left hand: the first of the bar alone, the others together and softer.
Take the second half slower each time the ferry turns.
"""
AFTERTHOUGHT = "\n\nP.S. It is twelve. I counted again."
NOTE: Final = "A postscript: she has counted again."


def files(stage: Stage) -> None:
    """Everything is made by a worker, or by this process where none runs. Safe to tell again."""
    waltz, lamp, poster = stage.work("waltz"), stage.work("two-colour-lamp"), stage.work("poster")
    score = SimpleUploadedFile("waltz-tune.txt", TUNE.encode(), "text/plain")
    _give(waltz, score, "The tune, for any instrument")
    if poster.current_version is not None:
        with default_storage.open(poster.current_version.key) as original:
            picture = SimpleUploadedFile("poster.png", original.read(), "image/png")
        _give(poster, picture, "The poster in full, before the web makes it smaller")
    _write_on(stage.work("answer-mainland"))
    pressed = stage.work("pressed")
    actions.relicense(
        actor=pressed.artist, contribution=pressed, licence=Licence.objects.get(code="CC-BY", version="4.0")
    )
    takers = [stage.artist(handle) for handle in ("jun", "leo")]
    for taker in takers:
        for rendition in waltz.current_version.renditions.filter(kind="audio") if waltz.current_version else ():
            actions.take_file(actor=taker, taken=rendition)
    for row in poster.source_files.filter(ready_at__isnull=False):
        actions.take_file(actor=takers[1], taken=row)
    actions.ask_for_files(actor=takers[0], contribution=lamp)


def _give(work: Contribution, file: SimpleUploadedFile, label: str) -> None:
    if not work.source_files.exists():
        row = actions.receive_source_file(actor=work.artist, contribution=work, file=file, label=label)
        actions.run_cleaning(row_id=row.pk)


def _write_on(letter: Contribution) -> None:
    """The second version of a text, which says what changed."""
    first = letter.current_version
    if first is None or first.number > 1:
        return
    with default_storage.open(first.key) as original:
        body = original.read().decode()
    actions.write_text(actor=letter.artist, contribution=letter, title=letter.title, body=body + AFTERTHOUGHT)
    job = actions.prepare_text(actor=letter.artist, contribution=letter, note=NOTE)
    if job is not None:
        actions.run_transcode(job_id=job.pk)
