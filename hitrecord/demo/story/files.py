"""Chapter: a source file is given with the waltz, somebody asks for another, and files are taken."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from contributions import actions
from hitrecord.demo.story.stage import Stage

TUNE = """\
The waltz for the crossing, in steps of its scale, three to the bar.
A dot holds the step before it for one more beat; a dash is a rest.

1 . 3 | 5 . 5 | 4 3 2 | 3 . - |
1 . 3 | 6 . 5 | 4 2 7 | 1 . - |

Left hand: the first of the bar alone, the others together and softer.
Take the second half slower each time the ferry turns.
"""


def files(stage: Stage) -> None:
    """Given at once and cleaned by a worker, or by this process where none runs."""
    waltz, lamp = stage.work("waltz"), stage.work("two-colour-lamp")
    if not waltz.source_files.exists():
        score = SimpleUploadedFile("waltz-tune.txt", TUNE.encode(), "text/plain")
        row = actions.receive_source_file(
            actor=waltz.artist, contribution=waltz, file=score, label="The tune, for any instrument"
        )
        actions.run_cleaning(row_id=row.pk)
    takers = [stage.artist(handle) for handle in ("jun", "leo")]
    for taker in takers:
        for rendition in waltz.current_version.renditions.filter(kind="audio") if waltz.current_version else ():
            actions.take_file(actor=taker, taken=rendition)
    actions.ask_for_files(actor=takers[0], contribution=lamp)
