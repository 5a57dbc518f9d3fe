"""Suspense and invoices of ours, in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions
from royalties.admin.asking import Ask, AsksByForm
from royalties.admin.base import ArtistRequest, Move, admin, shown
from royalties.admin.money_forms import InvoiceForm, ReceiveForm, ResolveForm
from royalties.admin.taking_back import TAKE_BACK, TAKEN_BACK, shown_reversal
from royalties.models import Invoice, Suspense


@admin.register(Suspense)
class SuspenseAdmin(AsksByForm):
    """What waits stands first."""

    list_display = ("provider", "transaction", "text", "amount", "received_on", "resolution", "production", "reason")
    list_filter = ("resolution", "provider", "currency")
    search_fields = ("transaction", "text", "reason")
    list_select_related = ("production",)
    fields = (*list_display, "fee", "channel", "source", "line_number", "resolved_by", "resolved_at")
    actions = ("send_back",)
    asks = {
        "resolve": Ask(
            title=gettext_lazy("Say where it belongs"),
            form=ResolveForm,
            act=lambda actor, row, data: actions.resolve_suspense(actor=actor, suspense=row, **data),
            done=gettext_lazy("is income of that production"),
        )
    }

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Suspense) -> str:
        return shown(row.amount_minor, row.currency)

    @admin.display(description=gettext_lazy("the channel’s fee"))
    def fee(self, row: Suspense) -> str:
        return shown(row.fee_minor, row.currency)

    def moves(self, row: Any) -> list[Move]:
        if row.resolution:
            return []
        return [
            Move("resolve", gettext_lazy("Say which production"), page=True),
            Move("send_back", gettext_lazy("It was sent back"), gettext_lazy("Reason, which stays with the booking")),
        ]

    @admin.action(description=gettext_lazy("Sent back (reason needed)"))
    def send_back(self, request: ArtistRequest, rows: QuerySet[Suspense]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.return_suspense(actor=request.user, suspense=row, reason=self.words(request)),
            _("is booked as sent back"),
        )


@admin.register(Invoice)
class InvoiceAdmin(AsksByForm):
    list_display = ("channel", "number", "production", "amount", "invoiced_on", "received_on", "provider")
    list_filter = (("received_on", admin.EmptyFieldListFilter), "channel")
    search_fields = ("number", "production__title")
    list_select_related = ("production",)
    fields = (*list_display, "taken_back", "created_by", "created_at")
    actions = ("reverse",)
    add_form_class = InvoiceForm
    add_powers = ("finance", "producer")
    add_title = gettext_lazy("Record an invoice sent")
    add_note = gettext_lazy("It is revenue from the day it was sent, and a receivable until it is paid.")
    asks = {
        "receive": Ask(
            title=gettext_lazy("It was paid"),
            form=ReceiveForm,
            act=lambda actor, row, data: actions.receive_invoice(actor=actor, invoice=row, **data),
            done=gettext_lazy("is paid"),
        )
    }

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Invoice) -> str:
        return shown(row.amount_minor, row.currency)

    def moves(self, row: Any) -> list[Move]:
        if row.received_on or row.reversals.filter(dropped_at=None).exists():
            return []
        return [Move("receive", gettext_lazy("It was paid"), page=True), TAKE_BACK]

    @admin.display(description=gettext_lazy("taken back"))
    def taken_back(self, row: Invoice) -> str:
        return shown_reversal(row)

    @admin.action(description=gettext_lazy("Take back (reason needed)"))
    def reverse(self, request: ArtistRequest, rows: QuerySet[Invoice]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.reverse_invoice(actor=request.user, invoice=row, reason=self.words(request)),
            str(TAKEN_BACK),
        )

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Invoice:
        names = ("production", "channel", "number", "money", "invoiced_on")
        return actions.send_invoice(actor=request.user, **{name: form.cleaned_data[name] for name in names})
