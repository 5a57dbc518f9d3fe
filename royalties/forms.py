"""Forms of the money pages: they parse and check what was typed, and write nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from royalties.models import Objection, PanelVote

SAY = ""


class CommentForm(forms.Form):
    """Plain words, or with a type an objection."""

    body = forms.CharField(
        label=_("Your comment"),
        max_length=4000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write what you want to say.")},
    )
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)


class LineCommentForm(CommentForm):
    """A comment on a line; a type makes it a case that must be answered."""

    kind = forms.ChoiceField(
        label=_("Is something wrong?"),
        required=False,
        choices=[(SAY, _("No, I only want to say something")), *Objection.Kind.choices],
        help_text=_("An objection must be answered, with a reason, before this statement can become final."),
    )
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)
    what_if = forms.SlugField(required=False, max_length=16, widget=forms.HiddenInput)

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        return kind


class ObjectForm(forms.Form):
    """Which type of objection a comment becomes."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=Objection.Kind.choices)

    def __init__(self, *args: Any, only_missing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_missing:
            missing = Objection.Kind.MISSING_WORK
            self.fields["kind"].choices = [(missing.value, missing.label)]  # type: ignore[attr-defined]  # a ChoiceField


class EscalationForm(forms.Form):
    """Why an answer should be looked at again, by others."""

    reason = forms.CharField(
        label=_("Why is the answer wrong?"),
        help_text=_("Three members without a part in this statement will read it. It is public."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Say why the answer is wrong.")},
    )


class PanelVoteForm(forms.Form):
    """A vote with its reason."""

    choice = forms.ChoiceField(
        label=_("Your decision"),
        choices=PanelVote.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Your reason"),
        help_text=_("It becomes public with your name, once the panel has decided."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Give a reason. It will be public.")},
    )


class ClaimForm(forms.Form):
    """A work that is missing, from a member or from somebody without an account."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Shown with the claim."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a link that makes the claim count, and the answer. It is not shown to anybody."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    work = forms.CharField(
        label=_("Which work is missing?"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    evidence = forms.CharField(
        label=_("How can we see that it is yours, and where it is used?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    link = forms.URLField(
        label=_("Where it can be seen"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if viewer.is_authenticated:
            del self.fields["email"]
            self.fields["name"].initial = viewer.display_name


class DestinationForm(forms.Form):
    """Where the money should go."""

    address = forms.EmailField(
        label=_("E-mail address of your PayPal account"),
        help_text=_("We send a code to this address. It is stored encrypted, and staff cannot change it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    password = forms.CharField(
        label=_("Your password on this site"),
        help_text=_("Asked again because this is about money."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, artist: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.artist = artist
        if not artist.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data.get("password", "")
        if not self.artist.check_password(password):
            raise forms.ValidationError(_("That is not your password."))
        return password


class CodeForm(forms.Form):
    """The code that was mailed to the address."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
