"""The draw of a panel, so that anybody can repeat it. Pure: no Django.

The seed is the sha256 of what was public before the draw, and of the microsecond in which the
objector pressed the button: the hash of the published result, the objection's number, that
moment. Nobody chooses it: the objector has one attempt and does not steer the clock, staff have
no hand in it. Each candidate's number is the sha256 of the seed and their key; the lowest sit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from hashlib import sha256


def seed_of(result_sha256: str, objection: int, raised_at: dt.datetime) -> str:
    """64 hex digits."""
    moment = raised_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return sha256(f"{result_sha256}|{objection}|{moment}".encode()).hexdigest()


def draw_number(seed: str, candidate: int) -> str:
    """What decides a candidate's place: the lower, the sooner."""
    return sha256(f"{seed}|{candidate}".encode()).hexdigest()


def order(seed: str, candidates: Iterable[int]) -> list[int]:
    """The candidates in the order in which they are invited."""
    return sorted(set(candidates), key=lambda candidate: draw_number(seed, candidate))
