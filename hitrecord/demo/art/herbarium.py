"""Alice: flowers kept flat by a hymnal for a year."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Paint, Point, blur, cloud, grain, lettering, mask_of, over, rgb, save, set_line

SIZE = (1500, 1020)


def pressed(path: Path) -> None:
    """An open book: thrift on the left page, sea campion and a fern on the right."""
    paint = _book()
    rng = np.random.default_rng(7)
    layers: list[tuple[str, Image.Image]] = []
    for centre, colour in (((300, 760), "#b8577d"), ((410, 770), "#c4708f"), ((500, 752), "#a84d72")):
        layers += _thrift(rng, centre, colour)
    layers += _campion(rng, (980, 800))
    layers += _fern(rng, (1235, 830))
    fibre = cloud(*SIZE, 18, 5, 2)[..., None]
    for colour, mask in layers:
        soft = mask.resize(SIZE, Image.Resampling.LANCZOS)
        left, top, right, low = _around(soft)
        piece = soft.crop((left, top, right, low))
        shadow = Image.new("L", piece.size)
        shadow.paste(blur(piece, 4), (3, 4))
        dried = rgb(colour) * (0.82 + 0.36 * fibre[top:low, left:right])
        part = over(paint[top:low, left:right], "#6b5a3c", mask_of(shadow) * 0.28)
        paint[top:low, left:right] = over(part, dried.astype(np.float32), mask_of(piece) * 0.93)
    paint = _tapes_and_labels(paint)
    save(grain(paint, 3, 4), path)


def _around(mask: Image.Image) -> tuple[int, int, int, int]:
    left, top, right, low = mask.getbbox() or (0, 0, 1, 1)
    return max(0, left - 14), max(0, top - 14), min(SIZE[0], right + 14), min(SIZE[1], low + 14)


def _book() -> Paint:
    width, height = SIZE
    x = np.mgrid[0:height, 0:width][1].astype(np.float32)
    desk = rgb("#3b2f2a") * (0.85 + 0.3 * cloud(width, height, 300, 2))[..., None]
    page = Image.new("L", SIZE)
    pen = ImageDraw.Draw(page)
    pen.polygon([(80, 78), (742, 62), (742, 956), (84, 968)], fill=255)
    pen.polygon([(758, 62), (1420, 78), (1416, 968), (758, 956)], fill=255)
    stack = Image.new("L", SIZE)
    ImageDraw.Draw(stack).polygon([(66, 92), (1434, 92), (1430, 982), (70, 982)], fill=255)
    paint = over(desk.astype(np.float32), "#120d0a", mask_of(blur(stack, 16)) * 0.7)
    paint = over(paint, "#d8c9a6", mask_of(stack))
    gutter = np.exp(-(((x - 750) / 46) ** 2)) * 0.5 + np.exp(-(((x - 750) / 150) ** 2)) * 0.18
    sheet = rgb("#f1e8d3") * (0.955 + 0.09 * cloud(width, height, 130, 3))[..., None] * (1 - gutter[..., None] * 0.6)
    foxing = np.clip(cloud(width, height, 30, 61, 3) - 0.70, 0, 1)[..., None] * np.array([60, 95, 130], np.float32)
    return over(paint, (sheet - foxing * 1.6).astype(np.float32), mask_of(page))


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2))
    return mask, ImageDraw.Draw(mask)


def _stem(pen: ImageDraw.ImageDraw, start: Point, end: Point, bend: float, width: int) -> None:
    t = np.linspace(0, 1, 24)
    x = start[0] + (end[0] - start[0]) * t + np.sin(t * np.pi) * bend
    y = start[1] + (end[1] - start[1]) * t
    pen.line([(a * 2, b * 2) for a, b in zip(x, y, strict=True)], fill=255, width=width, joint="curve")


def _petal(pen: ImageDraw.ImageDraw, at: Point, angle: float, length: float, width: float) -> None:
    t = np.linspace(0, 1, 14)
    half = np.sin(t * np.pi) ** 0.7 * width
    x, y = at[0] + np.cos(angle) * length * t, at[1] + np.sin(angle) * length * t
    side = [
        (float(a - np.sin(angle) * w) * 2, float(b + np.cos(angle) * w) * 2) for a, b, w in zip(x, y, half, strict=True)
    ]
    back = [
        (float(a + np.sin(angle) * w) * 2, float(b - np.cos(angle) * w) * 2) for a, b, w in zip(x, y, half, strict=True)
    ]
    pen.polygon(side + back[::-1], fill=255)


def _thrift(rng: np.random.Generator, at: Point, colour: str) -> list[tuple[str, Image.Image]]:
    green, leaves = _sheet()
    head_x, head_y = at[0] + rng.normal(0, 26), at[1] - 400 - rng.random() * 120
    _stem(leaves, at, (head_x, head_y), rng.normal(0, 22), 9)
    for _ in range(9):
        angle = -np.pi / 2 + rng.normal(0, 0.75)
        _petal(leaves, (at[0], at[1] + 6), angle, 90 + rng.random() * 80, 3.4)
    bloom, petals = _sheet()
    for _ in range(46):
        angle = -np.pi / 2 + rng.normal(0, 0.95)
        reach = 12 + 30 * rng.random()
        _petal(petals, (head_x + np.cos(angle) * reach * 0.4, head_y + np.sin(angle) * reach * 0.4), angle, reach, 7)
    cup, base = _sheet()
    for angle in np.linspace(-2.6, -0.5, 6):
        _petal(base, (head_x, head_y + 6), angle, 21, 6)
    return [("#6f7a4b", green), (colour, bloom), ("#8a6a4f", cup)]


def _campion(rng: np.random.Generator, at: Point) -> list[tuple[str, Image.Image]]:
    green, stems = _sheet()
    white, petals = _sheet()
    bladder, cups = _sheet()
    for number in range(5):
        end = (at[0] - 150 + number * 74 + rng.normal(0, 8), at[1] - 330 - 150 * np.sin((number + 0.6) / 5 * np.pi))
        _stem(stems, at, end, (number - 2) * -16, 6)
        for part in (0.35, 0.6, 0.8):
            joint = (at[0] + (end[0] - at[0]) * part, at[1] + (end[1] - at[1]) * part)
            for side in (-1, 1):
                _petal(stems, joint, -np.pi / 2 + side * 0.95, 42, 7)
        angle = -np.pi / 2 + (number - 2) * 0.24
        _petal(cups, end, angle, 52, 16)
        tip = (end[0] + np.cos(angle) * 46, end[1] + np.sin(angle) * 46)
        for turn in np.linspace(-1.25, 1.25, 5):
            for split in (-0.13, 0.13):
                _petal(petals, tip, angle + turn + split, 40, 9)
    return [("#7c8258", green), ("#e6dcc0", white), ("#a98f78", bladder)]


def _fern(rng: np.random.Generator, at: Point) -> list[tuple[str, Image.Image]]:
    frond, pen = _sheet()
    for step in range(34):
        part = step / 34
        x = at[0] + 70 * np.sin(part * 1.5)
        y = at[1] - 560 * part
        reach = 112 * np.sin((0.16 + 0.84 * part) * np.pi) ** 0.8 * (1 - part * 0.4)
        for side in (-1, 1):
            angle = -np.pi / 2 + side * (1.15 - 0.3 * part)
            _petal(pen, (x, y), angle + rng.normal(0, 0.03), reach, 5.5)
    _stem(pen, (at[0], at[1] + 60), (at[0] + 70, at[1] - 560), -22, 6)
    return [("#5d6b41", frond)]


def _tapes_and_labels(paint: Paint) -> Paint:
    strips = Image.new("L", SIZE)
    pen = ImageDraw.Draw(strips)
    for x, y, lean in ((318, 600, 8), (420, 640, -6), (508, 560, 5), (985, 690, -5), (1245, 640, 7), (1290, 420, -8)):
        pen.polygon(
            [(x - 34, y - 8 + lean), (x + 34, y - 8 - lean), (x + 34, y + 10 - lean), (x - 34, y + 10 + lean)], fill=255
        )
    paint = over(paint, "#e9ddbd", mask_of(strips) * 0.86)
    words = Image.new("L", SIZE)
    for name, note, x in (
        ("Armeria maritima", "thrift, sea wall, June", 400),
        ("Silene uniflora", "sea campion, below the slip", 985),
        ("Asplenium marinum", "sea spleenwort, the cave", 1240),
    ):
        set_line(words, lettering(name, height=19, squeeze=0.8, track=0.02), x, 872, anchor=0.5)
        set_line(words, lettering(note, height=13, squeeze=0.86, track=0.03), x, 900, anchor=0.5)
    return over(paint, "#4b3d2c", mask_of(words) * 0.85)
