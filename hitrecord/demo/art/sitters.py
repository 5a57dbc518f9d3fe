"""Priya: people who do not know that they are being drawn."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import Point, blur, cloud, grain, mask_of, over, rgb, save, sky

PROFILE: tuple[Point, ...] = (
    (470, 318), (508, 300), (560, 306), (604, 330), (632, 372), (640, 420), (644, 452), (664, 494), (690, 536),
    (688, 548), (664, 556), (660, 576), (668, 590), (656, 602), (664, 618), (656, 640), (640, 662), (606, 676),
    (572, 672), (556, 690), (552, 760), (400, 770), (408, 660), (390, 600), (384, 520), (394, 430), (420, 360),
)  # fmt: skip
CAP: tuple[Point, ...] = (
    (382, 452), (380, 380), (404, 318), (452, 276), (520, 262), (588, 276), (630, 314), (644, 356), (706, 378),
    (712, 392), (640, 394), (540, 398), (450, 420),
)  # fmt: skip
BODY: tuple[Point, ...] = (
    (60, 1500), (98, 1050), (160, 880), (250, 806), (384, 752), (420, 720), (548, 716), (590, 752), (700, 800),
    (790, 880), (856, 1050), (900, 1500),
)  # fmt: skip
BEARD: tuple[Point, ...] = (
    (430, 590), (470, 612), (520, 640), (580, 626), (632, 604), (662, 612), (660, 650), (640, 704), (590, 742), (520, 736), (456, 690),
)  # fmt: skip


def keeper_seated(path: Path) -> None:
    """A profile in a cap against a warm wall; the only light is a coral disc at the right."""
    size = (960, 1250)
    wall = sky(*size, [(0, "#d9a57c"), (0.5, "#d28e69"), (1, "#a95a4a")])
    wall *= (0.93 + 0.14 * cloud(*size, 110, 3))[..., None]
    lamp = _shape(size, [(780 + 118 * np.cos(a), 250 + 118 * np.sin(a)) for a in np.linspace(0, 6.28, 60)])
    halo = mask_of(blur(Image.fromarray((lamp * 255).astype(np.uint8)), 110)) * 1.5
    paint = wall + halo[..., None] * np.array([70, 38, 18], np.float32)
    paint = over(paint, "#f2573f", lamp)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    lit = np.clip(1.25 - np.hypot(x - 800, y - 330) / 430, 0, 1)
    for points, shade, light in (
        (BODY, "#1c2e45", "#44566b"),
        (PROFILE, "#4a2c2b", "#dd8b62"),
        (BEARD, "#57504d", "#e3cdb8"),
        (CAP, "#141d2e", "#3c4d66"),
    ):
        mask = _shape(size, list(points))
        tone = rgb(shade) + (rgb(light) - rgb(shade)) * _brush(lit, size, len(points))[..., None]
        paint = over(paint, tone, mask)
    paint = _details(paint, size)
    save(grain(paint, 5, 3), path)


def _brush(lit: np.ndarray, size: tuple[int, int], seed: int) -> np.ndarray:
    """The light laid on in flat strokes rather than as a gradient."""
    rough = lit + (cloud(*size, 36, seed, 2) - 0.5) * 0.07
    return np.asarray(np.clip(np.floor(rough * 7) / 6, 0, 1), np.float32)


def _details(paint: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    big = Image.new("L", (size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(big)
    pen.arc((590 * 2, 424 * 2, 640 * 2, 462 * 2), 200, 330, fill=255, width=9)
    pen.arc((592 * 2, 446 * 2, 634 * 2, 474 * 2), 20, 160, fill=200, width=5)
    pen.arc((438 * 2, 470 * 2, 486 * 2, 566 * 2), 60, 300, fill=230, width=8)
    for row in range(9):
        y = 812 + row * 48
        pen.arc((180 * 2 - row * 14, y * 2 - 60, 790 * 2 + row * 14, y * 2 + 130), 20, 160, fill=70, width=5)
    for column in range(9):
        pen.line((406 * 2 + column * 32, 742 * 2, 398 * 2 + column * 36, 790 * 2), fill=120, width=6)
    ink = mask_of(blur(big, 1.5).resize(size, Image.Resampling.LANCZOS))
    return over(np.asarray(paint, np.float32), "#140f16", ink * 0.8)


def _shape(size: tuple[int, int], points: list[Point]) -> np.ndarray:
    """A curve through the points (each corner cut twice), filled."""
    for _ in range(3):
        following = points[1:] + points[:1]
        points = [
            corner
            for (ax, ay), (bx, by) in zip(points, following, strict=True)
            for corner in (
                (ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25),
                (ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75),
            )
        ]
    big = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(big).polygon([(x * 2, y * 2) for x, y in points], fill=255)
    return mask_of(big.resize(size, Image.Resampling.LANCZOS))
