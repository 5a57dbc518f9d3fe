"""Talking about a statement: comments, objections, answers, acceptance.

Comments never change amounts by themselves. An objection is a comment with a type; it is a
case that must be answered, with a public reason, before the statement can close.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import cases, people, policy
from royalties.actions import notices
from royalties.actions.guards import (
    clock,
    locked,
    require_no_interest,
    require_no_interest_in_case,
    require_power,
    require_standing,
    require_status,
    within,
)
from royalties.actions.outbox import owe_mail
from royalties.actions.statements import require_reason
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import (
    AllocationLine,
    Answer,
    Objection,
    OutboxMail,
    Revision,
    Statement,
    StatementAcceptance,
    StatementClaim,
    StatementComment,
    StatementLine,
    WhatIf,
)

LONGEST = 4000
SENT_TWICE = dt.timedelta(minutes=1)


@transaction.atomic
def comment(
    *,
    actor: Artist,
    statement: Statement,
    body: str,
    line: StatementLine | None = None,
    item: AllocationLine | None = None,
    reply_to: StatementComment | None = None,
    what_if: WhatIf | None = None,
    now: dt.datetime | None = None,
) -> StatementComment:
    """Any member in good standing speaks on a line or on the whole statement until it is closed, payees always.

    A what-if of the statement may go with it, for the measures that the words are about.
    """
    require_standing(actor)
    statement = locked(statement)
    if not cases.may_comment(actor, statement):
        require_status(statement, Statement.Status.PUBLISHED)
    body = body.strip()
    if not body or len(body) > LONGEST:
        raise RoyaltiesRefused(_("Write between 1 and %(most)d characters.") % {"most": LONGEST})
    if reply_to is not None:
        if reply_to.statement_id != statement.pk:
            raise RoyaltiesRefused(_("That comment belongs to another statement."))
        # Threads are two levels deep: an answer to an answer stands beside it.
        reply_to = reply_to.reply_to or reply_to
        line, item = reply_to.line, reply_to.item
    _require_own_line(statement, line, item)
    if what_if is not None and what_if.statement_id != statement.pk:
        raise RoyaltiesRefused(_("That what-if belongs to another statement."))
    moment = clock(now)
    twin = _just_said(actor, statement, body, line, reply_to, moment)
    if twin is not None:
        return twin
    row = StatementComment.objects.create(
        statement=statement,
        revision=_in_force(statement),
        line=line,
        item=item,
        payee=line.payee if line else None,
        author=actor,
        reply_to=reply_to,
        what_if=what_if,
        body=body,
        created_at=moment,
    )
    event = record_event(actor=actor, verb="royalties.commented", about=statement, payload={"comment": row.pk})
    notices.tell_of_comment(event=event, comment=row)
    return row


@transaction.atomic
def object_to(*, actor: Artist, comment: StatementComment, kind: str, now: dt.datetime | None = None) -> Objection:
    """Turn one's own comment into an objection, which must then be answered.

    Raises WrongState once the window is over, or after day 45; a case is opened once.
    """
    moment = clock(now)
    statement = locked(comment.statement)
    comment = _held_comment(comment)
    require_status(statement, Statement.Status.PUBLISHED)
    if comment.author_id != actor.pk:
        raise NotAllowed(_("Only who wrote a comment can make an objection of it."))
    _require_open_for_objections(statement, moment)
    kind = _checked_kind(kind)
    if comment.hidden_at is not None:
        raise WrongState(_("A hidden comment cannot become an objection."))
    if comment.line is None and kind != Objection.Kind.MISSING_WORK:
        raise RoyaltiesRefused(_("Choose the line you object to; only a missing work has none."))
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                statement=statement,
                comment=comment,
                line=comment.line,
                kind=kind,
                raised_by=actor,
                raised_at=moment,
            )
    except IntegrityError as problem:
        raise WrongState(_("This comment already is an objection.")) from problem
    event = record_event(
        actor=actor, verb="royalties.objected", about=statement, payload={"objection": objection.pk, "kind": kind}
    )
    notices.tell_staff_of_objection(event=event, objection=objection)
    return objection


@transaction.atomic
def raise_objection(
    *,
    actor: Artist,
    statement: Statement,
    kind: str,
    body: str,
    line: StatementLine | None = None,
    item: AllocationLine | None = None,
    what_if: WhatIf | None = None,
    now: dt.datetime | None = None,
) -> Objection:
    """A comment and the objection made of it, in one step."""
    said = comment(actor=actor, statement=statement, body=body, line=line, item=item, what_if=what_if, now=now)
    known = Objection.objects.filter(comment=said, kind=kind).first()
    return known or object_to(actor=actor, comment=said, kind=kind, now=now)


@transaction.atomic
def answer_objection(
    *,
    actor: Artist,
    objection: Objection,
    outcome: str,
    reason: str,
    now: dt.datetime | None = None,
) -> Answer:
    """Decide a case, always with a public reason; by staff who have no part in the money."""
    require_power(actor, "drafter", "approver")
    require_reason(reason)
    statement = locked(objection.statement)
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("comment", "raised_by", "line__payee__artist")
        .get(pk=objection.pk)
    )
    if objection.status != Objection.Status.OPEN:
        raise WrongState(_("This objection is already answered."))
    require_status(statement, Statement.Status.PUBLISHED)
    if objection.raised_by_id in people.accounts_of([actor.pk]):
        raise NotAllowed(_("Nobody answers their own objection."))
    require_no_interest_in_case(actor, objection)
    if outcome not in Answer.Outcome.values:
        raise RoyaltiesRefused(_("Say whether it is accepted, partly accepted, right without an effect, or declined."))
    answer = Answer.objects.create(objection=objection, outcome=outcome, reason=reason.strip(), by=actor, at=clock(now))
    objection.status = Objection.Status.ANSWERED
    objection.save(update_fields=["status"])
    event = record_event(
        actor=actor,
        verb="royalties.objection_answered",
        about=statement,
        payload={"objection": objection.pk, "outcome": outcome},
    )
    notices.tell_of_answer(event=event, objection=objection)
    claim = StatementClaim.objects.filter(objection=objection, artist=None).first()
    if claim is not None:
        owe_mail(OutboxMail.Kind.CLAIM_ANSWER, claim.pk)
    return answer


@transaction.atomic
def hide_comment(
    *, actor: Artist, comment: StatementComment, reason: str, now: dt.datetime | None = None
) -> StatementComment:
    """Moderation leaves a tombstone with its reason. An objection cannot be hidden."""
    require_power(actor, "moderator")
    require_reason(reason)
    # The statement first, as whoever objects does, so that one of the two sees what the other has done.
    statement = locked(comment.statement)
    row = _held_comment(comment)
    require_no_interest(actor, statement)
    if Objection.objects.filter(comment=row).exists():
        raise NotAllowed(_("An objection is never hidden; it is answered."))
    if row.hidden_at is None:
        row.hidden_at, row.hidden_reason = clock(now), within(reason, 300)
        row.save(update_fields=["hidden_at", "hidden_reason"])
        record_event(actor=actor, verb="royalties.comment_hidden", about=row.statement, payload={"comment": row.pk})
    return row


@transaction.atomic
def accept_line(*, actor: Artist, line: StatementLine, now: dt.datetime | None = None) -> StatementAcceptance:
    """A payee says yes to their line of the revision in force; twice changes nothing."""
    statement = Statement.objects.get(pk=line.revision.statement_id)
    require_status(statement, Statement.Status.PUBLISHED, Statement.Status.CLOSING)
    if line.payee.artist_id != actor.pk:
        raise NotAllowed(_("Only the person whose line it is can accept it."))
    if line.revision_id != statement.current_id:
        raise WrongState(_("A newer revision is in force; look at that one."))
    acceptance, is_new = StatementAcceptance.objects.get_or_create(
        line=line, defaults={"artist": actor, "at": clock(now)}
    )
    if is_new:
        record_event(actor=actor, verb="royalties.line_accepted", about=statement, payload={"line": line.pk})
    return acceptance


def _held_comment(comment: StatementComment) -> StatementComment:
    """The comment as it is now, held until the transaction ends."""
    return StatementComment.objects.select_for_update(of=("self",)).select_related("line").get(pk=comment.pk)


def _just_said(
    actor: Artist,
    statement: Statement,
    body: str,
    line: StatementLine | None,
    reply_to: StatementComment | None,
    moment: dt.datetime,
) -> StatementComment | None:
    """The very same words a moment ago: a form that was sent twice."""
    return StatementComment.objects.filter(
        author=actor,
        statement=statement,
        line=line,
        reply_to=reply_to,
        body=body,
        created_at__gte=moment - SENT_TWICE,
    ).first()


def _in_force(statement: Statement) -> Revision:
    if statement.current is None:
        raise WrongState(_("Nothing of this statement is published."))
    return statement.current


def _require_own_line(statement: Statement, line: StatementLine | None, item: AllocationLine | None) -> None:
    if line is not None and not cases.is_line_of(statement, line):
        raise RoyaltiesRefused(_("That line belongs to another statement."))
    if item is not None and (line is None or item.line_id != line.pk):
        raise RoyaltiesRefused(_("That item does not belong to this line."))


def _require_open_for_objections(statement: Statement, moment: dt.datetime) -> None:
    if statement.window_ends_at is None or moment >= statement.window_ends_at:
        raise WrongState(_("The time for objections is over. What comes now is a late claim."))
    if cases.is_overdue(statement, moment):
        raise WrongState(
            _("After %(days)d days no new objection is taken. What comes now is a late claim.")
            % {"days": policy.NO_OBJECTION_AFTER.days}
        )


def _checked_kind(kind: str) -> str:
    if kind not in Objection.Kind.values:
        raise RoyaltiesRefused(_("Choose what kind of objection it is."))
    return kind
