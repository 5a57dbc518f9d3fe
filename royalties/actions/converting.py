"""Exchange: what a production earned in one currency is taken into another before it is drafted.

A statement is in one currency, so a production that earns in two has two statements, unless two
people decide to convert a period at a recorded rate. All its accounts go over whole, each rounded
once; then the statement of the first currency has nothing left and that of the other has it all.
What is kept back or was lost in the first currency cannot go over, so what belongs to it stays too.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from profiles.models import Artist
from projects.models import Production
from royalties import bookings, exchange, ledger
from royalties.accounts import ARTIST_SHARE, RESERVE
from royalties.actions.by_the_books import converted_together
from royalties.actions.deciding import propose, settle, take_up
from royalties.actions.guards import require_currency, require_day
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Conversion, Reserve, Statement
from royalties.money import Money
from royalties.movement import loss_before, production_code
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
    row = Conversion(
        production=production, sold=sold, bought=bought, first_day=first_day, last_day=last_day, reason=reason
    )
    _require_convertible(row)
    found = exchange.rate_of(sold, bought, last_day)
    if found is None:
        raise RoyaltiesRefused(
            _("No rate of %(sold)s in %(bought)s is recorded for the week up to %(day)s. Take in a file of rates.")
            % {"sold": sold, "bought": bought, "day": last_day}
        )
    rate, rows = found
    row.numerator, row.denominator = rate.numerator, rate.denominator
    row.lines = _figures(production, sold, bought, first_day, last_day, rate)
    if not row.lines:
        raise RoyaltiesRefused(_("In %(sold)s nothing moved in this period.") % {"sold": sold})
    conversion = propose(actor=actor, row=row, once=_("This conversion is known already."))
    conversion.rates.set(rows)
    return conversion


@transaction.atomic
def approve_conversion(*, actor: Artist, conversion: Conversion, now: dt.datetime | None = None) -> Conversion:
    """The second person agrees to exactly the proposed figures; refused where the ledger has moved since."""
    row = take_up(actor, conversion)
    # What is read before it is booked must stay: conversions of one production take turns, with its drafts and reserves.
    Production.objects.select_for_update(no_key=True).get(pk=row.production_id)
    _require_convertible(row)
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


def _require_convertible(row: Conversion) -> None:
    """The days are open and stay together, and nothing of the first currency is to be kept or recouped there."""
    days = open_from()
    if any(is_settled(days, row.production_id, currency, row.first_day) for currency in (row.sold, row.bought)):
        raise WrongState(_("These days are settled by a statement; what comes later belongs to a later period."))
    _require_in_one_statement(row)
    before = Conversion.objects.approved().filter(production=row.production, sold=row.sold)
    if (other := before.cut_by(row.first_day, row.last_day).first()) is not None:
        raise WrongState(converted_together(other))
    _require_nothing_kept_back(row)
    loss = loss_before(row.production_id, row.sold, row.first_day)
    if loss > 0:
        raise WrongState(
            _(
                "%(loss)s were lost before these days, to be recouped from what comes in %(sold)s: leave that in %(sold)s "
                "until it has, or begin with the days of a loss that is in no posted statement yet."
            )
            % {"loss": Money(loss, row.sold), "sold": row.sold}
        )


def _require_in_one_statement(row: Conversion) -> None:
    """All is booked on the last day, so a statement that has the days before it alone would share the same money again."""
    for currency in (row.sold, row.bought):
        statements = Statement.objects.in_sequence(row.production_id, currency)
        other = statements.having_some_of(row.first_day, row.last_day).order_by("period").first()
        if other is not None:
            raise WrongState(
                _(
                    "The statement in %(currency)s of %(first)s – %(last)s has only some of these days: convert those it "
                    "has by themselves, or withdraw it first."
                )
                % {
                    "currency": currency,
                    "first": date_format(other.first_day),
                    "last": date_format(other.last_day),
                }
            )


def _require_nothing_kept_back(row: Conversion) -> None:
    """A reserve stays in its currency, and with it what it was kept back of: else both would share it, one as a loss."""
    days = (row.first_day, row.last_day + dt.timedelta(days=1))
    kept = Reserve.objects.filter(
        Q(released_at=None) | Q(statement__period__overlap=days),
        approved_at__isnull=False,
        statement__production=row.production,
        statement__currency=row.sold,
    )
    reserve = kept.select_related("statement").first()
    if reserve is not None:
        raise WrongState(
            _(
                "%(money)s are kept back as a reserve of %(first)s – %(last)s, which stay in %(sold)s: convert later days, "
                "once it is released."
            )
            % {
                "money": reserve.money,
                "first": date_format(reserve.statement.first_day),
                "last": date_format(reserve.statement.last_day),
                "sold": row.sold,
            }
        )
