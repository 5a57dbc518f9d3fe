"""Forms about works. They parse and validate; actions write."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution, Licence, RemixKind
from profiles.models import Artist

AREA = {"rows": 3, "dir": "auto"}


class UploadForm(forms.Form):
    """The upload page without script: one file."""

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
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = contribution.published_seq is not None


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


class LicenceField(forms.ModelChoiceField):
    """Each licence with its plain words, and with what stands against it, if something does."""

    against: dict[int, str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.against = {}

    def label_from_instance(self, obj: Licence) -> str:
        words = self.against.get(obj.pk)
        if words:
            return _("%(licence)s: not possible. %(reason)s") % {"licence": obj.name, "reason": words}
        return f"{obj.name}: {obj.summary}"


class RelicenceForm(forms.Form):
    """A wider licence for a published work."""

    licence = LicenceField(
        label=_("Give it under this licence as well"),
        queryset=Licence.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, choices: list[tuple[Licence, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        licence = self.fields["licence"]
        assert isinstance(licence, LicenceField)
        licence.against = {row.pk: words for row, words in choices}
        licence.queryset = Licence.objects.filter(pk__in=licence.against)


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

    def __init__(self, *args: Any, against: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        licence = self.fields["licence"]
        assert isinstance(licence, LicenceField)
        licence.against = against
        licence.queryset = Licence.objects.filter(offered=True)

    def clean_remix_permission(self) -> str:
        return self.cleaned_data["remix_permission"] or self.contribution.remix_permission

    def clean_production_permission(self) -> str:
        return self.cleaned_data["production_permission"] or self.contribution.production_permission


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
        """The number in "4811" or "https://…/contributions/4811/waltz/"."""
        text = str(self.cleaned_data["source"]).strip()
        found = re.fullmatch(r"#?(\d{1,18})", text) or re.search(r"/contributions/(\d{1,18})(?:/|$)", text)
        if found is None:
            raise forms.ValidationError(_("Give the address of a work on this site, or its number."))
        return int(found[1])


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


class DescribeSourceForm(forms.Form):
    """How a work builds on one of its sources."""

    kind = forms.ChoiceField(label=_("Your work"), choices=RemixKind.choices)
    note = forms.CharField(
        label=_("What you took or changed"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class WithdrawForm(forms.Form):
    """Why a work is withdrawn; the tombstone says it. Where something keeps the work, the artist says that they know."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Shown where the work was. You need not say."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    knowing = forms.BooleanField(label=_("I know that what is named above goes on using it"), required=False)

    def __init__(self, *args: Any, is_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["knowing"].required = is_kept
        if not is_kept:
            del self.fields["knowing"]


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
