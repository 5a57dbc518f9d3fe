"""Takes the fingerprints of a work from its renditions, after everything else is made.

From renditions and not from the upload: they are of few formats, small, and still there when works that
were prepared long ago are looked at. Each is read in the sandbox all the same.
"""

import array
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import ffmpeg

from contributions.fingerprints import Kind, Print, signed
from contributions.transcoding.ffmpeg import command, ours, progress
from contributions.transcoding.limits import limits
from contributions.transcoding.records import Refused, Report
from contributions.transcoding.sandbox import Bounds, make_box, messages, run_program, run_python

#: The rendition to look at, by medium; the first that there is. Of a ladder, the lowest rung.
PICTURES: Final = ("image/640.webp",)
SOUNDS: Final = ("audio/master.m4a", "hls/sound.mp4")
TEXT: Final = "text/body.html"
FRAME_STEP_MS: Final = 500
MOST_FRAMES: Final = 7200
#: Two hours of sound.
MOST_SOUNDS: Final = 60_000
RATE: Final = 44_100
#: Chromaprint's bins begin where the notes of an instrument in tune lie, so that a hair's breadth would put each
#: into another bin. A quarter tone higher they lie in the middle.
IN_TUNE: Final = 2 ** (1 / 24)
#: The ways a sound is looked at: (speed, ms left out at its beginning). As it is; half a print later, since an
#: excerpt may begin anywhere; and faster or slower, which undoes a change of pitch.
WAYS: Final = ((1.0, 0), (1.0, 62), (0.97, 0), (0.985, 0), (1.015, 0), (1.03, 0))


@dataclass(frozen=True, kw_only=True)
class Taken:
    """`kept` is stored with the work; `asked` is only looked for: mirrored, higher, lower."""

    kept: list[Print] = field(default_factory=list)
    asked: list[Print] = field(default_factory=list)


def wanted(medium: str, names: list[str]) -> list[str]:
    """Which renditions of these are looked at."""
    if medium == "image":
        pictures = sorted((_width(name), name) for name in names if name.startswith("image/") and name.endswith("webp"))
        near = [name for width, name in pictures if width >= 320] or [name for _width_, name in pictures[-1:]]
        return near[:1]
    if medium == "text":
        return [name for name in names if name == TEXT]
    sounds = [name for name in SOUNDS if name in names][:1]
    if medium == "video":
        rungs = sorted((_width(name), name) for name in names if name.startswith("hls/") and name[4:-4].isdigit())
        return [name for _width_, name in rungs if name.endswith(".mp4")][:1] + sounds
    return sounds


def _width(name: str) -> int:
    stem = name.partition("/")[2].partition(".")[0]
    return int(stem) if stem.isdigit() else 0


def take(
    medium: str, files: Mapping[str, Path], *, folder: Path, duration_ms: int | None = None, report: Report
) -> Taken:
    """The prints of a work, from its renditions by name. Raises Refused or Failed, as any decoder."""
    found: list[Print] = []
    for name in wanted(medium, list(files)):
        box = make_box(folder, files[name], f"prints-{uuid.uuid4().hex[:8]}")
        if name in SOUNDS:
            found += _sounds(box, duration_ms or 0, report)
        else:
            found += _child(medium, box, duration_ms or 0, report)
    kept = [print_ for print_ in found if print_.way == 0]
    return Taken(kept=kept, asked=[print_ for print_ in found if print_.way])


def _child(medium: str, box: Path, duration_ms: int, report: Report) -> list[Print]:
    """Pictures, frames and words: a Python child says the numbers."""
    kind, module, task = {
        "image": (Kind.PICTURE, "prints", "picture"),
        "video": (Kind.FRAME, "prints", "frames"),
        "text": (Kind.TEXT, "phrases", "words"),
    }[medium]
    order: dict[str, Any] = {"task": task, "step_ms": max(FRAME_STEP_MS, duration_ms // MOST_FRAMES)}
    found: list[Print] = []
    with run_python(module, order, box=box, bounds=_bounds(duration_ms)) as child:
        for message in messages(child):
            report("compare", 0)
            if message and "prints" in message:
                found += [_understood(kind, row) for row in message["prints"]]
    return found


def _understood(kind: Kind, row: Any) -> Print:
    """One print; a decoder that has been taken over may say anything."""
    try:
        place, value, way = (int(number) for number in row)
    except (TypeError, ValueError) as error:
        raise Refused("damaged", f"a print may not be {row!r:.100}") from error
    if not (0 <= place < 1 << 31 and 0 <= value < 1 << 64 and 0 <= way < 10):
        raise Refused("damaged", f"a print may not be {row!r:.100}")
    return Print(kind, place, signed(value), way)


def _bounds(duration_ms: int) -> Bounds:
    seconds = duration_ms // 1000
    bounds = limits()
    return Bounds(
        memory_bytes=bounds["picture_memory_bytes"],
        cpu_seconds=120 + 4 * seconds,
        wall_seconds=600 + 8 * seconds,
        file_bytes=50_000_000,
        stall_seconds=600 + 8 * seconds,
    )


# -- sound


def sound_command() -> list[str]:
    """Chromaprint of the recording in each of the ways, from one decode."""
    mono = ours("upload")["a:0"].filter("aformat", channel_layouts="mono", sample_rates=RATE)
    parts = mono.filter_multi_output("asplit", len(WAYS))
    outputs = []
    for number, (speed, later_ms) in enumerate(WAYS):
        begun = parts[number].filter("atrim", start=later_ms / 1000) if later_ms else parts[number]
        played = begun.filter("asetrate", round(RATE * IN_TUNE * speed)).filter("aresample", RATE // 4)
        outputs.append(ffmpeg.output(played, f"{number}.prints", f="chromaprint", fp_format="raw"))
    return command(*outputs)


def _sounds(box: Path, duration_ms: int, report: Report) -> list[Print]:
    with run_program(sound_command(), box=box, bounds=_bounds(duration_ms)) as child:
        for _block in progress(child):
            report("compare", 0)
    return read_sounds(box)


def read_sounds(box: Path) -> list[Print]:
    """What `sound_command` has left in its folder."""
    return [Print(Kind.SOUND, *row) for way in range(len(WAYS)) for row in _read(box / f"{way}.prints", way)]


def _read(path: Path, way: int) -> list[tuple[int, int, int]]:
    """The prints of one speed, but for those that only repeat the one before."""
    values = array.array("I")
    if path.is_file():
        raw = path.read_bytes()[: 4 * MOST_SOUNDS]
        values.frombytes(raw[: len(raw) // 4 * 4])
    if sys.byteorder == "big":
        values.byteswap()
    return [
        (place, value, way)
        for place, value in enumerate(values)
        if value and (place == 0 or value != values[place - 1])
    ]
