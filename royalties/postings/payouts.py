"""Money out: what a batch sends and what becomes of it, taxes, holds, money nobody asks for or that went astray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from royalties import accounts
from royalties.money import Money, MoneyError
from royalties.postings.draft import Draft, Line, key_of, move, positive

NOBODY = "unknown"


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
    return move("payout_settled", key_of("po", batch, item_id, "ok"), debit, credit, item.paid)


def payout_failed(*, batch: str, item_id: str, item: PayoutItem) -> Draft:
    """Failed or returned: the payee is owed the item's gross amount again, in its own currency.

    Of what was returned, an item without the tax that is already with its authority.
    """
    payable = Line(accounts.payable(item.payee, item.gross.currency), -item.gross.amount_minor)
    back = (*_in_transit(batch, item, sign=1), *_position(item, sign=1), *_withheld(item, sign=1))
    return Draft("payout_failed", key_of("po", batch, item_id, "fail"), (*back, payable))


def payout_fee(*, batch: str, provider: str, money: Money) -> Draft:
    debit = accounts.company_expense("payout_fees", money.currency)
    credit = accounts.clearing(provider, money.currency)
    return move("payout_fee", key_of("po", batch, "fee"), debit, credit, money)


def payout_item_fee(*, batch: str, item_id: str, provider: str, money: Money, row: str = "") -> Draft:
    """What the provider took for one payment, where its report says so by payment.

    A further transaction about it, by the row that tells of it, has a fee of its own.
    """
    debit = accounts.company_expense("payout_fees", money.currency)
    credit = accounts.clearing(provider, money.currency)
    key = key_of("po", batch, item_id, "fee", *([row] if row else []))
    return move("payout_fee", key, debit, credit, money)


def tax_remitted(*, authority: str, period: str, currency: str, withheld: Mapping[str, int]) -> Draft:
    """What was kept back from each payee goes to the authority in one transfer."""
    lines = [Line(accounts.withheld(authority, payee, currency), withheld[payee]) for payee in sorted(withheld)]
    lines.append(Line(accounts.bank(currency), -sum(withheld.values())))
    return Draft("tax_remitted", key_of("tax", authority, period), tuple(lines))


def hold(*, hold: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.payable(payee, money.currency), accounts.held(payee, money.currency)
    return move("hold", key_of("hold", hold, "hold"), debit, credit, money)


def release(*, hold: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.held(payee, money.currency), accounts.payable(payee, money.currency)
    return move("release", key_of("hold", hold, "release"), debit, credit, money)


def unclaimed(*, case: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.payable(payee, money.currency), accounts.unclaimed(payee, money.currency)
    return move("unclaimed", key_of("unc", case), debit, credit, money)


def escheat(*, case: str, payee: str, money: Money) -> Draft:
    debit, credit = accounts.unclaimed(payee, money.currency), accounts.bank(money.currency)
    return move("escheat", key_of("esc", case), debit, credit, money)


def late_claim(*, case: str, payee: str, money: Money, by: str = "") -> Draft:
    """Payable again; `by` is another account of the same person, where they claim it by that one."""
    debit, credit = accounts.unclaimed(payee, money.currency), accounts.payable(by or payee, money.currency)
    return move("late_claim", key_of("unc", case, "claimed"), debit, credit, money)


def overpaid_found(*, case: str, payee: str, returns_to: str, money: Money) -> Draft:
    """Fraud found after payment: the payee owes us, against payable or the clearing account."""
    return move("overpaid_found", key_of("over", case), accounts.overpaid(payee, money.currency), returns_to, money)


def overpaid_returned(*, key: str, payee: str, returns_to: str, money: Money) -> Draft:
    """What left unexplained is back: nobody owes it any more."""
    return move("overpaid_returned", key, returns_to, accounts.overpaid(payee, money.currency), money)


def unknown_paid(*, case: str, provider: str, money: Money) -> Draft:
    """Money left that no payout of ours explains; `suspense` is a debt and cannot hold it, so it stands as a claim."""
    clearing = accounts.clearing(provider, money.currency)
    return overpaid_found(case=case, payee=NOBODY, returns_to=clearing, money=money)


def with_fee(draft: Draft, *, provider: str, fee: Money) -> Draft:
    """The same entry, and what the provider took for it; the company bears that."""
    positive(fee)
    expense = Line(accounts.company_expense("payout_fees", fee.currency), fee.amount_minor)
    taken = Line(accounts.clearing(provider, fee.currency), -fee.amount_minor)
    return draft._replace(lines=(*draft.lines, expense, taken))


def overpaid_recovered(*, case: str, item: PayoutItem) -> Draft:
    """What the payee owes us is taken from what we owe them.

    Where it was one of our payments after all, with what authorities keep of it, which is withheld again.
    """
    positive(item.gross)
    payable = Line(accounts.payable(item.payee, item.gross.currency), item.gross.amount_minor)
    paid = Line(accounts.overpaid(item.payee, item.paid.currency), -item.paid.amount_minor)
    lines = (payable, *_withheld(item, sign=-1), *_position(item, sign=-1), paid)
    return Draft("overpaid_recovered", key_of("over", case, "recovered"), lines)


def overpaid_lost(*, case: str, payee: str, money: Money) -> Draft:
    """Nobody will give it back; the company bears it."""
    debit = accounts.company_expense("bad_debt", money.currency)
    return move("overpaid_lost", key_of("over", case, "lost"), debit, accounts.overpaid(payee, money.currency), money)


def _leaving(batch: str, item: PayoutItem) -> Iterator[Line]:
    """What is payable to one payee leaves for the authorities and for the provider."""
    positive(item.gross)
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
    positive(item.net)
    positive(item.bought)
    pair = accounts.pair_of(item.net.currency, item.bought.currency)
    return [
        Line(accounts.fx(pair, item.net.currency), sign * item.net.amount_minor),
        Line(accounts.fx(pair, item.bought.currency), -sign * item.bought.amount_minor),
    ]


def _in_transit(batch: str, item: PayoutItem, *, sign: int) -> list[Line]:
    paid = item.paid
    if not paid:
        return []
    return [Line(accounts.in_transit(batch, item.payee, paid.currency), sign * paid.amount_minor)]
