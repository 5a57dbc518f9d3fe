"""The transcoder alone, in this process, answering as `manage.py ingest` does: quick enough for the suite."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from contributions.transcoding import Inspection, Refused, inspect, transcode
from tests.corpus.invariants import Answer
from tests.corpus.running import COPIES


def take_directly(source: Path, *, believed: Inspection | None = None) -> Answer:
    """What becomes of a file; `believed` takes the place of a look at it."""
    folder = Path(tempfile.mkdtemp(prefix=COPIES))
    try:
        inspection = believed or inspect(source, folder=folder)
        with transcode(source, folder=folder, inspection=inspection, report=lambda *_: None) as going:
            renditions: list[dict[str, Any]] = [
                {
                    "kind": made.kind,
                    "mime": made.mime,
                    "bytes": made.path.stat().st_size,
                    "width": made.width,
                    "height": made.height,
                    "duration_ms": made.duration_ms,
                    "path": str(made.path),
                }
                for made in going
            ]
            peak_mb = going.peak_mb
    except Refused as refused:
        shutil.rmtree(folder)
        return Answer(3, {"accepted": False, "reason": str(refused.reason), "peak_mb": refused.peak_mb})
    told = {"accepted": True, "medium": inspection.medium, "renditions": renditions, "peak_mb": peak_mb}
    return Answer(0, told)
