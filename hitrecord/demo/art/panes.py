"""The seventy-two: one small window each, different by the name of who sent it."""

import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import blur, grain, image, paint_of, save, tint

SIDE = 480
PALETTES = (
    ("#171a35", "#2a2f5a", "#ffd27a", "#8c4a5e"),
    ("#0f2430", "#1f4150", "#ffe0a0", "#c8613f"),
    ("#241a30", "#43305a", "#f7b267", "#5a8f8b"),
    ("#12261f", "#24483c", "#f9dc8f", "#b5563f"),
    ("#2a1f1c", "#52392f", "#ffcf8a", "#6d87b0"),
    ("#1a2238", "#33466e", "#bfe0f2", "#d98f5a"),
)


def pane(path: Path, handle: str) -> None:
    rng = np.random.default_rng(zlib.crc32(handle.encode()))
    night, wall, glow, accent = PALETTES[int(rng.integers(len(PALETTES)))]
    picture = Image.new("RGB", (SIDE * 2, SIDE * 2), tint(wall))
    pen = ImageDraw.Draw(picture)
    _wall(pen, rng, wall)
    wide, tall = int(rng.integers(380, 560)), int(rng.integers(480, 660))
    left, top = (SIDE * 2 - wide) // 2, (SIDE * 2 - tall) // 2 - 20
    box = (left, top, left + wide, top + tall)
    pen.rectangle((left - 26, top - 26, left + wide + 26, top + tall + 26), fill=tint(night))
    pen.rectangle(box, fill=tint(glow))
    _inside(pen, rng, box, night, accent)
    _bars(pen, rng, box, night)
    pen.rectangle((left - 52, top + tall + 22, left + wide + 52, top + tall + 52), fill=tint(night))
    light = Image.new("RGB", picture.size)
    ImageDraw.Draw(light).rectangle(box, fill=tint(glow))
    paint = paint_of(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    paint += paint_of(blur(light.resize((SIDE, SIDE)), 46)) * 0.3
    save(image(grain(paint, 4, int(rng.integers(1000)))), path, colours=96)


def _wall(pen: ImageDraw.ImageDraw, rng: np.random.Generator, wall: str) -> None:
    """Brick, boards or plaster."""
    red, green, blue = tint(wall)
    line = (red - 12, green - 12, blue - 14)
    kind = int(rng.integers(3))
    if kind == 0:
        for row in range(0, SIDE * 2, 48):
            pen.line((0, row, SIDE * 2, row), fill=line, width=4)
            for column in range(-60 if row // 48 % 2 else 0, SIDE * 2, 120):
                pen.line((column, row, column, row + 48), fill=line, width=4)
    elif kind == 1:
        for column in range(0, SIDE * 2, 80):
            pen.line((column, 0, column, SIDE * 2), fill=line, width=5)
    else:
        for _ in range(70):
            x, y = rng.integers(0, SIDE * 2, 2)
            pen.line((int(x), int(y), int(x) + 40, int(y) + 6), fill=line, width=3)


def _inside(
    pen: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[int, int, int, int], night: str, accent: str
) -> None:
    """What can be seen from the street: a plant, a lamp, a cat, somebody, a curtain, a bird on the line."""
    left, top, right, foot = box
    middle = (left + right) // 2
    dark, warm = tint(night), tint(accent)
    pieces = rng.permutation(5)[:2]
    if 0 in pieces:
        x = left + 90
        pen.polygon([(x - 36, foot), (x - 28, foot - 60), (x + 28, foot - 60), (x + 36, foot)], fill=warm)
        for turn in np.linspace(-1.1, 1.1, 7):
            pen.line(
                (x, foot - 60, x + int(120 * np.sin(turn)), foot - 60 - int(150 * np.cos(turn))), fill=dark, width=11
            )
    if 1 in pieces:
        pen.line((middle, top, middle, top + 110), fill=dark, width=5)
        pen.pieslice((middle - 62, top + 80, middle + 62, top + 204), 180, 360, fill=warm)
    if 2 in pieces:
        x = right - 120
        pen.ellipse((x - 46, foot - 110, x + 46, foot + 40), fill=dark)
        pen.ellipse((x - 32, foot - 160, x + 32, foot - 98), fill=dark)
        for side in (-1, 1):
            pen.polygon(
                [(x + side * 30, foot - 136), (x + side * 24, foot - 184), (x + side * 4, foot - 156)], fill=dark
            )
    if 3 in pieces:
        x = middle + int(rng.integers(-40, 40))
        pen.ellipse((x - 50, foot - 330, x + 50, foot - 212), fill=dark)
        pen.pieslice((x - 120, foot - 230, x + 120, foot + 190), 180, 360, fill=dark)
    if 4 in pieces:
        for side, edge in ((1, left), (-1, right)):
            pen.polygon(
                [
                    (edge, top),
                    (edge + side * 150, top),
                    (edge + side * 60, foot - 160),
                    (edge + side * 80, foot),
                    (edge, foot),
                ],
                fill=warm,
            )


def _bars(pen: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[int, int, int, int], night: str) -> None:
    left, top, right, foot = box
    rows, columns = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    for row in range(1, rows):
        y = top + (foot - top) * row // rows
        pen.rectangle((left, y - 6, right, y + 6), fill=tint(night))
    for column in range(1, columns):
        x = left + (right - left) * column // columns
        pen.rectangle((x - 6, top, x + 6, foot), fill=tint(night))
