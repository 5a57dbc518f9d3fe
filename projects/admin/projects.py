"""Pitches and projects: green light or not, into production, and who takes part."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects import actions
from projects.admin._base import LookInline, Move, Moving, staff
from projects.models import Kind, Production, Project, ProjectMember, Update

GREEN = Move("green_light", _("Give the green light"), wants_reason=True)
NO = Move("decline", _("Decline"), wants_reason=True)
START = Move("start", _("Start production"))
ARCHIVE = Move("archive", _("Archive"), wants_reason=True)
EPISODE = Move("add_episode", _("Add an episode"), leads_on=True)


class MemberInline(LookInline):
    model = ProjectMember
    fields = ("artist", "role", "does", "since")


class ProductionInline(LookInline):
    model = Production
    fields = ("title", "season", "number", "topic")


class UpdateInline(LookInline):
    model = Update
    fields = ("at", "artist", "title", "body")


@admin.register(Project)
class ProjectAdmin(Moving):
    """Every project from its pitch on, with the moves that are open to it."""

    list_display = ("title", "kind", "status", "artist", "created_at")
    list_filter = ("status", "kind")
    search_fields = ("title", "slug", "logline", "artist__handle")
    list_select_related = ("artist",)
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    fields = ("title", "slug", "kind", "status", "status_reason", "logline", "pitch", "artist", "cover", "created_at")
    inlines = (ProductionInline, MemberInline, UpdateInline)
    actions = ("give_green_light", "say_no")

    def moves_for(self, row: Project) -> list[Move]:
        status = Project.Status(row.status)
        moves = [ARCHIVE] if status not in {Project.Status.RELEASED, Project.Status.ARCHIVED} else []
        if status in {Project.Status.PITCH, Project.Status.IN_ROUND}:
            return [GREEN, NO, *moves]
        if status == Project.Status.GREEN_LIT:
            moves = [START, *moves]
        if row.kind == Kind.TV and status in {Project.Status.GREEN_LIT, Project.Status.IN_PRODUCTION}:
            moves = [EPISODE, *moves]
        return moves

    def move_green_light(self, request: HttpRequest, row: Project, reason: str) -> None:
        actions.green_light(actor=staff(request), project=row, reason=reason)

    def move_decline(self, request: HttpRequest, row: Project, reason: str) -> None:
        actions.decline(actor=staff(request), project=row, reason=reason)

    def move_start(self, request: HttpRequest, row: Project, reason: str) -> None:
        actions.start_production(actor=staff(request), project=row)

    def move_archive(self, request: HttpRequest, row: Project, reason: str) -> None:
        actions.archive_project(actor=staff(request), project=row, reason=reason)

    def move_add_episode(self, request: HttpRequest, row: Project, reason: str) -> str:
        return f"{reverse('admin:projects_production_add')}?project={row.pk}"

    @admin.action(description=_("Give the green light (reason above)"))
    def give_green_light(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.move_all(request, rows, GREEN)

    @admin.action(description=_("Decline (reason above)"))
    def say_no(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.move_all(request, rows, NO)
