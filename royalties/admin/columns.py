"""Columns that lists and pages of money staff share: whose it is, and amounts and factors as people read them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from royalties.admin.base import MoneyInline, shown
from royalties.models import Adjustment, Payout, Withholding
from royalties.templatetags.money import bps


@admin.display(description=gettext_lazy("payee"), ordering="payee__code")
def payee_named(row: Any) -> str:
    """The name that credits have, with the code by which forms ask for a payee; rows come with `payee__artist`."""
    return f"{row.payee.shown_name} · {row.payee.code}" if row.payee else ""


@admin.display(description=gettext_lazy("payee"))
def payee_linked(row: Any) -> str:
    """The same, leading to the payee's page; not for the first column of a list, which leads to the row."""
    if row.payee is None:
        return ""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:royalties_payee_change", args=[row.payee.pk]), payee_named(row)
    )


@admin.display(description=gettext_lazy("before tax"), ordering="amount_minor")
def gross(row: Payout) -> str:
    return shown(row.amount_minor, row.currency)


@admin.display(description=gettext_lazy("tax kept"), ordering="withheld_minor")
def kept(row: Payout) -> str:
    return shown(row.withheld_minor, row.currency)


@admin.display(description=gettext_lazy("sent"), ordering="amount_minor")
def sent(row: Payout) -> str:
    """What goes to the provider, in the currency of the way of payment."""
    return shown(row.paid.amount_minor, row.paid.currency)


@admin.display(description=gettext_lazy("factor"), ordering="factor_bps")
def factor(row: Adjustment) -> str:
    """A hundred per cent changes nothing."""
    return "" if row.factor_bps is None else bps(row.factor_bps)


@admin.display(description=gettext_lazy("award"), ordering="amount_minor")
def award(row: Adjustment) -> str:
    return shown(row.amount_minor, row.statement.currency)


@admin.display(description=gettext_lazy("taxed amount"))
def basis(row: Withholding) -> str:
    return shown(row.basis_minor, row.payout.currency)


@admin.display(description=gettext_lazy("tax kept"))
def tax(row: Withholding) -> str:
    return shown(row.amount_minor, row.payout.currency)


class WithholdingInline(MoneyInline):
    """What authorities get of one payment, or one of them of many."""

    model = Withholding

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withholding]:
        rows: QuerySet[Withholding] = super().get_queryset(request)
        return rows.select_related("payout")
