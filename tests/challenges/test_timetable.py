"""The phases as they are drawn."""

from datetime import timedelta

from django.utils import timezone

from challenges.models import Challenge
from challenges.timetable import phases

OPENS = timezone.now()
ROOM = Challenge(opens_at=OPENS, closes_at=OPENS + timedelta(days=10), results_at=OPENS + timedelta(days=14))


def states(days):
    return [(step["state"], step["percent"]) for step in phases(ROOM, OPENS + timedelta(days=days))]


def test_the_present_phase_says_how_far_it_has_gone():
    assert states(-1) == [("later", 0), ("later", 0), ("later", 0)]
    assert states(5) == [("now", 50), ("later", 0), ("later", 0)]
    assert states(12) == [("done", 100), ("now", 50), ("later", 0)]
    assert states(20) == [("done", 100), ("done", 100), ("later", 0)]


def test_no_day_is_said_twice():
    assert [step["moment"] for step in phases(ROOM, OPENS)] == [ROOM.closes_at, None, ROOM.results_at]
