"""Out into the world: a release, and where to get it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist
from projects.actions._checks import free_slug, need_producer, need_status, need_words, save_checked, those_around
from projects.errors import WrongState
from projects.models import Cut, Kind, Outlet, Production, Project, Release


@transaction.atomic
def release_production(
    *,
    actor: Artist,
    production: Production,
    format: str,  # noqa: A002  # the field's noun
    title: str = "",
    description: str = "",
    released_on: dt.date | None = None,
    cover: Contribution | None = None,
    identifiers: Mapping[str, str] | None = None,
) -> Release:
    """Publish a production whose cut is locked and whose every considered work has its answer. Producers do."""
    need_producer(actor)
    production = (
        Production.objects.select_for_update(of=("self",), no_key=True).select_related("project").get(pk=production.pk)
    )
    project = production.project
    need_status(project, Project.Status.IN_PRODUCTION, Project.Status.RELEASED)
    if Release.objects.filter(production=production).exists():
        raise WrongState(_("“%(title)s” is already released.") % {"title": production.title})
    if not production.cuts.filter(status=Cut.Status.LOCKED).exists():
        raise WrongState(_("Lock a cut first: credits and money follow from it."))
    waiting = production.considerations.unanswered().count()
    if waiting:
        text = _("%(count)d considered works still wait for an answer. Every one gets a fate before the release.")
        raise WrongState(text % {"count": waiting})
    title = title.strip() or production.title
    release = Release(
        production=production,
        slug=free_slug(Release, title, "release"),
        title=title,
        format=need_words(format, _("Say what it is, e.g. “Short film, 9 minutes”.")),
        description=description,
        released_on=released_on or timezone.localdate(),
        cover=cover or production.cover or project.cover,
        identifiers=dict(identifiers or {}),
    )
    save_checked(release)
    _finish(project)
    event = record_event(actor=actor, verb="projects.released", about=release, payload={"production": production.pk})
    credited = Artist.objects.filter(credits__production=production).distinct()
    text = _("“%(title)s” is out.") % {"title": release.title}
    notify(event=event, recipients=[*credited, *those_around(project)], text=text, url=release.get_absolute_url())
    return release


@transaction.atomic
def add_outlet(
    *,
    actor: Artist,
    release: Release,
    name: str,
    url: str = "",
    kind: str = Outlet.Kind.BUY,
    price: str = "",
    note: str = "",
) -> Outlet:
    """Say where a release can be had. Producers do."""
    need_producer(actor)
    last = release.outlets.aggregate(last=Max("position"))["last"] or 0
    outlet = Outlet(
        release=release,
        name=need_words(name, _("Name the place.")),
        url=url,
        kind=kind,
        price=price,
        note=note,
        position=last + 1,
    )
    save_checked(outlet)
    record_event(actor=actor, verb="projects.outlet_added", about=release, payload={"outlet": outlet.pk})
    return outlet


@transaction.atomic
def remove_outlet(*, actor: Artist, outlet: Outlet) -> None:
    """Take away a place where a release can no longer be had."""
    need_producer(actor)
    record_event(actor=actor, verb="projects.outlet_removed", about=outlet.release, payload={"outlet": outlet.pk})
    outlet.delete()


def _finish(project: Project) -> None:
    """A season is released when all its episodes are; everything else with its one production."""
    if project.kind == Kind.TV and project.productions.filter(release__isnull=True).exists():
        return
    project.status = Project.Status.RELEASED
    save_checked(project)
