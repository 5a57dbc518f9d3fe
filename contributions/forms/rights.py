"""What others may do with a work: at publishing, later, and when it is taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.details import DetailsForm
from contributions.models import Contribution, Licence


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


class RadioSelectWidget(forms.RadioSelect):
    """Licences of which those that are not possible can be read, and not be chosen.

    By its name it is drawn as every radio button (BoundField.widget_type).
    """

    against: dict[int, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One radio button."""
        option = super().create_option(name, value, *args, **kwargs)
        if self.against.get(getattr(value, "value", value)):
            option["attrs"]["disabled"] = True
        return option


class RelicenceForm(forms.Form):
    """A wider licence for a published work; `can_give` unless something stands against each."""

    licence = LicenceField(
        label=_("Give it under this licence as well"),
        queryset=Licence.objects.none(),
        empty_label=None,
        widget=RadioSelectWidget,
    )

    def __init__(self, *args: Any, choices: list[tuple[Licence, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        licence = self.fields["licence"]
        assert isinstance(licence, LicenceField)
        licence.against = {row.pk: words for row, words in choices}
        licence.queryset = Licence.objects.filter(pk__in=licence.against)
        assert isinstance(licence.widget, RadioSelectWidget)
        licence.widget.against = licence.against
        self.can_give = not all(licence.against.values())
        self.reasons = [licence.label_from_instance(row) for row, _words in choices]


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


class WithdrawForm(forms.Form):
    """Why a work is withdrawn; the tombstone says it. Where something keeps the work, the artist says that they know."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Shown where the work was. You need not say."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    knowing = forms.BooleanField(
        label=_("I know that what is named above goes on using it"),
        required=False,
        error_messages={"required": _("Say that you know it, or keep the work.")},
    )

    def __init__(self, *args: Any, is_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["knowing"].required = is_kept
        if not is_kept:
            del self.fields["knowing"]
