"""Forms of money in: they parse and check, actions write."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Production
from royalties import cases, correcting, days, matching
from royalties.admin.forms import CurrencyField
from royalties.models import Batch, Cost, Mapping, Objection, Payee, Statement, StatementClaim, Transfer
from royalties.money import Money, MoneyError


class ProductionField(forms.ModelChoiceField):
    """A production by its title."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Production"), queryset=Production.objects.order_by("title", "pk"), **options
        )


class ReasonField(forms.CharField):
    """Why; it stays with the booking."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Reason"),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=gettext_lazy("It stays with the booking."),
            **options,
        )


class PublicReasonField(forms.CharField):
    """Why; everybody can read it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Reason, which will be public"),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            **options,
        )


class DayField(forms.DateField):
    """A day, today unless another is given."""

    def __init__(self, label: Any, **options: Any) -> None:
        of_the_books = [MinValueValidator(days.FIRST), MaxValueValidator(days.LAST)]
        super().__init__(label=label, widget=AdminDateWidget, initial=dt.date.today, validators=of_the_books, **options)


class MoneyForm(forms.Form):
    """An amount in the currency of the row that `currency_of` names, as `money`."""

    amount = forms.CharField(label=gettext_lazy("Amount"), help_text="125.00")
    currency_of = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        currency = self.currency_in(data)
        if currency and "amount" in data:
            try:
                data["money"] = Money.parse(data["amount"], currency)
            except MoneyError as problem:
                self.add_error("amount", str(problem))
        return data

    def currency_in(self, data: dict[str, Any]) -> str:
        """The currency that was chosen; nothing where that was refused."""
        row = data.get(self.currency_of)
        return row.currency if row else ""


class AmountForm(MoneyForm):
    """An amount and its currency, as `money`."""

    currency = CurrencyField()

    def currency_in(self, data: dict[str, Any]) -> str:
        return data.get("currency") or ""


class TakeReportForm(forms.Form):
    """Which mapping, and the file."""

    mapping = forms.ModelChoiceField(label=gettext_lazy("Mapping"), queryset=Mapping.objects.newest().order_by("name"))
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=gettext_lazy(
            "Commas, semicolons or tabs; UTF-8, UTF-16 or what the mapping names. Nothing is booked before you have "
            "seen the first rows and every problem."
        ),
    )


class ProductionNameForm(forms.Form):
    """What a provider calls a production."""

    provider = forms.SlugField(label=gettext_lazy("Provider"), max_length=30)
    text = forms.CharField(label=gettext_lazy("What they call it"), max_length=200)
    production = ProductionField()


class CostForm(AmountForm):
    """One invoice paid."""

    production = ProductionField()
    invoice = forms.CharField(label=gettext_lazy("Invoice"), max_length=60)
    supplier = forms.CharField(label=gettext_lazy("Supplier"), max_length=120)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Cost.Category.choices)
    paid_on = DayField(gettext_lazy("Paid on"))
    field_order = ("production", "invoice", "supplier", "category", "amount", "currency", "paid_on")


class InvoiceForm(AmountForm):
    """One bill of ours."""

    production = ProductionField()
    channel = forms.SlugField(label=gettext_lazy("Channel"), max_length=30)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    invoiced_on = DayField(gettext_lazy("Sent on"))
    field_order = ("production", "channel", "number", "amount", "currency", "invoiced_on")


class TransferForm(AmountForm):
    """One transfer between a provider and our bank."""

    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Transfer.Direction.choices)
    provider = forms.SlugField(label=gettext_lazy("Provider"), max_length=30)
    number = forms.CharField(label=gettext_lazy("The provider’s number"), max_length=80)
    arrived_on = DayField(gettext_lazy("Arrived on"))
    field_order = ("direction", "provider", "number", "amount", "currency", "arrived_on")


class BankExchangeForm(forms.Form):
    """What the bank took, and what it gave."""

    number = forms.CharField(label=gettext_lazy("The bank’s number"), max_length=80)
    sold_amount = forms.CharField(label=gettext_lazy("Given"), help_text="1000.00")
    sold_currency = CurrencyField(label=gettext_lazy("Currency given"))
    bought_amount = forms.CharField(label=gettext_lazy("Received"), help_text="915.20")
    bought_currency = CurrencyField(label=gettext_lazy("Currency received"), initial="EUR")
    exchanged_on = DayField(gettext_lazy("Exchanged on"))

    def clean(self) -> dict[str, Any]:
        """With `sold` and `bought` as money."""
        data = super().clean() or {}
        for name in "sold", "bought":
            amount, currency = data.get(f"{name}_amount"), data.get(f"{name}_currency")
            if amount and currency:
                try:
                    data[name] = Money.parse(amount, currency)
                except MoneyError as problem:
                    self.add_error(f"{name}_amount", str(problem))
        return data


class BatchFeeForm(MoneyForm):
    """What a provider took for a batch, in the currency it was sent in."""

    batch = forms.ModelChoiceField(
        label=gettext_lazy("Batch"),
        queryset=Batch.objects.filter(status=Batch.Status.SUBMITTED, fee=None).order_by("-pk"),
    )
    amount = forms.CharField(label=gettext_lazy("Amount"), help_text=gettext_lazy("In the currency of the batch: 1.25"))
    number = forms.CharField(label=gettext_lazy("The provider’s number"), max_length=80)
    charged_on = DayField(gettext_lazy("Charged on"))
    field_order = ("batch", "amount", "number", "charged_on")

    def currency_in(self, data: dict[str, Any]) -> str:
        """What the batch was sent in."""
        batch = data.get("batch")
        return batch.paid_currency if batch else ""


class ReserveForm(MoneyForm):
    """What to keep back of a statement."""

    currency_of = "statement"
    statement = forms.ModelChoiceField(
        label=gettext_lazy("Statement"),
        queryset=Statement.objects.filter(status__in=["draft", "published"], corrects=None).select_related(
            "production"
        ),
    )
    reason = ReasonField()
    field_order = ("statement", "amount", "reason")


class AdvanceForm(AmountForm):
    """Who gets an advance of which production."""

    payee = forms.SlugField(label=gettext_lazy("Payee’s code"))
    production = ProductionField()
    paid_on = DayField(gettext_lazy("Paid on"))
    reason = ReasonField()
    field_order = ("payee", "production", "amount", "currency", "paid_on", "reason")

    def clean_payee(self) -> Payee:
        payee = Payee.objects.filter(code=self.cleaned_data["payee"]).first()
        if payee is None:
            raise forms.ValidationError(_("There is no payee with this code."))
        return payee


class ConversionForm(forms.Form):
    """Which period, from which currency into which."""

    production = ProductionField()
    sold = CurrencyField(initial="EUR")
    bought = CurrencyField()
    first_day = DayField(gettext_lazy("First day"))
    last_day = DayField(gettext_lazy("Last day"))
    reason = ReasonField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sold"].label, self.fields["bought"].label = _("From currency"), _("Into currency")


class RowForm(forms.Form):
    """A form about one row that is there already."""

    def __init__(self, *args: Any, row: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row = row


class ResolveForm(RowForm):
    """Which production money in suspense belongs to; a name that means another one is changed only by a tick of theirs."""

    production = ProductionField()
    reason = ReasonField()
    remember = forms.BooleanField(
        label=gettext_lazy("From now on this name means this production"), required=False, initial=True
    )

    def __init__(self, *args: Any, row: Any, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        before = matching.named(row.provider, row.called)
        if before is not None:
            remember = self.fields["remember"]
            remember.initial = False
            remember.label = _("From now on this name means this production, no more “%(title)s”") % {
                "title": before.production
            }


class ReceiveForm(RowForm):
    """How and when a bill of ours was paid."""

    provider = forms.SlugField(label=gettext_lazy("Came through"), max_length=30)
    on = DayField(gettext_lazy("Came on"))


class ReleaseForm(RowForm):
    """The later statement that gets a reserve back."""

    statement = forms.ModelChoiceField(label=gettext_lazy("Into the statement"), queryset=Statement.objects.none())

    def __init__(self, *args: Any, row: Any, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        of = row.statement
        later = Statement.objects.filter(
            production=of.production_id, currency=of.currency, status__in=["draft", "published"], corrects=None
        ).exclude(pk=of.pk)
        self.fields["statement"].queryset = later.select_related("production")  # type: ignore[attr-defined]  # of the choice field above


class CaseField(forms.ModelMultipleChoiceField):
    """Cases to tick, each with who said what."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        case: Objection = obj
        said = Truncator(case.comment.body).words(12)
        return _("Case %(number)d, %(name)s: %(words)s") % {
            "number": case.pk,
            "name": case.comment.speaker_name,
            "words": said,
        }


class ClaimField(forms.ModelMultipleChoiceField):
    """Late claims to tick, each with the work and who claims it."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        claim: StatementClaim = obj
        return _("%(work)s, by %(name)s") % {"work": claim.work, "name": claim.name}


class SettlingForm(RowForm):
    """Why a statement is revised, and which cases that settles: those that are ticked, and no other."""

    settles = CaseField(label=gettext_lazy("It settles"), queryset=Objection.objects.none(), required=False)
    reason = PublicReasonField()

    def __init__(self, *args: Any, row: Any, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        promised = cases.promised(row).select_related("comment__author", "comment__payee__artist")
        self.fields["settles"].queryset = promised  # type: ignore[attr-defined]  # of the choice field above


class CorrectionForm(RowForm):
    """Why a statement is corrected, who pays, and which late claims that carries out: those that are ticked."""

    claims = ClaimField(label=gettext_lazy("It carries out"), queryset=StatementClaim.objects.none(), required=False)
    funding = forms.ChoiceField(label=gettext_lazy("Who pays what was missing"), choices=Statement.Funding.choices)
    reason = PublicReasonField()

    def __init__(self, *args: Any, row: Any, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        owed = correcting.claims_to_carry_out(row)
        self.fields["claims"].queryset = owed  # type: ignore[attr-defined]  # of the choice field above
