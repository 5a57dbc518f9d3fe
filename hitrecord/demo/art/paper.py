"""Ana: scissors and coloured paper. Every piece has a shadow, a pale cut edge and a fibre of its own."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Point, blob, blur, cloud, grain, image, paint_of, plain, save, tint

LEAF_PAPERS = ("#2f6b57", "#1d4d45", "#8fb996", "#e4b363", "#d9694f", "#f3e9d2", "#3b7f8c")


class Table:
    """Pieces are laid one on another, each drawn at double size so that its edge is clean."""

    def __init__(self, size: tuple[int, int], ground: str) -> None:
        self.size = size
        fibre = cloud(*size, 24, 2, 3)[..., None]
        self.picture = image(plain(*size, ground) + (fibre - 0.5) * 12)

    def lay(self, points: list[Point], paper: str, *, lift: float = 6, vein: list[Point] | None = None) -> None:
        """Shadow, sheet and cut edge, worked only in the part of the table that the piece covers."""
        margin = round(lift * 3) + 4
        left = max(0, int(min(x for x, _ in points)) - margin)
        top = max(0, int(min(y for _, y in points)) - margin)
        right = min(self.size[0], int(max(x for x, _ in points)) + margin)
        low = min(self.size[1], int(max(y for _, y in points)) + margin)
        if right <= left or low <= top:
            return
        part = (right - left, low - top)
        mask = Image.new("L", (part[0] * 2, part[1] * 2))
        ImageDraw.Draw(mask).polygon([((x - left) * 2, (y - top) * 2) for x, y in points], fill=255)
        mask = mask.resize(part, Image.Resampling.BILINEAR)
        shadow = Image.new("L", part)
        shadow.paste(blur(mask, lift * 0.7), (round(lift * 0.6), round(lift)))
        below = self.picture.crop((left, top, right, low))
        dark = Image.new("RGB", part, (12, 26, 24))
        below = Image.composite(dark, below, shadow.point([round(v * 0.42) for v in range(256)]))
        below.paste(tint(paper), (0, 0, *part), mask)
        self.picture.paste(below, (left, top))
        pen = ImageDraw.Draw(self.picture)
        pen.line([points[0], *points[1 : len(points) // 2]], fill=_lighter(paper, 34), width=1)
        if vein:
            pen.line(vein, fill=_lighter(paper, -26), width=2)

    def done(self) -> np.ndarray:
        return grain(paint_of(self.picture), 3.6, 6)


def _lighter(code: str, amount: int) -> tuple[int, int, int]:
    red, green, blue = (max(0, min(255, part + amount)) for part in tint(code))
    return red, green, blue


def leaf(at: Point, length: float, angle: float, width: float, bend: float = 0.0) -> tuple[list[Point], list[Point]]:
    """An outline and its middle vein, from stem to tip."""
    t = np.linspace(0, 1, 26)
    turn = angle + bend * t
    step = length / 25
    x = at[0] + np.concatenate([[0], np.cumsum(np.cos(turn[:-1]) * step)])
    y = at[1] + np.concatenate([[0], np.cumsum(np.sin(turn[:-1]) * step)])
    half = np.sin(t * np.pi) ** 0.8 * width * (1.15 - 0.4 * t)
    left = [(float(a - np.sin(r) * w), float(b + np.cos(r) * w)) for a, b, r, w in zip(x, y, turn, half, strict=True)]
    right = [(float(a + np.sin(r) * w), float(b - np.cos(r) * w)) for a, b, r, w in zip(x, y, turn, half, strict=True)]
    return left + right[::-1], [(float(a), float(b)) for a, b in zip(x[2:-4], y[2:-4], strict=True)]


def hedge(path: Path) -> None:
    """Forty-six leaves growing out of the lower edge, darkest first."""
    table = Table((900, 1120), "#dfe7dc")
    rng = np.random.default_rng(31)
    for number in range(46):
        depth = number / 46
        x = 40 + rng.random() * 820
        y = 1190 - rng.random() * 690 * (1 - depth) ** 0.8
        angle = -np.pi / 2 + rng.normal(0, 0.42) + (x - 450) / 800
        length = 260 + rng.random() * 200
        choices = (1, 0, 6) if depth < 0.3 else (0, 2, 4, 6, 3) if depth < 0.75 else (2, 3, 4, 5)
        shape, vein = leaf((x, y), length, angle, length * (0.12 + rng.random() * 0.09), rng.normal(0, 0.45))
        table.lay(shape, LEAF_PAPERS[int(rng.choice(choices))], lift=5 + 5 * depth, vein=vein)
    save(table.done(), path)


def garden_tower(path: Path) -> None:
    """A white tower behind everything that survives salt."""
    table = Table((1000, 1200), "#bfd9e2")
    table.lay(blob(790, 250, 112, 4, 0.02), "#f6c55a", lift=8)
    for cx, cy, radius in ((170, 210, 62), (236, 190, 78), (312, 216, 58)):
        table.lay(blob(cx, cy, radius, cx, 0.05), "#f4f1e6", lift=5)
    table.lay([(0, 700), (300, 668), (640, 690), (1000, 660), (1000, 1200), (0, 1200)], "#3f86a0", lift=6)
    _tower(table)
    table.lay([(0, 850), (240, 800), (520, 838), (780, 792), (1000, 836), (1000, 1200), (0, 1200)], "#5d7f4e", lift=9)
    rng = np.random.default_rng(12)
    for _ in range(34):
        x, y = rng.random() * 1000, 900 + rng.random() * 330
        shape, vein = leaf(
            (x, y),
            120 + rng.random() * 150,
            -np.pi / 2 + rng.normal(0, 0.55),
            15 + rng.random() * 17,
            rng.normal(0, 0.4),
        )
        table.lay(shape, ("#2f6b57", "#1d4d45", "#8fb996", "#6f9a55", "#a9c77b")[int(rng.integers(5))], vein=vein)
    for x, y, size in (
        (120, 980, 66),
        (330, 1076, 84),
        (560, 1020, 70),
        (800, 1088, 88),
        (930, 960, 58),
        (690, 930, 46),
    ):
        _rosette(table, (x, y), size, rng)
    for x, y in ((215, 850), (455, 900), (640, 830), (860, 850), (60, 860), (760, 900)):
        _flower(table, (x, y), 25 + 8 * rng.random(), rng)
    save(table.done(), path)


def _tower(table: Table) -> None:
    table.lay([(418, 880), (452, 330), (584, 330), (622, 880)], "#f7f3e8", lift=12)
    for top, foot in ((430, 520), (640, 735)):
        left, right = 452 - 34 * (top - 330) / 550, 584 + 38 * (top - 330) / 550
        low_left, low_right = 452 - 34 * (foot - 330) / 550, 584 + 38 * (foot - 330) / 550
        table.lay([(left, top), (right, top + 4), (low_right, foot), (low_left, foot - 5)], "#d9694f", lift=3)
    table.lay([(428, 336), (608, 332), (600, 306), (436, 308)], "#29405a", lift=6)
    table.lay([(468, 306), (568, 306), (564, 232), (472, 232)], "#fbe08c", lift=4)
    for x in (484, 516, 548):
        table.lay([(x - 3, 306), (x + 3, 306), (x + 3, 232), (x - 3, 232)], "#29405a", lift=1)
    table.lay([(454, 236), (518, 172), (584, 236)], "#d9694f", lift=6)
    table.lay([(494, 880), (494, 800), (508, 780), (532, 780), (546, 800), (546, 880)], "#3b6ea5", lift=4)
    table.lay([(504, 590), (536, 588), (536, 548), (520, 534), (504, 548)], "#29405a", lift=3)


def _rosette(table: Table, at: Point, size: float, rng: np.random.Generator) -> None:
    """A succulent: three rings of fat leaves."""
    for ring, (paper, count) in enumerate((("#3f7f6b", 9), ("#6fae8e", 7), ("#b7d7b0", 5))):
        reach = size * (1 - 0.3 * ring)
        for number in range(count):
            angle = number / count * 2 * np.pi + ring * 0.4 + rng.normal(0, 0.06)
            shape, _ = leaf(at, reach, angle, reach * 0.22)
            table.lay(shape, paper, lift=3)


def _flower(table: Table, at: Point, size: float, rng: np.random.Generator) -> None:
    stem, _ = leaf((at[0] + 6, at[1] + 190), 190, -np.pi / 2 - 0.03, 4)
    table.lay(stem, "#2f6b57", lift=3)
    paper = ("#e9849a", "#f2a7b5", "#d9694f")[int(rng.integers(3))]
    for number in range(7):
        shape, _ = leaf(at, size * 1.25, number / 7 * 2 * np.pi + 0.2, size * 0.4)
        table.lay(shape, paper, lift=2)
    table.lay(blob(at[0], at[1], size * 0.34, 3, 0.05), "#f6c55a", lift=2)
