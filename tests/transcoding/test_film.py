"""Videos come out as a ladder with byte ranges, one plain file, a poster and a storyboard."""

import re
from pathlib import Path

import av
import pytest
from PIL import Image

from contributions.transcoding import moving
from contributions.transcoding.ladder import board_for, board_track, progressive_of, rungs_for
from tests import media
from tests.transcoding.conftest import Whole, Whole_of


def first_picture(whole: Whole, name: str) -> Image.Image:
    with av.open(str(whole.named(name).path)) as film:
        return next(film.decode(video=0)).to_image()


def test_a_film_becomes_a_ladder_a_plain_file_a_poster_and_a_storyboard(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mp4", size=(854, 480)))
    assert whole.made[0].name == "video/480.mp4"
    master = whole.named("hls/master.m3u8").path.read_text()
    assert "480.m3u8" in master
    assert "240.m3u8" in master
    assert "sound.m3u8" in master
    assert {"poster", "storyboard", "storyboard_track", "card", "hls_media"} <= {made.kind for made in whole.made}
    assert whole.facts.duration_ms == pytest.approx(2000, abs=100)
    assert whole.facts.has_audio


def test_every_address_in_a_playlist_is_a_rendition_of_its_own(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.webm"))
    names = set(whole.names())
    for made in whole.made:
        if made.kind == "hls_playlist":
            text = made.path.read_text()
            lines = [line for line in text.splitlines() if line and not line.startswith("#")]
            for address in lines + re.findall(r'URI="([^"]+)"', text):
                assert f"hls/{address}" in names


def test_byte_ranges_stay_within_the_file(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mp4", seconds=9))
    text = whole.named("hls/180.m3u8").path.read_text()
    ranges = [tuple(map(int, found)) for found in re.findall(r"BYTERANGE[:=]\"?(\d+)@(\d+)", text)]
    assert len(ranges) >= 3
    end = max(start + length for length, start in ranges)
    assert end <= whole.named("hls/180.mp4").path.stat().st_size
    assert "#EXT-X-INDEPENDENT-SEGMENTS" in text


def test_a_film_without_sound_is_taken(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mp4", sound=False))
    assert not whole.facts.has_audio
    assert "sound" not in whole.named("hls/master.m3u8").path.read_text()


def test_an_odd_size_with_full_colour_becomes_even(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mp4", size=(321, 181), pixels="yuv444p"))
    assert first_picture(whole, "video/180.mp4").size == (320, 180)
    with av.open(str(whole.named("video/180.mp4").path)) as film:
        assert film.streams.video[0].codec_context.pix_fmt == "yuv420p"


def test_a_film_held_upright_is_shown_upright(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mp4", rotation=90))
    assert (whole.facts.width, whole.facts.height) == (180, 320)
    shown = first_picture(whole, "video/180.mp4")
    assert shown.size == (180, 320)
    assert whole.named("poster/poster.jpg").height == 320


def test_no_place_and_no_title_survives(tmp_path: Path, take: Whole_of) -> None:
    source = media.film(tmp_path / "a.mov")
    assert str(media.LATITUDE).encode() in source.read_bytes()
    for made in take(source).made:
        data = made.path.read_bytes()
        assert str(media.LATITUDE).encode() not in data
        assert media.CANARY.encode() not in data


def test_a_single_picture_is_a_film_too(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.film(tmp_path / "a.mp4", seconds=0.04, sound=False))
    assert whole.named("poster/poster.jpg").width == 320


def test_a_long_film_can_be_watched_before_the_ladder_is_made(
    tmp_path: Path, take: Whole_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PREVIEW_FROM_PIXELS", 1000)
    whole = take(media.film(tmp_path / "a.mp4"))
    assert (whole.made[0].kind, whole.made[0].label) == ("video", "preview")
    stages = [stage for stage, _ in whole.reports]
    assert stages.index("preview") < stages.index("video")


TURNS = ("red", "green", "blue")


def by_colour(path: Path, *, rate: int, more: tuple[str, ...] = ()) -> Path:
    """Two seconds each of red, green and blue, with one key frame at the very beginning."""
    inputs = [part for colour in TURNS for part in ("-f", "lavfi", "-i", f"color=c={colour}:s=320x180:r={rate}:d=2")]
    codec = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "9999", "-sc_threshold", "0", "-pix_fmt", "yuv420p")
    media.ffmpeg(*inputs, "-filter_complex", "concat=n=3", *codec, *more, str(path))
    return path


@pytest.mark.parametrize(("rate", "more"), [(25, ()), (30, ("-bf", "0")), (1, ())], ids=["25", "30", "one a second"])
def test_each_tile_shows_its_moment_though_there_is_one_key_frame(
    rate: int, more: tuple[str, ...], tmp_path: Path, take: Whole_of
) -> None:
    whole = take(by_colour(tmp_path / "a.mp4", rate=rate, more=more))
    board = Image.open(whole.named("storyboard/board.jpg").path)
    track = whole.named("storyboard/board.vtt").path.read_text()
    found = re.findall(r"(\d\d):(\d\d\.\d+) -->.*\n.*#xywh=(\d+),(\d+),(\d+),(\d+)", track)
    assert len(found) == 12
    for _minute, second, *place in found:
        x, y, width, height = map(int, place)
        red, green, blue = board.getpixel((x + width // 2, y + height // 2))
        expected = TURNS[int(float(second) // 2)]
        shown = max((("red", red), ("green", green), ("blue", blue)), key=lambda pair: pair[1])[0]
        assert shown == expected, f"at {second} s"


def test_progress_only_grows_within_a_stage(tmp_path: Path, take: Whole_of) -> None:
    reports = take(media.film(tmp_path / "a.mp4", seconds=4)).reports
    percents = [percent for stage, percent in reports if stage == "video"]
    assert percents == sorted(percents)
    assert reports[-1] == ("done", 100)


def test_progress_is_told_from_the_beginning(tmp_path: Path, take: Whole_of) -> None:
    """The last still comes at the film's end; what is told must not wait for it."""
    reports = take(media.film(tmp_path / "a.mp4", seconds=20, size=(1280, 720))).reports
    assert [percent for stage, percent in reports if stage == "video" and 1 < percent < 60]


def test_the_ladder_never_goes_above_the_source() -> None:
    assert [rung.label for rung in rungs_for(1920, 1080, 25)] == ["1080", "720", "480", "240"]
    assert [rung.label for rung in rungs_for(3840, 2160, 25)] == ["1080", "720", "480", "240"]
    assert [rung.label for rung in rungs_for(1080, 1920, 25)] == ["1080", "720", "480", "240"]
    assert [rung.label for rung in rungs_for(854, 480, 25)] == ["480", "240"]
    assert [rung.label for rung in rungs_for(640, 360, 25)] == ["360", "240"]
    assert [rung.label for rung in rungs_for(100, 50, 25)] == ["50"]
    assert [(rung.width, rung.height) for rung in rungs_for(1, 1, 25)] == [(2, 2)]
    assert progressive_of(rungs_for(1920, 1080, 25)).label == "720"


def test_the_storyboard_covers_the_whole_film_with_at_most_a_hundred_tiles() -> None:
    board = board_for(1920, 1080, 3_600_000)
    assert (board.columns, board.rows, board.step_ms) == (10, 10, 36_000)
    track = board_track(board, "board.jpg", 3_600_000)
    assert track.count("-->") == 100
    assert "01:00:00.000" in track
    assert board_track(board_for(320, 180, 100), "board.jpg", 100).count("-->") == 1
