"""Seeded pictures, sounds, films and texts, each unlike the others, for the bench of fingerprints."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from hitrecord.demo.art.canvas import cloud, image
from hitrecord.demo.encoding import write_film, write_sound
from hitrecord.demo.sound.dsp import RATE, Stereo
from hitrecord.demo.works import WORKS
from hitrecord.demo.works.spec import Work

#: Works of the demo that take long to draw, or are cut from another's scenes.
LEFT_OUT = {"night-ferry-film"}
SYLLABLES = "ba do ke li mu na po ra si tu ve wo ze cha fri gla ster mond wen thal or in el as um".split()  # noqa: SIM905  a list of strings reads worse
SMALL_WORDS = "the a of to and in that it was her his with for on at by from as but not when so".split()  # noqa: SIM905  as above
PHRASES = (
    "once upon a time there was",
    "at the end of the day",
    "all rights reserved by the author",
    "the rest of the night we",
)
FILM_SIZE, FILM_RATE = (480, 270), 12


def of_the_demo(medium: str) -> list[Work]:
    """The demo's works of one medium."""
    return [work for work in WORKS if work.medium == medium and work.key not in LEFT_OUT]


def picture(seed: int) -> Image.Image:
    """A ground of clouds and a gradient, and shapes upon it."""
    rng = np.random.default_rng(seed)
    width, height = int(rng.integers(700, 1300)), int(rng.integers(600, 1000))
    soft = cloud(width, height, int(rng.integers(60, 400)), seed)[..., None]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    first, second, third = (rng.integers(0, 255, 3).astype(np.float32) for _ in range(3))
    ground = image(first * (1 - down) + second * down + (soft - 0.5) * third * float(rng.uniform(0.3, 1.5)))
    draw = ImageDraw.Draw(ground)
    for _ in range(int(rng.integers(2, 14))):
        colour = tuple(int(part) for part in rng.integers(0, 255, 3))
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        reach = int(rng.integers(30, 350))
        shape = int(rng.integers(0, 4))
        if shape == 0:
            draw.ellipse((x - reach, y - reach // 2, x + reach, y + reach // 2), fill=colour)
        elif shape == 1:
            draw.rectangle((x, y, x + reach, y + int(rng.integers(20, 400))), fill=colour)
        elif shape == 2:
            corners = [(x + int(rng.integers(-reach, reach)), y + int(rng.integers(-reach, reach))) for _ in range(4)]
            draw.polygon(corners, fill=colour)
        else:
            end = (int(rng.integers(0, width)), int(rng.integers(0, height)))
            draw.line((x, y, *end), fill=colour, width=int(rng.integers(2, 24)))
    return ground


def tones(seed: int, seconds: float) -> Stereo:
    """A tune over chords and a beat, in a key, tempo and colour of its own."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE), np.float64)
    scale = np.array([0, 2, 4, 5, 7, 9, 11] if rng.random() < 0.5 else [0, 2, 3, 5, 7, 8, 10])
    root, beat = 110 * 2 ** (rng.integers(0, 12) / 12), float(rng.uniform(0.28, 0.7))
    colour = rng.uniform(0.1, 1, 6) / np.arange(1, 7)
    at = 0.0
    while at < seconds - 1:
        degrees = rng.choice(scale, 3, replace=False)
        for degree, octave, level in ((degrees[0], 0, 0.5), (degrees[1], 1, 0.3), (degrees[2], 2, 0.5)):
            length = beat * int(rng.integers(1, 4))
            note(out, at, length, root * 2 ** (octave + degree / 12), colour * level)
        if rng.random() < 0.7:
            hit = rng.normal(0, 0.25, RATE // 12) * np.exp(-np.linspace(0, 6, RATE // 12))
            out[int(at * RATE) : int(at * RATE) + hit.size] += hit
        at += beat * int(rng.integers(1, 3))
    out += rng.normal(0, 0.004, out.size)
    out /= max(1.0, float(np.abs(out).max()) / 0.8)
    return np.stack([out, np.roll(out, 60)], axis=1).astype(np.float32)


def note(out: np.ndarray, at: float, length: float, pitch: float, colour: np.ndarray) -> None:
    """Add one note with its overtones."""
    begin = int(at * RATE)
    time = np.arange(min(int(length * RATE), out.size - begin)) / RATE
    shape = np.minimum(1, time * 60) * np.exp(-time * 2.5)
    for number, level in enumerate(colour, 1):
        out[begin : begin + time.size] += level * shape * np.sin(2 * np.pi * pitch * number * time)


def sound(path: Path, seed: int) -> Path:
    """A recording of 25 to 50 seconds."""
    write_sound(path, tones(seed, 25 + seed % 26))
    return path


def film(path: Path, seed: int) -> Path:
    """Scenes of some seconds, each a slow look across a picture of its own, with a sound."""
    seconds = 20 + seed % 10
    write_film(path, _frames(seed, seconds), size=FILM_SIZE, rate=FILM_RATE, sound=tones(seed + 5000, seconds))
    return path


def _frames(seed: int, seconds: int) -> Iterator[np.ndarray]:
    chance = random.Random(seed)
    left = seconds * FILM_RATE
    while left > 0:
        still = picture(seed * 100 + left)
        length = min(left, chance.randrange(2, 6) * FILM_RATE)
        wide, drift, fall = chance.uniform(0.5, 0.8), chance.uniform(0, 1), chance.uniform(0, 1)
        for number in range(length):
            part = wide - 0.15 * number / length
            x = (still.width * (1 - part)) * abs(drift - number / length)
            y = (still.height * (1 - part)) * fall
            box = (x, y, x + still.width * part, y + still.height * part)
            yield np.asarray(still.resize(FILM_SIZE, Image.Resampling.BILINEAR, box=box))
        left -= length


def text(seed: int) -> str:
    """Some hundred words in sentences, with phrases now and then that everybody uses."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randrange(1, 4))) for _ in range(400)]
    paragraphs = []
    for _ in range(chance.randrange(3, 9)):
        sentences = []
        for _ in range(chance.randrange(2, 7)):
            words = [chance.choice(SMALL_WORDS if chance.random() < 0.45 else vocabulary) for _ in range(12)]
            if chance.random() < 0.08:
                words[:0] = chance.choice(PHRASES).split()
            sentences.append(" ".join(words).capitalize() + ".")
        paragraphs.append(" ".join(sentences))
    return "\n\n".join(paragraphs)
