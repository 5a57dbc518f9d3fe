"""Takes fingerprints of our own renditions, inside the sandbox: of a picture and of a film's frames.

What it says is numbers alone: {"prints": [[place, value, way], …]}, the values without a sign.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from contributions.transcoding.box.saying import refuse, say

Field = npt.NDArray[np.float64]

# A picture is looked at in 32 by 32; of its waves, the 64 longest make the print.
SIDE = 32
BITS = 64
# Below this spread of grey there is nothing to tell one picture from another by.
PLAIN = 3.0
# Waves weaker than this part of the average are noise, and count as none; with too few others no print is taken.
FAINT = 0.05
FEWEST_WAVES = 20
# Parts of a picture: so much of its width and height, at so many places along and down. Whoever cuts a quarter
# away may keep any corner of the rest, and two parts are alike only when they lie within a few hundredths.
PARTS = ((0.9, 3), (0.75, 5))
# Frames that differ less from the last one kept are the same scene, standing still.
SAME_SCENE = 2


def main(order: dict[str, Any]) -> None:
    """{"task": "picture" or "frames", "step_ms"} on the file "upload"."""
    try:
        if order["task"] == "picture":
            say(prints=list(of_picture("upload")))
        else:
            say(prints=list(of_frames("upload", order["step_ms"])))
    except MemoryError:
        refuse("too-heavy", "out of memory")


# -- pictures


def of_picture(path: str) -> Iterator[tuple[int, int, int]]:
    """The whole and 34 parts of it, each as it is and mirrored."""
    from PIL import Image

    from contributions.transcoding.box.pictures import flattened

    with Image.open(path, formats=["WEBP", "JPEG", "PNG"]) as opened:
        grey = flattened(opened.convert("RGBA")).convert("L")
    for number, box in enumerate(boxes(*grey.size)):
        small = np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box), np.float64)
        for way, value in enumerate(values_of(small)):
            yield number, value, way


def boxes(width: int, height: int) -> Iterator[tuple[float, float, float, float]]:
    """The whole picture, then its parts: left, top, right, bottom."""
    yield 0, 0, width, height
    for part, places in PARTS:
        left_over = (1 - part) / (places - 1)
        for down in range(places):
            for along in range(places):
                left, top = along * left_over * width, down * left_over * height
                yield left, top, left + part * width, top + part * height


@cache
def waves() -> tuple[Field, list[tuple[int, int]]]:
    """The nine longest cosines over 32 points, and the 64 longest pairs of them but for the constant one."""
    at = np.arange(SIDE)
    cosines = np.cos(np.pi * np.arange(9)[:, None] * (2 * at + 1) / (2 * SIDE))
    pairs = sorted(((u, v) for u in range(9) for v in range(9)), key=lambda pair: (pair[0] ** 2 + pair[1] ** 2, pair))
    return cosines, pairs[1 : BITS + 1]


def values_of(grey: Field) -> list[int]:
    """The print of a 32 by 32 picture and that of its mirror image; none of a plain one."""
    if float(grey.std()) < PLAIN:
        return []
    cosines, pairs = waves()
    strengths = cosines @ grey @ cosines.T
    chosen = np.array([strengths[pair] for pair in pairs])
    faint = FAINT * float(np.abs(chosen).mean())
    if int((np.abs(chosen) > faint).sum()) < FEWEST_WAVES:
        return []
    # A mirror turns every second wave from left to right upside down.
    turned = chosen * np.array([-1 if along % 2 else 1 for _down, along in pairs])
    return [packed(chosen > faint), packed(turned > faint)]


def packed(bits: npt.NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


# -- films


def of_frames(path: str, step_ms: int) -> Iterator[tuple[int, int, int]]:
    """A frame every `step_ms`, but for those of a scene that stands still; and, as another way, those half between.

    An excerpt may begin anywhere, and in a quick movement a quarter of a second is a long time.
    """
    import av

    last: int | None = None
    due = number = 0
    with av.open(path, format="mov", options={"protocol_whitelist": "file"}) as film:
        stream = film.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in film.decode(stream):
            at_ms = int((frame.time or 0) * 1000)
            if at_ms < due:
                continue
            number = 2 * at_ms // step_ms
            due = (number + 1) * step_ms // 2
            small = frame.reformat(width=SIDE, height=SIDE, format="gray", interpolation="AREA").to_ndarray()
            values = values_of(small.astype(np.float64))
            if values and (last is None or (values[0] ^ last).bit_count() > SAME_SCENE):
                last = values[0]
                yield at_ms, last, number % 2
