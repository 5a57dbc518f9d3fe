"""What is said of a work, and who made it in what parts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.models import Artist


class CommentForm(forms.Form):
    """A comment, perhaps at a moment."""

    body = forms.CharField(label=_("Your comment"), max_length=4000)
    at_ms = forms.IntegerField(required=False, min_value=0)
    reply_to = forms.IntegerField(required=False, min_value=1)


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
