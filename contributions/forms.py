"""Forms about works. They parse and validate; actions write."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import Caption, Contribution, Licence, RemixKind, languages
from contributions.subtitles import MOST_BYTES
from profiles.models import Artist

AREA = {"rows": 3, "dir": "auto"}


class UploadForm(forms.Form):
    """The upload page without script: one file."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)


class VerifyForm(forms.Form):
    """Any file, to be looked at and forgotten."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)


class VersionForm(UploadForm):
    """A new version of a work."""

    note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        required=False,
        help_text=_("One sentence, for those who know the earlier version."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


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

    def clean_tags(self) -> list[str]:
        return _words(self.cleaned_data["tags"])

    def clean_content_notes(self) -> list[str]:
        return [note[:60] for note in _words(self.cleaned_data["content_notes"])]

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"]).strip()


class LicenceField(forms.ModelChoiceField):
    """Each licence with its plain words."""

    def label_from_instance(self, obj: Licence) -> str:
        return f"{obj.name}: {obj.summary}"


class RightsForm(DetailsForm):
    """A draft is asked about rights as well, in plain words."""

    needed = ("title", "ai_use", "remix_permission", "licence", "production_permission")

    original_work = forms.BooleanField(
        label=_("I made this, but for the sources I named, and may publish it"),
        required=False,
        help_text=_("People who can be recognised in it have agreed."),
    )
    ai_use = forms.ChoiceField(
        label=_("Was a generative AI tool used?"),
        choices=Contribution.AIUse.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    ai_note = forms.CharField(
        label=_("Which tool, and for what?"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    remix_permission = forms.ChoiceField(
        label=_("Who may build on it here?"),
        choices=Contribution.RemixPermission.choices,
        required=False,
        help_text=_("You keep the copyright, and every remix names you."),
        widget=forms.RadioSelect,
    )
    licence = LicenceField(
        label=_("And elsewhere?"),
        queryset=Licence.objects.none(),
        required=False,
        empty_label=None,
        help_text=_("A licence stays with those who took the work under it, also if you withdraw it later."),
        widget=forms.RadioSelect,
    )
    production_permission = forms.ChoiceField(
        label=_("May productions of this site use it?"),
        choices=Contribution.ProductionPermission.choices,
        required=False,
        help_text=_("Half of every profit goes to those whose work is in it."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        licence = self.fields["licence"]
        assert isinstance(licence, LicenceField)
        licence.queryset = Licence.objects.filter(offered=True)

    def clean_remix_permission(self) -> str:
        return self.cleaned_data["remix_permission"] or self.contribution.remix_permission

    def clean_production_permission(self) -> str:
        return self.cleaned_data["production_permission"] or self.contribution.production_permission


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
    """How a work builds on one of its sources."""

    kind = forms.ChoiceField(label=_("Your work"), choices=RemixKind.choices)
    note = forms.CharField(
        label=_("What you took or changed"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class ReasonForm(forms.Form):
    """Why a work is withdrawn; the tombstone says it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Shown where the work was. You need not say."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


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


class CommentForm(forms.Form):
    """A comment, perhaps at a moment."""

    body = forms.CharField(label=_("Your comment"), max_length=4000)
    at_ms = forms.IntegerField(required=False, min_value=0)
    reply_to = forms.IntegerField(required=False, min_value=1)


def _words(text: str) -> list[str]:
    return [word for word in (part.strip().lstrip("#") for part in text.split(",")) if word]


class ShareForm(forms.Form):
    """One maker of a work, what they did, and their part in per cent."""

    handle = forms.CharField(label=_("Handle"), max_length=31, required=False)
    role = forms.CharField(label=_("What they did"), max_length=60, required=False)
    percent = forms.DecimalField(
        label=_("Part in per cent"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )

    def clean(self) -> dict[str, Any]:
        """A row is whole or empty, and its handle is somebody's."""
        data = super().clean() or {}
        handle, percent = data.get("handle", "").lstrip("@").lower(), data.get("percent")
        if not handle and not percent:
            return data
        data["artist"] = Artist.objects.filter(handle=handle, closed_at=None).first()
        if data["artist"] is None:
            self.add_error("handle", _("Nobody here has this handle."))
        if not percent:
            self.add_error("percent", _("Say how much is theirs."))
        return data


ShareForms = forms.formset_factory(ShareForm, extra=3, max_num=20, absolute_max=20)
