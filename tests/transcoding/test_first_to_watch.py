"""What browsers play as it is can be watched at once: the same packets, and nothing that was hidden beside them."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import pytest

from contributions.transcoding import inspect, moving
from contributions.transcoding.copying import can_copy
from contributions.transcoding.records import Inspection
from tests import media
from tests.transcoding.conftest import Whole_of

USER_DATA = "dc45e9bde6d948b7962cd820d923eeef+"
KEPT = {1, 5, 7, 8}


@pytest.fixture(autouse=True)
def _even_the_shortest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "COPY_FROM_PIXELS", 0)


@pytest.fixture
def look(tmp_path: Path) -> Callable[[Path], Inspection]:
    """What the probe says of a film."""
    return lambda source: inspect(source, folder=tmp_path)


def hiding(path: Path) -> Path:
    """A film with words everywhere: title, chapters, subtitles, user data in its packets, bytes after its end."""
    plain, words = media.film(path.with_name("plain.mp4")), path.with_name("words.srt")
    words.write_text(f"1\n00:00:00,000 --> 00:00:01,000\n{media.CANARY} subtitle\n")
    user_data = f"h264_metadata=sei_user_data={USER_DATA}{media.CANARY}"
    maps = ("-map", "0:v", "-map", "0:a", "-map", "1:s", "-c", "copy", "-c:s", "mov_text", "-bsf:v", user_data)
    title = ("-metadata", f"title={media.CANARY}", "-metadata:s:v", f"handler_name={media.CANARY}")
    media.ffmpeg("-i", str(plain), "-i", str(words), *maps, *title, str(path))
    path.write_bytes(path.read_bytes() + b"\0\0\0\x40free" + media.CANARY.encode() * 4 + bytes(8))
    return path


def units(path: Path) -> list[bytes]:
    """Every NAL unit of a film, parameters included."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy"]
    done = subprocess.run([*command, "-f", "h264", "-"], check=True, capture_output=True)
    return [unit for unit in done.stdout.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def test_a_film_of_today_is_first_its_own_packets(tmp_path: Path, take: Whole_of) -> None:
    source = media.film(tmp_path / "a.mp4")
    whole = take(source)
    first = whole.made[0]
    assert (first.kind, first.label, first.name) == ("video", "preview", "video/preview.mp4")
    assert {unit for unit in units(first.path) if unit[0] & 31 in (1, 5)} == {
        unit for unit in units(source) if unit[0] & 31 in (1, 5)
    }
    data = first.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    stages = [stage for stage, _ in whole.reports]
    assert stages.index("copy") < stages.index("video")


def test_nothing_hidden_survives_the_copy(tmp_path: Path, take: Whole_of) -> None:
    source = hiding(tmp_path / "a.mp4")
    assert source.read_bytes().count(media.CANARY.encode()) >= 7
    assert {unit[0] & 31 for unit in units(source)} > KEPT
    whole = take(source)
    copy = whole.named("video/preview.mp4").path
    assert media.CANARY.encode() not in copy.read_bytes()
    assert {unit[0] & 31 for unit in units(copy)} == KEPT
    with av.open(str(copy)) as film:
        assert [stream.type for stream in film.streams] == ["video", "audio"]


@pytest.mark.parametrize(("kind", "is_copied"), [(7, True), (8, False)], ids=["sequence", "picture"])
def test_bytes_behind_the_parameters_do_not_survive(kind: int, is_copied: bool, tmp_path: Path, take: Whole_of) -> None:
    """Behind a sequence's they are left out; a picture's then make no sense, and there is no copy at all."""
    source = media.film(tmp_path / "a.mp4", sound=False)
    stream, hidden = tmp_path / "a.h264", media.CANARY.encode()
    media.ffmpeg("-i", str(source), "-c", "copy", str(stream))
    parameters = next(unit for unit in units(source) if unit[0] & 31 == kind)
    stream.write_bytes(stream.read_bytes().replace(parameters, parameters + hidden))
    media.ffmpeg("-r", "25", "-i", str(stream), "-c", "copy", str(tmp_path / "b.mp4"))
    assert hidden in (tmp_path / "b.mp4").read_bytes()
    whole = take(tmp_path / "b.mp4")
    assert ("video/preview.mp4" in whole.names()) is is_copied
    assert "video/180.mp4" in whole.names()
    assert all(hidden not in made.path.read_bytes() for made in whole.made)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_stays_turned(turn: int, tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mov", rotation=turn))
    with av.open(str(whole.named("video/preview.mp4").path)) as film:
        assert next(film.decode(video=0)).rotation % 360 == turn


@pytest.mark.parametrize(("name", "more"), [("a.mkv", {}), ("a.mp4", {"sound": False})])
def test_other_containers_and_silence_are_copied_too(
    name: str, more: dict[str, Any], tmp_path: Path, take: Whole_of
) -> None:
    whole = take(media.film(tmp_path / name, **more))
    with av.open(str(whole.named("video/preview.mp4").path)) as film:
        assert len(list(film.decode(video=0))) == 50
    assert whole.made[1].name == "video/180.mp4"


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a.webm", {}),
        ("a.mp4", {"pixels": "yuv444p"}),
        ("a.mp4", {"pixels": "yuv422p10le"}),
        ("a.mp4", {"more": ("-c:a", "libmp3lame")}),
        ("a.mp4", {"more": ("-ac", "6")}),
        ("a.mp4", {"more": ("-c:v", "mpeg4")}),
    ],
    ids=["vp8", "full colour", "ten bits", "mp3", "six channels", "mpeg4"],
)
def test_what_not_every_browser_plays_is_not_copied(
    name: str, more: dict[str, Any], tmp_path: Path, look: Callable[[Path], Inspection]
) -> None:
    assert not can_copy(look(media.film(tmp_path / name, **more)))


def test_a_file_too_heavy_for_the_line_is_not_copied(tmp_path: Path, look: Callable[[Path], Inspection]) -> None:
    seen = look(media.film(tmp_path / "a.mp4"))
    assert can_copy(seen)
    assert not can_copy(replace(seen, bytes=50_000_000))
    assert not can_copy(replace(seen, duration_ms=0))


def test_what_is_ready_in_no_time_is_not_copied(
    tmp_path: Path, take: Whole_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert take(media.film(tmp_path / "a.mp4")).made[0].name == "video/180.mp4"
