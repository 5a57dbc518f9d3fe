"""Green-light rounds: votes are saved at once, can be taken back while the round is open, and are counted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.actions import notify, record_event
from profiles.models import Artist
from projects import ballots
from projects.actions._checks import need_producer, need_words, save_checked, those_around
from projects.eligibility import may_vote
from projects.errors import NotEligible, ProjectError, RoundClosed, WrongState
from projects.models import Approval, Ballot, Candidate, Project, Round


@transaction.atomic
def open_round(
    *,
    actor: Artist,
    title: str,
    projects: Sequence[Project],
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    question: str = "",
    joined_before: dt.datetime | None = None,
) -> Round:
    """Announce a round in which pitches stand. Producers do; at least two pitches, each in one round at a time."""
    need_producer(actor)
    if closes_at <= opens_at:
        raise ProjectError(_("A round must close after it opens."))
    pitches = list(Project.objects.select_for_update().filter(pk__in=[p.pk for p in projects]))
    if len(pitches) < 2:
        raise ProjectError(_("A round needs at least two pitches."))
    for pitch in pitches:
        if pitch.status != Project.Status.PITCH:
            raise WrongState(_("“%(title)s” is not a pitch that is free to stand.") % {"title": pitch.title})
    voting_round = Round(
        title=need_words(title, _("Give the round a title.")),
        question=question.strip(),
        opens_at=opens_at,
        closes_at=closes_at,
        joined_before=joined_before or opens_at,
    )
    save_checked(voting_round)
    order = {project.pk: place for place, project in enumerate(projects)}
    Candidate.objects.bulk_create(
        Candidate(round=voting_round, project=pitch, position=order[pitch.pk]) for pitch in pitches
    )
    Project.objects.filter(pk__in=order).update(status=Project.Status.IN_ROUND)
    _announce(actor, voting_round, pitches)
    return voting_round


@transaction.atomic
def approve(*, actor: Artist, candidate: Candidate) -> Ballot:
    """Mark a candidate, saved at once; the ballot's receipt finds it again in the published list."""
    voting_round = _open_for(actor, candidate)
    try:
        with transaction.atomic():
            ballot, _is_new = Ballot.objects.get_or_create(round=voting_round, voter=actor)
            _mark, is_new = Approval.objects.get_or_create(ballot=ballot, candidate=candidate)
    except IntegrityError as error:
        # The round was counted while this vote was on its way, and PostgreSQL refused it.
        raise RoundClosed(_("This round is not open for votes.")) from error
    if is_new:
        _touch(ballot)
        # The ballot is secret: the event names the paper, not the voter.
        record_event(actor=None, verb="projects.approved", about=ballot, payload={"candidate": candidate.pk})
    return ballot


@transaction.atomic
def withdraw_approval(*, actor: Artist, candidate: Candidate) -> Ballot | None:
    """Take a mark back while the round is open; the ballot and its receipt stay."""
    voting_round = _open_for(actor, candidate)
    ballot = Ballot.objects.filter(round=voting_round, voter=actor).first()
    if ballot is None:
        return None
    deleted, _rows = Approval.objects.filter(ballot=ballot, candidate=candidate).delete()
    if deleted:
        _touch(ballot)
        record_event(actor=None, verb="projects.approval_withdrawn", about=ballot, payload={"candidate": candidate.pk})
    return ballot


@transaction.atomic
def close_round(*, actor: Artist | None, voting_round: Round) -> Round:
    """Count, store the tally and tell everybody. Once; from then on PostgreSQL refuses every vote.

    Producers do it, or nobody in person (actor None) when a clock does, never before the published end.
    """
    if actor is not None:
        need_producer(actor)
    voting_round = Round.objects.select_for_update().get(pk=voting_round.pk)
    if voting_round.result is not None:
        return voting_round
    if timezone.now() < voting_round.closes_at:
        raise WrongState(_("The round is still open; votes are counted when it has closed."))
    tally = ballots.tally(papers_of(voting_round), candidate_names(voting_round))
    voting_round.result = tally.as_json()
    voting_round.closed_by = actor
    voting_round.closed_at = timezone.now()
    save_checked(voting_round)
    projects = list(Project.objects.filter(candidacies__round=voting_round))
    event = record_event(
        actor=actor,
        verb="projects.round_closed",
        about=voting_round,
        payload={"voters": tally.voters, "ballots_sha256": tally.ballots_sha256},
    )
    text = _("“%(title)s” is counted. The producers answer next.") % {"title": voting_round.title}
    voters = Artist.objects.filter(ballots__round=voting_round)
    around = {artist.pk: artist for project in projects for artist in those_around(project)}
    notify(event=event, recipients=[*voters, *around.values()], text=text, url=voting_round.get_absolute_url())
    return voting_round


def candidate_names(voting_round: Round) -> list[str]:
    """The candidates as the published ballots call them: by the id of the pitch."""
    return [str(pk) for pk in voting_round.candidates.values_list("project_id", flat=True)]


def papers_of(voting_round: Round) -> list[ballots.Ballot]:
    """The ballots as they are published: receipts and marks, no voters."""
    marks: dict[str, set[str]] = {}
    rows = voting_round.ballots.values_list("receipt", "approvals__candidate__project_id")
    for receipt, project_id in rows:
        marks.setdefault(receipt, set()).update([str(project_id)] if project_id else [])
    return [ballots.Ballot(receipt, frozenset(approves)) for receipt, approves in marks.items()]


def _open_for(actor: Artist, candidate: Candidate) -> Round:
    voting_round = Round.objects.get(pk=candidate.round_id)
    if not voting_round.is_open:
        raise RoundClosed(_("This round is not open for votes."))
    eligibility = may_vote(actor, voting_round)
    if not eligibility:
        raise NotEligible(eligibility.reason)
    return voting_round


def _touch(ballot: Ballot) -> None:
    ballot.changed_at = timezone.now()
    ballot.save(update_fields=["changed_at"])


def _announce(actor: Artist, voting_round: Round, pitches: Sequence[Project]) -> None:
    event = record_event(
        actor=actor,
        verb="projects.round_opened",
        about=voting_round,
        payload={"projects": [pitch.pk for pitch in pitches]},
    )
    text = _("Vote for what is made next: “%(title)s”.") % {"title": voting_round.title}
    around = {artist.pk: artist for pitch in pitches for artist in those_around(pitch)}
    notify(event=event, recipients=around.values(), text=text, url=voting_round.get_absolute_url())
