"""Forms of challenges. They parse and validate; actions write."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from contributions.models import Contribution
from profiles.forms import CommaArrayField
from profiles.models import Artist
from projects.models import Project


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker; times are the artist's local ones."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ChallengeForm(forms.ModelForm[Challenge]):
    """What a challenge asks, of whom and until when."""

    # Named as the model's column, which happens to be a property of every form.
    media = forms.MultipleChoiceField(  # type: ignore[assignment]  # shadows Form.media, which no page of ours asks for
        label=_("Which media may answer"),
        choices=Contribution.Medium.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = CommaArrayField(label=_("Skills"), help_text=_("Separated by commas: illustration, foley, translation"))
    project = forms.ModelChoiceField(
        label=_("For a project"), queryset=Project.objects.none(), required=False, empty_label=_("No project")
    )
    materials = forms.CharField(
        label=_("Material to start from"),
        help_text=_("Numbers or addresses of works on this site, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    pay = forms.DecimalField(
        label=_("Pay shared by the works used"),
        help_text=_("Leave empty when credit is all there is."),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )

    class Meta:
        model = Challenge
        fields = ("title", "prompt", "media", "skills", "rules", "project", "opens_at", "closes_at", "results_at")
        widgets = {"opens_at": DateTimeInput(), "closes_at": DateTimeInput(), "results_at": DateTimeInput()}

    field_order = ("title", "prompt", "media", "skills", "materials", "rules", "project", "pay", "opens_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project = self.fields["project"]
        assert isinstance(project, forms.ModelChoiceField)  # narrows the type
        project.queryset = Project.objects.public().order_by("title")

    def clean_materials(self) -> list[Contribution]:
        """Works by number or address; a line that names none is an error."""
        found = []
        for line in self.cleaned_data["materials"].split():
            number = next((part for part in line.split("/") if part.isdecimal()), "")
            work = Contribution.objects.published().filter(pk=number).first() if number else None
            if work is None:
                raise forms.ValidationError(_("No published work is named by “%(line)s”."), params={"line": line})
            found.append(work)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes, results = (data.get(name) for name in ("opens_at", "closes_at", "results_at"))
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The close must come after the opening."))
        if closes and results and results < closes:
            self.add_error("results_at", _("Results cannot come before the close."))
        pay = data.pop("pay", None)
        if pay:
            currency = settings.DEFAULT_CURRENCY
            data["pay_minor"] = int(pay.scaleb(get_currency_precision(currency)))
            data["pay_currency"] = currency
        return data


class EnterForm(forms.Form):
    """Which of my works enters."""

    contribution = forms.ModelChoiceField(
        label=_("Your work"), queryset=Contribution.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    late_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, works: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contribution = self.fields["contribution"]
        assert isinstance(contribution, forms.ModelChoiceField)  # narrows the type
        contribution.queryset = works


class ResultsForm(forms.Form):
    """Which entries are chosen, each with a sentence, and how the choice was made."""

    note = forms.CharField(
        label=_("How the works were chosen"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, entries: Any, actor: Artist | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = list(entries)
        for entry in self.entries:
            self.fields[f"chosen_{entry.pk}"] = forms.BooleanField(
                label=_("%(title)s by %(name)s")
                % {"title": entry.contribution.title, "name": entry.artist.display_name},
                required=False,
            )
            self.fields[f"why_{entry.pk}"] = forms.CharField(
                label=_("What convinced you"), required=False, max_length=300
            )

    def chosen(self) -> dict[int, str]:
        """Entry ids with their sentence."""
        return {
            entry.pk: self.cleaned_data[f"why_{entry.pk}"]
            for entry in self.entries
            if self.cleaned_data[f"chosen_{entry.pk}"]
        }
