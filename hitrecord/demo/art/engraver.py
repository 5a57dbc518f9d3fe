"""Tomasz: dip pen and patience. A drawing is a list of strokes, in the order in which he drew them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import (
    Point,
    cloud,
    grain,
    image,
    lettering,
    mask_of,
    over,
    paint_of,
    plain,
    save,
    set_line,
)  # fmt: skip

PAPER = "#f2f1ec"
INK = "#1d2a38"
LAMP_SIZE = (900, 1200)


@dataclass(frozen=True)
class Stroke:
    points: tuple[Point, ...]
    width: float


def draw(strokes: Sequence[Stroke], size: tuple[int, int], *, scale: float = 2.0, ink: str = INK) -> Image.Image:
    """Strokes on his paper at `size`, drawn larger and reduced so that the pen has an edge."""
    mask = strokes_mask(strokes, size, scale=scale)
    return image(over(plain(*size, PAPER), ink, mask_of(mask)))


def strokes_mask(strokes: Sequence[Stroke], size: tuple[int, int], *, scale: float = 2.0) -> Image.Image:
    big = Image.new("L", (round(size[0] * scale), round(size[1] * scale)))
    pen = ImageDraw.Draw(big)
    for stroke in strokes:
        points = [(x * scale, y * scale) for x, y in stroke.points]
        pen.line(points, fill=255, width=max(1, round(stroke.width * scale)), joint="curve")
    return big.resize(size, Image.Resampling.LANCZOS)


class Pen:
    """A hand that is nearly steady."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.strokes: list[Stroke] = []

    def line(self, start: Point, end: Point, width: float = 1.6, shake: float = 0.7) -> None:
        steps = max(3, int(np.hypot(end[0] - start[0], end[1] - start[1]) / 22))
        wobble = self.rng.normal(0, shake, (steps + 1, 2))
        wobble[0] *= 0.4
        points = tuple(
            (
                start[0] + (end[0] - start[0]) * step / steps + wobble[step, 0],
                start[1] + (end[1] - start[1]) * step / steps + wobble[step, 1],
            )
            for step in range(steps + 1)
        )
        self.strokes.append(Stroke(points, width))

    def path(self, points: Sequence[Point], width: float = 1.6, shake: float = 0.5) -> None:
        wobble = self.rng.normal(0, shake, (len(points), 2))
        shaken = tuple((x + dx, y + dy) for (x, y), (dx, dy) in zip(points, wobble, strict=True))
        self.strokes.append(Stroke(shaken, width))

    def arc(self, centre: Point, radii: Point, start: float, end: float, width: float = 1.6) -> None:
        """Part of an ellipse; angles in degrees, clockwise from the right."""
        angles = np.radians(np.linspace(start, end, max(6, int(abs(end - start) / 7))))
        self.path([(centre[0] + radii[0] * np.cos(a), centre[1] + radii[1] * np.sin(a)) for a in angles], width, 0.35)


TOP, FOOT = 330.0, 905.0


def edge(y: float, side: int) -> float:
    """The tower's outline: a taper with a belly, and a hand's width to the west."""
    part = (y - TOP) / (FOOT - TOP)
    lean = -16 * (1 - part)
    return float(470 + lean + side * (54 + 38 * part**1.5))


@lru_cache(maxsize=1)
def lamp_strokes() -> tuple[Stroke, ...]:
    """The lighthouse of the letter, in drawing order: outline, shade, lantern, rock, sea, and the beam last."""
    pen = Pen(21)
    for side in (-1, 1):
        pen.path([(edge(y, side), y) for y in np.linspace(TOP, FOOT, 28)], 2.6)
    _tower_shade(pen)
    _openings(pen)
    _lantern(pen)
    _rock(pen)
    _sea(pen)
    _ferry_far_away(pen)
    _beam(pen)
    return tuple(pen.strokes)


def _tower_shade(pen: Pen) -> None:
    y = TOP + 6
    while y < FOOT - 4:
        left, right = edge(y, -1), edge(y, 1)
        middle, half = (left + right) / 2, (right - left) / 2
        reach = 0.12 + 0.16 * pen.rng.random()
        angles = np.linspace(np.arcsin(reach), np.pi / 2 * 0.985, 12)
        pen.path([(middle + half * np.sin(a), y + 11 * np.cos(a)) for a in angles], 1.25, 0.4)
        if pen.rng.random() < 0.75:
            inner = np.linspace(np.arcsin(min(0.95, reach + 0.42)), np.pi / 2 * 0.98, 8)
            pen.path([(middle + half * np.sin(a), y + 3 + 11 * np.cos(a)) for a in inner], 1.2, 0.4)
        band = int((y - TOP) / 96) % 2
        if band:
            angles = np.linspace(-np.pi / 2 * 0.97, np.arcsin(reach), 14)
            pen.path([(middle + half * np.sin(a), y + 11 * np.cos(a)) for a in angles], 1.15, 0.4)
        y += 6.4 + pen.rng.normal(0, 0.7)


def _openings(pen: Pen) -> None:
    for x, y in ((452, 430), (462, 590), (470, 735)):
        for shift in range(0, 15, 3):
            pen.line((x - 7 + shift, y), (x - 7 + shift, y + 27), 2.0, 0.3)
        pen.path([(x - 10, y + 28), (x - 10, y), (x, y - 9), (x + 10, y), (x + 10, y + 28)], 1.8)
    for shift in range(0, 33, 3):
        pen.line((446 + shift, 846 + abs(shift - 16) * 0.7), (446 + shift, 903), 1.8, 0.3)
    pen.path([(442, 904), (442, 858), (452, 842), (462, 838), (472, 842), (482, 858), (482, 904)], 2.2)


def _lantern(pen: Pen) -> None:
    mid = 454.0
    for drop, wide in ((0, 78), (9, 74)):
        pen.line((mid - wide, TOP - 6 + drop), (mid + wide, TOP - 6 + drop), 2.4)
    for x in range(-66, 67, 22):
        pen.path([(mid + x, TOP + 4), (mid + x * 0.86, TOP + 26)], 1.8)
    for x in range(-76, 77, 19):
        bend = 5 if x == -57 else 0
        pen.line((mid + x, TOP - 6), (mid + x, TOP - 44 + bend), 1.4, 0.3)
    rail = [(mid + x, TOP - 44 + (6 if -66 < x < -46 else 0)) for x in range(-78, 79, 12)]
    pen.path(rail, 1.8)
    pen.path([(x, y + 18) for x, y in rail], 1.1)
    for x in (-46, -23, 0, 23, 46):
        pen.line((mid + x, TOP - 8), (mid + x, TOP - 108), 2.0, 0.4)
    for y in (TOP - 108, TOP - 58):
        pen.line((mid - 48, y), (mid + 48, y), 2.0)
    for cell in range(4):
        x = round(mid) - 46 + cell * 23
        pen.line((x, TOP - 108), (x + 23, TOP - 58), 1.0)
        pen.line((x + 23, TOP - 108), (x, TOP - 58), 1.0)
    pen.arc((mid, TOP - 108), (58, 54), 180, 360, 2.6)
    for inset in np.linspace(0.25, 0.95, 10):
        pen.arc((mid + 4, TOP - 108), (58 * inset, 52), 275, 358, 1.0)
    pen.line((mid, TOP - 162), (mid, TOP - 196), 2.2)
    pen.arc((mid, TOP - 166), (7, 7), 0, 360, 2.0)
    pen.path([(mid - 16, TOP - 184), (mid + 14, TOP - 188)], 1.8)


def _rock(pen: Pen) -> None:
    crest = [(300.0, 985.0), (338, 938), (372, 925), (398, 906), (560, 906), (592, 930), (640, 944), (676, 986)]
    pen.path(crest, 2.8, 1.4)
    for _ in range(150):
        x = 318 + pen.rng.random() * 345
        top = float(np.interp(x, [p[0] for p in crest], [p[1] for p in crest]))
        y = top + 6 + pen.rng.random() * (988 - top)
        slant = -0.5 if x < 480 else 0.55
        length = 10 + pen.rng.random() * 26
        pen.line((x, y), (x + slant * length, min(1000, y + length)), 1.1 + (x > 500) * 0.7)


def _sea(pen: Pen) -> None:
    for row in range(26):
        y = 968 + row**1.22 * 4.3
        for _ in range(9 - row // 4):
            x = pen.rng.random() * 940 - 40
            if 300 < x < 660 and y < 1000:
                continue
            length = 34 + pen.rng.random() * (60 + row * 8)
            lift = 2.5 + row * 0.28
            phase = pen.rng.random() * 6
            points = [(x + k * length / 10, y + np.sin(phase + k * 0.62) * lift) for k in range(11)]
            pen.path(points, 1.1 + row * 0.045, 0.3)
    for side in ((20.0, 296.0), (680.0, 884.0)):
        pen.line((side[0], 963), (side[1], 963), 1.2, 0.3)


def _ferry_far_away(pen: Pen) -> None:
    x, y = 742.0, 952.0
    pen.path([(x - 34, y), (x - 28, y + 10), (x + 30, y + 10), (x + 38, y - 1), (x - 34, y)], 1.6, 0.2)
    pen.path([(x - 22, y), (x - 22, y - 9), (x + 22, y - 9), (x + 22, y)], 1.4, 0.2)
    pen.path([(x - 12, y - 9), (x - 12, y - 16), (x + 12, y - 16), (x + 12, y - 9)], 1.3, 0.2)
    pen.line((x + 4, y - 16), (x + 4, y - 25), 2.6, 0.2)
    for k in range(7):
        pen.line((x - 18 + k * 6, y - 5), (x - 16 + k * 6, y - 5), 1.6, 0.1)


def _beam(pen: Pen) -> None:
    for k in range(34):
        angle = np.radians(168 + k * 0.95)
        near = 62 + pen.rng.random() * 14
        far = 300 + pen.rng.random() * 130
        start = (452 + near * np.cos(angle), 246 + near * np.sin(angle))
        pen.line(start, (452 + far * np.cos(angle), 246 + far * np.sin(angle)), 1.0, 0.35)
    for x, y in ((640.0, 300.0), (690.0, 262.0), (618.0, 240.0), (738, 330)):
        pen.path([(x - 15, y - 3), (x - 7, y - 9), (x, y), (x + 7, y - 9), (x + 15, y - 4)], 1.5, 0.2)


def lamp_study(path: Path) -> None:
    picture = draw(lamp_strokes(), LAMP_SIZE)
    stain = cloud(*LAMP_SIZE, 260, 8)
    save(grain(paint_of(picture) - (stain[..., None] - 0.5) * 9, 2.0, 2), path, colours=64)


def swell(path: Path) -> None:
    """A sea by eye: lines that crowd where the water stands up."""
    width, height = 1320, 880
    lift = cloud(width + 8, height + 260, 250, 41, 3) - 0.5
    pen = Pen(5)
    for row in range(118):
        base = 150 + row**1.06 * 4.9
        depth = row / 118
        xs = np.arange(-4, width + 4, 7)
        near = lift[np.clip(np.full_like(xs, int(base * 0.9)), 0, height + 259), np.clip(xs, 0, width)]
        crest = np.sin(xs * 0.0088 + row * 0.19 + near * 9) * (9 + 34 * depth)
        ys = base + crest + near * (60 + 190 * depth) - np.abs(np.sin(xs * 0.0044 + row * 0.1)) * 22 * depth
        pen.path(list(zip(xs.astype(float), ys, strict=True)), 1.2 + 0.9 * depth, 0.45)
    picture = draw(pen.strokes, (width, height), ink="#17304a")
    sun = Image.new("L", (width * 2, height * 2))
    ImageDraw.Draw(sun).ellipse([1960, 110, 2230, 380], fill=255)
    paint = over(paint_of(picture), "#17304a", mask_of(sun.resize((width, height))))
    save(grain(paint, 2.0, 6), path, colours=48)


def room_plan(path: Path) -> None:
    """The round room as a blueprint: white line on Prussian blue."""
    size = (1200, 1200)
    pen = Pen(33)
    middle = (600.0, 610.0)
    for radius, width in ((418, 3.2), (372, 3.2), (395, 1.0)):
        pen.arc(middle, (radius, radius), -82, 262, width)
    for angle in range(-80, 262, 4):
        turn = np.radians(angle)
        pen.line(
            (middle[0] + 374 * np.cos(turn), middle[1] + 374 * np.sin(turn)),
            (middle[0] + 416 * np.cos(turn + 0.03), middle[1] + 416 * np.sin(turn + 0.03)),
            0.9,
        )
    _furniture(pen, middle)
    _measures(pen, middle)
    paint = plain(*size, "#1d4a80") + (cloud(*size, 300, 9)[..., None] - 0.5) * 34
    words = Image.new("L", size)
    for text, x, y, height in _PLAN_WORDS:
        set_line(words, lettering(text, height=height, squeeze=0.86, track=0.05), x, y, anchor=0.5)
    paint = over(paint, "#e9f1f7", mask_of(strokes_mask(pen.strokes, size)) * 0.95)
    paint = over(paint, "#e9f1f7", mask_of(words) * 0.9)
    save(grain(paint, 3.0, 4), path, colours=96)


_PLAN_WORDS = (
    ("THE ROOM, AS FURNISHED", 600, 70, 26),
    ("4.2 m", 600, 1074, 22),
    ("WINDOW, NORTH", 600, 128, 17),
    ("bed, made", 306, 596, 15),
    ("bed, not", 892, 596, 15),
    ("table (level)", 600, 352, 15),
    ("stove, kettle left", 420, 866, 15),
    ("hatch", 768, 900, 15),
    ("lid", 334, 738, 13),
    ("T. WILK  1 : 20", 1046, 1138, 16),
)


def _furniture(pen: Pen, middle: Point) -> None:
    x, y = middle
    for bend in (-1, 1):
        pen.arc((x, y), (352, 352), 90 + bend * 62, 90 + bend * 106, 2.2)
        pen.arc((x, y), (262, 262), 90 + bend * 62, 90 + bend * 106, 2.2)
        for end in (62, 106):
            turn = np.radians(90 + bend * end)
            a = (x + 352 * np.cos(turn), y + 352 * np.sin(turn))
            pen.line(a, (x + 262 * np.cos(turn), y + 262 * np.sin(turn)), 2.2)
    pen.path([(x - 110, y - 290), (x + 110, y - 290), (x + 110, y - 190), (x - 110, y - 190), (x - 110, y - 290)], 2.2)
    for dx in (-62, 66):
        pen.path(
            [
                (x + dx - 24, y - 176),
                (x + dx + 24, y - 176),
                (x + dx + 22, y - 130),
                (x + dx - 22, y - 130),
                (x + dx - 24, y - 176),
            ],
            1.6,
        )
    pen.arc((x - 196, y + 196), (46, 46), 0, 360, 2.2)
    pen.arc((x - 212, y + 190), (17, 17), 0, 360, 1.6)
    pen.arc((x - 306, y + 140), (11, 11), 0, 360, 1.6)
    for step in range(13):
        turn = np.radians(20 + step * 22)
        pen.line(
            (x + 168 + 18 * np.cos(turn), y + 204 + 18 * np.sin(turn)),
            (x + 168 + 74 * np.cos(turn), y + 204 + 74 * np.sin(turn)),
            1.5,
        )
    pen.arc((x + 168, y + 204), (74, 74), 20, 284, 2.2)
    pen.arc((x, y), (30, 30), 0, 360, 1.2)
    for k in range(0, 360, 30):
        pen.line(
            (x + 10 * np.cos(np.radians(k)), y + 10 * np.sin(np.radians(k))),
            (x + 26 * np.cos(np.radians(k)), y + 26 * np.sin(np.radians(k))),
            0.9,
        )


def _measures(pen: Pen, middle: Point) -> None:
    x, y = middle
    pen.line((x - 372, 1056), (x + 372, 1056), 1.2, 0.2)
    for side in (-372, 372):
        pen.line((x + side, 1042), (x + side, 1070), 1.2, 0.2)
        pen.line((x + side - 7, 1063), (x + side + 7, 1049), 1.8, 0.2)
    pen.line((x - 58, y - 394), (x + 58, y - 394), 1.0, 0.2)
    pen.line((x - 58, y - 388), (x + 58, y - 388), 1.0, 0.2)
    pen.arc((1060, 180), (44, 44), 0, 360, 1.2)
    pen.path([(1060, 120), (1048, 196), (1060, 182), (1072, 196), (1060, 120)], 1.8, 0.2)
    pen.path([(40, 40), (1160, 40), (1160, 1160), (40, 1160), (40, 40)], 1.8, 0.4)
