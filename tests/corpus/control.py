"""The control: our transcoder without its lists must show the red film, or the check would see nothing at all.

What is taken away exists in this process alone: the demuxer and the lists of formats, protocols and decoders that
every ffmpeg is given, the look at the bytes before it, and the box that holds no file but the upload.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import ffmpeg
import pillow_heif
import pytest

from contributions.transcoding import inspect, moving, sound, steps
from contributions.transcoding.magic import HEAD_BYTES, tell
from contributions.transcoding.sandbox import UPLOAD, make_box
from tests.corpus.direct import take_directly
from tests.corpus.invariants import Answer
from tests.corpus.running import CANARY_FOLDER, RED, Knocks, canaries, one, rows_of


def open_anything(_inspection: Any, *, most_ms: int) -> Any:
    """The upload as an input, as the manual of ffmpeg shows it."""
    return ffmpeg.input(UPLOAD, t=most_ms / 1000 + 1)


def shared_box(folder: Path, source: Path, name: str) -> Path:
    """A box beside everybody's uploads."""
    box = make_box(folder, source, name)
    for other in source.parent.iterdir():
        if other.is_dir():
            shutil.copytree(other, box / other.name, dirs_exist_ok=True)
        elif other != source and other.suffix == ".mp4":
            shutil.copy(other, box / other.name)
    return box


def carelessly(source: Path) -> Answer:
    """One file through the loosened transcoder, which believes it to be a film like the one next to it."""
    folder = Path(tempfile.mkdtemp(prefix="careless-"))
    believed = inspect(source.parent / RED, folder=folder)
    with pytest.MonkeyPatch.context() as loosened:
        for module in (moving, sound):
            loosened.setattr(module, "opened", open_anything)
        loosened.setattr(steps, "make_box", shared_box)
        answer = take_directly(source, believed=believed)
    shutil.rmtree(folder)
    return answer


def speaks_of_files(path: Path) -> bool:
    """A text that tells a program which files to read."""
    with path.open("rb") as file:
        return tell(file.read(HEAD_BYTES)).thing == "playlist"


def run_control(corpus: Path, *, only: str = "", absolute: Path = CANARY_FOLDER) -> dict[str, bool]:
    """Each hostile file that names other files, and whether the loosened transcoder showed the red film."""
    pillow_heif.register_heif_opener()
    shown: dict[str, bool] = {}
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    # Who calls there is not the question here: any free port will do.
    knocks = Knocks(0)
    try:
        with canaries(folder, corpus.parent / RED, absolute) as beside:
            for row in rows_of(corpus, only):
                if speaks_of_files(corpus / row["name"]):
                    result = one(row, corpus / row["name"], beside, None, knocks, carelessly)
                    shown[row["name"]] = any("another member's film" in breach for breach in result["breaches"])
    finally:
        knocks.close()
        shutil.rmtree(folder, ignore_errors=True)
    return shown
