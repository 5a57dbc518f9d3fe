"""Columns that lists and pages of money staff share: whose it is, and amounts and factors as people read them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from profiles.templatetags.house import bps
from royalties.admin.base import MoneyInline, shown
from royalties.models import Adjustment, Payout, Withholding


class NamesPayee:
    """Whose it is: rows come with `payee__artist`."""

    @admin.display(description=gettext_lazy("payee"), ordering="payee__code")
    def payee_named(self, row: Any) -> str:
        """The name that credits have, with the code by which forms ask for a payee."""
        return f"{row.payee.shown_name} · {row.payee.code}" if row.payee else ""

    @admin.display(description=gettext_lazy("payee"))
    def payee_linked(self, row: Any) -> str:
        """The same, leading to the payee's page; not for the first column of a list, which leads to the row."""
        if row.payee is None:
            return ""
        address = reverse("admin:royalties_payee_change", args=[row.payee.pk])
        return format_html('<a href="{}">{}</a>', address, self.payee_named(row))


class ShowsPayout(NamesPayee):
    """What a payment was made of."""

    @admin.display(description=gettext_lazy("before tax"), ordering="amount_minor")
    def gross(self, row: Payout) -> str:
        return shown(row.amount_minor, row.currency)

    @admin.display(description=gettext_lazy("tax kept"), ordering="withheld_minor")
    def kept(self, row: Payout) -> str:
        return shown(row.withheld_minor, row.currency)

    @admin.display(description=gettext_lazy("sent"), ordering="amount_minor")
    def sent(self, row: Payout) -> str:
        """What goes to the provider, in the currency of the way of payment."""
        return shown(row.paid.amount_minor, row.paid.currency)


class ShowsAdjustment(NamesPayee):
    """What a judgement changes; rows come with `statement`."""

    @admin.display(description=gettext_lazy("factor"), ordering="factor_bps")
    def factor(self, row: Adjustment) -> str:
        """A hundred per cent changes nothing."""
        return "" if row.factor_bps is None else bps(row.factor_bps)

    @admin.display(description=gettext_lazy("award"), ordering="amount_minor")
    def award(self, row: Adjustment) -> str:
        return shown(row.amount_minor, row.statement.currency)


class WithholdingInline(MoneyInline):
    """What authorities get of one payment, or one of them of many."""

    model = Withholding

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withholding]:
        rows: QuerySet[Withholding] = super().get_queryset(request)
        return rows.select_related("payout")

    @admin.display(description=gettext_lazy("taxed amount"))
    def basis(self, row: Withholding) -> str:
        return shown(row.basis_minor, row.payout.currency)

    @admin.display(description=gettext_lazy("tax kept"))
    def tax(self, row: Withholding) -> str:
        return shown(row.amount_minor, row.payout.currency)
