"""Texts: clean HTML for the reader, and the first page of a PDF as a picture."""

from typing import Any

from contributions.transcoding.images import bounds_for
from contributions.transcoding.steps import Job, Steps, python_steps


def steps(job: Job) -> Steps:
    """Make a text's renditions."""
    job.tell("text", 1)
    order: dict[str, Any] = {
        "task": "make",
        "format": job.inspection.format,
        "limits": dict(job.limits),
    }
    bounds = bounds_for(dict(job.limits))
    yield from python_steps(job, "writing", order, box=job.box("text"), bounds=bounds)
    return job.facts
