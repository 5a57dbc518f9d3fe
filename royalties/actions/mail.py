"""Mail about payout destinations and, to staff, about a broken ledger."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from profiles.models import Artist
from royalties import policy, sealing
from royalties.models import Destination, LedgerCheck


def mail_destination_code(*, destination_id: int) -> None:
    """Send the code, unless the address was confirmed or replaced meanwhile."""
    destination = Destination.objects.select_related("payee__artist").get(pk=destination_id)
    if destination.verified_at is None and destination.replaced_at is None:
        _send(
            destination,
            "royalties/mail/destination_code.txt",
            lambda: _("Confirm where your earnings go"),
            code=sealing.destination_code(destination),
        )


def mail_destination_replaced(*, destination_id: int) -> None:
    """Tell the address that was used until now."""
    destination = Destination.objects.select_related("payee__artist").get(pk=destination_id)
    _send(
        destination,
        "royalties/mail/destination_replaced.txt",
        lambda: _("Your earnings go to another address now"),
        hours=int(policy.DESTINATION_HOLD.total_seconds() // 3600),
    )


def mail_ledger_broken(*, run: str, artist_id: int) -> None:
    """Name to one of the staff what is broken, row by row."""
    artist = Artist.objects.get(pk=artist_id)
    broken = list(LedgerCheck.objects.filter(run=run, breach_count__gt=0).order_by("invariant"))
    if not broken:
        return
    with translation.override(artist.language or settings.LANGUAGE_CODE):
        context = {"artist": artist, "site": settings.SITE_NAME, "broken": broken}
        context["url"] = settings.SITE_URL + broken[0].get_absolute_url()
        body = render_to_string("royalties/mail/ledger_broken.txt", context)
        send_mail(_("The ledger is broken"), body, None, [artist.email])


def _send(destination: Destination, template: str, subject: object, **context: object) -> None:
    artist = destination.payee.artist
    with translation.override((artist.language if artist else "") or settings.LANGUAGE_CODE):
        body = render_to_string(
            template,
            {
                "artist": artist,
                "site": settings.SITE_NAME,
                "url": settings.SITE_URL + reverse("royalties:payout_details"),
                **context,
            },
        )
        send_mail(subject(), body, None, [sealing.address_of(destination)])  # type: ignore[operator]  # a function, so that the subject is in the reader's language
