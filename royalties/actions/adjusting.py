"""Human judgements in a statement: proposed by one person with a public reason, approved by another."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Cue
from royalties.actions.guards import (
    clock,
    locked,
    require_no_interest,
    require_power,
    require_second_person,
    require_status,
)
from royalties.actions.statements import require_reason
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Adjustment, Payee, Statement

Status = Statement.Status


def _open(actor: Artist, statement: Statement, *powers: str) -> Statement:
    statement = locked(statement)
    require_power(actor, *powers)
    require_status(statement, Status.DRAFT, Status.PUBLISHED)
    require_no_interest(actor, statement)
    return statement


@transaction.atomic
def propose_factor(*, actor: Artist, statement: Statement, cue: Cue, factor_bps: int, reason: str) -> Adjustment:
    """Weigh one cue more (above 10,000) or less; it takes part in the next computation."""
    statement = _open(actor, statement, "drafter")
    require_reason(reason)
    if cue.cut_id != statement.cut_id:
        raise RoyaltiesRefused(_("That cue is not in the cut of this statement."))
    if not 0 <= factor_bps <= 100_000:
        raise RoyaltiesRefused(_("A factor lies between 0 and 100,000 basis points."))
    return _propose(
        actor,
        Adjustment(
            statement=statement,
            kind=Adjustment.Kind.LINE_FACTOR,
            cue=cue,
            factor_bps=factor_bps,
            reason=reason.strip()[:500],
            proposed_by=actor,
        ),
    )


@transaction.atomic
def propose_award(*, actor: Artist, statement: Statement, payee: Payee, amount_minor: int, reason: str) -> Adjustment:
    """Give somebody an amount off the top of the pool, which the pool's cap limits."""
    statement = _open(actor, statement, "drafter")
    require_reason(reason)
    if amount_minor <= 0:
        raise RoyaltiesRefused(_("An award is more than nothing."))
    if payee.artist_id == actor.pk:
        raise RoyaltiesRefused(_("Nobody proposes an award for themselves."))
    return _propose(
        actor,
        Adjustment(
            statement=statement,
            kind=Adjustment.Kind.AWARD,
            payee=payee,
            amount_minor=amount_minor,
            reason=reason.strip()[:500],
            proposed_by=actor,
        ),
    )


@transaction.atomic
def approve_adjustment(*, actor: Artist, adjustment: Adjustment, now: dt.datetime | None = None) -> Adjustment:
    """The second person agrees; the next computation takes it in."""
    _open(actor, adjustment.statement, "approver")
    row = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    if row.withdrawn_at is not None or row.approved_by_id is not None:
        raise WrongState(_("This adjustment is already decided."))
    require_second_person(actor, row.proposed_by_id, _("Who proposed an adjustment cannot also approve it."))
    row.approved_by, row.approved_at = actor, clock(now)
    row.save(update_fields=["approved_by", "approved_at"])
    record_event(actor=actor, verb="royalties.adjustment_approved", about=row.statement, payload={"adjustment": row.pk})
    return row


@transaction.atomic
def withdraw_adjustment(*, actor: Artist, adjustment: Adjustment, now: dt.datetime | None = None) -> Adjustment:
    """Leave an adjustment out of all further computations; published ones keep it."""
    _open(actor, adjustment.statement, "drafter", "approver")
    row = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at = clock(now)
        row.save(update_fields=["withdrawn_at"])
        record_event(
            actor=actor, verb="royalties.adjustment_withdrawn", about=row.statement, payload={"adjustment": row.pk}
        )
    return row


def _propose(actor: Artist, adjustment: Adjustment) -> Adjustment:
    try:
        with transaction.atomic():
            adjustment.save()
    except IntegrityError as problem:
        raise RoyaltiesRefused(_("This cue already has a factor; withdraw that one first.")) from problem
    record_event(
        actor=actor,
        verb="royalties.adjustment_proposed",
        about=adjustment.statement,
        payload={"adjustment": adjustment.pk, "kind": adjustment.kind},
    )
    return adjustment
