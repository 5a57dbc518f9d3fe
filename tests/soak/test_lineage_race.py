"""Attempts to close a cycle in the lineage, all from several connections at once: not one succeeds.

Through the actions nobody can even begin, since only published works can be named. So each attempt helps itself with
raw SQL, as the site's own role, as far as a bug in the application could.
"""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from contributions import actions
from contributions.errors import ContributionError
from contributions.models import Contribution, DraftSource, Remix
from tests.contributions.works import declared, published, written
from tests.soak.chance import at_once, tell

INSERT = """INSERT INTO contributions_remix
    (child_id, parent_id, child_seq, parent_seq, kind, rate_bps, note, created_at)
    VALUES (%s, %s, %s, %s, 'reuses', 3000, '', now())"""
REFUSED = (IntegrityError, OperationalError, ContributionError)
RACERS = 2


def insert(child: Contribution, parent: Contribution, gate: threading.Barrier, *, forged: bool = False) -> str:
    """An edge by raw SQL, committed only when the other edge has been written or refused as well."""
    numbers = [child.published_seq, parent.published_seq]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, [child.pk, parent.pk, *(sorted(numbers, reverse=True) if forged else numbers)])
            gate.wait(timeout=20)
        return "edge"
    except REFUSED as refused:
        gate.abort()
        return type(refused).__name__
    except threading.BrokenBarrierError:
        # The other one was refused: this transaction is rolled back, and tries once more by itself.
        return insert(child, parent, threading.Barrier(1), forged=forged)


def both_ways(chance: random.Random, pool: list[Contribution], artists: list[Any]) -> list[Any]:
    """Two works, an edge each way."""
    one, other = chance.sample(pool, 2)
    gate, forged = threading.Barrier(RACERS), chance.random() < 0.5
    return at_once([lambda: insert(one, other, gate, forged=forged), lambda: insert(other, one, gate, forged=forged)])


def ring(chance: random.Random, pool: list[Contribution], artists: list[Any]) -> list[Any]:
    """Three works, each built on the next."""
    works = chance.sample(pool, 3)
    pairs = list(zip(works, [*works[1:], works[0]], strict=True))
    return at_once([lambda pair=pair: insert(*pair, threading.Barrier(1)) for pair in pairs])


def drafts(chance: random.Random, pool: list[Contribution], artists: list[Any]) -> list[Any]:
    """Two drafts which name each other, published by their artists in the same moment."""
    works = [declared(written(artist, f"Remix {chance.random()}")) for artist in artists]
    for work, source in (works, reversed(works)):
        DraftSource.objects.create(contribution=work, source=source)
    return at_once([lambda work=work: publish(work) for work in works])


def publish(work: Contribution) -> str:
    try:
        actions.publish_contribution(actor=work.artist, contribution=work)
    except REFUSED as refused:
        return type(refused).__name__
    return "published"


def edges() -> dict[int, set[int]]:
    """The sources of each work, by their ids alone: the numbers are what is being tested."""
    found: dict[int, set[int]] = defaultdict(set)
    for child, parent in Remix.objects.filter(parent__isnull=False).values_list("child_id", "parent_id"):
        found[child].add(int(parent or 0))
    return found


def in_cycles(sources: dict[int, set[int]]) -> set[int]:
    """What is left when the works without a source are taken away, again and again."""
    left = set(sources)
    while free := {work for work in left if not sources[work] & left}:
        left -= free
    return left


def test_a_cycle_is_seen_where_there_is_one() -> None:
    assert in_cycles({2: {1}, 3: {2, 1}, 4: {3}}) == set()
    assert in_cycles({1: {2}, 2: {3}, 3: {1}, 4: {9}}) == {1, 2, 3}


def test_no_cycle_is_ever_closed(
    committed_db: str, alice: Any, bob: Any, seed: int, size: Callable[[int, int], int]
) -> None:
    attempts = size(12, 100)
    chance = random.Random(seed)
    pool = [published((alice, bob)[number % 2], f"Work {number}") for number in range(size(5, 30))]
    outcomes: Counter[str] = Counter()
    for number in range(attempts):
        attempt = (both_ways, ring, both_ways, drafts)[number % 4]
        answers = attempt(chance, pool, [alice, bob])
        unexpected = [answer for answer in answers if not isinstance(answer, str)]
        assert unexpected == []
        outcomes.update(f"{attempt.__name__}: {answer}" for answer in answers)
        assert in_cycles(edges()) == set()
        assert "published" not in answers or answers.count("published") < len(answers)
    tell(f"{attempts} attempts, 0 cycles; {dict(sorted(outcomes.items()))}, {Remix.objects.count()} edges")
    assert outcomes["both_ways: edge"] > 0
    assert outcomes["both_ways: IntegrityError"] > 0
