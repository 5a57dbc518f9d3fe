"""Every write about opinions and reports: hearts, recommendations, reviews, cases.

Raises ReviewRefused with words for the person. Counters on the work are kept by
contributions.actions.adjust_count in the same transaction.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import actions as contributions
from contributions.models import Comment, Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist
from projects.models import Project
from reviews.errors import ReviewRefused
from reviews.models import Case, CaseAction, Heart, Recommendation, Review


@transaction.atomic
def heart(*, actor: Artist, contribution: Contribution) -> None:
    """Like a work; liking twice is liking once."""
    _must_be_public(contribution)
    _row, is_new = Heart.objects.get_or_create(artist=actor, contribution=contribution)
    if is_new:
        contributions.adjust_count(contribution=contribution, field="heart_count", by=1)
        record_event(actor=actor, verb="reviews.hearted", about=contribution)


@transaction.atomic
def unheart(*, actor: Artist, contribution: Contribution) -> None:
    """Take a like back."""
    deleted, _rows = Heart.objects.filter(artist=actor, contribution=contribution).delete()
    if deleted:
        contributions.adjust_count(contribution=contribution, field="heart_count", by=-1)
        record_event(actor=actor, verb="reviews.unhearted", about=contribution)


@transaction.atomic
def recommend(
    *, actor: Artist, contribution: Contribution, reason: str, project: Project | None = None
) -> Recommendation:
    """Put somebody's work forward to a project, or to the curators, with a reason."""
    _must_be_public(contribution)
    _must_be_anothers(actor, contribution, _("You cannot recommend your own work."))
    if not reason.strip():
        raise ReviewRefused(_("Say why: the reason is what curators read."))
    row, is_new = Recommendation.objects.get_or_create(
        artist=actor, contribution=contribution, project=project, defaults={"reason": reason}
    )
    if not is_new:
        raise ReviewRefused(_("You have already recommended this work there."))
    contributions.adjust_count(contribution=contribution, field="recommendation_count", by=1)
    event = record_event(
        actor=actor,
        verb="reviews.recommended",
        about=contribution,
        payload={"recommendation": row.pk, "project": project.pk if project else None},
    )
    notify(
        event=event,
        recipients=[contribution.artist],
        text=_("%(title)s was recommended") % {"title": contribution.title},
        url=contribution.get_absolute_url(),
    )
    return row


@transaction.atomic
def review(*, actor: Artist, contribution: Contribution, idea: int, craft: int, fit: int, sentence: str) -> Review:
    """Write or rewrite one's structured review. Raises ValidationError for scores outside 1 to 5."""
    _must_be_public(contribution)
    _must_be_anothers(actor, contribution, _("You cannot review your own work."))
    row = Review.objects.filter(reviewer=actor, contribution=contribution).first() or Review(
        reviewer=actor, contribution=contribution
    )
    row.idea, row.craft, row.fit, row.sentence, row.at = idea, craft, fit, sentence, timezone.now()
    row.full_clean(validate_unique=False)
    row.save()
    event = record_event(actor=actor, verb="reviews.reviewed", about=contribution, payload={"review": row.pk})
    notify(
        event=event,
        recipients=[contribution.artist],
        text=_("%(title)s was reviewed") % {"title": contribution.title},
        url=contribution.get_absolute_url(),
    )
    return row


@transaction.atomic
def report(
    *,
    actor: Artist | None,
    reason: str,
    text: str,
    contribution: Contribution | None = None,
    comment: Comment | None = None,
) -> Case:
    """Open a case about a work or a comment; visitors may report too."""
    if contribution is None and comment is None:
        raise ReviewRefused(_("Say what the report is about."))
    case = Case(reporter=actor, reason=reason, text=text, contribution=contribution, comment=comment)
    case.full_clean()
    case.save()
    record_event(actor=actor, verb="reviews.reported", about=case)
    return case


@transaction.atomic
def take_case(*, actor: Artist, case: Case) -> Case:
    """A moderator takes a case to answer it."""
    case = _open_case(actor, case)
    case.assigned_to = actor
    case.save(update_fields=["assigned_to"])
    CaseAction.objects.create(case=case, actor=actor, verb="taken")
    record_event(actor=actor, verb="reviews.case_taken", about=case)
    return case


@transaction.atomic
def uphold_case(*, actor: Artist, case: Case, note: str) -> Case:
    """Agree with a report: the work is removed, or the comment hidden, with the note as reason."""
    case = _open_case(actor, case)
    if case.comment is not None:
        contributions.hide_comment(actor=actor, comment=case.comment, reason=note)
    elif case.contribution is not None:
        contributions.remove(actor=actor, contribution=case.contribution, reason=note)
    return _close(actor, case, Case.Status.UPHELD, note)


@transaction.atomic
def dismiss_case(*, actor: Artist, case: Case, note: str) -> Case:
    """Answer that nothing needs doing, and why."""
    return _close(actor, _open_case(actor, case), Case.Status.DISMISSED, note)


def _close(actor: Artist, case: Case, status: Case.Status, note: str) -> Case:
    if not note.strip():
        raise ReviewRefused(_("A case is closed with a reason; its reporter reads it."))
    case.status, case.closed_at = status, timezone.now()
    case.save(update_fields=["status", "closed_at"])
    CaseAction.objects.create(case=case, actor=actor, verb=str(status.value), note=note)
    event = record_event(actor=actor, verb=f"reviews.case_{status.value}", about=case)
    about = case.contribution or (case.comment.contribution if case.comment else None)
    if case.reporter and about:
        text = _("Your report was answered: %(note)s") % {"note": note}
        notify(event=event, recipients=[case.reporter], text=text, url=about.get_absolute_url())
    return case


@transaction.atomic
def mark_seen(*, actor: Artist, recommendation: Recommendation) -> Recommendation:
    """A curator has looked at a recommendation."""
    if not actor.has_power("curator", "producer"):
        raise ReviewRefused(_("Only curators triage recommendations."))
    if recommendation.seen_at is None:
        recommendation.seen_at = timezone.now()
        recommendation.save(update_fields=["seen_at"])
        record_event(actor=actor, verb="reviews.recommendation_seen", about=recommendation)
    return recommendation


def _open_case(actor: Artist, case: Case) -> Case:
    if not actor.has_power("moderator"):
        raise ReviewRefused(_("Only moderators answer reports."))
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("contribution", "comment", "reporter")
        .get(pk=case.pk)
    )
    if case.status != Case.Status.OPEN:
        raise ReviewRefused(_("This case is closed."))
    return case


def _must_be_public(contribution: Contribution) -> None:
    if not contribution.is_published:
        raise ReviewRefused(_("Only published works can be liked, recommended or reviewed."))


def _must_be_anothers(actor: Artist, contribution: Contribution, words: str) -> None:
    if contribution.artist_id == actor.pk:
        raise ReviewRefused(words)
