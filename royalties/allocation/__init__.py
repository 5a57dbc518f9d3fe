"""ALLOC-1: from one canonical document to every payee's cents (royalties.md 1). No Django here.

`allocate` takes the published input and returns the published result; every number is an
integer in minor units, every refusal an AllocationRefused in plain words.
`python -m royalties.allocation INPUT.json` does the same from the shell.
"""

from __future__ import annotations

from math import gcd
from typing import Any

from royalties.allocation.canonical import canonical_bytes, sha256_hex
from royalties.allocation.document import (
    BPS,
    LARGEST,
    AllocationRefused,
    Production,
    read_document,
)
from royalties.allocation.entitlement import Entitlement, Item, entitle
from royalties.allocation.rounding import apportion, tie_hash

__all__ = [
    "AllocationRefused",
    "Entitlement",
    "Item",
    "allocate",
    "apportion",
    "canonical_bytes",
    "entitle",
    "read_document",
    "sha256_hex",
    "share_out",
    "tie_hash",
    "waterfall",
]


def allocate(document: Any, *, explained: bool = True) -> dict[str, Any]:
    """Return the result of a document: waterfall, effective edges, amounts and their lines.

    Without explanations `lines` is left out: enough to see who gains, and no result to publish.
    """
    production = read_document(document)
    money = waterfall(production.money)
    entitlement = entitle(production)
    awarded = _awards(production, money["pool"])
    shared = share_out(
        money["pool"] - sum(awarded.values()),
        entitlement.weights,
        floor=production.params["floor"],
        direct=entitlement.direct,
        statement=production.statement,
    )
    amounts = dict(shared)
    for payee, award in awarded.items():
        amounts[payee] = amounts.get(payee, 0) + award
    result = {"waterfall": money, "effective_edges": entitlement.edges, "amounts": amounts}
    return result | {"lines": _explain(entitlement, shared)} if explained else result


def waterfall(money: dict[str, int]) -> dict[str, int]:
    """Return net, profit, pool, company and loss_carried; the odd cent goes to the artists."""
    net = money["gross"] - money["refunds"] - money["fees"]
    net += money["reserve_released"] - money["reserve_held"]
    profit = net - money["costs"] - money["carried_loss"]
    pool = -(-max(profit, 0) * money["pool_bps"] // BPS)
    result = {
        "net": net,
        "profit": profit,
        "pool": pool,
        "company": max(profit, 0) - pool,
        "loss_carried": max(-profit, 0),
    }
    if any(abs(amount) > LARGEST for amount in result.values()):
        raise AllocationRefused("The money adds up to an amount that is not below 2^53.")
    return result


def share_out(rest: int, weights: dict[str, int], *, floor: int, direct: set[str], statement: str) -> dict[str, int]:
    """Return each payee's minor units of the rest: the floor first, then one rounding.

    The floor is lowered until it can take at most half of the rest, so it always ends with
    somebody above it, and only people with a line of their own have it.
    """
    eligible = [payee for payee in weights if payee in direct]
    least = min(floor, rest // (2 * len(eligible))) if eligible else 0
    fixed: dict[str, int] = {}
    open_rest, open_weight = rest, sum(weights.values())
    while least:
        below = [p for p in eligible if open_rest * weights[p] < least * open_weight]
        if not below:
            break
        fixed.update(dict.fromkeys(below, least))
        eligible = [payee for payee in eligible if payee not in fixed]
        open_rest -= least * len(below)
        open_weight -= sum(weights[payee] for payee in below)
    payees = [payee for payee in weights if payee not in fixed]
    cents = apportion(
        open_rest,
        [weights[payee] for payee in payees],
        lambda index: tie_hash(statement, payees[index]),
    )
    return fixed | dict(zip(payees, cents, strict=True))


def _awards(production: Production, pool: int) -> dict[str, int]:
    awarded: dict[str, int] = {}
    for payee, amount in production.awards:
        awarded[payee] = awarded.get(payee, 0) + amount
    total, cap = sum(awarded.values()), production.params["award_cap_bps"]
    if total * BPS > pool * cap:
        raise AllocationRefused(f"The awards add up to {total}, more than {cap} bps of the pool of {pool}.")
    return awarded


def _explain(entitlement: Entitlement, shared: dict[str, int]) -> dict[str, dict[str, int]]:
    """Split each payee's cents over that payee's items, which add up to the payee."""
    items: dict[str, list[Item]] = {payee: [] for payee in shared}
    for payee, item in entitlement.items():
        items[payee].append(item)
    statement = entitlement.production.statement
    lines: dict[str, dict[str, int]] = {}
    for payee, own in items.items():
        # Dividing out what one payee's few cells have in common keeps the integers short.
        common = gcd(*(item.weight for item in own))
        cents = apportion(
            shared[payee],
            [item.weight // common for item in own],
            lambda index, payee=payee, own=own: _item_tie(statement, payee, own[index]),  # type: ignore[misc]  # bound at once
        )
        lines[payee] = {item.label: part for item, part in zip(own, cents, strict=True)}
    return lines


def _item_tie(statement: str, payee: str, item: Item) -> str:
    return tie_hash(statement, payee, f"{item.line}/{item.contribution}/{item.depth}")
