"""What the makers of all media share: the state of one run, and trust in nothing a child says."""

import re
import stat
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contributions.transcoding.records import Failed, Inspection, Made, Report
from contributions.transcoding.sandbox import Bounds, Child, make_box, messages, run_python

#: The steps of one medium: yields finished files, returns the facts of the work.
Steps = Generator[Made, None, dict[str, Any]]

#: Without news a report is only a sign of life, and one a second is enough.
QUIET_SECONDS: Final = 1.0
GOOD_NAME: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9-]*\.[a-z0-9]{2,5}")


@dataclass(kw_only=True)
class Job:
    """One file on its way: where it lies, what is known, whom to tell."""

    source: Path
    folder: Path
    inspection: Inspection
    limits: Mapping[str, int]
    report: Report
    peak_mb: int = 0
    stage: str = "start"
    percent: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    _told_at: float = 0.0

    def box(self, name: str) -> Path:
        return make_box(self.folder, self.source, name)

    def tell(self, stage: str | None = None, percent: int | None = None) -> None:
        """Report; also a sign of life when nothing has changed. May raise Cancelled."""
        before = (self.stage, self.percent)
        if stage is not None and stage != self.stage:
            self.stage, self.percent = stage, 0
        if percent is not None:
            self.percent = min(100, max(percent, self.percent))
        now = time.monotonic()
        if before != (self.stage, self.percent) or now - self._told_at >= QUIET_SECONDS:
            self._told_at = now
            self.report(self.stage, self.percent)

    def note_peak(self, child: Child) -> None:
        self.peak_mb = max(self.peak_mb, child.peak_mb)


def made(box: Path, kind: str, label: str, name: str, mime: str, **more: int | None) -> Made:
    """A finished file, after looking that it is a plain, non-empty one inside the box."""
    path = box / name
    if not GOOD_NAME.fullmatch(name):
        raise Failed(f"a rendition may not be called {name!r}")
    try:
        status = path.lstat()
    except OSError as error:
        raise Failed(f"{name} is missing: {error}") from error
    if not stat.S_ISREG(status.st_mode) or status.st_size == 0:
        raise Failed(f"{name} is empty or no plain file")
    return Made(kind=kind, label=label, name=name, path=path, mime=mime, **more)


def python_steps(
    job: Job, module: str, arguments: dict[str, Any], *, box: Path, bounds: Bounds
) -> Generator[Made, None, None]:
    """Run a Python child, handing on each file it makes and keeping each fact it tells."""
    with run_python(module, arguments, box=box, bounds=bounds) as child:
        try:
            for message in messages(child):
                if message is None:
                    job.tell()
                elif "progress" in message:
                    job.tell(percent=int(message["progress"]))
                elif "facts" in message:
                    job.facts.update(message["facts"])
                elif "made" in message:
                    yield made(box, **message["made"])
        finally:
            job.note_peak(child)
