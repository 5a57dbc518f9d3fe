"""The ladder of a film three ways: as the house makes it, by its bare command, and a process for each output."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from contributions.transcoding import Inspection, inspect, transcode
from contributions.transcoding.ffmpeg import AAC, CLEAN, command, opened
from contributions.transcoding.ladder import Rung, board_for, progressive_of, rungs_for
from contributions.transcoding.limits import ffmpeg_path, limits
from contributions.transcoding.moving import X264, hls, ladder_command, picture_of, poster, storyboard
from contributions.transcoding.sandbox import make_box
from contributions.transcoding.sound import measured, two_ears
from contributions.transcoding.steps import Job

SECONDS = 30


@dataclass(frozen=True)
class Cost:
    """What something took."""

    wall: float
    cpu: float


def clip(path: Path, *more: str) -> Path:
    """Half a minute of 1080p with grain, and with sound: deterministic, and about as heavy as a phone's."""
    picture = f"testsrc2=s=1920x1080:r=30:d={SECONDS},noise=c0s=6:c0f=t:c0_seed=7"
    sound = f"sine=frequency=330:duration={SECONDS}"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-b:v", "16M", "-maxrate", "24M", "-bufsize", "24M"]
    usual = ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "160k"]
    run = [ffmpeg_path(), "-nostdin", "-y", "-v", "error", *inputs, *codec, *usual, *more, str(path)]
    subprocess.run(run, check=True)
    return path


def spent(begun: tuple[float, float] | None = None) -> tuple[float, float]:
    """(clock, processor seconds of the children that have ended), since `begun` if given."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, cpu = begun or (0.0, 0.0)
    return time.monotonic() - wall, used.ru_utime + used.ru_stime - cpu


class Ladders:
    """One clip, looked at once."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source, self.folder = source, folder
        self.seen: Inspection = inspect(source, folder=folder)
        width, height = self.seen.width or 0, self.seen.height or 0
        self.rungs = rungs_for(width, height, self.seen.probe["video"]["fps"])
        self.board = board_for(width, height, self.seen.duration_ms or 0)
        self.job = Job(
            source=source, folder=folder, inspection=self.seen, limits=limits(), report=lambda _stage, _percent: None
        )

    def ours(self) -> Cost:
        """All that a worker does between inspection and the last file: copy, ladder, plain file, card."""
        folder = self.folder / "ours"
        folder.mkdir()
        begun = spent()
        run = transcode(self.source, folder=folder, inspection=self.seen, report=lambda _stage, _percent: None)
        names = [made.name for made in run]
        cost = Cost(*spent(begun))
        shutil.rmtree(folder)
        if "hls/master.m3u8" not in names:
            raise RuntimeError("the ladder is not complete")
        return cost

    def bare(self) -> Cost:
        """The ladder's command by itself, without sandbox, progress or anything round it."""
        return self._run([ladder_command(self.job, self.rungs, self.board)])

    def apart(self) -> Cost:
        """One process for each output, with the same settings of the encoders."""
        pictures = [hls([self._picture(rung)], [], [rung]) for rung in self.rungs]
        outputs = [*pictures, self._sound(), self._plain(progressive_of(self.rungs))]
        outputs.append(poster(self._picture(self.rungs[0]), self.rungs[0]))
        outputs.append(storyboard(self._picture(self.rungs[0]), self.board))
        outputs.append(measured(self._audio()))
        return self._run([command(output) for output in outputs])

    def _source(self) -> Any:
        return opened(self.seen, most_ms=self.job.limits["video_ms"])

    def _picture(self, rung: Rung) -> Any:
        return picture_of(self.job, self._source(), rung.width, rung.height)

    def _audio(self) -> Any:
        return two_ears(self._source(), self.seen.probe["audio"], 48_000)

    def _sound(self) -> Any:
        return ffmpeg.output(self._audio(), "hls/sound.mp4", **AAC, **CLEAN, **{"b:a": "128k", "ar": 48_000})

    def _plain(self, rung: Rung) -> Any:
        rate = {"maxrate": f"{rung.kbps}k", "bufsize": f"{2 * rung.kbps}k", "preset": "veryfast", "crf": 22}
        options = X264 | CLEAN | AAC | rate | {"b:a": "128k", "ar": 48_000, "movflags": "+faststart"}
        return ffmpeg.output(self._picture(rung), self._audio(), "video/plain.mp4", **options)

    def _run(self, orders: list[list[str]]) -> Cost:
        box = make_box(self.folder, self.source, "bare")
        for name in ("hls", "video", "poster", "storyboard"):
            (box / name).mkdir()
        begun = spent()
        for order in orders:
            subprocess.run(order, cwd=box, check=True, capture_output=True)
        cost = Cost(*spent(begun))
        shutil.rmtree(box)
        return cost
