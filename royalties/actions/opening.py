"""The beginning of the books: what the bank held before anything was booked here."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, ledger
from royalties.actions.guards import require_amount, require_currency, require_day, require_power
from royalties.exceptions import RoyaltiesRefused
from royalties.models import JournalEntry
from royalties.money import Money


@transaction.atomic
def open_books(*, actor: Artist, money: Money, on: dt.date) -> JournalEntry:
    """Book what the bank held in a currency on the day that the books begin. The same again returns the first.

    Raises RoyaltiesRefused where that currency was opened with another amount or day, unless that was taken back.
    """
    require_power(actor, "finance")
    require_amount(money)
    require_day(on)
    openings = bookings.openings_of(money.currency)
    standing = _standing(openings)
    booking = bookings.opening_booking(money, on, again=len(openings) - (standing is not None))
    if standing is not None:
        if standing.request_sha256 != booking.request_hash():
            raise RoyaltiesRefused(_("The books in %(currency)s are open already.") % {"currency": money.currency})
        return standing
    try:
        receipt = booking.post()
    except ledger.KeyReused as problem:
        raise RoyaltiesRefused(_("Somebody has just opened these books.")) from problem
    entry = JournalEntry.objects.get(pk=receipt.number)
    record_event(actor=actor, verb="royalties.books_opened", about=entry)
    return entry


@transaction.atomic
def take_back_opening(*, actor: Artist, currency: str) -> JournalEntry:
    """Take back a beginning of the books that was written down wrongly, so that it can be booked anew; returns it.

    Raises RoyaltiesRefused where the books in that currency are not open.
    """
    require_power(actor, "finance")
    require_currency(currency)
    entry = _standing(bookings.openings_of(currency))
    if entry is None:
        raise RoyaltiesRefused(_("The books in %(currency)s are not open.") % {"currency": currency})
    bookings.opening_taken_back(entry)
    record_event(actor=actor, verb="royalties.opening_taken_back", about=entry)
    return entry


def _standing(openings: list[JournalEntry]) -> JournalEntry | None:
    """The one that was not taken back."""
    return next((entry for entry in openings if not hasattr(entry, "reversed_by")), None)
