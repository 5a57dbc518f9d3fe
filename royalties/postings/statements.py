"""What a statement does: reserves, the split, the allocation, its correction, and advances that it takes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from royalties import accounts
from royalties.accounts import ARTIST_SHARE, RESERVE
from royalties.money import Money
from royalties.postings.draft import Draft, Line, key_of, move, positive


def reserve_held(*, statement: str, production: str, money: Money) -> Draft:
    debit = accounts.revenue(production, RESERVE, money.currency)
    credit = accounts.reserve(production, money.currency)
    return move("reserve_held", key_of("rsv", statement, "hold"), debit, credit, money)


def reserve_released(*, statement: str, production: str, money: Money) -> Draft:
    debit = accounts.reserve(production, money.currency)
    credit = accounts.revenue(production, RESERVE, money.currency)
    return move("reserve_released", key_of("rsv", statement, "release"), debit, credit, money)


def statement_split(*, statement: str, production: str, pool: Money) -> Draft:
    """The artists' half leaves the production; the company's half needs no entry."""
    debit = accounts.expense(production, ARTIST_SHARE, pool.currency)
    credit = accounts.pool(production, pool.currency)
    return move("statement_split", key_of("st", statement, "split"), debit, credit, pool)


def statement_allocation(
    *,
    statement: str,
    production: str,
    currency: str,
    amounts: Mapping[str, int],
    held: Iterable[str] = (),
) -> Draft:
    """One entry from the pool to every payee; the money of those in `held` waits for a proof."""
    waiting = set(held)
    lines = [
        Line((accounts.held if payee in waiting else accounts.payable)(payee, currency), -amounts[payee])
        for payee in sorted(amounts)
        if amounts[payee]
    ]
    total = Money(-sum(line.amount_minor for line in lines), currency)
    positive(total)
    lines.insert(0, Line(accounts.pool(production, currency), total.amount_minor))
    return Draft("statement_allocation", key_of("st", statement, "alloc"), tuple(lines))


def statement_correction(
    *, statement: str, number: int, production: str, currency: str, deltas: Mapping[str, int]
) -> Draft:
    """As an allocation, but only what changes; what the pool gives or takes back is the rest."""
    lines = [Line(accounts.payable(payee, currency), -deltas[payee]) for payee in sorted(deltas) if deltas[payee]]
    rest = -sum(line.amount_minor for line in lines)
    if rest:
        lines.insert(0, Line(accounts.pool(production, currency), rest))
    return Draft("statement_correction", key_of("st", statement, "corr", number), tuple(lines))


def advance_paid(*, advance: str, payee: str, production: str, money: Money) -> Draft:
    debit = accounts.advance(payee, production, money.currency)
    return move("advance_paid", key_of("adv", advance), debit, accounts.bank(money.currency), money)


def advance_recouped(
    *,
    statement: str,
    payee: str,
    production: str,
    currency: str,
    amounts: Mapping[str, int],
    correction: int | None = None,
) -> Draft:
    """Out of a payee's share, into the advances of those in `amounts`: their own, and of other accounts of the person.

    With `correction`, out of what the statement brought them for that one.
    """
    taken = Money(sum(amounts.values()), currency)
    lines = [Line(accounts.payable(payee, currency), taken.amount_minor)]
    for had in sorted(amounts):
        positive(Money(amounts[had], currency))
        lines.append(Line(accounts.advance(had, production, currency), -amounts[had]))
    positive(taken)
    of = () if correction is None else (correction,)
    return Draft("advance_recouped", key_of("st", statement, "recoup", payee, *of), tuple(lines))
