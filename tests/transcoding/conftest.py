"""What the transcoding tests share: one call that takes a file all the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from contributions.transcoding import Facts, Inspection, Made, inspect, transcode


@dataclass
class Whole:
    """Everything that came of one file."""

    inspection: Inspection
    made: list[Made]
    facts: Facts
    peak_mb: int
    reports: list[tuple[str, int]] = field(default_factory=list)

    def named(self, name: str) -> Made:
        return next(made for made in self.made if made.name == name)

    def names(self) -> list[str]:
        return [made.name for made in self.made]


Whole_of = Callable[[Path], Whole]


@pytest.fixture
def take(tmp_path_factory: pytest.TempPathFactory) -> Whole_of:
    """Inspect and transcode a file in a folder of its own."""

    def taken(source: Path) -> Whole:
        folder = tmp_path_factory.mktemp("work")
        reports: list[tuple[str, int]] = []
        inspection = inspect(source, folder=folder)
        run = transcode(source, folder=folder, inspection=inspection, report=lambda *words: reports.append(words))
        made = []
        for one in run:
            # Complete when handed out, not later.
            assert one.path.stat().st_size > 0
            made.append(one)
        return Whole(inspection, made, run.facts, run.peak_mb, reports)

    return taken
