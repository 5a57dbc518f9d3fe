"""Reserves: part of a statement's revenue kept back for returns, and let go in a later statement.

One a statement, at most a quarter of its revenue after refunds. Held and released by two people,
while the statement concerned is a draft or open for comment and can still be revised; the next
computation shows it. Never by a correction, whose money is that of its original.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings, policy
from royalties.actions.deciding import APPROVE, propose, settle, take_up
from royalties.actions.guards import (
    clock,
    locked,
    require_no_interest,
    require_power,
    require_second_person,
    require_status,
)
from royalties.actions.in_time import require_revisable
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Reserve, Statement
from royalties.money import Money
from royalties.movement import movement_of

OPEN = (Statement.Status.DRAFT, Statement.Status.PUBLISHED)


@transaction.atomic
def propose_reserve(
    *, actor: Artist, statement: Statement, money: Money, reason: str, now: dt.datetime | None = None
) -> Reserve:
    """Propose to keep back an amount of a statement."""
    statement = locked(statement)
    _require_open(actor, statement, now)
    _require_within_cap(statement, money)
    return propose(
        actor=actor,
        row=Reserve(statement=statement, amount_minor=money.amount_minor, reason=reason),
        once=_("This statement has a reserve already."),
    )


@transaction.atomic
def approve_reserve(*, actor: Artist, reserve: Reserve, now: dt.datetime | None = None) -> Reserve:
    """The second person agrees, and the money leaves the statement's revenue."""
    statement = locked(reserve.statement)
    row = take_up(actor, reserve)
    # A conversion would take what the cap is reckoned of.
    Production.objects.select_for_update(no_key=True).get(pk=statement.production_id)
    _require_open(actor, statement, now)
    _require_within_cap(statement, row.money)
    settle(actor, row, now)
    bookings.reserve_held(row)
    return row


@transaction.atomic
def release_reserve(
    *, actor: Artist, reserve: Reserve, statement: Statement, now: dt.datetime | None = None
) -> Reserve:
    """Let a reserve go into a later statement of the same production and currency, whole and once."""
    require_power(actor, *APPROVE)
    into = locked(statement)
    row = Reserve.objects.select_for_update(of=("self",)).select_related("statement").get(pk=reserve.pk)
    if row.approved_at is None or row.released_at is not None:
        raise WrongState(_("This reserve is not held."))
    _require_open(actor, into, now)
    require_second_person(actor, into.drafters(), _("Who drafted a statement cannot also release a reserve into it."))
    held_by = row.statement
    if (into.production_id, into.currency) != (held_by.production_id, held_by.currency):
        raise RoyaltiesRefused(_("A reserve goes into a statement of the same production and currency."))
    if into.first_day <= held_by.last_day:
        raise RoyaltiesRefused(_("A reserve is released in a later period than the one that held it."))
    row.released_in, row.released_by, row.released_at = into, actor, clock(now)
    row.save(update_fields=["released_in", "released_by", "released_at"])
    record_event(actor=actor, verb="royalties.reserve_released", about=row, payload={"into": into.pk})
    bookings.reserve_released(row, into)
    return row


def _require_open(actor: Artist, statement: Statement, now: dt.datetime | None) -> None:
    """It is not decided, can still be revised, gives nothing to the actor's works, and is no correction.

    A correction has the money of its original: what it kept back would be shared twice, what it lets go by nobody.
    """
    require_status(statement, *OPEN)
    require_no_interest(actor, statement)
    require_revisable(statement, clock(now))
    if statement.corrects_id is not None:
        raise RoyaltiesRefused(_("A correction has the money of the statement it corrects; it takes no reserve."))


def _require_within_cap(statement: Statement, money: Money) -> None:
    if money.currency != statement.currency or money.amount_minor <= 0:
        raise RoyaltiesRefused(_("A reserve is more than nothing, in the statement’s currency."))
    moved = movement_of(statement)
    most = max(moved["gross"] - moved["refunds"], 0) * policy.RESERVE_CAP_BPS // 10_000
    if moved["reserve_held"] + money.amount_minor > most:
        raise RoyaltiesRefused(
            _("At most %(most)s can be kept back of this statement.") % {"most": Money(most, statement.currency)}
        )
