"""Rule 2 of docs/style.md over the admin's registry: staff write by the same actions as everybody."""

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin

from tests.house.source import APPS


@pytest.mark.parametrize(
    "model_admin",
    [each for each in admin.site._registry.values() if each.model._meta.app_label in APPS],
    ids=lambda each: each.model._meta.label,
)
def test_rule_2_the_admin_is_read_only_or_calls_an_action(model_admin: ModelAdmin) -> None:
    """Each door by which the stock admin writes is either shut or overridden by one that calls an action."""
    kind = type(model_admin)
    doors = {
        "save_model": ("has_add_permission", "has_change_permission"),
        "delete_model": ("has_delete_permission",),
        "delete_queryset": ("has_delete_permission",),
    }
    for door, permissions in doors.items():
        overridden = getattr(kind, door) is not getattr(ModelAdmin, door)
        shut = all(getattr(kind, name) is not getattr(ModelAdmin, name) for name in permissions)
        assert overridden or shut, f"{kind.__name__}.{door} writes by itself"
    if model_admin.inlines:
        editable = [
            inline.__name__
            for inline in model_admin.inlines
            if inline.has_change_permission is admin.options.InlineModelAdmin.has_change_permission
        ]
        formset = kind.save_formset is not ModelAdmin.save_formset
        assert formset or not editable, f"{kind.__name__} saves the rows of {editable} by itself"
