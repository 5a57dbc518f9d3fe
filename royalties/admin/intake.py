"""Money in: upload files, look at their rows, approve costs as the second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions
from royalties.admin.base import AddsByAction, ArtistRequest, MoneyAdmin, Move, admin, shown
from royalties.admin.forms import ImportForm
from royalties.admin.money_forms import CostForm
from royalties.admin.taking_back import TAKE_BACK, TAKEN_BACK, shown_reversal
from royalties.models import Cost, Import, Income


@admin.register(Import)
class ImportAdmin(AddsByAction):
    list_display = ("name", "kind", "row_count", "known_count", "created_by", "created_at")
    list_filter = ("kind",)
    search_fields = ("name", "sha256")
    list_select_related = ("created_by",)
    fields = (*list_display, "sha256")
    add_form_class = ImportForm
    add_powers = ("finance", "producer")
    add_title = gettext_lazy("Take in a file")
    add_note = gettext_lazy("A file is taken whole or not at all; the same file twice counts once.")

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Import:
        file = form.cleaned_data["file"]
        return actions.import_csv(
            actor=request.user,
            kind=form.cleaned_data["kind"],
            name=file.name,
            content=file.read(actions.LARGEST_FILE + 1),
        )


@admin.register(Income)
class IncomeAdmin(MoneyAdmin):
    list_display = ("provider", "transaction", "kind", "channel", "production", "amount", "received_on")
    list_filter = ("kind", "provider", "production")
    search_fields = ("transaction",)
    list_select_related = ("production",)
    date_hierarchy = "received_on"
    fields = (*list_display, "sale", "taken_back", "source", "line_number")
    actions = ("reverse",)

    def moves(self, row: Any) -> list[Move]:
        if row.reversals.filter(dropped_at=None).exists():
            return []
        return [TAKE_BACK]

    @admin.display(description=gettext_lazy("taken back"))
    def taken_back(self, row: Income) -> str:
        return shown_reversal(row)

    @admin.action(description=gettext_lazy("Take back (reason needed)"))
    def reverse(self, request: ArtistRequest, rows: QuerySet[Income]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.reverse_income(actor=request.user, income=row, reason=self.words(request)),
            str(TAKEN_BACK),
        )

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Income) -> str:
        return shown(row.amount_minor, row.currency)


@admin.register(Cost)
class CostAdmin(AddsByAction):
    """What is not approved yet stands first."""

    list_display = ("invoice", "supplier", "category", "production", "amount", "paid_on", "created_by", "approval")
    list_filter = (
        ("approved_by", admin.EmptyFieldListFilter),
        ("dropped_at", admin.EmptyFieldListFilter),
        "is_within_limit",
        "category",
        "production",
    )
    search_fields = ("invoice", "supplier")
    list_select_related = ("production", "created_by", "approved_by")
    ordering = (F("approved_at").asc(nulls_first=True), "-pk")  # type: ignore[assignment]  # expressions are allowed, the stubs know only names
    fields = (*list_display, "approved_at", "dropped_by", "dropped_at", "drop_reason", "taken_back", "source")
    actions = ("approve", "drop", "reverse")
    add_form_class = CostForm
    add_powers = ("finance", "producer")
    add_title = gettext_lazy("Enter a cost")
    add_note = gettext_lazy(
        "It counts once somebody else approves it. Small ones count at once, up to a sum a person, production and month."
    )

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Cost:
        names = ("production", "invoice", "supplier", "category", "money", "paid_on")
        return actions.enter_cost(actor=request.user, **{name: form.cleaned_data[name] for name in names})

    @admin.display(description=gettext_lazy("approved by"), ordering="approved_by")
    def approval(self, row: Cost) -> str:
        if row.dropped_at is not None:
            return _("dropped")
        return _("not needed, it is small") if row.is_within_limit else str(row.approved_by or _("nobody yet"))

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Cost) -> str:
        return shown(row.amount_minor, row.currency)

    def moves(self, row: Any) -> list[Move]:
        if row.dropped_at is not None or row.reversals.filter(dropped_at=None).exists():
            return []
        if row.counts:
            return [TAKE_BACK]
        why = gettext_lazy("Reason, which stays with the cost")
        return [Move("approve", gettext_lazy("Approve this cost")), Move("drop", gettext_lazy("Drop it"), why)]

    @admin.action(description=gettext_lazy("Approve (as the second person)"))
    def approve(self, request: ArtistRequest, rows: QuerySet[Cost]) -> HttpResponse | None:
        return self.each(
            request, rows, lambda row: actions.approve_cost(actor=request.user, cost=row), _("approved and booked")
        )

    @admin.action(description=gettext_lazy("Drop (reason needed)"))
    def drop(self, request: ArtistRequest, rows: QuerySet[Cost]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.drop_cost(actor=request.user, cost=row, reason=self.words(request)),
            _("dropped; its number is free"),
        )

    @admin.display(description=gettext_lazy("taken back"))
    def taken_back(self, row: Cost) -> str:
        return shown_reversal(row)

    @admin.action(description=gettext_lazy("Take back (reason needed)"))
    def reverse(self, request: ArtistRequest, rows: QuerySet[Cost]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.reverse_cost(actor=request.user, cost=row, reason=self.words(request)),
            str(TAKEN_BACK),
        )
