"""Alice: letters first; everything else moves out of their way."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art import engraver
from hitrecord.demo.art.canvas import (
    Field,
    cloud,
    grain,
    image,
    lettering,
    mask_of,
    multiply,
    over,
    paint_of,
    plain,
    save,
    set_line,
    tint,
)
from hitrecord.demo.art.riso import CORAL, NAVY, halftone, printed, shape, slipped
from hitrecord.demo.art.windows import facade

POSTER_SIZE = (1000, 1440)


@lru_cache(maxsize=1)
def title_mask() -> Image.Image:
    """THE NIGHT FERRY in three lines that share one width; the film's title uses the same plate."""
    width = 860
    lines = [
        lettering("THE", height=110, squeeze=0.62, weight=0.055, track=0.03),
        lettering("NIGHT", height=300, squeeze=0.62, weight=0.06, track=0.015),
        lettering("FERRY", height=300, squeeze=0.62, weight=0.06, track=0.015),
    ]
    mask = Image.new("L", (width, 800))
    set_line(mask, lines[0], 2, 0)
    for number, line in enumerate(lines[1:]):
        set_line(mask, line.resize((width, 300), Image.Resampling.LANCZOS), 0, 140 + number * 330)
    return mask.crop((0, 0, width, 772))


def poster(path: Path) -> None:
    """Two inks: a coral dusk, a navy night, and the beam left white through both."""
    width, height = POSTER_SIZE
    y = np.mgrid[0:height, 0:width][0].astype(np.float32)
    words = np.zeros((height, width), np.float32)
    title = mask_of(title_mask())
    words[150 : 150 + title.shape[0], 70 : 70 + title.shape[1]] = title
    beam = shape(POSTER_SIZE, [(884, 1016), (-20, 640), (-20, 890), (884, 1026)])
    sea = (y > 1108).astype(np.float32)
    dusk = halftone(np.clip((y - 420) / 760, 0, 1) * 0.85, 9, 24) * (1 - sea)
    tower = _tower()
    ferry = _ferry_cut()
    glints = _glints()
    coral = np.clip(dusk * (1 - beam) * (1 - tower) + glints + ferry[1], 0, 1)
    night = halftone(np.clip(1 - y / 700, 0, 1) * 0.26, 9, 66) * (1 - sea)
    navy = np.clip(
        night * (1 - beam) * (1 - words) * (1 - tower)
        + sea * (1 - glints)
        + words * (1 - beam * 0.93)
        + ferry[0]
        + tower * _stripes(y),
        0,
        1,
    )
    paper = plain(width, height, "#f6eedc")
    paper = multiply(paper, CORAL, printed(slipped(coral, 3, -2), 51))
    paper = multiply(paper, NAVY, printed(navy, 52, speckle=0.06))
    small = Image.new("L", POSTER_SIZE)
    for text, row in (("A FILM BEGUN BY MARA QUIST", 1330), ("MADE BY PEOPLE WHO WAITED FOR ONE ANOTHER", 1364)):
        set_line(small, lettering(text, height=19, squeeze=0.7, weight=0.02, track=0.14), width / 2, row, anchor=0.5)
    paper = over(paper, "#f6eedc", mask_of(small) * 0.95)
    save(grain(paper, 3.2, 5), path, colours=200)


def _stripes(y: Field) -> Field:
    return np.asarray(((y - 1000) // 26).astype(int) % 2 == 0, np.float32)


def _tower() -> Field:
    return shape(
        POSTER_SIZE,
        [(866, 1116), (876, 1030), (908, 1030), (918, 1116)],
        [(868, 1030), (916, 1030), (912, 1022), (872, 1022)],
        [(880, 1022), (880, 1000), (892, 988), (904, 1000), (904, 1022)],
    )


def _ferry_cut() -> tuple[Field, Field]:
    """The ship as navy, her windows as coral."""
    x, y = 210.0, 1112.0
    hull = [(x, y - 26), (x + 22, y + 6), (x + 356, y + 6), (x + 386, y - 34), (x + 334, y - 28), (x + 50, y - 26)]
    decks = [
        [(x + 54, y - 62), (x + 46, y - 26), (x + 336, y - 26), (x + 326, y - 62)],
        [(x + 78, y - 94), (x + 72, y - 62), (x + 296, y - 62), (x + 280, y - 94)],
        [(x + 232, y - 142), (x + 228, y - 94), (x + 268, y - 94), (x + 264, y - 142)],
        [(x + 140, y - 160), (x + 140, y - 94), (x + 144, y - 94), (x + 144, y - 160)],
    ]
    panes = [
        [(x + 64 + k * 20, y - 54), (x + 74 + k * 20, y - 54), (x + 74 + k * 20, y - 40), (x + 64 + k * 20, y - 40)]
        for k in range(13)
    ]
    panes += [
        [(x + 88 + k * 20, y - 86), (x + 98 + k * 20, y - 86), (x + 98 + k * 20, y - 73), (x + 88 + k * 20, y - 73)]
        for k in range(9)
    ]
    ship, light = shape(POSTER_SIZE, hull, *decks), shape(POSTER_SIZE, *panes)
    return ship * (1 - light), light


def _glints() -> Field:
    rng = np.random.default_rng(4)
    bars = []
    for row in range(24):
        y = 1136 + row * 7.4
        for _ in range(7):
            x = 268 + rng.random() * 270 + rng.normal(0, 4 + row)
            reach = (6 + rng.random() * 24) * (1 + row / 22)
            bars.append([(x - reach, y), (x + reach, y), (x + reach, y + 3), (x - reach, y + 3)])
    return shape(POSTER_SIZE, *bars)


def book_cover(path: Path) -> None:
    """Quarter cloth and paper sides; the tower at four per cent of its size."""
    width, height = 900, 1280
    paper = plain(width, height, "#efe7d4") + (cloud(width, height, 16, 4, 2)[..., None] - 0.5) * 9
    lines = _horizon(width, height)
    paper = over(paper, "#27423b", lines)
    whole = engraver.strokes_mask(engraver.lamp_strokes(), engraver.LAMP_SIZE).crop((290, 40, 690, 965))
    foil = Image.new("L", (width, height))
    foil.paste(whole.resize((52, 120), Image.Resampling.BOX), (640, 560))
    beam = Image.new("L", (width, height))
    ImageDraw.Draw(beam).polygon([(658, 586), (200, 500), (200, 606)], fill=120)
    paper = over(paper, "#fbf6e8", mask_of(beam))
    paper = over(paper, "#c2502f", np.clip(mask_of(foil) * 2.6, 0, 1))
    words = Image.new("L", (width, height))
    for text, row, tall in (("Letters", 180, 66), ("to a lighthouse", 268, 66)):
        set_line(words, lettering(text, height=tall, squeeze=0.78, weight=0.012), 232, row)
    set_line(words, lettering("AND WHAT WAS SENT BACK", height=17, squeeze=0.8, track=0.2), 234, 380)
    set_line(words, lettering("EDITED BY MARA QUIST", height=15, squeeze=0.8, track=0.2), 234, 1188)
    paper = over(paper, "#27423b", mask_of(words))
    paper[:, :150] = _cloth(150, height)
    paper[:, 150:158] *= np.linspace(0.72, 0.98, 8)[None, :, None]
    save(grain(paper, 2.5, 6), path, colours=128)


def _horizon(width: int, height: int) -> Field:
    big = Image.new("L", (width * 2, height * 2))
    pen = ImageDraw.Draw(big)
    lift = cloud(width, height, 240, 44, 3) - 0.5
    for row in range(58):
        base = 676 + row**1.22 * 3.6
        xs = np.arange(150, width + 6, 6)
        ys = (
            base
            + np.sin(xs * 0.012 + row * 0.3) * (1 + row * 0.16)
            + lift[np.clip(int(base), 0, height - 1), np.clip(xs, 0, width - 1)] * row * 1.6
        )
        pen.line([(float(x) * 2, float(y) * 2) for x, y in zip(xs, ys, strict=True)], fill=255, width=2 + row // 26)
    return mask_of(big.resize((width, height), Image.Resampling.LANCZOS))


def _cloth(width: int, height: int) -> np.ndarray:
    """A woven spine: warp over weft."""
    y, x = np.mgrid[0:height, 0:width]
    weave = ((x // 2 + y // 2) % 2) * 9.0 + np.random.default_rng(2).normal(0, 5, (height, width))
    return np.asarray(
        plain(width, height, "#24483f") + weave[..., None] + (cloud(width, height, 90, 7)[..., None] - 0.5) * 16,
        np.float32,
    )


GLYPHS: dict[str, tuple[str, ...]] = {
    "W": ("10001", "10001", "10001", "10101", "10101", "11011", "10001"),
    "I": ("111", "010", "010", "010", "010", "010", "111"),
    "N": ("10001", "11001", "11001", "10101", "10011", "10011", "10001"),
    "D": ("11110", "10001", "10001", "10001", "10001", "10001", "11110"),
    "O": ("01110", "10001", "10001", "10001", "10001", "10001", "01110"),
    "S": ("01111", "10000", "10000", "01110", "00001", "00001", "11110"),
}


def title_card(path: Path) -> None:
    """WINDOWS in lit panes across a facade; one pane is not home, and there is a cat in it."""
    width, height = 1440, 810
    wall = paint_of(image(facade()).resize((width, 1800)).crop((0, 0, width, height))) * 0.55
    base = image(wall)
    pen = ImageDraw.Draw(base)
    pen.rectangle((0, 250, width, height), fill=tint("#17162f"))
    pen.rectangle((0, 244, width, 252), fill=tint("#2a2950"))
    light = Image.new("RGB", (width, height))
    lamp = ImageDraw.Draw(light)
    rng = np.random.default_rng(9)
    lit = _lit_cells()
    dark_home = (41, 6)
    for row in range(14):
        for column in range(47):
            x, y = 24 + column * 29.8, 278 + row * 37
            pane = (x, y, x + 20, y + 26)
            if (column, row) == dark_home:
                _cat(pen, pane)
            elif (column, row) in lit:
                level = 0.82 + 0.18 * rng.random()
                shade = tuple(
                    int(part * level) for part in tint(("#ffd27a", "#ffe3a6", "#fbc06a")[int(rng.integers(3))])
                )
                for layer in (pen, lamp):
                    layer.rectangle(pane, fill=shade)
                pen.rectangle((x, y, x + 6 * rng.random() + 2, y + 26), fill=tuple(int(part * 0.8) for part in shade))
            else:
                pen.rectangle(pane, fill=tint("#201f40") if rng.random() > 0.02 else tint("#4a4266"))
    glow = paint_of(image(paint_of(light)).resize((360, 203)).resize((width, height), Image.Resampling.BICUBIC))
    words = Image.new("L", (width, height))
    set_line(
        words,
        lettering("EVERYONE IS AWAKE SOMEWHERE", height=30, squeeze=0.72, weight=0.02, track=0.2),
        width / 2,
        118,
        anchor=0.5,
    )
    set_line(words, lettering("episode one", height=20, squeeze=0.8, track=0.16), width / 2, 172, anchor=0.5)
    save(grain(over(paint_of(base) + glow * 0.3, "#f6ead0", mask_of(words)), 3.5, 4), path, colours=160)


def _lit_cells() -> set[tuple[int, int]]:
    cells: set[tuple[int, int]] = set()
    column = 4
    for letter in "WINDOWS":
        glyph = GLYPHS[letter]
        cells |= {(column + x, 3 + y) for y, line in enumerate(glyph) for x, dot in enumerate(line) if dot == "1"}
        column += len(glyph[0]) + 1
    return cells


def _cat(pen: ImageDraw.ImageDraw, pane: tuple[float, float, float, float]) -> None:
    x, y, right, foot = pane
    pen.rectangle(pane, fill=tint("#2b2a4c"))
    pen.ellipse((x + 5, y + 12, right - 4, foot + 2), fill=tint("#0b0b18"))
    pen.ellipse((x + 6, y + 5, x + 15, y + 14), fill=tint("#0b0b18"))
    for ear in (6, 12):
        pen.polygon([(x + ear, y + 8), (x + ear + 1.5, y + 2), (x + ear + 4, y + 7)], fill=tint("#0b0b18"))
    for eye in (8.5, 12):
        pen.point((x + eye, y + 9), fill=tint("#f7e08a"))
