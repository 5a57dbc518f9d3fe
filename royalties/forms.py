"""Forms of the money pages: they parse and check what was typed, and write nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from royalties import countries
from royalties.models import Objection, PanelVote, StatementLine
from royalties.payouts.account import BankAccount

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
    """A work that is missing, from a member or from somebody without an account; or what is wrong with a line."""

    kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Objection.Kind.choices,
        error_messages={"required": _("Choose what is wrong.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Shown with the claim."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a link that makes the claim count, and the answer. It is not shown to anybody."),
        max_length=254,
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
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )

    def __init__(self, *args: Any, viewer: Any, line: StatementLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if line is None:
            del self.fields["kind"]
        else:
            self.fields["work"].label = _("Which work or use is it about?")
            self.fields["evidence"].label = _("What would be right, and how can we see that?")
        if viewer.is_authenticated:
            del self.fields["email"]
            self.fields["name"].initial = viewer.display_name


class CountryForm(forms.Form):
    """Where somebody lives; what is asked next depends on it."""

    country = forms.ChoiceField(
        label=_("Country where you live"), widget=forms.Select(attrs={"autocomplete": "country"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *countries.choices()]  # type: ignore[attr-defined]  # a ChoiceField


class PaypalForm(forms.Form):
    """An account at PayPal."""

    address = forms.EmailField(
        label=_("E-mail address of your PayPal account"),
        help_text=_("We send a code to this address. It is stored encrypted, and staff cannot change it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class BankForm(forms.Form):
    """A bank account in the euro payments area."""

    holder = forms.CharField(
        label=_("Name of the account holder"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=42,
        help_text=_("We mail a code to your account’s address. The number is stored encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    bic = forms.CharField(
        label=_("BIC"),
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    street = forms.CharField(
        label=_("Street"), max_length=70, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    number = forms.CharField(label=_("House number"), max_length=16, required=False)
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    town = forms.CharField(
        label=_("Town"), max_length=35, widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"})
    )

    def account(self, country: str) -> BankAccount:
        """What was typed, for the action to check."""
        return BankAccount(country=country, **self.cleaned_data)


class TaxDeclarationForm(CountryForm):
    """Where somebody pays tax, under which number, signed."""

    tax_id = forms.CharField(
        label=_("Tax number"),
        max_length=40,
        help_text=_("As it stands on a letter of your tax office. It is stored encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    signed_name = forms.CharField(
        label=_("Your full name, as a signature"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    is_true = forms.BooleanField(
        label=_("I declare that this is true and that I pay tax in this country"),
        error_messages={"required": _("Confirm that it is true; without it the form is not signed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].label = _("Country where you pay tax")


class CodeForm(forms.Form):
    """The code that was mailed to the address."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
