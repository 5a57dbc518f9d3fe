"""The cut editor: an ordered cue sheet in the stock admin, and the page that locks it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import widgets
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Contribution
from projects import actions
from projects.admin._base import LookInline, Move, Moving, curators_may, producers_may, staff
from projects.blockers import blockers
from projects.errors import CutBlocked, ProjectError
from projects.models import Cue, Cut, Department, Prominence, Role

LOCK = Move("lock", gettext_lazy("Look at the blockers and lock"), leads_on=True)
CUE_FIELDS = (
    "section", "contribution", "department", "role", "prominence", "unit", "quantity", "start_ms", "duration_ms",
    "segment", "credit_line",
)  # fmt: skip


class CueForm(forms.ModelForm[Cue]):
    """A cue and its place in the order; in milliseconds the quantity may be left to the duration."""

    place = forms.IntegerField(
        label=gettext_lazy("place"), min_value=1, required=False, widget=widgets.AdminIntegerFieldWidget
    )
    section = forms.ChoiceField(label=gettext_lazy("section"), required=False)

    class Meta:
        model = Cue
        fields = CUE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].required = False
        if self.instance.pk:
            self.initial["place"] = self.instance.position

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        department, role = data.get("department"), data.get("role")
        if department and role and role.department_code != department.code:
            self.add_error("role", _("This role does not belong to “%(name)s”.") % {"name": department.name})
        if not data.get("quantity"):
            data["quantity"] = data.get("duration_ms")
            if not data["quantity"] or data.get("unit") not in {Cue.Unit.SCREEN_MS, Cue.Unit.AUDIBLE_MS}:
                self.add_error("quantity", _("Say how much of the work is used."))
            else:
                self.instance.quantity = data["quantity"]
        return data


class CueFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """The tables are read once for all rows, not once a row."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, rows in self._tables().items():
            if name in form.fields:
                field = form.fields[name]
                field.choices = [("", "---------"), *rows]
                # The tables are changed on their own pages; here they are only chosen from.
                for link in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
                    setattr(field.widget, link, False)

    def _tables(self) -> dict[str, list[tuple[Any, str]]]:
        if not hasattr(self, "_known"):
            production = self.instance.production
            table = Department.objects.filter(kind=production.project.kind)
            departments = list(table.in_force("kind", "code", at=production.opened_at).order_by("position"))
            names = {row.code: row.name for row in departments}
            roles = Role.objects.filter(department_code__in=names).in_force("code", "department_code")
            self._known = {
                "section": [(str(each["id"]), str(each.get("title") or each["id"])) for each in self.instance.sections],
                "department": [(row.pk, row.name) for row in departments],
                "role": [
                    (row.pk, f"{names[row.department_code]}: {row.name}")
                    for row in roles.order_by("department_code", "position")
                ],
                "prominence": [(row.pk, row.name) for row in Prominence.objects.in_force("code").order_by("-weight")],
            }
        return self._known


class CueInline(LookInline):
    """The cue sheet, in order. A locked cut is only to be read."""

    model = Cue
    form = CueForm
    formset = CueFormSet
    extra = 3
    can_delete = True
    show_change_link = False
    autocomplete_fields = ("contribution",)
    fields = ("place", *CUE_FIELDS)
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("contribution", "department", "role", "prominence")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if self._may(request, obj) else ("position", *CUE_FIELDS)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        return curators_may(self, request) and obj is not None and not obj.is_locked


@admin.register(Cut)
class CutAdmin(Moving):
    """A cut with its sections and cues; begun from its production, locked on a page of its own."""

    list_display = ("production", "number", "status", "locked_at", "locked_by")
    list_filter = ("status", "production__project__kind")
    search_fields = ("production__title",)
    list_select_related = ("production__project", "locked_by")
    ordering = ("-pk",)
    fields = ("production", "number", "status", "frame_rate_milli", "sections", "sha256", "locked_at", "locked_by")
    inlines = (CueInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return curators_may(self, request) and (obj is None or not obj.is_locked)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("production", "number", "status", "sha256", "locked_at", "locked_by")

    def page_of(self, row: Any) -> str:
        return str(row.production.get_absolute_url())

    def moves_for(self, row: Cut) -> list[Move]:
        return [] if row.is_locked else [LOCK]

    def move_lock(self, request: HttpRequest, row: Cut, reason: str) -> str:
        return reverse("admin:projects_cut_lock", args=[row.pk])

    def get_urls(self) -> list[URLPattern]:
        # An int, because a path would take "1/move/lock/" for itself.
        mine = path("<int:object_id>/lock/", self.admin_site.admin_view(self.lock_view), name="projects_cut_lock")
        return [mine, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if set(form.changed_data) & {"sections", "frame_rate_milli"}:
            frames, sections = form.cleaned_data["frame_rate_milli"], form.cleaned_data["sections"] or []
            actions.set_sections(actor=staff(request), cut=obj, sections=sections, frame_rate_milli=frames)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Take away, change, move, then place; every row through its action."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        gone = set(formset.deleted_forms)
        for row in gone:
            if row.instance.pk:
                actions.remove_cue(actor=staff(request), cue=row.instance)
                formset.deleted_objects.append(row.instance)
        kept = [row for row in formset.initial_forms if row not in gone and row.has_changed()]
        for row in kept:
            self._change(request, row, formset)
        moved = [row for row in kept if "place" in row.changed_data and row.cleaned_data["place"]]
        for row in sorted(moved, key=lambda each: each.cleaned_data["place"]):
            actions.move_cue(actor=staff(request), cue=row.instance, position=row.cleaned_data["place"])
        for row in formset.extra_forms:
            if row.has_changed() and row not in gone:
                data = {name: row.cleaned_data[name] for name in CUE_FIELDS}
                data["position"] = row.cleaned_data.get("place")
                formset.new_objects.append(actions.place_cue(actor=staff(request), cut=form.instance, **data))

    def _change(self, request: HttpRequest, row: Any, formset: Any) -> None:
        data = {name: row.cleaned_data[name] for name in row.changed_data if name in CUE_FIELDS}
        if "quantity" in data or "duration_ms" in data:
            data["quantity"] = row.cleaned_data["quantity"]
        if data:
            cue = Cue.objects.select_related("cut", "department").get(pk=row.instance.pk)
            formset.changed_objects.append(
                (actions.change_cue(actor=staff(request), cue=cue, **data), row.changed_data)
            )

    def lock_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What blocks the cut, with a way to ask; when nothing does, the button that locks it."""
        cut = self.get_object(request, str(object_id))
        if cut is None:
            raise Http404(str(object_id))
        if not (self.has_view_permission(request, cut) and curators_may(self, request)):
            raise PermissionDenied
        here = reverse("admin:projects_cut_lock", args=[cut.pk])
        if request.method == "POST" and "ask" in request.POST:
            self._ask(request, cut)
            return redirect(here)
        if request.method == "POST":
            return self._lock(request, cut)
        return self._lock_page(request, cut, blockers(cut), status=200)

    def _ask(self, request: HttpRequest, cut: Cut) -> None:
        asked = {blocker.ask.pk: blocker.ask for blocker in blockers(cut) if blocker.ask}
        work: Contribution | None = asked.get(int(request.POST["ask"] or 0))
        if work is None:
            return
        use = request.POST.get("use", "")
        try:
            sent = actions.ask_consent(actor=staff(request), production=cut.production, contribution=work, use=use)
        except ProjectError as error:
            messages.error(request, str(error))
            return
        self.log_change(request, cut, _("Asked about contribution %(pk)d") % {"pk": work.pk})
        messages.success(request, _("%(count)d people are asked.") % {"count": len(sent)})

    def _lock(self, request: HttpRequest, cut: Cut) -> HttpResponse:
        try:
            actions.lock_cut(actor=staff(request), cut=cut, unused_reason=request.POST.get("unused_reason", ""))
        except CutBlocked as refusal:
            return self._lock_page(request, cut, refusal.blockers, status=422)
        except ProjectError as error:
            messages.error(request, str(error))
            return redirect(reverse("admin:projects_cut_change", args=[cut.pk]))
        self.log_change(request, cut, _("Locked"))
        messages.success(request, _("Locked. The credits follow from this cut, and so does the money."))
        return redirect(reverse("admin:projects_cut_change", args=[cut.pk]))

    def _lock_page(self, request: HttpRequest, cut: Cut, found: Iterable[Any], *, status: int) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Lock %(cut)s") % {"cut": cut},
            "cut": cut,
            "opts": self.opts,
            "original": cut,
            "blockers": list(found),
            "waiting": cut.production.considerations.unanswered().count(),
            "may_lock": producers_may(self, request),
        }
        return TemplateResponse(request, "admin/projects/lock.html", context, status=status)
