"""People in the admin: staff look here and grant powers; people change their own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from profiles import actions
from profiles.access import member
from profiles.models import Artist, Event, Notice, Terms
from profiles.models.artist import StaffPower


class StaffLook:
    """Who works here may look at it, with any power; nothing is written but by an action.

    Powers are groups, and what they may do is decided by the actions: Django's own permissions
    per model would be a second, weaker set of rules.
    """

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = request.user
        return isinstance(user, Artist) and user.has_power(*StaffPower.values)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(StaffLook, admin.ModelAdmin[Any]):
    """Rows that only actions write; the admin shows them."""


class ReadOnlyInline(StaffLook, admin.TabularInline[Any, Any]):
    """Rows of another model shown beside theirs; actions write them."""

    extra = 0
    can_delete = False


class PowersForm(forms.ModelForm[Artist]):
    """The one thing staff change of a person: their powers."""

    powers = forms.MultipleChoiceField(
        label=_("staff powers"),
        choices=StaffPower.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Artist
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["powers"] = list(self.instance.groups.values_list("name", flat=True))


@admin.register(Artist)
class ArtistAdmin(StaffLook, admin.ModelAdmin[Artist]):
    """Search people; grant powers through the action."""

    form = PowersForm
    list_display = ("handle", "display_name", "email", "is_staff", "joined_at", "closed_at")
    list_filter = ("is_staff", "groups")
    search_fields = ("handle", "display_name", "credit_name", "email")
    ordering = ("-joined_at",)
    readonly_fields = ("handle", "display_name", "credit_name", "email", "bio", "joined_at")
    fields = (*readonly_fields, "powers")

    def has_view_permission(self, request: HttpRequest, obj: Artist | None = None) -> bool:
        """Addresses are for those who answer reports, not for everybody who works here."""
        user = request.user
        return isinstance(user, Artist) and user.has_power(StaffPower.MODERATOR)

    def has_change_permission(self, request: HttpRequest, obj: Artist | None = None) -> bool:
        return bool(request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: Artist, form: Any, change: bool) -> None:
        powers = [StaffPower(power) for power in form.cleaned_data["powers"]]
        actions.grant_powers(actor=member(request), artist=obj, powers=powers)


#: By the first letters of a verb the powers that read such events and the notices of them; else any power does.
READ_WITH: dict[str, tuple[str, ...]] = {}
#: Verbs of events whose notices no colleague reads, since who got one is a secret.
CONFIDENTIAL: set[str] = set()
# An app that keeps something to itself says so in both.


def readable_verbs(request: HttpRequest, verb: str) -> Q:
    """What this colleague may read, by the verb in that column."""
    user = member(request)
    kept = [start for start, powers in READ_WITH.items() if not user.has_power(*powers)]
    return Q(*(~Q(**{f"{verb}__startswith": start}) for start in kept))


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The audit trail, as far as it is this colleague's to read."""

    list_display = ("at", "actor", "verb", "topic")
    list_filter = ("verb",)
    search_fields = ("topic", "verb", "actor__handle")
    list_select_related = ("actor",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).filter(readable_verbs(request, "verb"))


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people were told, as far as it is this colleague's to read."""

    list_display = ("created_at", "recipient", "text", "read_at", "mailed_at")
    search_fields = ("recipient__handle", "text")
    list_select_related = ("recipient",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        rows = super().get_queryset(request).exclude(event__verb__in=CONFIDENTIAL)
        return rows.filter(readable_verbs(request, "event__verb"))


@admin.register(Terms)
class TermsAdmin(ReadOnlyAdmin):
    list_display = ("kind", "version", "effective_at", "sha256")
