"""Money out: batches, the provider's file, and what became of each payment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from royalties import actions, exchange
from royalties.admin.base import AddsByAction, ArtistRequest, MoneyAdmin, MoneyInline, Move, admin, shown
from royalties.admin.columns import ShowsPayout, WithholdingInline
from royalties.admin.forms import BatchForm
from royalties.admin.money_forms import BatchFeeForm
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Batch, BatchFee, Destination, Payout
from royalties.money import Money
from royalties.payouts import files


class PayoutInline(ShowsPayout, MoneyInline):
    model = Payout
    fields = readonly_fields = (
        "code",
        "payee_linked",
        "gross",
        "kept",
        "sent",
        "status",
        "provider_reference",
        "failure",
    )
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        rows: QuerySet[Payout] = super().get_queryset(request)
        return rows.select_related("payee__artist")


@admin.register(Batch)
class BatchAdmin(AddsByAction):
    list_display = (
        "pk",
        "method",
        "currency",
        "bought",
        "status",
        "prepared_by",
        "prepared_at",
        "submitted_by",
        "submitted_at",
    )
    list_filter = ("status", "currency")
    list_select_related = ("prepared_by", "submitted_by")
    fields = (*list_display[1:], "total", "sent", "approved_by", "approved_at", "charge", "file", "file_sha256")
    inlines = (PayoutInline,)
    actions = ("approve", "submit", "drop")
    add_form_class = BatchForm
    add_powers = ("finance", "drafter")
    add_title = gettext_lazy("Prepare a batch")
    add_note = gettext_lazy(
        "Everybody above the threshold whom nothing keeps from being paid, in as many batches as it takes; "
        "somebody else submits them."
    )

    @admin.display(description=gettext_lazy("gross total"))
    def total(self, row: Batch) -> str:
        sums = row.payouts.exclude(status=Payout.Status.DROPPED).values_list("amount_minor", flat=True)
        return Money(sum(sums), row.currency).format()

    @admin.display(description=gettext_lazy("to be sent"))
    def sent(self, row: Batch) -> str:
        payouts = row.payouts.exclude(status=Payout.Status.DROPPED)
        total = Money.total((payout.paid for payout in payouts), row.paid_currency).format()
        if not row.bought:
            return total
        days = ", ".join(sorted({f"{rate.day}" for rate in row.rates.all()}))
        return _("%(total)s, at %(rate)s of %(days)s") % {
            "total": total,
            "rate": exchange.shown_rate_of(row),
            "days": days,
        }

    @admin.display(description=gettext_lazy("the provider’s fee"))
    def charge(self, row: Batch) -> str:
        found = BatchFee.objects.filter(batch=row).first()
        return shown(found.amount_minor, row.paid_currency) if found else ""

    @admin.display(description=gettext_lazy("file"))
    def file(self, row: Batch) -> str:
        if row.status != Batch.Status.SUBMITTED:
            return ""
        if not row.file_encrypted:
            return _("no longer kept")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:royalties_batch_file", args=[row.pk]), files.file_name(row)
        )

    def moves(self, row: Any) -> list[Move]:
        if row.status != Batch.Status.PREPARED:
            return []
        return [
            Move("submit", gettext_lazy("Submit and make the file")),
            Move("approve", gettext_lazy("Approve (large batches need it)")),
            Move("drop", gettext_lazy("Drop")),
        ]

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Batch:
        currency = form.cleaned_data["currency"]
        batches = actions.prepare_batches(actor=request.user, currency=currency)
        if len(batches) > 1:
            self.message_user(request, _("Prepared: %(count)d batches.") % {"count": len(batches)})
        if left := actions.waiting_for_rate(currency, timezone.now()):
            words = ngettext(
                "%(count)d bank account is left out until a file of exchange rates of these days is taken in.",
                "%(count)d bank accounts are left out until a file of exchange rates of these days is taken in.",
                left,
            )
            self.message_user(request, words % {"count": left}, messages.WARNING)
        return batches[0]

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/file/", self.admin_site.admin_view(self.file_view), name="royalties_batch_file")
        return [own, *super().get_urls()]

    def file_view(self, request: ArtistRequest, pk: int) -> HttpResponse:
        """The provider's file; every download is recorded."""
        batch = self.get_object(request, str(pk))
        if batch is None:
            return HttpResponseRedirect(reverse("admin:royalties_batch_changelist"))
        try:
            content = actions.take_batch_file(actor=request.user, batch=batch)
        except RoyaltiesRefused as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:royalties_batch_change", args=[pk]))
        kind = "application/xml" if batch.method == Destination.Method.SEPA else "text/csv; charset=utf-8"
        response = HttpResponse(content, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{files.file_name(batch)}"'
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=gettext_lazy("Submit (as the second person)"))
    def submit(self, request: ArtistRequest, rows: QuerySet[Batch]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.submit_batch(actor=request.user, batch=row),
            _("submitted; the file is made"),
        )

    @admin.action(description=gettext_lazy("Approve (as the third person)"))
    def approve(self, request: ArtistRequest, rows: QuerySet[Batch]) -> HttpResponse | None:
        return self.each(request, rows, lambda row: actions.approve_batch(actor=request.user, batch=row), _("approved"))

    @admin.action(description=gettext_lazy("Drop"))
    def drop(self, request: ArtistRequest, rows: QuerySet[Batch]) -> HttpResponse | None:
        return self.each(request, rows, lambda row: actions.drop_batch(actor=request.user, batch=row), _("dropped"))


@admin.register(BatchFee)
class BatchFeeAdmin(AddsByAction):
    list_display = ("batch", "number", "amount", "charged_on", "created_by")
    search_fields = ("number",)
    list_select_related = ("batch", "created_by")
    fields = (*list_display, "created_at")
    add_form_class = BatchFeeForm
    add_powers = ("finance",)
    add_title = gettext_lazy("Record the fee of a batch")
    add_note = gettext_lazy(
        "What the provider took for all of it; the company bears it. Fees of single payments come with the report."
    )

    @admin.display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, row: BatchFee) -> str:
        return shown(row.amount_minor, row.batch.paid_currency)

    def add_row(self, request: ArtistRequest, form: forms.Form) -> BatchFee:
        names = ("batch", "number", "money", "charged_on")
        return actions.record_batch_fee(actor=request.user, **{name: form.cleaned_data[name] for name in names})


class KeptInline(WithholdingInline):
    fields = readonly_fields = ("authority", "basis", "tax", "remittance")


@admin.register(Payout)
class PayoutAdmin(ShowsPayout, MoneyAdmin):
    list_display = ("code", "payee_named", "sent", "status", "provider_reference", "batch", "settled_at")
    list_filter = ("status", "currency", "batch")
    search_fields = ("code", "provider_reference", "payee__code", "payee__artist__handle")
    list_select_related = ("payee__artist", "batch")
    fields = ("code", "payee_linked", *list_display[2:], "gross", "kept", "currency", "failure", "failed_at")
    inlines = (KeptInline,)
    actions = ("settle", "fail", "take_back")

    def moves(self, row: Any) -> list[Move]:
        if row.status == Payout.Status.SETTLED:
            why = gettext_lazy("Why; the payee reads it")
            return [Move("take_back", gettext_lazy("It came back after all"), why, most=300)]
        if row.status != Payout.Status.SENT:
            return []
        return [
            Move("settle", gettext_lazy("It arrived"), gettext_lazy("The provider’s reference"), most=80),
            Move("fail", gettext_lazy("It came back"), gettext_lazy("Why; the payee reads it"), most=300),
        ]

    @admin.action(description=gettext_lazy("Settle (one at a time, reference needed)"))
    def settle(self, request: ArtistRequest, rows: QuerySet[Payout]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.settle_payout(actor=request.user, payout=row, provider_reference=self.words(request)),
            _("settled"),
        )

    @admin.action(description=gettext_lazy("Came back (reason needed)"))
    def fail(self, request: ArtistRequest, rows: QuerySet[Payout]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.fail_payout(actor=request.user, payout=row, reason=self.words(request)),
            _("payable again"),
        )

    @admin.action(description=gettext_lazy("Came back after it had arrived (reason needed)"))
    def take_back(self, request: ArtistRequest, rows: QuerySet[Payout]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.return_payout(actor=request.user, payout=row, reason=self.words(request)),
            _("payable again"),
        )
