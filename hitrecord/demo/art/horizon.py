"""Soledad: mountains before breakfast, and iron and sunlight afterwards."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import (
    Field,
    Paint,
    blur,
    cloud,
    grain,
    mask_of,
    over,
    plain,
    rgb,
    save,
    sky,
)  # fmt: skip


def skyline(width: int, seed: int, rough: float) -> Field:
    """A ridge from 0 (valley) to 1 (summit): large shoulders, then teeth."""
    rng = np.random.default_rng(seed)
    x = np.arange(width)
    out = np.zeros(width)
    for octave, cell in enumerate((340, 170, 84, 40, 18, 8)):
        knots = rng.random(width // cell + 3)
        # A ridge is what is left when the noise is folded: summits are sharp and valleys are round.
        folded = 1 - np.abs(2 * np.interp(x / cell, np.arange(len(knots)), knots) - 1)
        out += folded * (rough**octave)
    return np.asarray((out - out.min()) / np.ptp(out), np.float32)


def dawn(width: int = 1500, height: int = 1000) -> Paint:
    paint = sky(
        width,
        height,
        [(0, "#2c4272"), (0.22, "#6f6f9c"), (0.38, "#c48f98"), (0.5, "#f3b48d"), (0.6, "#fbdcae"), (1, "#fbdcae")],
    )
    veil = cloud(width, height, 520, 3, 3)
    streak = (
        np.asarray(
            Image.fromarray((veil * 255).astype(np.uint8)).resize((width // 6, height)).resize((width, height)),
            np.float32,
        )
        / 255
    )
    paint += (np.clip(streak - 0.52, 0, 1) * 150)[..., None] * np.array([1, 0.62, 0.5], np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    layers = (
        (520, 170, "#b796a4"),
        (610, 190, "#8f7c98"),
        (700, 200, "#655f87"),
        (800, 210, "#3f466f"),
        (930, 230, "#182140"),
    )
    for number, (base, rise, colour) in enumerate(layers):
        top = (base - skyline(width, 40 + number, 0.52) * rise)[None, :]
        inside = np.clip(y - top, 0, 1)
        mist = np.exp(-np.clip(y - top, 0, None) / 26) * 0.10 + np.clip((y - top) / 300, 0, 1) * 0.42 * (number < 4)
        tone = rgb(colour) + (rgb("#f0c0a0") - rgb(colour)) * mist[..., None]
        tone = tone * (0.96 + 0.08 * cloud(width, height, 34, 70 + number, 2))[..., None]
        paint = paint + (tone - paint) * inside[..., None]
    return paint


def ridge(path: Path) -> None:
    save(grain(dawn(), 4.5, 1), path)


def eleven_moons(path: Path) -> None:
    """A cyanotype: brushed edges, eleven phases on an arc, salt where the paper dried first."""
    width, height = 1200, 900
    big = Image.new("L", (width * 2, height * 2))
    pen = ImageDraw.Draw(big)
    for number in range(11):
        angle = np.pi * (0.10 + 0.80 * number / 10)
        x = width - 880 * np.cos(angle) * 0.58 - 600
        y = 690 - 470 * np.sin(angle)
        _moon(pen, (x * 2, y * 2), 76, number / 10)
    moons = mask_of(blur(big, 2).resize((width, height), Image.Resampling.LANCZOS))
    sea = np.arange(height, dtype=np.float32)[:, None] * np.ones((1, width), np.float32)
    crater = cloud(width, height, 26, 5, 3)
    light = np.clip(moons * (0.78 + 0.45 * (crater - 0.3)), 0, 1)
    bars = (
        np.clip(np.sin(sea * 0.55 + cloud(width, height, 60, 9) * 16) - 0.55, 0, 1)
        * (sea > 742)
        * np.exp(-(((np.arange(width) - 600) / 210) ** 2))[None, :]
    )
    blue = (
        rgb("#0f2f63")
        + (rgb("#2e63a6") - rgb("#0f2f63"))
        * np.clip(cloud(width, height, 380, 6) * 1.3 - 0.25 + sea[..., None].squeeze() / height * 0.3, 0, 1)[..., None]
    )
    blue = blue + (rgb("#e9eef0") - blue) * np.clip(light + bars * 1.2, 0, 1)[..., None]
    paper = plain(width, height, "#efebe0")
    paint = over(paper, blue, _brushed(width, height))
    save(grain(paint, 4.0, 12), path)


def _moon(pen: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, phase: float) -> None:
    """From new (an outline of earthshine) to full, lit from the right."""
    x, y = centre
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=34)
    steps = np.linspace(-np.pi / 2, np.pi / 2, 60)
    limb = [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in steps]
    edge = [(x + radius * np.cos(a) * (1 - 2 * phase), y + radius * np.sin(a)) for a in reversed(steps)]
    if phase > 0.02:
        pen.polygon(limb + edge, fill=240)


def _brushed(width: int, height: int) -> Field:
    """Where the sensitiser was brushed on: dry bristles at both ends of each stroke."""
    mask = Image.new("L", (width, height))
    pen = ImageDraw.Draw(mask)
    rng = np.random.default_rng(8)
    for row in range(44, height - 44, 5):
        pen.line((44 + abs(rng.normal(0, 16)), row, width - 44 - abs(rng.normal(0, 18)), row), fill=255, width=8)
    return mask_of(blur(mask, 1.2))
