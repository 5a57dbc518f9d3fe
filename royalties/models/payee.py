"""Payee, Destination and Waiver: who money is owed to, and where it goes.

A payee is a person or group under an opaque code; the code, never a name, stands in
published documents and in the ledger. A destination is kept apart and encrypted: nothing
of it comes under a hash, and it can be erased. Its `fingerprint` is a keyed hash, so that
two payees with one address are found and yet no address can be guessed from the table.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from profiles.models import Artist


def new_payee_code() -> str:
    """An opaque code that says nothing about the person, such as `p7c1e90b2d4f6`."""
    return "p" + secrets.token_hex(6)


class PayeeQuerySet(models.QuerySet["Payee"]):
    """Questions about many payees."""

    def of_artists(self, artists: Iterable[int]) -> dict[int, Payee]:
        """Payees by the primary key of their artist."""
        rows = self.filter(artist__in=list(artists)).select_related("artist")
        return {row.artist_id: row for row in rows if row.artist_id is not None}


class Payee(models.Model):
    """Whoever money is owed to."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        GROUP = "group", _("Group")
        ORPHAN = "orphan", _("Unknown author")

    code = models.SlugField(max_length=40, unique=True, default=new_payee_code, editable=False)
    artist = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payee",
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PERSON)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[Payee]] = PayeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(kind="person") | models.Q(artist__isnull=False),
                name="payee_person_has_artist",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def shown_name(self) -> str:
        """The credit name the artist chose; the code where there is nobody to name."""
        if self.artist is None:
            return str(_("Unknown author"))
        return self.artist.name_in_credits or self.code


class DestinationQuerySet(models.QuerySet["Destination"]):
    """Questions about many destinations."""

    def current(self) -> DestinationQuerySet:
        """In force: neither replaced nor removed."""
        return self.filter(replaced_at=None)

    def known(self) -> DestinationQuerySet:
        """Whose address has not been forgotten; nothing can be sent to the others, whatever else they say."""
        return self.exclude(address_encrypted=b"")

    def payable_at(self, moment: object) -> DestinationQuerySet:
        """Verified, in force, and past the hold that follows a change."""
        return self.current().filter(verified_at__isnull=False, held_until__lte=moment)


class Destination(models.Model):
    """Where a payee wants the money: an e-mail address at PayPal, or a bank account in euros.

    A payee has one of each kind at most in force. Sealed is the address itself for PayPal, and
    for a bank account the JSON of holder, IBAN, BIC and postal address.
    """

    class Method(models.TextChoices):
        PAYPAL = "paypal", _("PayPal")
        SEPA = "sepa", _("Bank transfer in euros")

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="destinations")
    method = models.CharField(max_length=6, choices=Method, default=Method.PAYPAL)
    country = models.CharField(_("country"), max_length=2, blank=True)
    address_encrypted = models.BinaryField()
    fingerprint = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    # After a change nothing is paid for a while, so that a thief is noticed in time.
    held_until = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Destination]] = DestinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout destination")
        verbose_name_plural = _("payout destinations")
        constraints = (
            models.UniqueConstraint(
                fields=["payee", "method"],
                condition=models.Q(replaced_at__isnull=True),
                name="destination_one_current",
            ),
        )
        indexes = (models.Index(fields=["fingerprint"], name="destination_by_fingerprint"),)

    def __str__(self) -> str:
        return f"{self.method} of {self.payee_id}"


class Waiver(models.Model):
    """An artist gives up what a work of theirs would earn. Append only."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="waivers")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="waivers")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = (models.UniqueConstraint(fields=["contribution", "artist"], name="waiver_once"),)

    def __str__(self) -> str:
        return f"{self.artist_id} waives {self.contribution_id}"


def payee_of(artist: Artist) -> Payee | None:
    """The artist's payee, if money was ever owed to them."""
    return Payee.objects.filter(artist=artist).first()
