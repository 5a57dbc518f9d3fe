"""The limits of media.md and the kill switches, with their defaults.

`settings.MEDIA_LIMITS` and `settings.MEDIA_FORMATS` replace single values; this is the only
place where the transcoder asks Django anything.
"""

from functools import cache
from typing import Final

from django.conf import settings

MB: Final = 1_000_000
HOUR_MS: Final = 3_600_000

DEFAULT_LIMITS: Final[dict[str, int]] = {
    "image_bytes": 100 * MB,
    "image_pixels": 50_000_000,
    "image_frames": 1_000,
    "audio_bytes": 2_000 * MB,
    "audio_ms": 6 * HOUR_MS,
    "audio_channels": 8,
    "audio_rate": 192_000,
    "video_bytes": 10_000 * MB,
    "video_width": 4096,
    "video_height": 2304,
    "video_fps": 120,
    "video_ms": 4 * HOUR_MS,
    "text_bytes": 1 * MB,
    "document_bytes": 50 * MB,
    "document_pages": 1_000,
    "book_entries": 2_000,
    "book_bytes": 50 * MB,
    "book_ratio": 100,
    "nesting": 60,
    "artist_bytes": 50_000 * MB,
    # What one decoder may use. A refused file never gets past the first two.
    "probe_memory_bytes": 480 * 1024 * 1024,
    "probe_cpu_seconds": 20,
    "picture_memory_bytes": 1_400 * 1024 * 1024,
    "picture_cpu_seconds": 300,
    "video_memory_bytes": 4_096 * 1024 * 1024,
    "stall_seconds": 120,
}

#: Our own name of each format taken; False in settings.MEDIA_FORMATS refuses it at once.
FORMATS: Final = [
    "jpeg",
    "png",
    "gif",
    "webp",
    "tiff",
    "avif",
    "heic",
    "mp4",
    "matroska",
    "ogg",
    "wav",
    "flac",
    "mp3",
    "aac",
    "aiff",
    "avi",
    "text",
    "epub",
    "pdf",
]


def limits() -> dict[str, int]:
    """Every limit, the configured ones over the defaults."""
    return DEFAULT_LIMITS | dict(getattr(settings, "MEDIA_LIMITS", {}))


def is_taken(name: str) -> bool:
    """Whether files of this format are taken at the moment."""
    switches: dict[str, bool] = getattr(settings, "MEDIA_FORMATS", {})
    return switches.get(name, True)


@cache
def ffmpeg_path() -> str:
    """The ffmpeg to run: the configured one, else the one that comes as a wheel."""
    configured = getattr(settings, "FFMPEG_PATH", "")
    if configured:
        return str(configured)
    import imageio_ffmpeg  # noqa: PLC0415  slow to import, and only the worker needs it

    return str(imageio_ffmpeg.get_ffmpeg_exe())
