"""A fact: a row of money by its name, and what it asks of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from django.db.models import Model, QuerySet

from royalties.bookings import Booking

Row = TypeVar("Row", bound=Model)

AT_ONCE = 1000


class Fact(NamedTuple):
    """A row by its name, and the booking it asks for."""

    row: str
    booking: Callable[[], Booking]
    #: The key of that booking, where it is known without the work of making it.
    key: str = ""


def fact_of(row: str, booking: Booking) -> Fact:
    """A fact whose booking had to be made to find it."""
    return Fact(row, lambda: booking, booking.draft.key)


class Nothing(NamedTuple):
    """A row by its name, and the key under which nothing is booked for it."""

    row: str
    key: str


def each(rows: QuerySet[Row]) -> Iterator[Row]:
    return rows.order_by("pk").iterator(AT_ONCE)
