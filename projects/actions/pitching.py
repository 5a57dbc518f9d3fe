"""From an idea to a decision: pitch, help, and the producers' public answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contributions.models import Contribution
from profiles.actions import follow, notify, record_event
from profiles.models import Artist
from profiles.models.event import topic_of
from projects.actions._checks import (
    free_slug,
    need_leader,
    need_producer,
    need_status,
    need_words,
    save_checked,
    those_around,
)
from projects.errors import NotAllowed, ProjectError, WrongState
from projects.models import Kind, Production, Project, ProjectMember

Status = Project.Status


@transaction.atomic
def pitch_project(
    *,
    actor: Artist,
    title: str,
    kind: Kind | str,
    logline: str,
    pitch: str = "",
    cover: Contribution | None = None,
    works: Iterable[Contribution] = (),
) -> Project:
    """Put an idea before everybody. Any artist may; who pitches is the project's first leader.

    Raises ValidationError for words that do not fit, ProjectError for works that are not public.
    """
    works = list(works)
    _need_public(cover, *works)
    project = Project(
        slug=free_slug(Project, title, "project"),
        title=title.strip(),
        kind=kind,
        logline=logline.strip(),
        pitch=pitch.strip(),
        artist=actor,
        cover=cover,
    )
    save_checked(project)
    project.works.set(works)
    ProjectMember.objects.create(project=project, artist=actor, role=ProjectMember.Role.LEADER)
    follow(actor=actor, topic=topic_of(project))
    record_event(actor=actor, verb="projects.pitched", about=project, payload={"kind": project.kind})
    return project


@transaction.atomic
def update_pitch(
    *, actor: Artist, project: Project, works: Iterable[Contribution] | None = None, **words: Any
) -> Project:
    """Change title, logline, pitch, kind, cover or works, by a leader, while no round is under way.

    In a round people vote for the words they read, so there they stay as they are.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    need_leader(actor, project)
    need_status(project, Status.PITCH)
    unknown = set(words) - {"title", "logline", "pitch", "kind", "cover"}
    if unknown:
        raise TypeError(f"A pitch has no {', '.join(sorted(unknown))}.")
    _need_public(words.get("cover"), *(works or ()))
    for name, value in words.items():
        setattr(project, name, value)
    save_checked(project)
    if works is not None:
        project.works.set(works)
    record_event(actor=actor, verb="projects.pitch_updated", about=project, payload={"fields": sorted(words)})
    return project


@transaction.atomic
def join_project(
    *,
    actor: Artist,
    project: Project,
    role: str = ProjectMember.Role.HELPER,
    does: str = "",
    added_by: Artist | None = None,
) -> ProjectMember:
    """Offer to help. Doing it again changes only the words; other roles are given by a leader or producer."""
    need_status(project, Status.PITCH, Status.IN_ROUND, Status.GREEN_LIT, Status.IN_PRODUCTION, Status.RELEASED)
    if role != ProjectMember.Role.HELPER or added_by is not None:
        need_leader(added_by or actor, project)
    member, is_new = ProjectMember.objects.get_or_create(
        project=project, artist=actor, defaults={"role": role, "does": does.strip()}
    )
    if not is_new and (does.strip() or member.role != role):
        member.does = does.strip() or member.does
        member.role = member.role if role == ProjectMember.Role.HELPER else role
        save_checked(member)
    if is_new:
        event = record_event(
            actor=added_by or actor, verb="projects.joined", about=project, payload={"artist": actor.pk, "role": role}
        )
        leaders = Artist.objects.filter(memberships__project=project, memberships__role=ProjectMember.Role.LEADER)
        words = (
            _("%(name)s would like to help with “%(title)s”.")
            if added_by is None
            else _("“%(title)s” has a new member.")
        )
        text = words % {"name": actor.display_name, "title": project.title}
        notify(event=event, recipients=leaders, text=text, url=project.get_absolute_url())
    return member


@transaction.atomic
def leave_project(*, actor: Artist, project: Project) -> None:
    """Stop helping; who leads hands the project over first."""
    member = ProjectMember.objects.filter(project=project, artist=actor).first()
    if member is None:
        return
    if member.role == ProjectMember.Role.LEADER:
        raise WrongState(_("You lead this project. Ask a producer to hand it over first."))
    member.delete()
    record_event(actor=actor, verb="projects.left", about=project)


@transaction.atomic
def green_light(*, actor: Artist, project: Project, reason: str) -> Project:
    """Producers say yes, with a public reason. A pitch of one's own is decided by somebody else."""
    project = _decided(actor, project, Status.GREEN_LIT, reason)
    if project.kind != Kind.TV:
        Production.objects.create(project=project, title=project.title, cover=project.cover, synopsis=project.logline)
    _tell(actor, project, gettext_noop("“%(title)s” has the green light: %(reason)s"), "projects.green_lit")
    return project


@transaction.atomic
def decline(*, actor: Artist, project: Project, reason: str) -> Project:
    """Producers say no, with a public reason; the pitch stays to be read."""
    project = _decided(actor, project, Status.DECLINED, reason)
    _tell(actor, project, gettext_noop("“%(title)s” will not be made for now: %(reason)s"), "projects.declined")
    return project


@transaction.atomic
def archive_project(*, actor: Artist, project: Project, reason: str) -> Project:
    """Take a project out of every list, with a reason; nothing of it is deleted."""
    need_producer(actor)
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.status == Status.RELEASED:
        raise WrongState(_("A released project stays in the catalogue."))
    project.status_reason = need_words(reason, _("Say why: the reason is kept."))
    project.status = Status.ARCHIVED
    save_checked(project)
    record_event(actor=actor, verb="projects.archived", about=project, payload={"reason": project.status_reason})
    return project


def _decided(actor: Artist, project: Project, status: str, reason: str) -> Project:
    need_producer(actor)
    project = Project.objects.select_for_update().get(pk=project.pk)
    need_status(project, Status.PITCH, Status.IN_ROUND)
    if project.artist_id == actor.pk:
        raise NotAllowed(_("Somebody else must decide on your own pitch."))
    if project.candidacies.filter(round__result__isnull=True).exists():
        raise WrongState(_("“%(title)s” stands in a round that is not counted yet.") % {"title": project.title})
    project.status_reason = need_words(reason, _("Say why: everybody reads the reason."))
    project.status = status
    save_checked(project)
    return project


def _tell(actor: Artist, project: Project, text: str, verb: str) -> None:
    event = record_event(actor=actor, verb=verb, about=project, payload={"reason": project.status_reason})
    words = _(text) % {"title": project.title, "reason": project.status_reason}
    notify(event=event, recipients=those_around(project), text=words, url=project.get_absolute_url())


def _need_public(*works: Contribution | None) -> None:
    for work in works:
        if work is not None and not work.is_published:
            raise ProjectError(_("“%(title)s” is not published.") % {"title": work.title})
