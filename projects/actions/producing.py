"""From the green light to a work under way: productions, episodes, steps and the diary."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist
from projects.actions._checks import (
    need_leader,
    need_producer,
    need_status,
    need_words,
    save_checked,
    those_around,
)
from projects.errors import ProjectError, WrongState
from projects.models import Kind, Production, Project, Step, Update

Status = Project.Status


@transaction.atomic
def start_production(*, actor: Artist, project: Project) -> list[Production]:
    """Move a green-lit project into production; returns its productions (none yet for a TV season)."""
    need_producer(actor)
    project = Project.objects.select_for_update().get(pk=project.pk)
    need_status(project, Status.GREEN_LIT)
    project.status = Status.IN_PRODUCTION
    save_checked(project)
    event = record_event(actor=actor, verb="projects.production_started", about=project)
    text = _("“%(title)s” is in production.") % {"title": project.title}
    notify(event=event, recipients=those_around(project), text=text, url=project.get_absolute_url())
    return list(project.productions.all())


@transaction.atomic
def add_episode(
    *,
    actor: Artist,
    project: Project,
    season: int,
    number: int,
    title: str,
    topic: str = "",
    synopsis: str = "",
    cover: Contribution | None = None,
) -> Production:
    """Plan an episode of a TV season; each season and number once."""
    need_producer(actor)
    project = Project.objects.select_for_update().get(pk=project.pk)
    need_status(project, Status.GREEN_LIT, Status.IN_PRODUCTION, Status.RELEASED)
    if project.kind != Kind.TV:
        raise WrongState(_("Only TV seasons have episodes."))
    if season < 1 or number < 1:
        raise ProjectError(_("Seasons and episodes are counted from 1."))
    if project.productions.filter(season=season, number=number).exists():
        raise ProjectError(
            _("Season %(season)d already has an episode %(number)d.") % {"season": season, "number": number}
        )
    production = Production(
        project=project, title=title, season=season, number=number, topic=topic, synopsis=synopsis, cover=cover
    )
    save_checked(production)
    payload = {"project": project.pk, "season": season, "number": number}
    record_event(actor=actor, verb="projects.episode_added", about=production, payload=payload)
    return production


@transaction.atomic
def edit_production(*, actor: Artist, production: Production, **fields: Any) -> Production:
    """Change title, topic, synopsis, cover or the finished master, by producers."""
    need_producer(actor)
    unknown = set(fields) - {"title", "topic", "synopsis", "cover", "master"}
    if unknown:
        raise TypeError(f"A production has no {', '.join(sorted(unknown))} to edit.")
    production = Production.objects.select_for_update(no_key=True).get(pk=production.pk)
    for name, value in fields.items():
        setattr(production, name, value)
    save_checked(production)
    record_event(actor=actor, verb="projects.production_edited", about=production, payload={"fields": sorted(fields)})
    return production


@transaction.atomic
def add_step(
    *,
    actor: Artist,
    production: Production,
    title: str,
    brief: str = "",
    need: str = "",
    status: str = Step.Status.NEEDED,
    picture: Contribution | None = None,
) -> Step:
    """Name a part of the work, with what it needs; by those who lead the project."""
    need_leader(actor, production.project)
    last = Step.objects.select_for_update().filter(production=production).order_by("-position").first()
    step = Step(
        production=production,
        position=last.position + 1 if last else 1,
        title=need_words(title, _("Give the step a title.")),
        brief=brief,
        need=need,
        status=status,
        picture=picture,
    )
    save_checked(step)
    record_event(actor=actor, verb="projects.step_added", about=step, payload={"production": production.pk})
    return step


@transaction.atomic
def update_step(*, actor: Artist, step: Step, **fields: Any) -> Step:
    """Say where a step stands (needed, doing, done), what it needs, or how it looks."""
    need_leader(actor, step.production.project)
    unknown = set(fields) - {"title", "brief", "need", "status", "picture"}
    if unknown:
        raise TypeError(f"A step has no {', '.join(sorted(unknown))}.")
    former = step.status
    for name, value in fields.items():
        setattr(step, name, value)
    save_checked(step)
    payload = {"fields": sorted(fields), "from": former, "to": step.status}
    record_event(actor=actor, verb="projects.step_updated", about=step, payload=payload)
    return step


@transaction.atomic
def post_update(*, actor: Artist, project: Project, body: str, title: str = "") -> Update:
    """Write in the diary; members and followers are told. By those who lead the project."""
    need_leader(actor, project)
    update = Update(
        project=project, artist=actor, title=title.strip(), body=need_words(body, _("Write something first."))
    )
    save_checked(update)
    event = record_event(actor=actor, verb="projects.updated", about=project, payload={"update": update.pk})
    text = _("News of “%(title)s”: %(words)s") % {"title": project.title, "words": update.title or update.body[:140]}
    notify(event=event, recipients=those_around(project), text=text, url=project.get_absolute_url())
    return update
