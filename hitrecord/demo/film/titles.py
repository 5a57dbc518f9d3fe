"""Ana's title shapes: paper finds out that it is a ferry. Twelve frames a second, each piece with its shadow."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Paint, Point, blob, blur, cloud, image, paint_of, plain
from hitrecord.demo.art.paper import leaf
from hitrecord.demo.film.stage import SIZE, film, run
from hitrecord.demo.sound.dsp import Stereo, add, band, clock, fade, master, noise, pan, reverb, silence
from hitrecord.demo.sound.instruments import electric_piano

SECONDS = 8.0


@dataclass(frozen=True)
class Piece:
    """A cut shape, where it comes from, and when it sets off."""

    points: tuple[Point, ...]
    paper: str
    start: Point
    at: float
    turn: float = 0.0


def _half(x: float, y: float, radius: float, *, above: bool) -> tuple[Point, ...]:
    angles = np.linspace(np.pi, 2 * np.pi, 30) if above else np.linspace(0, np.pi, 30)
    return tuple((x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles)


def _wave(x: float, y: float, length: float) -> tuple[Point, ...]:
    outline, _ = leaf((x, y), length, -0.06, 17, 0.12)
    return tuple(outline)


PIECES: tuple[Piece, ...] = (
    Piece(tuple(blob(690, 190, 84, 4, 0.015)), "#f2573f", (0, 420), 0.2),
    Piece(((0, 392), (330, 378), (650, 396), (960, 380), (960, 540), (0, 540)), "#2b8f93", (0, 220), 0.5),
    Piece(((236, 330), (276, 398), (668, 398), (724, 318), (640, 330)), "#1f3a6e", (-760, 0), 1.1, -8),
    Piece(((312, 330), (306, 282), (600, 282), (590, 330)), "#f7f1e1", (700, -60), 1.9, 20),
    Piece(((356, 282), (352, 240), (520, 240), (510, 282)), "#f7f1e1", (-640, -120), 2.4, -24),
    Piece(((446, 240), (442, 176), (494, 176), (492, 240)), "#e8b23c", (40, -420), 2.9, 40),
    *(
        Piece(
            ((330 + k * 44, 318), (352 + k * 44, 318), (352 + k * 44, 298), (330 + k * 44, 298)),
            "#1f3a6e",
            (0, -360),
            3.3 + k * 0.12,
        )
        for k in range(6)
    ),
    Piece(_half(150, 150, 62, above=True), "#1f3a6e", (-300, 0), 4.2),
    Piece(_half(182, 154, 62, above=False), "#2f58c9", (330, 0), 4.5),
    Piece(_wave(120, 440, 240), "#8fc3bd", (-420, 60), 3.0),
    Piece(_wave(430, 470, 270), "#f7f1e1", (600, 60), 3.4),
    Piece(_wave(660, 440, 230), "#8fc3bd", (460, 90), 3.8),
)


@lru_cache(maxsize=32)
def _cut(number: int) -> tuple[Image.Image, Image.Image, Point]:
    """The piece and its shadow on a tile of their own, and where that tile belongs."""
    piece = PIECES[number]
    xs, ys = [p[0] for p in piece.points], [p[1] for p in piece.points]
    left, top = min(xs) - 30, min(ys) - 30
    size = (round(max(xs) - left) + 30, round(max(ys) - top) + 30)
    big = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(big).polygon([((x - left) * 2, (y - top) * 2) for x, y in piece.points], fill=255)
    mask = big.resize(size, Image.Resampling.LANCZOS)
    fibre = (cloud(*size, 14, number, 2)[..., None] - 0.5) * 18
    sheet = image(plain(*size, piece.paper) + fibre).convert("RGBA")
    sheet.putalpha(mask)
    shadow = Image.new("RGBA", size, (16, 28, 40, 0))
    shadow.putalpha(blur(mask, 7).point([round(v * 0.38) for v in range(256)]))
    return sheet, shadow, (left, top)


@lru_cache(maxsize=1)
def _ground() -> Image.Image:
    return image(plain(*SIZE, "#f3c845") + (cloud(*SIZE, 18, 2, 3)[..., None] - 0.5) * 14)


def _stumble(part: float) -> float:
    """Nearly there, a little too far, back: the way a piece of paper arrives when it is pushed by a finger."""
    if part >= 1:
        return 1.0
    return 1 - (1 - part) ** 3 * float(np.cos(part * 5.2))


def paper(moment: float) -> Paint:
    held = int(moment * 12) / 12
    picture = _ground().copy()
    rng = np.random.default_rng(int(held * 6))
    for number, piece in enumerate(PIECES):
        if held < piece.at:
            continue
        sheet, shadow, (left, top) = _cut(number)
        part = min(1.0, (held - piece.at) / 0.9)
        away = 1 - _stumble(part)
        sway = 4 * np.sin(held * 1.8 + number) if piece.paper in ("#8fc3bd", "#f7f1e1") and top > 380 else 0
        x = left + piece.start[0] * away + sway + rng.integers(-1, 2) * 0.5
        y = top + piece.start[1] * away + rng.integers(-1, 2) * 0.5
        angle = piece.turn * away
        if abs(angle) > 0.5:
            sheet, shadow = sheet.rotate(angle, Image.Resampling.BILINEAR), shadow.rotate(angle)
        picture.paste(shadow, (round(x + 4), round(y + 6)), shadow)
        picture.paste(sheet, (round(x), round(y)), sheet)
    return paint_of(picture)


def title_shapes(path: Path) -> None:
    film(path, run(paper, SECONDS, rate=12, fade_in=0.1), _sound(), rate=12)


def _sound() -> Stereo:
    """A rustle and a note for every piece; together they are the first bars of the waltz's chord."""
    mix = silence(SECONDS)
    notes = (50, 57, 62, 65, 69, 74, 77, 76, 74, 69, 70, 72, 62, 77, 65, 69, 74)
    for number, piece in enumerate(PIECES):
        length = 0.34
        rustle = band(noise(length, number), 1800, 8000) * np.sin(np.linspace(0, np.pi, len(clock(length)))) ** 2
        side = float(np.clip(-piece.start[0] / 600, -0.8, 0.8))
        add(mix, pan(rustle.astype(np.float32), side), piece.at, 0.22)
        add(mix, pan(electric_piano(notes[number % len(notes)], 2.4, 0.5), side * 0.5), piece.at + 0.3, 0.6)
    return fade(master(reverb(mix, length=1.8, wet=0.35), 0.7), 0.05, 1.2)
