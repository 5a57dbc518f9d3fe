"""Mail about payouts: codes, warnings, each step of a payment, money that nobody asks for; and about a broken ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from profiles.mail import REFUSED, is_refused_for_good
from profiles.models import Artist
from royalties import policy, sealing
from royalties.details import ARRIVES
from royalties.models import Destination, LedgerCheck, Payee, Payout, UnclaimedCase

log = logging.getLogger(__name__)


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


def mail_destination_replaced(*, destination_id: int, artist: Artist | None) -> None:
    """Tell the address that was used until now, or the artist at that of their account."""
    _warn(destination_id, artist, "replaced", lambda: _("Your earnings go to another address now"))


def mail_destination_removed(*, destination_id: int, artist: Artist | None) -> None:
    """Tell the address that was taken away, or the artist at that of their account."""
    _warn(destination_id, artist, "removed", lambda: _("Your earnings are no longer paid where they were"))


def mail_ledger_broken(*, check_id: int, artist: Artist | None) -> None:
    """Name to one of the staff what one run of the checks has found, row by row."""
    if artist is None or artist.closed_at is not None:
        return
    run = LedgerCheck.objects.filter(pk=check_id).values("run")
    broken = list(LedgerCheck.objects.filter(run__in=run, breach_count__gt=0).order_by("invariant"))
    with translation.override(artist.language or settings.LANGUAGE_CODE):
        context = {"artist": artist, "site": settings.SITE_NAME, "broken": broken}
        context["url"] = settings.SITE_URL + broken[0].get_absolute_url()
        body = render_to_string("royalties/mail/ledger_broken.txt", context)
        send_mail(_("The ledger is broken"), body, None, [artist.email])


def mail_payout(*, payout_id: int) -> None:
    """Tell the payee what became of a payment, as it stands when the mail is written."""
    payout = Payout.objects.select_related("payee__artist", "destination__payee__artist").get(pk=payout_id)
    subjects = {
        Payout.Status.SENT: lambda: _("%(amount)s is on its way to you"),
        Payout.Status.SETTLED: lambda: _("%(amount)s has arrived"),
        Payout.Status.FAILED: lambda: _("%(amount)s came back"),
        Payout.Status.RETURNED: lambda: _("%(amount)s came back after it had arrived"),
    }
    subject = subjects.get(Payout.Status(payout.status))
    to = _account_address(payout.payee)
    if subject is None or not to:
        return
    amount = payout.paid.format()
    _send(
        payout.destination,
        "royalties/mail/payout.txt",
        lambda: subject() % {"amount": amount},
        to=to,
        payout=payout,
        amount=amount,
        arrives=ARRIVES[Destination.Method(payout.destination.method)],
        receipt=settings.SITE_URL + payout.get_absolute_url(),
    )


def mail_unclaimed(*, case_id: int) -> None:
    """Warn that money will be set aside, say that it has been, that the law wants it, or that the state has got it."""
    case = UnclaimedCase.objects.select_related("payee__artist").get(pk=case_id)
    artist, to = case.payee.artist, _account_address(case.payee)
    told = {case.Status.WARNED, case.Status.UNCLAIMED, case.Status.ESCHEAT}
    if artist is None or not to or case.status not in told:
        return
    context = {"artist": artist, "case": case, "site": settings.SITE_NAME}
    context["url"] = settings.SITE_URL + reverse("royalties:payout_details")
    with translation.override(artist.language or settings.LANGUAGE_CODE):
        body = render_to_string("royalties/mail/unclaimed.txt", context)
        is_gone = case.status == case.Status.ESCHEAT
        subject = _("Money of yours was given to the state") if is_gone else _("Money of yours waits for you")
        send_mail(subject, body, None, to)


def _warn(destination_id: int, artist: Artist | None, what: str, subject: Callable[[], str]) -> None:
    """What a thief would do first, told to one of the places where the person may read it: each has a mail of its own.

    So nobody learns from it where else the person is reached, and what one server puts off is repeated to no other.
    """
    destination = Destination.objects.select_related("payee__artist").get(pk=destination_id)
    account = _account_address(destination.payee)
    to = account if artist is not None else [way for way in _sealed_address(destination) if way not in account]
    if not to:
        return
    try:
        _send(
            destination,
            f"royalties/mail/destination_{what}.txt",
            subject,
            to=to,
            hours=int(policy.DESTINATION_HOLD.total_seconds() // 3600),
            way=destination.get_method_display(),
            address=sealing.shown_address(destination),
        )
    except REFUSED as problem:
        # A way that is dead need not be told that it is used no more; the account hears of it.
        if artist is not None or not is_refused_for_good(problem):
            raise
        log.warning("dead address not warned", extra={"destination": destination_id})


def _sealed_address(destination: Destination) -> list[str]:
    """The address of the way itself; none where its key is lost, or it may be a stranger's, never confirmed."""
    if destination.verified_at is None:
        return []
    try:
        return [sealing.mail_address_of(destination)]
    except sealing.Unreadable:
        return []


def _account_address(payee: Payee) -> list[str]:
    """Where the person is reached; nobody where the account is closed."""
    artist = payee.artist
    return [artist.email] if artist is not None and artist.closed_at is None else []


def _send(
    destination: Destination,
    template: str,
    subject: Callable[[], str],
    *,
    to: list[str] | None = None,
    **context: object,
) -> None:
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
        # A function, so that the subject is in the reader's language.
        send_mail(subject(), body, None, [sealing.mail_address_of(destination)] if to is None else to)
