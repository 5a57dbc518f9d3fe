"""Licences, rates, and what was given and taken under them: staff add policy and look at the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contributions import actions
from contributions.admin._base import LookAdmin, each
from contributions.models import Download, InfluenceRate, Licence, LicenceGrant, RightsReceipt
from profiles.access import member


class PolicyAdmin(LookAdmin):
    """Dated rows: producers and approvers add, by the action that each kind names; nobody edits."""

    adding: ClassVar[Callable[..., Model]]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.has_power("producer", "approver"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = self.adding(actor=member(request), **form.cleaned_data).pk


@admin.register(Licence)
class LicenceAdmin(PolicyAdmin):
    # Before Django's own list of `actions` takes the module's name.
    adding = staticmethod(actions.add_licence)
    list_display = ("name", "code", "version", "allows_commercial_use", "share_alike", "site_only", "offered")
    actions = ("offer", "stop_offering")

    @admin.action(description=_("Offer for new works"))
    def offer(self, request: HttpRequest, licences: QuerySet[Licence]) -> None:
        self._set_offered(request, licences, offered=True)

    @admin.action(description=_("No longer offer for new works"))
    def stop_offering(self, request: HttpRequest, licences: QuerySet[Licence]) -> None:
        self._set_offered(request, licences, offered=False)

    def _set_offered(self, request: HttpRequest, licences: QuerySet[Licence], *, offered: bool) -> None:
        each(
            request,
            licences,
            lambda licence: actions.offer_licence(actor=member(request), licence=licence, offered=offered),
            lambda n: ngettext("%d licence is changed.", "%d licences are changed.", n) % n,
        )


@admin.register(InfluenceRate)
class InfluenceRateAdmin(PolicyAdmin):
    list_display = ("kind", "rate_bps", "effective_at")
    ordering = ("-effective_at", "kind")
    adding = staticmethod(actions.add_influence_rate)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "effective_at" in form.base_fields:
            form.base_fields["effective_at"].help_text = _(
                "Not in the past: it counts for remixes published from then on."
            )
        return form


@admin.register(RightsReceipt)
class RightsReceiptAdmin(LookAdmin):
    list_display = ("at", "contribution", "artist", "terms", "sha256")
    list_select_related = ("contribution", "artist", "terms")
    search_fields = ("contribution__title", "artist__handle", "sha256")
    ordering = ("-pk",)


@admin.register(LicenceGrant)
class LicenceGrantAdmin(LookAdmin):
    list_display = ("at", "contribution", "licence", "receipt")
    list_filter = ("licence", "at")
    list_select_related = ("contribution", "licence", "receipt")
    search_fields = ("contribution__title",)
    ordering = ("-pk",)


@admin.register(Download)
class DownloadAdmin(LookAdmin):
    list_display = ("at", "contribution", "label", "artist", "licence", "terms")
    list_filter = ("licence", "at")
    list_select_related = ("contribution", "artist", "licence", "terms")
    search_fields = ("contribution__title", "artist__handle", "sha256")
    ordering = ("-pk",)
