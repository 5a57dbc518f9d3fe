"""Posting rules (royalties.md 2.2): pure functions from facts to the lines of one entry.

Each returns a Draft: its kind, its idempotency key as the rules spell it, and its lines, debit
positive. `ledger.post` writes it. Productions, payees, batches and the like come in as the
opaque ids that stand in account codes; names of people never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple
from urllib.parse import quote

from royalties import accounts
from royalties.money import Money, MoneyError

# What percent-encoding leaves as it is.
PLAIN = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch
ARTIST_SHARE = "artist_share"
REFUNDS = "refunds"
RESERVE = "reserve"
FEE = "fee"


class Line(NamedTuple):
    """One side of an entry; a debit is positive."""

    account: str
    amount_minor: int


class Draft(NamedTuple):
    """An entry that has not been posted."""

    kind: str
    key: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PayoutItem:
    """What one payee gets in a batch: the gross amount, what authorities keep of it, and what the rest buys.

    `bought` is in another currency; without it the rest is paid as it is.
    """

    payee: str
    gross: Money
    withheld: Mapping[str, int] = field(default_factory=dict)
    bought: Money | None = None

    @property
    def net(self) -> Money:
        return self.gross - Money(sum(self.withheld.values()), self.gross.currency)

    @property
    def paid(self) -> Money:
        return self.net if self.bought is None else self.bought


def key_of(*parts: object) -> str:
    """Join the parts of a key so that no two facts can share one, whatever a provider calls them."""
    words = map(str, parts)
    return ":".join(word if PLAIN(word) else quote(word, safe="-_.~") for word in words)


def mirrored(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that take others back, one by one."""
    return tuple(Line(account, -minor) for account, minor in lines)


def _move(kind: str, key: str, debit: str, credit: str, money: Money) -> Draft:
    """The commonest entry: one amount from one account to another."""
    _positive(money)
    return Draft(kind, key, (Line(debit, money.amount_minor), Line(credit, -money.amount_minor)))


def _positive(money: Money) -> None:
    if money.amount_minor <= 0:
        raise MoneyError(f"An entry moves a positive amount, not {money}.")


# --- money in ---


def opening_balance(money: Money) -> Draft:
    ccy = money.currency
    return _move("opening", key_of("open", ccy), accounts.bank(ccy), accounts.opening(ccy), money)


def revenue_invoiced(*, production: str, channel: str, invoice: str, money: Money) -> Draft:
    debit = accounts.receivable(channel, money.currency)
    credit = accounts.revenue(production, channel, money.currency)
    return _move("revenue_invoiced", key_of("inv", channel, invoice), debit, credit, money)


def invoice_received(*, channel: str, invoice: str, provider: str, money: Money) -> Draft:
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.receivable(channel, money.currency)
    return _move("invoice_received", key_of("rcv", channel, invoice), debit, credit, money)


def revenue_received(*, production: str, channel: str, provider: str, transaction: str, money: Money) -> Draft:
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.revenue(production, channel, money.currency)
    return _move("revenue_received", key_of("inc", provider, transaction), debit, credit, money)


def provider_paid_out(*, provider: str, transfer: str, money: Money) -> Draft:
    debit, credit = accounts.bank(money.currency), accounts.clearing(provider, money.currency)
    return _move("provider_paid_out", key_of("bank", provider, transfer), debit, credit, money)


def provider_funded(*, provider: str, transfer: str, money: Money) -> Draft:
    """Our bank gives a provider money to pay others with."""
    debit, credit = accounts.clearing(provider, money.currency), accounts.bank(money.currency)
    return _move("provider_funded", key_of("fund", provider, transfer), debit, credit, money)


def exchanged_at_bank(*, exchange: str, sold: Money, bought: Money, at_rate: Money) -> Draft:
    """The bank's other currency; what it is less than at the recorded rate is lost, what it is more is a gain."""
    for money in sold, bought, at_rate:
        _positive(money)
    loss = at_rate - bought
    pair = "-".join(sorted((sold.currency, bought.currency)))
    lines = [
        Line(accounts.bank(sold.currency), -sold.amount_minor),
        Line(accounts.fx(pair, sold.currency), sold.amount_minor),
        Line(accounts.fx(pair, bought.currency), -at_rate.amount_minor),
        Line(accounts.bank(bought.currency), bought.amount_minor),
    ]
    if loss:
        lines.append(Line(accounts.company_expense("fx_loss", bought.currency), loss.amount_minor))
    return Draft("exchanged_at_bank", key_of("exc", exchange), tuple(lines))


def unmatched_received(*, provider: str, transaction: str, money: Money) -> Draft:
    debit = accounts.clearing(provider, money.currency)
    credit = accounts.suspense(provider, money.currency)
    return _move("unmatched_received", key_of("sus", provider, transaction), debit, credit, money)


def unmatched_resolved(*, provider: str, transaction: str, belongs_to: str, money: Money) -> Draft:
    debit = accounts.suspense(provider, money.currency)
    return _move("unmatched_resolved", key_of("sus", provider, transaction, "resolved"), debit, belongs_to, money)


def channel_fee(*, production: str, provider: str, transaction: str, money: Money) -> Draft:
    debit = accounts.expense(production, FEE, money.currency)
    credit = accounts.clearing(provider, money.currency)
    return _move("channel_fee", key_of("fee", provider, transaction), debit, credit, money)


def refund(*, production: str, provider: str, transaction: str, money: Money) -> Draft:
    debit = accounts.revenue(production, REFUNDS, money.currency)
    credit = accounts.clearing(provider, money.currency)
    return _move("refund", key_of("ref", provider, transaction), debit, credit, money)


def cost_paid(*, production: str, category: str, invoice: str, money: Money) -> Draft:
    debit = accounts.expense(production, category, money.currency)
    return _move("cost_paid", key_of("cost", invoice), debit, accounts.bank(money.currency), money)


# --- statements ---


def reserve_held(*, statement: str, production: str, money: Money) -> Draft:
    debit = accounts.revenue(production, RESERVE, money.currency)
    credit = accounts.reserve(production, money.currency)
    return _move("reserve_held", key_of("rsv", statement, "hold"), debit, credit, money)


def reserve_released(*, statement: str, production: str, money: Money) -> Draft:
    debit = accounts.reserve(production, money.currency)
    credit = accounts.revenue(production, RESERVE, money.currency)
    return _move("reserve_released", key_of("rsv", statement, "release"), debit, credit, money)


def statement_split(*, statement: str, production: str, pool: Money) -> Draft:
    """The artists' half leaves the production; the company's half needs no entry."""
    debit = accounts.expense(production, ARTIST_SHARE, pool.currency)
    credit = accounts.pool(production, pool.currency)
    return _move("statement_split", key_of("st", statement, "split"), debit, credit, pool)


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
    _positive(total)
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
    return _move("advance_paid", key_of("adv", advance), debit, accounts.bank(money.currency), money)


def advance_recouped(*, statement: str, payee: str, production: str, money: Money) -> Draft:
    debit = accounts.payable(payee, money.currency)
    credit = accounts.advance(payee, production, money.currency)
    return _move("advance_recouped", key_of("st", statement, "recoup", payee), debit, credit, money)


def hold(*, hold: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.payable(payee, money.currency), accounts.held(payee, money.currency)
    return _move("hold", key_of("hold", hold, "hold"), debit, credit, money)


def release(*, hold: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.held(payee, money.currency), accounts.payable(payee, money.currency)
    return _move("release", key_of("hold", hold, "release"), debit, credit, money)


# --- money out ---


def payout_submitted(*, batch: str, items: Iterable[PayoutItem]) -> Draft:
    """One entry a batch: what was payable is now withheld for authorities and in transit."""
    ordered = sorted(items, key=lambda item: item.payee)
    return Draft("payout_submitted", key_of("po", batch), tuple(chain(*(_leaving(batch, item) for item in ordered))))


def conversion(*, batch: str, item_id: str, item: PayoutItem) -> Draft:
    """Payable in one currency is in transit in another, one entry a payee; `fx` holds the position between them."""
    if item.bought is None or item.bought.currency == item.net.currency:
        raise MoneyError("A conversion is between two currencies.")
    return Draft("conversion", key_of("fx", item_id), tuple(_leaving(batch, item)))


def payout_settled(*, batch: str, item_id: str, item: PayoutItem, provider: str) -> Draft:
    ccy = item.paid.currency
    debit, credit = accounts.in_transit(batch, item.payee, ccy), accounts.clearing(provider, ccy)
    return _move("payout_settled", key_of("po", batch, item_id, "ok"), debit, credit, item.paid)


def payout_failed(*, batch: str, item_id: str, item: PayoutItem) -> Draft:
    """Failed or returned, the tax not yet remitted: the payee is owed the gross amount again, in its own currency."""
    payable = Line(accounts.payable(item.payee, item.gross.currency), -item.gross.amount_minor)
    back = (*_in_transit(batch, item, sign=1), *_position(item, sign=1), *_withheld(item, sign=1))
    return Draft("payout_failed", key_of("po", batch, item_id, "fail"), (*back, payable))


def _leaving(batch: str, item: PayoutItem) -> Iterator[Line]:
    """What is payable to one payee leaves for the authorities and for the provider."""
    _positive(item.gross)
    yield Line(accounts.payable(item.payee, item.gross.currency), item.gross.amount_minor)
    yield from _withheld(item, sign=-1)
    yield from _position(item, sign=-1)
    yield from _in_transit(batch, item, sign=-1)


def _withheld(item: PayoutItem, *, sign: int) -> list[Line]:
    return [
        Line(accounts.withheld(authority, item.payee, item.gross.currency), sign * minor)
        for authority, minor in sorted(item.withheld.items())
        if minor
    ]


def _position(item: PayoutItem, *, sign: int) -> list[Line]:
    """What we no longer owe in one currency against what we send in the other; nothing where they are one."""
    if item.bought is None:
        return []
    _positive(item.net)
    _positive(item.bought)
    pair = "-".join(sorted((item.net.currency, item.bought.currency)))
    return [
        Line(accounts.fx(pair, item.net.currency), sign * item.net.amount_minor),
        Line(accounts.fx(pair, item.bought.currency), -sign * item.bought.amount_minor),
    ]


def _in_transit(batch: str, item: PayoutItem, *, sign: int) -> list[Line]:
    paid = item.paid
    if not paid:
        return []
    return [Line(accounts.in_transit(batch, item.payee, paid.currency), sign * paid.amount_minor)]


def payout_fee(*, batch: str, provider: str, money: Money) -> Draft:
    debit = accounts.company_expense("payout_fees", money.currency)
    credit = accounts.clearing(provider, money.currency)
    return _move("payout_fee", key_of("po", batch, "fee"), debit, credit, money)


def tax_remitted(*, authority: str, period: str, currency: str, withheld: Mapping[str, int]) -> Draft:
    """What was kept back from each payee goes to the authority in one transfer."""
    lines = [Line(accounts.withheld(authority, payee, currency), withheld[payee]) for payee in sorted(withheld)]
    lines.append(Line(accounts.bank(currency), -sum(withheld.values())))
    return Draft("tax_remitted", key_of("tax", authority, period), tuple(lines))


def overpaid_found(*, case: str, payee: str, returns_to: str, money: Money) -> Draft:
    """Fraud found after payment: the payee owes us, against payable or the clearing account."""
    return _move("overpaid_found", key_of("over", case), accounts.overpaid(payee, money.currency), returns_to, money)


def unclaimed(*, case: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.payable(payee, money.currency), accounts.unclaimed(payee, money.currency)
    return _move("unclaimed", key_of("unc", case), debit, credit, money)


def escheat(*, case: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.unclaimed(payee, money.currency), accounts.bank(money.currency)
    return _move("escheat", key_of("esc", case), debit, credit, money)


def late_claim(*, case: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.unclaimed(payee, money.currency), accounts.payable(payee, money.currency)
    return _move("late_claim", key_of("unc", case, "claimed"), debit, credit, money)


# --- payouts in depth: fees by item, and money that went where nobody meant it to go ---

NOBODY = "unknown"


def payout_item_fee(*, batch: str, item_id: str, provider: str, money: Money) -> Draft:
    """What the provider took for one payment, where its report says so by payment."""
    debit = accounts.company_expense("payout_fees", money.currency)
    credit = accounts.clearing(provider, money.currency)
    return _move("payout_fee", key_of("po", batch, item_id, "fee"), debit, credit, money)


def unknown_paid(*, case: str, provider: str, money: Money) -> Draft:
    """Money left that no payout of ours explains; `suspense` is a debt and cannot hold it, so it stands as a claim."""
    clearing = accounts.clearing(provider, money.currency)
    return overpaid_found(case=case, payee=NOBODY, returns_to=clearing, money=money)


def overpaid_recovered(*, case: str, payee: str, money: Money) -> Draft:
    """What the payee owes us is taken from what we owe them."""
    debit, credit = accounts.payable(payee, money.currency), accounts.overpaid(payee, money.currency)
    return _move("overpaid_recovered", key_of("over", case, "recovered"), debit, credit, money)


def overpaid_lost(*, case: str, payee: str, money: Money) -> Draft:
    """Nobody will give it back; the company bears it."""
    debit = accounts.company_expense("bad_debt", money.currency)
    return _move("overpaid_lost", key_of("over", case, "lost"), debit, accounts.overpaid(payee, money.currency), money)


# --- money in, in depth ---


def unmatched_became_income(
    *, production: str, channel: str, provider: str, transaction: str, gross: Money, fee: Money
) -> Draft:
    """What waited net of the channel's fee is income: the sale in full, and the fee as one."""
    ccy = gross.currency
    net = gross - fee
    _positive(net)
    lines = [Line(accounts.suspense(provider, ccy), net.amount_minor)]
    if fee:
        lines.append(Line(accounts.expense(production, FEE, ccy), fee.amount_minor))
    lines.append(Line(accounts.revenue(production, channel, ccy), -gross.amount_minor))
    return Draft("unmatched_resolved", key_of("sus", provider, transaction, "resolved"), tuple(lines))


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
