"""The draw: the same for everybody who repeats it, and nobody's to steer."""

import datetime as dt
import zoneinfo
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from royalties import drawing

MOMENT = dt.datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=dt.UTC)


def test_a_stranger_gets_the_same_order_with_nothing_but_sha256() -> None:
    seed = sha256(b"abc|7|2026-10-25T01:30:00.123456Z").hexdigest()
    assert drawing.seed_of("abc", 7, MOMENT) == seed
    by_hand = sorted([5, 9, 12], key=lambda pk: sha256(f"{seed}|{pk}".encode()).hexdigest())
    assert drawing.order(seed, [12, 5, 9, 5]) == by_hand


def test_the_zone_in_which_the_moment_is_written_does_not_matter() -> None:
    berlin = MOMENT.astimezone(zoneinfo.ZoneInfo("Europe/Berlin"))
    assert drawing.seed_of("abc", 7, berlin) == drawing.seed_of("abc", 7, MOMENT)
    assert drawing.seed_of("abc", 7, MOMENT + dt.timedelta(microseconds=1)) != drawing.seed_of("abc", 7, MOMENT)


@given(st.sets(st.integers(1, 10**9), min_size=1, max_size=40), st.text(min_size=1, max_size=20))
def test_everybody_is_in_the_order_once_and_leaving_one_out_moves_nobody_past_another(
    candidates: set[int], seed: str
) -> None:
    order = drawing.order(seed, candidates)
    assert sorted(order) == sorted(candidates)
    without = drawing.order(seed, candidates - {order[0]})
    assert without == order[1:]


def test_over_many_seeds_nobody_is_preferred() -> None:
    firsts = [drawing.order(f"seed {number}", range(10))[0] for number in range(2000)]
    assert all(150 < firsts.count(candidate) < 250 for candidate in range(10))
