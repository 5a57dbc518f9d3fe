"""A short walk through an MP4's boxes, before any decoder is let near it.

Only what decides a refusal is read: the kinds of the tracks' samples, their declared picture size,
and how many samples there are. The walk follows one known path, so depth and count are bounded.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

PATH = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
PROTECTED = {"encv", "enca", "encs", "enct", "drmi", "drms"}
MOST_BOXES = 4096
LARGEST_STSD = 1 << 20


@dataclass
class Track:
    """One sample description."""

    kind: str
    width: int = 0
    height: int = 0
    samples: int = 0


def tracks_of(path: str) -> list[Track]:
    """Each track's first sample description; an empty list when there is no movie box."""
    with open(path, "rb") as file:
        end = file.seek(0, io.SEEK_END)
        found: list[Track] = []
        _walk(file, 0, end, 0, found)
        return found


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, body start, body end) of each box between two places."""
    at = start
    for _ in range(MOST_BOXES):
        if at + 8 > end:
            return
        file.seek(at)
        header = file.read(16)
        size = int.from_bytes(header[:4], "big")
        body = at + 8
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
            body = at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            return
        yield header[4:8], body, min(at + size, end)
        at += size


def _walk(file: BinaryIO, start: int, end: int, depth: int, found: list[Track]) -> None:
    for kind, body, body_end in _boxes(file, start, end):
        if len(found) > 64:
            return
        if kind == b"stsz" and depth == len(PATH) - 1 and found:
            file.seek(body + 8)
            found[-1].samples = int.from_bytes(file.read(4), "big")
        elif kind != PATH[depth]:
            continue
        elif kind == b"stsd":
            file.seek(body)
            track = _description(file.read(min(body_end - body, LARGEST_STSD)))
            if track is not None:
                found.append(track)
        else:
            _walk(file, body, body_end, depth + 1, found)


def _description(data: bytes) -> Track | None:
    """The first entry of an stsd box: a type, and for pictures a size."""
    entry = data[8:]
    if len(entry) < 16:
        return None
    return Track(
        kind=entry[4:8].decode("latin-1"),
        width=int.from_bytes(entry[32:34], "big"),
        height=int.from_bytes(entry[34:36], "big"),
    )
