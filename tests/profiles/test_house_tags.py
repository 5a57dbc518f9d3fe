"""The tags and filters that every template may use."""

import datetime as dt

import pytest
from django.template import Context, Template

from profiles.models import Artist
from profiles.templatetags import house


@pytest.mark.parametrize(
    ("ratio", "name"),
    [
        (1.48, "ar-150"),
        (1.7778, "ar-180"),
        (0.1, "ar-50"),
        (9, "ar-300"),
        ("4", "ar-300"),
        (None, "ar-100"),
        ("?", "ar-100"),
    ],
)
def test_a_ratio_becomes_the_nearest_class_that_exists(ratio: object, name: str) -> None:
    assert house.ar_class(ratio) == name


@pytest.mark.parametrize(
    ("percent", "name"),
    [(40.6, "w-41"), (0, "w-0"), (100, "w-100"), (180, "w-100"), (-3, "w-0"), (None, "w-0"), ("x", "w-0")],
)
def test_a_percentage_becomes_a_class_between_0_and_100(percent: object, name: str) -> None:
    assert house.w_class(percent) == name


def test_a_part_of_nothing_is_nothing() -> None:
    assert house.w_of(5, 0) == "w-0"
    assert house.w_of(None, 200) == "w-0"
    assert house.w_of(79_000, 192_000) == "w-41"


@pytest.mark.parametrize(("generation", "colour"), [(None, 0), (0, 0), (1, 1), (5, 5), (6, 1), (11, 1)])
def test_generations_above_five_begin_again_with_the_first_colour(generation: int | None, colour: int) -> None:
    assert house.rev(generation) == colour


def test_a_generation_always_has_its_word() -> None:
    assert house.generation(0) == '<span class="tag" data-rev="0">Original</span>'
    assert house.generation(6) == '<span class="tag" data-rev="1">Generation 6</span>'


@pytest.mark.parametrize(
    ("milliseconds", "digits", "words"),
    [
        (79_000, "1:19", "1 minute 19 seconds"),
        (3_672_000, "1:01:12", "61 minutes 12 seconds"),
        (1_000, "0:01", "1 second"),
        (None, "0:00", "0 seconds"),
    ],
)
def test_a_place_in_media_is_digits_for_eyes_and_words_for_ears(
    milliseconds: int | None, digits: str, words: str
) -> None:
    assert house.clock(milliseconds) == digits
    assert house.spoken(milliseconds) == words


def test_a_moment_is_printed_in_utc_with_its_zone_whatever_zone_it_came_in() -> None:
    lagos = dt.timezone(dt.timedelta(hours=1))
    printed = house.moment(dt.datetime(2026, 11, 30, 0, 59, tzinfo=lagos), "deadline")
    assert printed == (
        '<time datetime="2026-11-29T23:59:00Z" data-moment="deadline">29 November 2026, 23:59 UTC</time>'
    )


def test_a_date_stays_the_same_day_everywhere() -> None:
    assert house.moment(dt.date(2026, 11, 29)) == '<time datetime="2026-11-29">29 November 2026</time>'
    assert house.moment(None) == ""


def test_large_counts_are_grouped() -> None:
    assert house.grouped(10_000) == "10,000"
    assert house.grouped(None) == "0"


def test_a_name_cannot_break_out_of_its_avatar() -> None:
    artist = Artist(pk=1, handle="mallory", display_name='<script>"')
    drawn = Template("{% avatar artist %}").render(Context({"artist": artist}))
    assert "<script>" not in drawn.lower()


def test_a_file_that_is_not_there_does_not_break_an_error_page() -> None:
    assert house.asset("css/nowhere.css").startswith("/static/")
