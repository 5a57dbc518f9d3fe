"""What every hand shares. A `Field` is a float array (h, w), a `Paint` (h, w, 3) in 0..255."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Field = npt.NDArray[np.float32]
Paint = npt.NDArray[np.float32]
Point = tuple[float, float]


def rgb(code: str) -> Paint:
    code = code.lstrip("#")
    return np.array([int(code[at : at + 2], 16) for at in (0, 2, 4)], np.float32)


def tint(code: str) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in rgb(code))
    return red, green, blue


def plain(width: int, height: int, code: str) -> Paint:
    return np.broadcast_to(rgb(code), (height, width, 3)).copy()


def sky(width: int, height: int, stops: list[tuple[float, str]]) -> Paint:
    """A vertical gradient through (place, colour) stops."""
    down = np.linspace(0, 1, height)
    places = [place for place, _ in stops]
    colours = np.array([rgb(code) for _, code in stops])
    column = np.stack([np.interp(down, places, colours[:, k]) for k in range(3)], 1).astype(np.float32)
    return np.repeat(column[:, None, :], width, 1)


def cloud(width: int, height: int, cell: int, seed: int, octaves: int = 4) -> Field:
    """Smooth noise around 0.5, from blobs of `cell` pixels down to finer ones."""
    out = np.zeros((height, width), np.float32)
    weight, total = 1.0, 0.0
    for octave in range(octaves):
        size = max(2, cell >> octave)
        coarse = np.random.default_rng(seed + octave * 7).random((height // size + 4, width // size + 4))
        big = Image.fromarray(coarse.astype(np.float32))
        big = big.resize((big.width * size, big.height * size), Image.Resampling.BICUBIC)
        out += np.float32(weight) * np.asarray(big, np.float32)[size : size + height, size : size + width]
        total += weight
        weight /= 2
    return out / np.float32(total)


def grain(paint: Paint, amount: float, seed: int) -> Paint:
    """Film or paper grain, the same in all three colours."""
    height, width = paint.shape[:2]
    return paint + np.random.default_rng(seed).normal(0, amount, (height, width, 1)).astype(np.float32)


def image(paint: Paint) -> Image.Image:
    return Image.fromarray(np.clip(paint, 0, 255).astype(np.uint8))


def paint_of(picture: Image.Image) -> Paint:
    return np.asarray(picture.convert("RGB"), np.float32)


def mask_of(picture: Image.Image) -> Field:
    """How much ink: 0 none, 1 full, from a drawing in white on black."""
    return np.asarray(picture.convert("L"), np.float32) / np.float32(255)


def blur(picture: Image.Image, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def over(paint: Paint, ink: str | Paint, mask: Field) -> Paint:
    """Opaque ink through a mask."""
    colour = rgb(ink) if isinstance(ink, str) else ink
    return paint + (colour - paint) * mask[..., None]


def multiply(paint: Paint, ink: str, mask: Field) -> Paint:
    """Transparent printing ink: what is below shows through."""
    return np.asarray(paint * (1 - mask[..., None] * (1 - rgb(ink) / np.float32(255))), np.float32)


def save(picture: Image.Image | Paint, path: Path, *, colours: int = 0) -> None:
    """By suffix. A PNG with few colours is stored with a palette, which keeps prints small."""
    out = picture if isinstance(picture, Image.Image) else image(picture)
    out = out.convert("RGB")
    if path.suffix == ".jpg":
        out.save(path, quality=86, optimize=True, progressive=True)
    elif path.suffix == ".webp":
        out.save(path, quality=84, method=4)
    elif colours:
        out.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
    else:
        out.save(path, compress_level=6)


@lru_cache(maxsize=256)
def _letter(character: str, size: int, weight: int) -> Image.Image:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so there is no scalable face")
    left, _, right, _ = font.getbbox(character, stroke_width=weight)
    ascent, descent = font.getmetrics()
    box = Image.new("L", (max(1, round(right - left)), ascent + descent + 2 * weight))
    ImageDraw.Draw(box).text((-left, weight), character, font=font, fill=255, stroke_width=weight)
    return box


def lettering(text: str, *, height: int, squeeze: float = 1.0, weight: float = 0.0, track: float = 0.0) -> Image.Image:
    """A line of letters as a mask, cropped to its ink and `height` pixels tall.

    The face is the one Pillow carries. `squeeze` narrows or widens it, `weight` fattens it and `track` spaces it,
    both in parts of the height.
    """
    size = 160
    boxes = [_letter(character, size, round(weight * size)) for character in text.replace(" ", "\u2009")]
    gap = round(track * size)
    space = round(size * 0.24)
    width = sum(space if character == " " else box.width for character, box in zip(text, boxes, strict=True))
    line = Image.new("L", (width + gap * len(text) + size, boxes[0].height))
    at = 0
    for character, box in zip(text, boxes, strict=True):
        if character == " ":
            at += space + gap
            continue
        line.paste(255, (at, 0), box)
        at += box.width + gap
    bounds = line.getbbox() or (0, 0, 1, 1)
    line = line.crop(bounds)
    scale = height / line.height
    return line.resize((max(1, round(line.width * scale * squeeze)), height), Image.Resampling.LANCZOS)


def set_line(mask: Image.Image, text: Image.Image, x: float, y: float, *, anchor: float = 0.0) -> None:
    """Put lettering into a mask; `anchor` 0 is left, 0.5 centred, 1 right."""
    mask.paste(255, (round(x - text.width * anchor), round(y)), text)


def blob(cx: float, cy: float, radius: float, seed: int, wobble: float = 0.08, points: int = 48) -> list[Point]:
    """A circle cut by hand."""
    rng = np.random.default_rng(seed)
    waves = [(rng.normal(0, wobble / k), rng.random() * 6.28, k) for k in range(2, 6)]
    out: list[Point] = []
    for step in range(points):
        angle = step / points * 2 * np.pi
        reach = radius * (1 + sum(size * np.sin(k * angle + phase) for size, phase, k in waves))
        out.append((cx + reach * np.cos(angle), cy + reach * np.sin(angle)))
    return out
