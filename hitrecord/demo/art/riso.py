"""Hana: two drums, transparent inks, and plates that never meet exactly."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art import engraver
from hitrecord.demo.art.canvas import (
    Field,
    Paint,
    Point,
    blob,
    blur,
    cloud,
    grain,
    mask_of,
    multiply,
    over,
    plain,
    save,
)  # fmt: skip

PAPER = "#f6eedc"
CORAL = "#f2573f"
TEAL = "#3aa6a0"
NAVY = "#1f3a6e"


def printed(mask: Field, seed: int, *, speckle: float = 0.10) -> Field:
    """Ink from a drum: a little uneven, with pinholes where the paper resisted."""
    height, width = mask.shape
    uneven = 0.88 + 0.24 * (cloud(width, height, 90, seed) - 0.5)
    pin = np.random.default_rng(seed).random((height, width)) > speckle * 0.35
    return np.asarray(np.clip(mask * uneven * (0.75 + 0.25 * pin), 0, 1), np.float32)


def halftone(tone: Field, cell: float, angle: float) -> Field:
    """Dots as large as the tone is dark, on a turned screen."""
    height, width = tone.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = np.radians(angle)
    u = (x * np.cos(turn) + y * np.sin(turn)) / cell
    v = (y * np.cos(turn) - x * np.sin(turn)) / cell
    distance = np.hypot(u - np.round(u), v - np.round(v))
    return np.asarray(np.clip((np.sqrt(np.clip(tone, 0, 1)) * 0.72 - distance) * cell * 0.9 + 0.5, 0, 1), np.float32)


def slipped(mask: Field, dx: int, dy: int) -> Field:
    """The plate moved by some pixels; what leaves the paper is gone."""
    out = np.roll(mask, (dy, dx), (0, 1))
    if dy:
        out[: max(dy, 0)] = 0
        out[len(out) + min(dy, 0) :] = 0
    if dx:
        out[:, : max(dx, 0)] = 0
        out[:, out.shape[1] + min(dx, 0) :] = 0
    return out


def shape(size: tuple[int, int], *polygons: list[Point]) -> Field:
    big = Image.new("L", (size[0] * 2, size[1] * 2))
    knife = ImageDraw.Draw(big)
    for polygon in polygons:
        knife.polygon([(x * 2, y * 2) for x, y in polygon], fill=255)
    return mask_of(big.resize(size, Image.Resampling.LANCZOS))


def tower_outline() -> list[Point]:
    ys = [float(y) for y in np.linspace(engraver.TOP, engraver.FOOT, 20)]
    left = [(engraver.edge(y, -1), y) for y in ys]
    right = [(engraver.edge(y, 1), y) for y in reversed(ys)]
    return left + right


@lru_cache(maxsize=2)
def lamp_print(*, night: bool = False) -> Paint:
    """The drawing over two colours; at night the sun is left out and the sky is printed twice."""
    size = engraver.LAMP_SIZE
    width, height = size
    y = np.mgrid[0:height, 0:width][0].astype(np.float32)
    paper = plain(width, height, PAPER)
    sea = np.clip(y - 960, 0, 1)
    sun = shape(size, blob(640, 470, 196, 4, 0.012))
    dusk = halftone(np.clip((y / 960) ** 1.6 * 0.62, 0, 0.62) * (1 - sea), 6.5, 22)
    rock = shape(size, [(300, 988), (338, 938), (372, 925), (398, 906), (560, 906), (592, 930), (640, 944), (676, 988)])
    tower = shape(size, tower_outline())
    stripes = tower * (((y - engraver.TOP) // 96).astype(int) % 2 == 1)
    lantern = shape(size, [(408, 222), (500, 222), (500, 322), (408, 322)])
    keep = (1 - tower) * (1 - lantern * 0.6)
    coral = dusk * 0.55 * keep + sun * keep * (1 - sea)
    glitter = halftone(
        np.clip(0.5 - np.abs(y - 1060) / 400, 0, 1) * np.exp(-(((np.mgrid[0:height, 0:width][1] - 640) / 130) ** 2)),
        7,
        22,
    )
    coral = np.clip(coral + glitter * sea * 0.9, 0, 1)
    teal = np.clip(sea * 0.92 + rock * 0.75, 0, 1)
    if night:
        coral, teal = lantern * 0.9, np.clip(teal + (1 - sea) * keep * 0.92, 0, 1)
    paper = multiply(paper, CORAL, printed(slipped(coral, 3, -2), 11))
    paper = multiply(paper, TEAL, printed(slipped(teal, -3, 2), 12))
    if night:
        paper = multiply(paper, NAVY, printed((1 - sea) * keep * 0.72 + sea * 0.55, 15))
    line = mask_of(engraver.strokes_mask(engraver.lamp_strokes(), size))
    return multiply(paper, NAVY, printed(np.clip(line * 1.15 + slipped(stripes, 2, 1) * 0.92, 0, 1), 13))


def two_colour_lamp(path: Path) -> None:
    save(grain(lamp_print(), 3.5, 4), path)


def signal_shapes(path: Path) -> None:
    """Offcuts pasted on yellow; the two halves of a disc have slid apart."""
    size = (1100, 1100)
    pieces: list[tuple[str, list[Point]]] = [
        ("#2b8f93", [(0, 846), (352, 838), (358, 1100), (0, 1100)]),
        ("#f4a9b4", [(690, 1016), (1046, 1020), (1040, 664)]),
        (NAVY, _half((470, 512), 352, above=True, seed=3)),
        (CORAL, _half((640, 530), 352, above=False, seed=5)),
        ("#faf5e6", blob(862, 236, 118, 6, 0.015)),
        (NAVY, [(84, 300), (118, 296), (122, 92), (86, 94)]),
        ("#faf5e6", [(84, 252), (120, 250), (120, 206), (84, 208)]),
        ("#faf5e6", [(85, 172), (121, 170), (121, 128), (85, 130)]),
    ]
    paint = plain(*size, "#f3c845")
    for number, (ink, polygon) in enumerate(pieces):
        mask = shape(size, polygon)
        shadow = mask_of(blur(Image.fromarray((slipped(mask, 4, 7) * 255).astype(np.uint8)), 4))
        paint = paint * np.asarray(1 - 0.22 * (shadow * (1 - mask))[..., None], np.float32)
        tone = 1 + 0.08 * (cloud(*size, 60, 40 + number) - 0.5)
        paint = (
            over(paint, "#000000", mask)
            if ink == "#000000"
            else paint + (plain(*size, ink) * tone[..., None] - paint) * mask[..., None]
        )
    save(grain(paint, 5.5, 5), path, colours=160)


def _half(centre: Point, radius: float, *, above: bool, seed: int) -> list[Point]:
    rng = np.random.default_rng(seed)
    angles = np.linspace(np.pi, 2 * np.pi, 40) if above else np.linspace(0, np.pi, 40)
    return [
        (centre[0] + radius * np.cos(a) + rng.normal(0, 0.8), centre[1] + radius * np.sin(a) + rng.normal(0, 0.8))
        for a in angles
    ]


def fog_pattern(path: Path) -> None:
    """One blast every ninety seconds, as cloth: dots swell in bands, two screens cross."""
    width, height = 1000, 1300
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bank = (cloud(width, height, 420, 15, 2) - 0.5) * 120
    first = 0.5 + 0.5 * np.sin((y + bank) / height * 2 * np.pi * 4)
    second = 0.5 + 0.5 * np.sin((y * 0.94 + x * 0.22 - bank + 90) / height * 2 * np.pi * 4)
    paper = plain(width, height, "#f5efe0")
    paper = multiply(paper, "#3b63b5", printed(slipped(halftone(first**1.4 * 0.95, 33, 0), 2, 1), 31))
    paper = multiply(paper, "#f2b632", printed(halftone(second**1.8 * 0.72, 33, 45), 32))
    save(grain(paper, 3.0, 8), path, colours=128)
