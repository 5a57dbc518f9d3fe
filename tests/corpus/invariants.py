"""The invariants of media.md, each a function from what came of a file to the ways in which it broke them."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageOps

from tests.corpus.mutating import NOTE

REFUSED_MB = 512
ACCEPTED_MB = {"image": 1500, "audio": 1500, "video": 4096, "text": 1500}
SILENCE_SECONDS = 30.0
CANARY_TEXT = "CANARY-of-another-member"
LEAKS = (b"CANARY-", b"48.8584", b"Exif\0\0", b"http://ns.adobe.com/xap/", b"/etc/passwd", b"root:x:0:")
ACTIVE = re.compile(
    r"<(script|iframe|object|embed|svg|math|style|link|meta|form|img)\b|<[^>]*\s(on\w+|hx-[\w-]+|style)\s*=|"
    r"<[^>]*(href|src)\s*=\s*[\"']?\s*(javascript|data|vbscript):",
    re.IGNORECASE,
)


@dataclass
class Answer:
    """What the command said of one file, and how it behaved."""

    code: int
    document: dict[str, Any] = field(default_factory=dict)
    silence: float = 0.0
    words: str = ""

    @property
    def accepted(self) -> bool:
        return bool(self.document.get("accepted"))

    @property
    def medium(self) -> str:
        return str(self.document.get("medium") or "")

    @property
    def peak_mb(self) -> float:
        return float(self.document.get("peak_mb") or 0)


def breaches_of(row: dict[str, str], source: Path, answer: Answer) -> list[str]:
    """Every way in which this file broke the rules."""
    if answer.code not in (0, 3):
        return [f"the command ended with {answer.code}: {answer.words[-600:]}"]
    if "accepted" not in answer.document:
        return ["the command gave no answer"]
    found = [*verdict_breaches(row.get("expected", "either"), answer), *cost_breaches(answer)]
    renditions = answer.document.get("renditions") or []
    for rendition in renditions:
        found += [f"{rendition['kind']} {Path(rendition['path']).name}: {b}" for b in wrong_with(rendition, source)]
    # How a damaged file should be held, nobody can say.
    if answer.accepted and not row.get("wrong", "").startswith(NOTE):
        found += upright_breaches(source, answer.medium, renditions)
    return found


def verdict_breaches(expected: str, answer: Answer) -> Iterator[str]:
    """The answer is the expected one, and complete."""
    if answer.accepted != (answer.code == 0):
        yield f"exit code {answer.code} and accepted {answer.accepted} do not agree"
    if expected != "either" and answer.accepted != (expected == "accept"):
        yield f"expected {expected}, but {answer.document.get('reason') or 'it was accepted'}"
    if not answer.accepted and not answer.document.get("reason"):
        yield "refused without a reason"
    if answer.accepted and not answer.document.get("renditions"):
        yield "accepted without a rendition"


def cost_breaches(answer: Answer) -> Iterator[str]:
    """Memory within bounds, and never long silent."""
    most = ACCEPTED_MB.get(answer.medium, REFUSED_MB) if answer.accepted else REFUSED_MB
    if answer.peak_mb > most:
        yield f"{answer.peak_mb:.0f} MB, over {most}"
    if answer.silence > SILENCE_SECONDS:
        yield f"{answer.silence:.0f} s without a sign of life"


def wrong_with(rendition: dict[str, Any], source: Path) -> Iterator[str]:
    """What is wrong with one file that would be served."""
    path = Path(rendition["path"])
    data = path.read_bytes()
    if not data or len(data) != rendition["bytes"]:
        yield f"{len(data)} bytes, {rendition['bytes']} were told"
    if hashlib.sha256(data).digest() == hashlib.sha256(source.read_bytes()).digest():
        yield "it is the source itself"
    family = str(rendition["mime"]).partition("/")[0]
    if family != "text":
        yield from (f"holds {leak!r}" for leak in LEAKS if leak in data)
    if rendition["mime"] == "text/html" and (active := ACTIVE.search(data.decode("utf-8"))):
        yield f"holds {active[0]!r}"
    if CANARY_TEXT.encode() in data:
        yield "holds another member's text"
    try:
        if any(is_red(picture) for picture in pictures_of(path, family)) and not is_red_by_itself(source):
            yield "shows another member's film"
    except (OSError, ValueError, av.error.FFmpegError) as error:
        yield f"does not decode: {error}"


def pictures_of(path: Path, family: str) -> Iterator[Image.Image]:
    """The picture, or a few frames of a film; sound is decoded to its end."""
    if family == "image":
        with Image.open(path) as still:
            yield still.convert("RGB")
    elif family in ("audio", "video"):
        with av.open(str(path)) as container:
            for number, frame in enumerate(container.decode(*container.streams)):
                if isinstance(frame, av.VideoFrame) and number % 25 == 0:
                    yield frame.to_image()


def is_red(picture: Image.Image) -> bool:
    """Most of it is the canary's red."""
    small = picture.convert("RGB").resize((16, 16)).tobytes()
    pixels = zip(small[0::3], small[1::3], small[2::3], strict=True)
    return sum(red > 200 and green < 60 and blue < 60 for red, green, blue in pixels) > 128


def is_red_by_itself(source: Path) -> bool:
    """A picture that is red of its own accord; a picture, unlike a film, can point at no other file."""
    try:
        with Image.open(source, formats=["JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF", "HEIF"]) as still:
            return is_red(still)
    except (OSError, ValueError, SyntaxError):
        return False


def upright_breaches(source: Path, medium: str, renditions: list[dict[str, Any]]) -> Iterator[str]:
    """Pictures and films keep the shape they have when held the right way up."""
    shape = shape_of(source, medium)
    if shape is None:
        return
    for rendition in renditions:
        width, height = rendition.get("width") or 0, rendition.get("height") or 0
        if rendition["kind"] in ("image", "video", "poster") and width and height:
            # A pixel more or less is rounding.
            fits = abs(width * shape[1] - height * shape[0]) <= 2 * max(shape) + 0.02 * width * shape[1]
            if not fits:
                yield f"{width}×{height} is not the shape of {shape[0]}×{shape[1]}"


def shape_of(source: Path, medium: str) -> tuple[int, int] | None:
    """The source's size as shown, or None where only the transcoder can tell."""
    try:
        if medium == "image":
            with Image.open(source) as still:
                return ImageOps.exif_transpose(still).size
        if medium == "video":
            with av.open(str(source)) as film:
                frame = next(film.decode(video=0))
                aspect = float(film.streams.video[0].sample_aspect_ratio or 1)
                size = (round(frame.width * aspect), frame.height)
                return (size[1], size[0]) if frame.rotation % 180 == 90 else size
    except (OSError, ValueError, SyntaxError, StopIteration, av.error.FFmpegError):
        return None
    return None
