"""Tells the chapters in order, each once."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from hitrecord.demo.story import challenges, drafts, files, money, panel, people, projects, rounds, shop, talk, works
from hitrecord.demo.story.stage import Chapter, Say, Stage
from profiles.actions import record_event
from profiles.models import Event

TOLD = "demo.told"
CHAPTERS: tuple[tuple[str, Chapter], ...] = (
    ("people", people.join),
    ("works", works.publish),
    ("drafts", drafts.begin),
    ("projects", projects.projects),
    ("challenges", challenges.challenges),
    ("talk", talk.talk),
    ("files", files.files),
    ("rounds", rounds.rounds),
    ("money", money.money),
    ("panel", panel.panel),
    ("shop", shop.shop),
)


def tell(*, say: Say) -> int:
    """Tell what has not been told yet; returns how many chapters that was."""
    told = set(Event.objects.filter(verb=TOLD).values_list("topic", flat=True))
    waiting = [(name, chapter) for name, chapter in CHAPTERS if f"demo:{name}" not in told]
    with tempfile.TemporaryDirectory(prefix="hitrecord-demo-") as folder:
        stage = Stage(folder=Path(folder), say=say)
        for name, chapter in waiting:
            began = time.monotonic()
            say(f"{name} …")
            chapter(stage)
            record_event(actor=None, verb=TOLD, about=f"demo:{name}")
            say(f"{name}: told in {time.monotonic() - began:.0f} s")
    return len(waiting)
