"""Recordings come out as AAC and Opus with loudness, true peak and a waveform."""

import json
import math
from pathlib import Path

import av
import pytest

from contributions.transcoding import loudness
from tests import media
from tests.transcoding.conftest import Whole_of


@pytest.mark.parametrize("suffix", ["wav", "mp3", "flac", "ogg", "opus", "m4a", "aac", "aiff"])
def test_each_format_becomes_aac_and_opus(suffix: str, tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.recording(tmp_path / f"a.{suffix}"))
    assert whole.names() == ["audio/master.m4a", "audio/opus.webm", "audio/waveform.json"]
    assert 1900 < (whole.facts.duration_ms or 0) < 2200
    for name, codec in (("audio/master.m4a", "aac"), ("audio/opus.webm", "opus")):
        with av.open(str(whole.named(name).path)) as sound:
            assert codec in sound.streams.audio[0].codec_context.name
            assert sum(frame.samples for frame in sound.decode(audio=0)) > 80_000


@pytest.mark.parametrize("seconds", [0.5, 1.2345])
def test_a_loop_stays_a_loop_to_the_sample(seconds: float, tmp_path: Path, take: Whole_of) -> None:
    """The encoder's run-up and padding are hidden by the edit list, so that the end meets the beginning."""
    whole = take(media.recording(tmp_path / "a.wav", seconds=seconds))
    master, opus = whole.named("audio/master.m4a").path, whole.named("audio/opus.webm").path
    data, count = master.read_bytes(), int(seconds * 44_100)
    edits = data.index(b"elst") + 12
    length, start = (int.from_bytes(data[at : at + 4], "big") for at in (edits, edits + 4))
    assert (length, start) == (count, 1024)
    # The decoder skips the run-up; the end is for the player to cut, and lies within the last frame.
    assert count <= decoded(master) < count + 1024
    assert decoded(opus) == pytest.approx(seconds * 48_000, abs=1)


def decoded(path: Path) -> int:
    """How many samples come out."""
    with av.open(str(path)) as sound:
        return sum(frame.samples for frame in sound.decode(audio=0))


def test_loudness_is_measured_and_kept_as_a_gain(tmp_path: Path, take: Whole_of) -> None:
    loud = take(media.recording(tmp_path / "loud.wav", level=0.9)).facts
    quiet = take(media.recording(tmp_path / "quiet.wav", level=0.05)).facts
    assert loud.loudness_lufs_x100 is not None
    assert quiet.loudness_lufs_x100 is not None
    assert loud.loudness_lufs_x100 - quiet.loudness_lufs_x100 == pytest.approx(2511, abs=60)
    assert loud.gain_db_x100 < 0 < quiet.gain_db_x100
    assert loud.true_peak_db_x100 == pytest.approx(2000 * math.log10(0.9), abs=150)


def test_the_waveform_has_bars_up_to_a_hundred(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.recording(tmp_path / "a.wav"))
    assert len(whole.facts.peaks) == 150
    assert max(whole.facts.peaks) == 100
    fine = json.loads(whole.named("audio/waveform.json").path.read_text())
    assert len(fine["peaks"]) > 300


def test_silence_and_the_shortest_click_are_taken(tmp_path: Path, take: Whole_of) -> None:
    silent = take(media.recording(tmp_path / "silent.wav", level=0)).facts
    assert (silent.gain_db_x100, silent.loudness_lufs_x100) == (0, None)
    assert take(media.recording(tmp_path / "short.wav", seconds=0.05)).facts.has_audio


def test_surround_is_mixed_down_for_two_ears(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.recording(tmp_path / "a.wav", channels=6))
    with av.open(str(whole.named("audio/master.m4a").path)) as sound:
        assert sound.streams.audio[0].codec_context.channels == 2


def test_no_title_survives(tmp_path: Path, take: Whole_of) -> None:
    source = media.recording(tmp_path / "a.mp3")
    assert media.CANARY.encode() in source.read_bytes()
    for made in take(source).made:
        assert media.CANARY.encode() not in made.path.read_bytes()


def test_turning_up_stops_before_the_loudest_moment_clips() -> None:
    assert loudness.gain(-30, -20) == loudness.MOST_GAIN_DB
    assert loudness.gain(-20, -3) == 2
    assert loudness.gain(-20, 0.5) == 0
    assert loudness.gain(-10, 1) == -6


def test_a_summary_without_loudness_gives_no_gain() -> None:
    assert loudness.read_summary("I: -70.0 LUFS True peak:\n Peak: -inf dBFS") == {}
    assert loudness.bars([], 150) == []
    assert loudness.bars([0.0, 0.0], 150) == [0, 0]
