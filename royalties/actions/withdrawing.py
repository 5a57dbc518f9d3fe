"""A statement is taken back: who is told, and what nobody is asked for any more."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties.actions import notices
from royalties.actions.claims import end_claims
from royalties.actions.guards import (
    locked,
    require_no_interest,
    require_power,
    require_second_person,
    require_status,
    within,
)
from royalties.actions.panels import release_seats
from royalties.actions.statements import require_reason
from royalties.models import Statement

Status = Statement.Status
LONGEST = 500
AGREED = (Status.CLOSING, Status.FINAL)


@transaction.atomic
def withdraw_statement(*, actor: Artist, statement: Statement, reason: str) -> Statement:
    """Take a statement back before anything of it is posted; the reason is public.

    Once comments are closed it takes somebody other than the drafter. Everybody whom a published one concerned
    is told why, and its panels are let go.
    """
    statement = locked(statement)
    require_power(actor, "approver")
    require_status(statement, Status.DRAFT, Status.REVIEW, Status.PUBLISHED, *AGREED)
    require_reason(reason)
    words = within(reason, LONGEST)
    require_no_interest(actor, statement)
    if statement.status in AGREED:
        require_second_person(
            actor,
            statement.drafters(),
            _("Once comments are closed, who drafted a statement cannot withdraw it; somebody else must."),
        )
    before, statement.status = statement.status, Status.WITHDRAWN
    statement.withdrawn_reason = words
    statement.run += 1
    statement.save(update_fields=["status", "withdrawn_reason", "run"])
    event = record_event(
        actor=actor,
        verb="royalties.statement_withdrawn",
        about=statement,
        payload={"from": before, "to": statement.status, "reason": words},
    )
    release_seats(statement)
    end_claims(statement)
    if statement.published_at is not None:
        notices.tell_of_withdrawal(event=event, statement=statement)
    return statement
