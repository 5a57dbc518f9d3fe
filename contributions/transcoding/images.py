"""Pictures: the AVIF and WebP set, the card, and a silent loop when the picture moves."""

from typing import Any

from contributions.transcoding.sandbox import Bounds
from contributions.transcoding.steps import Job, Steps, python_steps

WALL_PER_CPU = 4


def bounds_for(limits: dict[str, int]) -> Bounds:
    return Bounds(
        memory_bytes=limits["picture_memory_bytes"],
        cpu_seconds=limits["picture_cpu_seconds"],
        wall_seconds=limits["picture_cpu_seconds"] * WALL_PER_CPU,
        file_bytes=500_000_000,
        stall_seconds=limits["stall_seconds"],
    )


def steps(job: Job) -> Steps:
    """Make a picture's renditions."""
    job.tell("image", 1)
    order: dict[str, Any] = {
        "task": "make",
        "format": job.inspection.format,
        "limits": dict(job.limits),
    }
    yield from python_steps(job, "pictures", order, box=job.box("image"), bounds=bounds_for(dict(job.limits)))
    return job.facts | {"animated": job.inspection.probe.get("frames", 1) > 1}
