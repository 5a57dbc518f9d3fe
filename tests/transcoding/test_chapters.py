"""Chapter marks that came with a file are kept as facts: plain text, in order, and not without end."""

from pathlib import Path

import pytest

from contributions.transcoding import chapters
from tests import media
from tests.transcoding.conftest import Whole_of

MARKS = """;FFMETADATA1
title=not for us
[CHAPTER]
TIMEBASE=1/1000
START=0
END=700
title=The <b>lamp</b>
[CHAPTER]
TIMEBASE=1/1000
START=700
END=2000
title=كل صوت
"""


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.m4a", "a.mp3"])
def test_chapters_of_films_and_recordings_are_told(name: str, tmp_path: Path, take: Whole_of) -> None:
    marks = tmp_path / "marks.txt"
    marks.write_text(MARKS, encoding="utf-8")
    maker = media.film if name in ("a.mp4", "a.mkv") else media.recording
    plain = maker(tmp_path / f"plain-{name}")
    source = tmp_path / name
    media.ffmpeg("-i", str(plain), "-i", str(marks), "-map_chapters", "1", "-c", "copy", str(source))
    facts = take(source).facts
    assert facts.chapters == [{"start_ms": 0, "title": "The <b>lamp</b>"}, {"start_ms": 700, "title": "كل صوت"}]
    assert "chapters" not in facts.probe


def test_a_file_without_chapters_has_none(tmp_path: Path, take: Whole_of) -> None:
    assert take(media.recording(tmp_path / "a.wav")).facts.chapters == []


def test_chapters_come_in_order_once_and_within_the_length() -> None:
    found = [{"start_ms": at, "title": f"at {at}"} for at in (5000, 0, 5000, -3, 9_999_999)]
    assert chapters.told(found, 10_000) == [{"start_ms": 0, "title": "at 0"}, {"start_ms": 5000, "title": "at 5000"}]


def test_there_are_not_too_many_and_not_too_long() -> None:
    found = [{"start_ms": at, "title": "x" * 5000} for at in range(5000)]
    told = chapters.told(found, 10_000)
    assert (len(told), len(told[0]["title"])) == (chapters.MOST, chapters.TITLE_MOST)


@pytest.mark.parametrize(
    "found", [None, "x", [7], [{"start_ms": "0"}], [{"title": "x"}], [{"start_ms": 0, "title": 7}]]
)
def test_what_a_decoder_says_is_not_believed(found: object) -> None:
    assert chapters.told(found, 10_000) == []


def test_titles_are_one_line_of_visible_text() -> None:
    assert chapters.plain("  The\nlamp\x00 \u202eturns\u2066 ") == "The lamp turns"
    assert chapters.plain("a\u200db") == "a\u200db"
