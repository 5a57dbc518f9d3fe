"""Chapter: what lies on somebody's desk. A text quotes a work and does not name it yet, so its artist is asked."""

from __future__ import annotations

from contributions import actions
from contributions.models import Contribution
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.story.works import prepared
from hitrecord.demo.writing import read

ARTIST, TITLE, WORDS = "alice", "What I held", "what-i-held.md"


def begin(stage: Stage) -> None:
    """Written in the browser and left as a draft."""
    alice = stage.artist(ARTIST)
    if Contribution.objects.filter(artist=alice, title=TITLE).exists():
        return
    draft = actions.write_text(actor=alice, title=TITLE, body=read(WORDS), language="en")
    actions.prepare_text(actor=alice, contribution=draft)
    prepared(draft.pk)
