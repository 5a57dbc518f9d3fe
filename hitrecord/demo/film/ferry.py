"""Leo's shot 12: she crosses, the camera does not. And the harbour at dusk that opens the film."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from hitrecord.demo.art.canvas import Field, Paint, cloud, rgb, sky
from hitrecord.demo.art.ferry import ferry, night, put
from hitrecord.demo.film.stage import SIZE, ease, film, run
from hitrecord.demo.sound.dsp import RATE, Stereo, fade, silence
from hitrecord.demo.sound.places import harbour_mix
from hitrecord.demo.sound.waltz import waltz_mix

HORIZON = 318
SECONDS = 12.0


@lru_cache(maxsize=1)
def _ripples() -> tuple[Field, ...]:
    """A strip of small waves that is rolled sideways, row by row, at different speeds."""
    width, height = SIZE
    strip = cloud(width, height - HORIZON, 22, 8, 2) - 0.5
    rows = np.linspace(0.2, 1, height - HORIZON)[:, None]
    return (np.asarray(strip * rows * 22, np.float32),)


@lru_cache(maxsize=1)
def _coast() -> tuple[Paint, Field]:
    """A far shore with a rock and its tower, as a cover over the horizon."""
    width = SIZE[0]
    x = np.arange(width)
    hills = 6 + 7 * np.sin(x / 150 + 1) ** 2 + 4 * np.sin(x / 47) ** 2
    top = HORIZON - np.where(x > 610, hills * np.clip((x - 610) / 160, 0, 1), 0)
    y = np.arange(SIZE[1])[:, None]
    cover = ((y > top[None, :]) & (y < HORIZON)).astype(np.float32)
    tower = (np.abs(x - 770)[None, :] < 4 + (y - 262) * 0.05) & (y > 262) & (y < HORIZON - 6)
    return np.broadcast_to(rgb("#0c1826"), (SIZE[1], width, 3)).copy(), np.maximum(cover, tower.astype(np.float32))


def water(paint: Paint, moment: float) -> None:
    (strip,) = _ripples()
    shift = int(moment * 14)
    paint[HORIZON:] += np.roll(strip, shift, 1)[..., None] * np.float32(0.5)
    paint[HORIZON:] += np.roll(strip[::-1], -shift * 2, 1)[::-1, :, None] * np.float32(0.35)


def lighthouse(paint: Paint, moment: float) -> None:
    """One turn in three seconds: a flare when it looks at us, a blade of light otherwise."""
    turn = moment * 2 * np.pi / 3.0
    facing = max(0.0, float(np.cos(turn))) ** 18
    y, x = np.mgrid[110:410, 540:960].astype(np.float32)
    distance = np.hypot(x - 770, y - 260)
    flare = np.exp(-distance / (5 + 10 * facing)) * (70 + 250 * facing)
    flare += np.exp(-((distance / 58) ** 2)) * 26 * facing
    side = np.sin(turn)
    blade = (
        np.exp(-(((y - 260) / (2.5 + np.abs(x - 770) * 0.05)) ** 2))
        * ((x - 770) * side > 0)
        * abs(side)
        * 34
        * np.exp(-np.abs(x - 770) / 150)
    )
    paint[110:410, 540:960] += (flare + blade)[..., None] * np.array([1, 0.93, 0.74], np.float32)


def crossing(moment: float, *, seconds: float = SECONDS) -> Paint:
    """The whole frame, left to right, every window lit; a candle in the wrong place."""
    paint = night(*SIZE, HORIZON).copy()
    colour, cover = _coast()
    paint += (colour - paint) * cover[..., None]
    lighthouse(paint, moment)
    paint[299:302, 769:771] += np.array([150, 96, 40], np.float32) * (0.8 + 0.2 * np.sin(moment * 23))
    water(paint, moment)
    ship = ferry(400)
    part = moment / seconds
    left = round(-ship.cover.shape[1] * 0.80 + part * (SIZE[0] + ship.cover.shape[1] * 0.60))
    put(paint, ship, left, HORIZON + 22, moment, roll=round(1.2 * np.sin(moment * 0.9)))
    return paint


@lru_cache(maxsize=1)
def _dusk() -> Paint:
    paint = sky(
        *SIZE,
        [
            (0, "#24395a"),
            (0.3, "#57607f"),
            (0.48, "#b57f7c"),
            (HORIZON / SIZE[1], "#efb183"),
            (HORIZON / SIZE[1] + 0.002, "#3d5468"),
            (1, "#0f1c2b"),
        ],
    )
    veil = cloud(SIZE[0], SIZE[1], 260, 3, 4) - 0.5
    paint[:HORIZON] += (veil[:HORIZON] * 60)[..., None] * np.array([1, 0.75, 0.7], np.float32)
    x = np.arange(SIZE[0])
    y = np.arange(SIZE[1])[:, None]
    for post in range(9):
        centre, half = 60 + post * 46 - post * post * 1.2, 7 - post * 0.5
        inside = (np.abs(x - centre)[None, :] < half) & (y > 268 + post * 5) & (y < 540 - post * 22)
        paint[inside] = rgb("#141c28") * (1 + post * 0.06)
    deck = (y > 262 + x * 0.16) & (y < 282 + x * 0.13) & (x < 470 - (y - 262) * 0.3)
    paint[deck] = rgb("#1a2330")
    return paint


def harbour(moment: float) -> Paint:
    """Dusk from the pier: posts on the left, the ferry waiting with her windows already lit."""
    paint = _dusk().copy()
    water(paint, moment * 0.8)
    put(paint, ferry(330), 420 - round(moment * 3), HORIZON + 16, moment, roll=round(np.sin(moment * 1.1)))
    glint = np.exp(-(((np.arange(SIZE[0]) - 590) / 130) ** 2))[None, :, None]
    band = (0.5 + 0.5 * np.sin(np.arange(SIZE[1] - HORIZON) * 0.8 - moment * 3))[:, None, None]
    paint[HORIZON:] += (glint * band * np.float32(16)) * np.array([1, 0.7, 0.5], np.float32)
    return paint * np.float32(1 - 0.25 * ease(moment, 2.5, 4.5))


def shot_12(path: Path) -> None:
    """Bars nine to sixteen, whole; Kofi's waves underneath."""
    music = waltz_mix()[15 * RATE : 27 * RATE]
    sound: Stereo = silence(SECONDS)
    sound += music[: len(sound)] * np.float32(0.85)
    sound += harbour_mix(13)[: len(sound)] * np.float32(0.34)
    film(path, run(crossing, SECONDS), fade(sound, 0.5, 1.0))
