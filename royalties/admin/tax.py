"""Rates that authorities set, and what is remitted to them; rows are added by actions and never edited."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from profiles.templatetags.house import bps
from royalties import actions
from royalties.admin.base import AddsByAction, ArtistRequest, admin, shown
from royalties.admin.columns import WithholdingInline
from royalties.admin.forms import RateForm, RemittanceForm
from royalties.models import Remittance, WithholdingRate


@admin.register(WithholdingRate)
class WithholdingRateAdmin(AddsByAction):
    list_display = ("authority", "country", "rate", "valid_from", "note", "entered_by", "entered_at")
    list_filter = ("authority", "country")
    list_select_related = ("entered_by",)
    fields = list_display
    add_form_class = RateForm
    add_powers = ("finance",)
    add_title = gettext_lazy("Enter a rate")
    add_note = gettext_lazy("A rate begins today or later; the older row of the same authority and country ends there.")

    @admin.display(description=gettext_lazy("rate"), ordering="rate_bps")
    def rate(self, row: WithholdingRate) -> str:
        return bps(row.rate_bps)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> WithholdingRate:
        data = dict(form.cleaned_data)
        return actions.enter_rate(actor=request.user, rate_bps=data.pop("rate"), **data)


class RemittedInline(WithholdingInline):
    fields = readonly_fields = ("payout", "basis", "tax")


@admin.register(Remittance)
class RemittanceAdmin(AddsByAction):
    list_display = ("authority", "period", "amount", "reference", "made_by", "made_at")
    list_filter = ("authority", "currency")
    list_select_related = ("made_by",)
    fields = list_display
    inlines = (RemittedInline,)
    add_form_class = RemittanceForm
    add_powers = ("finance",)
    add_title = gettext_lazy("Remit tax")
    add_note = gettext_lazy("Everything kept for an authority from payouts that arrived in a period that is over.")

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Remittance) -> str:
        return shown(row.amount_minor, row.currency)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Remittance:
        return actions.remit_tax(actor=request.user, **form.cleaned_data)
