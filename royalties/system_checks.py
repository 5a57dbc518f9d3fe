"""Misconfiguration of money as system checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  # Django's name

from royalties.money import MoneyError, exponent


@register()
def currency(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The currency of a new statement must be one."""
    try:
        exponent(settings.DEFAULT_CURRENCY)
    except MoneyError as problem:
        return [Error(str(problem), hint="Set DEFAULT_CURRENCY to an ISO 4217 code such as USD.", id="royalties.E001")]
    return []


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
