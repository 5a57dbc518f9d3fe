"""Works that are like one another, for the tests of fingerprints."""

import io
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from contributions import actions, likeness
from contributions.models import Contribution
from tests.contributions.works import declared, run_jobs, written

LETTER = """The lamp turns once for every boat that never learned the shore, and once for those who keep
afloat by rowing as before. Count slowly. Let the dark go by. Nobody is asked to be brave for longer than
the beam is away, and it is never away for longer than eleven seconds, which I have measured on the
kitchen clock with the door open and my coat on."""


def drawing(seed: int = 1, size: tuple[int, int] = (400, 320)) -> Image.Image:
    """A picture with something to see, unlike that of any other seed."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (7, 9, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(coarse)
    for _ in range(6):
        x, y, reach = (int(part) for part in rng.integers(20, 300, 3))
        draw.ellipse((x, y, x + reach, y + reach // 2), fill=tuple(int(part) for part in rng.integers(0, 255, 3)))
    return coarse


def as_file(picture: Image.Image, name: str = "a.png", **options: int) -> SimpleUploadedFile:
    """The picture as a form sends it."""
    out = io.BytesIO()
    picture.save(out, "jpeg" if name.endswith("jpg") else "png", **options)
    return SimpleUploadedFile(name, out.getvalue())


def prepared(artist, file) -> Contribution:
    """A draft of this file, ready to be published."""
    version = actions.receive_file(actor=artist, file=file)
    run_jobs()
    return Contribution.objects.get(pk=version.contribution_id)


def out_there(artist, file, title: str = "Lamp study", **details) -> Contribution:
    """The same, published."""
    work = declared(prepared(artist, file), title=title, alt_text="A lamp", **details)
    return actions.publish_contribution(actor=artist, contribution=work)


def a_text(artist, body: str, title: str = "A letter", **details) -> Contribution:
    """A published text."""
    return actions.publish_contribution(actor=artist, contribution=declared(written(artist, title, body), **details))


def asked_about(work: Contribution) -> list[int]:
    """Which works the artist of a draft is asked about."""
    return [row.source_id for row in likeness.questions_for(work)]


def sounding(path: Path, seed: int, seconds: int = 16) -> Path:
    """A recording of notes and noise."""
    rng, rate = np.random.default_rng(seed), 22_050
    sound = rng.normal(0, 300, seconds * rate)
    for begin in np.arange(0, seconds - 1, 0.25):
        time = np.arange(rate) / rate
        pitch = 110 * 2 ** (rng.integers(0, 36) / 12)
        shape = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in (1, 2, 3)) * np.exp(-3 * time)
        sound[int(begin * rate) : int(begin * rate) + rate] += 5000 * shape
    raw = sound.clip(-32_000, 32_000).astype("<i2").tobytes()
    ffmpeg("-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "-", str(path), body=raw)
    return path


def ffmpeg(*arguments: str, body: bytes = b"") -> None:
    """Run it; a failure fails the test."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", *arguments]
    subprocess.run(command, input=body, check=True, capture_output=True, timeout=60)


def uploaded(path: Path) -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(path.name, path.read_bytes())
