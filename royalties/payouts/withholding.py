"""What authorities keep of a payout: whole minor units, half a unit and more rounded up.

Pure: no Django here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WHOLE_BPS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """One dated row: what the authority takes of payees of `country`, or of everybody where it is empty."""

    key: int
    authority: str
    country: str
    rate_bps: int
    valid_from: str


def kept_minor(gross_minor: int, rate_bps: int) -> int:
    """Gross times rate, rounded half up to whole minor units: 1 of 1 at 50 %, 0 of 1 at 49.99 %."""
    if gross_minor < 0 or not 0 <= rate_bps <= WHOLE_BPS:
        raise ValueError(f"{gross_minor} at {rate_bps} bps cannot be withheld.")
    return (2 * gross_minor * rate_bps + WHOLE_BPS) // (2 * WHOLE_BPS)


def in_force(rates: Iterable[Rate], country: str, day: str) -> list[Rate]:
    """For each authority the newest row that has begun; one that names the country beats one that does not.

    Days are ISO dates, so that their order is that of the text.
    """
    chosen: dict[str, Rate] = {}
    for rate in rates:
        if rate.valid_from > day or rate.country not in {"", country}:
            continue
        held = chosen.get(rate.authority)
        if held is None or _weight(rate) > _weight(held):
            chosen[rate.authority] = rate
    return [chosen[authority] for authority in sorted(chosen)]


def _weight(rate: Rate) -> tuple[bool, str, int]:
    return bool(rate.country), rate.valid_from, rate.key
