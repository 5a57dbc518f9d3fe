"""What every page of works in the admin shares: staff look, and change by actions alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contributions.errors import ContributionError
from contributions.models import Contribution

PREVIEW_HEIGHT = 72
# An address typed without its scheme is taken for a safe one.
HTTPS: dict[type[Any], dict[str, Any]] = {URLField: {"assume_scheme": "https"}}
LOOKERS = ("curator", "producer", "moderator", "drafter", "approver", "finance")


class StaffViewMixin:
    """Staff with any power may look; nothing is written but by an action."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.has_power(*LOOKERS))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookAdmin(StaffViewMixin, admin.ModelAdmin[Any]):
    """Rows to look at."""

    formfield_overrides = HTTPS
    show_full_result_count = False
    list_per_page = 50


class LookInline(StaffViewMixin, admin.TabularInline[Any, Any]):
    """Rows beside theirs."""

    formfield_overrides = HTTPS
    extra = 0
    can_delete = False
    show_change_link = True


class ReasonForm(ActionForm):
    """The bar above a list: a reason goes with what takes something away."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


def each(request: HttpRequest, rows: QuerySet[Any], do: Callable[[Any], object], done: Callable[[int], str]) -> None:
    """Do it to every row; refusals are told one by one, and stop nothing else."""
    count = 0
    for row in rows:
        try:
            do(row)
        except ContributionError as refused:
            messages.error(request, f"{row}: {refused}")
        else:
            count += 1
    if count:
        messages.success(request, done(count))


def preview(work: Contribution) -> SafeString | str:
    """A still picture, or a player, small enough for a list."""
    if picture := work.picture(320):
        width = round(PREVIEW_HEIGHT * min(max(work.media.ratio, 0.5), 2.0))
        return format_html(
            '<img src="{}" alt="" width="{}" height="{}" loading="lazy">', picture, width, PREVIEW_HEIGHT
        )
    if work.medium == Contribution.Medium.AUDIO and work.media_sources:
        return format_html('<audio controls preload="none" src="{}"></audio>', work.media_sources[0]["url"])
    return work.excerpt[:120] or "–"
