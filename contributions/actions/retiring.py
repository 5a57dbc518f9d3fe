"""Works leave the public, never the record: a tombstone keeps title, lineage and credits."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import files, holds
from contributions.actions.checks import lock, must_own
from contributions.actions.uploads import terminate_upload
from contributions.errors import NotYours, StillUsed, WrongState
from contributions.models import Caption, Contribution, Fingerprint, Job, Rendition, SourceFile, Upload
from profiles.actions import notify, record_event
from profiles.models import Artist, Event


@transaction.atomic
def withdraw(*, actor: Artist, contribution: Contribution, reason: str = "", knowing: bool = False) -> Contribution:
    """The artist takes a published work back. All its files are deleted; this cannot be undone.

    Where something goes on using it (holds.py), the artist must know (`knowing`), or StillUsed is raised.
    """
    contribution = lock(contribution)
    must_own(actor, contribution)
    if contribution.status == Contribution.Status.WITHDRAWN:
        return contribution
    if not contribution.is_published:
        raise WrongState(_("Only a published work can be withdrawn. Drafts can be discarded."))
    if not knowing and holds.holds_on(contribution):
        raise StillUsed(_("Something goes on using this work. Read what, and say that you know."))
    keys = files.keys_of(contribution)
    _end_work(contribution)
    SourceFile.objects.filter(contribution=contribution).delete()
    Rendition.objects.filter(version__contribution=contribution).delete()
    Caption.objects.filter(contribution=contribution).delete()
    contribution.versions.update(key="", body="", rendition_names=[], facts={}, ready_at=None, signed_at=None)
    # After the versions are locked, so that prints being taken just now are seen.
    Fingerprint.objects.filter(version__contribution=contribution).delete()
    event = _retire(actor, contribution, Contribution.Status.WITHDRAWN, reason, "contributions.withdrawn")
    words = _("%(name)s has withdrawn “%(title)s”, which you built on. Your work stays as it is.")
    _tell_those_who_built_on(contribution, event, words)
    transaction.on_commit(lambda: files.delete(keys))
    return contribution


@transaction.atomic
def remove(*, actor: Artist, contribution: Contribution, reason: str) -> Contribution:
    """Staff take a work down and say why. Its files are kept out of reach, in case the artist is right."""
    contribution = lock(contribution)
    _must_moderate(actor)
    if not reason.strip():
        raise WrongState(_("Say why: the artist will read it."))
    if contribution.is_gone:
        return contribution
    _end_work(contribution)
    event = _retire(actor, contribution, Contribution.Status.REMOVED, reason, "contributions.removed")
    text = _("“%(title)s” was taken down: %(reason)s") % {"title": contribution.title, "reason": reason}
    notify(event=event, recipients=[contribution.artist], text=text, url=contribution.get_absolute_url())
    if contribution.published_seq is not None:
        words = _("“%(title)s”, which you built on, was taken down. Your work stays as it is.")
        _tell_those_who_built_on(contribution, event, words)
    return contribution


@transaction.atomic
def restore(*, actor: Artist, contribution: Contribution) -> Contribution:
    """Staff put a removed work back as it was: public if it was public, else a draft."""
    contribution = lock(contribution)
    _must_moderate(actor)
    if contribution.status != Contribution.Status.REMOVED:
        raise WrongState(_("Only a removed work can be restored."))
    was_public = contribution.published_seq is not None
    contribution.status = Contribution.Status.PUBLISHED if was_public else Contribution.Status.DRAFT
    contribution.status_reason = ""
    contribution.save(update_fields=["status", "status_reason"])
    event = record_event(actor=actor, verb="contributions.restored", about=contribution)
    text = _("“%(title)s” is back") % {"title": contribution.title}
    url = contribution.get_absolute_url() if was_public else contribution.edit_url
    notify(event=event, recipients=[contribution.artist], text=text, url=url)
    if was_public:
        words = _("“%(title)s”, which you built on, is back.")
        _tell_those_who_built_on(contribution, event, words)
    return contribution


def _tell_those_who_built_on(contribution: Contribution, event: Event, words: str) -> None:
    """The makers of remixes hear what happens to their source; its own artist has been told otherwise."""
    makers = Artist.objects.filter(contributions__source_edges__parent=contribution).exclude(pk=contribution.artist_id)
    text = words % {"name": contribution.artist.display_name, "title": contribution.title}
    notify(event=event, recipients=makers.distinct(), text=text, url=contribution.get_absolute_url())


def _must_moderate(actor: Artist) -> None:
    if not actor.has_power("curator", "moderator"):
        raise NotYours(_("Only curators and moderators can do that."))


def _end_work(contribution: Contribution) -> None:
    """Nothing more arrives and nothing more is made."""
    for upload in contribution.uploads.filter(status=Upload.Status.OPEN).select_related("artist"):
        terminate_upload(actor=upload.artist, upload=upload)
    live = Job.objects.filter(version__contribution=contribution, status__in=Job.LIVE)
    live.update(status=Job.Status.CANCELLED, lease=None, lease_until=None, finished_at=timezone.now())


def _retire(actor: Artist, contribution: Contribution, status: str, reason: str, verb: str) -> Event:
    contribution.status, contribution.status_reason = status, reason.strip()[:300]
    contribution.publish_when_ready = False
    contribution.save(update_fields=["status", "status_reason", "publish_when_ready"])
    return record_event(actor=actor, verb=verb, about=contribution, payload={"reason": reason.strip()[:300]})
