"""What can be watched at once: a film that browsers play as it is, its packets put into a clean container.

Only until the real renditions stand, and only for those who may see the draft (docs/adr/0008). Of the
bitstream nothing but pictures and their parameters passes: no SEI (user data, captions, camera settings),
no filler, no layers of other views, no NAL unit that the standard leaves open.
"""

from typing import Any, Final

import ffmpeg

from contributions.transcoding.ffmpeg import CLEAN, command, opened
from contributions.transcoding.records import Inspection
from contributions.transcoding.steps import Job

PREVIEW_NAME: Final = "video/preview.mp4"
CONTAINERS: Final = ("mp4", "matroska")
PROFILES: Final = ("Baseline", "Constrained Baseline", "Main", "High", "Progressive High", "Constrained High")
PIXELS: Final = ("yuv420p", "yuvj420p")
#: Quarter turns, which a container can tell and every browser obeys.
TURNS: Final = (0, 90, 180, 270)
FASTEST: Final = 60
#: Beyond this a quick encode arrives sooner over most people's lines than the file itself.
KBPS_MOST: Final = 100_000
#: Slices, pictures to start from, and their two kinds of parameters.
UNITS_KEPT: Final = "filter_units=pass_types=1|5|7|8"
#: Written anew from what was understood, so that nothing trails behind the parameters.
PARAMETERS_REWRITTEN: Final = "h264_metadata=delete_filler=1"


def can_copy(seen: Inspection) -> bool:
    """Whether every browser plays these packets: H.264 of 8 bits, upright or turned, with AAC or no sound."""
    video, audio = seen.probe["video"], seen.probe.get("audio")
    return seen.format in CONTAINERS and _plain_picture(video) and _plain_sound(audio) and _kbps(seen) <= KBPS_MOST


def _plain_picture(video: dict[str, Any]) -> bool:
    return (
        video["codec"] == "h264"
        and video.get("profile") in PROFILES
        and video["pixels"] in PIXELS
        and not video.get("interlaced")
        and not video.get("hdr")
        and 0 < video["fps"] <= FASTEST
        and video.get("rotation", 0) in TURNS
    )


def _plain_sound(audio: dict[str, Any] | None) -> bool:
    return audio is None or (audio["codec"] == "aac" and audio.get("profile") == "LC" and audio["channels"] <= 2)


def _kbps(seen: Inspection) -> int:
    """Bits a millisecond; without a length, too many."""
    return 8 * seen.bytes // seen.duration_ms if seen.duration_ms else KBPS_MOST + 1


def copy_command(job: Job) -> list[str]:
    """The two tracks and nothing else, the index in front."""
    source = opened(job.inspection, most_ms=job.limits["video_ms"])
    probe = job.inspection.probe
    streams = [source[str(probe[kind]["index"])] for kind in ("video", "audio") if kind in probe]
    filters = {"bsf:v": f"{UNITS_KEPT},{PARAMETERS_REWRITTEN}"}
    return command(
        ffmpeg.output(
            *streams, PREVIEW_NAME, f="mp4", c="copy", movflags="+faststart", write_tmcd=0, **filters, **CLEAN
        )
    )
