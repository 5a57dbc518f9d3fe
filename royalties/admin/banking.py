"""Our own money between providers and the bank, and into other currencies, in the admin."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from royalties import actions
from royalties.admin.base import AddsByAction, ArtistRequest, admin, shown
from royalties.admin.money_forms import BankExchangeForm, TransferForm
from royalties.models import BankExchange, Transfer


@admin.register(Transfer)
class TransferAdmin(AddsByAction):
    list_display = ("provider", "number", "direction", "amount", "arrived_on", "created_by")
    list_filter = ("direction", "provider", "currency")
    search_fields = ("number",)
    list_select_related = ("created_by",)
    fields = (*list_display, "created_at")
    add_form_class = TransferForm
    add_powers = ("finance",)
    add_title = gettext_lazy("Record a transfer")
    add_note = gettext_lazy("What a provider paid out of what it holds for us, or what we gave it to pay others with.")

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Transfer) -> str:
        return shown(row.amount_minor, row.currency)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Transfer:
        names = ("provider", "number", "direction", "money", "arrived_on")
        return actions.record_transfer(actor=request.user, **{name: form.cleaned_data[name] for name in names})


@admin.register(BankExchange)
class BankExchangeAdmin(AddsByAction):
    list_display = ("number", "gave", "received", "lost", "exchanged_on", "created_by")
    list_filter = ("sold", "bought")
    search_fields = ("number",)
    list_select_related = ("created_by",)
    fields = (*list_display, "rates", "created_at")
    add_form_class = BankExchangeForm
    add_powers = ("finance",)
    add_title = gettext_lazy("Record an exchange at the bank")
    add_note = gettext_lazy(
        "What the bank gave for it is held against the recorded rate of the day; the difference is the company’s "
        "loss or gain."
    )

    @admin.display(description=gettext_lazy("given"), ordering="sold_minor")
    def gave(self, row: BankExchange) -> str:
        return shown(row.sold_minor, row.sold)

    @admin.display(description=gettext_lazy("received"), ordering="bought_minor")
    def received(self, row: BankExchange) -> str:
        return shown(row.bought_minor, row.bought)

    @admin.display(description=gettext_lazy("lost against the recorded rate"))
    def lost(self, row: BankExchange) -> str:
        return shown(row.loss.amount_minor, row.bought)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> BankExchange:
        names = ("number", "sold", "bought", "exchanged_on")
        return actions.record_bank_exchange(actor=request.user, **{name: form.cleaned_data[name] for name in names})
