"""Pins on a lane: none covers another, and each leads to its comment."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from contributions.pins import APART_PERCENT, pinned


def comment(pk, at_ms, hidden_at=None):
    return SimpleNamespace(pk=pk, at_ms=at_ms, hidden_at=hidden_at, artist=f"artist {pk}")


def test_near_comments_are_one_pin_with_a_number():
    pins = pinned([comment(1, 50_000), comment(2, 10_000), comment(3, 52_000)], 100_000)
    assert [(pin.pk, pin.count, pin.percent) for pin in pins] == [(2, 1, 10), (1, 2, 50)]
    assert (pins[1].at_ms, pins[1].until_ms, pins[1].artist) == (50_000, 52_000, "artist 1")


def test_hidden_comments_and_those_without_a_moment_have_none():
    assert pinned([comment(1, None), comment(2, 5, hidden_at="now")], 100) == []


def test_a_work_of_unknown_length_has_one_pin():
    assert [pin.count for pin in pinned([comment(1, 5), comment(2, 90_000)], None)] == [2]


@given(st.lists(st.integers(0, 100_000), max_size=60))
def test_no_pin_covers_another_and_every_comment_has_one(moments):
    pins = pinned([comment(pk, at_ms) for pk, at_ms in enumerate(moments)], 100_000)
    places = [pin.percent for pin in pins]
    assert all(after - before >= APART_PERCENT for before, after in pairwise(places))
    assert sum(pin.count for pin in pins) == len(moments)
