"""Misconfiguration of the house as system checks: each with an id and what to do about it.

What cannot be read at all stops settings.py; what can be read but should not be run stands here.
Those tagged `deploy` are asked by `manage.py check --deploy` alone.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import imageio_ffmpeg
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  # Django's name
from django.utils import timezone

from contributions.credentials import keys

# The longest film takes longer to prepare than to watch.
LEAST_VISIBILITY_SECONDS = 4 * 3600
# Whatever is downloaded should be believed for years; a new signer costs nothing.
LEAST_LIFE_OF_A_SIGNER = dt.timedelta(days=3 * 365)
OTHERS = 0o077


@register()
def everywhere(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong on any machine."""
    return list(_everywhere())


def _everywhere() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        yield Error(
            "SITE_URL is no address of a site.", hint="Write it like https://studio.example.", id="hitrecord.E001"
        )
    if not os.access(imageio_ffmpeg.get_ffmpeg_exe(), os.X_OK):
        yield Error("ffmpeg cannot be run.", hint="Install the packages of requirements.lock.", id="hitrecord.E002")
    if settings.ACCEL_PREFIX and _is_s3():
        yield Error(
            "ACCEL_PREFIX is set, but the files lie in S3.",
            hint="Empty it: bytes from S3 go out through the site.",
            id="hitrecord.E003",
        )


def _media() -> dict[str, Any]:
    storages: dict[str, Any] = settings.STORAGES
    default: dict[str, Any] = storages["default"]
    return default


def _is_s3() -> bool:
    return "s3" in _media()["BACKEND"].lower()


@register(Tags.security, deploy=True)
def in_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is fine on a laptop and not on the internet."""
    return list(_in_production())


def _in_production() -> Iterator[CheckMessage]:
    if settings.DEMO:
        yield Error(
            "DEMO is on: its passwords are public, and staff need no second factor.",
            hint="Unset DEMO.",
            id="hitrecord.E010",
        )
    if urlsplit(settings.SITE_URL).scheme != "https":
        yield Error("SITE_URL is not https.", hint="Passkeys and secure cookies need it.", id="hitrecord.E011")
    if os.environ.get("DATABASE_OWNER_URL", "") == os.environ.get("DATABASE_URL", ""):
        yield Error(
            "The site runs as the role that owns the tables, which could switch off what protects them.",
            hint="Give DATABASE_OWNER_URL a role of its own and DATABASE_URL one with row rights only.",
            id="hitrecord.E012",
        )
    if settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] < LEAST_VISIBILITY_SECONDS:
        yield Warning(
            "CELERY_VISIBILITY_TIMEOUT is shorter than a long film takes: its task would be given out twice.",
            hint=f"Leave it at its default, or at least at {LEAST_VISIBILITY_SECONDS}.",
            id="hitrecord.W013",
        )
    yield from _credentials()
    if not _is_s3() and not Path(_media()["OPTIONS"]["location"]).is_absolute():
        yield Error(
            "The folder of the media is relative.", hint="Give MEDIA_DIR from the root on.", id="hitrecord.E014"
        )


def _credentials() -> Iterator[CheckMessage]:
    """What downloads are signed with: there, for us alone, and for some time to come."""
    if not settings.SIGN_FILES:
        return
    folder = Path(settings.CREDENTIALS_DIR)
    try:
        chain = keys.load(folder)
    except keys.KeysMissing as error:
        yield Error(
            f"Downloads cannot be signed: {error}.", hint="Run manage.py make_credentials.", id="hitrecord.E015"
        )
        return
    if (folder / keys.SIGNER).stat().st_mode & OTHERS:
        yield Error(
            "Others on this machine can read the key that signs downloads.",
            hint=f"chmod 600 {folder / keys.SIGNER}",
            id="hitrecord.E016",
        )
    if chain.ends_at - timezone.now() < LEAST_LIFE_OF_A_SIGNER:
        yield Warning(
            f"The certificate that signs downloads ends on {chain.ends_at:%d %B %Y}, and with it what it has signed.",
            hint="Run manage.py make_credentials --renew.",
            id="hitrecord.W017",
        )
