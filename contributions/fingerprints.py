"""Fingerprints: what they are, and when two works are alike. Pure: numbers in, numbers out.

A print is one 64 bit number taken of one place of a work: of a picture or a part of it, of one frame of a
film, of an eighth of a second of sound, of five words in a row. Pictures and frames are alike when few of
their bits differ; a bit set apart in four bands of sixteen finds them by equality, since few errors leave
one band whole or with a single error. Sounds and words are alike when many prints are equal; those of
sounds and frames must also be equally far apart in time, or else it is chance.

Places are milliseconds in frames, eighths of a second (see SOUND_STEP_MS) in sound, words in texts, and
in pictures the number of the part: 0 is the whole. A strength runs from 0 to 1,000.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

#: Raised when prints are taken differently, so that those taken before are taken again.
EDITION: Final = 1

BANDS: Final = 4
BAND_BITS: Final = 16
BAND_MASK: Final = (1 << BAND_BITS) - 1
WHOLE: Final = 0
SOUND_STEP_MS: Final = 124

STRONGEST: Final = 1000
#: Bits that may differ between two pictures, whole or in part, and between two frames.
PICTURE_BITS: Final = 10
FRAME_BITS: Final = 10
#: How many different prints must agree, and within how long a stretch of time.
FEWEST_FRAMES: Final = 3
FRAMES_BIN: Final = 1500
FEWEST_SOUNDS: Final = 6
SOUNDS_BIN: Final = 12
FEWEST_WORDS: Final = 3
#: More than this many agreeing prints make nothing more certain.
ENOUGH: Final = {"frames": 10, "sounds": 40, "words": 20}


class Kind(IntEnum):
    """What a print is of. EDITION marks a version as done, and by which edition of this module."""

    EDITION = 0
    PICTURE = 1
    FRAME = 2
    SOUND = 3
    TEXT = 4


class Print(NamedTuple):
    """One number at one place. `way` is 0 as the work is, others for ways to look at it: mirrored, higher, lower."""

    kind: int
    place: int
    value: int
    way: int = 0


class Hit(NamedTuple):
    """A stored print that met one that was asked for."""

    version: int
    way: int
    asked_place: int
    place: int
    value: int
    bits: int = 0


def signed(value: int) -> int:
    """A 64 bit number as PostgreSQL keeps it."""
    return value - (1 << 64) if value >> 63 else value


def distance(one: int, other: int) -> int:
    """How many of 64 bits differ; either may be signed."""
    return ((one ^ other) & ((1 << 64) - 1)).bit_count()


def bands(value: int) -> Iterator[tuple[int, int]]:
    """The four bands of a print, as (number, sixteen bits); band 0 holds the lowest bits."""
    for number in range(BANDS):
        yield number, (value >> (BAND_BITS * number)) & BAND_MASK


def neighbours(band: int) -> list[int]:
    """A band and all that differ from it in one bit."""
    return [band, *(band ^ (1 << bit) for bit in range(BAND_BITS))]


def spread(prints: list[Print], most: int) -> list[Print]:
    """At most so many of them, evenly from beginning to end."""
    if len(prints) <= most:
        return prints
    return [prints[number * len(prints) // most] for number in range(most)]


# -- how alike


def like_pictures(hits: Iterable[Hit]) -> dict[int, int]:
    """The strength for each version: by the fewest bits in which any of its parts differs."""
    best: dict[int, int] = {}
    for hit in hits:
        is_whole = hit.asked_place == hit.place == WHOLE
        if hit.bits <= PICTURE_BITS:
            strength = STRONGEST - (20 if is_whole else 30) * hit.bits - (0 if is_whole else 50)
            best[hit.version] = max(best.get(hit.version, 0), strength)
    return best


def like_frames(hits: Iterable[Hit]) -> dict[int, int]:
    """The strength for each version: by how many different frames follow each other in the same rhythm."""
    near = [hit for hit in hits if hit.bits <= FRAME_BITS]
    return _in_step(near, width=FRAMES_BIN, fewest=FEWEST_FRAMES, enough=ENOUGH["frames"])


def like_sounds(hits: Iterable[Hit]) -> dict[int, int]:
    """The strength for each version: by how many different sounds follow each other in the same rhythm."""
    return _in_step(hits, width=SOUNDS_BIN, fewest=FEWEST_SOUNDS, enough=ENOUGH["sounds"])


def fewest_words(asked: int) -> int:
    """How many runs of words must be the same; of a text so short that it has fewer, all."""
    return max(1, min(FEWEST_WORDS, asked))


def like_texts(hits: Iterable[Hit], asked: int) -> dict[int, int]:
    """The strength for each version: by how many different runs of words are the same."""
    met: dict[int, set[int]] = defaultdict(set)
    for hit in hits:
        met[hit.version].add(hit.value)
    fewest = fewest_words(asked)
    return {
        version: _strength(len(values), min(ENOUGH["words"], max(asked, 1)))
        for version, values in met.items()
        if len(values) >= fewest
    }


def _in_step(hits: Iterable[Hit], *, width: int, fewest: int, enough: int) -> dict[int, int]:
    """Hits that lie equally far apart in both works fall into one bin of the difference.

    Bins overlap by half, so that none is cut in two. Equal prints count once, as do equal places: a long
    tone or a still scene says the same thing many times.
    """
    bins: dict[tuple[int, int, int], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for hit in hits:
        half = 2 * (hit.place - hit.asked_place) // width
        for number in (half, half + 1):
            values, places = bins[hit.version, hit.way, number]
            values.add(hit.value)
            places.add(hit.asked_place)
    best: dict[int, int] = {}
    for (version, _way, _bin), (values, places) in bins.items():
        count = min(len(values), len(places))
        if count >= fewest:
            best[version] = max(best.get(version, 0), _strength(count, enough))
    return best


def _strength(count: int, enough: int) -> int:
    return min(STRONGEST, STRONGEST * count // enough)
