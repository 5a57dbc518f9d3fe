"""Every write about people: joining, following, notices, events.

`record_event` and `notify` serve all apps above. Events are append only and name
rows by topic, so that this floor knows nothing of what stands on it.
"""

from __future__ import annotations

import functools
import logging
import operator
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles import leaving, mail
from profiles.models import Artist, Event, Follow, Notice, Submission
from profiles.models.artist import StaffPower
from profiles.models.event import topic_of
from profiles.staffing import POWERS_GRANTED

logger = logging.getLogger(__name__)

# A notice read in the inbox within the hour needs no mail.
MAIL_AFTER = timedelta(hours=1)
MAIL_BATCH = 500
# What the mail server has not taken for so long stands in the inbox alone.
MAIL_WITHIN = timedelta(days=7)
LONGEST_PUT_OFF = timedelta(days=1)
# A browser repeats a form within minutes, a person with an old tab within days.
ANSWERS_KEPT = timedelta(days=30)
# Of all domains the one that is promised to lead nowhere (RFC 2606).
NOWHERE: Final = "closed.invalid"


class StillStaff(Exception):
    """Who holds staff powers cannot leave before somebody else has taken them."""


class AccountClosed(PermissionDenied):
    """The account is closed, and nobody is left who could change it."""


class SubmissionReused(Exception):
    """The key of a form came again with another body."""


def record_event(
    *,
    actor: Artist | None,
    verb: str,
    about: models.Model | str,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event. `about` is a row or a topic string; `payload` holds ids, never names."""
    topic = about if isinstance(about, str) else topic_of(about)
    return Event.objects.create(actor=actor, verb=verb, topic=topic, payload=dict(payload or {}))


def notify(*, event: Event, recipients: Iterable[Artist], text: str, url: str) -> None:
    """Put an event into inboxes, once each; the one who caused it is left out."""
    Notice.objects.bulk_create(
        [
            Notice(recipient=artist, event=event, text=text[: Notice.TEXT_MOST], url=url)
            for artist in {artist.pk: artist for artist in recipients}.values()
            if artist.pk != event.actor_id and artist.closed_at is None
        ],
        ignore_conflicts=True,
    )


def followers_of(*topics: str) -> models.QuerySet[Artist]:
    """Those who follow any of the topics."""
    return Artist.objects.filter(pk__in=Follow.objects.filter(topic__in=topics).values("artist"), closed_at=None)


def join(*, email: str, handle: str, display_name: str, password: str | None = None, **fields: Any) -> Artist:
    """A new account. Raises ValidationError for a taken or malformed e-mail or handle."""
    artist = Artist(
        email=Artist.objects.normalize_email(email).lower(),
        handle=handle,
        display_name=display_name,
        **fields,
    )
    artist.set_password(password)
    return open_account(artist=artist)


@transaction.atomic
def open_account(*, artist: Artist) -> Artist:
    """Store a filled-in account: the one way in for the join page, commands and the demo."""
    artist.full_clean()
    artist.save()
    record_event(actor=artist, verb="profiles.joined", about=artist)
    return artist


@transaction.atomic
def verify_email(*, actor: Artist | None, artist: Artist) -> None:
    """Record that the account's address is its own, as the link in the mail does."""
    EmailAddress.objects.update_or_create(user=artist, email=artist.email, defaults={"verified": True, "primary": True})
    record_event(actor=actor, verb="profiles.email_verified", about=artist)


@transaction.atomic
def update_profile(*, actor: Artist, **fields: Any) -> Artist:
    """Change one's own profile or settings; raises ValidationError for what does not fit, and AccountClosed.

    Notices that others have of what they did call them by the new name: of an old one nobody would know whose it was.
    """
    before = Artist.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if before.closed_at is not None:
        raise AccountClosed(_("This account is closed."))
    for name, value in fields.items():
        setattr(actor, name, value)
    actor.full_clean(exclude={"password"})
    actor.save(update_fields=list(fields))
    _rename_in_notices(before, actor)
    record_event(actor=actor, verb="profiles.updated", about=actor, payload={"fields": sorted(fields)})
    return actor


@transaction.atomic
def grant_powers(*, actor: Artist | None, artist: Artist, powers: Iterable[StaffPower]) -> Artist:
    """Make an artist staff with these powers and no others."""
    groups = [Group.objects.get_or_create(name=str(power))[0] for power in powers]
    artist.groups.set(groups)
    artist.is_staff = bool(groups)
    artist.save(update_fields=["is_staff"])
    artist.__dict__.pop("powers", None)
    record_event(
        actor=actor,
        verb=POWERS_GRANTED,
        about=artist,
        payload={"powers": sorted(str(power) for power in powers)},
    )
    return artist


@transaction.atomic
def follow(*, actor: Artist, topic: str) -> Follow:
    """Follow a topic; doing it twice changes nothing."""
    row, is_new = Follow.objects.get_or_create(artist=actor, topic=topic)
    if is_new:
        record_event(actor=actor, verb="profiles.followed", about=topic)
    return row


@transaction.atomic
def unfollow(*, actor: Artist, topic: str) -> None:
    """Stop following; not following is no error."""
    deleted, _rows = Follow.objects.filter(artist=actor, topic=topic).delete()
    if deleted:
        record_event(actor=actor, verb="profiles.unfollowed", about=topic)


@transaction.atomic
def close_account(*, actor: Artist) -> Artist:
    """Blank one's own account for good and keep its id. Raises StillStaff while staff powers are held.

    Works, credits and sums stay, as a former member's; whatever names the person goes: on this floor here, on
    the others by what they have registered (leaving.py).
    """
    artist = Artist.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if artist.closed_at is not None:
        return artist
    if artist.is_staff or artist.is_superuser:
        raise StillStaff(_("You hold staff powers. Have another member of staff take them from you first."))
    # First of all, while the names to look for are still known.
    _blank_notices(artist)
    leaving.forget(artist)
    for kind in (EmailAddress, Authenticator, UserSession):
        blank_history(kind._default_manager.filter(user=artist))
    blank_history(Artist.objects.filter(pk=artist.pk))
    EmailAddress.objects.filter(user=artist).delete()
    Authenticator.objects.filter(user=artist).delete()
    for session in UserSession.objects.filter(user=artist):
        session.end()
    Follow.objects.filter(models.Q(artist=artist) | models.Q(topic=topic_of(artist))).delete()
    Submission.objects.filter(actor=artist).delete()
    _blank(artist)
    record_event(actor=None, verb="profiles.closed", about=artist)
    return artist


def _blank(artist: Artist) -> None:
    """Every column that says who the person was goes back to what it is in an empty row."""
    kept = {"id", "joined_at", "password"}
    for field in Artist._meta.concrete_fields:
        if field.name not in kept:
            setattr(artist, field.name, field.get_default())
    artist.email = f"closed-{artist.pk}@{NOWHERE}"
    artist.handle = f"former_{artist.pk}"
    artist.display_name = str(_("Former member"))
    artist.is_active, artist.wants_mail = False, False
    artist.closed_at = timezone.now()
    artist.set_unusable_password()
    artist.save()


def blank_history(rows: models.QuerySet[Any]) -> None:
    """The admin's history calls these rows by their number, and so all of their kind that are gone: whose, nobody knows."""
    model = rows.model
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    named = {key for key in entries.values_list("object_id", flat=True) if key}
    others = model._base_manager.filter(pk__in=named).exclude(pk__in=rows.values("pk")).values_list("pk", flat=True)
    entries.exclude(object_id__in=[str(pk) for pk in others]).update(
        object_repr=Concat(models.Value(f"{model._meta.model_name} "), "object_id", output_field=models.CharField())
    )


def _rename_in_notices(before: Artist, now: Artist) -> None:
    """Where a notice begins with who did it; elsewhere the same word may be part of a title.

    So a text that is not about what somebody has done themselves names nobody.
    """
    old, new = before.display_name, now.display_name
    if old == new:
        return
    for notice in Notice.objects.filter(event__actor=now, text__startswith=f"{old} ").iterator():
        text = new + notice.text.removeprefix(old)
        Notice.objects.filter(pk=notice.pk).update(text=text[: Notice.TEXT_MOST])


def _blank_notices(artist: Artist) -> None:
    """Take the person's names out of other people's inboxes, and clear their own."""
    Notice.objects.filter(recipient=artist).delete()
    names = [name for name in {artist.display_name, artist.credit_name, f"@{artist.handle}"} if name]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names, key=len, reverse=True)))
    named = Notice.objects.filter(
        models.Q(event__actor=artist) | functools.reduce(operator.or_, (models.Q(text__contains=n) for n in names))
    )
    for notice in named.iterator():
        blanked = pattern.sub(str(_("a former member")), notice.text)
        if blanked != notice.text:
            Notice.objects.filter(pk=notice.pk).update(text=blanked)


def read_notices(*, actor: Artist, before: int | None = None) -> int:
    """Mark the inbox as read, up to and with notice `before`; returns how many were unread."""
    unread = Notice.objects.filter(recipient=actor, read_at=None)
    if before is not None:
        unread = unread.filter(pk__lte=before)
    return unread.update(read_at=timezone.now())


def mail_notices() -> int:
    """Mail what has waited in inboxes, one mail an artist; returns how many mails went out.

    Each goes in a transaction of its own: what the mail server does not take is put off, and keeps nobody else's.
    """
    recipients = _waiting().order_by("recipient_id").values_list("recipient_id", flat=True).distinct()
    sent = 0
    for recipient in list(recipients[:MAIL_BATCH]):
        is_sent, problem = _mail_waiting(recipient)
        sent += is_sent
        if problem is not None and not isinstance(problem, mail.REFUSED):
            break  # the server is away: it is asked again at the next run, beginning with the next artist
    return sent


def _waiting() -> models.QuerySet[Notice]:
    """What is unread for an hour and less than a week, and goes to nobody whose mail is put off."""
    now = timezone.now()
    put_off = Notice.objects.filter(recipient=models.OuterRef("recipient"), mail_again_at__gt=now)
    waiting = Notice.objects.filter(mailed_at=None, read_at=None, recipient__wants_mail=True)
    return waiting.filter(created_at__lt=now - MAIL_AFTER, created_at__gt=now - MAIL_WITHIN).exclude(
        models.Exists(put_off)
    )


@transaction.atomic
def _mail_waiting(recipient: int) -> tuple[bool, Exception | None]:
    """Mail what waits for one artist, or put it off; whether a mail went out, and why none could.

    Rows are locked while their mail goes, so that two workers never send one twice.
    """
    waiting = _waiting().filter(recipient=recipient).select_for_update(skip_locked=True, of=("self",))
    notices = list(waiting.select_related("recipient").order_by("id")[:MAIL_BATCH])
    if not notices:
        return False, None
    now = timezone.now()
    mine = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        mail.send_digest(notices)
    except (OSError, *mail.REFUSED) as problem:
        # For as long again as it has waited, so that it is tried further and further apart.
        mine.update(mail_again_at=now + min(now - notices[0].created_at, LONGEST_PUT_OFF))
        logger.warning("digest put off", extra={"recipient": recipient, "why": type(problem).__name__})
        return False, problem
    mine.update(mailed_at=now)
    return True, None


@transaction.atomic(savepoint=False)
def claim_submission(*, actor: Artist | None, key: str, part: str, body_digest: str) -> tuple[Submission, bool]:
    """Take the key of a form, or return what was answered; call it in the transaction of the effect.

    Another request with the same key waits here until the first has ended. Raises SubmissionReused
    where the key came before with another body. Two statements.
    """
    claim = Submission(actor=actor, key=key, part=part, body_digest=body_digest)
    Submission.objects.bulk_create([claim], ignore_conflicts=True)
    mine_or_other = models.Q(part=part) | ~models.Q(body_digest=body_digest)
    rows = list(Submission.objects.filter(mine_or_other, actor=actor, key=key)[:2])
    if any(row.body_digest != body_digest for row in rows):
        raise SubmissionReused(_("This form was sent before with something else in it."))
    (submission,) = rows
    # A row that others can see has an answer.
    return submission, submission.status == 0


@transaction.atomic
def keep_answer(*, submission: Submission, status: int, location: str, said: list[list[Any]]) -> None:
    """Keep what a form was answered, to say it again; in the transaction that claimed the key."""
    submission.status, submission.location, submission.said = status, location, said
    submission.save(update_fields=["status", "location", "said"])


@transaction.atomic
def release_submission(*, submission: Submission) -> None:
    """Nothing was done, so the form may come again."""
    submission.delete()


@transaction.atomic
def sweep_submissions(*, now: datetime | None = None) -> int:
    """Forget answers that nobody asks for any more; returns how many."""
    moment = timezone.now() if now is None else now
    gone, _rows = Submission.objects.filter(at__lt=moment - ANSWERS_KEPT).delete()
    return gone


@transaction.atomic
def sweep_sessions(*, now: datetime | None = None) -> int:
    """Forget sessions that have ended, in which an address may stand, and whence they were used; returns how many.

    The cache drops its copies by itself; the database keeps what nobody sweeps.
    """
    moment = timezone.now() if now is None else now
    gone, _rows = Session.objects.filter(expire_date__lt=moment).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone
