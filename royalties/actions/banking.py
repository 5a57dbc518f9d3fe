"""Our own money between a provider and our bank, and what the bank exchanges for us. Each fact once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, exchange
from royalties.actions.guards import require_amount, require_day, require_number, require_power, require_slug
from royalties.exceptions import RoyaltiesRefused
from royalties.models import BankExchange, Transfer
from royalties.money import Money

Direction = Transfer.Direction


@transaction.atomic
def record_transfer(
    *,
    actor: Artist,
    provider: str,
    number: str,
    money: Money,
    arrived_on: dt.date,
    direction: str = Direction.TO_BANK,
) -> Transfer:
    """A transfer between a provider and our bank has arrived. The same again returns the first."""
    require_power(actor, "finance")
    require_amount(money)
    require_day(arrived_on)
    require_slug(provider)
    require_number(number)
    if direction not in Direction.values:
        raise RoyaltiesRefused(_("Say which way the money went."))
    facts = {
        "direction": direction,
        "amount_minor": money.amount_minor,
        "currency": money.currency,
        "arrived_on": arrived_on,
    }
    known = Transfer.objects.filter(provider=provider, number=number).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in facts.items()):
            raise RoyaltiesRefused(_("The transfer %(number)s is known with other figures.") % {"number": number})
        return known
    row = Transfer.objects.create(provider=provider, number=number, created_by=actor, **facts)
    record_event(actor=actor, verb="royalties.transfer_arrived", about=row)
    bookings.transfer_arrived(row)
    return row


@transaction.atomic
def record_bank_exchange(
    *, actor: Artist, number: str, sold: Money, bought: Money, exchanged_on: dt.date
) -> BankExchange:
    """Our bank took one currency and gave another; what that cost beside the recorded rate of the day is a loss.

    The same again returns the first. Raises RoyaltiesRefused where no rate of those days is recorded.
    """
    require_power(actor, "finance")
    require_amount(sold)
    require_amount(bought)
    require_day(exchanged_on)
    require_number(number)
    if sold.currency == bought.currency:
        raise RoyaltiesRefused(_("Name two currencies."))
    known = BankExchange.objects.filter(number=number).first()
    if known is not None:
        if (known.given, known.got, known.exchanged_on) != (sold, bought, exchanged_on):
            raise RoyaltiesRefused(_("The exchange %(number)s is known with other figures.") % {"number": number})
        return known
    converted = exchange.converted_on(sold, bought.currency, exchanged_on)
    if converted is None or not converted.money:
        words = _("No rate of %(sold)s in %(bought)s is recorded for the week up to %(day)s. Take in a file of rates.")
        raise RoyaltiesRefused(words % {"sold": sold.currency, "bought": bought.currency, "day": exchanged_on})
    row = BankExchange.objects.create(
        number=number,
        sold_minor=sold.amount_minor,
        sold=sold.currency,
        bought_minor=bought.amount_minor,
        bought=bought.currency,
        at_rate_minor=converted.money.amount_minor,
        exchanged_on=exchanged_on,
        created_by=actor,
    )
    row.rates.set(converted.rows)
    record_event(actor=actor, verb="royalties.bank_exchange_recorded", about=row)
    bookings.exchanged_at_bank(row)
    return row
