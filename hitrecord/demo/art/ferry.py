"""Leo: the ferry at night, her lights, and what the water does with them. The films use the same parts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Field, Paint, Point, blur, cloud, grain, image, mask_of, paint_of, save, sky, tint


@dataclass(frozen=True)
class Ferry:
    """One ship, drawn once: her dark body, the lamps alone, and the light they throw around."""

    body: Paint
    cover: Field
    lamps: Paint
    glow: Paint
    waterline: int


@lru_cache(maxsize=4)
def ferry(width: int) -> Ferry:
    """She is `width` pixels from bow to stern, on a plate with room for her glow."""
    scale = width / 640
    plate = (round(width * 1.5), round(width * 0.62))
    big = (plate[0] * 2, plate[1] * 2)
    body, cover, lamps = Image.new("RGB", big), Image.new("L", big), Image.new("RGB", big)
    pens = [ImageDraw.Draw(layer) for layer in (body, cover, lamps)]
    left, line = plate[0] * 0.5 - width / 2, plate[1] * 0.62

    def at(x: float, y: float) -> Point:
        return ((left + x * scale) * 2, (line + y * scale) * 2)

    def solid(corners: list[Point], code: str) -> None:
        pens[0].polygon([at(x, y) for x, y in corners], fill=tint(code))
        pens[1].polygon([at(x, y) for x, y in corners], fill=255)

    solid([(0, -34), (30, 8), (596, 8), (640, -44), (560, -38), (80, -34)], "#060b12")
    solid([(4, -30), (14, -18), (612, -14), (622, -26)], "#8d3326")
    solid([(84, -82), (70, -34), (566, -36), (548, -82)], "#0d1620")
    solid([(120, -122), (112, -82), (500, -82), (470, -122)], "#111c28")
    solid([(176, -154), (170, -122), (330, -122), (318, -154)], "#0d1620")
    solid([(396, -188), (390, -122), (452, -122), (446, -188)], "#0b131c")
    solid([(393, -170), (392, -154), (449, -154), (448, -170)], "#8d3326")
    for x in (246, 250):
        solid([(x, -226), (x, -154), (x + 3, -154), (x + 3, -226)], "#0d1620")
    _lights(pens, at)
    size = (plate[0], plate[1])
    small = [layer.resize(size, Image.Resampling.LANCZOS) for layer in (body, cover, lamps)]
    lamp = paint_of(small[2])
    glow = paint_of(blur(small[2], 9 * scale)) * 0.8 + paint_of(blur(small[2], 34 * scale)) * 1.5
    return Ferry(paint_of(small[0]), mask_of(small[1]), lamp, glow, round(line))


def _lights(pens: list[ImageDraw.ImageDraw], at: Callable[[float, float], Point]) -> None:
    rng = np.random.default_rng(12)
    rows = ((-70, 96, 540, 26, 13, "#ffd084"), (-110, 130, 462, 25, 12, "#ffe2a4"), (-147, 184, 314, 18, 9, "#fff0cf"))
    for y, start, end, step, wide, code in rows:
        for x in range(start, end, step):
            if rng.random() < 0.12:
                continue
            level = 0.7 + 0.3 * rng.random()
            colour = tuple(int(part * level) for part in tint(code))
            for pen in (pens[0], pens[2]):
                pen.rectangle((*at(x, y), *at(x + wide, y + 15)), fill=colour)
    lamps = (
        (247, -230, 4.5, "#ff9d74"),
        (636, -48, 3.5, "#9fe6b0"),
        (8, -40, 3.5, "#ff6d5a"),
        (90, -90, 3, "#fff0cf"),
        (544, -90, 3, "#fff0cf"),
    )
    for x, y, radius, code in lamps:
        for pen in (pens[0], pens[1], pens[2]):
            fill = 255 if pen is pens[1] else tint(code)
            pen.ellipse((*at(x - radius, y - radius), *at(x + radius, y + radius)), fill=fill)


@lru_cache(maxsize=4)
def night(width: int, height: int, horizon: int) -> Paint:
    """A moonless sky over a sea that keeps a little of it."""
    paint = sky(
        width,
        height,
        [
            (0, "#0a1322"),
            (0.5, "#14293f"),
            (horizon / height - 0.001, "#34566c"),
            (horizon / height, "#122434"),
            (1, "#050b13"),
        ],
    )
    haze = cloud(width, height, 240, 5) - 0.5
    paint[:horizon] += (haze[:horizon] * 22)[..., None] * np.array([0.8, 1, 1.15], np.float32)
    rng = np.random.default_rng(6)
    for _ in range(width // 6):
        x, y = int(rng.random() * width), int(rng.random() ** 1.6 * horizon * 0.8)
        paint[y, x] += 50 + 90 * rng.random()
    return paint


def put(paint: Paint, ship: Ferry, left: int, horizon: int, moment: float, *, roll: int = 0) -> None:
    """Set her on the water, in place, with her lights broken by the waves of that moment (in seconds)."""
    height, width = paint.shape[:2]
    ship_height, ship_width = ship.cover.shape
    first, last = max(0, left), min(width, left + ship_width)
    if first >= last:
        return
    across = slice(first - left, last - left)
    top = horizon - ship.waterline + roll
    rows = slice(max(0, -top), min(ship_height, height - top))
    area = paint[top + rows.start : top + rows.stop, first:last]
    area += (ship.body[rows, across] - area) * ship.cover[rows, across, None]
    area += ship.glow[rows, across] * 0.34
    _reflection(paint, ship, first, left, last, horizon, moment)


def _reflection(paint: Paint, ship: Ferry, first: int, left: int, last: int, horizon: int, moment: float) -> None:
    depth = min(len(paint) - horizon - 8, round(ship.waterline * 1.9))
    down = np.arange(depth)
    source = np.clip(ship.waterline - 4 - (down / 1.9).astype(int), 0, ship.waterline)
    reach = 1.5 + down * 0.05
    shift = np.sin(down * 0.43 - moment * 3.1) * reach + np.sin(down * 0.17 + moment * 1.7 + 2) * reach * 1.2
    columns = np.arange(first - left, last - left)[None, :] + shift.astype(int)[:, None]
    columns = np.clip(columns, 0, ship.cover.shape[1] - 1)
    broken = 0.62 + 0.38 * np.sin(down * 0.62 - moment * 4.0 + np.sin(down * 0.11) * 3)
    fall = (np.exp(-down / (depth * 0.6)) * broken * 0.95)[:, None, None]
    mirrored = np.maximum(ship.lamps[source[:, None], columns], ship.glow[source[:, None], columns] * 0.45)
    # Small waves smear each lamp into a pillar: every row of the water also shows the brightest lamp of its column.
    pillar = _pillars(ship.lamps)[columns] * np.float32(0.75)
    lamps = np.maximum(mirrored, pillar)
    dark = ship.cover[source[:, None], columns][..., None] * np.exp(-down / 26)[:, None, None] * 0.6
    below = paint[horizon + 8 : horizon + 8 + depth, first:last]
    below *= 1 - dark
    below += lamps * fall


def _pillars(lamps: Paint) -> Paint:
    """The lamps of each column as one colour, a little blurred across."""
    row = lamps.max(0)
    return np.asarray((row + np.roll(row, 1, 0) * 0.5 + np.roll(row, -1, 0) * 0.5) / 2, np.float32)


def ferry_still(path: Path) -> None:
    width, height, horizon = 1500, 844, 500
    paint = night(width, height, horizon).copy()
    y = np.arange(height)[:, None]
    ripple = cloud(width, height, 20, 8, 2) - 0.5
    paint += (ripple * 10 * np.clip((y - horizon) / 300, 0, 1))[..., None]
    put(paint, ferry(820), 150, horizon, 3.4)
    save(grain(image_glow(paint), 5, 9), path)


def image_glow(paint: Paint) -> Paint:
    """The lens: what is bright leaks a little."""
    bright = image(np.clip(paint - 150, 0, 255) * 1.6)
    return paint + paint_of(blur(bright, 14)) * 0.5
