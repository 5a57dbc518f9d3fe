"""Forms by which staff begin things; they parse and check, actions write."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Cue, Production
from royalties.models import Adjustment, Import, Payee, PayoutHold, PayoutReport, Statement
from royalties.models.intake import currency_code
from royalties.money import Money, MoneyError


class CurrencyField(forms.CharField):
    """Three capital letters."""

    def __init__(self, **options: Any) -> None:
        options = {"label": gettext_lazy("Currency"), "initial": "USD", **options}
        super().__init__(max_length=3, validators=[currency_code], **options)


class PercentField(forms.DecimalField):
    """Typed in per cent, at most to a hundredth of one; cleaned to basis points."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(min_value=0, max_value=most, decimal_places=2, **options)

    def clean(self, value: Any) -> int | None:
        percent: Decimal | None = super().clean(value)
        return None if percent is None else int(percent * 100)


class ImportForm(forms.Form):
    """A file of revenue, costs or exchange rates in our own columns."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in it"), choices=Import.Kind.choices)
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy(
            "Revenue: provider, transaction, channel, kind (sale, refund, fee), amount, currency, received_on, "
            "production. Costs: invoice, supplier, category, amount, currency, paid_on, production. "
            "Exchange rates: Date and a column for each currency, for one euro; or day, base, quote, rate. "
            "For reports of other shapes there are mappings."
        ),
    )


class DraftForm(forms.Form):
    """Which production, and from when to when."""

    production = forms.ModelChoiceField(
        label=gettext_lazy("Production"),
        queryset=Production.objects.filter(cuts__status="locked").distinct(),
        help_text=gettext_lazy("Only productions with a locked cut."),
    )
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=AdminDateWidget)
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=AdminDateWidget)
    currency = CurrencyField()


class AdjustmentForm(forms.Form):
    """A factor on a cue, or an award; either with a reason that will be public."""

    statement = forms.ModelChoiceField(
        label=gettext_lazy("Statement"),
        queryset=Statement.objects.filter(status__in=["draft", "published"]).select_related("production"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Adjustment.Kind.choices)
    cue = forms.IntegerField(label=gettext_lazy("Place of the cue in the cut"), required=False, min_value=0)
    factor = PercentField(
        label=gettext_lazy("Factor in per cent"),
        required=False,
        most=1_000,
        help_text=gettext_lazy("100 changes nothing, 125 is a quarter more."),
    )
    payee = forms.SlugField(label=gettext_lazy("Payee’s code"), required=False)
    amount = forms.CharField(label=gettext_lazy("Amount"), required=False, help_text="125.00")
    reason = forms.CharField(
        label=gettext_lazy("Public reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into the rows that the action wants."""
        data = super().clean() or {}
        statement = data.get("statement")
        if statement is None:
            return data
        if data.get("kind") == Adjustment.Kind.LINE_FACTOR:
            cue = Cue.objects.filter(cut=statement.cut_id, position=data.get("cue") or 0).first()
            if cue is None or data.get("factor") is None:
                raise forms.ValidationError(_("Name a cue of this statement’s cut and its factor."))
            data["cue"] = cue
            return data
        payee = Payee.objects.filter(code=data.get("payee") or "").first()
        if payee is None:
            raise forms.ValidationError(_("Name the payee by the code that stands in the statement."))
        try:
            data["amount"] = Money.parse(data.get("amount") or "", statement.currency)
        except MoneyError as problem:
            raise forms.ValidationError(str(problem)) from problem
        data["payee"] = payee
        return data


class BatchForm(forms.Form):
    """Everybody who can be paid in one currency."""

    currency = CurrencyField()


class PayeeCodeField(forms.CharField):
    """A payee by the code that stands in statements and in the ledger."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=gettext_lazy("Payee’s code"), max_length=40, **options)

    def clean(self, value: Any) -> Payee:
        payee = Payee.objects.filter(code=super().clean(value)).first()
        if payee is None:
            raise forms.ValidationError(_("No payee has this code."))
        return payee


class HoldForm(forms.Form):
    """Whose money waits, and why."""

    payee = PayeeCodeField()
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PayoutHold.Kind.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason; the payee reads it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class RateForm(forms.Form):
    """What an authority takes from a day on."""

    authority = forms.SlugField(label=gettext_lazy("Authority"), max_length=20, help_text="irs")
    country = forms.CharField(
        label=gettext_lazy("Country of the payee"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Two capital letters; empty for everybody whose country has no row of its own."),
    )
    rate = PercentField(
        label=gettext_lazy("Rate in per cent"), most=100, help_text=gettext_lazy("Such as 30, or 15.83.")
    )
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=AdminDateWidget)
    note = forms.CharField(label=gettext_lazy("Law or treaty; payees read it"), max_length=300)


class RemittanceForm(forms.Form):
    """One transfer to an authority."""

    authority = forms.SlugField(label=gettext_lazy("Authority"), max_length=20, help_text="irs")
    period = forms.CharField(label=gettext_lazy("Period"), max_length=10, help_text="2026, 2026-Q3, 2026-09")
    currency = CurrencyField()
    reference = forms.CharField(label=gettext_lazy("The bank’s reference"), max_length=80)


class ReportForm(forms.Form):
    """A provider's report."""

    form = forms.ChoiceField(label=gettext_lazy("What it is"), choices=PayoutReport.Format.choices)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV: customer id, transaction id, transaction status, amount, currency, and if there are any fee and reason."
        ),
    )
