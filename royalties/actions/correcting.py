"""Corrections: a further statement beside one that is posted; the original stays as it is.

It goes the same way as every statement, from the draft through the window to the ledger, with the
money of the original. Only the differences are booked, and nobody pays anything back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Cut
from royalties import bookings, cases, correcting, policy
from royalties.actions.guards import (
    clock,
    locked,
    require_no_interest,
    require_no_interest_in_cut,
    require_power,
    require_status,
)
from royalties.actions.statements import queue_computation, require_reason
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import CorrectionMove, CorrectionShare, Revision, Statement, StatementClaim

Status, Funding = Statement.Status, Statement.Funding


@transaction.atomic
def draft_correction(
    *,
    actor: Artist,
    statement: Statement,
    funding: str,
    reason: str,
    claims: Iterable[StatementClaim] | None = None,
    now: dt.datetime | None = None,
) -> Statement:
    """Open a correction of a posted statement and queue its computation.

    It takes the latest locked cut, the shares and sources of now, and the money, the rules and the approved
    judgements of what it corrects. `claims` are the granted late claims that it carries out; without it, all that
    are owed once it is published, of those for whom it moves something (`carry_out_claims`). Raises WrongState while
    another correction is on its way, and after 24 months unless something granted is still owed.
    """
    moment, original = clock(now), locked(statement)
    require_power(actor, "drafter")
    require_reason(reason)
    require_status(original, Status.POSTED, Status.PAID)
    if original.corrects_id is not None:
        raise WrongState(_("Correct the first statement of the period, not its correction."))
    if funding not in Funding.values:
        raise RoyaltiesRefused(_("Say who pays what was missing: the house, or later shares."))
    if moment > cases.last_moment_to_claim(original) and not cases.is_owed_a_correction(original):
        raise WrongState(_("A statement is corrected for %(count)d months.") % {"count": policy.LATE_CLAIMS_MONTHS})
    require_no_interest(actor, original)
    named = None if claims is None else _owed_among(original, claims)
    latest = original.production.cuts.filter(status=Cut.Status.LOCKED).order_by("-number").first()
    if latest is not None:
        require_no_interest_in_cut(actor, latest)
    try:
        with transaction.atomic():
            correction = Statement.objects.create(
                production=original.production,
                cut=latest or original.cut,
                currency=original.currency,
                period=original.period,
                drafter=actor,
                corrects=original,
                funding=funding,
                created_at=moment,
            )
    except IntegrityError as problem:
        raise WrongState(_("Another correction of this statement is on its way.")) from problem
    correction.refresh_from_db()
    record_event(
        actor=actor,
        verb="royalties.correction_drafted",
        about=correction,
        payload={"corrects": original.pk, "funding": funding, "claims": named},
    )
    queue_computation(correction, reason=reason.strip())
    return correction


def _owed_among(original: Statement, claims: Iterable[StatementClaim]) -> list[int]:
    """The keys of the claims that were named; refused where one is not granted, or carried out already."""
    named = sorted({claim.pk for claim in claims})
    if correcting.claims_to_carry_out(original).filter(pk__in=named).count() < len(named):
        raise RoyaltiesRefused(_("A correction carries out claims to this statement that were granted and are owed."))
    return named


def book_correction(correction: Statement, outcome: correcting.Outcome, on: dt.date) -> None:
    """Keep the differences; where the house pays, book what was missing at once. Part of posting."""
    CorrectionShare.objects.bulk_create(correcting.share_rows(correction, outcome.deltas))
    if outcome.paid:
        _keep_moves(correction, correction, outcome.paid)
        bookings.correction_paid_by_house(correction, correcting.codes_of(outcome.paid), on)


def settle_corrections(
    statement: Statement,
    revision: Revision,
    waiting: Iterable[correcting.Rest],
    recouped: Mapping[str, int],
    on: dt.date,
) -> correcting.Moved:
    """What a regular statement gives to those who once had too much goes to those who had too little; returns what.

    Part of posting, after the amounts are booked. Only what this very statement has left on a payee's balance is
    taken, so no balance falls below what it was before and no other production pays: what an advance has just
    taken back (`recouped`, by code) cannot be given away once more. `waiting` is what `waiting_for_shares` found.
    """
    given = revision.lines.filter(amount_minor__gt=0).values_list("payee_id", "payee__code", "amount_minor")
    available = {payee: amount - recouped.get(code, 0) for payee, code, amount in given}
    planned = correcting.planned_moves(waiting, available)
    for correction, moves in planned:
        _keep_moves(correction, statement, moves)
    for correction, moves in planned:
        bookings.correction_moved(correction, statement, correcting.codes_of(moves), on)
    return correcting.moved_in(moves for _correction, moves in planned)


def _keep_moves(correction: Statement, by: Statement, amounts: Mapping[int, int]) -> None:
    CorrectionMove.objects.bulk_create(
        CorrectionMove(correction=correction, by=by, payee_id=payee, amount_minor=amount)
        for payee, amount in amounts.items()
    )
