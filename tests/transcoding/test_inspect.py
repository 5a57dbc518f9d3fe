"""A file is told by its content, and refused before any work with a plain reason."""

import shutil
from pathlib import Path

import pytest
from django.test import override_settings

from contributions.transcoding import Refused, inspect
from tests import media

MEDIA = {
    "photo.jpg": "image",
    "song.mp3": "audio",
    "song.m4a": "audio",
    "film.webm": "video",
    "film.mov": "video",
    "poem.txt": "text",
    "book.epub": "text",
    "page.pdf": "text",
}
CODES = {
    "svg_named.jpg": "not-media",
    "hls_beside.mp4": "not-media",
    "hls_absolute.mp4": "not-media",
    "hls_http.mp4": "not-media",
    "concat.mp4": "not-media",
    "metadata.mp4": "not-media",
    "page.html": "not-media",
    "archive.zip": "not-media",
    "program.exe": "not-media",
    "font.ttf": "not-media",
    "huge.png": "too-many-pixels",
    "text_bomb.png": "damaged",
    "bomb.epub": "packed-too-tightly",
    "locked.epub": "encrypted",
    "locked.mp4": "encrypted",
    "emptied.mp4": "nothing-to-play",
    "enormous.mp4": "picture-too-large",
    "empty.jpg": "empty",
    "null.txt": "text-control",
    "escape.txt": "text-control",
    "latin1.txt": "text-encoding",
    "brackets.md": "text-too-deep",
    "cut.mp4": "damaged",
    "garbage.png": "damaged",
    "garbage.mp3": "damaged",
    "rate_0.wav": "damaged",
}


@pytest.mark.parametrize(("name", "medium"), MEDIA.items())
def test_the_medium_is_told_by_content_whatever_the_name_says(name: str, medium: str, tmp_path: Path) -> None:
    source = shutil.move(media.GOOD[name](tmp_path / name), tmp_path / "-i%03d.svg")
    assert inspect(Path(source), folder=tmp_path / "work").medium == medium


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_a_hostile_file_is_refused_with_a_plain_reason(name: str, code: str, tmp_path: Path) -> None:
    media.red_film(tmp_path / "private_red.mp4") if "hls" in name or "concat" in name else None
    source = media.HOSTILE[name](tmp_path / name)
    with pytest.raises(Refused) as refused:
        inspect(source, folder=tmp_path / "work")
    assert refused.value.code == code
    assert str(refused.value.reason).endswith(".")
    assert "{" not in str(refused.value.reason)
    assert refused.value.detail
    assert refused.value.peak_mb < 512


def test_a_refused_thing_is_called_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        inspect(media.svg_named(tmp_path / "a.jpg"), folder=tmp_path / "work")
    assert "an SVG drawing" in str(refused.value.reason)


def test_the_probe_leaves_nothing_behind(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    inspect(media.film(tmp_path / "a.mp4"), folder=work)
    assert list(work.iterdir()) == []


def test_a_format_that_is_switched_off_is_refused(tmp_path: Path) -> None:
    source = media.picture(tmp_path / "a.heic")
    assert inspect(source, folder=tmp_path / "work").format == "heic"
    with override_settings(MEDIA_FORMATS={"heic": False}), pytest.raises(Refused) as refused:
        inspect(source, folder=tmp_path / "work")
    assert refused.value.code == "format-off"


@pytest.mark.parametrize(
    ("name", "limit", "code"),
    [
        ("photo.jpg", {"image_pixels": 100_000}, "too-many-pixels"),
        ("photo.jpg", {"image_bytes": 1000}, "too-big"),
        ("moving.gif", {"image_frames": 3}, "too-many-frames"),
        ("song.wav", {"audio_ms": 1000}, "too-long"),
        ("song.wav", {"audio_channels": 1}, "too-many-channels"),
        ("song.wav", {"audio_rate": 22_050}, "sample-rate"),
        ("film.mp4", {"video_ms": 1000}, "too-long"),
        ("film.mp4", {"video_width": 200, "video_height": 100}, "picture-too-large"),
        ("film.mp4", {"video_fps": 10}, "too-fast"),
        ("poem.txt", {"text_bytes": 50}, "too-big"),
        ("page.pdf", {"document_pages": 0}, "too-many-pages"),
        ("book.epub", {"book_entries": 3}, "packed-too-tightly"),
    ],
)
def test_each_limit_refuses_before_any_work(name: str, limit: dict[str, int], code: str, tmp_path: Path) -> None:
    source = media.GOOD[name](tmp_path / name)
    inspect(source, folder=tmp_path / "work")
    with override_settings(MEDIA_LIMITS=limit), pytest.raises(Refused) as refused:
        inspect(source, folder=tmp_path / "work")
    assert refused.value.code == code


def test_a_false_length_in_the_header_is_measured_instead(tmp_path: Path) -> None:
    source = media.recording(tmp_path / "a.ogg")
    data = bytearray(source.read_bytes())
    last = data.rindex(b"OggS")
    data[last + 6 : last + 14] = (2**62).to_bytes(8, "little")
    crc = ogg_checksum(bytes(data[last : last + 22]) + bytes(4) + bytes(data[last + 26 :]))
    data[last + 22 : last + 26] = crc.to_bytes(4, "little")
    source.write_bytes(data)
    assert 1500 < (inspect(source, folder=tmp_path / "work").duration_ms or 0) < 2500


def ogg_checksum(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc
