"""Comments at moments as pins on a lane. No Django.

A pin is 24 pixels wide and a phone's lane 300: pins closer than eight per cent would cover one another, so
those become one pin with a number, which leads to the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

APART_PERCENT: Final = 8
FIRST_PERCENT, LAST_PERCENT = 4, 96


@dataclass(frozen=True)
class Pin:
    """One or more comments near one another; times in milliseconds, the place in per cent of the lane."""

    comments: tuple[Any, ...]
    percent: int

    @property
    def first(self) -> Any:
        return self.comments[0]

    @property
    def pk(self) -> int:
        return int(self.first.pk)

    @property
    def at_ms(self) -> int:
        return int(self.first.at_ms)

    @property
    def until_ms(self) -> int:
        return int(self.comments[-1].at_ms)

    @property
    def count(self) -> int:
        return len(self.comments)

    @property
    def artist(self) -> Any:
        return self.first.artist


def pinned(comments: Iterable[Any], duration_ms: int | None) -> list[Pin]:
    """Pins in the order of their moments; comments without one, or hidden, have none."""
    timed = [one for one in comments if one.at_ms is not None and not one.hidden_at]
    return list(_gathered(sorted(timed, key=lambda one: (one.at_ms, one.pk)), duration_ms or 0))


def _gathered(timed: list[Any], duration_ms: int) -> Iterator[Pin]:
    group: list[Any] = []
    start = 0
    for comment in timed:
        percent = _percent(comment.at_ms, duration_ms)
        if group and percent < start + APART_PERCENT:
            group.append(comment)
            continue
        if group:
            yield Pin(tuple(group), start)
        group, start = [comment], percent
    if group:
        yield Pin(tuple(group), start)


def _percent(at_ms: int, duration_ms: int) -> int:
    """Whole per cent, away from the ends, where half a pin would hang over."""
    if not duration_ms:
        return FIRST_PERCENT
    return min(max(round(at_ms * 100 / duration_ms), FIRST_PERCENT), LAST_PERCENT)
