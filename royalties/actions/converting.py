"""Exchange: what a production earned in one currency is taken into another before it is drafted.

A statement is in one currency, so a production that earns in two has two statements, unless two
people decide to convert a period at a recorded rate. All its accounts go over whole, each rounded
once; then the statement of the first currency has nothing left and that of the other has it all.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.models import Artist
from projects.models import Production
from royalties import bookings, exchange, ledger
from royalties.accounts import ARTIST_SHARE, RESERVE
from royalties.actions.deciding import propose, settle, take_up
from royalties.actions.guards import require_currency, require_day
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Conversion
from royalties.movement import production_code
from royalties.settled import is_settled, open_from


@transaction.atomic
def propose_conversion(
    *,
    actor: Artist,
    production: Production,
    sold: str,
    bought: str,
    first_day: dt.date,
    last_day: dt.date,
    reason: str,
) -> Conversion:
    """Propose to convert a period at the rate recorded for its last day, or up to a week before."""
    require_currency(sold)
    require_currency(bought)
    require_day(first_day)
    require_day(last_day)
    if sold == bought or last_day < first_day:
        raise RoyaltiesRefused(_("Name two currencies and a period."))
    _require_open(production, (sold, bought), first_day)
    found = exchange.rate_of(sold, bought, last_day)
    if found is None:
        raise RoyaltiesRefused(
            _("No rate of %(sold)s in %(bought)s is recorded for the week up to %(day)s. Take in a file of rates.")
            % {"sold": sold, "bought": bought, "day": last_day}
        )
    rate, rows = found
    lines = _figures(production, sold, bought, first_day, last_day, rate)
    if not lines:
        raise RoyaltiesRefused(_("In %(sold)s nothing moved in this period.") % {"sold": sold})
    conversion = propose(
        actor=actor,
        row=Conversion(
            production=production,
            sold=sold,
            bought=bought,
            first_day=first_day,
            last_day=last_day,
            numerator=rate.numerator,
            denominator=rate.denominator,
            lines=lines,
            reason=reason,
        ),
        once=_("This conversion is known already."),
    )
    conversion.rates.set(rows)
    return conversion


@transaction.atomic
def approve_conversion(*, actor: Artist, conversion: Conversion, now: dt.datetime | None = None) -> Conversion:
    """The second person agrees to exactly the proposed figures; refused where the ledger has moved since."""
    row = take_up(actor, conversion)
    # The figures are read before they are booked, so conversions of one production take turns.
    Production.objects.select_for_update(no_key=True).get(pk=row.production_id)
    _require_open(row.production, (row.sold, row.bought), row.first_day)
    rate = exchange.fraction_of(row)
    if row.lines != _figures(row.production, row.sold, row.bought, row.first_day, row.last_day, rate):
        raise WrongState(_("More has been booked since this was proposed; drop it and propose it again."))
    settle(actor, row, now)
    bookings.income_converted(row)
    return row


def _figures(
    production: Production, sold: str, bought: str, first_day: dt.date, last_day: dt.date, rate: Fraction
) -> list[dict[str, Any]]:
    """Every account of the production that moved in the currency, and what it becomes."""
    lines = []
    for root in ("revenue", "expense"):
        prefix = f"{root}:{production_code(production.pk)}:"
        for code, money in ledger.movements(prefix, first_day=first_day, last_day=last_day).items():
            name = code.split(":")[2]
            if money.currency != sold or not money or name in {ARTIST_SHARE, RESERVE}:
                continue
            lines.append(
                {
                    "from": code,
                    "amount": money.amount_minor,
                    "into": code.removesuffix(sold) + bought,
                    "converted": exchange.converted(money.amount_minor, sold, bought, rate),
                }
            )
    return lines


def _require_open(production: Production, currencies: tuple[str, str], first_day: dt.date) -> None:
    days = open_from()
    if any(is_settled(days, production.pk, currency, first_day) for currency in currencies):
        raise WrongState(_("These days are settled by a statement; what comes later belongs to a later period."))
