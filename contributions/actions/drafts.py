"""Beginning a work, writing one in the browser, and filling in its details."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from contributions import files
from contributions.actions import queueing, sources
from contributions.actions.checks import lock, must_have_note, must_not_be_gone, must_own
from contributions.errors import WrongState
from contributions.models import Caption, Contribution, DraftSource, Job, Share, SourceFile, Tag, Upload, Version
from contributions.upload_store import upload_store
from profiles.actions import record_event
from profiles.models import Artist

LONGEST_TITLE: Final = 140
MOST_TAGS: Final = 12
DETAILS: Final = frozenset(
    {"title", "description", "alt_text", "content_notes", "language", "ai_use", "ai_note", "tags"}
    | {"licence", "remix_permission", "production_permission", "original_work", "ai_training", "challenge_slug"}
)
# What others have relied on since the work was published.
SETTLED: Final = frozenset({"licence", "original_work"})


def title_from(file_name: str) -> str:
    """A first title out of a file's name: "lamp_room-02.mov" becomes "Lamp room 02"."""
    words = PurePath(file_name.replace("\\", "/")).stem.replace("_", " ").replace("-", " ").split()
    title = " ".join(words)[:LONGEST_TITLE]
    return title[:1].upper() + title[1:]


@transaction.atomic
def start_draft(
    *,
    actor: Artist,
    title: str = "",
    medium: str = "",
    remix: Contribution | None = None,
    challenge_slug: str = "",
    draft_key: UUID | None = None,
) -> Contribution:
    """A new private work. `remix` names the first source; raises SourceRefused if it may not be one.

    With a `draft_key` a second call returns the work of the first.
    """
    if draft_key is not None:
        Artist.objects.select_for_update(no_key=True).get(pk=actor.pk)
        begun = Contribution.objects.filter(draft_key=draft_key, artist=actor).first()
        if begun is not None:
            return begun
    contribution = Contribution.objects.create(
        artist=actor,
        title=title[:LONGEST_TITLE],
        medium=medium,
        challenge_slug=challenge_slug[:80],
        draft_key=draft_key,
    )
    record_event(actor=actor, verb="contributions.drafted", about=contribution)
    if remix is not None:
        sources.add_source(actor=actor, contribution=contribution, source=remix)
    return contribution


@transaction.atomic
def write_text(
    *,
    actor: Artist,
    contribution: Contribution | None = None,
    title: str,
    body: str,
    language: str = "",
    remix: Contribution | None = None,
    challenge_slug: str = "",
    draft_key: UUID | None = None,
) -> Contribution:
    """Save what is being written (autosave calls it often). Nothing of it shows before prepare_text.

    A draft keeps one version; of a published work the next version is written, beside the public one.
    """
    if contribution is None:
        contribution = start_draft(
            actor=actor, medium="text", remix=remix, challenge_slug=challenge_slug, draft_key=draft_key
        )
    contribution = lock(contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    if contribution.medium != Contribution.Medium.TEXT:
        raise WrongState(_("Only writing can be written in the browser."))
    version = _version_to_write(contribution)
    if version.body != body or version.pk is None:
        version.body, version.ready_at, version.bytes = body, None, len(body.encode())
        version.save()
    contribution.title = title[:LONGEST_TITLE]
    contribution.language = language or contribution.language
    contribution.changed_at = timezone.now()
    contribution.save(update_fields=["title", "language", "changed_at"])
    return contribution


def _version_to_write(contribution: Contribution) -> Version:
    """The version that is not public yet; a new one beside a public one."""
    latest = contribution.versions.order_by("-number").first()
    is_public = latest is not None and latest.ready_at is not None and contribution.published_seq is not None
    if latest is not None and not is_public:
        return latest
    number = latest.number + 1 if latest else 1
    return Version(contribution=contribution, number=number, mime="text/markdown")


@transaction.atomic
def prepare_text(*, actor: Artist, contribution: Contribution, note: str = "") -> Job | None:
    """Have the written text prepared; None when it already is. Raises WrongState for an empty one.

    Of a published work, `note` says what changed, unless the version says so already.
    """
    contribution = lock(contribution)
    must_own(actor, contribution)
    version = contribution.versions.order_by("-number").first()
    if version is None or not version.body.strip():
        raise WrongState(_("There are no words yet."))
    if version.ready_at is not None:
        return None
    if note.strip():
        version.note = note.strip()[:300]
        version.save(update_fields=["note"])
    must_have_note(contribution, version.note)
    return queueing.queue_job(version)


@transaction.atomic
def update_details(*, actor: Artist, contribution: Contribution, **details: Any) -> Contribution:
    """Save any of DETAILS; `tags` is a list of words. Raises WrongState for what publishing has settled."""
    unknown = set(details) - DETAILS
    if unknown:
        raise TypeError(f"not details of a work: {sorted(unknown)}")
    contribution = lock(contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    tags = details.pop("tags", None)
    changed = [name for name, value in details.items() if getattr(contribution, name) != value]
    if contribution.published_seq is not None and SETTLED & set(changed):
        raise WrongState(_("The licence of a published work stays: others have relied on it."))
    for name in changed:
        setattr(contribution, name, details[name])
    contribution.changed_at = timezone.now()
    contribution.save(update_fields=[*changed, "changed_at"])
    if tags is not None and _set_tags(contribution, tags):
        changed.append("tags")
    if changed:
        record_event(
            actor=actor,
            verb="contributions.details_changed",
            about=contribution,
            payload={"fields": sorted(changed)},
        )
    return contribution


def _set_tags(contribution: Contribution, names: Iterable[str]) -> bool:
    """Make these its tags; whether anything changed."""
    wanted: dict[str, str] = {}
    for name in names:
        words = " ".join(name.split())[:50]
        slug = slugify(words, allow_unicode=True)[:50]
        if slug and len(wanted) < MOST_TAGS:
            wanted.setdefault(slug, words)
    before = set(contribution.tags.values_list("slug", flat=True))
    if before == set(wanted):
        return False
    Tag.objects.bulk_create([Tag(slug=slug, name=name) for slug, name in wanted.items()], ignore_conflicts=True)
    contribution.tags.set(Tag.objects.filter(slug__in=wanted))
    return True


@transaction.atomic
def discard_draft(*, actor: Artist, contribution: Contribution) -> None:
    """Delete a work that was never public, with its files. Published works can only be withdrawn."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    if contribution.published_seq is not None:
        raise WrongState(_("A published work can be withdrawn, but not deleted."))
    keys = files.keys_of(contribution)
    uploads = list(Upload.objects.filter(contribution=contribution, status=Upload.Status.OPEN))
    record_event(actor=actor, verb="contributions.discarded", about=contribution)
    contribution.current_version = None
    contribution.save(update_fields=["current_version"])
    Job.objects.filter(version__contribution=contribution).delete()
    for version in contribution.versions.all():
        version.renditions.all().delete()
        version.delete()
    SourceFile.objects.filter(contribution=contribution).delete()
    Upload.objects.filter(contribution=contribution).delete()
    DraftSource.objects.filter(contribution=contribution).delete()
    Share.objects.filter(contribution=contribution).delete()
    Caption.objects.filter(contribution=contribution).delete()
    contribution.delete()
    transaction.on_commit(lambda: _forget(keys, uploads))


def _forget(keys: list[str], uploads: list[Upload]) -> None:
    files.delete(keys)
    for upload in uploads:
        upload_store().discard(upload)


def next_number(contribution: Contribution) -> int:
    """The number of the next version; the contribution is locked."""
    latest = contribution.versions.aggregate(latest=Max("number"))["latest"]
    return int(latest or 0) + 1
