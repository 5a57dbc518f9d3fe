"""Our own money: what the bank held at the beginning, to and from providers, and into another currency."""

from __future__ import annotations

from royalties import accounts
from royalties.money import Money
from royalties.postings.draft import Draft, Line, key_of, move, numbered_key, positive


def opening_balance(money: Money, *, again: int = 0) -> Draft:
    """What the bank held; `again` counts the openings of this currency that were taken back."""
    ccy = money.currency
    key = numbered_key("open", ccy, again=again)
    return move("opening", key, accounts.bank(ccy), accounts.opening(ccy), money)


def provider_paid_out(*, provider: str, transfer: str, money: Money) -> Draft:
    debit, credit = accounts.bank(money.currency), accounts.clearing(provider, money.currency)
    return move("provider_paid_out", key_of("bank", provider, transfer), debit, credit, money)


def provider_funded(*, provider: str, transfer: str, money: Money) -> Draft:
    """Our bank gives a provider money to pay others with."""
    debit, credit = accounts.clearing(provider, money.currency), accounts.bank(money.currency)
    return move("provider_funded", key_of("fund", provider, transfer), debit, credit, money)


def exchanged_at_bank(*, exchange: str, sold: Money, bought: Money, at_rate: Money) -> Draft:
    """The bank's other currency; what it is less than at the recorded rate is lost, what it is more is a gain."""
    for money in sold, bought, at_rate:
        positive(money)
    loss = at_rate - bought
    pair = accounts.pair_of(sold.currency, bought.currency)
    lines = [
        Line(accounts.bank(sold.currency), -sold.amount_minor),
        Line(accounts.fx(pair, sold.currency), sold.amount_minor),
        Line(accounts.fx(pair, bought.currency), -at_rate.amount_minor),
        Line(accounts.bank(bought.currency), bought.amount_minor),
    ]
    if loss:
        lines.append(Line(accounts.company_expense("fx_loss", bought.currency), loss.amount_minor))
    return Draft("exchanged_at_bank", key_of("exc", exchange), tuple(lines))
