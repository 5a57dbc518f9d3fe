"""Who is near the money: ancestors and descendants as far as money travels, and nobody else."""

from typing import Any

from contributions import actions as contributions
from royalties import kinship, policy
from tests.contributions.works import declared, published, written


def chain(artist: Any, length: int) -> list[Any]:
    """Works, each made from the one before."""
    works = [published(artist, "Link 0")]
    for number in range(1, length):
        works.append(published(artist, f"Link {number}", sources=[(works[-1], "adapts")]))
    return works


def test_neighbours_are_ancestors_and_descendants_through_so_many_remixes(alice: Any) -> None:
    works = chain(alice, policy.MAX_DEPTH + 3)
    keys = [work.pk for work in works]
    assert kinship.neighbourhood([keys[0]]) == set(keys[: policy.MAX_DEPTH + 1])
    assert kinship.neighbourhood([keys[-1]]) == set(keys[-policy.MAX_DEPTH - 1 :])
    assert kinship.neighbourhood([keys[2]], depth=1) == set(keys[1:4])
    assert kinship.neighbourhood([]) == set()


def test_two_remixes_of_one_source_are_no_neighbours(alice: Any, bob: Any) -> None:
    source = published(alice, "Source")
    first = published(alice, "First", sources=[(source, "adapts")])
    second = published(bob, "Second", sources=[(source, "adapts")])
    assert kinship.neighbourhood([first.pk]) == {source.pk, first.pk}
    assert kinship.is_neighbour(bob, {source.pk})
    assert not kinship.is_neighbour(bob, {first.pk})
    assert second.pk not in kinship.neighbourhood([first.pk])


def test_a_share_in_a_work_ties_as_much_as_making_it(alice: Any, bob: Any, charlie: Any) -> None:
    work = declared(written(alice, "Quilt"))
    contributions.set_shares(actor=alice, contribution=work, shares={alice: (5000, "cloth"), bob: (5000, "thread")})
    for maker in (alice, bob):
        contributions.agree_share(actor=maker, contribution=work)
    contributions.publish_contribution(actor=alice, contribution=work)
    assert kinship.is_neighbour(bob, {work.pk})
    assert not kinship.is_neighbour(charlie, {work.pk})
    assert kinship.holders_of([work.pk]) == {alice.pk, bob.pk}
