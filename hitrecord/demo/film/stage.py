"""What all films share: size, rate, easing, grain, and the loop that turns scenes into a file."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from hitrecord.demo.art.canvas import Paint
from hitrecord.demo.encoding import Frame, write_film
from hitrecord.demo.sound.dsp import Stereo

SIZE = (960, 540)
RATE = 15

Scene = Callable[[float], Paint]


def ease(moment: float, start: float, end: float) -> float:
    """0 before `start`, 1 after `end`, gently in between."""
    part = min(1.0, max(0.0, (moment - start) / (end - start)))
    return part * part * (3 - 2 * part)


@lru_cache(maxsize=2)
def _grains(amount: float) -> tuple[Paint, ...]:
    rng = np.random.default_rng(1)
    return tuple(rng.normal(0, amount, (SIZE[1], SIZE[0], 1)).astype(np.float32) for _ in range(5))


@lru_cache(maxsize=1)
def _vignette() -> Paint:
    y, x = np.mgrid[-1 : 1 : SIZE[1] * 1j, -1 : 1 : SIZE[0] * 1j]  # type: ignore[misc]  # numpy's own slice of complex steps
    return np.asarray(np.clip(1.06 - 0.22 * (x * x + y * y), 0, 1)[..., None], np.float32)


def developed(paint: Paint, number: int, *, level: float = 1.0, amount: float = 1.8) -> Frame:
    """Vignette, exposure and grain, then eight bits."""
    out = paint * (_vignette() * np.float32(level))
    out += _grains(amount)[number % 5]
    np.clip(out, 0, 255, out=out)
    return out.astype(np.uint8)


def run(
    scene: Scene, seconds: float, *, rate: int = RATE, fade_in: float = 0.4, fade_out: float = 0.6
) -> Iterator[Frame]:
    for number in range(round(seconds * rate)):
        moment = number / rate
        level = ease(moment, -0.01, fade_in) * (1 - ease(moment, seconds - fade_out, seconds))
        yield developed(scene(moment), number, level=level)


def film(path: Path, frames: Iterator[Frame], sound: Stereo, *, rate: int = RATE) -> None:
    write_film(path, frames, size=SIZE, rate=rate, sound=sound)
