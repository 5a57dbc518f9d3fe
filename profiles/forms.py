"""Forms about people. They parse and validate; actions write."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from profiles.models import Artist


class JoinForm(forms.Form):
    """What joining asks besides e-mail and password; the handle is made from the name."""

    display_name = forms.CharField(
        label=_("Your name"),
        help_text=_("As others will see it. A stage name is fine."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ("display_name", "email", "password1")

    def signup(self, request: HttpRequest, user: Artist) -> None:
        """allauth asks for this hook; the adapter has already opened the account."""


class CommaArrayField(SimpleArrayField):
    """Words separated by commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(forms.CharField(max_length=80), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A list of words as people write one."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in super().clean(value) if word.strip()]


class LinesArrayField(SimpleArrayField):
    """Web addresses, one a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(forms.URLField(assume_scheme="https"), required=False, delimiter="\n", **kwargs)


class ProfileForm(forms.ModelForm[Artist]):
    """What others see of an artist."""

    skills = CommaArrayField(label=_("Skills"), help_text=_("Separated by commas: drawing, mixing, Spanish to English"))
    languages = CommaArrayField(label=_("Languages you work in"), help_text=_("Codes separated by commas: en, es, ar"))
    links = LinesArrayField(label=_("Links"), help_text=_("One address a line"))

    class Meta:
        model = Artist
        fields = ("display_name", "credit_name", "handle", "bio", "location", "skills", "languages", "links")
        help_texts = {  # Django's own form of Meta
            "credit_name": _("How closing credits name you. Empty: your name as above."),
            "handle": _("The address of your page: small letters, digits and underscores."),
        }


class SettingsForm(forms.ModelForm[Artist]):
    """How the site looks and speaks to this artist."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(zone, zone) for zone in sorted(available_timezones())]
    )
    language = forms.ChoiceField(
        label=_("Language of the site"), required=False, choices=lambda: [("", _("As my browser")), *settings.LANGUAGES]
    )

    class Meta:
        model = Artist
        fields = ("time_zone", "language", "theme", "wants_mail")


class CloseForm(forms.Form):
    """One box, so that nobody closes an account by a slip."""

    knowing = forms.BooleanField(
        label=_("I know that this cannot be undone."),
        error_messages={"required": _("Say that you know, then the account is closed.")},
    )
