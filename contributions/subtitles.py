"""Subtitles as plain words with times: read from WebVTT or SRT, written as WebVTT. No Django, no file access.

What an artist sends is never served: it is read into cues, and the cues are written anew. Styles, regions,
positions, comments and markup are left out on the way, so that nothing but words and times comes through.
Times are in milliseconds. Sources: the WebVTT specification of the W3C; SRT as players have long read it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 1024 * 1024
MOST_CUES: Final = 10_000
LONGEST_CUE: Final = 1000
LAST_MS: Final = 24 * 3600 * 1000

TIME: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
TIMING: Final = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(?:\s.*)?")
VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
TAG: Final = re.compile(r"<[^>]*>")
OVERRIDE: Final = re.compile(r"\{\\[^}]*\}")
# Everything below a space but the line break, and the controls above ASCII.
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
LEFT_OUT: Final = ("NOTE", "STYLE", "REGION")
MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(Exception):
    """These are no subtitles that can be taken. `code` names why; `line` counts from 1, 0 for the whole file."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} in line {line}" if line else code)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class Cue:
    """Words from one moment to another. `text` is plain, with line breaks where the artist made them."""

    start_ms: int
    end_ms: int
    text: str


def decoded(content: bytes) -> str:
    """The text of a file. Raises Unreadable for one that is too large or is no Unicode."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too-large")
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", content.count(b"\n", 0, error.start) + 1) from error


def parse(text: str) -> list[Cue]:
    """The cues of WebVTT or SRT in the order of their beginnings. Raises Unreadable for anything else."""
    cues: list[Cue] = []
    for number, block in _blocks(text):
        if len(cues) >= MOST_CUES:
            raise Unreadable("too-many", number)
        cue = _cue(number, block)
        if cue is not None:
            cues.append(cue)
    if not cues:
        raise Unreadable("empty")
    return sorted(cues, key=lambda cue: cue.start_ms)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """What stands between blank lines, each with the number of its first line."""
    block: list[str] = []
    number = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield number - len(block) + 1, block


def _cue(number: int, block: list[str]) -> Cue | None:
    """The cue of a block; None for the heading of a file, for what is left out, and for a cue without words."""
    first = block[0].lstrip("\ufeff").split(maxsplit=1)[0]
    at = next((at for at, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        if first in LEFT_OUT or (first == "WEBVTT" and number == 1):
            return None
        raise Unreadable("no-time", number)
    timing = TIMING.fullmatch(block[at])
    if timing is None:
        raise Unreadable("time", number + at)
    start_ms, end_ms = (_milliseconds(timing.groups()[place : place + 4], number + at) for place in (0, 4))
    if end_ms <= start_ms:
        raise Unreadable("backwards", number + at)
    words = plain("\n".join(block[at + 1 :]))
    if len(words) > LONGEST_CUE:
        raise Unreadable("too-long", number + at + 1)
    return Cue(start_ms, end_ms, words) if words else None


def _milliseconds(parts: tuple[str | None, ...], line: int) -> int:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    if minutes > 59 or seconds > 59:
        raise Unreadable("time", line)
    whole = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((parts[3] or "").ljust(3, "0"))
    if whole > LAST_MS:
        raise Unreadable("time", line)
    return whole


def plain(payload: str) -> str:
    """The words of a cue: a voice becomes its name with a colon, all other markup goes, entities become letters."""
    payload = TAG.sub("", OVERRIDE.sub("", VOICE.sub(lambda voice: f"{voice[1].strip()}: ", payload)))
    lines = (" ".join(line.split()) for line in CONTROL.sub(" ", html.unescape(payload)).split("\n"))
    return "\n".join(line for line in lines if line)


def written(cues: Iterable[Cue]) -> str:
    """The cues as WebVTT. No cue can hold markup, a blank line or an arrow, so none can end early."""
    blocks = (f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{_escaped(cue.text)}\n" for cue in cues)
    return "\n".join(["WEBVTT\n", *blocks])


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
