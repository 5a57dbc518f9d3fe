"""Source files given with a work: asking for them, naming them, taking them away again."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from contributions import files
from contributions.actions.checks import lock, must_not_be_gone, must_own
from contributions.errors import NotYours, WrongState
from contributions.models import Contribution, SourceFile
from profiles.actions import notify, record_event
from profiles.models import Artist, Event
from profiles.models.event import topic_of

ASKED = "contributions.files_asked"


@transaction.atomic
def ask_for_files(*, actor: Artist, contribution: Contribution) -> bool:
    """Ask the artist for source files; once a person and work. False when it was asked before."""
    contribution = lock(contribution)
    if not contribution.is_published:
        raise WrongState(_("Only a published work can be asked about."))
    if contribution.artist_id == actor.pk:
        raise NotYours(_("These are your own files: add them below."))
    if has_asked(actor, contribution):
        return False
    event = record_event(actor=actor, verb=ASKED, about=contribution)
    text = _("%(name)s asks for the source files of “%(title)s”") % {
        "name": actor.display_name,
        "title": contribution.title,
    }
    notify(event=event, recipients=[contribution.artist], text=text, url=_address(contribution))
    return True


def has_asked(artist: Artist, contribution: Contribution) -> bool:
    """Whether somebody has asked for the source files of a work."""
    return Event.objects.filter(verb=ASKED, topic=topic_of(contribution), actor=artist).exists()


def tell_who_asked(contribution: Contribution, event: Event) -> None:
    """A file is there: those who asked hear of it, each file once."""
    asked = Event.objects.filter(verb=ASKED, topic=topic_of(contribution)).values("actor")
    text = _("“%(title)s” has a source file now, as you asked") % {"title": contribution.title}
    notify(event=event, recipients=Artist.objects.filter(pk__in=asked), text=text, url=_address(contribution))


@transaction.atomic
def label_source_file(*, actor: Artist, row: SourceFile, label: str) -> SourceFile:
    """Say what a source file is. Raises WrongState for an empty label."""
    contribution = lock(row.contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    label = " ".join(label.split())[:80]
    if not label:
        raise WrongState(_("Say what the file is, such as “Vocals, dry”."))
    row = SourceFile.objects.select_for_update().get(pk=row.pk)
    row.label = label
    row.save(update_fields=["label"])
    return row


@transaction.atomic
def remove_source_file(*, actor: Artist, row: SourceFile) -> None:
    """Take a source file away for good. Who took it keeps it, and the record of it."""
    contribution = lock(row.contribution)
    must_own(actor, contribution)
    found = SourceFile.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        return
    keys = files.keys_of_source_file(found)
    record_event(
        actor=actor,
        verb="contributions.source_file_removed",
        about=contribution,
        payload={"source_file": found.pk, "sha256": found.clean_sha256},
    )
    found.delete()
    transaction.on_commit(lambda: _forget(keys))


def _forget(keys: list[str]) -> None:
    for key in keys:
        default_storage.delete(key)


def _address(contribution: Contribution) -> str:
    return f"/contributions/{contribution.pk}/files/"
