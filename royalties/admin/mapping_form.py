"""The form of a mapping: a field a rule, in the words of the people who read reports."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties.mapping import ENCODINGS, Rules
from royalties.models import Mapping

TEXTS: dict[str, tuple[Any, Any]] = {
    "provider": (gettext_lazy("Provider"), gettext_lazy("Who pays or sends it: small letters, digits and -.")),
    "id_columns": (
        gettext_lazy("Columns that tell one row from another"),
        gettext_lazy("A line each. The provider’s own number where there is one."),
    ),
    "day_column": (gettext_lazy("Column of the day"), ""),
    "day_format": (
        gettext_lazy("Format of the day"),
        gettext_lazy("%Y-%m-%d, %d.%m.%Y, %m/%d/%y %H:%M; a month is %Y-%m."),
    ),
    "amount_column": (gettext_lazy("Column of the amount"), ""),
    "fee_column": (gettext_lazy("Column of the channel’s fee"), gettext_lazy("Empty where there is none.")),
    "currency": (gettext_lazy("Currency of every row"), gettext_lazy("Or name its column instead.")),
    "currency_column": (gettext_lazy("Column of the currency"), ""),
    "production": (gettext_lazy("Production of every row"), gettext_lazy("Its slug; or name its columns instead.")),
    "production_columns": (
        gettext_lazy("Columns that name the production"),
        gettext_lazy("A line each, best first: a slug, a title, an identifier such as an ISRC, or a name you gave."),
    ),
    "kind_column": (gettext_lazy("Column of the kind"), gettext_lazy("Empty where every row is of one kind.")),
    "kinds": (
        gettext_lazy("Their kinds in our words"),
        gettext_lazy(
            "A line each: album = sale, returned = refund, commission = fee, fee returned = rebate, payout = skip."
        ),
    ),
    "channel": (gettext_lazy("Channel of every row"), gettext_lazy("Or name its column instead.")),
    "channel_column": (gettext_lazy("Column of the channel"), ""),
    "sale_column": (gettext_lazy("Column with the sale that a refund gives back"), ""),
    "skip_if_empty": (gettext_lazy("Pass over rows where this column is empty"), ""),
    "supplier": (gettext_lazy("Supplier of every row (costs)"), ""),
    "supplier_column": (gettext_lazy("Column of the supplier (costs)"), ""),
    "category": (gettext_lazy("Category of every row (costs)"), ""),
    "category_column": (gettext_lazy("Column of the category (costs)"), ""),
    "categories": (gettext_lazy("Their categories in our words (costs)"), gettext_lazy("A line each: mix = post.")),
}
CHOICES: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
    "rows": (
        gettext_lazy("Rows with the same id"),
        [("one", gettext_lazy("are refused")), ("add", gettext_lazy("are added up, then rounded once"))],
    ),
    "decimal": (gettext_lazy("Before the cents stands"), [(".", "."), (",", ",")]),
    "grouping": (
        gettext_lazy("At the thousands stands"),
        [("", gettext_lazy("nothing")), (",", ","), (".", "."), ("'", "'"), ("’", "’"), (" ", gettext_lazy("a space"))],
    ),
    "amount_is": (
        gettext_lazy("The amount is"),
        [("gross", gettext_lazy("before the fee")), ("net", gettext_lazy("after the fee"))],
    ),
    "fee_sign": (
        gettext_lazy("A fee that the channel keeps is written"),
        [
            ("sales", gettext_lazy("as on the sales of the file")),
            ("plus", gettext_lazy("without a sign; with a minus it is given back")),
            ("minus", gettext_lazy("with a minus; without a sign it is given back")),
        ],
    ),
    "negative": (
        gettext_lazy("A negative amount"),
        [("refuse", gettext_lazy("is a mistake")), ("refund", gettext_lazy("is a refund (never of costs)"))],
    ),
    "unmatched": (
        gettext_lazy("A sale that matches no production"),
        [("suspense", gettext_lazy("waits in suspense")), ("refuse", gettext_lazy("is a problem"))],
    ),
    "kind": (
        gettext_lazy("Without such a column every row is"),
        [("sale", gettext_lazy("a sale")), ("refund", gettext_lazy("a refund")), ("fee", gettext_lazy("a fee"))],
    ),
    "encoding": (gettext_lazy("Encoding, where the file has no mark"), [(name, name) for name in ENCODINGS]),
}


NEEDED = {"provider", "id_columns", "day_column", "day_format", "amount_column"}


class MappingForm(forms.Form):
    """Name, kind, and a field for each rule."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("A name that is there already gets its next version; imports keep the one they used."),
    )
    kind_of_report = forms.ChoiceField(label=gettext_lazy("What is in it"), choices=Mapping.Kind.choices)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        source = str((options.get("initial") or {}).get("from", ""))
        base = Mapping.objects.filter(pk=source).first() if source.isdecimal() else None
        if base is not None:
            options["initial"] = initial_of(base)
        super().__init__(*args, **options)
        for rule in fields(Rules):
            self.fields[rule.name] = _field(rule.name, str(rule.type), rule.default)

    @property
    def rules(self) -> dict[str, Any]:
        """What was filled in, as a mapping keeps it; what was left at its default is left out."""
        rules: dict[str, Any] = {}
        for rule in fields(Rules):
            value = self.cleaned_data.get(rule.name)
            default = rule.default_factory() if rule.default_factory is not MISSING else rule.default
            if value != default and value not in ("", None):
                rules[rule.name] = value
        return rules


class LinesField(forms.CharField):
    """A list, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class PairsField(LinesField):
    """A table of words, "theirs = ours", one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{left} = {right}" for left, right in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        pairs = {}
        for line in super().to_python(value):
            left, mark, right = line.rpartition("=")
            if not mark or not left.strip() or not right.strip():
                raise forms.ValidationError(_("“%(line)s” is no pair like: album = sale") % {"line": line})
            pairs[left.strip()] = right.strip()
        return pairs


def initial_of(mapping: Mapping) -> dict[str, Any]:
    """A mapping's values, to begin its next version with."""
    about = {"name": mapping.name, "kind_of_report": mapping.kind, "note": mapping.note}
    rules: dict[str, Any] = mapping.rules
    return about | rules


def _field(name: str, shape: str, default: Any) -> forms.Field:
    if name in CHOICES:
        label, choices = CHOICES[name]
        return forms.ChoiceField(label=label, choices=choices, required=False, initial=default)
    label, help_text = TEXTS[name]
    kind = LinesField if shape.startswith("list") else PairsField if shape.startswith("dict") else forms.CharField
    begins = None if default is MISSING else default
    return kind(label=label, help_text=help_text, required=name in NEEDED, initial=begins)
