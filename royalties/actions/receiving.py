"""Invoices of ours, what comes on them, and providers' transfers to the bank. Each fact once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings
from royalties.actions.guards import require_currency, require_power
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.mapping.reading import NUMBER
from royalties.mapping.rules import SLUG, TAKEN_CHANNELS
from royalties.models import Invoice, Transfer
from royalties.money import Money
from royalties.settled import is_settled, settled_periods


@transaction.atomic
def send_invoice(
    *, actor: Artist, production: Production, channel: str, number: str, money: Money, invoiced_on: dt.date
) -> Invoice:
    """Record a bill of ours: revenue from that day on. The same again returns the first."""
    require_power(actor, "finance", "producer")
    _require_right(channel, number[:60], money)
    known = Invoice.objects.filter(channel=channel, number=number).first()
    if known is not None:
        same = (known.production_id, known.amount_minor, known.currency, known.invoiced_on)
        if same != (production.pk, money.amount_minor, money.currency, invoiced_on):
            raise RoyaltiesRefused(_("The invoice %(number)s is known with other figures.") % {"number": number})
        return known
    if is_settled(settled_periods(), production.pk, money.currency, invoiced_on):
        raise WrongState(_("The statement of that day is settled; give a later day."))
    row = Invoice.objects.create(
        production=production,
        channel=channel,
        number=number,
        amount_minor=money.amount_minor,
        currency=money.currency,
        invoiced_on=invoiced_on,
        created_by=actor,
    )
    record_event(actor=actor, verb="royalties.invoice_sent", about=row)
    bookings.invoice_sent(row)
    return row


@transaction.atomic
def receive_invoice(*, actor: Artist, invoice: Invoice, provider: str, on: dt.date) -> Invoice:
    """It has come in full, through a provider; no profit moves. Once."""
    require_power(actor, "finance", "producer")
    row = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    if row.received_on is not None:
        raise WrongState(_("This invoice was paid on %(day)s.") % {"day": row.received_on})
    if not SLUG.fullmatch(provider):
        raise RoyaltiesRefused(_("The provider needs small letters, digits, - or _."))
    row.provider, row.received_on = provider, on
    row.save(update_fields=["provider", "received_on"])
    record_event(actor=actor, verb="royalties.invoice_received", about=row)
    bookings.invoice_received(row, on)
    return row


@transaction.atomic
def record_transfer(*, actor: Artist, provider: str, number: str, money: Money, arrived_on: dt.date) -> Transfer:
    """A provider's transfer has arrived at the bank. The same again returns the first."""
    require_power(actor, "finance")
    _require_right(provider, number, money)
    known = Transfer.objects.filter(provider=provider, number=number).first()
    if known is not None:
        if (known.amount_minor, known.currency, known.arrived_on) != (money.amount_minor, money.currency, arrived_on):
            raise RoyaltiesRefused(_("The transfer %(number)s is known with other figures.") % {"number": number})
        return known
    row = Transfer.objects.create(
        provider=provider,
        number=number,
        amount_minor=money.amount_minor,
        currency=money.currency,
        arrived_on=arrived_on,
        created_by=actor,
    )
    record_event(actor=actor, verb="royalties.transfer_arrived", about=row)
    bookings.transfer_arrived(row)
    return row


def _require_right(name: str, number: str, money: Money) -> None:
    require_currency(money.currency)
    if money.amount_minor <= 0:
        raise RoyaltiesRefused(_("An amount is more than nothing."))
    if not SLUG.fullmatch(name) or name in TAKEN_CHANNELS:
        raise RoyaltiesRefused(_("“%(name)s” needs small letters, digits, - or _.") % {"name": name})
    if not NUMBER.fullmatch(number):
        raise RoyaltiesRefused(_("The number needs 1 to 80 characters without spaces."))
