"""Any corrections of one statement, in any order and by whoever pays: nobody ends with less than is right."""

from __future__ import annotations

from random import Random

import pytest

from royalties import actions, correcting
from royalties.correcting import Rest, Step
from royalties.models import Statement
from tests.support.cast import join

pytestmark = pytest.mark.usefixtures("db")

PEOPLE, POOL = 4, 1_000
HOUSE, SHARES = Statement.Funding.HOUSE, Statement.Funding.SHARES


@pytest.fixture
def payees() -> list[int]:
    people = [join(f"p{number}") for number in range(PEOPLE)]
    return sorted(payee.pk for payee in actions.payees_for(people).values())


def drawn(random: Random, payees: list[int]) -> dict[int, int]:
    """A division of the pool."""
    cuts = sorted(random.randint(0, POOL) for _number in payees[1:])
    return {payee: high - low for payee, low, high in zip(payees, [0, *cuts], [*cuts, POOL], strict=True)}


def corrected(number: int, funding: str, steps: list[Step], before: dict[int, int], after: dict[int, int]) -> Step:
    """One more correction, with what the house pays for it."""
    deltas = {payee: after[payee] - before[payee] for payee in before if after[payee] != before[payee]}
    statement = Statement(pk=number, funding=funding)
    paid = correcting.paid_by_house(statement, correcting.stand_after(steps), deltas) if funding == HOUSE else {}
    kept = correcting.stand_after([*steps, Step(statement, deltas, paid)]).kept
    assert not paid.keys() & kept.keys(), "the house pays who keeps something"
    return Step(statement, deltas, paid)


def earned(number: int, steps: list[Step], available: dict[int, int]) -> Step:
    """A later statement, and what it moves."""
    stand = correcting.stand_after(steps).due
    owing = {payee: -amount for payee, amount in stand.items() if amount < 0}
    owed = {payee: amount for payee, amount in stand.items() if amount > 0}
    moves = correcting.next_moves(Rest(Statement(pk=number), owing, owed), available)
    for payee, amount in moves.items():
        assert -min(owing.get(payee, 0), available.get(payee, 0)) <= amount <= owed.get(payee, 0)
    assert sum(moves.values()) == 0
    return Step(Statement(pk=number), {}, moves)


def had_of(first: dict[int, int], steps: list[Step]) -> dict[int, int]:
    """What everybody has had so far."""
    return {payee: first[payee] + sum(step.moved.get(payee, 0) for step in steps) for payee in first}


@pytest.mark.parametrize("seed", range(40))
def test_nobody_ends_with_less_than_is_right_and_only_the_house_pays_more(payees: list[int], seed: int) -> None:
    random = Random(seed)
    fundings = [SHARES] if seed < 10 else [HOUSE, SHARES]
    first = right = drawn(random, payees)
    steps: list[Step] = []
    for number in range(1, 9):
        if random.random() < 0.5:
            before, right = right, random.choice([first, drawn(random, payees)])
            if before != right:
                steps.append(corrected(number, random.choice(fundings), steps, before, right))
        else:
            steps.append(earned(number, steps, {payee: random.randint(0, 200) for payee in payees}))
        stand = correcting.stand_after(steps)
        assert sum(stand.due.values()) <= 0
        assert all(amount > 0 and stand.due.get(payee, 0) <= 0 for payee, amount in stand.kept.items())
        has = had_of(first, steps)
        assert {payee: has[payee] - right[payee] for payee in payees} == {
            payee: stand.kept.get(payee, 0) - stand.due.get(payee, 0) for payee in payees
        }
    steps.append(earned(9, steps, dict.fromkeys(payees, POOL * 9)))
    assert all(amount < 0 for amount in correcting.stand_after(steps).due.values())
    has = had_of(first, steps)
    by_house = sum(sum(step.moved.values()) for step in steps)
    assert all(has[payee] >= right[payee] for payee in payees)
    assert sum(has.values()) == POOL + by_house
    if by_house == 0:
        assert has == right


@pytest.mark.parametrize("seed", range(10))
def test_to_and_fro_between_two_divisions_the_house_pays_each_once(payees: list[int], seed: int) -> None:
    random = Random(seed)
    first, other = drawn(random, payees), drawn(random, payees)
    steps: list[Step] = []
    for number in range(1, 7):
        before, after = (first, other) if number % 2 else (other, first)
        steps.append(corrected(number, HOUSE, steps, before, after))
        if number > 1:
            assert not steps[-1].moved
    has = had_of(first, steps)
    assert has == {payee: max(first[payee], other[payee]) for payee in payees}
