"""Decisions about money that two people make: one proposes with a reason, another approves.

`propose`, `take_up` and `settle` are the steps that reversals, reserves, advances and conversions
share; each of their modules calls them within its own transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties.actions.guards import clock, require_power, require_second_person, within
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Advance, Conversion, Reserve, Reversal

Made = TypeVar("Made", Advance, Conversion, Reserve, Reversal)
PROPOSE = ("drafter", "finance", "producer")
APPROVE = ("approver", "finance")


def propose(*, actor: Artist, row: Made, once: str) -> Made:
    """Write a proposal; `once` is said where the database knows one already."""
    require_power(actor, *PROPOSE)
    row.reason = within(row.reason, 500)
    if not row.reason:
        raise RoyaltiesRefused(_("Give a reason. It stays with the booking."))
    row.proposed_by = actor
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise RoyaltiesRefused(once) from problem
    record_event(actor=actor, verb=f"royalties.{row._meta.model_name}_proposed", about=row)
    return row


def take_up(actor: Artist, row: Made) -> Made:
    """The proposal's row, held, for its second person."""
    require_power(actor, *APPROVE)
    model = type(row)
    held: Made = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if not held.is_open:
        raise WrongState(_("This proposal is already decided."))
    require_second_person(actor, held.proposed_by_id, _("Who proposed this cannot also approve it."))
    return held


def settle(actor: Artist, row: Made, now: dt.datetime | None) -> Made:
    """Write down the approval; the caller books."""
    row.approved_by, row.approved_at = actor, clock(now)
    row.save(update_fields=["approved_by", "approved_at"])
    record_event(actor=actor, verb=f"royalties.{row._meta.model_name}_approved", about=row)
    return row


@transaction.atomic
def drop_proposal(
    *, actor: Artist, proposal: Advance | Conversion | Reserve | Reversal, now: dt.datetime | None = None
) -> None:
    """Give up a proposal that is not approved; its row stays."""
    require_power(actor, *PROPOSE, *APPROVE)
    row = type(proposal)._default_manager.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not row.is_open:
        raise WrongState(_("This proposal is already decided."))
    row.dropped_at = clock(now)
    row.save(update_fields=["dropped_at"])
    record_event(actor=actor, verb=f"royalties.{row._meta.model_name}_dropped", about=row)
