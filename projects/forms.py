"""What people type about projects. Forms parse and validate; they never write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution
from projects.models import Credit, Kind, Project, ProjectMember, Update


class PitchForm(forms.ModelForm[Project]):
    """An idea: what it is, in one sentence, and at length; and works it grows from."""

    works = forms.ModelMultipleChoiceField(
        label=_("Works it grows from"),
        help_text=_("Your own works and those you built on. People can follow them to their makers."),
        queryset=Contribution.objects.none(),
        required=False,
    )
    cover = forms.ModelChoiceField(
        label=_("Picture"),
        help_text=_("One of your works, shown above the pitch."),
        queryset=Contribution.objects.none(),
        required=False,
        empty_label=_("No picture"),
    )

    class Meta:
        model = Project
        fields = ("title", "kind", "logline", "pitch", "works", "cover")
        help_texts = {
            "logline": _("What it is and why anybody would want it, in 240 letters."),
            "pitch": _("What would it need, what is there already, what can you do yourself?"),
        }
        widgets = {"title": forms.TextInput(attrs={"autocomplete": "off"}), "pitch": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, artist: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Contribution.objects.filter(artist=artist, status=Contribution.Status.PUBLISHED)
        sources = Contribution.objects.filter(remix_edges__child__artist=artist, status=Contribution.Status.PUBLISHED)
        chosen = (own | sources).distinct().order_by("title", "pk")
        self._field("works").queryset = chosen
        self._field("cover").queryset = own.filter(medium__in=["image", "video"]).order_by("title", "pk")
        self.fields["kind"].choices = Kind.choices  # type: ignore[attr-defined]  # a choice field, from the model
        self.fields["pitch"].required = True

    def _field(self, name: str) -> Any:
        return self.fields[name]


class JoinForm(forms.Form):
    """Offer to help, in a few words."""

    does = forms.CharField(
        label=_("What you would like to do"),
        help_text=_("For example: lino prints, harmonica, proofreading."),
        max_length=ProjectMember._meta.get_field("does").max_length,
        required=False,
    )


class UpdateForm(forms.ModelForm[Update]):
    """A note in the diary."""

    class Meta:
        model = Update
        fields = ("title", "body")
        labels = {"title": _("Headline"), "body": _("What happened")}
        widgets = {"body": forms.Textarea(attrs={"rows": 5})}


class NameForm(forms.Form):
    """How a name shall stand in the credits."""

    name = forms.CharField(
        label=_("Your name in the credits"),
        help_text=_("As it shall be read at the end: your own name, a stage name, in any script."),
        max_length=Credit._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
