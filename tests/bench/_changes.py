"""What people do to a work before they upload it again, and what preparation makes of the result."""

import random
import shutil
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import imageio_ffmpeg
from PIL import Image, ImageEnhance, ImageOps

from contributions.fingerprints import Kind, Print, signed
from contributions.transcoding import printing
from contributions.transcoding.box import phrases, prints, writing
from contributions.transcoding.limits import limits
from tests.bench import _variety

PREPARED_WIDTH = 320
EXCERPT_SECONDS = 10
EXCERPT_WORDS = 90
QUOTED_WORDS = 20
#: One word in so many is another one.
EDITED_ONE_IN = 12
OTHER_SEED = 700
OTHERS: dict[str, tuple[str, Callable[[Path, int], Path]]] = {
    "audio": ("other.wav", _variety.sound),
    "video": ("other.mp4", _variety.film),
}


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


def as_prints(kind: Kind, rows: Iterable[tuple[int, int, int]]) -> list[Print]:
    """Rows as the sandbox says them."""
    return [Print(kind, place, signed(value), way) for place, value, way in rows]


# -- sounds


def _filtered(*filters: str) -> Callable[[Path, Path, int], None]:
    return lambda source, target, _seed: ffmpeg("-i", source, "-af", ",".join(filters), target)


def _poor(source: Path, target: Path, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        ffmpeg("-i", source, "-c:a", "libmp3lame", "-b:a", "64k", Path(name) / "poor.mp3")
        ffmpeg("-i", Path(name) / "poor.mp3", target)


def _some_seconds(source: Path, target: Path, seed: int) -> None:
    chance = random.Random(seed)
    start = chance.uniform(0, max(0.0, seconds_of(source) - EXCERPT_SECONDS - 0.5))
    ffmpeg("-ss", f"{start:.2f}", "-t", str(EXCERPT_SECONDS), "-i", source, target)


def _laid_over(source: Path, target: Path, seed: int) -> None:
    """Another recording, a quarter as loud, from the first second to the last."""
    start = random.Random(seed).uniform(0, 12)
    both = "[1:a]volume=-12dB[under];[0:a][under]amix=inputs=2:duration=first:normalize=0"
    other = target.parents[1] / OTHERS["audio"][0]
    ffmpeg("-i", source, "-ss", f"{start:.2f}", "-stream_loop", "-1", "-i", other, "-filter_complex", both, target)


def make_other(medium: str, folder: Path) -> None:
    """The recording or film of somebody else that some changes bring in; changed files lie one folder below."""
    if medium in OTHERS:
        name, make = OTHERS[medium]
        make(folder / name, OTHER_SEED)


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
    "graded": _filtered("bass=g=6", "treble=g=-5", "acompressor=threshold=0.1:ratio=4", "volume=-4dB"),
    "mixed": _laid_over,
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
    return lambda source, target, _seed: ffmpeg("-i", source, *options, "-an", target)


def _some_scenes(source: Path, target: Path, seed: int) -> None:
    chance = random.Random(seed)
    start = chance.uniform(0, max(0.0, seconds_of(source) - EXCERPT_SECONDS - 0.5))
    ffmpeg("-ss", f"{start:.2f}", "-t", str(EXCERPT_SECONDS), "-i", source, "-crf", "26", "-an", target)


def _between_others(source: Path, target: Path, seed: int) -> None:
    """The excerpt after six seconds of another film and before six more."""
    _some_scenes(source, target.with_name("part.mp4"), seed)
    other = target.parents[1] / OTHERS["video"][0]
    even = "scale=480:270,setsar=1,fps=12"
    ends = f"[0:v]{even},trim=0:6,setpts=PTS-STARTPTS[a];[0:v]{even},trim=6:12,setpts=PTS-STARTPTS[c]"
    cut = f"{ends};[1:v]{even}[b];[a][b][c]concat=n=3:v=1:a=0"
    ffmpeg("-i", other, "-i", target.with_name("part.mp4"), "-filter_complex", cut, "-an", target)


FILMS: dict[str, Callable[[Path, Path, int], None]] = {
    "recompress": _film_filter("-crf", "36"),
    "resize": _film_filter("-vf", "scale=trunc(iw*0.3)*2:-2", "-crf", "24"),
    "excerpt_10_s": _some_scenes,
    "graded": _film_filter("-vf", "eq=brightness=0.06:contrast=1.2:saturation=0.5,colorbalance=rs=0.2:bs=-0.2"),
    "crop_10": _film_filter("-vf", "crop=trunc(iw*0.45)*2:trunc(ih*0.45)*2"),
    "between_others": _between_others,
}


def prints_of_film(path: Path, folder: Path) -> list[Print]:
    """As preparation takes them, from the lowest rung. Without its sound, so that the figures are those of frames."""
    rung = folder / "rung.mp4"
    ffmpeg("-i", path, "-an", "-vf", "scale=-2:240", "-preset", "veryfast", "-crf", "22", "-g", "30", rung)
    return as_prints(Kind.FRAME, prints.of_frames(str(rung), printing.FRAME_STEP_MS))


# -- texts


def _some_words(words: str, seed: int) -> str:
    every = words.split()
    start = random.Random(seed).randint(0, max(0, len(every) - EXCERPT_WORDS))
    return " ".join(every[start : start + EXCERPT_WORDS])


def _set_anew(words: str, seed: int) -> str:
    even = words.replace("’", "'").replace("“", '"').replace("”", '"')
    return "\n".join(textwrap.wrap(" ".join(even.split()).upper(), 43))


def _quoted(words: str, seed: int) -> str:
    every, around = words.split(), _variety.text(OTHER_SEED + seed).split("\n\n")
    start = random.Random(seed).randint(0, max(0, len(every) - QUOTED_WORDS))
    return "\n\n".join([around[0], " ".join(every[start : start + QUOTED_WORDS]), *around[1:]])


def _edited(words: str, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join("otherwise" if chance.randrange(EDITED_ONE_IN) == 0 else word for word in words.split())


TEXTS: dict[str, Callable[[str, int], str]] = {
    "excerpt_90_words": _some_words,
    "quoted_20_words": _quoted,
    "set_anew": _set_anew,
    "one_word_in_12": _edited,
}


def prints_of_text(words: str, folder: Path) -> list[Print]:
    """As preparation takes them, from the prepared page."""
    return as_prints(Kind.TEXT, phrases.of_words(writing.rendered(words, limits())))
