"""Which sizes a video is made in. Pure: sizes in, rungs out.

A rung is named by its short side, so that a video held upright gets the same ladder.
"""

from dataclasses import dataclass
from typing import Final

STEPS: Final = (1080, 720, 480, 240)
KBPS: Final = {1080: 5000, 720: 2800, 480: 1200, 240: 400}
PROGRESSIVE_MOST: Final = 720
POSTER_MOST: Final = 1280
TILE_WIDTH: Final = 160
TILES_MOST: Final = 100
COLUMNS: Final = 10


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One size of the ladder."""

    label: str
    width: int
    height: int
    kbps: int


def rungs_for(width: int, height: int, fps: float) -> list[Rung]:
    """The ladder, highest first: never above the source, and its own size when that is between."""
    short = even(min(width, height))
    sides = [step for step in STEPS if step <= short]
    # A source well between two steps would lose what the artist made; it keeps its own size too.
    if short < STEPS[0] and (not sides or short > sides[0] * 1.1):
        sides.insert(0, short)
    return [_rung(side, width, height, fps) for side in sides]


def _rung(side: int, width: int, height: int, fps: float) -> Rung:
    scale = side / min(width, height)
    near = min(KBPS, key=lambda step: abs(step - side))
    kbps = max(150, KBPS[near] * side * side // (near * near))
    return Rung(
        label=str(side),
        width=even(width * scale),
        height=even(height * scale),
        kbps=round(kbps * (1.4 if fps > 35 else 1)),
    )


def even(side: float) -> int:
    """H.264 with halved colour needs even sides."""
    return max(2, int(side + 0.5) // 2 * 2)


def progressive_of(rungs: list[Rung]) -> Rung:
    """The rung that is also offered as one plain file."""
    return next((rung for rung in rungs if int(rung.label) <= PROGRESSIVE_MOST), rungs[-1])


@dataclass(frozen=True, kw_only=True)
class Board:
    """A storyboard: one picture of small pictures, each standing for `step_ms`."""

    step_ms: int
    width: int
    height: int
    columns: int
    rows: int


def board_for(width: int, height: int, duration_ms: int) -> Board:
    """At most a hundred tiles, none closer together than half a second."""
    step_ms = max(500, -(-duration_ms // TILES_MOST))
    tiles = max(1, -(-duration_ms // step_ms))
    scale = TILE_WIDTH / max(width, height)
    columns = min(COLUMNS, tiles)
    return Board(
        step_ms=step_ms,
        width=even(width * scale),
        height=even(height * scale),
        columns=columns,
        rows=-(-tiles // columns),
    )


def board_track(board: Board, picture: str, duration_ms: int) -> str:
    """The WebVTT that says which tile belongs to which moment."""
    lines = ["WEBVTT", ""]
    for number in range(min(board.columns * board.rows, max(1, -(-duration_ms // board.step_ms)))):
        start = number * board.step_ms
        x, y = number % board.columns * board.width, number // board.columns * board.height
        lines += [
            f"{clock(start)} --> {clock(min(start + board.step_ms, max(duration_ms, start + 1)))}",
            f"{picture}#xywh={x},{y},{board.width},{board.height}",
            "",
        ]
    return "\n".join(lines)


def clock(ms: int) -> str:
    """00:01:02.345"""
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
