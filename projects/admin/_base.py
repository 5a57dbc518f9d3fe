"""What the admin of projects shares: who may look, moves that call an action, refusals as messages."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from contributions.admin import LookAdmin, LookInline, ReasonForm, preview
from profiles.models import Artist
from projects import access
from projects.errors import ProjectError

__all__ = [
    "LookInline",
    "Move",
    "Moving",
    "ReasonForm",
    "adopt",
    "curators_may",
    "preview",
    "producers_may",
    "staff",
]


class Move(NamedTuple):
    """A button on a row's page: what it is called, whether it wants a reason, and whether it only leads on."""

    name: str
    label: Any
    wants_reason: bool = False
    leads_on: bool = False


class Moving(LookAdmin):
    """Rows that staff look at and move by buttons; each button calls one action and is recorded.

    Subclasses name `moves_for(row)` and a method `move_<name>(request, row, reason)` for each,
    which may return an address to go to.
    """

    change_form_template = "admin/projects/change.html"
    action_form = ReasonForm

    def moves_for(self, row: Any) -> list[Move]:
        return []

    def page_of(self, row: Any) -> str:
        """The public page that a row without one of its own belongs to."""
        return ""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        mine = path("<path:object_id>/move/<str:move>/", self.admin_site.admin_view(self.move_view), name=name)
        return [mine, *super().get_urls()]

    def move_view(self, request: HttpRequest, object_id: str, move: str) -> HttpResponse:
        """Do one move by POST; a refusal is told on the row's page."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404(object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        known = {each.name: each for each in self.moves_for(row)}
        if move not in known:
            raise Http404(move)
        target = self.try_move(request, row, known[move], request.POST.get("reason", ""))
        return redirect(target or reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]))

    def try_move(self, request: HttpRequest, row: Any, move: Move, reason: str) -> str:
        """Call the action behind a move, tell the refusal or record the move."""
        try:
            target = getattr(self, f"move_{move.name}")(request, row, reason)
        except ProjectError as error:
            messages.error(request, f"{row}: {error}")
            return ""
        if move.leads_on:
            return str(target)
        self.log_change(request, row, str(move.label))
        messages.success(request, _("%(row)s: %(move)s, done.") % {"row": row, "move": move.label})
        return target or ""

    def move_all(self, request: HttpRequest, rows: QuerySet[Any], move: Move) -> None:
        """The same for chosen rows of a list."""
        for row in rows:
            self.try_move(request, row, move, request.POST.get("reason", ""))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The stock page with the buttons above it; what an action refuses is told, and nothing is saved."""
        row = self.get_object(request, unquote(object_id)) if object_id else None
        context = {"moves": self.moves_for(row) if row else [], "page": self.page_of(row) if row else ""}
        try:
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, {**context, **(extra_context or {})}
            )
        except (ProjectError, ValidationError) as error:
            words = error.messages if isinstance(error, ValidationError) else [str(error)]
            messages.error(request, " ".join(words))
            return redirect(request.get_full_path())
        return response


def staff(request: HttpRequest) -> Artist:
    """Who works here; the admin lets nobody else in."""
    if not isinstance(request.user, Artist):
        raise PermissionDenied
    return request.user


def producers_may(_admin: Any, request: HttpRequest, obj: Any = None) -> bool:
    """Producers may; to be used as a permission method."""
    return access.is_producer(request.user)


def curators_may(_admin: Any, request: HttpRequest, obj: Any = None) -> bool:
    """Curators and producers may."""
    return access.is_curator(request.user)


def adopt(obj: Any, made: Any) -> None:
    """Let the admin go on with the row that the action made, for its log and its redirect."""
    obj.__dict__.update(made.__dict__)
