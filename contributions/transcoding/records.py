"""The nouns that travel between the transcoder and the rest of the house.

Nothing here touches the database: a source file goes in, Inspection, Made and Facts come out.
Sizes are in pixels and bytes, times in milliseconds, levels in hundredths of a decibel.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from contributions.transcoding.reasons import Words, sentence

#: Called with a stage and a percentage at least every few seconds; it may raise Cancelled.
Report = Callable[[str, int], None]


class Refused(Exception):
    """The file itself cannot be taken. `reason` is for the artist, `detail` for staff."""

    def __init__(self, code: str, detail: str = "", **values: Words | int | str) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.values = values
        #: The largest resident memory of the child that found out, 0 when none was needed.
        self.peak_mb = 0

    @property
    def reason(self) -> Words:
        """One plain sentence, translated only when it is shown."""
        return sentence(self.code, self.values)


class Failed(Exception):
    """Our side broke (disk full, no encoder, a killed child): trying again may help."""


class Killed(Failed):
    """A child was killed, and not by us: an administrator, or a machine without memory. The file may be quite good."""


class Cancelled(Exception):
    """Raised by the caller's `report` to stop the work; the folder is then theirs to delete."""


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What a first, bounded look at the file said, before any work was done."""

    format: str
    medium: str
    mime: str
    bytes: int
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    chapters: list[dict[str, Any]] = field(default_factory=list)
    probe: dict[str, Any] = field(default_factory=dict)
    peak_mb: int = 0


@dataclass(frozen=True, kw_only=True)
class Made:
    """One finished file of a rendition set."""

    kind: str
    label: str
    name: str
    path: Path
    mime: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the work's page needs to know without opening any rendition."""

    medium: str
    mime: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    dominant_colour: str = ""
    blurhash: str = ""
    loudness_lufs_x100: int | None = None
    gain_db_x100: int = 0
    true_peak_db_x100: int | None = None
    peaks: list[int] = field(default_factory=list)
    word_count: int = 0
    excerpt: str = ""
    language: str = ""
    direction: str = ""
    animated: bool = False
    has_audio: bool = False
    #: [{"start_ms", "title"}] as the artist's file had them; titles are text, not HTML.
    chapters: list[dict[str, Any]] = field(default_factory=list)
    probe: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Ready for a JSON field."""
        return asdict(self)
