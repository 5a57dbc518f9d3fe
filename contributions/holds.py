"""What goes on using a work after it is withdrawn.

Withdrawing is always allowed; the terms say so. They also say that a production whose cut was locked
before keeps the work. Such things live on higher floors: each registers a finder when it is ready
(AppConfig.ready), and this floor asks them without knowing who they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contributions.models import Contribution


@dataclass(frozen=True)
class Hold:
    """One thing that keeps the work: its name as people know it, its page, and since when."""

    title: str
    url: str
    since: dt.datetime


Finder = Callable[[Contribution], Iterable[Hold]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Have a finder asked; once, however often an app is made ready."""
    if finder not in _finders:
        _finders.append(finder)


def holds_on(contribution: Contribution) -> list[Hold]:
    """Everything that keeps the work, the oldest first; empty while withdrawing takes it from everybody."""
    found = [hold for finder in _finders for hold in finder(contribution)]
    return sorted(found, key=lambda hold: hold.since)
