"""Charlie: one block of hospital lino, one ink, a few slips."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Point, cloud, grain, mask_of, over, plain, save

SIZE = (1000, 1000)


class Block:
    """Ink is white in the mask; the gouge takes it away in short tapering cuts."""

    def __init__(self, seed: int) -> None:
        self.mask = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2))
        self.pen = ImageDraw.Draw(self.mask)
        self.rng = np.random.default_rng(seed)

    def ink(self, points: list[Point]) -> None:
        self.pen.polygon([(x * 2, y * 2) for x, y in points], fill=255)

    def clear(self, points: list[Point]) -> None:
        self.pen.polygon([(x * 2, y * 2) for x, y in points], fill=0)

    def cut(self, points: list[Point], width: float) -> None:
        """One push of the gouge along the points: thin, thick, thin."""
        steps = len(points)
        for number in range(steps - 1):
            part = np.sin((number + 0.5) / (steps - 1) * np.pi) ** 0.6
            size = max(2, round(width * 2 * part * (0.85 + 0.3 * self.rng.random())))
            (ax, ay), (bx, by) = points[number], points[number + 1]
            self.pen.line((ax * 2, ay * 2, bx * 2, by * 2), fill=0, width=size)

    def arc(self, centre: Point, radii: Point, start: float, end: float, width: float) -> None:
        angles = np.radians(np.linspace(start, end, 18))
        self.cut([(centre[0] + radii[0] * np.cos(a), centre[1] + radii[1] * np.sin(a)) for a in angles], width)


def _oval(centre: Point, radii: Point) -> list[Point]:
    return [(centre[0] + radii[0] * np.cos(a), centre[1] + radii[1] * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 80)]


def kettle(path: Path) -> None:
    """The kettle on its cloth, the lid on its own nail, and the steam where the tool slipped."""
    block = Block(17)
    block.ink([(70, 66), (932, 60), (936, 938), (64, 934)])
    _wall(block)
    _cloth(block)
    _kettle(block)
    _lid(block)
    _steam(block)
    mask = mask_of(block.mask.resize(SIZE, Image.Resampling.LANCZOS))
    salt = cloud(*SIZE, 7, 3, 2) * 0.6 + cloud(*SIZE, 60, 5) * 0.4
    printed = mask * np.clip((salt - 0.2) * 9, 0.35, 1)
    paper = plain(*SIZE, "#efe8d8") + (cloud(*SIZE, 40, 9)[..., None] - 0.5) * 8
    save(grain(over(paper, "#1b1f2a", np.asarray(printed, np.float32)), 3, 2), path, colours=48)


def _wall(block: Block) -> None:
    for row in range(11):
        y = 96 + row * 50
        for column in range(20):
            x = 92 + column * 43 + (row % 2) * 20 + block.rng.normal(0, 4)
            if x < 900:
                block.cut([(x, y + block.rng.normal(0, 4)), (x + 9, y + 12), (x + 13, y + 25)], 4.5)


def _cloth(block: Block) -> None:
    block.clear([(70, 704), (932, 690), (936, 938), (64, 934)])
    for stripe in range(9):
        left = -40 + stripe * 128
        block.ink([(left + 90, 704), (left + 138, 702), (left + 118, 936), (left + 40, 936)])
    for _ in range(60):
        x, y = 80 + block.rng.random() * 840, 716 + block.rng.random() * 205
        block.cut([(x, y), (x + 16, y + 2), (x + 30, y + 1)], 2.4)
    block.clear([(0, 0), (66, 0), (62, 1000), (0, 1000)])
    block.clear([(934, 0), (1000, 0), (1000, 1000), (937, 1000)])


def _kettle(block: Block) -> None:
    halo = [(x, y) for x, y in _oval((470, 640), (262, 206))]
    block.clear(halo)
    block.clear([(660, 590), (850, 408), (884, 452), (720, 690)])
    block.ink(_oval((470, 640), (244, 190)))
    block.ink([(662, 600), (806, 446), (852, 430), (858, 462), (826, 486), (706, 690)])
    block.ink([(300, 812), (640, 812), (664, 838), (276, 838)])
    block.clear(_oval((470, 462), (150, 30)))
    block.ink(_oval((470, 464), (132, 21)))
    block.arc((470, 480), (232, 266), 186, 354, 30)
    for inset in range(9):
        block.arc((470, 640), (222 - inset * 17, 168 - inset * 12), 118 + inset * 3, 196 - inset * 2, 6.5 - inset * 0.4)
    for inset in range(4):
        block.arc((470, 640), (222 - inset * 18, 170 - inset * 14), -32, 30 - inset * 6, 4)
    block.cut([(716, 608), (760, 556), (808, 500)], 8)
    _handle(block)


def _handle(block: Block) -> None:
    angles = np.radians(np.linspace(196, 344, 40))
    outer = [(470 + 236 * np.cos(a), 492 + 268 * np.sin(a)) for a in angles]
    inner = [(470 + 204 * np.cos(a), 492 + 232 * np.sin(a)) for a in reversed(angles)]
    wide_out = [(470 + 252 * np.cos(a), 492 + 286 * np.sin(a)) for a in angles]
    wide_in = [(470 + 190 * np.cos(a), 492 + 214 * np.sin(a)) for a in reversed(angles)]
    block.clear(wide_out + wide_in)
    block.ink(outer + inner)
    block.arc((470, 492), (222, 252), 222, 300, 5)


def _lid(block: Block) -> None:
    block.clear(_oval((800, 232), (104, 100)))
    block.ink(_oval((800, 236), (86, 84)))
    block.ink(_oval((800, 140), (9, 9)))
    for inset in (14, 34):
        block.arc((800, 236), (86 - inset, 84 - inset), 100, 260, 6)
    block.clear(_oval((800, 236), (19, 19)))
    block.ink(_oval((800, 236), (11, 11)))


def _steam(block: Block) -> None:
    for number, (x, lean) in enumerate(((402, -26), (452, 16), (506, -10), (548, 34))):
        points: list[Point] = [
            (x + lean * t / 9 + 26 * float(np.sin(t * 0.85 + number)), 448.0 - t * 31) for t in range(11)
        ]
        block.cut(points, 15 - number * 1.5)
    block.cut([(560, 210), (640, 178), (700, 120), (742, 92)], 7)
