"""The Night Ferry, short cut: the scenes of its cue sheet in order, with the waltz from the letter to the end."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from hitrecord.demo.art.canvas import Field, Paint, mask_of, rgb
from hitrecord.demo.art.ferry import night
from hitrecord.demo.art.letterer import title_mask
from hitrecord.demo.encoding import Frame
from hitrecord.demo.film import beam, ferry, letter, road
from hitrecord.demo.film.stage import RATE as FRAMES
from hitrecord.demo.film.stage import SIZE, Scene, developed, ease, film
from hitrecord.demo.sound.dsp import RATE, Stereo, add, fade, silence
from hitrecord.demo.sound.places import harbour_mix
from hitrecord.demo.sound.voices import through_steel
from hitrecord.demo.sound.waltz import motor, waltz_mix

SECONDS = 24.0


def _scenes() -> tuple[tuple[float, float, Scene], ...]:
    """(start, end, scene) as the cue sheet has them; each scene is asked for its own time."""
    return (
        (0.0, 4.5, ferry.harbour),
        (4.5, 9.0, letter.scene(from_second=0.6, speed=1.6)),
        (9.0, 12.0, lambda moment: beam.turning(moment + 0.4)),
        (12.0, 15.0, lambda moment: road.drive(moment + 3.6)),
        (15.0, 21.0, lambda moment: ferry.crossing(moment + 3.0)),
        (21.0, 24.0, title),
    )


def night_ferry(path: Path) -> None:
    film(path, _frames(), _sound())


def _frames() -> Iterator[Frame]:
    number = 0
    for start, end, scene in _scenes():
        while number < round(end * FRAMES):
            moment = number / FRAMES
            level = ease(moment, start - 0.01, start + 0.3) * (1 - ease(moment, end - 0.25, end))
            yield developed(scene(moment - start), number, level=level)
            number += 1


@lru_cache(maxsize=1)
def _letters() -> Field:
    out = np.zeros((SIZE[1], SIZE[0]), np.float32)
    plate = title_mask()
    tall = 356
    wide = round(plate.width * tall / plate.height)
    small = mask_of(plate.resize((wide, tall)))
    left = (SIZE[0] - wide) // 2
    out[70 : 70 + tall, left : left + wide] = small
    return out


def title(moment: float) -> Paint:
    """Alice's letters on the empty sea; the light goes over them once and leaves them lit."""
    paint = night(*SIZE, ferry.HORIZON).copy()
    ferry.water(paint, moment)
    x = np.arange(SIZE[0], dtype=np.float32)[None, :]
    front = -200 + moment * 900
    passed = np.clip((front - x) / 180, 0, 1)
    edge = np.exp(-(((x - front) / 120) ** 2))
    ink = rgb("#f2573f") + (rgb("#f6eedc") - rgb("#f2573f")) * (0.55 + 0.45 * passed)[..., None]
    mask = (_letters() * (0.16 + 0.84 * passed))[..., None]
    paint += (ink + edge[..., None] * 60 - paint) * mask
    return np.asarray(paint + (edge * 20)[..., None] * np.array([1, 0.92, 0.72]), np.float32)


def _sound() -> Stereo:
    """The harbour under everything; the waltz enters at its own sixth second, so that bar nine falls on the crossing."""
    mix = silence(SECONDS)
    add(mix, harbour_mix(26)[: len(mix)], 0, 0.42)
    add(mix, letter.scratching(4.0), 4.7, 0.5)
    add(mix, fade(through_steel()[round(0.8 * RATE) : round(4.6 * RATE)], 0.3, 0.6), 4.9, 0.6)
    add(mix, motor(3.0), 9.0, 0.16)
    add(mix, fade(waltz_mix()[6 * RATE : 24 * RATE], 1.6, 2.4), 6.0, 0.72)
    return fade(np.clip(mix, -0.98, 0.98), 0.4, 1.2)
