"""What a provider takes for a whole batch, entered by hand: its reports tell of single payments alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings
from royalties.actions.guards import require_day, require_number, require_power
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Batch, BatchFee, Payout
from royalties.money import Money


@transaction.atomic
def record_batch_fee(*, actor: Artist, batch: Batch, number: str, money: Money, charged_on: dt.date) -> BatchFee:
    """Record what the provider took for all of a batch; nobody is paid less for it. The same again returns the first."""
    require_power(actor, "finance")
    require_day(charged_on)
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.status != Batch.Status.SUBMITTED:
        raise WrongState(_("There is no fee before the batch is submitted."))
    _require_right_fee(row, number, money)
    known = BatchFee.objects.filter(batch=row).first()
    if known is not None:
        if (known.number, known.amount_minor, known.charged_on) != (number, money.amount_minor, charged_on):
            raise RoyaltiesRefused(_("The fee of this batch is known with other figures."))
        return known
    fee = BatchFee.objects.create(
        batch=row, number=number, amount_minor=money.amount_minor, charged_on=charged_on, created_by=actor
    )
    record_event(actor=actor, verb="royalties.batch_fee_recorded", about=row, payload={"fee": fee.pk})
    bookings.batch_fee_charged(fee)
    return fee


def _require_right_fee(batch: Batch, number: str, money: Money) -> None:
    if money.currency != batch.paid_currency:
        words = _("The batch is in %(currency)s, and so is its fee.")
        raise RoyaltiesRefused(words % {"currency": batch.paid_currency})
    sent = sum(payout.paid.amount_minor for payout in batch.payouts.exclude(status=Payout.Status.DROPPED))
    if not 0 < money.amount_minor < sent:
        raise RoyaltiesRefused(_("A fee is more than nothing and less than what was sent."))
    require_number(number)
