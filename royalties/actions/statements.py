"""A statement's life from the draft to every published revision (royalties.md 3).

draft → review → published (revision 1, 2, …). What is published is never edited: a revision
is a new computation with a public reason, put beside the old one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import record_event
from profiles.models import Artist
from projects.clearance import clearances_of
from projects.models import Cut, Production
from royalties import cases, correcting, policy, tasks
from royalties.actions import notices
from royalties.actions.by_the_books import (
    require_its_turn,
    require_ledger_agrees,
    require_nothing_cut,
    require_nothing_left_behind,
    require_nothing_settled,
    require_worth_a_statement,
)
from royalties.actions.carrying_out import carry_out_claims
from royalties.actions.guards import (
    clock,
    locked,
    require_currency,
    require_day,
    require_judgements_in,
    require_judges_had_no_interest,
    require_no_interest,
    require_no_interest_in_cut,
    require_power,
    require_second_person,
    require_status,
)
from royalties.actions.in_time import longer_window, require_only_what_counted_before, require_revision_in_time
from royalties.document import cut_of
from royalties.exceptions import CannotCompute, RoyaltiesRefused, WrongState
from royalties.models import Objection, Publication, Revision, Settlement, Statement
from royalties.settled import settle_alone

Status, Stage = Statement.Status, Statement.Stage


@transaction.atomic
def draft_statement(
    *,
    actor: Artist,
    production: Production,
    first_day: dt.date,
    last_day: dt.date,
    currency: str,
    now: dt.datetime | None = None,
) -> Statement:
    """Open a statement of a production's latest locked cut and queue its computation.

    Raises RoyaltiesRefused where the period overlaps another statement, begins before what is settled, is not over
    yet, or would leave money behind: what moved before it and is in no statement would never be in one. WrongState where
    it has only some days of a conversion.
    """
    require_power(actor, "drafter")
    require_currency(currency)
    require_day(first_day)
    require_day(last_day)
    if last_day < first_day:
        raise RoyaltiesRefused(_("The period ends before it begins."))
    if last_day >= clock(now).date():
        raise RoyaltiesRefused(_("The period is not over yet."))
    require_nothing_left_behind(production.pk, currency, first_day)
    cut = production.cuts.filter(status=Cut.Status.LOCKED).order_by("-number").first()
    if cut is None:
        raise CannotCompute(_("This production has no locked cut yet."))
    require_no_interest_in_cut(actor, cut)
    require_nothing_cut(production, currency, first_day, last_day)
    require_nothing_settled(production.pk, currency, first_day)
    try:
        with transaction.atomic():
            statement = Statement.objects.create(
                production=production,
                cut=cut,
                currency=currency,
                period=(first_day, last_day + dt.timedelta(days=1)),
                drafter=actor,
            )
    except IntegrityError as problem:
        raise RoyaltiesRefused(
            _("Another statement of this production already covers part of these days.")
        ) from problem
    statement.refresh_from_db()
    record_event(actor=actor, verb="royalties.statement_drafted", about=statement)
    queue_computation(statement, reason="")
    return statement


@transaction.atomic
def recompute_statement(*, actor: Artist, statement: Statement) -> Statement:
    """Compute a draft again, after money, a cut or an adjustment has changed; the reason of a correction stays.

    Whoever does is its drafter from now on.
    """
    statement = locked(statement)
    require_power(actor, "drafter")
    require_status(statement, Status.DRAFT)
    require_no_interest(actor, statement)
    _take_latest_cut(actor, statement)
    statement.drafter = actor
    statement.save(update_fields=["cut", "drafter"])
    record_event(actor=actor, verb="royalties.statement_recomputed", about=statement)
    queue_computation(statement, reason=statement.run_reason)
    return statement


@transaction.atomic
def submit_for_review(*, actor: Artist, statement: Statement) -> Statement:
    """The drafter hands a computed draft to somebody who may approve it."""
    statement = locked(statement)
    require_power(actor, "drafter")
    require_status(statement, Status.DRAFT)
    revision = _computed(statement)
    require_no_interest(actor, statement)
    require_judgements_in(statement, revision)
    _require_rights_clear(statement)
    require_ledger_agrees(statement, revision)
    require_its_turn(statement)
    require_worth_a_statement(statement, revision)
    return _move(statement, Status.REVIEW, actor, "royalties.statement_submitted")


@transaction.atomic
def send_back(*, actor: Artist, statement: Statement, reason: str) -> Statement:
    """The approver returns a draft to be changed, and says why."""
    statement = locked(statement)
    require_power(actor, "approver")
    require_status(statement, Status.REVIEW)
    require_reason(reason)
    require_no_interest(actor, statement)
    return _move(statement, Status.DRAFT, actor, "royalties.statement_sent_back", reason=reason)


@transaction.atomic
def publish(*, actor: Artist, statement: Statement, now: dt.datetime | None = None) -> Publication:
    """Put the computed revision before everybody, for the first time or as a further one.

    The approver has drafted no revision of it, and neither they nor who drafted have a line or a lineage
    neighbour with one, nor has who proposed or approved a judgement that comes in by it. Every payee is told; the
    window is 14 × 24 hours from that notice, and a further revision never shortens it: 72 hours remain, and seven days
    for who loses more than a little. A further revision in which nothing has changed settles no objection, and after
    day 38 one with more than money and judgements is not published: raises WrongState.
    """
    statement = locked(statement)
    require_power(actor, "approver")
    require_status(statement, Status.REVIEW, Status.PUBLISHED)
    revision = _computed(statement)
    seen = statement.current or (correcting.basis_of(statement) if statement.corrects_id else None)
    _require_impartial(actor, statement, revision, seen)
    require_judgements_in(statement, revision)
    _require_rights_clear(statement)
    before = statement.current
    if before is None:
        settle_alone()  # it settles the days before it
        require_its_turn(statement)
    # People's time counts from the notices below, not from before the locks, which may have been waited for.
    moment = clock(now)
    ends_at = moment + policy.window()
    require_ledger_agrees(statement, revision)
    if before is not None:
        require_revision_in_time(statement, moment)
        require_only_what_counted_before(statement, before, revision, moment)
        _require_something_done(before, revision)
        ends_at = longer_window(statement, before, revision, moment)
    publication = _put_in_force(actor, statement, revision, moment, ends_at)
    if statement.corrects_id is not None:
        carry_out_claims(statement, revision)
    settlements = Settlement.objects.filter(objection__statement=statement, run=revision.run)
    event = record_event(
        actor=actor,
        verb="royalties.statement_published",
        about=statement,
        payload={
            "revision": revision.number,
            "input_sha256": revision.input_sha256,
            "settles": list(settlements.values_list("objection_id", flat=True)),
        },
    )
    notices.tell_payees_of_revision(event=event, statement=statement, before=seen)
    return publication


@transaction.atomic
def revise(
    *,
    actor: Artist,
    statement: Statement,
    reason: str,
    settles: Iterable[Objection] | None = None,
    now: dt.datetime | None = None,
) -> Statement:
    """Compute the next revision of a published statement, with a reason that will be public.

    It takes in the latest locked cut, the shares and the approved adjustments of now. Nothing
    is shown until somebody else publishes it. `settles` are the objections whose answers it
    carries out; without it, all that are promised and not yet carried out, but none after day 38, when
    only the money is taken in anew.
    """
    moment, statement = clock(now), locked(statement)
    require_power(actor, "drafter")
    require_status(statement, Status.PUBLISHED)
    require_reason(reason)
    require_no_interest(actor, statement)
    require_revision_in_time(statement, moment)
    if statement.pending is not None or statement.is_computing:
        raise WrongState(_("A revision is already on its way."))
    require_second_person(actor, statement.approver_id, _("Who approved a statement cannot also draft its revision."))
    # When it is late only the money is taken in anew.
    if not cases.is_late_for_revision(statement, moment):
        _take_latest_cut(actor, statement)
    statement.drafter = actor
    statement.save(update_fields=["cut", "drafter"])
    record_event(actor=actor, verb="royalties.revision_begun", about=statement, payload={"reason": reason})
    queue_computation(statement, reason=reason.strip())
    _note_settled(actor, statement, settles, moment)
    return statement


@transaction.atomic
def drop_revision(*, actor: Artist, statement: Statement) -> Statement:
    """Give up a revision that is not published, one that is being computed, or one that could not be.

    The statement is again what is in force: its cut, and who drafted it. Raises WrongState where there is none.
    """
    statement = locked(statement)
    require_power(actor, "drafter", "approver")
    require_status(statement, Status.PUBLISHED)
    require_no_interest(actor, statement)
    if statement.pending is None and statement.stage == Stage.DONE:
        raise WrongState(_("No revision is waiting, so there is none to drop."))
    statement.pending, statement.run = None, statement.run + 1
    statement.stage, statement.failure = Stage.DONE, ""
    in_force = statement.current
    assert in_force is not None  # an open statement has one; narrows the type
    statement.drafter_id, statement.cut = in_force.drafted_by_id, cut_of(in_force) or statement.cut
    statement.save(update_fields=["pending", "run", "stage", "failure", "drafter", "cut"])
    record_event(actor=actor, verb="royalties.revision_dropped", about=statement)
    return statement


def require_reason(reason: str) -> None:
    """Every judgement has a public reason."""
    if not reason.strip():
        raise RoyaltiesRefused(_("Give a reason. It will be public."))


def _move(statement: Statement, status: str, actor: Artist, verb: str, **payload: str) -> Statement:
    before, statement.status = statement.status, Status(status)
    statement.save(update_fields=["status"])
    record_event(actor=actor, verb=verb, about=statement, payload={"from": before, "to": status, **payload})
    return statement


def queue_computation(statement: Statement, *, reason: str) -> None:
    """Want a new run, whose revision will carry the reason; the worker is told on commit."""
    statement.run += 1
    statement.run_reason = reason
    statement.stage, statement.percent, statement.failure = Stage.QUEUED, 0, ""
    statement.save(update_fields=["run", "run_reason", "stage", "percent", "failure"])
    tasks.compute_statement.delay_on_commit(statement.pk, statement.run)


def _take_latest_cut(actor: Artist, statement: Statement) -> None:
    """The next run takes it; refused to whom only this one would pay, or somebody near."""
    latest = statement.production.cuts.filter(status=Cut.Status.LOCKED).order_by("-number").first()
    if latest is not None and latest.pk != statement.cut_id:
        require_no_interest_in_cut(actor, latest)
        statement.cut = latest


def _computed(statement: Statement) -> Revision:
    if statement.stage != Stage.DONE or statement.pending is None:
        raise WrongState(_("There is nothing computed yet that could be published."))
    return statement.pending


def _require_impartial(actor: Artist, statement: Statement, revision: Revision, seen: Revision | None) -> None:
    """Who publishes has drafted nothing of it; none of them, nor who judged since what everybody has seen, is near it."""
    drafters = statement.drafters()
    require_second_person(actor, drafters, _("Who drafted a statement cannot also approve it."))
    require_no_interest(actor, statement)
    for drafter in Artist.objects.filter(pk__in=drafters).order_by("pk"):
        require_no_interest(drafter, statement)
    require_judges_had_no_interest(statement, revision, seen)


def _put_in_force(
    actor: Artist, statement: Statement, revision: Revision, moment: dt.datetime, ends_at: dt.datetime
) -> Publication:
    """The publication, and the statement as it now is."""
    publication = Publication.objects.create(
        statement=statement,
        revision=revision,
        number=revision.number,
        published_by=actor,
        published_at=moment,
        window_ends_at=ends_at,
    )
    statement.approver, statement.window_ends_at = actor, ends_at
    statement.current, statement.pending, statement.status = revision, None, Status.PUBLISHED
    statement.published_at = statement.published_at or moment
    statement.save()
    return publication


def _require_rights_clear(statement: Statement) -> None:
    """Every work of the whole ancestor cone may be used; what its artist withdrew after the lock still may."""
    works = Contribution.objects.filter(cues__cut=statement.cut).distinct()
    unclear = [
        clearance.text
        for clearance in clearances_of(statement.production, works)
        if not clearance and clearance.contribution.status != Contribution.Status.WITHDRAWN
    ]
    if unclear:
        raise CannotCompute(" ".join(unclear[:3]))


def _note_settled(
    actor: Artist, statement: Statement, settles: Iterable[Objection] | None, moment: dt.datetime
) -> None:
    """Remember which promises this run carries out; they count once its revision is published."""
    open_promises = {objection.pk: objection for objection in cases.promised(statement)}
    if settles is None:
        settles = [] if cases.is_late_for_revision(statement, moment) else open_promises.values()
    wanted = {objection.pk for objection in settles}
    if not wanted <= open_promises.keys():
        raise RoyaltiesRefused(
            _("A revision settles objections of this statement of which something was granted and is still owed.")
        )
    Settlement.objects.bulk_create(
        Settlement(objection_id=pk, run=statement.run, named_by=actor, at=moment) for pk in sorted(wanted)
    )


def _require_something_done(before: Revision, after: Revision) -> None:
    """Nobody's case is carried out by a revision in which nothing has changed."""
    is_same = (before.input_sha256, before.result_sha256) == (after.input_sha256, after.result_sha256)
    if is_same and cases.settled_in(after).exists():
        raise WrongState(
            _("Nothing changes by this revision, so it settles no case: drop it, make the change, and begin another.")
        )
