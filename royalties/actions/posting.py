"""From the closed window to the ledger: close, make final, post.

Nothing is recomputed from rows that may have changed: the stored input must give the stored
bytes again, and its money must be what the ledger says of that production and period.
"""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.actions import record_event
from profiles.models import Artist, Event
from projects.models import Production
from royalties import bookings, cases, correcting
from royalties.actions import notices
from royalties.actions.by_the_books import require_ledger_agrees
from royalties.actions.correcting import book_correction, settle_corrections
from royalties.actions.guards import (
    clock,
    locked,
    require_judgements_in,
    require_no_interest,
    require_power,
    require_second_person,
    require_status,
)
from royalties.actions.settling import mark_if_paid
from royalties.allocation import allocate, canonical_bytes, sha256_hex
from royalties.exceptions import FiguresDiffer, WrongState
from royalties.models import Objection, Revision, Statement
from royalties.revision_rows import differing_rows
from royalties.settled import settle_alone

Status = Statement.Status


@transaction.atomic
def close_statement(*, actor: Artist, statement: Statement, now: dt.datetime | None = None) -> Statement:
    """End the discussion: the window is over, every objection answered, no revision waiting or failed."""
    moment, statement = clock(now), locked(statement)
    require_power(actor, "drafter", "approver")
    require_status(statement, Status.PUBLISHED)
    revision = _in_force(statement)
    require_no_interest(actor, statement)
    settle_alone()
    _require_window_over(statement, moment)
    _require_cases_closed(statement, moment)
    if statement.pending is not None or statement.is_computing:
        raise WrongState(_("A revision is waiting to be published or dropped."))
    if statement.stage == Statement.Stage.FAILED:
        raise WrongState(_("A revision could not be computed: drop it first."))
    require_ledger_agrees(statement, revision)
    require_judgements_in(statement, revision)
    statement.status = Status.CLOSING
    statement.save(update_fields=["status"])
    record_event(actor=actor, verb="royalties.statement_closed", about=statement)
    return statement


@transaction.atomic
def finalise(*, actor: Artist, statement: Statement) -> Statement:
    """Run the stored input again; only the very same bytes become final."""
    statement = locked(statement)
    require_power(actor, "drafter", "approver")
    require_status(statement, Status.CLOSING)
    revision = _in_force(statement)
    require_no_interest(actor, statement)
    _require_same_bytes(revision)
    statement.status = Status.FINAL
    statement.save(update_fields=["status"])
    record_event(
        actor=actor,
        verb="royalties.statement_finalised",
        about=statement,
        payload={"revision": revision.number, "result_sha256": revision.result_sha256},
    )
    return statement


@transaction.atomic
def post_statement(*, actor: Artist, statement: Statement, now: dt.datetime | None = None) -> Statement:
    """Book the split and every payee's amount, in one transaction or not at all.

    Posted by somebody who drafted none of its revisions, once: the statement's row is held, and the
    ledger's keys refuse a second time whatever happens.
    """
    moment, statement = clock(now), locked(statement)
    # What corrections still have to move is read before it is booked, so postings of one production take turns.
    Production.objects.select_for_update(no_key=True).get(pk=statement.production_id)
    require_power(actor, "finance", "approver")
    require_status(statement, Status.FINAL)
    revision = _in_force(statement)
    require_second_person(actor, statement.drafters(), _("Who drafted a statement cannot also post it."))
    require_no_interest(actor, statement)
    _require_same_bytes(revision)
    if statement.corrects_id is not None:
        _require_same_rows(correcting.basis_of(statement))
    require_ledger_agrees(statement, revision)
    statement.status, statement.posted_at = Status.POSTED, moment
    statement.save(update_fields=["status", "posted_at"])
    event = record_event(
        actor=actor,
        verb="royalties.statement_posted",
        about=statement,
        payload={"revision": revision.number, "pool_minor": revision.pool_minor},
    )
    # The ledger comes last in both: whoever holds its lock keeps all other posting waiting.
    if statement.corrects_id is not None:
        outcome = correcting.outcome_of(statement, revision)
        notices.tell_of_correction(event=event, correction=statement, outcome=outcome)
        book_correction(statement, outcome, moment.date())
    else:
        _book(statement, revision, event, moment.date())
    if not revision.pool_minor:
        mark_if_paid(statement, due=())
    return statement


def _book(statement: Statement, revision: Revision, event: Event, on: dt.date) -> None:
    """Tell everybody and book; the few whom a correction may concern hear it afterwards, with what it moved."""
    waiting = correcting.waiting_for_shares(statement)
    concerned = {payee for rest in waiting for payee in (*rest.owing, *rest.owed)}
    notices.tell_payees(event=event, statement=statement, but=concerned)
    recouped = bookings.statement_posted(statement, revision, on)
    moved = settle_corrections(statement, revision, waiting, recouped, on)
    notices.tell_of_shares_moved(event=event, statement=statement, payees=concerned, moved=moved)


def _require_window_over(statement: Statement, moment: dt.datetime) -> None:
    """Nobody shortens it, nor the time in which an answer may be taken to a panel."""
    if statement.window_ends_at is not None and moment < statement.window_ends_at:
        raise WrongState(
            _("The window is open until %(moment)s UTC; nobody can shorten it.")
            % {"moment": _utc(statement.window_ends_at)}
        )
    until = cases.last_moment_to_escalate(statement)
    if until is not None and moment < until:
        raise WrongState(
            _("An answer can be taken to a panel until %(moment)s UTC; nobody can shorten that.")
            % {"moment": _utc(until)}
        )


def _require_cases_closed(statement: Statement, moment: dt.datetime) -> None:
    """Every objection answered, every panel done, and what was granted or ordered carried out.

    After day 38 no revision can carry it out; then it is owed by a correction statement.
    """
    waiting = statement.objections.filter(status=Objection.Status.OPEN).count()
    if waiting:
        raise WrongState(
            ngettext(
                "%(count)d objection is not answered yet.",
                "%(count)d objections are not answered yet.",
                waiting,
            )
            % {"count": waiting}
        )
    if cases.before_panels(statement).exists():
        raise WrongState(_("A panel has not decided yet."))
    if not cases.is_late_for_revision(statement, moment) and cases.promised(statement).exists():
        raise WrongState(
            _("An answer or a panel said that something changes: publish a revision that settles it first.")
        )


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")


def _in_force(statement: Statement) -> Revision:
    if statement.current is None:
        raise WrongState(_("Nothing of this statement is published."))
    return statement.current


def _require_same_bytes(revision: Revision) -> None:
    """Stored input → the same result and hashes as stored, and rows that say the same."""
    result = canonical_bytes(allocate(revision.input))
    if (
        result != bytes(revision.result_bytes)
        or sha256_hex(result) != revision.result_sha256
        or sha256_hex(bytes(revision.input_bytes)) != revision.input_sha256
        or json.loads(result)["waterfall"]["pool"] != revision.pool_minor
    ):
        raise FiguresDiffer(_("A new run of the stored input does not give the stored result."))
    _require_same_rows(revision)


def _require_same_rows(revision: Revision) -> None:
    """Payees are told of, corrections reckoned from, and money shown by rows; they must say what the result says."""
    differing = next(differing_rows(revision), None)
    if differing is not None:
        raise FiguresDiffer(
            _("The rows of revision %(number)s are not those of its stored result: %(row)s.")
            % {"number": revision.number, "row": differing}
        )
