"""Leo's headlights: one take on a road between nowhere and the ferry."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import ImageDraw

from hitrecord.demo.art.canvas import Field, Paint, image, paint_of, rgb, sky
from hitrecord.demo.film.stage import SIZE, ease, film, run
from hitrecord.demo.sound.dsp import Stereo, add, band, curve, fade, master, noise, pan, silence, wander

HORIZON = 250
SECONDS = 10.0
SPEED = 11.0


@lru_cache(maxsize=1)
def _ground() -> tuple[Field, Field, Paint, Field]:
    """The picture without lights, and for its pixels below the horizon: distance, place across the road, our light."""
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    below = np.clip((y - HORIZON) / (height - HORIZON), 0.004, 1)
    distance = 1 / below
    bend = 26 * (distance / 14) ** 1.3
    across = (x - 480 - bend) / (below * 620 + 7)
    base = sky(
        width,
        height,
        [(0, "#080c15"), (HORIZON / height, "#1a2735"), (HORIZON / height + 0.004, "#10150f"), (1, "#0a0c0a")],
    )
    on_road = (np.abs(across) < 0.9) & (y > HORIZON)
    base[on_road] = rgb("#2a2d31")
    light = (
        np.exp(-((across * 0.75) ** 2)) * np.exp(-(((below - 0.62) / 0.42) ** 2))
        + 0.5 * np.exp(-(((x - 480) / 260) ** 2)) * np.exp(-(((y - HORIZON) / 90) ** 2)) * 0.5
    )
    ground = slice(HORIZON, height)
    return distance[ground], across[ground], base, light[ground].astype(np.float32)


@lru_cache(maxsize=1)
def _trees() -> tuple[tuple[float, float, float, int], ...]:
    """Distance along the road, side, height and shape of each tree."""
    rng = np.random.default_rng(4)
    return tuple(
        (
            float(d),
            float(rng.choice([-1, 1]) * (1.7 + rng.random() * 3.4)),
            float(1.5 + rng.random() * 1.7),
            int(rng.integers(4)),
        )
        for d in np.arange(0, SPEED * SECONDS + 44, 0.62)
    )


def headlights(path: Path) -> None:
    film(path, run(drive, SECONDS), _cabin())


def drive(moment: float) -> Paint:
    distance, across, base, light = _ground()
    travel = distance + np.float32(moment * SPEED)
    rough = np.sin(travel * 5.1 + across * 9) * np.float32(0.05) + np.sin(travel * 1.3 + across * 23) * np.float32(0.04)
    lines = ((np.abs(across) < 0.022) & ((travel * 0.55) % 1 < 0.5)) | (np.abs(np.abs(across) - 0.84) < 0.016)
    shade = light * (1 + rough)
    paint = base * np.float32(0.34)
    paint[HORIZON:] *= (1 + 5.6 * shade)[..., None]
    paint[HORIZON:] += (shade * 30 + lines * (0.12 + shade) * 150)[..., None] * np.array([1, 0.92, 0.74], np.float32)
    picture = image(paint)
    _plant(ImageDraw.Draw(picture), moment)
    paint = paint_of(picture)
    _other_car(paint, moment)
    return paint


def _plant(pen: ImageDraw.ImageDraw, moment: float) -> None:
    """Trees from far to near; the near ones catch the light on their road side."""
    for place, side, tall, kind in reversed(_trees()):
        ahead = place - moment * SPEED
        if not 1.15 < ahead < 42:
            continue
        below = 1 / ahead
        x = 480 + 26 * (ahead / 14) ** 1.3 + side * (below * 620 + 7)
        foot = HORIZON + below * (SIZE[1] - HORIZON)
        reach = tall * below * 330
        if not -reach < x < SIZE[0] + reach:
            continue
        lit = max(0.0, 1 - abs(side) / 5.5) * min(1.0, 4.5 * below)
        trunk = (int(9 + 46 * lit), int(11 + 42 * lit), int(12 + 30 * lit))
        crown = (int(6 + 20 * lit), int(10 + 30 * lit), int(10 + 18 * lit))
        pen.rectangle((x - reach * 0.02, foot - reach * 0.5, x + reach * 0.02, foot), fill=trunk)
        if kind == 3:
            pen.ellipse((x - reach * 0.2, foot - reach, x + reach * 0.2, foot - reach * 0.28), fill=crown)
            continue
        for tier in range(3):
            top, low = foot - reach * (1 - tier * 0.22), foot - reach * (0.62 - tier * 0.24)
            pen.polygon(
                [(x, top), (x - reach * (0.11 + tier * 0.06), low), (x + reach * (0.11 + tier * 0.06), low)], fill=crown
            )


def _other_car(paint: Paint, moment: float) -> None:
    """It appears at two seconds, dips its lights at six, and is past us at seven and a half."""
    ahead = 34 - (moment - 2.0) * 6.05
    if not 0.9 < ahead < 34 or moment < 2.0:
        return
    below = 1 / ahead
    x = 480 + 26 * (ahead / 14) ** 1.3 - 0.45 * (below * 620 + 7)
    y = HORIZON + below * (SIZE[1] - HORIZON) - below * 60
    dipped = 1 - 0.62 * ease(moment, 5.8, 6.1)
    gap = below * 62
    rows, columns = np.ogrid[0 : SIZE[1] : 2, 0 : SIZE[0] : 2]
    light = np.zeros((SIZE[1] // 2, SIZE[0] // 2), np.float32)
    for side in (-1, 1):
        distance = np.hypot(columns - (x + side * gap), rows - y).astype(np.float32)
        light += np.exp(distance * np.float32(-1 / (2 + below * 20))) * np.float32(330 * dipped)
        light += np.exp(distance * np.float32(-1 / (24 + below * 210))) * np.float32(60 * dipped)
    paint += light.repeat(2, 0).repeat(2, 1)[..., None] * np.array([1, 0.95, 0.82], np.float32)


def _cabin() -> Stereo:
    """Tyres, a heater that is broken, and somebody passing."""
    mix = silence(SECONDS)
    for side, where in ((0, -0.6), (1, 0.6)):
        tyres = band(noise(SECONDS, 5 + side), 60, 380, 2) * (0.8 + 0.3 * wander(SECONDS, 0.4, 8 + side))
        wind = band(noise(SECONDS, 15 + side), 700, 2600, 2) * (0.2 + 0.3 * wander(SECONDS, 1.1, 18 + side))
        add(mix, pan(tyres + wind * np.float32(0.25), where), 0)
    passing = curve(SECONDS, [(0, 0), (5.4, 0.02), (7.1, 0.5), (7.45, 1.0), (7.8, 0.3), (9, 0)])
    add(mix, pan(band(noise(SECONDS, 30), 180, 2200, 2) * passing, -0.5), 0, 1.6)
    rattle = band(noise(SECONDS, 31), 1800, 4000) * (wander(SECONDS, 0.07, 32) ** 6)
    add(mix, pan(rattle, 0.3), 0, 0.35)
    return fade(master(mix, 0.6), 0.4, 0.8)
