"""The first look: what the file is by its bytes, and whether its header is within the limits.

Refuses before any work is done and within the bounds of a probe, whatever the file claims.
"""

import os
import shutil
import stat
import uuid
from pathlib import Path
from typing import Any

from contributions.transcoding import chapters
from contributions.transcoding.limits import MB, is_taken, limits
from contributions.transcoding.magic import HEAD_BYTES, Kind, tag_bytes, tell
from contributions.transcoding.reasons import THINGS
from contributions.transcoding.records import Failed, Inspection, Refused
from contributions.transcoding.sandbox import Bounds, make_box, messages, run_python

BYTES_LIMIT = {"image": "image_bytes", "audio": "audio_bytes", "video": "video_bytes"}


def inspect(source: Path, *, folder: Path) -> Inspection:
    """What `source` is; Refused with a plain reason when it cannot be taken."""
    bounds = limits()
    size, head = _beginning(source)
    kind = tell(head)
    _check_kind(kind, head)
    _check_size(kind, size, bounds)
    found, peak_mb = _probe(source, folder, kind, bounds)
    medium = str(found.pop("medium", kind.medium))
    marks = chapters.told(found.pop("chapters", None), found.get("duration_ms") or 0)
    if medium != kind.medium:
        _check_size(kind, size, bounds, medium=medium)
    return Inspection(
        format=kind.format,
        medium=medium,
        mime=_mime(kind, medium),
        bytes=size,
        width=found.get("width"),
        height=found.get("height"),
        duration_ms=found.get("duration_ms"),
        chapters=marks,
        probe=found,
        peak_mb=peak_mb,
    )


def _beginning(source: Path) -> tuple[int, bytes]:
    try:
        # Never wait on a pipe or a device somebody put there.
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Failed(f"the upload cannot be read: {error}") from error
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Failed("the upload is no plain file")
        if status.st_size == 0:
            raise Refused("empty", "0 bytes")
        head = file.read(HEAD_BYTES)
        # Content credentials stand in a tag before a FLAC's own first bytes, as no player minds.
        file.seek(tag_bytes(head))
        behind = file.read(HEAD_BYTES)
        return status.st_size, behind if behind.startswith(b"fLaC") else head


def _check_kind(kind: Kind, head: bytes) -> None:
    if kind.thing:
        raise Refused("not-media", f"it is {kind.thing}: {head[:16]!r}", what=THINGS[kind.thing])
    if not kind.format:
        raise Refused("unknown", f"begins {head[:16]!r}")
    if not is_taken(kind.format):
        raise Refused("format-off", kind.format, what=kind.format.upper())


def _check_size(kind: Kind, size: int, bounds: dict[str, int], *, medium: str = "") -> None:
    name = BYTES_LIMIT.get(medium or kind.medium, "document_bytes")
    if kind.format == "text":
        name = "text_bytes"
    if size > bounds[name]:
        raise Refused("too-big", f"{size} bytes", limit=bounds[name] // MB)


def _probe(source: Path, folder: Path, kind: Kind, limits: dict[str, int]) -> tuple[dict[str, Any], int]:
    """Ask the decoder in the sandbox; its box is gone again when this returns."""
    module = {"image": "pictures", "text": "writing"}.get(kind.medium, "listening")
    arguments = {"task": "inspect", "format": kind.format, "limits": limits}
    box = make_box(folder, source, f"probe-{uuid.uuid4().hex[:8]}")
    found: dict[str, Any] | None = None
    try:
        with run_python(module, arguments, box=box, bounds=probe_bounds(limits)) as child:
            for message in messages(child):
                if message and "inspected" in message:
                    found = dict(message["inspected"])
        peak_mb = child.peak_mb
    finally:
        shutil.rmtree(box, ignore_errors=True)
    if found is None:
        raise Refused("damaged", f"the probe said nothing: {child.words()}")
    return found, peak_mb


def probe_bounds(limits: dict[str, int]) -> Bounds:
    """A first look needs little; whoever asks for more is refused."""
    return Bounds(
        memory_bytes=limits["probe_memory_bytes"],
        cpu_seconds=limits["probe_cpu_seconds"],
        wall_seconds=limits["probe_cpu_seconds"] * 3,
        file_bytes=MB,
    )


def _mime(kind: Kind, medium: str) -> str:
    """The type by content: a video container with only sound in it is sound."""
    family, _, name = kind.mime.partition("/")
    return f"{medium}/{name}" if family in ("audio", "video") and medium != family else kind.mime
