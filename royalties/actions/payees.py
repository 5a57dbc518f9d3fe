"""Payees and their destinations: the only writers of both.

A payee's destination is changed by the payee alone; no power of staff reaches it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import record_event
from profiles.models import Artist
from royalties import policy, sealing, tasks
from royalties.actions.guards import clock
from royalties.exceptions import DestinationRefused, NotAllowed
from royalties.models import Destination, Payee, Waiver


def payees_for(artists: Iterable[Artist]) -> dict[int, Payee]:
    """Each artist's payee, made where there is none yet; keys are the artists' primary keys."""
    wanted = {artist.pk for artist in artists}
    known = set(Payee.objects.filter(artist__in=wanted).values_list("artist_id", flat=True))
    Payee.objects.bulk_create([Payee(artist_id=pk) for pk in sorted(wanted - known)], ignore_conflicts=True)
    return Payee.objects.of_artists(wanted)


@transaction.atomic
def set_destination(
    *,
    actor: Artist,
    address: str,
    method: str = Destination.Method.PAYPAL,
    now: dt.datetime | None = None,
) -> Destination:
    """The artist names where their money goes; the address must then be confirmed by mail.

    A change (not the first one) holds payouts for 72 hours and is told to the old address.
    Raises DestinationRefused for an address that is malformed or another payee's.
    """
    moment, address = clock(now), _checked_address(address)
    payee = payees_for([actor])[actor.pk]
    Payee.objects.select_for_update().get(pk=payee.pk)
    old = payee.destinations.filter(replaced_at=None).first()
    if old is not None and old.fingerprint == sealing.fingerprint(address):
        return old
    if old is not None:
        old.replaced_at = moment
        old.save(update_fields=["replaced_at"])
    destination = _store(payee, address, method, moment, held=old is not None)
    record_event(actor=actor, verb="royalties.destination_set", about=payee, payload={"destination": destination.pk})
    _mail(destination, old)
    return destination


@transaction.atomic
def confirm_destination(*, actor: Artist, code: str, now: dt.datetime | None = None) -> Destination:
    """The artist gives the code that was mailed to the address; from then on it may be paid."""
    destination = Destination.objects.select_for_update().filter(payee__artist=actor, replaced_at=None).first()
    if destination is None or not sealing.code_matches(destination, code):
        raise DestinationRefused(_("That code is not the one we sent to this address."))
    if destination.verified_at is None:
        destination.verified_at = clock(now)
        destination.save(update_fields=["verified_at"])
        record_event(
            actor=actor,
            verb="royalties.destination_confirmed",
            about=destination.payee,
            payload={"destination": destination.pk},
        )
    return destination


@transaction.atomic
def waive_share(*, actor: Artist, contribution: Contribution) -> Waiver:
    """An artist gives up what their part of a work earns in statements drafted from now on."""
    holds = contribution.artist_id == actor.pk or contribution.shares.filter(artist=actor).exists()
    if not holds:
        raise NotAllowed(_("Only somebody with a part in a work can waive it."))
    waiver, is_new = Waiver.objects.get_or_create(contribution=contribution, artist=actor)
    if is_new:
        record_event(actor=actor, verb="royalties.share_waived", about=contribution)
    return waiver


def _checked_address(address: str) -> str:
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise DestinationRefused(_("Enter the e-mail address of your PayPal account.")) from problem
    # The file for the provider refuses such values, so they must never get that far.
    if address[0] in "=+-@":
        raise DestinationRefused(
            _("PayPal files cannot carry an address that begins with %(sign)s.") % {"sign": address[0]}
        )
    return address


def _store(payee: Payee, address: str, method: str, moment: dt.datetime, *, held: bool) -> Destination:
    try:
        with transaction.atomic():
            return Destination.objects.create(
                payee=payee,
                method=method,
                address_encrypted=sealing.seal(address.encode()),
                fingerprint=sealing.fingerprint(address),
                created_at=moment,
                held_until=moment + policy.DESTINATION_HOLD if held else moment,
            )
    except IntegrityError as problem:
        raise DestinationRefused(
            _("This address already receives another person’s money. Each person needs their own.")
        ) from problem


def _mail(destination: Destination, old: Destination | None) -> None:
    tasks.mail_destination_code.delay_on_commit(destination.pk)  # type: ignore[attr-defined]  # of Celery for Django
    if old is not None:
        tasks.mail_destination_replaced.delay_on_commit(old.pk)  # type: ignore[attr-defined]  # of Celery for Django
