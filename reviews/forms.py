"""Forms of opinions and reports. They parse and validate; actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from reviews.models import Case, Recommendation, Review

SCALE = [(number, str(number)) for number in range(1, 6)]


class RecommendForm(forms.ModelForm[Recommendation]):
    """To whom, and why."""

    project = forms.ModelChoiceField(
        label=_("For"), queryset=Project.objects.none(), required=False, empty_label=_("The curators")
    )

    class Meta:
        model = Recommendation
        fields = ("project", "reason")
        help_texts = {"reason": _("One sentence: what this work would bring.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project = self.fields["project"]
        assert isinstance(project, forms.ModelChoiceField)  # narrows the type
        project.queryset = Project.objects.public().exclude(status="released").order_by("title")


class ReviewForm(forms.ModelForm[Review]):
    """Three scores and one helpful sentence."""

    idea = forms.TypedChoiceField(label=_("Idea"), choices=SCALE, coerce=int, widget=forms.RadioSelect)
    craft = forms.TypedChoiceField(label=_("Craft"), choices=SCALE, coerce=int, widget=forms.RadioSelect)
    fit = forms.TypedChoiceField(
        label=_("Answers the prompt or its sources"), choices=SCALE, coerce=int, widget=forms.RadioSelect
    )

    class Meta:
        model = Review
        fields = ("idea", "craft", "fit", "sentence")
        help_texts = {"sentence": _("Something its artist can use.")}


class ReportForm(forms.ModelForm[Case]):
    """What is wrong."""

    class Meta:
        model = Case
        fields = ("reason", "text")
        widgets = {"reason": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": _("Moderators read this, nobody else. Say where to look.")}
