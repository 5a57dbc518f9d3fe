"""The dated tables: looked at here, changed by adding rows that hold from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import actions
from projects.admin._base import Moving, adopt, producers_may, staff
from projects.models import Department, Prominence, Role

COUNTS_FROM = gettext_lazy(
    "Counts for productions that are opened from then on. Those that have the green light, and episodes that are planned, "
    "keep what they were opened with, also in their later cuts; a role or prominence that is new may be chosen in them."
)


class Dated(Moving):
    """A table whose rows hold from a day on; each form says for what they count."""

    has_add_permission = producers_may

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, help_texts={"effective_at": COUNTS_FROM}, **kwargs)


class DepartmentsForm(forms.ModelForm[Department]):
    """A whole table at once, because only a whole one adds up."""

    shares = forms.CharField(
        label=gettext_lazy("departments"),
        help_text=gettext_lazy("One a line: code, basis points, name. Together 10,000. Example: picture 4000 Picture"),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60}),
    )

    class Meta:
        model = Department
        fields = ("kind", "effective_at")

    def clean_shares(self) -> dict[str, tuple[str, int]]:
        shares: dict[str, tuple[str, int]] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["shares"].splitlines())):
            parts = line.split(maxsplit=2)
            if len(parts) != 3 or not parts[1].isdecimal() or parts[0] in shares:
                raise forms.ValidationError(_("“%(line)s” is not a code, basis points and a name.") % {"line": line})
            shares[parts[0]] = (parts[2], int(parts[1]))
        return shares


@admin.register(Department)
class DepartmentAdmin(Dated):
    list_display = ("kind", "code", "name", "share_bps", "effective_at")
    list_filter = ("kind",)
    ordering = ("kind", "-effective_at", "position")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({"form": DepartmentsForm} if obj is None else {}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("kind", "effective_at", "shares")
        return ("kind", "code", "name", "share_bps", "position", "effective_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        adopt(obj, actions.set_departments(actor=staff(request), **form.cleaned_data)[0])


@admin.register(Role)
class RoleAdmin(Dated):
    list_display = ("name", "department_code", "code", "credit_line", "billing_line", "weight", "effective_at")
    list_filter = ("department_code",)
    search_fields = ("name", "code", "credit_line")
    fields = ("code", "name", "department_code", "credit_line", "billing_line", "weight", "effective_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        adopt(obj, actions.add_role(actor=staff(request), **form.cleaned_data))


@admin.register(Prominence)
class ProminenceAdmin(Dated):
    list_display = ("name", "code", "weight", "effective_at")
    fields = ("code", "name", "weight", "effective_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        adopt(obj, actions.add_prominence(actor=staff(request), **form.cleaned_data))
