"""Taking back a booked income: whole, at most once, by the mirror image of its entry.

A small one needs no second person (policy.one_person_limit). It takes effect on the income's own
day while that is open, and otherwise on the day it is proposed: a settled statement stays, and the
next one takes it in, as a refund if nothing else came in (movement.never_below_nothing).
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
from royalties.actions.intake import one_file_at_a_time
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Income, JournalEntry, Reversal
from royalties.settled import is_settled, open_day, settled_periods


@transaction.atomic
def reverse_income(*, actor: Artist, income: Income, reason: str, now: dt.datetime | None = None) -> Reversal:
    """Propose a reversal, or book it at once where it is small; refused where it was reversed before."""
    moment = clock(now)
    one_file_at_a_time()
    entry = _entry(income)
    if income.refunds.exclude(reversals__approved_at__isnull=False).exists():
        raise WrongState(_("Refunds of this sale are booked; take those back first."))
    row = propose(
        actor=actor,
        row=Reversal(
            income=income,
            reason=reason,
            proposed_at=moment,
            takes_effect_on=open_day(income.production_id, income.currency, income.received_on, moment),
        ),
        once=_("This income is already reversed, or its reversal waits for approval."),
    )
    if income.amount_minor <= policy.policy_of(income.currency).one_person_limit:
        row.approved_at = moment
        row.save(update_fields=["approved_at"])
        record_event(actor=actor, verb="royalties.reversal_within_limit", about=row)
        bookings.income_reversed(row, entry)
    return row


@transaction.atomic
def approve_reversal(*, actor: Artist, reversal: Reversal, now: dt.datetime | None = None) -> Reversal:
    """The second person agrees, and the entry's mirror image is posted."""
    row = take_up(actor, reversal)
    one_file_at_a_time()
    income = row.income
    if is_settled(settled_periods(clock(now)), income.production_id, income.currency, row.takes_effect_on):
        raise WrongState(_("The statement of that day is settled by now; drop this and propose it again."))
    entry = _entry(income)
    settle(actor, row, now)
    bookings.income_reversed(row, entry)
    return row


def _entry(income: Income) -> JournalEntry:
    entry = bookings.income_entry(income)
    if entry is None:
        raise RoyaltiesRefused(_("This fee was booked with its sale; reverse the sale."))
    if JournalEntry.objects.filter(reverses=entry).exists():
        raise WrongState(_("This income is already reversed."))
    return entry
