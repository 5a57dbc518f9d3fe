"""Every write about challenges: issuing, entering, deciding, results.

Raises EntryRefused and NotYours with words for the person; each move leaves an event.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from challenges.access import may_steer
from challenges.errors import EntryRefused, NotYours
from challenges.models import Challenge, Entry, Phase
from contributions.models import Contribution
from profiles.actions import followers_of, notify, record_event
from profiles.models import Artist
from profiles.models.event import topic_of

LONGEST_SLUG = 70


@transaction.atomic
def issue_challenge(*, actor: Artist, materials: Iterable[Contribution] = (), **fields: Any) -> Challenge:
    """Publish a challenge. Raises ValidationError for what does not fit, such as dates out of order."""
    challenge = Challenge(artist=actor, slug=_free_slug(fields["title"]), late_key=secrets.token_urlsafe(9), **fields)
    challenge.full_clean()
    challenge.save()
    challenge.materials.set(materials)
    event = record_event(actor=actor, verb="challenges.issued", about=challenge)
    topics = [topic_of(actor)] + ([topic_of(challenge.project)] if challenge.project else [])
    notify(
        event=event,
        recipients=followers_of(*topics),
        text=_("New challenge: %(title)s") % {"title": challenge.title},
        url=challenge.get_absolute_url(),
    )
    return challenge


def _free_slug(title: str) -> str:
    slug = slugify(title)[:LONGEST_SLUG] or "challenge"
    if not Challenge.objects.filter(slug=slug).exists():
        return slug
    return f"{slug}-{secrets.token_hex(2)}"


@transaction.atomic
def enter_challenge(*, actor: Artist, challenge: Challenge, contribution: Contribution, late_key: str = "") -> Entry:
    """Enter one's own work, new or existing. A draft's entry shows once the work is published."""
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    is_late = _check_entry(actor, challenge, contribution, late_key)
    entry, is_new = Entry.objects.get_or_create(
        challenge=challenge, contribution=contribution, defaults={"artist": actor, "is_late": is_late}
    )
    if not is_new and entry.withdrawn_at is None:
        raise EntryRefused(_("This work is already in the challenge."))
    if not is_new:
        entry.withdrawn_at = None
        entry.save(update_fields=["withdrawn_at"])
    Challenge.objects.filter(pk=challenge.pk).update(entry_count=F("entry_count") + 1)
    event = record_event(
        actor=actor, verb="challenges.entered", about=challenge, payload={"contribution": contribution.pk}
    )
    notify(
        event=event,
        recipients=[challenge.artist],
        text=_("%(work)s entered %(challenge)s") % {"work": contribution.title, "challenge": challenge.title},
        url=challenge.get_absolute_url(),
    )
    return entry


def enter_from_upload(*, actor: Artist, contribution: Contribution, slug: str) -> Entry | None:
    """Enter the challenge an upload was begun for; a refusal is told in the inbox, the draft is kept."""
    challenge = Challenge.objects.visible().filter(slug=slug).first()
    if challenge is None or Entry.objects.filter(challenge=challenge, contribution=contribution).exists():
        return None
    try:
        return enter_challenge(actor=actor, challenge=challenge, contribution=contribution)
    except EntryRefused as refusal:
        event = record_event(actor=None, verb="challenges.entry_refused", about=challenge)
        text = _("Not entered in %(title)s: %(why)s") % {"title": challenge.title, "why": refusal}
        notify(event=event, recipients=[actor], text=text, url=challenge.get_absolute_url())
        return None


def _check_entry(actor: Artist, challenge: Challenge, contribution: Contribution, late_key: str) -> bool:
    """Whether the entry is late; raises EntryRefused when it cannot be taken."""
    if contribution.artist_id != actor.pk:
        raise EntryRefused(_("Only the artist of a work can enter it."))
    if contribution.is_gone:
        raise EntryRefused(_("A work that is no longer public cannot enter."))
    if challenge.media and contribution.medium and contribution.medium not in challenge.media:
        wanted = ", ".join(str(Contribution.Medium(medium).label) for medium in challenge.media)
        raise EntryRefused(_("This challenge asks for: %(media)s.") % {"media": wanted})
    if challenge.phase == Phase.OPEN:
        return False
    if challenge.phase == Phase.SOON:
        raise EntryRefused(_("This challenge is not open yet."))
    if challenge.phase == Phase.REVIEW and late_key and secrets.compare_digest(late_key, challenge.late_key):
        return True
    raise EntryRefused(_("This challenge is closed. Your draft is kept; the issuer may send you a late link."))


@transaction.atomic
def withdraw_entry(*, actor: Artist, entry: Entry) -> Entry:
    """Take one's own work out again, until the results are out."""
    if entry.artist_id != actor.pk:
        raise NotYours(_("Only the artist who entered can withdraw an entry."))
    if entry.challenge.phase == Phase.RESULTS:
        raise EntryRefused(_("The results are out; entries stay as they are."))
    if entry.withdrawn_at is None:
        entry.withdrawn_at = timezone.now()
        entry.save(update_fields=["withdrawn_at"])
        Challenge.objects.filter(pk=entry.challenge_id).update(entry_count=F("entry_count") - 1)
        record_event(
            actor=actor,
            verb="challenges.entry_withdrawn",
            about=entry.challenge,
            payload={"contribution": entry.contribution_id},
        )
    return entry


@transaction.atomic
def publish_results(*, actor: Artist, challenge: Challenge, chosen: Mapping[int, str], note: str) -> Challenge:
    """Close the challenge for good: `chosen` maps entry ids to a sentence; all others are thanked."""
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    if not may_steer(actor, challenge):
        raise NotYours(_("Only the issuer or staff can publish results."))
    if challenge.phase != Phase.REVIEW:
        raise EntryRefused(_("Results can be published once, after the challenge has closed."))
    if not note.strip():
        raise EntryRefused(_("Say in a sentence how the works were chosen."))
    entries = list(challenge.entries.filter(withdrawn_at=None).select_related("artist", "contribution"))
    unknown = set(chosen) - {entry.pk for entry in entries}
    if unknown:
        raise EntryRefused(_("A chosen work is not among the entries."))
    for entry in entries:
        entry.outcome = Entry.Outcome.CHOSEN if entry.pk in chosen else Entry.Outcome.THANKED
        entry.outcome_note = chosen.get(entry.pk, "")
    Entry.objects.bulk_update(entries, ["outcome", "outcome_note"])
    challenge.results_published_at = timezone.now()
    challenge.results_note = note
    challenge.save(update_fields=["results_published_at", "results_note"])
    event = record_event(
        actor=actor, verb="challenges.results_published", about=challenge, payload={"chosen": sorted(chosen)}
    )
    notify(
        event=event,
        recipients=[entry.artist for entry in entries],
        text=_("Results of %(title)s are out") % {"title": challenge.title},
        url=challenge.get_absolute_url(),
    )
    return challenge


@transaction.atomic
def hide_challenge(*, actor: Artist, challenge: Challenge, reason: str) -> Challenge:
    """Moderators take a challenge out of sight, with a reason; its entries stay works like any other."""
    if not actor.has_power("moderator"):
        raise NotYours(_("Only moderators can hide a challenge."))
    challenge.hidden_at, challenge.hidden_reason = timezone.now(), reason
    challenge.save(update_fields=["hidden_at", "hidden_reason"])
    record_event(actor=actor, verb="challenges.hidden", about=challenge, payload={"reason": reason})
    return challenge


@transaction.atomic
def show_challenge(*, actor: Artist, challenge: Challenge) -> Challenge:
    """Undo hiding."""
    if not actor.has_power("moderator"):
        raise NotYours(_("Only moderators can show a challenge again."))
    challenge.hidden_at, challenge.hidden_reason = None, ""
    challenge.save(update_fields=["hidden_at", "hidden_reason"])
    record_event(actor=actor, verb="challenges.shown", about=challenge)
    return challenge
