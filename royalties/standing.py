"""Who can be paid now, how much, and in plain words why somebody cannot: one answer for batches and pages.

A payee is due in a currency when the balance reaches the threshold (or the person has left), a confirmed destination is
past its hold (with a rate, where that takes another currency), a tax form is in force, and nothing
else stands in the way. All is read in a fixed number of queries, however many payees there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from royalties import bookings, exchange, people, policy
from royalties.models import (
    Destination,
    Payee,
    PayeeMatch,
    Payout,
    PayoutHold,
    ReportRow,
    TaxForm,
    WithholdingRate,
)
from royalties.money import Money
from royalties.payouts import paypal
from royalties.payouts.withholding import Rate, in_force, kept_minor

EURO = exchange.EURO
NO_RATE, TAX_FORM = "rate", "tax_form"
# What only the payee can put right, by naming a way or signing a form.
PAYEES_OWN = {"destination", "code", "currency", TAX_FORM}
ON_ITS_WAY = (Payout.Status.PENDING, Payout.Status.SENT)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why nothing is paid now, in words for the payee."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What an authority keeps of a payout, and by which row."""

    authority: str
    rate: int
    rate_bps: int
    amount_minor: int


@dataclass(slots=True)
class Due:
    """One payee in one currency; amounts in minor units. `converted` is set where the way takes another currency.

    Gross is the whole balance, or as much of it as the way can carry: the rest stays for the next time.
    """

    payee: Payee
    currency: str
    gross_minor: int
    destination: Destination | None = None
    kept: list[Kept] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    reaches_threshold: bool = False
    converted: exchange.Converted | None = None

    @property
    def withheld_minor(self) -> int:
        return sum(kept.amount_minor for kept in self.kept)

    @property
    def paid(self) -> Money:
        """What would be sent."""
        if self.converted is not None:
            return self.converted.money
        return Money(self.gross_minor - self.withheld_minor, self.currency)

    @property
    def waits_for_rate(self) -> bool:
        """Whether an exchange rate of these days is all that keeps it."""
        return self.reaches_threshold and [obstacle.code for obstacle in self.obstacles] == [NO_RATE]

    @property
    def is_payable(self) -> bool:
        """Whether it goes out with the next batch."""
        is_enough = self.reaches_threshold and self.paid.amount_minor > 0
        return is_enough and not self.obstacles and self.destination is not None


def due_in(
    currency: str, moment: dt.datetime, *, payees: Collection[Payee] | None = None, batch: int | None = None
) -> list[Due]:
    """Everybody with a balance in this currency, or these payees only, by code.

    With `batch`, the payouts of that very batch do not count as being on their way.
    """
    owed = bookings.payable_balances(currency)
    rows = (
        Payee.objects.filter(code__in=owed) if payees is None else Payee.objects.filter(pk__in=[p.pk for p in payees])
    )
    found = [Due(payee, currency, owed.get(payee.code, 0)) for payee in rows.select_related("artist").order_by("code")]
    keys = [due.payee.pk for due in found]
    obstacles = obstacles_of(keys, moment)
    on_its_way = set(
        Payout.objects.filter(payee__in=keys, currency=currency, status__in=ON_ITS_WAY)
        .exclude(batch=batch)
        .values_list("payee", flat=True)
    )
    destinations = _destinations(keys)
    forms = TaxForm.objects.in_force(keys, moment.date())
    rates = _rates()
    sums = people.sums_of(owed)
    threshold = policy.policy_of(currency).payout_threshold
    for due in found:
        key = due.payee.pk
        has_left = due.payee.artist is not None and due.payee.artist.closed_at is not None
        # The threshold is a person's, not an account's, whoever was asked about. Whoever has left waits for no more.
        is_enough = has_left or sums.get(due.payee.code, 0) >= threshold
        due.reaches_threshold = is_enough and due.gross_minor > 0
        due.destination, missing = _way(destinations.get(key, []), currency, moment)
        due.obstacles = [*missing, *obstacles[key]]
        if key in on_its_way:
            due.obstacles.append(Obstacle("on_its_way", _("A payment is on its way already.")))
        if has_left:
            due.obstacles = _after_leaving(due.obstacles)
        taxes = in_force(rates, forms[key].country, moment.date().isoformat()) if key in forms else []
        due.gross_minor, due.kept = _split(due.gross_minor, taxes, _least_sent(due))
    _convert([due for due in found if _takes_euros_only(due)], currency, moment.date())
    return found


def obstacles_of(keys: Collection[int], moment: dt.datetime) -> dict[int, list[Obstacle]]:
    """What keeps each payee from being paid in any currency. Five queries."""
    found: dict[int, list[Obstacle]] = defaultdict(list)
    signed = TaxForm.objects.in_force(keys, moment.date())
    for key in keys:
        if key not in signed:
            found[key].append(Obstacle(TAX_FORM, _("No tax form of yours is in force: sign one.")))
    theirs = people.accounts_of_payees(keys)
    for hold in PayoutHold.objects.filter(payee__in=theirs, lifted_at=None).order_by("pk"):
        words = {"kind": hold.get_kind_display(), "reason": hold.reason}
        # A hold is a person's: it keeps back what stands on any account of theirs.
        for key in theirs[hold.payee_id]:
            found[key].append(Obstacle(f"hold_{hold.kind}", _("%(kind)s. %(reason)s") % words))
    shared = _("Another account has the same payout details or tax id; staff first look whether you are one person.")
    for match in PayeeMatch.objects.of_payees(keys).undecided():
        for key in {match.first_id, match.second_id} & set(keys):
            found[key].append(Obstacle("match", shared))
    waiting = ReportRow.objects.open().filter(payout__payee__in=keys)
    unclear = _("A report on an earlier payment contradicts our books; staff look into it.")
    for key in set(waiting.values_list("payout__payee", flat=True)):
        found[key].append(Obstacle("report", unclear))
    return found


def waits_for_others(keys: Collection[int], moment: dt.datetime) -> set[int]:
    """Whose money is kept back by us or a bank, so that it is not for the payee to act. Six queries."""
    found = obstacles_of(keys, moment)
    waiting = {key for key in keys if any(obstacle.code != TAX_FORM for obstacle in found[key])}
    on_its_way = Payout.objects.filter(payee__in=keys, status__in=ON_ITS_WAY)
    return waiting | set(on_its_way.values_list("payee", flat=True))


def _destinations(keys: list[int]) -> dict[int, list[Destination]]:
    found: dict[int, list[Destination]] = defaultdict(list)
    current = Destination.objects.current().known().filter(payee__in=keys)
    for destination in current.select_related("payee"):
        found[destination.payee_id].append(destination)
    return found


def _way(
    destinations: list[Destination], currency: str, moment: dt.datetime
) -> tuple[Destination | None, list[Obstacle]]:
    """The destination for this currency, a bank account first for euros, or what is wrong with what there is.

    Other currencies go to a bank account, converted, where no PayPal address is named or PayPal does not pay in them.
    """
    if not destinations:
        return None, [Obstacle("destination", _("You have not said where your money should go."))]
    takes_it = [row for row in destinations if _takes(row, currency)]
    usable = takes_it or [row for row in destinations if row.method == Destination.Method.SEPA]
    if not usable:
        return None, [Obstacle("currency", _not_by_paypal(currency))]
    usable.sort(key=lambda row: row.method != Destination.Method.SEPA)
    for row in usable:
        if row.verified_at is not None and row.held_until <= moment:
            return row, []
    confirmed = [row for row in usable if row.verified_at is not None]
    if not confirmed:
        return None, [Obstacle("code", _("Enter the code that confirms where your money goes."))]
    until = date_format(min(row.held_until for row in confirmed), "j F Y, H:i")
    text = _("Your payout details are new; nothing is paid before %(until)s UTC.") % {"until": until}
    return None, [Obstacle("changed", text)]


def _after_leaving(obstacles: list[Obstacle]) -> list[Obstacle]:
    """One reason for staff instead of what nobody is there to put right."""
    rest = [obstacle for obstacle in obstacles if obstacle.code not in PAYEES_OWN]
    if len(rest) == len(obstacles):
        return obstacles
    text = _(
        "The person has left, and nothing is known any more of where the money should go. It waits in their name, "
        "and in time is set aside as unclaimed."
    )
    return [Obstacle("left", text), *rest]


def _takes(destination: Destination, currency: str) -> bool:
    """Whether a way carries this currency as it is."""
    return currency == EURO or (destination.method == Destination.Method.PAYPAL and currency in paypal.CURRENCIES)


def _not_by_paypal(currency: str) -> str:
    words = _("PayPal does not pay in %(currency)s, so it waits until we have another way.")
    if settings.SEPA_ACCOUNT:
        words = _("PayPal does not pay in %(currency)s. Name a bank account in euros: it is converted and goes there.")
    return words % {"currency": currency}


def _takes_euros_only(due: Due) -> bool:
    is_bank = due.destination is not None and due.destination.method == Destination.Method.SEPA
    return is_bank and due.currency != EURO


def _convert(dues: list[Due], currency: str, day: dt.date) -> None:
    """What euros each of them would get at the rate of the day, or that there is none. One query, or none."""
    found = exchange.rate_of(currency, EURO, day) if dues else None
    for due in dues:
        if found is None:
            due.obstacles.append(Obstacle(NO_RATE, _no_rate(currency)))
            continue
        rate, rows = found
        bought = exchange.converted(due.gross_minor - due.withheld_minor, currency, EURO, rate)
        due.converted = exchange.Converted(Money(bought, EURO), rate, tuple(rows))


def _no_rate(currency: str) -> str:
    text = _(
        "Your bank account takes euros, and no exchange rate of these days is recorded yet: it goes out once there is one."
    )
    if currency in paypal.CURRENCIES:
        text = f"{text} {_('A PayPal account is paid in this currency itself.')}"
    return text


def _rates() -> list[Rate]:
    rows = WithholdingRate.objects.filter(~Q(authority="")).order_by("pk")
    return [Rate(row.pk, row.authority, row.country, row.rate_bps, row.valid_from.isoformat()) for row in rows]


def _kept(gross_minor: int, rates: Iterable[Rate]) -> list[Kept]:
    """Each authority's part of the gross amount; together never more than all of it."""
    kept, rest = [], gross_minor
    for rate in rates:
        amount = min(kept_minor(gross_minor, rate.rate_bps), rest)
        rest -= amount
        if amount:
            kept.append(Kept(rate.authority, rate.key, rate.rate_bps, amount))
    return kept


def _least_sent(due: Due) -> int:
    """What the amount that is sent must be a multiple of, in minor units."""
    is_paypal = due.destination is not None and due.destination.method == Destination.Method.PAYPAL
    return paypal.least_minor(due.currency) if is_paypal else 1


def _split(gross_minor: int, rates: Iterable[Rate], least: int) -> tuple[int, list[Kept]]:
    """How much of a balance can go and what authorities keep of it, so that a multiple of `least` is left to send.

    With less gross the net amount falls by no more than that, so no multiple is stepped over; of nothing, nothing is left.
    """
    rates = list(rates)
    while True:
        kept = _kept(gross_minor, rates)
        over = (gross_minor - sum(row.amount_minor for row in kept)) % least
        if not over:
            return gross_minor, kept
        gross_minor -= over
