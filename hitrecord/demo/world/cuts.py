"""Cue sheets: what is in each production, where, for how long, in whose role.

A row is (section, work, department, role, unit, quantity, start, duration, prominence, segment). Departments, roles,
units and prominence are the words of the published tables; within one section a department counts in one unit only.
Times are milliseconds of the production, words are words, and a thing that has no place in time has none.
"""

from dataclasses import dataclass
from typing import Literal

from hitrecord.demo.crew import WINDOWS

Department = Literal[
    "picture", "voice", "performance", "writing", "music", "edit", "composition", "production", "artwork"
]
Unit = Literal["ms", "words", "items"]
Prominence = Literal[100, 50, 25]
Segment = Literal["", "pre_mixed", "live"]


@dataclass(frozen=True)
class Cue:
    section: str
    work: str
    department: Department
    role: str
    unit: Unit
    quantity: int
    start_ms: int | None
    duration_ms: int | None
    prominence: Prominence = 100
    segment: Segment = ""


@dataclass(frozen=True)
class Section:
    """`share_bps` of all sections of one cut add up to 10000."""

    key: str
    title: str
    share_bps: int
    segment: Segment = ""


@dataclass(frozen=True, kw_only=True)
class Cut:
    project: str
    episode: int | None
    duration_ms: int
    frame_rate: int
    sections: tuple[Section, ...]
    cues: tuple[Cue, ...]


def seen(
    section: str, work: str, role: str, at: int, ms: int, prominence: Prominence = 100, segment: Segment = ""
) -> Cue:
    """A picture on screen."""
    return Cue(section, work, "picture", role, "ms", ms, at, ms, prominence, segment)


def heard(
    section: str, work: str, role: str, at: int, ms: int, prominence: Prominence = 100, segment: Segment = ""
) -> Cue:
    """A sound under or over the picture."""
    return Cue(section, work, "music", role, "ms", ms, at, ms, prominence, segment)


def written(section: str, work: str, role: str, words: int, prominence: Prominence = 100, segment: Segment = "") -> Cue:
    return Cue(section, work, "writing", role, "words", words, None, None, prominence, segment)


NIGHT_FERRY = Cut(
    project="the-night-ferry",
    episode=None,
    duration_ms=24_000,
    frame_rate=15,
    sections=(Section("film", "The Night Ferry", 10_000),),
    cues=(
        seen("film", "ferry-still", "Photography", 0, 4_500),
        heard("film", "harbour-east", "Harbour recordings", 0, 24_000, 50),
        seen("film", "animatic", "Animation", 4_500, 4_500),
        seen("film", "lamp-study", "Lighthouse drawn by", 4_500, 4_500, 50),
        Cue("film", "engine-voice", "voice", "Voice in the steel", "ms", 3_800, 4_900, 3_800),
        written("film", "keepers-letter", "From a letter by", 43),
        written("film", "ferry-scene-6", "Screenplay", 178),
        written("film", "tide-keeps", "From a story by", 24, 50),
        written("film", "engine-room", "The engineer’s line", 9, 50),
        heard("film", "waltz", "Waltz", 6_000, 18_000),
        seen("film", "beam", "Animation", 9_000, 3_000),
        seen("film", "two-colour-lamp", "Colour", 9_000, 3_000, 50),
        heard("film", "lamp-motor", "Lamp motor", 9_000, 3_000, 25),
        seen("film", "headlights", "Photography", 12_000, 3_000),
        seen("film", "shot-12", "Photography", 15_000, 6_000),
        seen("film", "chart-40", "Charts", 16_500, 1_500, 25),
        seen("film", "poster", "Title lettering", 21_000, 3_000),
        Cue("film", "night-ferry-film", "edit", "Directed and edited by", "ms", 24_000, 0, 24_000),
    ),
)

SEVEN_INCH = Cut(
    project="waltz-seven-inch",
    episode=None,
    duration_ms=68_000,
    frame_rate=25,
    sections=(
        Section("side-a", "Side A: Waltz for the crossing", 5_300),
        Section("side-b", "Side B: Waltz, brass only", 3_700),
        Section("sleeve", "Sleeve", 1_000),
    ),
    cues=(
        Cue("side-a", "waltz", "composition", "Composed by", "ms", 36_000, 0, 36_000),
        Cue("side-a", "waltz", "performance", "Piano", "ms", 36_000, 0, 36_000),
        Cue("side-a", "lamp-motor", "performance", "Lamp motor", "ms", 36_000, 0, 36_000, 25),
        Cue("side-b", "waltz", "composition", "Composed by", "ms", 32_000, 36_000, 32_000),
        Cue("side-b", "waltz-brass", "performance", "Brass", "ms", 32_000, 36_000, 32_000),
        Cue("sleeve", "two-colour-lamp", "artwork", "Sleeve printed by", "items", 1, None, None),
    ),
)

# The wall: every window is on screen for six seconds while its neighbours are still lit; whoever wrote is read on screen.
WALL_START_MS = 240_000
WALL_STEP_MS = 6_000


def _wall() -> tuple[Cue, ...]:
    cues: list[Cue] = []
    for place, window in enumerate(WINDOWS):
        work = f"window-{window.handle}"
        if window.line:
            cues.append(written("wall", work, "Window, written", len(window.line.split()), 100, "pre_mixed"))
        else:
            start = WALL_START_MS + place * WALL_STEP_MS
            cues.append(seen("wall", work, "Window, drawn", start, WALL_STEP_MS, 50, "pre_mixed"))
    return tuple(cues)


WINDOWS_EPISODE = Cut(
    project="awake-somewhere",
    episode=1,
    duration_ms=1_560_000,
    frame_rate=25,
    sections=(
        Section("cold-open", "Cold open: the lift", 2_000, "pre_mixed"),
        Section("wall", "Seventy-two windows", 4_000, "pre_mixed"),
        Section("kitchen", "Live kitchen", 3_000, "live"),
        Section("roll", "Everybody’s name", 1_000, "pre_mixed"),
    ),
    cues=(
        seen("cold-open", "window-seat", "Art", 0, 150_000, 100, "pre_mixed"),
        seen("cold-open", "title-card", "Title lettering", 150_000, 12_000, 100, "pre_mixed"),
        written("cold-open", "windows-treatment", "Written by", 255, 100, "pre_mixed"),
        heard("cold-open", "harbour-east", "Night outside", 20_000, 110_000, 50, "pre_mixed"),
        heard("wall", "rain-tin", "Rain", WALL_START_MS, 432_000, 50, "pre_mixed"),
        *_wall(),
        written("kitchen", "late-soup", "Recipe", 217, 100, "live"),
        written("kitchen", "keepers-letter", "Read aloud", 299, 100, "live"),
        seen("kitchen", "hedge", "Kitchen wall", 700_000, 640_000, 25, "live"),
        heard("roll", "credits-theme", "Theme", 1_470_000, 90_000, 100, "pre_mixed"),
        seen("roll", "ridge", "Last picture", 1_545_000, 15_000, 100, "pre_mixed"),
    ),
)

CUTS: tuple[Cut, ...] = (NIGHT_FERRY, SEVEN_INCH, WINDOWS_EPISODE)
