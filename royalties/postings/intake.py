"""Money in: what is earned and spent, and what waits until somebody knows whose it is."""

from __future__ import annotations

from collections.abc import Iterable

from royalties import accounts
from royalties.accounts import FEE, REFUNDS
from royalties.money import Money
from royalties.postings.draft import Draft, Line, key_of, move, numbered_key, positive


def revenue_invoiced(*, production: str, channel: str, invoice: str, money: Money, again: int = 0) -> Draft:
    """A bill of ours; `again` counts those of this number that were taken back, as in what follows."""
    debit = accounts.receivable(channel, money.currency)
    credit = accounts.revenue(production, channel, money.currency)
    return move("revenue_invoiced", numbered_key("inv", channel, invoice, again=again), debit, credit, money)


def invoice_received(*, channel: str, invoice: str, provider: str, money: Money, again: int = 0) -> Draft:
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.receivable(channel, money.currency)
    return move("invoice_received", numbered_key("rcv", channel, invoice, again=again), debit, credit, money)


def revenue_received(
    *, production: str, channel: str, provider: str, transaction: str, money: Money, again: int = 0
) -> Draft:
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.revenue(production, channel, money.currency)
    return move("revenue_received", numbered_key("inc", provider, transaction, again=again), debit, credit, money)


def channel_fee(*, production: str, provider: str, transaction: str, money: Money, again: int = 0) -> Draft:
    debit = accounts.expense(production, FEE, money.currency)
    credit = accounts.clearing(provider, money.currency)
    return move("channel_fee", numbered_key("fee", provider, transaction, again=again), debit, credit, money)


def channel_rebate(*, production: str, provider: str, transaction: str, money: Money, again: int = 0) -> Draft:
    """What the channel gives back of a fee, as with a refund: less of the expense."""
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.expense(production, FEE, money.currency)
    return move("channel_rebate", numbered_key("reb", provider, transaction, again=again), debit, credit, money)


def refund(*, production: str, provider: str, transaction: str, money: Money, again: int = 0) -> Draft:
    debit = accounts.revenue(production, REFUNDS, money.currency)
    credit = accounts.clearing(provider, money.currency)
    return move("refund", numbered_key("ref", provider, transaction, again=again), debit, credit, money)


def cost_paid(*, production: str, category: str, invoice: str, money: Money, again: int = 0) -> Draft:
    debit = accounts.expense(production, category, money.currency)
    key = numbered_key("cost", invoice, again=again)
    return move("cost_paid", key, debit, accounts.bank(money.currency), money)


def unmatched_received(*, provider: str, transaction: str, money: Money) -> Draft:
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.suspense(provider, money.currency)
    return move("unmatched_received", key_of("sus", provider, transaction), debit, credit, money)


def unmatched_resolved(*, provider: str, transaction: str, belongs_to: str, money: Money, again: int = 0) -> Draft:
    debit = accounts.suspense(provider, money.currency)
    key = numbered_key("sus", provider, transaction, "resolved", again=again)
    return move("unmatched_resolved", key, debit, belongs_to, money)


def unmatched_became_income(
    *, production: str, channel: str, provider: str, transaction: str, gross: Money, fee: Money, again: int = 0
) -> Draft:
    """What waited net of the channel's fee is income: the sale in full, and the fee as one."""
    ccy = gross.currency
    net = gross - fee
    positive(net)
    lines = [Line(accounts.suspense(provider, ccy), net.amount_minor)]
    if fee:
        lines.append(Line(accounts.expense(production, FEE, ccy), fee.amount_minor))
    lines.append(Line(accounts.revenue(production, channel, ccy), -gross.amount_minor))
    return Draft(
        "unmatched_resolved", numbered_key("sus", provider, transaction, "resolved", again=again), tuple(lines)
    )


def income_converted(*, conversion: str, pair: str, moved: Iterable[tuple[str, int, str, int]]) -> Draft:
    """Each account's amount is taken out in one currency and put in in another; `fx` holds the position.

    `moved` gives (account, amount on it) twice: as it stands, and as it will be; debit positive.
    """
    lines: list[Line] = []
    rest: dict[str, int] = {}
    for before, amount, after, converted in moved:
        for account, minor in ((before, -amount), (after, converted)):
            if minor:
                lines.append(Line(account, minor))
                ccy = accounts.currency_of(account)
                rest[ccy] = rest.get(ccy, 0) + minor
    lines += [Line(accounts.fx(pair, ccy), -minor) for ccy, minor in sorted(rest.items()) if minor]
    return Draft("income_converted", key_of("cnv", conversion), tuple(lines))
