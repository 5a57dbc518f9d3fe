"""What a work was made from, as its artist or somebody else says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.details import AREA
from contributions.models import Contribution, DraftSource, RemixKind
from profiles.templatetags.house import bps


def number_of_work(text: str) -> int:
    """The number in "4811" or "https://…/contributions/4811/waltz/". Raises ValidationError."""
    text = text.strip()
    found = re.fullmatch(r"#?(\d{1,18})", text) or re.search(r"/contributions/(\d{1,18})(?:/|$)", text)
    if found is None:
        raise forms.ValidationError(_("Give the address of a work on this site, or its number."))
    return int(found[1])


class SourceForm(forms.Form):
    """A source on this site, as its number, its address here, or chosen from a search."""

    source = forms.CharField(label=_("Work"), max_length=300, help_text=_("Its address on this site, or its number."))
    kind = forms.ChoiceField(label=_("Your work"), choices=RemixKind.choices, initial=RemixKind.REUSES)
    note = forms.CharField(
        label=_("What you took or changed"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def clean_source(self) -> int:
        return number_of_work(str(self.cleaned_data["source"]))


class ExternalSourceForm(forms.Form):
    """A source from elsewhere."""

    title = forms.CharField(label=_("Title"), max_length=140, widget=forms.TextInput(attrs={"dir": "auto"}))
    author = forms.CharField(label=_("Made by"), max_length=140, widget=forms.TextInput(attrs={"dir": "auto"}))
    licence_name = forms.CharField(
        label=_("Licence"), max_length=80, help_text=_("Such as CC BY 4.0, public domain, or “with permission”.")
    )
    url = forms.URLField(label=_("Address"), required=False, assume_scheme="https")
    kind = forms.ChoiceField(label=_("Your work"), choices=RemixKind.choices, initial=RemixKind.REUSES)
    note = forms.CharField(label=_("What you took or changed"), max_length=300, required=False)


class ClaimForm(forms.Form):
    """That a work builds on another which it does not name."""

    source = forms.CharField(
        label=_("The work it builds on"), max_length=300, help_text=_("Its address on this site, or its number.")
    )
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=1000,
        help_text=_("The moment, the passage or the detail. The artist will read this."),
        widget=forms.Textarea(attrs=AREA),
    )
    moment = forms.RegexField(
        label=_("Moment"),
        regex=r"^\s*(\d{1,3}:)?\d{1,3}:[0-5]\d\s*$",
        required=False,
        help_text=_("Minutes and seconds into this work, such as 1:19."),
        error_messages={"invalid": _("Write minutes and seconds with a colon, such as 1:19.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    url = forms.URLField(label=_("An address that shows it"), required=False, max_length=200, assume_scheme="https")

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not contribution.duration_ms:
            del self.fields["moment"]

    def clean_source(self) -> int:
        return number_of_work(str(self.cleaned_data["source"]))

    def clean_moment(self) -> int | None:
        """In milliseconds."""
        parts = [int(part) for part in str(self.cleaned_data["moment"]).strip().split(":") if part]
        return sum(part * 60**place for place, part in enumerate(reversed(parts))) * 1000 if parts else None


class AnswerClaimForm(forms.Form):
    """Yes or no to a claim, with a sentence."""

    claim = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("Decline"))])
    answer = forms.CharField(label=_("Your answer"), max_length=300, required=False)


class DescribeSourceForm(forms.Form):
    """How a work builds on one of its sources, and what its makers are offered beyond the table."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Your work"), choices=RemixKind.choices)
    note = forms.CharField(
        label=_("What you took or changed, in one sentence"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    offered_percent = forms.DecimalField(
        label=_("Its part of what your work earns, in per cent"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: DraftSource, table: Mapping[str, int]) -> None:
        """`table`: the influence rates in force, in basis points."""
        initial = {"kind": row.kind, "note": row.note}
        if row.offered_bps is not None:
            initial["offered_percent"] = f"{Decimal(row.offered_bps).scaleb(-2).normalize():f}"
        super().__init__(data, initial=initial, auto_id=f"id_source_{row.pk}_%s")
        self.row, self.table, self.usual_bps = row, table, table[row.kind]
        if row.source_id is None:
            del self.fields["offered_percent"]
        else:
            self.fields["offered_percent"].help_text = _offer_words(table)

    def clean(self) -> dict[str, Any]:
        """The offer in basis points, as `offered_bps`; none where the field is empty."""
        data = super().clean() or {}
        percent, kind = data.pop("offered_percent", None), data.get("kind")
        data["offered_bps"] = None if percent is None else int(percent.scaleb(2))
        if percent is not None and kind and data["offered_bps"] < self.table[kind]:
            words = _("At least %(least)s: that is the usual rate for how your work builds on it.")
            self.add_error("offered_percent", words % {"least": bps(self.table[kind])})
        return data


def _offer_words(table: Mapping[str, int]) -> str:
    """What stands beside the field: the table, and what an offer means."""
    rates = ", ".join(f"{kind.label}: {bps(table[kind])}" for kind in RemixKind)
    return _(
        "Left empty it is the usual (%(rates)s). You may give more, up to 100%%; all sources together never get more "
        "than half. What you offer is fixed when you publish."
    ) % {"rates": rates}
