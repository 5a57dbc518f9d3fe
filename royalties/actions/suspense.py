"""Money that matches nothing: a person says where it belongs, with a reason; once, and again after a reversal."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings
from royalties.actions.guards import clock, require_power, within
from royalties.actions.reports import name_production
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Income, Suspense
from royalties.settled import open_day


@transaction.atomic
def resolve_suspense(
    *,
    actor: Artist,
    suspense: Suspense,
    production: Production,
    reason: str,
    remember: bool = False,
    now: dt.datetime | None = None,
) -> Suspense:
    """Make it income of a production, and its fee a fee, on the day it came or the first open one.

    With `remember` the provider's name means this production from then on.
    """
    moment = clock(now)
    row = _waiting(actor, suspense, reason)
    _require_not_booked(row)
    if remember:
        name_production(actor=actor, provider=row.provider, text=row.called, production=production)
    row.production, row.resolution = production, Suspense.Resolution.INCOME
    on = open_day(production.pk, row.currency, row.received_on, moment)
    _close(actor, row, reason, moment)
    Income.objects.bulk_create(
        [
            Income(
                source=row.source,
                line_number=row.line_number,
                production=production,
                provider=row.provider,
                transaction=row.transaction,
                channel=row.channel,
                kind=kind,
                amount_minor=minor,
                currency=row.currency,
                received_on=on,
                again=row.again,
            )
            for kind, minor in ((Income.Kind.SALE, row.amount_minor), (Income.Kind.FEE, row.fee_minor))
            if minor
        ]
    )
    bookings.suspense_became_income(row, on)
    return row


@transaction.atomic
def return_suspense(*, actor: Artist, suspense: Suspense, reason: str, now: dt.datetime | None = None) -> Suspense:
    """It was sent back to who had paid it; no production earns anything."""
    moment = clock(now)
    row = _waiting(actor, suspense, reason)
    row.resolution = Suspense.Resolution.RETURNED
    _close(actor, row, reason, moment)
    bookings.suspense_returned(row, moment.date())
    return row


def wait_again(*, income: Income, now: dt.datetime) -> None:
    """What a reversal takes back of a suspense that was resolved waits once more; whoever reverses calls this.

    The row as it was resolved stays; another one stands beside it, under the next number.
    """
    if income.kind != Income.Kind.SALE:
        return
    facts = {"provider": income.provider, "transaction": income.transaction}
    before = Suspense.objects.filter(**facts, again=income.again, resolution=Suspense.Resolution.INCOME).first()
    if before is None:
        return
    row = Suspense.objects.create(
        source=before.source,
        line_number=before.line_number,
        **facts,
        channel=before.channel,
        text=before.text,
        amount_minor=before.amount_minor,
        fee_minor=before.fee_minor,
        currency=before.currency,
        received_on=before.received_on,
        again=before.again + 1,
        created_at=now,
    )
    record_event(actor=None, verb="royalties.suspense_waits_again", about=row)


def _waiting(actor: Artist, suspense: Suspense, reason: str) -> Suspense:
    require_power(actor, "finance", "producer")
    row = Suspense.objects.select_for_update(of=("self",)).select_related("source").get(pk=suspense.pk)
    if row.resolution:
        raise WrongState(_("This is already resolved."))
    if not reason.strip():
        raise RoyaltiesRefused(_("Give a reason. It stays with the booking."))
    return row


def _require_not_booked(row: Suspense) -> None:
    """Once a file of ours could book what waited here; that is taken out by saying that it was sent back."""
    kinds = [Income.Kind.SALE, *([Income.Kind.FEE] if row.fee_minor else [])]
    facts = {"provider": row.provider, "transaction": row.transaction, "again": row.again}
    if Income.objects.filter(**facts, kind__in=kinds).exists():
        raise WrongState(_("This transaction is booked as income already; say here that it was sent back."))


def _close(actor: Artist, row: Suspense, reason: str, moment: dt.datetime) -> None:
    row.reason, row.resolved_by, row.resolved_at = within(reason, 500), actor, moment
    row.save(update_fields=["resolution", "production", "reason", "resolved_by", "resolved_at"])
    record_event(actor=actor, verb="royalties.suspense_resolved", about=row, payload={"resolution": row.resolution})
