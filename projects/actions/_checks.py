"""What several actions ask before they write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from profiles.actions import followers_of
from profiles.models import Artist
from profiles.models.event import topic_of
from projects import access
from projects.errors import NotAllowed, ProjectError, WrongState
from projects.models import Project


def need_producer(actor: Artist) -> None:
    if not access.is_producer(actor):
        raise NotAllowed(_("Only producers may do this."))


def need_curator(actor: Artist) -> None:
    if not access.is_curator(actor):
        raise NotAllowed(_("Only curators and producers may do this."))


def need_leader(actor: Artist, project: Project) -> None:
    if not (access.leads(actor, project) or access.is_producer(actor)):
        raise NotAllowed(_("Only those who lead the project may do this."))


def need_status(project: Project, *statuses: str) -> None:
    if project.status not in statuses:
        wanted = ", ".join(str(Project.Status(status).label) for status in statuses)
        raise WrongState(
            _("“%(title)s” stands at “%(status)s”; this needs: %(wanted)s.")
            % {"title": project.title, "status": project.get_status_display(), "wanted": wanted}
        )


def need_words(text: str, complaint: str) -> str:
    """The text without blanks around it; refused when nothing is left."""
    words = text.strip()
    if not words:
        raise ProjectError(complaint)
    return words


def save_checked(row: Any, *, exclude: Iterable[str] = ()) -> Any:
    """Store a row after Django's own validation of its fields."""
    row.full_clean(exclude=set(exclude), validate_unique=False, validate_constraints=False)
    row.save()
    return row


def free_slug(model: type[models.Model], words: str, fallback: str) -> str:
    """A slug of these words that no other row has: "the-lid", then "the-lid-2"."""
    stem = slugify(words)[:70] or fallback
    taken = set(
        model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True)  # every caller's has a slug
    )
    if stem not in taken:
        return stem
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{stem}-{number}") not in taken)


def those_around(project: Project) -> list[Artist]:
    """Members and followers: who hears of what happens to a project."""
    members = Artist.objects.filter(memberships__project=project)
    return list((members | followers_of(topic_of(project))).distinct())
