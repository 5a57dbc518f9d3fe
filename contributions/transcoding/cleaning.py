"""A copy of a source file that may be given to others: all of the work in it, and nothing else.

Pictures and texts are written anew. Sound is decoded and kept without loss. A film's packets are
copied where its codec has no place to hide words in that cannot be cut away; all else is decoded and
kept without loss. Of a book or a PDF the words alone are given, since its layout may hold anything.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import ffmpeg

from contributions.transcoding.ffmpeg import CLEAN, command, opened, out_ms, progress
from contributions.transcoding.images import bounds_for as picture_bounds
from contributions.transcoding.limits import limits
from contributions.transcoding.moving import bounds_for as film_bounds
from contributions.transcoding.records import Failed, Inspection, Made, Refused, Report
from contributions.transcoding.sandbox import Bounds, run_program
from contributions.transcoding.sound import bounds_for as sound_bounds
from contributions.transcoding.steps import Job, made, python_steps

NAMELESS: Final[dict[str, Any]] = CLEAN | {"map_metadata:s:v": -1, "map_metadata:s:a": -1}
#: Codecs whose packets are copied, and the units of their stream that are kept: pictures and how to
#: decode them. What cameras and encoders write beside these (SEI, metadata, fillers) is left out.
PICTURE_UNITS: Final = {
    "h264": "filter_units=pass_types=1-5|7-9|13",
    "hevc": "filter_units=pass_types=0-9|16-21|32-35",
    "av1": "filter_units=pass_types=1-4|6-8",
    "vp8": "",
    "vp9": "",
}
#: Containers that keep no moments for their packets, so that these cannot be copied.
TIMELESS: Final = ("avi", "ogg")
SOUND_COPIED: Final = ("aac", "opus", "libopus", "ac3", "eac3")
#: What is wider than FLAC holds stays what it is.
WIDE: Final = {
    "pcm_f32le": "pcm_f32le",
    "pcm_f32be": "pcm_f32le",
    "pcm_f64le": "pcm_f64le",
    "pcm_f64be": "pcm_f64le",
    "pcm_s32le": "pcm_s32le",
    "pcm_s32be": "pcm_s32le",
    "pcm_s64le": "pcm_s32le",
}
#: Decoders whose samples are exact; all others have rounded already, and sixteen bits hold what is left.
EXACT: Final = ("flac", "alac")


def clean(source: Path, *, folder: Path, inspection: Inspection, report: Report) -> Made:
    """Make the copy, below `folder`. Raises Refused, Failed, and whatever `report` raises."""
    job = Job(source=source, folder=folder, inspection=inspection, limits=limits(), report=report)
    return MAKERS[inspection.medium](job)


def _picture(job: Job) -> Made:
    return _one(job, "copying", {"format": job.inspection.format})


def _words(job: Job) -> Made:
    if job.inspection.format == "text":
        return _picture(job)
    return _one(job, "writing", {"task": "make", "format": job.inspection.format}, kind="html")


def _one(job: Job, module: str, order: dict[str, Any], *, kind: str = "clean") -> Made:
    """Run a Python child and take the one file that is wanted."""
    job.tell("clean", 1)
    bounds = picture_bounds(dict(job.limits))
    steps = python_steps(job, module, order | {"limits": dict(job.limits)}, box=job.box("clean"), bounds=bounds)
    wanted = [made for made in steps if made.kind == kind]
    if len(wanted) != 1:
        raise Failed(f"{len(wanted)} clean copies were made")
    return wanted[0]


def _sound(job: Job) -> Made:
    audio = job.inspection.probe["audio"]
    codec, suffix, mime = audio_codec(audio["codec"])
    source = opened(job.inspection, most_ms=job.limits["audio_ms"])[str(audio["index"])]
    output = ffmpeg.output(source, f"clean/copy.{suffix}", **NAMELESS, **codec, **_box_of(suffix))
    return _run(job, output, sound_bounds(job), suffix, mime)


def audio_codec(decoder: str) -> tuple[dict[str, Any], str, str]:
    """Options of the encoder, suffix and type for what a decoder gives out."""
    if decoder in WIDE:
        return {"c:a": WIDE[decoder]}, "wav", "audio/wav"
    exact = decoder in EXACT or decoder.startswith("pcm_")
    return {"c:a": "flac"} | ({} if exact else {"sample_fmt": "s16"}), "flac", "audio/flac"


def _box_of(suffix: str) -> dict[str, Any]:
    # A WAV of more than 4 GB needs a larger header; a small one stays as everybody reads it.
    return {"rf64": "auto"} if suffix == "wav" else {}


def _film(job: Job) -> Made:
    seen = job.inspection.probe
    source = opened(job.inspection, most_ms=job.limits["video_ms"])
    streams, (options, suffix) = [source[str(seen["video"]["index"])]], film_codecs(job.inspection)
    if "audio" in seen:
        streams.append(source[str(seen["audio"]["index"])])
    mime = {"mp4": "video/mp4", "webm": "video/webm", "mkv": "video/x-matroska"}[suffix]
    output = ffmpeg.output(*streams, f"clean/copy.{suffix}", **NAMELESS, **options)
    return _run(job, output, film_bounds(job), suffix, mime)


def film_codecs(inspection: Inspection) -> tuple[dict[str, Any], str]:
    """Options and suffix: copied into MP4 or WebM where picture and sound both may be, else kept in Matroska."""
    codec = inspection.probe["video"]["codec"]
    audio = inspection.probe.get("audio", {}).get("codec", "")
    copied = codec in PICTURE_UNITS and inspection.format not in TIMELESS
    options: dict[str, Any] = {"c:v": "copy"} if copied else {"c:v": "ffv1", "level": 3, "slices": 16}
    if not copied and str(inspection.probe["video"].get("pixels", "")).startswith("yuvj"):
        # Their full range of brightness is in the name; left unsaid, it would be squeezed.
        options["color_range"] = "pc"
    if copied and PICTURE_UNITS[codec]:
        options["bsf:v"] = PICTURE_UNITS[codec]
    if copied and codec == "hevc":
        options["tag:v"] = "hvc1"
    sound_copied = audio in SOUND_COPIED
    if audio:
        options |= {"c:a": "copy"} if sound_copied else {"c:a": "flac"}
    if not copied or (audio and not sound_copied):
        options.pop("tag:v", None)
        return options, "mkv"
    if codec in ("vp8", "vp9"):
        return options, "webm" if audio in ("", "opus", "libopus") else "mkv"
    return options | {"movflags": "+faststart"}, "mp4"


def _run(job: Job, output: Any, bounds: Bounds, suffix: str, mime: str) -> Made:
    """One ffmpeg to its end."""
    job.tell("clean", 1)
    box = job.box("clean")
    (box / "clean").mkdir()
    expected, done = job.inspection.duration_ms or 0, 0
    with run_program(command(output), box=box, bounds=bounds) as child:
        try:
            for block in progress(child):
                done = max(done, out_ms(block))
                job.tell(percent=min(99, 99 * done // expected) if expected else None)
        finally:
            job.note_peak(child)
    if not (box / f"clean/copy.{suffix}").is_file():
        raise Refused("nothing-to-play", child.words())
    return made(box, "clean", suffix, f"clean/copy.{suffix}", mime)


MAKERS: Final[dict[str, Callable[[Job], Made]]] = {
    "image": _picture,
    "audio": _sound,
    "video": _film,
    "text": _words,
}
