"""Taking back a booked income, a cost, or an invoice of ours: whole, at most once, by the mirror image of its entry.

A small one needs no second person (policy.one_person_limit). It takes effect on the day of what it takes
back while that is open, and otherwise on the day it is proposed: a settled statement stays, and the next one
takes it in, as a refund if nothing else came in (movement.never_below_nothing). The number of what is
taken back is free again, and income that came out of suspense waits there once more.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, policy
from royalties.actions.deciding import propose, settle, take_up
from royalties.actions.guards import clock
from royalties.actions.suspense import wait_again
from royalties.actions.turns import one_file_at_a_time
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Cost, Income, Invoice, JournalEntry, Reversal
from royalties.settled import is_settled, open_day, open_from


@transaction.atomic
def reverse_income(*, actor: Artist, income: Income, reason: str, now: dt.datetime | None = None) -> Reversal:
    """Propose a reversal, or book it at once where it is small; refused where it was reversed before."""
    return _reverse(actor, Reversal(income=income, reason=reason), now)


@transaction.atomic
def reverse_cost(*, actor: Artist, cost: Cost, reason: str, now: dt.datetime | None = None) -> Reversal:
    """The same for a cost that counts; one that does not is dropped (`drop_cost`)."""
    return _reverse(actor, Reversal(cost=cost, reason=reason), now)


@transaction.atomic
def reverse_invoice(*, actor: Artist, invoice: Invoice, reason: str, now: dt.datetime | None = None) -> Reversal:
    """The same for an invoice of ours that was not paid."""
    return _reverse(actor, Reversal(invoice=invoice, reason=reason), now)


@transaction.atomic
def approve_reversal(*, actor: Artist, reversal: Reversal, now: dt.datetime | None = None) -> Reversal:
    """The second person agrees, and the entry's mirror image is posted."""
    row = take_up(actor, reversal)
    one_file_at_a_time()
    of = row.of
    if is_settled(open_from(clock(now)), of.production_id, of.currency, row.takes_effect_on):
        raise WrongState(_("That day is settled by now; drop this and propose it again."))
    _require_standing(of)
    settle(actor, row, now)
    _book(row)
    return row


def _reverse(actor: Artist, row: Reversal, now: dt.datetime | None) -> Reversal:
    moment, of = clock(now), row.of
    one_file_at_a_time()
    _require_standing(of)
    row.proposed_at = moment
    row.takes_effect_on = open_day(of.production_id, of.currency, row.booked_on, moment)
    row = propose(actor=actor, row=row, once=_("This is already reversed, or its reversal waits for approval."))
    if of.amount_minor <= policy.policy_of(of.currency).one_person_limit:
        row.approved_at = moment
        row.save(update_fields=["approved_at"])
        record_event(actor=actor, verb="royalties.reversal_within_limit", about=row)
        _book(row)
    return row


def _book(row: Reversal) -> None:
    if row.income is not None and row.approved_at is not None:
        wait_again(income=row.income, now=row.approved_at)
    bookings.taken_back(row)


def _require_standing(of: Income | Cost | Invoice) -> None:
    """It is booked, and nothing else is built on it."""
    entry = bookings.entry_of(of)
    if entry is None:
        raise RoyaltiesRefused(_words_of_nothing(of))
    if JournalEntry.objects.filter(reverses=entry).exists():
        raise WrongState(_("This is already reversed."))
    if isinstance(of, Income) and of.refunds.exclude(reversals__approved_at__isnull=False).exists():
        raise WrongState(_("Refunds of this sale are booked; take those back first."))
    # Held, so that nobody receives it at the same time.
    if isinstance(of, Invoice) and Invoice.objects.select_for_update().get(pk=of.pk).received_on is not None:
        raise WrongState(_("This invoice was paid."))


def _words_of_nothing(of: Income | Cost | Invoice) -> str:
    if isinstance(of, Cost):
        return _("This cost is not booked; drop it instead.")
    return _("This fee was booked with its sale; reverse the sale.")
