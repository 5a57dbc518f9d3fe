"""Productions: steps, considered works and their fates, consents, credits, releases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contributions.admin import LookAdmin
from projects import actions
from projects.admin._base import LookInline, Move, Moving, adopt, curators_may, preview, producers_may, staff
from projects.models import Consent, Consideration, Credit, Cut, Kind, Outlet, Production, Project, Release, Step

NEW_CUT = Move("new_cut", _("Begin a cut"))
RELEASE = Move("release", _("Release"), leads_on=True)
SHORTLIST = Move("shortlist", _("Shortlist"), wants_reason=True)
NOT_USED = Move("not_used", _("Not used"), wants_reason=True)


class StepInline(LookInline):
    """Steps are named and moved here by producers."""

    model = Step
    extra = 1
    fields = ("title", "brief", "need", "status", "picture")
    autocomplete_fields = ("picture",)
    has_add_permission = producers_may
    has_change_permission = producers_may


class ConsiderationInline(LookInline):
    """Works taken in for this production; fates are decided in the list of considered works."""

    model = Consideration
    extra = 1
    fields = ("look", "contribution", "step", "fate", "reason", "promised_by")
    readonly_fields = ("look", "fate", "reason")
    autocomplete_fields = ("contribution",)
    has_add_permission = curators_may

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("contribution__current_version", "step")

    @admin.display(description=_("work"))
    def look(self, row: Consideration) -> SafeString | str:
        return preview(row.contribution) if row.pk else ""


class CutInline(LookInline):
    model = Cut
    fields = ("number", "status", "locked_at", "locked_by")


class ProductionForm(forms.ModelForm[Production]):
    """Episodes are added here; what is made of other projects begins with their green light."""

    class Meta:
        model = Production
        fields = ("project", "season", "number", "title", "topic", "synopsis", "cover", "master")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "project" in self.fields:
            seasons = Project.objects.filter(kind=Kind.TV).order_by("title")
            self.fields["project"].queryset = seasons  # type: ignore[attr-defined]  # a model choice field
            for name in ("season", "number"):
                self.fields[name].required = True


@admin.register(Production)
class ProductionAdmin(Moving):
    """Where a production is assembled."""

    form = ProductionForm
    list_display = ("title", "project", "season", "number", "topic")
    list_filter = ("project__kind", "project__status")
    search_fields = ("title", "topic", "project__title")
    list_select_related = ("project",)
    autocomplete_fields = ("cover", "master")
    inlines = (CutInline, StepInline, ConsiderationInline)
    has_add_permission = producers_may
    has_change_permission = producers_may

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        words = ("title", "topic", "synopsis", "cover")
        return (
            ("project", "season", "number", *words)
            if obj is None
            else ("project", "season", "number", *words, "master")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("project", "season", "number") if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            adopt(obj, actions.add_episode(actor=staff(request), **form.cleaned_data))
        elif changed := {name: form.cleaned_data[name] for name in form.changed_data}:
            actions.edit_production(actor=staff(request), production=obj, **changed)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows of the inlines, each through its action."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for row in formset.forms:
            if not row.has_changed():
                continue
            data = {name: value for name, value in row.cleaned_data.items() if name in row.changed_data}
            if formset.model is Step and row.instance.pk:
                step = actions.update_step(actor=staff(request), step=Step.objects.get(pk=row.instance.pk), **data)
                formset.changed_objects.append((step, row.changed_data))
            elif formset.model is Step:
                formset.new_objects.append(actions.add_step(actor=staff(request), production=form.instance, **data))
            elif formset.model is Consideration:
                made = actions.consider(actor=staff(request), production=form.instance, **data)
                formset.new_objects.append(made)

    def moves_for(self, row: Production) -> list[Move]:
        moves = [] if row.cuts.filter(status=Cut.Status.DRAFT).exists() else [NEW_CUT]
        return moves if hasattr(row, "release") else [*moves, RELEASE]

    def move_new_cut(self, request: HttpRequest, row: Production, reason: str) -> str:
        cut = actions.new_cut(actor=staff(request), production=row)
        return reverse("admin:projects_cut_change", args=[cut.pk])

    def move_release(self, request: HttpRequest, row: Production, reason: str) -> str:
        return f"{reverse('admin:projects_release_add')}?production={row.pk}"


class OverdueFilter(admin.SimpleListFilter):
    """Works whose artists were promised an answer by a day that has passed."""

    title = _("promise")
    parameter_name = "promise"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting for an answer")), ("overdue", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "overdue":
            return queryset.filter(fate__in=("received", "shortlisted"), promised_by__lt=timezone.localdate())
        return queryset.filter(fate__in=("received", "shortlisted")) if self.value() == "waiting" else queryset


@admin.register(Consideration)
class ConsiderationAdmin(Moving):
    """The shortlist: every work gets a fate and, where it is not used, a reason."""

    list_display = ("look", "contribution", "production", "step", "fate", "reason", "promised_by")
    list_filter = ("fate", OverdueFilter, "production")
    search_fields = ("contribution__title", "contribution__artist__handle", "production__title")
    list_select_related = ("contribution__current_version", "production__project", "step")
    ordering = ("promised_by", "pk")
    fields = ("look", "production", "step", "contribution", "fate", "reason", "decided_by", "decided_at", "promised_by")
    readonly_fields = ("look",)
    actions = ("shortlist", "say_not_used")

    @admin.display(description=_("preview"))
    def look(self, row: Consideration) -> SafeString | str:
        return preview(row.contribution)

    def page_of(self, row: Any) -> str:
        return str(row.contribution.get_absolute_url())

    def moves_for(self, row: Consideration) -> list[Move]:
        return [] if row.fate == Consideration.Fate.IN_CUT else [SHORTLIST, NOT_USED]

    def move_shortlist(self, request: HttpRequest, row: Consideration, reason: str) -> None:
        fate = Consideration.Fate.SHORTLISTED
        actions.decide_fate(actor=staff(request), consideration=row, fate=fate, reason=reason)

    def move_not_used(self, request: HttpRequest, row: Consideration, reason: str) -> None:
        actions.decide_fate(actor=staff(request), consideration=row, fate=Consideration.Fate.CUT, reason=reason)

    @admin.action(description=_("Shortlist (reason above)"))
    def shortlist(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.move_all(request, rows, SHORTLIST)

    @admin.action(description=_("Not used (reason above)"))
    def say_not_used(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.move_all(request, rows, NOT_USED)


@admin.register(Consent)
class ConsentAdmin(LookAdmin):
    """Who was asked, and the answers. Questions are put from a cut's list of blockers."""

    list_display = ("production", "contribution", "artist", "answer", "asked_at", "answered_at")
    list_filter = ("answer", "production")
    list_select_related = ("production", "contribution", "artist")


@admin.register(Credit)
class CreditAdmin(Moving):
    """Names follow from the locked cut; staff add and take away only their own lines."""

    list_display = ("name", "credit_line", "heading", "production", "source", "confirmed_at")
    list_filter = ("source", "production")
    search_fields = ("name", "artist__handle", "credit_line")
    list_select_related = ("production",)
    autocomplete_fields = ("production",)
    raw_id_fields = ("artist",)
    fields = ("production", "name", "artist", "credit_line", "heading", "billing_line")
    has_add_permission = producers_may

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return producers_may(self, request) and (obj is None or obj.source == Credit.Source.STAFF)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        adopt(obj, actions.add_credit(actor=staff(request), **form.cleaned_data))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.remove_credit(actor=staff(request), credit=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for credit in queryset:
            actions.remove_credit(actor=staff(request), credit=credit)


class OutletInline(LookInline):
    """Where it can be had."""

    model = Outlet
    extra = 1
    can_delete = True
    fields = ("kind", "name", "url", "price", "note")
    has_add_permission = producers_may
    has_delete_permission = producers_may


@admin.register(Release)
class ReleaseAdmin(Moving):
    """Released once; its shops come and go."""

    list_display = ("title", "format", "production", "released_on")
    search_fields = ("title", "format")
    list_select_related = ("production",)
    autocomplete_fields = ("production", "cover")
    fields = ("production", "title", "format", "description", "released_on", "cover", "identifiers")
    inlines = (OutletInline,)
    has_add_permission = producers_may
    has_change_permission = producers_may

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"released_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            adopt(obj, actions.release_production(actor=staff(request), **form.cleaned_data))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for row in formset.deleted_forms:
            if row.instance.pk:
                actions.remove_outlet(actor=staff(request), outlet=row.instance)
                formset.deleted_objects.append(row.instance)
        for row in formset.extra_forms:
            if row.has_changed() and row not in formset.deleted_forms:
                data = {name: row.cleaned_data[name] for name in OutletInline.fields}
                formset.new_objects.append(actions.add_outlet(actor=staff(request), release=form.instance, **data))
