"""The chart of accounts (royalties.md 2.1): what each code means, and how codes are spelled.

Pure: no Django. A code is its root, its facts and its currency, as in `payable:p7c1e:USD`.
Revenue and expense carry their kind as root, since a sales channel and a cost category of one
production may share a name. Amounts are debit positive, so a liability's balance is negative.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ASSET, LIABILITY, EQUITY, REVENUE, EXPENSE = "asset", "liability", "equity", "revenue", "expense"
# An orphan's payee id has a colon of its own, so a fact may bring one part more.
CODE = re.compile(r"([a-z_]+)((?::[A-Za-z0-9_.-]+){0,4}):([A-Z]{3})")
LONGEST = 200
# Channels and categories that mean something to the books themselves.
ARTIST_SHARE = "artist_share"
REFUNDS = "refunds"
RESERVE = "reserve"
FEE = "fee"


class UnknownAccount(ValueError):
    """A code that the chart of accounts does not have."""


@dataclass(frozen=True, slots=True)
class Root:
    """What holds for every account under one first word."""

    kind: str
    facts: tuple[int, int]
    min_minor: int | None = None
    max_minor: int | None = None


def _owed(least: int, most: int) -> Root:
    """What we owe and hold for others: paying out more than came in is refused."""
    return Root(LIABILITY, (least, most), max_minor=0)


ROOTS = {
    "bank": Root(ASSET, (0, 0)),
    "clearing": Root(ASSET, (1, 1)),
    "receivable": Root(ASSET, (1, 1)),
    "advance": Root(ASSET, (2, 3), min_minor=0),
    "overpaid": Root(ASSET, (1, 2), min_minor=0),
    "pool": _owed(1, 1),
    "payable": _owed(1, 2),
    "held": _owed(1, 2),
    "withheld": _owed(2, 3),
    "in_transit": _owed(2, 3),
    "unclaimed": _owed(1, 2),
    "reserve": _owed(1, 1),
    "suspense": _owed(1, 1),
    "revenue": Root(REVENUE, (2, 2)),
    "expense": Root(EXPENSE, (1, 2)),
    "opening": Root(EQUITY, (0, 0)),
    "fx": Root(EQUITY, (1, 1)),
}


def parse(code: str) -> tuple[Root, str]:
    """Return the root and the currency of a code, or raise UnknownAccount."""
    found = CODE.fullmatch(code) if len(code) <= LONGEST else None
    root = ROOTS.get(found[1]) if found else None
    if found is None or root is None or not root.facts[0] <= found[2].count(":") <= root.facts[1]:
        raise UnknownAccount(f"The chart of accounts has no code {code!r}.")
    return root, found[3]


def currency_of(code: str) -> str:
    return parse(code)[1]


def bank(currency: str) -> str:
    return f"bank:{currency}"


def clearing(provider: str, currency: str) -> str:
    return f"clearing:{provider}:{currency}"


def receivable(channel: str, currency: str) -> str:
    return f"receivable:{channel}:{currency}"


def advance(payee: str, production: str, currency: str) -> str:
    return f"advance:{payee}:{production}:{currency}"


def overpaid(payee: str, currency: str) -> str:
    return f"overpaid:{payee}:{currency}"


def pool(production: str, currency: str) -> str:
    return f"pool:{production}:{currency}"


def payable(payee: str, currency: str) -> str:
    return f"payable:{payee}:{currency}"


def held(payee: str, currency: str) -> str:
    return f"held:{payee}:{currency}"


def withheld(authority: str, payee: str, currency: str) -> str:
    return f"withheld:{authority}:{payee}:{currency}"


def in_transit(batch: str, payee: str, currency: str) -> str:
    return f"in_transit:{batch}:{payee}:{currency}"


def unclaimed(payee: str, currency: str) -> str:
    return f"unclaimed:{payee}:{currency}"


def reserve(production: str, currency: str) -> str:
    return f"reserve:{production}:{currency}"


def suspense(provider: str, currency: str) -> str:
    return f"suspense:{provider}:{currency}"


def revenue(production: str, channel: str, currency: str) -> str:
    return f"revenue:{production}:{channel}:{currency}"


def expense(production: str, category: str, currency: str) -> str:
    return f"expense:{production}:{category}:{currency}"


def company_expense(category: str, currency: str) -> str:
    """Costs of no production: payout_fees, fx_loss, bad_debt."""
    return f"expense:{category}:{currency}"


def opening(currency: str) -> str:
    return f"opening:{currency}"


def fx(pair: str, currency: str) -> str:
    return f"fx:{pair}:{currency}"


def pair_of(one: str, other: str) -> str:
    """Two currencies as `fx` names them, whichever is sold."""
    return "-".join(sorted((one, other)))
