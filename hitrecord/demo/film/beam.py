"""Hana's print, turning: the night edition of the two-colour lamp with a bicycle lamp behind it."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from hitrecord.demo.art.canvas import Field, Paint, image, paint_of
from hitrecord.demo.art.riso import lamp_print
from hitrecord.demo.film.stage import SIZE, film, run
from hitrecord.demo.sound.dsp import fade, master
from hitrecord.demo.sound.waltz import motor

SECONDS = 11.0
TURN = 3.0
LAMP = (480.0, 196.0)


@lru_cache(maxsize=1)
def _plate() -> Paint:
    """The print between its paper margins: enlarged so that the lantern stands in the middle, a little high."""
    picture = image(lamp_print(night=True)).crop((96, 84, 812, 487 + 84))
    wide = picture.resize((1060, 597))
    return paint_of(wide)


@lru_cache(maxsize=1)
def _polar() -> tuple[Field, Field, Field]:
    """Direction (as a unit vector) and distance from the lamp, at half size: light has no edges."""
    y, x = np.mgrid[0 : SIZE[1] : 2, 0 : SIZE[0] : 2].astype(np.float32)
    angle = np.arctan2((y - LAMP[1]) * 2.6, x - LAMP[0])
    return np.cos(angle), np.sin(angle), np.hypot(x - LAMP[0], y - LAMP[1])


def beam(path: Path) -> None:
    film(path, run(turning, SECONDS, rate=12), fade(master(motor(SECONDS), 0.6), 0.3, 0.8), rate=12)


def turning(moment: float) -> Paint:
    """The beam goes round a flat circle seen from its side; plates tremble once every other frame."""
    plate = _plate()
    step = int(moment * 12)
    rng = np.random.default_rng(step // 2)
    dx, dy = 48 + int(rng.integers(-2, 3)), 26 + int(rng.integers(-1, 2))
    paint = plate[dy : dy + SIZE[1], dx : dx + SIZE[0]] * np.float32(0.62)
    across, down, distance = _polar()
    turn = moment * 2 * np.pi / TURN
    spread = 0.16 + 0.10 * abs(float(np.sin(turn)))
    light = np.zeros_like(distance)
    for way in (turn, turn + np.pi):
        facing = across * np.float32(np.cos(way)) + down * np.float32(np.sin(way)) - 1
        near = 0.55 + 0.45 * float(np.sin(way))
        light += np.exp(facing * np.float32(2 / spread**2) - distance / np.float32(330 + 200 * near)) * np.float32(
            0.5 + near
        )
    flash = max(0.0, float(np.sin(turn))) ** 8 + max(0.0, float(np.sin(turn + np.pi))) ** 8
    light += np.exp(-distance / np.float32(26 + 40 * flash)) * np.float32(0.9 + 1.4 * flash)
    light = light.repeat(2, 0).repeat(2, 1)[..., None]
    paint *= 1 + np.float32(0.9) * light
    return paint + light * np.array([72, 65, 45], np.float32)
