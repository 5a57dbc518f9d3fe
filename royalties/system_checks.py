"""Misconfiguration of money as system checks."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  # Django's name

from royalties.money import MoneyError, exponent
from royalties.payouts.files import own_account
from royalties.payouts.paypal import FileRefused


@register()
def currency(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The currency of a new statement must be one."""
    try:
        exponent(settings.DEFAULT_CURRENCY)
    except MoneyError as problem:
        return [Error(str(problem), hint="Set DEFAULT_CURRENCY to an ISO 4217 code such as USD.", id="royalties.E001")]
    return []


@register()
def bank_transfers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An account that no bank takes would be found only when a batch is submitted."""
    found: list[CheckMessage] = []
    if settings.SEPA_ACCOUNT:
        try:
            own_account()
        except FileRefused as problem:
            hint = "Give our name, IBAN, BIC, town and country, separated by commas, or nothing."
            found.append(Error(str(problem), hint=hint, id="royalties.E016"))
    if not re.fullmatch("[A-Z]{2}", settings.PAYER_COUNTRY):
        hint = "Set PAYER_COUNTRY to the two letters of a country, such as US."
        found.append(Error(f"{settings.PAYER_COUNTRY!r} is no country.", hint=hint, id="royalties.E017"))
    return found


@register(Tags.security, deploy=True)
def payout_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Payout addresses deserve a key that is not also the key of sessions."""
    if settings.PAYOUT_KEYS:
        return []
    return [
        Warning(
            "Payout addresses are sealed with a key made from SECRET_KEY.",
            hint="Set PAYOUT_KEYS, so that either can be changed without the other.",
            id="royalties.W002",
        )
    ]
