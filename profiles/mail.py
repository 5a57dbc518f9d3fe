"""Mails of this floor. Text only: it reads everywhere and leaks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext, override

from profiles.models import Artist, Notice

# What is wrong with one mail or its address; the next one may well go.
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError, ValueError)
# Below it the server asks to come again, as one does that puts off whoever it does not know yet (greylisting).
FOR_GOOD = 500
UNSUBSCRIBE = Signer(salt="profiles.unsubscribe")


def is_refused_for_good(problem: Exception) -> bool:
    """Whether one of REFUSED says that the same mail would never be taken."""
    if isinstance(problem, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _why in problem.recipients.values())
    return not isinstance(problem, SMTPResponseException) or problem.smtp_code >= FOR_GOOD


def unsubscribe_url(artist: Artist) -> str:
    """A link that stops mails without a log-in; mail programs offer it as a button."""
    token = UNSUBSCRIBE.sign(str(artist.pk))
    return settings.SITE_URL + reverse("profiles:unsubscribe", args=[token])


def send_digest(notices: Sequence[Notice]) -> None:
    """One mail with all waiting notices of one artist. Raises REFUSED, or OSError where the mail server is away."""
    artist = notices[0].recipient
    link = unsubscribe_url(artist)
    with override(artist.language or settings.LANGUAGE_CODE):
        subject = ngettext("%(count)d thing new on %(site)s", "%(count)d things new on %(site)s", len(notices))
        context = {
            "artist": artist,
            "notices": notices,
            "site_url": settings.SITE_URL,
            "site_name": settings.SITE_NAME,
            "unsubscribe_url": link,
        }
        EmailMessage(
            subject % {"count": len(notices), "site": settings.SITE_NAME},
            render_to_string("profiles/digest.txt", context),
            to=[artist.email],
            headers={
                "List-Unsubscribe": f"<{link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        ).send()
