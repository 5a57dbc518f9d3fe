"""Jun: a program that asks every place on the page which way to go."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import (
    Field,
    Paint,
    cloud,
    grain,
    image,
    lettering,
    mask_of,
    over,
    plain,
    save,
    set_line,
    tint,
)

PENS = ("#1b3fae", "#5f8bd8", "#12233f", "#ef8354", "#a9c0d8")


def currents(path: Path) -> None:
    """Fifteen hundred strokes in four pens; the orange one ran out."""
    side = 1150
    field = cloud(side, side, 330, 77, 3) * np.pi * 4.4
    rng = np.random.default_rng(12)
    big = image(plain(side * 2, side * 2, "#eef0ee"))
    pen = ImageDraw.Draw(big)
    taken = np.zeros((side // 4 + 1, side // 4 + 1), np.uint8)
    for number in range(2600):
        x, y = 40 + rng.random(2) * (side - 80)
        points: list[tuple[float, float]] = []
        colour = int(np.clip(field[int(y), int(x)] / 2.6, 0, 4))
        if colour == 3 and number > 1900:
            colour = 4
        for _ in range(90):
            if not (36 <= x < side - 36 and 36 <= y < side - 36) or taken[int(y) // 4, int(x) // 4] > 2:
                break
            points.append((x * 2, y * 2))
            taken[int(y) // 4, int(x) // 4] += 1
            turn = field[int(y), int(x)]
            x, y = x + np.cos(turn) * 4, y + np.sin(turn) * 4
        if len(points) > 7:
            pen.line(points, fill=tint(PENS[colour]), width=int(2 + rng.random() ** 2 * 7), joint="curve")
    save(big.resize((side, side), Image.Resampling.LANCZOS), path, colours=128)


@lru_cache(maxsize=1)
def seabed(width: int, height: int) -> Field:
    """Depth from 0 (shoal) to 1, the same numbers that bend the currents."""
    deep = cloud(width, height, 420, 90, 3)
    return np.asarray((deep - deep.min()) / np.ptp(deep), np.float32)


def contours(depth: Field, steps: int, width: float) -> Field:
    """Lines of equal depth, of one width however steep the bed is."""
    scaled = depth * steps
    down, across = np.gradient(scaled)
    slope = np.hypot(down, across) + 1e-4
    distance = np.abs(scaled - np.round(scaled)) / slope
    return np.asarray(np.clip(width - distance + 0.5, 0, 1), np.float32)


def chart(width: int, height: int) -> Paint:
    depth = seabed(width, height)
    paint = plain(width, height, "#eef1ee")
    for level, colour in ((0.34, "#d3e3ee"), (0.46, "#e0ebf1"), (0.60, "#eaf1f2")):
        paint = over(paint, colour, (depth < level).astype(np.float32))
    land = (depth > 0.80).astype(np.float32)
    paint = over(paint, "#f0e3bd", land)
    paint = over(paint, "#2b4a7c", contours(depth, 26, 0.75) * (1 - land) * 0.8)
    paint = over(paint, "#2b4a7c", contours(depth, 5, 1.3) * (1 - land))
    shore = contours(np.asarray(depth / 0.80, np.float32), 1, 2.0) * (depth > 0.5)
    return over(paint, "#22324a", shore)


def chart_40(path: Path) -> None:
    width, height = 1400, 950
    paint = chart(width, height)
    depth = seabed(width, height)
    words = Image.new("L", (width, height))
    pen = ImageDraw.Draw(words)
    rng = np.random.default_rng(40)
    for _ in range(70):
        x, y = 50 + rng.random() * (width - 100), 60 + rng.random() * (height - 110)
        if depth[int(y), int(x)] < 0.76:
            bellows = 1 + (1 - depth[int(y), int(x)]) * 13
            text = f"{round(bellows * 2) / 2:g}"
            set_line(words, lettering(text, height=13, squeeze=0.9), x, y)
    rose(pen, (1180, 730), 118)
    set_line(words, lettering("CHART 40", height=26, squeeze=0.8, track=0.14), 70, 64)
    set_line(words, lettering("depths in bellows", height=15, squeeze=0.9, track=0.04), 71, 104)
    pen.rectangle((26, 26, width - 27, height - 27), outline=255, width=2)
    pen.rectangle((34, 34, width - 35, height - 35), outline=255, width=1)
    save(grain(over(paint, "#22324a", mask_of(words) * 0.9), 2, 6), path, colours=96)


def rose(pen: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, fill: int = 255) -> None:
    """A compass: two rings, ticks, and eight points of which one half is filled."""
    x, y = at
    for ring in (1.0, 0.93):
        reach = radius * ring
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=fill, width=1)
    for tick in range(72):
        turn = np.radians(tick * 5)
        inner = radius * (0.82 if tick % 6 == 0 else 0.88)
        pen.line(
            (
                x + inner * np.sin(turn),
                y - inner * np.cos(turn),
                x + radius * 0.93 * np.sin(turn),
                y - radius * 0.93 * np.cos(turn),
            ),
            fill=fill,
        )
    for point in range(8):
        turn = np.radians(point * 45)
        reach = radius * (0.78 if point % 2 == 0 else 0.46)
        tip = (x + reach * np.sin(turn), y - reach * np.cos(turn))
        for side in (-1, 1):
            waist = (x + radius * 0.13 * np.sin(turn + side * 0.6), y - radius * 0.13 * np.cos(turn + side * 0.6))
            pen.polygon([at, waist, tip], fill=fill if side > 0 else None, outline=fill)
