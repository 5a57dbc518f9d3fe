"""MediaView: what cards and players show of a version, from its two JSON columns alone.

No query and no storage access happens here, with one exception that says so (`body_html`), so a
list of works costs one query whatever it shows. Sizes are in pixels, times in milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contributions.models.upload import Version

RATIO_STEP, RATIO_LEAST, RATIO_MOST = 5, 50, 300
# What a tile without a picture looks like: a strip of sound, a page of text.
PLAIN_RATIOS: Final = {"audio": 1.75, "text": 0.85}
WORDS_A_MINUTE: Final = 220
CARD: Final = "image/card.jpg"
# Kinds of pictures that have no transparent parts.
OPAQUE: Final = frozenset({"image/jpeg", "image/heic", "image/heif"})
POSTER: Final = "poster/poster.jpg"
HLS: Final = "hls/master.m3u8"
STORYBOARD: Final = "storyboard/board.vtt"
STORYBOARD_IMAGE: Final = "storyboard/board.jpg"
# What a browser can play without help, by folder and suffix, in the order to offer it.
PLAYABLE: Final = {
    "audio": {"m4a": "audio/mp4", "webm": "audio/webm", "mp3": "audio/mpeg"},
    "video": {"mp4": "video/mp4", "webm": "video/webm"},
}

WAVE_WIDTH, WAVE_HEIGHT, WAVE_STEP = 600, 100, 4
LOUDEST_BAR: Final = 96
PEAK_SCALE: Final = 100


def wave_path(peaks: Sequence[int], *, scale: int = PEAK_SCALE) -> str:
    """The waveform as the `d` of an SVG path, one upright line every four units of a 600 by 100 box."""
    if not peaks:
        return ""
    bars = WAVE_WIDTH // WAVE_STEP
    lines = []
    for bar in range(bars):
        begin = bar * len(peaks) // bars
        end = max((bar + 1) * len(peaks) // bars, begin + 1)
        loudest = min(max(peaks[begin:end]), scale)
        # Silence stays visible as a short tick, so that a quiet recording is no empty box.
        height = max(round(loudest * LOUDEST_BAR / scale), 2)
        lines.append(f"M{bar * WAVE_STEP + 2} {(WAVE_HEIGHT - height) // 2}v{height}")
    return "".join(lines)


def _hundredths(number: int | None) -> float | None:
    return None if number is None else number / 100


def aspect_class(ratio: float) -> str:
    """Width by height as one of the classes that the stylesheet knows, `ar-50` to `ar-300`."""
    step = round(ratio * 100 / RATIO_STEP) * RATIO_STEP
    return f"ar-{min(max(step, RATIO_LEAST), RATIO_MOST)}"


class MediaView:
    """One version as a page sees it; of no version, everything is empty."""

    def __init__(self, version: Version | None, *, medium: str = "") -> None:
        self.version = version
        self.facts: dict[str, Any] = (version.facts or {}) if version else {}
        self.names: list[str] = list(version.rendition_names or []) if version else []
        self.medium = medium or str(self.facts.get("medium") or "")

    def __bool__(self) -> bool:
        return bool(self.names)

    def url(self, name: str) -> str:
        """The address of a rendition, or "" when there is none of that name."""
        return self.version.rendition_url(name) if self.version and name in self.names else ""

    @property
    def is_ready(self) -> bool:
        return bool(self.version and self.version.ready_at)

    # Sizes and times

    @property
    def width(self) -> int | None:
        return self.facts.get("width")

    @property
    def height(self) -> int | None:
        return self.facts.get("height")

    @property
    def ratio(self) -> float:
        """Width by height; sound and text, which have none, get that of their tile."""
        if self.width and self.height:
            return self.width / self.height
        return PLAIN_RATIOS.get(self.medium, 1.0)

    @property
    def aspect_class(self) -> str:
        return aspect_class(self.ratio)

    @property
    def duration_ms(self) -> int | None:
        return self.facts.get("duration_ms") if self.medium in {"audio", "video"} else None

    # Pictures

    @cached_property
    def _pictures(self) -> dict[str, dict[int, str]]:
        """{"avif": {320: name}, "webp": {...}}, narrowest first."""
        found: dict[str, dict[int, str]] = {"avif": {}, "webp": {}}
        for name in self.names:
            folder, _, file = name.partition("/")
            stem, _, suffix = file.partition(".")
            if folder == "image" and suffix in found and stem.isdigit():
                found[suffix][int(stem)] = name
        return {suffix: dict(sorted(names.items())) for suffix, names in found.items()}

    def picture(self, width: int = 640) -> str:
        """The still picture (WebP) nearest to a width that is not too small for it, or the poster."""
        widths = self._pictures["webp"]
        best = next((at for at in widths if at >= width), max(widths, default=None))
        return self.url(widths[best]) if best is not None else self.poster_url

    @property
    def largest_width(self) -> int | None:
        """Of the pictures that are served: no more than 2,560, whatever the original has."""
        return max(self._pictures["webp"], default=None)

    @property
    def largest_height(self) -> int | None:
        width = self.largest_width
        return round(width / self.ratio) if width else None

    def _srcset(self, suffix: str) -> str:
        return ", ".join(f"{self.url(name)} {width}w" for width, name in self._pictures[suffix].items())

    @property
    def srcset_avif(self) -> str:
        return self._srcset("avif")

    @property
    def srcset_webp(self) -> str:
        return self._srcset("webp")

    @property
    def poster_url(self) -> str:
        return self.url(POSTER)

    @property
    def card_url(self) -> str:
        """The picture of 1200 by 630 that other sites show."""
        return self.url(CARD)

    @property
    def dominant_colour(self) -> str:
        return str(self.facts.get("dominant_colour") or "")

    @property
    def ground_colour(self) -> str:
        """What stands in for a picture until it has arrived; none where it could shine through the picture."""
        return self.dominant_colour if self.facts.get("mime") in OPAQUE else ""

    @property
    def blurhash(self) -> str:
        return str(self.facts.get("blurhash") or "")

    # Sound and moving pictures

    @property
    def media_sources(self) -> list[dict[str, str]]:
        """Progressive files for <audio> and <video> [{url, mime}], best first."""
        mimes = PLAYABLE.get(self.medium, {})
        return [
            {"url": self.url(name), "mime": mime}
            for suffix, mime in mimes.items()
            for name in self.names
            if name.startswith(f"{self.medium}/") and name.endswith(f".{suffix}")
        ]

    @property
    def loop_url(self) -> str:
        """An animated picture as a silent video."""
        return self.url("video/loop.mp4") if self.medium == "image" else ""

    @property
    def hls_url(self) -> str:
        return self.url(HLS)

    @property
    def storyboard_url(self) -> str:
        return self.url(STORYBOARD)

    @property
    def storyboard_image_url(self) -> str:
        return self.url(STORYBOARD_IMAGE)

    @property
    def frame_ms(self) -> int:
        """How long one picture of a film stands, for going on by single frames; 40 where nobody knows."""
        rate = ((self.facts.get("probe") or {}).get("video") or {}).get("fps") or 25
        return max(round(1000 / rate), 1)

    @property
    def chapters(self) -> list[dict[str, Any]]:
        """[{start_ms, title}] in order, those within the work alone."""
        rows = self.facts.get("chapters") or []
        inside = [row for row in rows if row.get("title") and 0 <= row.get("start_ms", -1) < (self.duration_ms or 0)]
        return sorted(inside, key=lambda row: int(row["start_ms"]))

    @property
    def loudness_lufs(self) -> float | None:
        """Loudness by EBU R128, as measured."""
        return _hundredths(self.facts.get("loudness_lufs_x100"))

    @property
    def true_peak_db(self) -> float | None:
        """The loudest moment between samples, in decibels below full scale."""
        return _hundredths(self.facts.get("true_peak_db_x100"))

    @property
    def gain_db(self) -> float:
        """By how much a player turns the sound up or down so that works are equally loud."""
        return int(self.facts.get("gain_db_x100") or 0) / 100

    @cached_property
    def wave_path(self) -> str:
        return wave_path(self.facts.get("peaks") or [])

    # Words

    @property
    def excerpt(self) -> str:
        return str(self.facts.get("excerpt") or "")

    @property
    def word_count(self) -> int:
        return int(self.facts.get("word_count") or 0)

    @property
    def reading_minutes(self) -> int:
        return max(round(self.word_count / WORDS_A_MINUTE), 1) if self.word_count else 0

    @property
    def direction(self) -> str:
        return str(self.facts.get("direction") or "auto")
