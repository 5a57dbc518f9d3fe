"""Jun: the map above the keeper's table. The coast is new, the names came from the comments."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import cloud, grain, lettering, mask_of, multiply, over, plain, save, set_line
from hitrecord.demo.art.plotter import contours, rose

SIZE = (1450, 1000)

NAMES = (
    ("MAINLAND", 160, 210, 28, 0.5),
    ("THE OTHER SHORE", 1262, 812, 22, 0.5),
    ("The keeper’s rock", 730, 402, 17, 0.0),
    ("second buoy", 560, 574, 14, 0.0),
    ("the hungry bank", 812, 690, 15, 0.5),
    ("(has moved)", 812, 712, 12, 0.5),
    ("here the cook was sick", 1000, 636, 14, 0.5),
    ("booking office", 120, 566, 14, 0.0),
    ("window where she counts", 1192, 596, 14, 0.0),
    ("Squid stars", 470, 236, 15, 0.5),
    ("Deep enough", 660, 876, 15, 0.5),
    ("22:00", 424, 520, 15, 0.5),
)


def strait_map(path: Path) -> None:
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    rough = (cloud(width, height, 190, 22, 5) - 0.5) * 420
    west = 250 + rough * 0.8 + 60 * np.sin(y / 170)
    east = 1150 + rough * 0.7 + 70 * np.sin(y / 140 + 2)
    shore = np.minimum(x - west, east - x)
    for rock_x, rock_y, radius in ((690, 430, 30), (520, 300, 16), (930, 860, 22), (905, 250, 14)):
        shore = np.minimum(shore, np.hypot(x - rock_x, (y - rock_y) * 1.2) + rough * 0.06 - radius)
    paint = plain(width, height, "#f1e8d2") + (cloud(width, height, 320, 2)[..., None] - 0.5) * 22
    water = np.clip(shore / 2, 0, 1)
    wash = np.exp(-np.clip(shore, 0, None) / 60) * 0.55 + 0.30
    paint = multiply(
        paint, "#6fa9b8", np.asarray(water * wash * (0.85 + 0.3 * (cloud(width, height, 120, 5) - 0.5)), np.float32)
    )
    paint = multiply(paint, "#b9b873", np.asarray((1 - water) * (0.35 + 0.4 * np.exp(shore / 90)), np.float32))
    bank = np.exp(-(((x - 812) / 110) ** 2) - ((y - 668) / 34) ** 2)
    dots = (np.random.default_rng(5).random((height, width)) < 0.16) * (bank > 0.45)
    lines = np.clip(contours(np.asarray(np.clip(shore, -40, 90) / 18, np.float32), 1, 0.55) * (shore > 4) * 0.5, 0, 1)
    paint = over(paint, "#3f6f86", np.asarray(lines, np.float32))
    paint = over(paint, "#7a6a45", np.asarray(dots * 0.8, np.float32))
    coast = np.clip(2.0 - np.abs(shore), 0, 1)
    paint = over(paint, "#2c3138", np.asarray(coast, np.float32))
    paint = over(paint, "#2c3138", _pen_work())
    paint = over(paint, "#b5382a", _red())
    save(grain(paint, 3, 9), path)


def _pen_work() -> np.ndarray:
    mask = Image.new("L", SIZE)
    pen = ImageDraw.Draw(mask)
    for text, x, y, height, anchor in NAMES:
        set_line(
            mask,
            lettering(text, height=height, squeeze=0.84, track=0.05 if text.islower() else 0.1),
            x,
            y,
            anchor=anchor,
        )
    set_line(mask, lettering("The strait, with remarks", height=40, squeeze=0.74, track=0.03), 724, 58, anchor=0.5)
    set_line(
        mask,
        lettering(
            "after Chart 40. Not to be used for navigation by anyone in a hurry", height=15, squeeze=0.86, track=0.03
        ),
        724,
        112,
        anchor=0.5,
    )
    rose(pen, (400, 800), 92)
    pen.rectangle((24, 24, SIZE[0] - 25, SIZE[1] - 25), outline=255, width=3)
    pen.rectangle((34, 34, SIZE[0] - 35, SIZE[1] - 35), outline=255, width=1)
    _hills(pen, (60, 300, 180, 760), 3)
    _hills(pen, (1290, 200, 1400, 700), 4)
    pen.polygon([(682, 424), (686, 376), (698, 376), (702, 424)], outline=255)
    pen.rectangle((684, 362, 700, 376), outline=255)
    pen.line((692, 362, 692, 352), fill=255, width=2)
    for k in range(9):
        turn = np.radians(172 + k * 2.4)
        pen.line((680, 368, 680 + 96 * np.cos(turn), 368 - 40 + 40 * np.sin(turn) + 34), fill=190)
    pen.polygon([(548, 574), (540, 590), (556, 590)], outline=255)
    return mask_of(mask)


def _hills(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(16):
        x, y = rng.uniform(box[0], box[2]), rng.uniform(box[1], box[3])
        size = 12 + 14 * rng.random()
        pen.arc((x - size, y - size, x + size, y + size), 200, 340, fill=255, width=2)
        for k in range(5):
            pen.line(
                (x + size * (0.2 + k * 0.14), y - size * (0.8 - k * 0.1), x + size * (0.3 + k * 0.16), y - size * 0.1),
                fill=200,
            )


def _red() -> np.ndarray:
    """The ferry's dashed way, in the one coloured pen that was left."""
    big = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2))
    pen = ImageDraw.Draw(big)
    t = np.linspace(0, 1, 90)
    x = 258 + t * 905
    y = 580 - 90 * np.sin(t * np.pi) + 46 * np.sin(t * 7)
    for k in range(0, 88, 3):
        pen.line(
            [(x[k] * 2, y[k] * 2), (x[k + 1] * 2, y[k + 1] * 2), (x[k + 2] * 2 - 6, y[k + 2] * 2)], fill=255, width=6
        )
    for end in (0, -1):
        pen.ellipse((x[end] * 2 - 12, y[end] * 2 - 12, x[end] * 2 + 12, y[end] * 2 + 12), fill=255)
    pen.line((1990, 1230, 2008, 1248), fill=255, width=6)
    pen.line((2008, 1230, 1990, 1248), fill=255, width=6)
    return mask_of(big.resize(SIZE, Image.Resampling.LANCZOS))
