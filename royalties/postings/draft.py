"""An entry that has not been posted: its kind, its idempotency key, its lines; and the commonest way to make one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from royalties.money import Money, MoneyError

# What percent-encoding leaves as it is.
PLAIN = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


class Line(NamedTuple):
    """One side of an entry; a debit is positive."""

    account: str
    amount_minor: int


class Draft(NamedTuple):
    """An entry that has not been posted."""

    kind: str
    key: str
    lines: tuple[Line, ...]


def key_of(*parts: object) -> str:
    """Join the parts of a key so that no two facts can share one, whatever a provider calls them."""
    words = map(str, parts)
    return ":".join(word if PLAIN(word) else quote(word, safe="-_.~") for word in words)


def numbered_key(*parts: object, again: int) -> str:
    """The key of the first fact of a name, or of the one that came after so many were taken back."""
    return key_of(*parts, *([again] if again else []))


def mirrored(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that take others back, one by one."""
    return tuple(Line(account, -minor) for account, minor in lines)


def move(kind: str, key: str, debit: str, credit: str, money: Money) -> Draft:
    """The commonest entry: one amount from one account to another."""
    positive(money)
    return Draft(kind, key, (Line(debit, money.amount_minor), Line(credit, -money.amount_minor)))


def positive(money: Money) -> None:
    if money.amount_minor <= 0:
        raise MoneyError(f"An entry moves a positive amount, not {money}.")
