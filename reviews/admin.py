"""The triage queue: recommendations and reports, oldest first, with the work beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Contribution
from profiles.access import member
from profiles.admin import ReadOnlyAdmin, ReadOnlyInline
from reviews import actions
from reviews.errors import ReviewRefused
from reviews.models import Case, CaseAction, Heart, Recommendation, Review


def preview(work: Contribution | None) -> str | SafeString:
    """The work in small, linked to its page."""
    if work is None:
        return "–"
    still = work.picture(320) if work.medium == "image" else work.poster_url if work.medium == "video" else ""
    if still:
        return format_html(
            '<a href="{}"><img class="preview" src="{}" alt="" width="80" loading="lazy"><br>{}</a>',
            work.get_absolute_url(),
            still,
            work.title,
        )
    return format_html('<a href="{}">{}</a>', work.get_absolute_url(), work.title)


class NoteActionForm(ActionForm):
    """The reason that goes with an action; reporters and artists read it."""

    note = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=300)


class Triage(ReadOnlyAdmin):
    """Rows that are answered by actions, one at a time, refusals shown."""

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Any) -> None:
        for row in rows:
            try:
                act(row)
            except ReviewRefused as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            else:
                self.log_change(request, row, str(_("Answered by an action")))


@admin.register(Recommendation)
class RecommendationAdmin(Triage):
    """What members put forward; unseen ones first."""

    list_display = ("work", "medium", "project", "reason", "artist", "at", "seen_at")
    list_filter = (("seen_at", admin.EmptyFieldListFilter), "contribution__medium", "project")
    search_fields = ("reason", "contribution__title", "artist__handle")
    list_select_related = ("contribution__current_version", "project", "artist")
    ordering = (F("seen_at").asc(nulls_first=True), "pk")  # type: ignore[assignment]  # Django takes expressions too
    actions = ("mark_seen",)

    @admin.display(description=gettext_lazy("work"))
    def work(self, row: Recommendation) -> str:
        return preview(row.contribution)

    @admin.display(description=gettext_lazy("medium"))
    def medium(self, row: Recommendation) -> str:
        return row.contribution.get_medium_display()

    @admin.action(description=gettext_lazy("Mark as seen"))
    def mark_seen(self, request: HttpRequest, rows: QuerySet[Recommendation]) -> None:
        self.each(request, rows, lambda row: actions.mark_seen(actor=member(request), recommendation=row))


class CaseActionInline(ReadOnlyInline):
    """What was done so far."""

    model = CaseAction
    fields = ("at", "actor", "verb", "note")


@admin.register(Case)
class CaseAdmin(Triage):
    """Reports, open ones first, answered with a reason."""

    list_display = ("number", "about", "reason", "text", "reporter", "status", "assigned_to", "opened_at")
    list_filter = ("status", "reason", "assigned_to")
    search_fields = ("text", "contribution__title", "reporter__handle")
    list_select_related = ("contribution__current_version", "comment", "reporter", "assigned_to")
    ordering = (F("closed_at").asc(nulls_first=True), "pk")  # type: ignore[assignment]  # Django takes expressions too
    inlines = (CaseActionInline,)
    action_form = NoteActionForm
    actions = ("take", "uphold", "dismiss")

    @admin.display(description=gettext_lazy("case"))
    def number(self, case: Case) -> str:
        return str(case)

    @admin.display(description=gettext_lazy("about"))
    def about(self, case: Case) -> str:
        return case.comment.body[:120] if case.comment else preview(case.contribution)

    @admin.action(description=gettext_lazy("Take the case"))
    def take(self, request: HttpRequest, rows: QuerySet[Case]) -> None:
        self.each(request, rows, lambda case: actions.take_case(actor=member(request), case=case))

    @admin.action(description=gettext_lazy("Uphold: remove the work or hide the comment (reason needed)"))
    def uphold(self, request: HttpRequest, rows: QuerySet[Case]) -> None:
        note = request.POST.get("note", "")
        self.each(request, rows, lambda case: actions.uphold_case(actor=member(request), case=case, note=note))

    @admin.action(description=gettext_lazy("Dismiss (reason needed)"))
    def dismiss(self, request: HttpRequest, rows: QuerySet[Case]) -> None:
        note = request.POST.get("note", "")
        self.each(request, rows, lambda case: actions.dismiss_case(actor=member(request), case=case, note=note))


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("contribution", "reviewer", "idea", "craft", "fit", "sentence", "at")
    search_fields = ("contribution__title", "reviewer__handle", "sentence")
    list_select_related = ("contribution", "reviewer")


@admin.register(Heart)
class HeartAdmin(ReadOnlyAdmin):
    list_display = ("contribution", "artist", "at")
    search_fields = ("contribution__title", "artist__handle")
    list_select_related = ("contribution", "artist")
