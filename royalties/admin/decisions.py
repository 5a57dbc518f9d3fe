"""What two people decide about money, in the admin: proposals stand first, the second person's button beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions, exchange
from royalties.admin.asking import Ask, AsksByForm
from royalties.admin.base import ArtistRequest, MoneyAdmin, Move, admin, shown
from royalties.admin.columns import NamesPayee
from royalties.admin.money_forms import AdvanceForm, ConversionForm, ReleaseForm, ReserveForm
from royalties.models import Advance, Conversion, ExchangeRate, Reserve, Reversal

PROPOSERS = ("drafter", "finance", "producer")
APPROVE = Move("approve", gettext_lazy("Approve and book"))
DROP = Move("drop", gettext_lazy("Drop this proposal"))
DECIDED = ("reason", "proposed_by", "proposed_at", "approved_by", "approved_at", "dropped_at")


class DecisionAdmin(AsksByForm):
    """Approve or drop, whatever it is about."""

    list_filter: ClassVar[Any] = (
        ("approved_at", admin.EmptyFieldListFilter),
        ("dropped_at", admin.EmptyFieldListFilter),
    )
    actions = ("approve", "drop")
    add_note = gettext_lazy("It is booked once somebody else approves it.")
    #: Calls the action that approves such a row; each kind of decision has its own.
    approve_row: Callable[[ArtistRequest, Any], Any]

    def moves(self, row: Any) -> list[Move]:
        return [APPROVE, DROP] if row.is_open else []

    @admin.action(description=gettext_lazy("Approve (as the second person)"))
    def approve(self, request: ArtistRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self.each(request, rows, lambda row: self.approve_row(request, row), _("approved and booked"))

    @admin.action(description=gettext_lazy("Drop"))
    def drop(self, request: ArtistRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        return self.each(
            request, rows, lambda row: actions.drop_proposal(actor=request.user, proposal=row), _("dropped")
        )


@admin.register(Reversal)
class ReversalAdmin(DecisionAdmin):
    list_display = ("of", "kind", "amount", "reason", "takes_effect_on", "proposed_by", "approved_by", "approved_at")
    list_select_related = ("income", "cost", "invoice", "proposed_by", "approved_by")
    search_fields = ("income__transaction", "cost__invoice", "invoice__number", "reason")
    fields = ("of", "kind", "amount", "takes_effect_on", *DECIDED)

    @admin.display(description=gettext_lazy("what"))
    def of(self, row: Reversal) -> str:
        return str(row.of)

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, row: Reversal) -> str:
        return str(row.of._meta.verbose_name)

    @admin.display(description=gettext_lazy("amount"))
    def amount(self, row: Reversal) -> str:
        return shown(row.of.amount_minor, row.of.currency)

    def approve_row(self, request: ArtistRequest, row: Any) -> Reversal:
        return actions.approve_reversal(actor=request.user, reversal=row)


@admin.register(Reserve)
class ReserveAdmin(DecisionAdmin):
    list_display = ("statement", "amount", "reason", "proposed_by", "approved_by", "approved_at", "released_in")
    list_filter = (*DecisionAdmin.list_filter, ("released_at", admin.EmptyFieldListFilter))
    list_select_related = ("statement__production", "released_in__production", "proposed_by", "approved_by")
    search_fields = ("statement__production__title", "reason")
    fields = ("statement", "amount", *DECIDED, "released_in", "released_by", "released_at")
    add_form_class = ReserveForm
    add_powers = PROPOSERS
    add_title = gettext_lazy("Propose a reserve")
    asks = {
        "release": Ask(
            title=gettext_lazy("Release a reserve"),
            form=ReleaseForm,
            act=lambda actor, row, data: actions.release_reserve(actor=actor, reserve=row, statement=data["statement"]),
            done=gettext_lazy("released; compute the statement again"),
        )
    }

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Reserve) -> str:
        return shown(row.amount_minor, row.statement.currency)

    def moves(self, row: Any) -> list[Move]:
        if row.approved_at and not row.released_at:
            return [Move("release", gettext_lazy("Release it"), page=True)]
        return super().moves(row)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Reserve:
        data = form.cleaned_data
        return actions.propose_reserve(
            actor=request.user, statement=data["statement"], money=data["money"], reason=data["reason"]
        )

    def approve_row(self, request: ArtistRequest, row: Any) -> Reserve:
        return actions.approve_reserve(actor=request.user, reserve=row)


@admin.register(Advance)
class AdvanceAdmin(NamesPayee, DecisionAdmin):
    list_display = (
        "payee_named",
        "production",
        "amount",
        "paid_on",
        "reason",
        "proposed_by",
        "approved_by",
        "approved_at",
    )
    list_select_related = ("payee__artist", "production", "proposed_by", "approved_by")
    search_fields = ("payee__code", "payee__artist__handle", "production__title")
    fields = ("payee_linked", "production", "amount", "paid_on", *DECIDED)
    add_form_class = AdvanceForm
    add_powers = PROPOSERS
    add_title = gettext_lazy("Propose an advance")

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: Advance) -> str:
        return shown(row.amount_minor, row.currency)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Advance:
        data = form.cleaned_data
        facts = {name: data[name] for name in ("payee", "production", "money", "paid_on", "reason")}
        return actions.propose_advance(actor=request.user, **facts)

    def approve_row(self, request: ArtistRequest, row: Any) -> Advance:
        return actions.approve_advance(actor=request.user, advance=row)


@admin.register(Conversion)
class ConversionAdmin(DecisionAdmin):
    list_display = (
        "production",
        "sold",
        "bought",
        "first_day",
        "last_day",
        "proposed_by",
        "approved_by",
        "approved_at",
    )
    list_select_related = ("production", "proposed_by", "approved_by")
    search_fields = ("production__title", "reason")
    fields = ("production", "sold", "bought", "first_day", "last_day", "rate", "figures", *DECIDED)
    add_form_class = ConversionForm
    add_powers = PROPOSERS
    add_title = gettext_lazy("Propose a conversion")
    add_note = gettext_lazy(
        "A statement is in one currency. This takes all that a production earned and cost in a period into another, "
        "at the rate recorded for its last day."
    )

    @admin.display(description=gettext_lazy("rate"))
    def rate(self, row: Conversion) -> str:
        exact = exchange.fraction_of(row)
        used = "; ".join(str(rate) for rate in row.rates.all())
        return f"{exchange.shown_rate(exact, row.sold, row.bought)} ({used})"

    @admin.display(description=gettext_lazy("figures"))
    def figures(self, row: Conversion) -> str:
        lines = (
            (line["from"], shown(line["amount"], row.sold), shown(line["converted"], row.bought)) for line in row.lines
        )
        body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", lines)
        return format_html("<table><tbody>{}</tbody></table>", body)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Conversion:
        return actions.propose_conversion(actor=request.user, **form.cleaned_data)

    def approve_row(self, request: ArtistRequest, row: Any) -> Conversion:
        return actions.approve_conversion(actor=request.user, conversion=row)


@admin.register(ExchangeRate)
class ExchangeRateAdmin(MoneyAdmin):
    list_display = ("day", "base", "quote", "shown_rate", "source")
    list_filter = ("base", "quote")
    list_select_related = ("source",)
    date_hierarchy = "day"
    fields = list_display

    @admin.display(description=gettext_lazy("rate"))
    def shown_rate(self, row: ExchangeRate) -> str:
        return row.shown
