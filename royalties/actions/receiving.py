"""Invoices of ours, and what comes on them. Each fact once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings
from royalties.actions.guards import require_amount, require_day, require_number, require_power, require_slug
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.mapping.rules import SLUG
from royalties.models import Invoice
from royalties.money import Money
from royalties.settled import is_settled, open_from


@transaction.atomic
def send_invoice(
    *, actor: Artist, production: Production, channel: str, number: str, money: Money, invoiced_on: dt.date
) -> Invoice:
    """Record a bill of ours: revenue from that day on. The same again returns the first, unless that was taken back."""
    require_power(actor, "finance", "producer")
    require_amount(money)
    require_day(invoiced_on)
    require_slug(channel)
    require_number(number, most=60)
    before = Invoice.objects.filter(channel=channel, number=number).order_by("-again")
    known = before.exclude(reversals__approved_at__isnull=False).first()
    if known is not None:
        same = (known.production_id, known.amount_minor, known.currency, known.invoiced_on)
        if same != (production.pk, money.amount_minor, money.currency, invoiced_on):
            raise RoyaltiesRefused(_("The invoice %(number)s is known with other figures.") % {"number": number})
        return known
    if is_settled(open_from(), production.pk, money.currency, invoiced_on):
        raise WrongState(_("That day is settled by a statement; give a later day."))
    row = Invoice.objects.create(
        production=production,
        channel=channel,
        number=number,
        again=before.count(),
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
    require_day(on)
    row = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    if row.received_on is not None:
        raise WrongState(_("This invoice was paid on %(day)s.") % {"day": row.received_on})
    if row.reversals.filter(dropped_at=None).exists():
        raise WrongState(_("This invoice is taken back, or that waits for approval."))
    if not SLUG.fullmatch(provider):
        raise RoyaltiesRefused(_("The provider needs small letters, digits, - or _."))
    row.provider, row.received_on = provider, on
    row.save(update_fields=["provider", "received_on"])
    record_event(actor=actor, verb="royalties.invoice_received", about=row)
    bookings.invoice_received(row, on)
    return row
