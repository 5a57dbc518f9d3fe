"""Tomasz's animatic: the keeper's letter writes itself, and the tower is drawn beside it."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Paint, cloud, mask_of, over, plain
from hitrecord.demo.art.engraver import INK, PAPER, Stroke, lamp_strokes
from hitrecord.demo.art.hand import write
from hitrecord.demo.film.stage import SIZE, Scene, film, run
from hitrecord.demo.sound.dsp import RATE, Stereo, add, band, fade, noise, pan, silence, wander
from hitrecord.demo.sound.voices import through_steel

SECONDS = 9.0
WRITTEN = 7.2
LINES = [
    "The last ferry leaves at ten.",
    "I have asked the engineer",
    "to wait, though he says",
    "the tide will not. The tide",
    "waits for nobody, and is right.",
    "So I am writing quickly,",
    "and you must forgive",
    "the hand.",
]


@lru_cache(maxsize=1)
def _strokes() -> tuple[tuple[Stroke, ...], tuple[Stroke, ...]]:
    letter = tuple(write(LINES, 66, 92, 14.5, 55))
    scale = 0.44
    tower = tuple(
        Stroke(tuple((570 + x * scale, 2 + y * scale) for x, y in stroke.points), max(0.8, stroke.width * 0.62))
        for stroke in lamp_strokes()
    )
    return letter, tower


class Sheet:
    """Ink that stays: each frame adds only the strokes that are new since the last one."""

    def __init__(self) -> None:
        self.mask = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2))
        self.pen = ImageDraw.Draw(self.mask)
        self.drawn = [0, 0]
        shade = (cloud(*SIZE, 220, 8)[..., None] - 0.5) * 14
        self.paper = plain(*SIZE, PAPER) + shade

    def frame(self, moment: float) -> Paint:
        for kind, strokes in enumerate(_strokes()):
            until = round(len(strokes) * min(1.0, max(0.0, moment - 0.3) / WRITTEN))
            for stroke in strokes[self.drawn[kind] : until]:
                points = [(x * 2, y * 2) for x, y in stroke.points]
                self.pen.line(points, fill=255, width=max(2, round(stroke.width * 2)), joint="curve")
            self.drawn[kind] = max(self.drawn[kind], until)
        return over(self.paper, INK, mask_of(self.mask.resize(SIZE, Image.Resampling.BILINEAR)))


def scene(*, from_second: float = 0.0, speed: float = 1.0) -> Scene:
    sheet = Sheet()
    return lambda moment: sheet.frame(from_second + moment * speed)


def animatic(path: Path) -> None:
    film(path, run(scene(), SECONDS, rate=12), _sound(), rate=12)


def _sound() -> Stereo:
    """A pen on paper, and the voice behind the steel."""
    mix = silence(SECONDS)
    add(mix, scratching(WRITTEN), 0.3, 0.5)
    voice = through_steel()[: round(SECONDS * RATE)]
    add(mix, fade(voice, 0.5, 1.0), 0, 0.55)
    return fade(mix, 0.1, 0.8)


def scratching(seconds: float) -> Stereo:
    nib = band(noise(seconds, 91), 2400, 7500) * (wander(seconds, 0.11, 92) ** 3) * (wander(seconds, 0.5, 93) > 0.25)
    return pan(nib.astype(np.float32) * np.float32(0.16), -0.3)
