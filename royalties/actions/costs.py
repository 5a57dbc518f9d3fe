"""Costs: entered by one person, counted once another has approved them, but for small ones.

Small is what a person enters alone for a production in 30 days, added up, so that an invoice
cut in slices is not small. The limit stands on each row as it was when the cost was entered.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings, people, policy
from royalties.actions.guards import clock, require_amount, require_day, require_power, require_second_person, within
from royalties.actions.turns import one_file_at_a_time
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.known import KnownBills
from royalties.models import Cost
from royalties.money import Money
from royalties.settled import is_settled, open_from


@transaction.atomic
def enter_cost(
    *,
    actor: Artist,
    production: Production,
    invoice: str,
    supplier: str,
    category: str,
    money: Money,
    paid_on: dt.date,
    now: dt.datetime | None = None,
) -> Cost:
    """Record one invoice; it counts at once where it is within the limit of one person."""
    require_power(actor, "finance", "producer")
    require_amount(money)
    require_day(paid_on)
    _require_words(invoice, supplier, category)
    one_file_at_a_time()
    _require_open(production.pk, money.currency, paid_on)
    is_known = RoyaltiesRefused(_("The invoice %(number)s is known already.") % {"number": invoice})
    if KnownBills([invoice]).standing(invoice) is not None:
        raise is_known
    row = Cost(
        production=production,
        invoice=invoice,
        supplier=supplier.strip(),
        category=category,
        amount_minor=money.amount_minor,
        currency=money.currency,
        paid_on=paid_on,
        created_by=actor,
    )
    try:
        with transaction.atomic():
            counted = enter_costs([row], clock(now))
    except IntegrityError as problem:  # somebody has just entered it
        raise is_known from problem
    record_event(actor=actor, verb="royalties.cost_entered", about=row, payload={"counts": bool(counted)})
    for cost in counted:
        bookings.cost_paid(cost)
    return row


@transaction.atomic
def approve_cost(*, actor: Artist, cost: Cost, now: dt.datetime | None = None) -> Cost:
    """A second person agrees to a cost, and it goes into the ledger."""
    require_power(actor, "approver", "finance")
    row = Cost.objects.select_for_update(of=("self",)).select_related("production").get(pk=cost.pk)
    if row.counts:
        raise WrongState(_("This cost counts already."))
    _require_not_dropped(row)
    require_second_person(actor, row.created_by_id, _("Who entered a cost cannot also approve it."))
    if is_settled(open_from(), row.production_id, row.currency, row.paid_on):
        raise WrongState(_("That day is settled by a statement; drop this cost and enter it with a later day."))
    row.approved_by, row.approved_at = actor, clock(now)
    row.save(update_fields=["approved_by", "approved_at"])
    record_event(actor=actor, verb="royalties.cost_approved", about=row)
    bookings.cost_paid(row)
    return row


@transaction.atomic
def drop_cost(*, actor: Artist, cost: Cost, reason: str, now: dt.datetime | None = None) -> Cost:
    """Give up a cost that does not count; its row stays, and its number is free for another."""
    require_power(actor, "approver", "finance", "producer")
    row = Cost.objects.select_for_update(of=("self",)).get(pk=cost.pk)
    if row.counts:
        raise WrongState(_("This cost counts already; take it back instead."))
    _require_not_dropped(row)
    if not reason.strip():
        raise RoyaltiesRefused(_("Give a reason. It stays with the cost."))
    row.dropped_by, row.dropped_at, row.drop_reason = actor, clock(now), within(reason, 500)
    row.save(update_fields=["dropped_by", "dropped_at", "drop_reason"])
    record_event(actor=actor, verb="royalties.cost_dropped", about=row, payload={"reason": row.drop_reason})
    return row


def enter_costs(rows: list[Cost], moment: dt.datetime) -> list[Cost]:
    """Write costs within the caller's transaction; those that count at once are for it to book last.

    The caller has the turn (`one_file_at_a_time`): else two at once would each have the whole limit.
    """
    sums: dict[tuple[int, int, str], int] = {}
    known = KnownBills([row.invoice for row in rows])
    for row in rows:
        row.again = known.again(row.invoice)
        key = row.created_by_id, row.production_id, row.currency
        if key not in sums:
            sums[key] = entered_alone(*key, moment)
        limit = policy.policy_of(row.currency).one_person_limit
        row.is_within_limit = sums[key] + row.amount_minor <= limit
        sums[key] += row.amount_minor if row.is_within_limit else 0
        row.created_at = moment
    Cost.objects.bulk_create(rows)
    return [row for row in rows if row.is_within_limit]


def entered_alone(person: int, production: int, currency: str, moment: dt.datetime) -> int:
    """What a person's word alone, by whichever account, has made count for a production lately, in minor units.

    What was taken back counts no more.
    """
    alone = Cost.objects.filter(
        created_by__in=people.accounts_of([person]),
        production=production,
        currency=currency,
        is_within_limit=True,
        created_at__gt=moment - policy.ONE_PERSON_WITHIN,
    ).exclude(reversals__approved_at__isnull=False)
    return alone.aggregate(total=Sum("amount_minor"))["total"] or 0


def _require_words(invoice: str, supplier: str, category: str) -> None:
    if not invoice or len(invoice) > 60 or not invoice.isascii() or not invoice.isprintable() or " " in invoice:
        raise RoyaltiesRefused(_("The invoice needs 1 to 60 characters without spaces."))
    if not 1 <= len(supplier.strip()) <= 120:
        raise RoyaltiesRefused(_("The supplier needs 1 to 120 characters."))
    if category not in Cost.Category.values:
        raise RoyaltiesRefused(_("The category must be one of %(known)s.") % {"known": ", ".join(Cost.Category.values)})


def _require_open(production: int, currency: str, day: dt.date) -> None:
    if is_settled(open_from(), production, currency, day):
        raise WrongState(_("That day is settled by a statement; enter the cost with a later day."))


def _require_not_dropped(row: Cost) -> None:
    if row.dropped_at is not None:
        raise WrongState(_("This cost was dropped."))
