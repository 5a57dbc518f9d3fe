"""Every argument ffmpeg is ever given is built here; the sandbox runs what comes out.

Each command begins with the same guards: the demuxer our own look at the bytes chose, lists that
allow no other format, protocol or decoder, nothing read from the keyboard, no metadata carried over.
"""

from collections.abc import Iterator
from typing import Any, Final

import ffmpeg

from contributions.transcoding.box.codecs_taken import DECODERS, DEMUXERS, FORMATS
from contributions.transcoding.limits import ffmpeg_path
from contributions.transcoding.records import Inspection
from contributions.transcoding.sandbox import UPLOAD, Child

Stream = Any  # ffmpeg-python's nodes are untyped

CLEAN: Final[dict[str, Any]] = {
    "map_metadata": -1,
    "map_chapters": -1,
    "fflags": "+bitexact",
    "flags:v": "+bitexact",
    "flags:a": "+bitexact",
}
AAC: Final[dict[str, Any]] = {"c:a": "aac", "ac": 2}


def opened(inspection: Inspection, *, most_ms: int) -> Stream:
    """The upload as an input, behind every guard, and never read beyond the longest length taken."""
    return ffmpeg.input(
        UPLOAD,
        f=DEMUXERS[inspection.format],
        protocol_whitelist="file",
        format_whitelist=FORMATS,
        codec_whitelist=DECODERS,
        t=most_ms / 1000 + 1,
        threads=2,
    )


def ours(name: str) -> Stream:
    """A file an earlier command made, behind the same guards."""
    return ffmpeg.input(name, f="mov", protocol_whitelist="file", format_whitelist=FORMATS)


def command(*outputs: Stream) -> list[str]:
    """One process for all these outputs, which tells its progress on standard output."""
    joined = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
    guarded = joined.global_args(
        *("-nostdin", "-hide_banner", "-v", "info", "-nostats"),
        *("-progress", "pipe:1", "-stats_period", "0.5"),
        *("-filter_complex_threads", "2"),
    )
    return [str(part) for part in guarded.overwrite_output().compile(cmd=ffmpeg_path())]


def progress(child: Child) -> Iterator[dict[str, str]]:
    """A dict for each report of a running ffmpeg, and an empty one at least every second."""
    block: dict[str, str] = {}
    for line in child.lines():
        if line is None:
            yield {}
            continue
        name, _, value = line.decode("utf-8", "replace").partition("=")
        block[name.strip()] = value.strip()
        if name == "progress":
            yield block
            block = {}
    child.finish()


def out_ms(block: dict[str, str]) -> int:
    """How far the output has come, 0 when ffmpeg does not know yet."""
    value = block.get("out_time_us", "")
    return max(0, int(value)) // 1000 if value.lstrip("-").isdigit() else 0
