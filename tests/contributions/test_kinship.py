"""Counting whole graphs: every work once, by however many paths; against a plain walk on random graphs."""

import random

import pytest

from contributions import kinship
from contributions.kinship import Kin, Member, count


def test_a_work_alone_is_its_own_family():
    assert count([Member(7, artist=1)]) == {7: Kin(origin=7, artists=1)}


def test_a_diamond_counts_its_foot_once():
    top, left, right = Member(1, 1), Member(2, 2, 1, (1,)), Member(3, 3, 1, (1,))
    found = count([top, left, right, Member(4, 1, 2, (2, 3))])
    assert found[1] == Kin(origin=1, deepest=2, ancestors=0, descendants=3, artists=3)
    assert found[2] == Kin(origin=1, deepest=2, ancestors=1, descendants=1, artists=2)
    assert found[4] == Kin(origin=1, deepest=2, ancestors=3, descendants=0, artists=3)


def test_a_work_hangs_on_its_first_source():
    found = count([Member(1, 1), Member(2, 1), Member(3, 1, 1, (2, 1))])
    assert found[3].origin == 2


def test_a_source_that_is_not_there_is_left_out():
    assert count([Member(2, 1, 1, (99,))])[2] == Kin(origin=2, deepest=1, artists=1)


def test_a_work_before_its_source_is_refused():
    with pytest.raises(ValueError, match="before one of its sources"):
        count([Member(1, 1, 1, (2,)), Member(2, 1)])


def reached(start, near):
    """Everything that can be reached, by a plain walk."""
    seen, waiting = set(), [start]
    while waiting:
        for other in near[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_a_plain_walk(seed, monkeypatch):
    # Slices smaller than the graph, so that their edges are crossed.
    monkeypatch.setattr(kinship, "SLICE", 7)
    chance = random.Random(seed)
    above = {pk: chance.sample(range(pk), k=min(pk, chance.choice((0, 1, 1, 2, 3)))) for pk in range(60)}
    below = {pk: [child for child in above if pk in above[child]] for pk in above}
    artists = {pk: chance.randrange(20) for pk in above}
    found = count([Member(pk, artists[pk], parents=tuple(parents)) for pk, parents in above.items()])
    for pk in above:
        up, down = reached(pk, above), reached(pk, below)
        assert (found[pk].ancestors, found[pk].descendants) == (len(up), len(down))
        assert found[pk].artists == len({artists[other] for other in {pk, *up, *down}})
