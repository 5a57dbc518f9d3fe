"""Largest remainder: the only rounding there is, exact on integers of any size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence


def tie_hash(*parts: str) -> str:
    """Return the published coin toss for two otherwise equal claims to one cent."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def apportion(total: int, weights: Sequence[int], tie: Callable[[int], str]) -> list[int]:
    """Split a total by weights; leftovers by larger remainder, larger weight, smaller hash.

    The weights need a positive sum. `tie` gives the hash of a position and is asked only
    where remainder and weight leave the last unit undecided, as hashing all would be slow.
    """
    whole = sum(weights)
    quotients: list[int] = []
    claims: list[tuple[int, int, int]] = []
    for index, weight in enumerate(weights):
        quotient, remainder = divmod(total * weight, whole)
        quotients.append(quotient)
        claims.append((-remainder, -weight, index))
    leftover = total - sum(quotients)
    if not leftover:
        return quotients
    claims.sort()
    last = claims[leftover - 1][:2]
    winners = [index for *claim, index in claims[:leftover] if tuple(claim) != last]
    rivals = [index for *claim, index in claims if tuple(claim) == last]
    places = leftover - len(winners)
    if len(rivals) > places:
        rivals = sorted(rivals, key=tie)[:places]
    for index in (*winners, *rivals):
        quotients[index] += 1
    return quotients
