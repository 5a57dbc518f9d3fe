"""Which works did you use? Chosen while drafting, told to their makers, frozen by publishing."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import tasks
from contributions.actions.checks import lock, must_own
from contributions.actions.counting import adjust_count
from contributions.actions.signing import sign_anew
from contributions.errors import NotYours, SourceRefused, WrongState
from contributions.models import Contribution, DraftSource, ExternalSource, InfluenceRate, Remix, RemixKind
from profiles.actions import notify, record_event
from profiles.models import Artist

MOST_SOURCES: Final = 100
ALL_BPS: Final = 10_000


def _open_draft(actor: Artist, contribution: Contribution) -> Contribution:
    contribution = lock(contribution)
    must_own(actor, contribution)
    if contribution.published_seq is not None:
        raise WrongState(_("The sources of a published work stay as they are."))
    if contribution.draft_sources.count() >= MOST_SOURCES:
        raise SourceRefused(_("A work can name %(most)d sources at most.") % {"most": MOST_SOURCES})
    return contribution


def _must_allow(actor: Artist, source: Contribution, kind: str) -> None:
    """Raises SourceRefused when the source may not be built on in this way."""
    if not source.is_published:
        raise SourceRefused(_("Only published works can be named as sources."))
    forbids = source.remix_permission == Contribution.RemixPermission.NO
    if forbids and kind != RemixKind.INSPIRED and source.artist_id != actor.pk:
        raise SourceRefused(
            _("“%(title)s” may not be remixed. You may name it as an inspiration.") % {"title": source.title}
        )


@transaction.atomic
def add_source(
    *, actor: Artist, contribution: Contribution, source: Contribution, kind: str = RemixKind.REUSES, note: str = ""
) -> DraftSource:
    """Name a work of this site as a source. Raises SourceRefused for itself, a second time, or a forbidden one.

    Where the source's maker wants to be asked first, the question is sent at once.
    """
    contribution = _open_draft(actor, contribution)
    if source.pk == contribution.pk:
        raise SourceRefused(_("A work cannot be a source of itself."))
    _must_allow(actor, source, kind)
    if contribution.draft_sources.filter(source=source).exists():
        raise SourceRefused(_("“%(title)s” is already among the sources.") % {"title": source.title})
    row = DraftSource.objects.create(contribution=contribution, source=source, kind=RemixKind(kind), note=note[:300])
    record_event(
        actor=actor,
        verb="contributions.source_added",
        about=contribution,
        payload={"source": source.pk, "kind": str(kind)},
    )
    if needs_answer(row):
        _ask(actor, row)
    return row


def needs_answer(row: DraftSource) -> bool:
    """Whether the source's maker must still say yes."""
    source = row.source
    return (
        source is not None
        and source.remix_permission == Contribution.RemixPermission.ASK
        and row.kind != RemixKind.INSPIRED
        and source.artist_id != row.contribution.artist_id
        and not row.granted
    )


def _ask(actor: Artist, row: DraftSource) -> None:
    assert row.source is not None
    row.asked_at = timezone.now()
    row.save(update_fields=["asked_at"])
    event = record_event(
        actor=actor, verb="contributions.remix_asked", about=row.source, payload={"draft_source": row.pk}
    )
    text = _("%(name)s asks to build on “%(title)s”") % {"name": actor.display_name, "title": row.source.title}
    notify(event=event, recipients=[row.source.artist], text=text, url=f"/contributions/{row.source.pk}/requests/")


@transaction.atomic
def answer_request(*, actor: Artist, row: DraftSource, granted: bool) -> DraftSource:
    """The maker of a source says yes or no to one draft that wants to build on it."""
    row = (
        DraftSource.objects.select_for_update(of=("self",))
        .select_related("source", "contribution__artist")
        .get(pk=row.pk)
    )
    if row.source is None or row.source.artist_id != actor.pk:
        raise NotYours(_("Only the artist of the source can answer."))
    row.granted, row.answered_at = granted, timezone.now()
    row.save(update_fields=["granted", "answered_at"])
    event = record_event(
        actor=actor,
        verb="contributions.remix_answered",
        about=row.source,
        payload={"draft_source": row.pk, "granted": granted},
    )
    words = _("%(name)s lets you build on “%(title)s”") if granted else _("%(name)s would rather not: “%(title)s”")
    text = words % {"name": actor.display_name, "title": row.source.title}
    notify(event=event, recipients=[row.contribution.artist], text=text, url=row.contribution.edit_url)
    return row


@transaction.atomic
def add_external_source(
    *,
    actor: Artist,
    contribution: Contribution,
    title: str,
    author: str,
    licence_name: str,
    url: str = "",
    kind: str = RemixKind.REUSES,
    note: str = "",
) -> DraftSource:
    """Name a source from elsewhere, with its maker and licence."""
    contribution = _open_draft(actor, contribution)
    if url and contribution.draft_sources.filter(external__url=url).exists():
        raise SourceRefused(_("This address is already among the sources."))
    external = ExternalSource.objects.create(
        title=title[:140], author=author[:140], url=url, licence_name=licence_name[:80]
    )
    row = DraftSource.objects.create(
        contribution=contribution, external=external, kind=RemixKind(kind), note=note[:300]
    )
    record_event(
        actor=actor,
        verb="contributions.source_added",
        about=contribution,
        payload={"external": external.pk, "kind": str(kind)},
    )
    return row


@transaction.atomic
def describe_source(
    *, actor: Artist, row: DraftSource, kind: str, note: str, offered_bps: int | None = None
) -> DraftSource:
    """Change how a work builds on a source, the sentence about it, and what its makers are offered beyond the table.

    Raises SourceRefused for an offer (in basis points) below the table's rate for this kind, or of more than all.
    """
    contribution = _open_draft(actor, row.contribution)
    row = DraftSource.objects.select_related("source", "contribution").get(pk=row.pk, contribution=contribution)
    if row.source is not None:
        _must_allow(actor, row.source, kind)
    if offered_bps is not None:
        _must_be_an_offer(row, kind, offered_bps)
    row.kind, row.note, row.offered_bps = RemixKind(kind), note[:300], offered_bps
    row.save(update_fields=["kind", "note", "offered_bps"])
    record_event(
        actor=actor,
        verb="contributions.source_described",
        about=contribution,
        payload={
            "source": row.source_id,
            "external": row.external_id,
            "kind": str(row.kind),
            "offered_bps": offered_bps,
        },
    )
    if needs_answer(row) and row.asked_at is None:
        _ask(actor, row)
    return row


def _must_be_an_offer(row: DraftSource, kind: str, offered_bps: int) -> None:
    """Raises SourceRefused: a source from elsewhere earns nothing here, and nobody is offered less than the table."""
    if row.source_id is None:
        raise SourceRefused(_("Nothing can be offered to a source from elsewhere."))
    if not InfluenceRate.objects.in_force()[kind] <= offered_bps <= ALL_BPS:
        raise SourceRefused(_("An offer lies between the rate of the table and 100%."))


@transaction.atomic
def remove_source(*, actor: Artist, row: DraftSource) -> None:
    """Take a chosen source away again; one that is not there any more is no error."""
    contribution = lock(row.contribution)
    must_own(actor, contribution)
    deleted, __ = DraftSource.objects.filter(pk=row.pk, contribution=contribution).delete()
    if deleted and row.external_id:
        ExternalSource.objects.filter(pk=row.external_id, remix=None).delete()
    if deleted:
        record_event(
            actor=actor,
            verb="contributions.source_removed",
            about=contribution,
            payload={"source": row.source_id, "external": row.external_id},
        )


@transaction.atomic
def unlink(*, actor: Artist, remix: Remix) -> Remix:
    """The maker of a source asks not to be shown with a remix. The edge stays, and counts for money.

    Neither page draws it any more, and no counter counts it: the family is counted anew by a worker.
    """
    remix = Remix.objects.select_for_update(of=("self",)).select_related("parent", "child__artist").get(pk=remix.pk)
    if remix.parent is None or remix.parent.artist_id != actor.pk:
        raise NotYours(_("Only the artist of the source can ask to be unlinked."))
    if remix.unlinked_at is not None:
        return remix
    remix.unlinked_at = timezone.now()
    remix.save(update_fields=["unlinked_at"])
    adjust_count(contribution=remix.parent, field="remix_count", by=-1)
    tasks.recount_families.delay_on_commit(remix.child_id)  # type: ignore[attr-defined]  # of Celery for Django
    sign_anew(remix.child)
    event = record_event(actor=actor, verb="contributions.unlinked", about=remix.child, payload={"remix": remix.pk})
    text = _("%(name)s asked not to be shown as a source of “%(title)s”") % {
        "name": actor.display_name,
        "title": remix.child.title,
    }
    notify(event=event, recipients=[remix.child.artist], text=text, url=remix.child.get_absolute_url())
    return remix
