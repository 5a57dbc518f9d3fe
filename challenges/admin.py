"""Challenges in the admin: look, filter, hide and show through the actions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges import actions
from challenges.errors import ChallengeError
from challenges.models import Challenge, Entry
from profiles.access import member
from profiles.admin import ReadOnlyAdmin, ReadOnlyInline


class EntryInline(ReadOnlyInline):
    """The entries of one challenge."""

    model = Entry
    fields = ("contribution", "artist", "is_late", "withdrawn_at", "outcome", "outcome_note")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).select_related("contribution", "artist")


@admin.register(Challenge)
class ChallengeAdmin(ReadOnlyAdmin):
    """Issuing happens on the site; here staff watch and moderate."""

    list_display = ("title", "phase_label", "artist", "project", "entry_count", "opens_at", "closes_at", "hidden_at")
    list_filter = ("hidden_at", "closes_at")
    search_fields = ("title", "prompt", "artist__handle")
    list_select_related = ("artist", "project")
    date_hierarchy = "closes_at"
    inlines = (EntryInline,)
    actions = ("hide", "show")

    @admin.display(description=gettext_lazy("phase"))
    def phase_label(self, challenge: Challenge) -> str:
        return str(challenge.phase.label)

    @admin.action(description=gettext_lazy("Hide from the site"))
    def hide(self, request: HttpRequest, rows: QuerySet[Challenge]) -> None:
        self._each(
            request,
            rows,
            lambda row: actions.hide_challenge(actor=member(request), challenge=row, reason=_("Hidden by a moderator")),
        )

    @admin.action(description=gettext_lazy("Show on the site again"))
    def show(self, request: HttpRequest, rows: QuerySet[Challenge]) -> None:
        self._each(request, rows, lambda row: actions.show_challenge(actor=member(request), challenge=row))

    def _each(self, request: HttpRequest, rows: QuerySet[Challenge], act: Any) -> None:
        for row in rows:
            try:
                act(row)
            except ChallengeError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            else:
                self.log_change(request, row, str(_("Changed by an action")))


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("contribution", "challenge", "artist", "is_late", "outcome", "entered_at")
    list_filter = ("outcome", "is_late")
    search_fields = ("contribution__title", "challenge__title", "artist__handle")
    list_select_related = ("contribution", "challenge", "artist")
