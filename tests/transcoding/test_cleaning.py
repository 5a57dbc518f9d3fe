"""The clean copy of a source file: nothing hidden, and nothing lost that need not be."""

import hashlib
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image

from contributions.transcoding import Inspection, Made, Refused, clean, inspect
from contributions.transcoding.cleaning import audio_codec, film_codecs
from tests import media


def cleaned(path: Path, folder: Path) -> Made:
    """The copy of one file."""
    seen = inspect(path, folder=folder)
    return clean(path, folder=folder, inspection=seen, report=lambda *_: None)


def decoded(path: Path, *arguments: str) -> str:
    """The hash of all that a decoder gives out."""
    order = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), *arguments, "-"]
    return hashlib.sha256(subprocess.run(order, check=True, capture_output=True, timeout=60).stdout).hexdigest()


@pytest.mark.parametrize(
    ("decoder", "suffix", "encoder"),
    [
        ("pcm_s16le", "flac", {"c:a": "flac"}),
        ("pcm_s24be", "flac", {"c:a": "flac"}),
        ("alac", "flac", {"c:a": "flac"}),
        ("mp3float", "flac", {"c:a": "flac", "sample_fmt": "s16"}),
        ("pcm_f32be", "wav", {"c:a": "pcm_f32le"}),
        ("pcm_s32le", "wav", {"c:a": "pcm_s32le"}),
    ],
)
def test_sound_is_kept_as_finely_as_it_came(decoder: str, suffix: str, encoder: dict[str, str]) -> None:
    assert audio_codec(decoder)[:2] == (encoder, suffix)


@pytest.mark.parametrize(
    ("format_name", "video", "audio", "suffix", "copied"),
    [
        ("mp4", "h264", "aac", "mp4", True),
        ("mp4", "hevc", "", "mp4", True),
        ("mp4", "h264", "pcm_s16le", "mkv", True),
        ("matroska", "vp9", "opus", "webm", True),
        ("matroska", "vp8", "vorbis", "mkv", True),
        ("mp4", "prores", "pcm_s24le", "mkv", False),
        ("avi", "h264", "mp3float", "mkv", False),
        ("ogg", "theora", "vorbis", "mkv", False),
    ],
)
def test_packets_are_copied_where_nothing_can_hide_in_them(
    format_name: str, video: str, audio: str, suffix: str, copied: bool
) -> None:
    probe = {"video": {"codec": video}} | ({"audio": {"codec": audio}} if audio else {})
    seen = Inspection(format=format_name, medium="video", mime="", bytes=1, probe=probe)
    options, found = film_codecs(seen)
    assert (found, options["c:v"]) == (suffix, "copy" if copied else "ffv1")
    # The comment header of Vorbis would come along with its packets.
    assert options.get("c:a") in {None, "flac"} or audio in {"aac", "opus"}


@pytest.mark.parametrize("name", ["take.wav", "take.flac"])
def test_exact_sound_stays_exact(name: str, tmp_path: Path) -> None:
    path = media.recording(tmp_path / name, seconds=1)
    made = cleaned(path, tmp_path / "work")
    assert made.mime == "audio/flac"
    assert decoded(made.path, "-f", "s16le") == decoded(path, "-f", "s16le")


def test_floating_point_sound_stays_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "float.wav"
    media.ffmpeg("-f", "lavfi", "-i", "sine=frequency=330:duration=1,volume=3", "-c:a", "pcm_f32le", str(path))
    made = cleaned(path, tmp_path / "work")
    assert made.mime == "audio/wav"
    assert decoded(made.path, "-f", "f32le") == decoded(path, "-f", "f32le")


def test_the_pictures_of_a_film_stay_the_very_same(tmp_path: Path) -> None:
    path = media.film(tmp_path / "shot.mov", seconds=1)
    made = cleaned(path, tmp_path / "work")
    assert decoded(made.path, "-map", "0:v", "-f", "rawvideo") == decoded(path, "-map", "0:v", "-f", "rawvideo")


def test_a_film_in_another_codec_is_kept_without_loss(tmp_path: Path) -> None:
    path = tmp_path / "shot.avi"
    source = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=0.4")
    media.ffmpeg(*source, "-c:v", "mjpeg", "-metadata", f"title={media.CANARY}", str(path))
    made = cleaned(path, tmp_path / "work")
    assert made.mime == "video/x-matroska"
    assert media.CANARY.encode() not in made.path.read_bytes()
    raw = ("-map", "0:v", "-pix_fmt", "yuvj420p", "-f", "rawvideo")
    assert decoded(made.path, *raw) == decoded(path, *raw)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "I;16"])
def test_exact_pictures_stay_exact(mode: str, tmp_path: Path) -> None:
    path = media.picture(tmp_path / "layer.png", mode=mode)
    made = cleaned(path, tmp_path / "work")
    with Image.open(made.path) as copy, Image.open(path) as original:
        assert copy.size == original.size
        wanted = original if mode in {"RGBA", "I;16"} else original.convert("RGB")
        assert copy.tobytes() == wanted.tobytes()
        assert not set(copy.info) - {"srgb"}


def test_a_wide_photo_keeps_its_size(tmp_path: Path) -> None:
    made = cleaned(media.picture(tmp_path / "wide.jpg", size=(3200, 200)), tmp_path / "work")
    assert (made.mime, made.width, made.height) == ("image/jpeg", 3200, 200)


def test_an_animation_keeps_its_frames_and_their_lengths(tmp_path: Path) -> None:
    made = cleaned(media.animation(tmp_path / "moving.gif", frames=4), tmp_path / "work")
    with Image.open(made.path) as copy:
        assert copy.n_frames == 4  # type: ignore[attr-defined]  # of a moving picture
        copy.seek(1)
        copy.load()
        assert copy.info["duration"] == 80


def test_a_text_keeps_every_script_and_loses_its_mark(tmp_path: Path) -> None:
    path = media.raw(tmp_path / "words.txt", data=b"\xef\xbb\xbf" + media.SCRIPTS.replace("\n", "\r\n").encode())
    made = cleaned(path, tmp_path / "work")
    assert made.path.read_text(encoding="utf-8") == media.SCRIPTS


@pytest.mark.parametrize("maker", [media.hls_trap, media.concat_trap, media.svg_named, media.locked_film])
def test_traps_are_refused_before_anything_is_copied(maker: media.Maker, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        cleaned(maker(tmp_path / "trap.mp4"), tmp_path / "work")


def test_a_cut_off_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        cleaned(media.HOSTILE["cut.jpg"](tmp_path / "a.jpg"), tmp_path / "work")
