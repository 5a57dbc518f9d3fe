"""An answer before three uninvolved members: escalate, invite, accept or decline, vote, decide.

Who was drawn follows from the seed and the candidates, so every invitation can be checked
(royalties/drawing.py). Votes are not shown before the panel has decided.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import cases, drawing, policy
from royalties.actions import notices
from royalties.actions.guards import clock, locked, require_standing, require_status
from royalties.actions.statements import require_reason
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Escalation, Objection, PanelSeat, PanelVote, Statement
from royalties.models.panel import LIVE

Seat = PanelSeat.Status
MAJORITY = policy.PANEL_SIZE // 2 + 1
LONGEST = 4000


@transaction.atomic
def escalate(*, actor: Artist, objection: Objection, reason: str, now: dt.datetime | None = None) -> Escalation:
    """Put an answer before a panel: once, by who objected, while the statement is not closed.

    Raises WrongState where it was escalated before or fewer than three members are uninvolved.
    """
    moment, statement = clock(now), locked(objection.statement)
    require_standing(actor)
    require_status(statement, Statement.Status.PUBLISHED)
    require_reason(reason)
    if objection.raised_by_id != actor.pk:
        raise NotAllowed(_("Only who objected can take the answer to a panel."))
    if Escalation.objects.filter(objection=objection).exists():
        raise WrongState(_("An answer is escalated once."))
    if not cases.may_be_escalated(statement).filter(pk=objection.pk).exists():
        raise WrongState(_("An answer that accepts the objection is not taken to a panel."))
    candidates = cases.uninvolved(statement, objection)
    if len(candidates) < policy.PANEL_SIZE:
        raise WrongState(_("There are not three members without a part in this statement, so no panel can be drawn."))
    revision = statement.current
    assert revision is not None  # an open statement has one; narrows the type
    try:
        with transaction.atomic():
            escalation = Escalation.objects.create(
                objection=objection,
                reason=_words(reason),
                raised_by=actor,
                raised_at=moment,
                seed=drawing.seed_of(revision.result_sha256, objection.pk, moment),
                candidates=candidates,
            )
    except IntegrityError as problem:
        raise WrongState(_("An answer is escalated once.")) from problem
    event = record_event(
        actor=actor,
        verb="royalties.escalated",
        about=statement,
        payload={"objection": objection.pk, "seed": escalation.seed, "candidates": len(candidates)},
    )
    notices.tell_of_escalation(event=event, escalation=escalation)
    # The draw counts from the press, the days of whoever is drawn from their notice.
    _fill(escalation, statement, clock(now))
    return escalation


@transaction.atomic
def accept_seat(*, actor: Artist, seat: PanelSeat, now: dt.datetime | None = None) -> PanelSeat:
    """Take part; from now on there are seven days to vote."""
    moment = clock(now)
    row, statement = _own_seat(actor, seat, moment)
    if row.status == Seat.INVITED:
        row.status, row.due_at = Seat.ACCEPTED, moment + policy.PANEL_VOTE_WITHIN
        row.save(update_fields=["status", "due_at"])
        # Without the name, which nobody learns before the panel has decided, staff who read the events included.
        record_event(actor=None, verb="royalties.panel_joined", about=statement, payload={"seat": row.pk})
    return row


@transaction.atomic
def decline_seat(*, actor: Artist, seat: PanelSeat, now: dt.datetime | None = None) -> PanelSeat:
    """Leave the seat to the next who was drawn; no reason is asked."""
    moment = clock(now)
    row, statement = _own_seat(actor, seat, moment)
    row.status = Seat.DECLINED
    row.save(update_fields=["status"])
    record_event(actor=None, verb="royalties.panel_declined", about=statement, payload={"seat": row.pk})
    _fill(row.escalation, statement, clock(now))
    return row


@transaction.atomic
def cast_panel_vote(
    *, actor: Artist, seat: PanelSeat, choice: str, reason: str, now: dt.datetime | None = None
) -> PanelVote:
    """Uphold the answer or have it changed, with a reason that becomes public. Voting accepts the seat."""
    moment = clock(now)
    row, statement = _own_seat(actor, seat, moment)
    require_reason(reason)
    if choice not in PanelVote.Choice.values:
        raise RoyaltiesRefused(_("Say whether the answer stands or must be changed."))
    if row.member_id not in cases.uninvolved(statement, row.escalation.objection):
        raise NotAllowed(_("You have a part in this statement meanwhile, so somebody else must decide."))
    vote = PanelVote.objects.create(seat=row, choice=choice, reason=_words(reason), at=moment)
    row.status = Seat.VOTED
    row.save(update_fields=["status"])
    # Neither the choice nor the name stands in the event: it is public before the panel has decided.
    record_event(actor=None, verb="royalties.panel_voted", about=statement, payload={"escalation": row.escalation_id})
    _decide(row.escalation, statement, moment)
    return vote


@transaction.atomic
def replace_silent_panelists(*, now: dt.datetime | None = None) -> int:
    """Give seats whose time is over to the next who was drawn; how many there were."""
    moment = clock(now)
    late = PanelSeat.objects.filter(status__in=LIVE, due_at__lte=moment, escalation__decided_at=None).filter(
        escalation__objection__statement__status=Statement.Status.PUBLISHED
    )
    count = 0
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        seat = PanelSeat.objects.select_related("escalation__objection__statement").get(pk=pk)
        statement = locked(seat.escalation.objection.statement)
        seat.refresh_from_db(fields=["status", "due_at"])
        if seat.is_live and seat.due_at <= moment:
            seat.status = Seat.LAPSED
            seat.save(update_fields=["status"])
            record_event(actor=None, verb="royalties.panel_seat_lapsed", about=statement, payload={"seat": seat.pk})
            _fill(seat.escalation, statement, clock(now))
            count += 1
    return count


def release_seats(statement: Statement) -> None:
    """Ask nobody any more, and say why: the statement is withdrawn. Part of that."""
    seats = PanelSeat.objects.filter(escalation__objection__statement=statement, status__in=LIVE)
    found = list(seats.select_related("member").order_by("pk"))
    PanelSeat.objects.filter(pk__in=[seat.pk for seat in found]).update(status=Seat.RELEASED)
    for seat in found:
        event = record_event(actor=None, verb="royalties.panel_released", about=statement, payload={"seat": seat.pk})
        notices.tell_of_release(event=event, seat=seat, statement=statement)


def _own_seat(actor: Artist, seat: PanelSeat, moment: dt.datetime) -> tuple[PanelSeat, Statement]:
    """The actor's seat, held, while it is theirs to use."""
    require_standing(actor)
    row = PanelSeat.objects.select_related("escalation__objection__statement", "escalation__objection__comment").get(
        pk=seat.pk
    )
    statement = locked(row.escalation.objection.statement)
    row.refresh_from_db(fields=["status", "due_at"])
    row.escalation.refresh_from_db(fields=["decision", "decided_at"])
    if row.member_id != actor.pk:
        raise NotAllowed(_("This seat is somebody else’s."))
    require_status(statement, Statement.Status.PUBLISHED)
    if not row.escalation.is_open:
        raise WrongState(_("The panel has decided."))
    if not row.is_live or row.due_at <= moment:
        raise WrongState(_("The time for this seat is over; it went to the next who was drawn."))
    return row, statement


def _fill(escalation: Escalation, statement: Statement, moment: dt.datetime) -> None:
    """Invite in the order of the draw until three sit; with nobody left, those who voted decide."""
    seats = list(escalation.seats.all())
    missing = policy.PANEL_SIZE - sum(seat.is_live or seat.status == Seat.VOTED for seat in seats)
    seen, place = {seat.member_id for seat in seats}, len(seats)
    may_sit = set(cases.uninvolved(statement, escalation.objection)) if missing > 0 else set()
    for member in drawing.order(escalation.seed, escalation.candidates):
        if missing <= 0:
            return
        if member in seen:
            continue
        place += 1
        invited = member in may_sit
        seat = PanelSeat.objects.create(
            escalation=escalation,
            member_id=member,
            place=place,
            status=Seat.INVITED if invited else Seat.PASSED_OVER,
            invited_at=moment,
            due_at=moment + policy.PANEL_ANSWER_WITHIN,
        )
        if invited:
            missing -= 1
            event = record_event(actor=None, verb="royalties.panel_invited", about=statement, payload={"seat": seat.pk})
            notices.tell_of_seat(event=event, seat=seat)
    _decide(escalation, statement, moment)


def _decide(escalation: Escalation, statement: Statement, moment: dt.datetime) -> None:
    """Two votes that agree decide; where nobody is left to vote, the votes that were cast, a tie upholding."""
    votes = list(PanelVote.objects.filter(seat__escalation=escalation).values_list("choice", flat=True))
    change = votes.count(PanelVote.Choice.CHANGE)
    uphold = len(votes) - change
    waiting = escalation.seats.filter(status__in=LIVE)
    if max(change, uphold) < MAJORITY and waiting.exists():
        return
    decision = Escalation.Decision.CHANGED if change > uphold else Escalation.Decision.UPHELD
    waiting.update(status=Seat.RELEASED)
    escalation.decision, escalation.decided_at = decision, moment
    escalation.save(update_fields=["decision", "decided_at"])
    event = record_event(
        actor=None,
        verb="royalties.panel_decided",
        about=statement,
        payload={"objection": escalation.objection_id, "decision": decision, "change": change, "uphold": uphold},
    )
    notices.tell_of_decision(event=event, escalation=escalation)


def _words(reason: str) -> str:
    words = reason.strip()
    if len(words) > LONGEST:
        raise RoyaltiesRefused(_("Write at most %(most)d characters.") % {"most": LONGEST})
    return words
