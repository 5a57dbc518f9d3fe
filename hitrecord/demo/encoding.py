"""The two ways out to a file through ffmpeg: a sound, and frames with or without a sound.

Everything is written bit-exact and on one thread, so that a seed gives the same bytes each time and two
works can be made side by side on two cores.
"""

import subprocess
import wave
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from hitrecord.demo.sound.dsp import RATE, Stereo

Frame = npt.NDArray[np.uint8]

EXACT = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-threads", "1")
AUDIO_CODECS: dict[str, tuple[str, ...]] = {
    ".flac": ("-c:a", "flac", "-sample_fmt", "s16"),
    ".mp3": ("-c:a", "libmp3lame", "-b:a", "160k"),
}


def write_sound(path: Path, sound: Stereo) -> None:
    """WAV by ourselves; FLAC and MP3 through ffmpeg. The suffix decides."""
    body = wav_bytes(sound)
    if path.suffix == ".wav":
        path.write_bytes(body)
        return
    run(["-f", "wav", "-i", "pipe:0", *AUDIO_CODECS[path.suffix], *EXACT, str(path)], body)


def wav_bytes(sound: Stereo) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def write_film(path: Path, frames: Iterable[Frame], *, size: tuple[int, int], rate: int, sound: Stereo) -> None:
    """Frames are piped as they are drawn; the sound waits in a file of its own beside nothing else."""
    with TemporaryDirectory() as folder:
        track = Path(folder) / "track.wav"
        track.write_bytes(wav_bytes(sound))
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-nostdin", "-loglevel", "error",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "pipe:0",
            "-i", str(track), "-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p",
            "-flags:v", "+bitexact", "-c:a", "aac", "-b:a", "128k", "-shortest", "-movflags", "+faststart", *EXACT,
            str(path),
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as encoder:
            if encoder.stdin is None or encoder.stderr is None:
                raise RuntimeError("ffmpeg was started without its pipes")
            for frame in frames:
                encoder.stdin.write(frame.tobytes())
            encoder.stdin.close()
            complaint = encoder.stderr.read().decode(errors="replace")
        if encoder.returncode:
            raise RuntimeError(f"ffmpeg could not write {path.name}: {complaint}")


def run(arguments: list[str], body: bytes) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *arguments]
    subprocess.run(command, input=body, check=True, capture_output=True)
