"""Priya: buildings at night, drawn window by window."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Paint, blur, grain, image, paint_of, save, sky, tint

GLOW = ("#f9cb78", "#ffe5a8", "#f6a968", "#9cc0f2", "#f3dfb8")
SIZE = (1000, 1250)


@lru_cache(maxsize=1)
def facade() -> Paint:
    """Three rows of towers; the nearest one has somebody in it who is reading."""
    width, height = SIZE
    base = image(sky(width, height, [(0, "#121736"), (0.45, "#2f2a58"), (0.75, "#6a4468"), (1, "#8c5468")]))
    pen = ImageDraw.Draw(base)
    rng = np.random.default_rng(8)
    for _ in range(90):
        x, y = rng.random() * width, rng.random() ** 1.5 * 520
        pen.point((x, y), fill=(200, 200, 235))
    pen.ellipse((770, 120, 842, 192), fill=tint("#f6e7c6"))
    pen.ellipse((752, 110, 826, 184), fill=tint("#171b3d"))
    light = Image.new("RGB", SIZE)
    lamp = ImageDraw.Draw(light)
    for layer, (wall, top, chance) in enumerate(
        (("#332e60", 380, 0.16), ("#232150", 500, 0.24), ("#12122e", 620, 0.36))
    ):
        x = -40.0
        while x < width:
            tower = 88 + rng.random() * 120
            roof = int(top + rng.random() * 230)
            _tower(pen, lamp, (x, roof, x + tower, height), wall, chance, layer, rng)
            x += tower + rng.random() * 12 * (layer < 2)
    _reader(pen, lamp)
    near, far = paint_of(blur(light, 7)), paint_of(blur(light, 34))
    return np.asarray(np.clip(paint_of(base) + near * 0.42 + far * 0.55, 0, 255), np.float32)


def _tower(
    pen: ImageDraw.ImageDraw,
    lamp: ImageDraw.ImageDraw,
    box: tuple[float, int, float, int],
    wall: str,
    chance: float,
    layer: int,
    rng: np.random.Generator,
) -> None:
    left, roof, right, foot = box
    pen.rectangle(box, fill=tint(wall))
    if rng.random() < 0.5:
        mast = left + (right - left) * rng.random()
        pen.line((mast, roof, mast, roof - 26 - 30 * rng.random()), fill=tint(wall), width=3)
    else:
        pen.rectangle((left + 18, roof - 22, left + 52, roof), fill=tint(wall))
    wide, tall = (8, 11) if layer == 0 else (11, 15) if layer == 1 else (15, 20)
    columns = int((right - left - 18) // (wide * 1.85))
    inset = (right - left - columns * wide * 1.85 + wide * 0.85) / 2
    for row in range(int((foot - roof - 16) // (tall * 1.75))):
        for column in range(columns):
            x, y = left + inset + column * wide * 1.85, roof + 18 + row * tall * 1.75
            pane = (x, y, x + wide, y + tall)
            if rng.random() > chance:
                pen.rectangle(pane, fill=tuple(min(255, part + 9) for part in tint(wall)))
                continue
            colour = tint(GLOW[int(rng.choice(5, p=[0.4, 0.25, 0.16, 0.12, 0.07]))])
            level = 0.55 + 0.45 * rng.random()
            shade = tuple(int(part * level) for part in colour)
            for layer_pen in (pen, lamp):
                layer_pen.rectangle(pane, fill=shade)
            if layer == 2 and rng.random() < 0.4:
                pen.rectangle((x, y, x + wide * 0.45, y + tall), fill=tuple(int(part * 0.72) for part in shade))


def _reader(pen: ImageDraw.ImageDraw, lamp: ImageDraw.ImageDraw) -> None:
    """A larger window, lower left: a head, a book, a plant."""
    x, y, wide, tall = 130, 1010, 118, 138
    pen.rectangle((x - 34, y - 40, x + wide + 34, 1250), fill=tint("#0d0d24"))
    for layer_pen in (pen, lamp):
        layer_pen.rectangle((x, y, x + wide, y + tall), fill=tint("#f7c468"))
    dark = tint("#3a2233")
    pen.ellipse((x + 56, y + 44, x + 86, y + 80), fill=dark)
    pen.polygon(
        [(x + 42, y + tall), (x + 50, y + 92), (x + 70, y + 78), (x + 96, y + 88), (x + 108, y + tall)], fill=dark
    )
    pen.polygon(
        [
            (x + 22, y + 104),
            (x + 40, y + 96),
            (x + 58, y + 106),
            (x + 58, y + 120),
            (x + 40, y + 110),
            (x + 22, y + 118),
        ],
        fill=tint("#fff3d6"),
    )
    for lean in (-12, -4, 5, 13):
        pen.line((x + 14, y + tall, x + 14 + lean, y + 104), fill=tint("#2d5a4a"), width=3)
    pen.line((x + wide / 2, y, x + wide / 2, y + 40), fill=dark, width=2)
    pen.pieslice((x + wide / 2 - 18, y + 30, x + wide / 2 + 18, y + 66), 180, 360, fill=tint("#fff0c4"))
    pen.rectangle((x - 6, y + tall, x + wide + 6, y + tall + 7), fill=tint("#2a2748"))


def window_seat(path: Path) -> None:
    save(grain(facade(), 4, 3), path, colours=200)
