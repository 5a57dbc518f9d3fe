"""Files that come in: uploads, versions, source files, captions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import Caption, Contribution, languages
from contributions.subtitles import MOST_BYTES


class UploadForm(forms.Form):
    """The upload page without script: one file."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)


class VerifyForm(forms.Form):
    """Any file, to be looked at and forgotten."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)


class SourceFileForm(UploadForm):
    """A source file given with a work."""

    label = forms.CharField(
        label=_("What it is"),
        max_length=80,
        required=False,
        help_text=_("Such as “Vocals, dry”. Left empty, it is called by the file’s name."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    field_order = ("label", "file")


class LabelForm(forms.Form):
    """What a source file is called."""

    label = forms.CharField(label=_("What it is"), max_length=80, widget=forms.TextInput(attrs={"dir": "auto"}))


class VersionForm(UploadForm):
    """A new version of a work; of a published one it says what changed."""

    note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("One sentence, for those who know the earlier version."),
        error_messages={"required": _("Say what changed: others know the version before.")},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = contribution.published_seq is not None


class CaptionForm(forms.Form):
    """The words of a sound or film in one language; what is in the file is judged by the action."""

    language = forms.RegexField(
        label=_("Language"),
        regex=f"^{languages.CODE.pattern}$",
        max_length=12,
        help_text=_("A code such as en, pt-BR or ar. Captions that are there in it are replaced."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Caption.Kind.choices, initial=Caption.Kind.CAPTIONS, widget=forms.RadioSelect
    )
    content = forms.FileField(
        label=_("File"),
        help_text=_("WebVTT or SRT, at most 1 MB. Colours and positions are left out: words and times are kept."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt,application/x-subrip"}),
    )

    def clean_content(self) -> bytes:
        """As much of the file as is needed to see that it is too much."""
        file = self.cleaned_data["content"]
        return bytes(file.read(MOST_BYTES + 1))
