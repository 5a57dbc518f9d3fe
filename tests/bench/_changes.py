"""What people do to a work before they upload it again, and what preparation makes of the result."""

import random
import shutil
import subprocess
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

import av
import imageio_ffmpeg
from PIL import Image, ImageEnhance, ImageOps

from contributions.fingerprints import Kind, Print, signed
from contributions.transcoding import printing
from contributions.transcoding.box import phrases, prints, writing
from contributions.transcoding.limits import limits

PREPARED_WIDTH = 320
EXCERPT_SECONDS = 10
EXCERPT_WORDS = 90


def ffmpeg(*arguments: str | Path, folder: Path | None = None) -> None:
    """Run it; a failure fails the bench."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-v", "error", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=300, cwd=folder)


# -- pictures


def cropped(part: float, picture: Image.Image, seed: int) -> Image.Image:
    """So much of each side is cut off, wherever chance has it."""
    chance = random.Random(seed)
    width, height = round(picture.width * (1 - part)), round(picture.height * (1 - part))
    left, top = chance.randint(0, picture.width - width), chance.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def recompressed(picture: Image.Image, seed: int) -> Image.Image:
    """A poor JPEG of it."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        picture.save(file.name, quality=30)
        return Image.open(file.name).convert("RGB")


def recoloured(picture: Image.Image, seed: int) -> Image.Image:
    """Brighter or darker, flatter or harder, and with another warmth."""
    chance = random.Random(seed)
    out = ImageEnhance.Brightness(picture).enhance(chance.choice((0.75, 1.25)))
    out = ImageEnhance.Contrast(out).enhance(chance.choice((0.75, 1.3)))
    out = ImageEnhance.Color(out).enhance(chance.choice((0.3, 1.7)))
    red, green, blue = out.split()
    return Image.merge("RGB", (red.point(lambda value: min(255, round(value * 1.12))), green, blue))


PICTURES: dict[str, Callable[[Image.Image, int], Image.Image]] = {
    "crop_10": lambda picture, seed: cropped(0.10, picture, seed),
    "crop_25": lambda picture, seed: cropped(0.25, picture, seed),
    "recompress": recompressed,
    "resize": lambda picture, _seed: picture.resize((picture.width * 2 // 5, picture.height * 2 // 5)),
    "mirror": lambda picture, _seed: ImageOps.mirror(picture),
    "colour": recoloured,
}


def prints_of_picture(picture: Image.Image, folder: Path) -> list[Print]:
    """As preparation takes them, from a WebP of 320 pixels."""
    width = min(PREPARED_WIDTH, picture.width)
    small = picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS)
    path = folder / "prepared.webp"
    small.save(path, quality=82)
    return as_prints(Kind.PICTURE, prints.of_picture(str(path)))


def as_prints(kind: Kind, rows: object) -> list[Print]:
    """Rows as the sandbox says them."""
    return [Print(kind, place, signed(value), way) for place, value, way in rows]  # type: ignore[attr-defined]


# -- sounds


def _filtered(*filters: str) -> Callable[[Path, Path, int], None]:
    return lambda source, target, _seed: ffmpeg("-i", source, "-af", ",".join(filters), "-c:a", "aac", target)


def _poor(source: Path, target: Path, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        ffmpeg("-i", source, "-c:a", "libmp3lame", "-b:a", "64k", Path(name) / "poor.mp3")
        ffmpeg("-i", Path(name) / "poor.mp3", "-c:a", "aac", target)


def _some_seconds(source: Path, target: Path, seed: int) -> None:
    chance = random.Random(seed)
    start = chance.uniform(0, max(0.0, seconds_of(source) - EXCERPT_SECONDS - 0.5))
    ffmpeg("-ss", f"{start:.2f}", "-t", str(EXCERPT_SECONDS), "-i", source, "-c:a", "aac", target)


def seconds_of(path: Path) -> float:
    """How long it lasts."""
    with av.open(str(path)) as opened:
        return float((opened.duration or 0) / 1_000_000)


SOUNDS: dict[str, Callable[[Path, Path, int], None]] = {
    "recompress": _poor,
    "pitch_up_3": _filtered("aresample=44100", "asetrate=45423", "aresample=44100", "atempo=0.970874"),
    "pitch_down_3": _filtered("aresample=44100", "asetrate=42777", "aresample=44100", "atempo=1.030928"),
    "tempo_up_3": _filtered("atempo=1.03"),
    "tempo_down_3": _filtered("atempo=0.97"),
    "excerpt_10_s": _some_seconds,
}


def prints_of_sound(path: Path, folder: Path) -> list[Print]:
    """As preparation takes them, from an AAC of 192 kbit/s."""
    box = folder / "sound"
    shutil.rmtree(box, ignore_errors=True)
    box.mkdir()
    ffmpeg("-i", path, "-vn", "-c:a", "aac", "-b:a", "192k", "-f", "mp4", box / "upload")
    subprocess.run(printing.sound_command(), cwd=box, check=True, capture_output=True, timeout=300)
    return printing.read_sounds(box)


# -- films


def _film_filter(*options: str) -> Callable[[Path, Path, int], None]:
    return lambda source, target, _seed: ffmpeg("-i", source, *options, "-c:a", "aac", target)


def _some_scenes(source: Path, target: Path, seed: int) -> None:
    chance = random.Random(seed)
    start = chance.uniform(0, max(0.0, seconds_of(source) - EXCERPT_SECONDS - 0.5))
    ffmpeg("-ss", f"{start:.2f}", "-t", str(EXCERPT_SECONDS), "-i", source, "-crf", "26", "-c:a", "aac", target)


FILMS: dict[str, Callable[[Path, Path, int], None]] = {
    "recompress": _film_filter("-crf", "36"),
    "resize": _film_filter("-vf", "scale=trunc(iw*0.3)*2:-2", "-crf", "24"),
    "excerpt": _some_scenes,
}


def prints_of_film(path: Path, folder: Path, *, silent: bool = False) -> list[Print]:
    """As preparation takes them, from the lowest rung; `silent` leaves its sound out."""
    rung = folder / "rung.mp4"
    ffmpeg("-i", path, "-an", "-vf", "scale=-2:240", "-preset", "veryfast", "-crf", "22", "-g", "30", rung)
    found = as_prints(Kind.FRAME, prints.of_frames(str(rung), printing.FRAME_STEP_MS))
    return found if silent else found + prints_of_sound(path, folder)


# -- texts


def _some_words(words: str, seed: int) -> str:
    every = words.split()
    start = random.Random(seed).randint(0, max(0, len(every) - EXCERPT_WORDS))
    return " ".join(every[start : start + EXCERPT_WORDS])


def _set_anew(words: str, seed: int) -> str:
    even = words.replace("’", "'").replace("“", '"').replace("”", '"')
    return "\n".join(textwrap.wrap(" ".join(even.split()).upper(), 43))


TEXTS: dict[str, Callable[[str, int], str]] = {"excerpt": _some_words, "set_anew": _set_anew}


def prints_of_text(words: str, folder: Path) -> list[Print]:
    """As preparation takes them, from the prepared page."""
    return as_prints(Kind.TEXT, phrases.of_words(writing.rendered(words, limits())))
