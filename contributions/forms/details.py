"""What a work is called and says of itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution

AREA = {"rows": 3, "dir": "auto"}


class WriteForm(forms.Form):
    """Writing in the browser. Everything may be empty while one writes."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Title"),
        max_length=140,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=1_000_000,
        required=False,
        strip=False,
        help_text=_("Blank lines begin a new paragraph. *Stars* make italics, **two** make bold, # a heading."),
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto", "class": "editor"}),
    )
    note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("One sentence, for those who know the earlier version."),
        error_messages={"required": _("Say what changed: others know the version before.")},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    draft_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def mark_needed(self) -> None:
        """Title and text are needed in the end, though a draft is saved without them."""
        for name in ("title", "body"):
            self.fields[name].required = True


class DetailsForm(forms.Form):
    """Everything that is asked about a work. What publishing needs is checked by publishing."""

    # A draft may be saved without them: the form never stops the browser, it only says what will be needed.
    use_required_attribute = False
    needed: tuple[str, ...] = ("title",)

    title = forms.CharField(
        label=_("Title"),
        max_length=140,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=10_000,
        required=False,
        help_text=_("How it came about, what others might do with it."),
        widget=forms.Textarea(attrs=AREA),
    )
    alt_text = forms.CharField(
        label=_("Description for people who cannot see it"),
        max_length=1000,
        required=False,
        help_text=_("One or two sentences on what there is to see."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    tags = forms.CharField(
        label=_("Tags"),
        max_length=300,
        required=False,
        help_text=_("Up to twelve words, with commas between them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    language = forms.RegexField(
        label=_("Language"),
        regex=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        max_length=12,
        required=False,
        help_text=_("A code such as en, pt-BR or ar, if there are words in it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    content_notes = forms.CharField(
        label=_("Content notes"),
        max_length=300,
        required=False,
        help_text=_("What people may want to know before they look, with commas: flashing lights, grief."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    ai_training = forms.ChoiceField(
        label=_("May AI models be trained with it?"),
        choices=Contribution.AITraining.choices,
        required=False,
        help_text=_(
            "Unless you say yes, its page and every file of it tell machines that you keep this right. It is a sign, not a lock."
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contribution = contribution
        if contribution.medium not in {"", Contribution.Medium.IMAGE, Contribution.Medium.VIDEO}:
            del self.fields["alt_text"]

    def mark_needed(self) -> None:
        """Label what publishing needs as not optional; after validation, so that a draft is saved without it."""
        for name in self.needed:
            if name in self.fields:
                self.fields[name].required = True
        if "alt_text" in self.fields and self.contribution.medium == Contribution.Medium.IMAGE:
            self.fields["alt_text"].required = True

    def clean_ai_training(self) -> str:
        return self.cleaned_data["ai_training"] or self.contribution.ai_training

    def clean_tags(self) -> list[str]:
        return _words(self.cleaned_data["tags"])

    def clean_content_notes(self) -> list[str]:
        return [note[:60] for note in _words(self.cleaned_data["content_notes"])]

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"]).strip()


def _words(text: str) -> list[str]:
    return [word for word in (part.strip().lstrip("#") for part in text.split(",")) if word]
