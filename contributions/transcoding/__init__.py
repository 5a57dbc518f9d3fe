"""From a stranger's file to something safe to publish (shared rules: docs/media.md).

    inspection = inspect(source, folder=folder)           # Refused before any work
    run = transcode(source, folder=folder, inspection=inspection, report=report)
    for made in run: store(made)                           # first playable first
    facts = run.facts                                      # once exhausted

    made = clean(source, folder=folder, inspection=inspection, report=report)  # a copy to give to others

No database here, and every decoder runs in a sandbox. `folder` is the caller's: private, on a disk
with room, deleted by the caller. Refused means the file; Failed means us (try again).
"""

from contributions.transcoding.cleaning import clean
from contributions.transcoding.inspecting import inspect
from contributions.transcoding.records import (
    Cancelled,
    Facts,
    Failed,
    Inspection,
    Killed,
    Made,
    Refused,
    Report,
)
from contributions.transcoding.running import Run, transcode

__all__ = [
    "Cancelled",
    "Facts",
    "Failed",
    "Inspection",
    "Killed",
    "Made",
    "Refused",
    "Report",
    "Run",
    "clean",
    "inspect",
    "transcode",
]
