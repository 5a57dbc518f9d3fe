"""Who is paid: payees, their tax forms and holds, who may be one person, and money nobody asks for."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from royalties import actions, earned, years
from royalties.admin.base import AddsByAction, ArtistRequest, MoneyAdmin, MoneyInline, Move, admin, shown
from royalties.admin.columns import NamesPayee
from royalties.admin.forms import HoldForm
from royalties.cells import safe
from royalties.models import (
    Destination,
    MatchVerdict,
    Payee,
    PayeeMatch,
    PayoutHold,
    TaxForm,
    UnclaimedCase,
)
from royalties.money import Money
from royalties.people import people_of

HEADER = (
    "payee",
    "name",
    "person",
    "currency",
    "earned",
    "advanced",
    "recouped",
    "gross paid",
    "withheld",
    "paid",
    "of it arrived as",
)


class DestinationInline(MoneyInline):
    """Whether there is one, never what it is: staff have no business with the address."""

    model = Destination
    fields = readonly_fields = ("method", "country", "created_at", "verified_at", "held_until", "replaced_at")


class TaxFormInline(MoneyInline):
    """Which form, never the number in it."""

    model = TaxForm
    fields = readonly_fields = ("kind", "country", "signed_at", "valid_from", "valid_to")


class HoldInline(MoneyInline):
    model = PayoutHold
    fields = readonly_fields = ("kind", "reason", "placed_by", "placed_at", "lifted_by", "lifted_because")
    show_change_link = True
    fk_name = "payee"


@admin.register(Payee)
class PayeeAdmin(MoneyAdmin):
    """With the list of a calendar year: who earned, was paid, and what authorities kept."""

    change_list_template = "admin/royalties/payees.html"
    list_display = ("code", "artist", "kind", "created_at")
    search_fields = ("code", "artist__handle", "artist__display_name")
    list_select_related = ("artist",)
    fields = (*list_display, "balances")
    inlines = (DestinationInline, TaxFormInline, HoldInline)

    @admin.display(description=gettext_lazy("payable, and what keeps it from being paid"))
    def balances(self, row: Payee) -> str:
        """As the payee reads it on “My earnings”, and for staff alone where nobody is there to read it."""
        lines = [
            [(balance.money.format(get_language() or "en"),), *((obstacle.text,) for obstacle in balance.obstacles)]
            for balance in earned.balances_of(row, timezone.now())
        ]
        return format_html_join("", "<p>{}</p>", ((format_html_join(" · ", "{}", line),) for line in lines)) or "–"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("years/<int:year>/", view(self.year_view), name="royalties_payee_year"),
            path("years/<int:year>.csv", view(self.year_csv), name="royalties_payee_year_csv"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        this = timezone.now().year
        return super().changelist_view(request, {"years": [this, this - 1], **(extra_context or {})})

    def year_view(self, request: HttpRequest, year: int) -> HttpResponse:
        """The list to read and to print."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Earned and paid in %(year)d") % {"year": year},
            "opts": self.opts,
            "year": year,
            "header": HEADER,
            "rows": self._rows(request, year),
        }
        return TemplateResponse(request, "admin/royalties/year.html", context)

    def year_csv(self, request: HttpRequest, year: int) -> HttpResponse:
        """The same list for a spreadsheet."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="payees-{year}.csv"'
        csv.writer(response).writerows([HEADER, *self._rows(request, year)])
        return response

    def _rows(self, request: HttpRequest, year: int) -> list[list[str]]:
        if not self.has_view_permission(request) or not 2000 <= year <= 9999:
            raise Http404(str(year))
        summaries = years.summaries_of(None, year)
        person = people_of(summaries)
        payees = Payee.objects.filter(pk__in={*summaries, *person.values()}).select_related("artist").in_bulk()
        rows = []
        for key in sorted(summaries, key=lambda key: (person[key], key)):
            for each in summaries[key]:
                sums = (
                    each.earned_minor,
                    each.advanced_minor,
                    each.recouped_minor,
                    each.gross_minor,
                    each.withheld_minor,
                    each.paid_minor,
                )
                amounts = [Money(minor, each.currency).plain() for minor in sums]
                name, one = safe(payees[key].shown_name), payees[person[key]].code
                arrived = ", ".join(str(bought) for _sold, bought in each.converted)
                rows.append([payees[key].code, name, one, each.currency, *amounts, arrived])
        return rows


@admin.register(PayoutHold)
class PayoutHoldAdmin(NamesPayee, AddsByAction):
    list_display = ("payee_named", "kind", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("payee__artist", "placed_by", "lifted_by")
    fields = ("payee_linked", *list_display[1:], "lifted_because", "currencies")
    actions = ("lift",)
    add_form_class = HoldForm
    add_powers = ("finance", "approver")
    add_title = gettext_lazy("Hold a payee’s money")
    add_note = gettext_lazy("The payee reads the reason. Somebody else lifts it.")

    def moves(self, row: Any) -> list[Move]:
        if row.lifted_at:
            return []
        return [Move("lift", gettext_lazy("Lift this hold"), gettext_lazy("Why; the payee reads it"), most=300)]

    def add_row(self, request: ArtistRequest, form: forms.Form) -> PayoutHold:
        return actions.place_hold(actor=request.user, **form.cleaned_data)

    @admin.action(description=gettext_lazy("Lift (as the second person)"))
    def lift(self, request: ArtistRequest, rows: QuerySet[PayoutHold]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.lift_hold(actor=request.user, hold=row, reason=self.words(request)),
            _("lifted"),
        )


class VerdictInline(MoneyInline):
    model = MatchVerdict
    fields = readonly_fields = ("outcome", "reason", "decided_by", "decided_at")


class UndecidedFilter(admin.SimpleListFilter):
    """What waits for a verdict."""

    title = gettext_lazy("waits for a verdict")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verdicts__isnull=True) if self.value() == "1" else queryset


@admin.register(PayeeMatch)
class PayeeMatchAdmin(MoneyAdmin):
    """Neither of the two is paid before a verdict; a later verdict may change an earlier one."""

    list_display = ("first", "second", "ground", "found_at", "verdict")
    list_filter = (UndecidedFilter, "ground")
    list_select_related = ("first__artist", "second__artist")
    fields = ("first", "first_artist", "second", "second_artist", "ground", "found_at")
    inlines = (VerdictInline,)
    actions = ("one", "two")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PayeeMatch]:
        keys = super().get_queryset(request).values("pk")
        return PayeeMatch.objects.filter(pk__in=keys).with_outcome().order_by("-pk")

    @admin.display(description=gettext_lazy("verdict"))
    def verdict(self, row: Any) -> str:
        return str(MatchVerdict.Outcome(row.outcome).label) if row.outcome else ""

    @admin.display(description=gettext_lazy("artist"))
    def first_artist(self, row: PayeeMatch) -> str:
        return row.first.shown_name

    @admin.display(description=gettext_lazy("artist"))
    def second_artist(self, row: PayeeMatch) -> str:
        return row.second.shown_name

    def moves(self, row: Any) -> list[Move]:
        why = gettext_lazy("Why; it is kept with the verdict")
        return [
            Move("one", gettext_lazy("They are one person"), why, most=300),
            Move("two", gettext_lazy("They are two people"), why, most=300),
        ]

    @admin.action(description=gettext_lazy("One person (reason needed)"))
    def one(self, request: ArtistRequest, rows: QuerySet[PayeeMatch]) -> HttpResponse | None:
        return self._decide(request, rows, MatchVerdict.Outcome.ONE)

    @admin.action(description=gettext_lazy("Two people (reason needed)"))
    def two(self, request: ArtistRequest, rows: QuerySet[PayeeMatch]) -> HttpResponse | None:
        return self._decide(request, rows, MatchVerdict.Outcome.TWO)

    def _decide(self, request: ArtistRequest, rows: QuerySet[PayeeMatch], outcome: str) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.decide_match(
                actor=request.user, match=row, outcome=outcome, reason=self.words(request)
            ),
            _("decided"),
        )


@admin.register(UnclaimedCase)
class UnclaimedCaseAdmin(NamesPayee, MoneyAdmin):
    list_display = ("payee_named", "currency", "status", "amount", "warned_at", "due_on", "set_aside_at", "ended_at")
    list_filter = ("status", "currency")
    list_select_related = ("payee__artist",)
    fields = ("payee_linked", *list_display[1:], "escheat_asked_by", "ended_by", "reference")
    actions = ("ask", "escheat")

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: UnclaimedCase) -> str:
        return shown(row.amount_minor or None, row.currency)

    def moves(self, row: Any) -> list[Move]:
        if row.status != UnclaimedCase.Status.UNCLAIMED:
            return []
        if row.escheat_asked_by_id is None:
            return [Move("ask", gettext_lazy("The law wants this money now"))]
        return [
            Move(
                "escheat", gettext_lazy("It is given to the state"), gettext_lazy("The authority’s reference"), most=80
            )
        ]

    @admin.action(description=gettext_lazy("The law wants it (the first of two people)"))
    def ask(self, request: ArtistRequest, rows: QuerySet[UnclaimedCase]) -> HttpResponse | None:
        return self.each(request, rows, lambda row: actions.ask_escheat(actor=request.user, case=row), _("asked"))

    @admin.action(description=gettext_lazy("Given to the state (the second, reference needed)"))
    def escheat(self, request: ArtistRequest, rows: QuerySet[UnclaimedCase]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.escheat(actor=request.user, case=row, reference=self.words(request)),
            _("given to the state"),
        )
