"""Comments on works, at a moment of them or as a whole."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.checks import lock
from contributions.actions.counting import adjust_count
from contributions.errors import NotYours, WrongState
from contributions.models import Comment, Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist

# Pressing the button twice is one comment.
SAME_WITHIN: Final = dt.timedelta(minutes=2)
LONGEST: Final = 4000


@transaction.atomic
def comment_on(
    *,
    actor: Artist,
    contribution: Contribution,
    body: str,
    at_ms: int | None = None,
    reply_to: Comment | None = None,
) -> Comment:
    """Say something about a published work; `at_ms` is a moment of sound or video."""
    contribution = lock(contribution)
    body = body.strip()[:LONGEST]
    if not body:
        raise WrongState(_("Write something first."))
    if not contribution.is_published:
        raise WrongState(_("Only published works can be commented on."))
    if reply_to is not None and reply_to.contribution_id != contribution.pk:
        raise WrongState(_("That comment belongs to another work."))
    duration = contribution.duration_ms
    if at_ms is not None and (duration is None or at_ms > duration):
        at_ms = None
    same = Comment.objects.filter(contribution=contribution, artist=actor, body=body, at_ms=at_ms, reply_to=reply_to)
    already = same.filter(created_at__gt=timezone.now() - SAME_WITHIN).first()
    if already is not None:
        return already
    comment = Comment.objects.create(contribution=contribution, artist=actor, body=body, at_ms=at_ms, reply_to=reply_to)
    adjust_count(contribution=contribution, field="comment_count", by=1)
    event = record_event(
        actor=actor, verb="contributions.commented", about=contribution, payload={"comment": comment.pk}
    )
    heard = [contribution.artist, *([reply_to.artist] if reply_to else [])]
    text = _("%(name)s commented on “%(title)s”") % {"name": actor.display_name, "title": contribution.title}
    url = f"{contribution.get_absolute_url()}#comment-{comment.pk}"
    notify(event=event, recipients=heard, text=text, url=url)
    return comment


@transaction.atomic
def hide_comment(*, actor: Artist, comment: Comment, reason: str = "") -> Comment:
    """Its author, the work's artist or a moderator hides a comment; the row stays and says so."""
    comment = Comment.objects.select_for_update(of=("self",)).select_related("contribution").get(pk=comment.pk)
    may = actor.pk in {comment.artist_id, comment.contribution.artist_id} or actor.has_power("moderator")
    if not may:
        raise NotYours(_("Only its author, the artist and moderators can hide a comment."))
    if comment.hidden_at is not None:
        return comment
    comment.hidden_at, comment.hidden_reason = timezone.now(), reason.strip()[:300]
    comment.save(update_fields=["hidden_at", "hidden_reason"])
    adjust_count(contribution=comment.contribution, field="comment_count", by=-1)
    record_event(
        actor=actor,
        verb="contributions.comment_hidden",
        about=comment.contribution,
        payload={"comment": comment.pk, "reason": comment.hidden_reason},
    )
    return comment
