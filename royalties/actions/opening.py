"""The beginning of the books: what the bank held before anything was booked here."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, ledger
from royalties.actions.guards import require_amount, require_power
from royalties.exceptions import RoyaltiesRefused
from royalties.models import JournalEntry
from royalties.money import Money


@transaction.atomic
def open_books(*, actor: Artist, money: Money, on: dt.date) -> JournalEntry:
    """Book what the bank held in a currency on the day that the books begin. The same again returns the first.

    Raises RoyaltiesRefused where that currency was opened with another amount or day.
    """
    require_power(actor, "finance")
    require_amount(money)
    booking = bookings.opening_booking(money, on)
    first = JournalEntry.objects.filter(idempotency_key=booking.draft.key).first()
    if first is not None:
        if first.request_sha256 != booking.request_hash():
            raise RoyaltiesRefused(_("The books in %(currency)s are open already.") % {"currency": money.currency})
        return first
    try:
        receipt = booking.post()
    except ledger.KeyReused as problem:
        raise RoyaltiesRefused(_("Somebody has just opened these books.")) from problem
    entry = JournalEntry.objects.get(pk=receipt.number)
    record_event(actor=actor, verb="royalties.books_opened", about=entry)
    return entry
