"""Providers' reports of our payments, and the rows in them that somebody must look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions
from royalties.admin.base import AddsByAction, ArtistRequest, MoneyAdmin, MoneyInline, Move, admin, shown
from royalties.admin.forms import ReportForm
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Payee, PayoutReport, ReportRow, RowVerdict


class OpenFilter(admin.SimpleListFilter):
    """What waits for a verdict."""

    title = gettext_lazy("waits for a verdict")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = ReportRow.objects.open().values("pk")
        return queryset.filter(pk__in=waiting) if self.value() == "1" else queryset


@admin.register(PayoutReport)
class PayoutReportAdmin(AddsByAction):
    list_display = ("name", "format", "row_count", "taken_by", "taken_at")
    list_filter = ("format",)
    search_fields = ("name", "sha256")
    list_select_related = ("taken_by",)
    fields = (*list_display, "sha256")
    add_form_class = ReportForm
    add_powers = ("finance",)
    add_title = gettext_lazy("Take in a payout report")
    add_note = gettext_lazy("A file is taken whole or not at all; the same file, and the same news, counts once.")

    def add_row(self, request: ArtistRequest, form: forms.Form) -> PayoutReport:
        file = form.cleaned_data["file"]
        return actions.import_report(
            actor=request.user,
            form=form.cleaned_data["form"],
            name=file.name,
            content=file.read(actions.LARGEST_PAYOUT_REPORT + 1),
        )


class RowVerdictInline(MoneyInline):
    model = RowVerdict
    fields = readonly_fields = ("outcome", "reason", "decided_by", "decided_at")


@admin.register(ReportRow)
class ReportRowAdmin(MoneyAdmin):
    list_display = ("report", "number", "item", "reference", "status", "amount", "outcome", "payout")
    list_filter = (OpenFilter, "outcome", "status")
    search_fields = ("item", "reference")
    list_select_related = ("report", "payout")
    fields = (*list_display, "reason", "booked")
    inlines = (RowVerdictInline,)
    actions = ("wrong", "owed", "lost", "belongs", "noted")

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: ReportRow) -> str:
        return shown(row.amount_minor, row.currency)

    def moves(self, row: Any) -> list[Move]:
        if not ReportRow.objects.open().filter(pk=row.pk).exists():
            return []
        why = gettext_lazy("Why; it is kept with the verdict")
        moves = [] if row.booked else [Move("noted", gettext_lazy("Nothing to book"), why, most=300)]
        if row.booked:
            moves.append(Move("wrong", gettext_lazy("The report was wrong: reverse the entry"), why, most=300))
        if row.booked and row.payout_id and row.status == ReportRow.Status.COMPLETED:
            moves.append(Move("owed", gettext_lazy("The payee owes it: take it from what is payable"), why, most=300))
        if row.booked and row.status == ReportRow.Status.COMPLETED:
            moves.append(Move("lost", gettext_lazy("Nobody gives it back: the company bears it"), why, most=300))
        if row.booked and row.status == ReportRow.Status.RETURNED:
            code_first = gettext_lazy("The payee’s code, a space, and why")
            moves.append(Move("belongs", gettext_lazy("It belongs to a payee"), code_first, most=340))
        return moves

    @admin.action(description=gettext_lazy("The report was wrong (reason needed)"))
    def wrong(self, request: ArtistRequest, rows: QuerySet[ReportRow]) -> HttpResponse | None:
        return self._decide(request, rows, RowVerdict.Outcome.REPORT_WRONG)

    @admin.action(description=gettext_lazy("The payee owes it (reason needed)"))
    def owed(self, request: ArtistRequest, rows: QuerySet[ReportRow]) -> HttpResponse | None:
        return self._decide(request, rows, RowVerdict.Outcome.OWED_BACK)

    @admin.action(description=gettext_lazy("Nobody gives it back (reason needed)"))
    def lost(self, request: ArtistRequest, rows: QuerySet[ReportRow]) -> HttpResponse | None:
        return self._decide(request, rows, RowVerdict.Outcome.LOST)

    @admin.action(description=gettext_lazy("Nothing to book (reason needed)"))
    def noted(self, request: ArtistRequest, rows: QuerySet[ReportRow]) -> HttpResponse | None:
        return self._decide(request, rows, RowVerdict.Outcome.NOTED)

    @admin.action(description=gettext_lazy("It belongs to a payee (code and reason needed)"))
    def belongs(self, request: ArtistRequest, rows: QuerySet[ReportRow]) -> HttpResponse | None:
        code, _space, reason = self.words(request).strip().partition(" ")

        def decide(row: ReportRow) -> RowVerdict:
            payee = Payee.objects.filter(code=code).first()
            if payee is None:
                raise RoyaltiesRefused(_("No payee has the code “%(code)s”.") % {"code": code})
            outcome = RowVerdict.Outcome.BELONGS
            return actions.decide_row(actor=request.user, row=row, outcome=outcome, reason=reason, payee=payee)

        return self.each(request, rows, decide, _("decided"))

    def _decide(self, request: ArtistRequest, rows: QuerySet[ReportRow], outcome: str) -> HttpResponse | None:
        reason = self.words(request)
        return self.each(
            request,
            rows,
            lambda row: actions.decide_row(actor=request.user, row=row, outcome=outcome, reason=reason),
            _("decided"),
        )
