"""Human judgements in a statement: proposed by one person with a public reason, approved by another.

What was approved is taken back in the same way.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Cue
from royalties import people
from royalties.actions.guards import (
    clock,
    locked,
    require_amount,
    require_no_interest,
    require_power,
    require_second_person,
    require_status,
    within,
)
from royalties.actions.in_time import require_revisable, require_revision_in_time
from royalties.actions.statements import require_reason
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused, WrongState
from royalties.models import Adjustment, Payee, Statement
from royalties.models.statement import BOOKED
from royalties.money import Money

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
            reason=within(reason, 500),
            proposed_by=actor,
        ),
    )


@transaction.atomic
def propose_award(*, actor: Artist, statement: Statement, payee: Payee, amount_minor: int, reason: str) -> Adjustment:
    """Give somebody an amount off the top of the pool, which the pool's cap limits.

    Refused to oneself, and to staff, whose work is paid as work.
    """
    statement = _open(actor, statement, "drafter")
    require_reason(reason)
    require_amount(Money(amount_minor, statement.currency))
    _require_award_to_others(actor, payee)
    return _propose(
        actor,
        Adjustment(
            statement=statement,
            kind=Adjustment.Kind.AWARD,
            payee=payee,
            amount_minor=amount_minor,
            reason=within(reason, 500),
            proposed_by=actor,
        ),
    )


@transaction.atomic
def approve_adjustment(*, actor: Artist, adjustment: Adjustment, now: dt.datetime | None = None) -> Adjustment:
    """The second person agrees; the next computation takes it in."""
    statement = _open(actor, adjustment.statement, "approver")
    require_revisable(statement, clock(now))
    row = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    if row.withdrawn_at is not None or row.approved_by_id is not None:
        raise WrongState(_("This adjustment is already decided."))
    require_second_person(actor, row.proposed_by_id, _("Who proposed an adjustment cannot also approve it."))
    if row.payee is not None:
        _require_award_to_others(actor, row.payee)
    row.approved_by, row.approved_at = actor, clock(now)
    row.save(update_fields=["approved_by", "approved_at"])
    _record("royalties.adjustment_approved", actor, row)
    return row


@transaction.atomic
def withdraw_adjustment(
    *, actor: Artist, adjustment: Adjustment, reason: str = "", now: dt.datetime | None = None
) -> Adjustment:
    """Give up a proposal at once; of what is approved, ask with a public reason that it be taken back.

    It counts until somebody else agrees (`approve_taking_back`). Raises WrongState where that is asked already, and of
    an award that is booked while no correction is open.
    """
    _open(actor, _leaving_out(adjustment), "drafter", "approver")
    row = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    if row.withdrawn_at is not None:
        return row
    if row.approved_by_id is None:
        return _withdraw(actor, row, now)
    require_reason(reason)
    if row.back_by_id is not None:
        raise WrongState(_("Somebody has asked for this already; another person has to agree."))
    row.back_by, row.back_reason = actor, within(reason, 500)
    row.save(update_fields=["back_by", "back_reason"])
    _record("royalties.adjustment_contested", actor, row)
    return row


@transaction.atomic
def approve_taking_back(*, actor: Artist, adjustment: Adjustment, now: dt.datetime | None = None) -> Adjustment:
    """The second person agrees that an approved adjustment is left out of all further computations.

    Published ones keep it. After day 38 only where a revision is still due, for money or a judgement that counted
    before: without it, awards that do not fit the pool any more would let nothing be computed, and nothing close.
    """
    statement = _open(actor, _leaving_out(adjustment), "approver")
    require_revision_in_time(statement, clock(now))
    row = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    if not row.waits_to_be_taken_back:
        raise WrongState(_("Nobody has asked that this be taken back."))
    require_second_person(actor, row.back_by_id, _("Who asked for this cannot also agree to it."))
    return _withdraw(actor, row, now)


def _leaving_out(adjustment: Adjustment) -> Statement:
    """The statement that can leave a judgement out: its own, or of an award that is booked the correction on its way.

    A factor needs none of this: a correction gives the cue another one.
    """
    own = adjustment.statement
    if own.status not in BOOKED or adjustment.payee_id is None or adjustment.approved_by_id is None:
        return own
    corrections = Statement.objects.filter(corrects=own.corrects_id or own.pk)
    correction = corrections.exclude(status__in=[*BOOKED, Status.WITHDRAWN]).first()
    if correction is None:
        raise WrongState(_("An award that is booked is taken back by a correction: begin one first."))
    return correction


def _withdraw(actor: Artist, row: Adjustment, now: dt.datetime | None) -> Adjustment:
    row.withdrawn_by, row.withdrawn_at = actor, clock(now)
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _record("royalties.adjustment_withdrawn", actor, row)
    return row


def _require_award_to_others(actor: Artist, payee: Payee) -> None:
    """Neither to oneself, by whatever account, nor to staff."""
    if payee.artist_id is None:
        return
    accounts = people.accounts_of([payee.artist_id])
    if actor.pk in accounts:
        raise ConflictOfInterest(_("Nobody proposes or approves an award for themselves."))
    if Artist.objects.filter(pk__in=accounts, is_staff=True).exists():
        raise RoyaltiesRefused(_("Staff are paid for their work; they get no award out of the artists’ half."))


def _record(verb: str, actor: Artist, row: Adjustment) -> None:
    record_event(actor=actor, verb=verb, about=row.statement, payload={"adjustment": row.pk})


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
