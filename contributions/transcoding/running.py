"""One run over one file: hands out finished renditions as they come, then the facts."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Self

from contributions.transcoding import images, moving, sound, texts
from contributions.transcoding.limits import limits
from contributions.transcoding.records import Facts, Failed, Inspection, Made, Report
from contributions.transcoding.steps import Job, Steps

MAKERS: Final[dict[str, Callable[[Job], Steps]]] = {
    "image": images.steps,
    "audio": sound.steps,
    "video": moving.steps,
    "text": texts.steps,
}
FACT_NAMES: Final = {field.name for field in dataclasses.fields(Facts)}


class Run:
    """Iterate to get each Made, complete on disk; `facts` stands once there are no more.

    Also a context manager: leaving it stops the work and kills what still runs.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._facts: Facts | None = None
        self._steps = self._work()

    def __iter__(self) -> Iterator[Made]:
        return self._steps

    def __next__(self) -> Made:
        return next(self._steps)

    def renditions(self) -> Iterator[Made]:
        """The same iterator, by name."""
        return self._steps

    @property
    def facts(self) -> Facts:
        if self._facts is None:
            raise Failed("the facts stand only when every rendition has been taken")
        return self._facts

    @property
    def peak_mb(self) -> int:
        """The largest resident memory of any child so far."""
        return max(self._job.peak_mb, self._job.inspection.peak_mb)

    def close(self) -> None:
        """Stop now; running children are killed."""
        self._steps.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self) -> Steps:
        job, seen = self._job, self._job.inspection
        known: dict[str, Any] = {
            "medium": seen.medium,
            "mime": seen.mime,
            "width": seen.width,
            "height": seen.height,
            "duration_ms": seen.duration_ms,
            "chapters": seen.chapters,
            "probe": seen.probe,
        }
        found = yield from MAKERS[seen.medium](job)
        known |= {name: value for name, value in found.items() if name in FACT_NAMES}
        self._facts = Facts(**known)
        job.tell("done", 100)
        return known


def transcode(source: Path, *, folder: Path, inspection: Inspection, report: Report) -> Run:
    """Begin the work on an inspected file. Nothing happens before the first rendition is asked for.

    Raises Refused (the file cannot be decoded after all), Failed (our side), and whatever `report`
    raises; in each case the children are dead before the exception leaves.
    """
    job = Job(source=source, folder=folder, inspection=inspection, limits=limits(), report=report)
    return Run(job)
