"""A payee's earnings over time, read from published statements, payouts and the ledger's balances."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from royalties import bookings, exchange, policy, standing
from royalties.correcting import moved_for
from royalties.models import Advance, Payee, Payout, Statement, StatementLine, Withholding
from royalties.models.statement import documents_of
from royalties.money import Money
from royalties.payouts.paypal import CURRENCIES


@dataclass(frozen=True, slots=True)
class BalanceNow:
    """What is owed in one currency, and whether it is enough to be paid out."""

    money: Money
    threshold: Money
    withheld: Money
    converted: exchange.Converted | None = None
    obstacles: tuple[standing.Obstacle, ...] = ()
    # Whether it reaches the threshold, together with what other accounts of the same person are owed.
    is_enough: bool = False

    @property
    def goes_by_paypal(self) -> bool:
        """Whether PayPal pays in this currency."""
        return self.money.currency in CURRENCIES

    @property
    def shown_rate(self) -> str:
        """The rate of what would be converted, for people."""
        assert self.converted is not None  # asked for where there is one; narrows the type
        return exchange.shown_rate(self.converted.rate, self.money.currency, self.converted.money.currency)


@dataclass(frozen=True, slots=True)
class Movement:
    """Something earned or paid on a day."""

    day: dt.date
    what: str
    about: str
    money: Money


def balances_of(payee: Payee, moment: dt.datetime) -> list[BalanceNow]:
    """What is payable to the payee, by currency, with what a tax office would keep and what is in the way."""
    found = []
    for owed in bookings.owed_to(payee):
        (due,) = standing.due_in(owed.currency, moment, payees=[payee])
        threshold = Money(policy.policy_of(owed.currency).payout_threshold, owed.currency)
        withheld = Money(due.withheld_minor, owed.currency)
        found.append(BalanceNow(owed, threshold, withheld, due.converted, tuple(due.obstacles), due.reaches_threshold))
    return found


def year_rows(payee: Payee, year: int) -> list[Movement]:
    """What was earned and what was paid in a year, in order; what was paid is below nothing. Five queries."""
    lines = StatementLine.objects.filter(
        payee=payee,
        amount_minor__gt=0,
        revision__in=Statement.objects.booked().filter(posted_at__year=year).values("current"),
    ).select_related("revision__statement__production")
    lines = lines.defer(*documents_of("revision"))
    rows = [
        Movement(
            day=line.revision.statement.posted_at.date(),
            what=_("share"),
            about=line.revision.statement.production.title,
            money=Money(line.amount_minor, line.revision.statement.currency),
        )
        for line in lines
        if line.revision.statement.posted_at
    ]
    payouts = Payout.objects.arrived_in(year).filter(payee=payee)
    rows += [
        Movement(
            day=payout.arrived_at.date(),
            what=_("payout"),
            about=_arrival(payout),
            money=-Money(payout.net_minor, payout.currency),
        )
        for payout in payouts
        if payout.arrived_at
    ]
    rows += [
        Movement(
            day=move.by.posted_at.date(),
            what=_("correction"),
            about=move.correction.production.title,
            money=Money(move.amount_minor, move.correction.currency),
        )
        for move in moved_for(payee).filter(by__posted_at__year=year)
        if move.by.posted_at
    ]
    taxes = Withholding.objects.paid_in(year).filter(payout__payee=payee)
    rows += [
        Movement(
            day=tax.payout.arrived_at.date(),
            what=_("tax"),
            about=tax.authority,
            money=-Money(tax.amount_minor, tax.payout.currency),
        )
        for tax in taxes.select_related("payout")
        if tax.payout.arrived_at
    ]
    return sorted([*rows, *_advances(payee, year)], key=lambda row: (row.day, row.what, row.about))


def _arrival(payout: Payout) -> str:
    """The provider's reference, with what arrived where that is another currency."""
    if not payout.bought:
        return payout.provider_reference
    return _("%(reference)s, arrived as %(amount)s") % {"reference": payout.provider_reference, "amount": payout.paid}


def _advances(payee: Payee, year: int) -> list[Movement]:
    rows = Advance.objects.filter(payee=payee, approved_at__isnull=False, paid_on__year=year)
    return [
        Movement(day=row.paid_on, what=_("advance"), about=row.production.title, money=-row.money)
        for row in rows.select_related("production")
    ]


def sums_by_year(payee: Payee) -> list[tuple[int, list[Money]]]:
    """Earned in each year, by currency, newest first; years of advances, payouts and taxes alone as well. Five queries."""
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = StatementLine.objects.filter(
        payee=payee, revision__in=Statement.objects.booked().values("current")
    ).values_list("revision__statement__posted_at", "revision__statement__currency", "amount_minor")
    moves = moved_for(payee).values_list("by__posted_at", "correction__currency", "amount_minor")
    for posted_at, currency, amount in [*rows, *moves]:
        if posted_at:
            sums[posted_at.year][currency] += amount
    advances = Advance.objects.filter(payee=payee, approved_at__isnull=False).values_list("paid_on", "currency")
    payouts = Payout.objects.arrived().filter(payee=payee)
    arrived = [(payout.arrived_at, payout.currency) for payout in payouts]
    gone = Withholding.objects.gone().filter(payout__payee=payee)
    taxed = gone.values_list("payout__settled_at", "payout__currency")
    for day, currency in [*advances, *arrived, *taxed]:
        if day:
            sums[day.year][currency] += 0
    return [
        (year, [Money(amount, currency) for currency, amount in sorted(sums[year].items())])
        for year in sorted(sums, reverse=True)
    ]
