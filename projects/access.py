"""The only door from a request to a project, production, round or release, and to what one may do there."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from profiles.models.artist import StaffPower
from projects.models import MADE, PITCHED, Candidate, Consent, Production, Project, Release, Round
from projects.models.project import ProjectMember

Row = TypeVar("Row", bound=Model)


def is_producer(viewer: Any) -> bool:
    return bool(viewer and viewer.is_authenticated and viewer.has_power(StaffPower.PRODUCER))


def is_curator(viewer: Any) -> bool:
    """Curators shortlist; producers may do all that curators may."""
    return bool(viewer and viewer.is_authenticated and viewer.has_power(StaffPower.CURATOR, StaffPower.PRODUCER))


def leads(viewer: Any, project: Project) -> bool:
    """Whether the viewer leads the project or produces it."""
    if not (viewer and viewer.is_authenticated):
        return False
    roles = (ProjectMember.Role.LEADER, ProjectMember.Role.PRODUCER)
    return project.members.filter(artist=viewer, role__in=roles).exists()


def get_pitch(viewer: Any, pk: int) -> Project:
    """A pitch, whatever became of it: its page stays after the green light."""
    return _one(Project.objects.visible_to(viewer).select_related("artist", "cover__current_version"), pk=pk)


def get_own_pitch(viewer: Any, pk: int) -> Project:
    project = get_pitch(viewer, pk)
    if not leads(viewer, project):
        raise Http404(f"pitch {pk}")
    return project


def get_project(viewer: Any, slug: str) -> Project:
    """A project that was green-lit."""
    projects = Project.objects.visible_to(viewer).select_related("artist", "cover__current_version", "cover__artist")
    return _one(projects.exclude(status__in=PITCHED), slug=slug)


def get_production(viewer: Any, slug: str, season: int | None = None, number: int | None = None) -> Production:
    """The one production of a film, album, book or DVD, or an episode of a season."""
    productions = Production.objects.visible_to(viewer).with_release().with_master()
    return _one(productions.filter(project__status__in=MADE), project__slug=slug, season=season, number=number)


def get_round(viewer: Any, pk: int) -> Round:
    return _one(Round.objects.all(), pk=pk)


def get_candidate(viewer: Any, round_pk: int, pk: int) -> Candidate:
    return _one(Candidate.objects.select_related("round", "project"), pk=pk, round_id=round_pk)


def get_release(viewer: Any, slug: str) -> Release:
    releases = Release.objects.select_related(
        "production__project__artist",
        "cover__current_version",
        "cover__artist",
        "production__master__current_version",
        "production__master__artist",
    )
    return _one(releases.filter(production__in=Production.objects.visible_to(viewer)), slug=slug)


def get_own_consent(viewer: Any, pk: int) -> Consent:
    """A question that was put to the viewer."""
    consents = Consent.objects.select_related("production__project", "contribution__current_version", "asked_by")
    return _one(consents.filter(artist_id=getattr(viewer, "pk", None) or 0), pk=pk)


def _one(rows: QuerySet[Row], **lookup: Any) -> Row:
    row = rows.filter(**lookup).first()
    if row is None:
        raise Http404(str(lookup))
    return row
