"""What higher floors know of a person who leaves.

Closing an account blanks the person and keeps the id, which ledgers, lineage and credits point to. Each
floor that keeps more than the id registers when it is ready (AppConfig.ready) what it must forget, and
what it has to tell the person first; this floor asks them without knowing who they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from profiles.models import Artist


class Eraser(Protocol):
    """An action that blanks what its floor knows of a person, inside the closing's transaction."""

    def __call__(self, *, artist: Artist) -> None: ...


Teller = Callable[[Artist], Iterable[str]]
_erasers: list[Eraser] = []
_tellers: list[Teller] = []


def register(*, forget: Eraser | None = None, tell: Teller | None = None) -> None:
    """Have a floor asked; once, however often an app is made ready."""
    if forget is not None and forget not in _erasers:
        _erasers.append(forget)
    if tell is not None and tell not in _tellers:
        _tellers.append(tell)


def forget(artist: Artist) -> None:
    """Let every floor blank what it knows of the person. Call it inside the closing's transaction."""
    for eraser in _erasers:
        eraser(artist=artist)


def told_before_leaving(artist: Artist) -> list[str]:
    """What the person should know before closing the account, a sentence each."""
    return [sentence for teller in _tellers for sentence in teller(artist)]
