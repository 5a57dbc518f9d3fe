"""Our own money: between providers and the bank, into another currency, and what the bank held at the beginning."""

from __future__ import annotations

import datetime as dt

from royalties import accounts, postings
from royalties.bookings.booking import Booking, mirror_of
from royalties.ledger import Receipt
from royalties.models import BankExchange, JournalEntry, Transfer
from royalties.money import Money


def opening_booking(money: Money, on: dt.date, *, again: int = 0) -> Booking:
    """What the beginning of the books in a currency asks for; its key is all that it comes from."""
    return Booking(postings.opening_balance(money, again=again), on, {})


def openings_of(currency: str) -> list[JournalEntry]:
    """Every beginning of the books in a currency, those that were taken back as well, the first one first."""
    code = accounts.opening(currency)
    entries = JournalEntry.objects.filter(kind="opening", lines__account__code=code)
    return list(entries.select_related("reversed_by").order_by("pk"))


def opening_taken_back(entry: JournalEntry) -> Receipt:
    """The mirror image, on the same day: as if it had never been."""
    return opening_reversal_booking(entry).post()


def opening_reversal_booking(entry: JournalEntry) -> Booking:
    """What a beginning of the books that was taken back asks for."""
    return mirror_of(entry, entry.effective_on, {})


def transfer_arrived(transfer: Transfer) -> Receipt:
    """From a provider to the bank, or from the bank to a provider."""
    return transfer_booking(transfer).post()


def transfer_booking(transfer: Transfer) -> Booking:
    """What a transfer asks for."""
    is_ours = transfer.direction == Transfer.Direction.TO_BANK
    rule = postings.provider_paid_out if is_ours else postings.provider_funded
    money = Money(transfer.amount_minor, transfer.currency)
    draft = rule(provider=transfer.provider, transfer=transfer.number, money=money)
    return Booking(draft, transfer.arrived_on, {"transfer": transfer.pk})


def exchanged_at_bank(row: BankExchange) -> Receipt:
    """The bank gave us another currency."""
    return bank_exchange_booking(row).post()


def bank_exchange_booking(row: BankExchange) -> Booking:
    """What an exchange at the bank asks for."""
    at_rate = Money(row.at_rate_minor, row.bought)
    draft = postings.exchanged_at_bank(exchange=row.number, sold=row.given, bought=row.got, at_rate=at_rate)
    return Booking(draft, row.exchanged_on, {"bank_exchange": row.pk})
