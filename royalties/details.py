"""How a payee stands: destinations, tax form, taxes, and what keeps each balance from being paid, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import bookings, countries, sealing, standing
from royalties.models import Destination, Payee, Payout, PayoutHold, TaxForm, WithholdingRate
from royalties.money import Money
from royalties.payouts.withholding import Rate, in_force

# How long it takes once it is sent; said before a way is chosen, and in the mail that a payment is on its way.
ARRIVES = {
    Destination.Method.PAYPAL: gettext_lazy("It usually arrives within a day."),
    Destination.Method.SEPA: gettext_lazy("It usually arrives within two working days."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A destination in force, with enough of its address for its owner to know it."""

    row: Destination
    address: str
    is_held: bool
    awaits_code_at: str = ""


@dataclass(slots=True)
class Details:
    """Everything the page of payout details shows."""

    ways: list[Way] = field(default_factory=list)
    form: TaxForm | None = None
    form_country: str = ""
    rates: list[WithholdingRate] = field(default_factory=list)
    obstacles: list[standing.Obstacle] = field(default_factory=list)
    held: list[Money] = field(default_factory=list)
    holds: list[PayoutHold] = field(default_factory=list)

    @property
    def awaits_code(self) -> list[Way]:
        return [way for way in self.ways if way.awaits_code_at]


def details_of(payee: Payee | None, moment: dt.datetime) -> Details:
    """What is known of a payee; of somebody who was never owed anything, nothing."""
    if payee is None:
        return Details()
    form = TaxForm.objects.in_force([payee.pk], moment.date()).get(payee.pk)
    current = Destination.objects.filter(payee=payee, replaced_at=None).select_related("payee__artist").order_by("pk")
    return Details(
        ways=[_way(row, moment) for row in current],
        form=form,
        form_country=countries.name_of(form.country) if form else "",
        rates=_rates(form.country, moment.date()) if form else [],
        obstacles=standing.obstacles_of([payee.pk], moment)[payee.pk],
        held=bookings.owed_to(payee, "held"),
        holds=list(payee.holds.filter(lifted_at=None).order_by("pk")),
    )


def phases_of(payout: Payout) -> list[dict[str, Any]]:
    """Scheduled, sent, and arrived or come back, each with its moment, for parts/_phases.html."""
    batch, states = payout.batch, Payout.Status
    is_over = payout.status in {states.SETTLED, states.FAILED, states.RETURNED}
    phases: list[dict[str, Any]] = [
        {"label": _("Scheduled"), "moment": batch.prepared_at, "state": "done"},
        {"label": _("Sent"), "moment": batch.submitted_at, "state": "done" if batch.submitted_at else "later"},
    ]
    if payout.status == states.PENDING:
        phases[0] |= {"state": "now", "percent": 50}
    elif payout.status == states.SENT:
        phases[1] |= {"state": "now", "percent": 50}
    if payout.settled_at is not None or not is_over:
        phases.append(
            {"label": _("Arrived"), "moment": payout.settled_at, "state": "done" if payout.settled_at else "later"}
        )
    if payout.came_back:
        phases.append({"label": _("Returned"), "moment": payout.failed_at, "state": "done"})
    if payout.recovered_at is not None:
        phases.append({"label": _("Found to have arrived"), "moment": payout.recovered_at, "state": "done"})
    return phases


def _way(row: Destination, moment: dt.datetime) -> Way:
    try:
        code_at = "" if row.verified_at else sealing.masked(sealing.mail_address_of(row))
    except sealing.Unreadable:
        code_at = ""  # nobody can be mailed there; the way itself says so
    return Way(row, sealing.shown_address(row), row.held_until > moment, code_at)


def _rates(country: str, day: dt.date) -> list[WithholdingRate]:
    """The rows that take something of this payee now."""
    rows = {row.pk: row for row in WithholdingRate.objects.filter(valid_from__lte=day)}
    rates = [
        Rate(row.pk, row.authority, row.country, row.rate_bps, row.valid_from.isoformat()) for row in rows.values()
    ]
    return [rows[rate.key] for rate in in_force(rates, country, day.isoformat()) if rate.rate_bps]
