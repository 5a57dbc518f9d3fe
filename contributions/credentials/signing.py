"""Signs files: the library works in the sandbox, the key stays here.

The child says what is to be signed, and the signature is laid into its box. One child signs all files
of a work, so that the library is loaded once.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contributions.credentials.keys import Chain
from contributions.transcoding import Failed, Refused
from contributions.transcoding.sandbox import Bounds, messages, run_python

# By content; what the library can carry credentials in and the site makes or takes.
SUFFIXES: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/flac": ".flac",
}
ALIASES: Final = {
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "image/jpg": "image/jpeg",
}
MB: Final = 1_000_000
# The words to be signed are a digest with its frame; nothing longer is a claim of ours.
MOST_TO_SIGN: Final = 16_384


class SigningFailed(Exception):
    """The file cannot be signed; its text is for the log."""


@dataclass(frozen=True)
class Ingredient:
    """A source's signed file, whose manifest goes along."""

    path: Path
    mime: str
    told: dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """One file to sign, and what to say of it."""

    path: Path
    mime: str
    manifest: dict[str, Any]
    ingredients: list[Ingredient] = field(default_factory=list)


@dataclass(frozen=True)
class Signed:
    """A signed copy, verified against our root."""

    path: Path
    credentials_bytes: int


def plain(mime: str) -> str:
    """A type by the one name under which we know it."""
    return ALIASES.get(mime, mime)


def can_sign(mime: str) -> bool:
    """Whether files of this type can carry credentials; Ogg, WebM and text cannot."""
    return plain(mime) in SUFFIXES


def sign(wishes: list[Wish], *, chain: Chain, folder: Path) -> list[Signed]:
    """A signed copy of each file, in `folder`, which is the caller's. Raises SigningFailed if any fails."""
    if not wishes:
        return []
    with _box(folder) as box:
        order = {"certificates": chain.certificates, "root": chain.root, "files": _lay_out(wishes, box)}
        (box / "order.json").write_text(json.dumps(order), encoding="utf-8")
        try:
            done = _obey(box, _bounds(wishes), chain, len(wishes))
        except (Refused, Failed) as error:
            raise SigningFailed(str(error)) from error
        except (KeyError, TypeError, ValueError) as error:
            raise SigningFailed(f"the library said something odd: {error!r}") from error
        return [_take_out(box, number, wish, done, folder) for number, wish in enumerate(wishes)]


@contextmanager
def _box(folder: Path) -> Iterator[Path]:
    box = folder / f"signing-{uuid.uuid4().hex[:8]}"
    box.mkdir(mode=0o700, parents=True)
    try:
        yield box
    finally:
        shutil.rmtree(box, ignore_errors=True)


def _lay_out(wishes: list[Wish], box: Path) -> list[dict[str, Any]]:
    """Put every file into the box under a number, each source's only once; the order names them by it."""
    names: dict[Path, str] = {}

    def put(path: Path) -> str:
        if path not in names:
            names[path] = f"file-{len(names)}"
            try:
                os.link(path.resolve(), box / names[path])
            except OSError:
                # Another disk, or a system that guards other people's files against links.
                shutil.copyfile(path, box / names[path])
        return names[path]

    return [
        {
            "source": put(wish.path),
            "mime": plain(wish.mime),
            "manifest": wish.manifest,
            "ingredients": [
                {"file": put(one.path), "mime": plain(one.mime), "told": one.told} for one in wish.ingredients
            ],
        }
        for wish in wishes
    ]


def _bounds(wishes: list[Wish]) -> Bounds:
    """Some formats are held in memory whole, and every byte is hashed; more than that is an attack."""
    largest = max(path.stat().st_size for wish in wishes for path in _files_of(wish))
    whole = sum(path.stat().st_size for wish in wishes for path in _files_of(wish))
    seconds = 30 + whole // (5 * MB)
    return Bounds(
        memory_bytes=1_000 * MB + 4 * largest,
        cpu_seconds=seconds,
        wall_seconds=seconds * 4,
        file_bytes=largest + 20 * MB,
        stall_seconds=seconds * 4,
    )


def _files_of(wish: Wish) -> list[Path]:
    return [wish.path, *(ingredient.path for ingredient in wish.ingredients)]


def _obey(box: Path, bounds: Bounds, chain: Chain, count: int) -> dict[int, int]:
    """Run the child and sign what it asks for, once for each file; returns the size of each manifest."""
    asked: set[int] = set()
    done: dict[int, int] = {}
    with run_python("credentials", {"task": "sign"}, box=box, bounds=bounds) as child:
        for message in messages(child):
            if message is None:
                continue
            if "sign" in message:
                number = int(message["number"])
                if number in asked or not 0 <= number < count:
                    raise SigningFailed("the library asked for a signature too many")
                asked.add(number)
                _lay_signature(box, number, message["sign"], chain)
            elif "failed" in message:
                raise SigningFailed(str(message.get("why", ""))[:500])
            elif "signed" in message:
                done[int(message["signed"])] = int(message["credentials_bytes"])
    return done


def _lay_signature(box: Path, number: int, asked: str, chain: Chain) -> None:
    """In one step, so that the child never reads half of one."""
    words = base64.b64decode(asked, validate=True)
    if len(words) > MOST_TO_SIGN:
        raise SigningFailed(f"{len(words)} bytes to sign are no claim")
    draft = box / f"signature-{number}.draft"
    draft.write_bytes(chain.sign(words))
    draft.rename(box / f"signature-{number}")


def _take_out(box: Path, number: int, wish: Wish, done: dict[int, int], folder: Path) -> Signed:
    made = box / f"signed-{number}"
    if number not in done or made.is_symlink() or not made.is_file():
        raise SigningFailed(f"{wish.path.name} was not signed")
    target = folder / f"{uuid.uuid4().hex[:12]}{SUFFIXES[plain(wish.mime)]}"
    made.rename(target)
    return Signed(target, done[number])
