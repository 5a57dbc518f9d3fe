"""Mails of this floor. Text only: it reads everywhere and leaks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext, override

from profiles.models import Artist, Notice

# What is wrong with one mail or its address; the next one may well go.
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError, ValueError)
UNSUBSCRIBE = Signer(salt="profiles.unsubscribe")


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
