"""Where allauth meets the house: accounts are opened by profiles.actions."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from profiles import access, actions
from profiles.models import Artist


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Opens accounts through the same action as everything else."""

    def save_user(self, request: HttpRequest, user: Artist, form: Any, commit: bool = True) -> Artist:
        data = form.cleaned_data
        user.email = data["email"].lower()
        user.display_name = data["display_name"]
        user.handle = access.free_handle(data["display_name"])
        user.set_password(data.get("password1"))
        return actions.open_account(artist=user) if commit else user
