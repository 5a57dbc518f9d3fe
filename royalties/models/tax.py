"""TaxForm, WithholdingRate, Withholding and Remittance: what tax offices want to know and to have.

A form is what a payee has declared, signed with a name, from a day until a day; the newest in
force counts. A rate says how many basis points an authority takes from payees of a country from
a day on; it ends where a newer row begins, and no row is ever changed. A withholding is what
one rate took from one payout; a remittance is one transfer of such sums to the authority.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import currency_code
from royalties.models.payee import Payee
from royalties.models.payout import Payout

if TYPE_CHECKING:
    from collections.abc import Iterable

country_code = RegexValidator(r"^[A-Z]{2}$", _("Use the two capital letters of ISO 3166, such as DE."))
authority_code = RegexValidator(r"^[a-z][a-z0-9-]{1,19}$", _("Use small letters, such as irs."))


class TaxFormQuerySet(models.QuerySet["TaxForm"]):
    """Questions about many forms."""

    def in_force(self, payees: Iterable[int], day: dt.date) -> dict[int, TaxForm]:
        """The newest form of each payee that has begun, by the payee's primary key, where it still covers the day.

        What a newer form has replaced stays replaced, though that one has ended. Never a forgotten one.
        """
        begun = self.filter(payee__in=list(payees), valid_from__lte=day).order_by("pk")
        newest = {row.payee_id: row for row in begun}
        return {key: row for key, row in newest.items() if row.tax_id_encrypted and row.covers(day)}


class TaxForm(models.Model):
    """A signed declaration; number and name are sealed, and can be erased when the law lets us."""

    class Kind(models.TextChoices):
        W9 = "w9", _("W-9: person of the United States")
        W8BEN = "w8ben", _("W-8BEN: person of another country")
        DECLARATION = "residence", _("Declaration of residence")

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="tax_forms")
    kind = models.CharField(max_length=9, choices=Kind)
    country = models.CharField(_("country"), max_length=2, validators=[country_code])
    tax_id_encrypted = models.BinaryField()
    fingerprint = models.CharField(max_length=64, editable=False)
    signed_name_encrypted = models.BinaryField()
    signed_at = models.DateTimeField(default=timezone.now, editable=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[TaxForm]] = TaxFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax form")
        verbose_name_plural = _("tax forms")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="tax_form_days"
            ),
        )
        indexes = (
            models.Index(fields=["payee", "-id"], name="tax_form_by_payee"),
            models.Index(fields=["fingerprint"], name="tax_form_by_fingerprint"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.country} of {self.payee_id}"

    def covers(self, day: dt.date) -> bool:
        """Whether it holds on that day, if no newer one has taken its place."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class WithholdingRate(models.Model):
    """How much an authority takes, of whom, from when on; `country` is empty for everybody else. Append only."""

    authority = models.CharField(_("authority"), max_length=20, validators=[authority_code])
    country = models.CharField(_("country of the payee"), max_length=2, blank=True, validators=[country_code])
    rate_bps = models.PositiveIntegerField(_("basis points"))
    valid_from = models.DateField(_("from"))
    note = models.CharField(_("public note"), max_length=300)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("withholding rate")
        verbose_name_plural = _("withholding rates")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(rate_bps__lte=10_000), name="withholding_rate_bounded"),
            models.CheckConstraint(condition=~Q(note=""), name="withholding_rate_note"),
        )

    def __str__(self) -> str:
        return f"{self.authority} {self.country or '*'} {Decimal(self.rate_bps) / 100:f}% from {self.valid_from}"


class Remittance(models.Model):
    """One transfer of withheld tax to its authority for a period. Append only."""

    authority = models.CharField(_("authority"), max_length=20, validators=[authority_code])
    period = models.CharField(_("period"), max_length=10)
    currency = models.CharField(max_length=3, validators=[currency_code])
    amount_minor = models.BigIntegerField()
    reference = models.CharField(_("the bank’s reference"), max_length=80)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("remittance of tax")
        verbose_name_plural = _("remittances of tax")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["authority", "period", "currency"], name="remittance_once_a_period"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0) & ~Q(reference=""), name="remittance_whole"),
        )

    def __str__(self) -> str:
        return f"{self.authority} {self.period} {self.currency}"


#: With its authority for good, though its payout came back after it had arrived.
GONE = Q(payout__status=Payout.Status.RETURNED, payout__recovered_at__isnull=True, remittance__isnull=False)


class WithholdingQuerySet(models.QuerySet["Withholding"]):
    """Questions about many withholdings."""

    def gone(self) -> WithholdingQuerySet:
        """Tax that its authority had before the payment came back: the payee has it back from there alone."""
        return self.filter(GONE)

    def paid(self) -> WithholdingQuerySet:
        """Tax of what arrived, and of what came back as far as it is gone; the rest is owed again."""
        return self.filter(Q(payout__in=Payout.objects.arrived()) | GONE)

    def paid_in(self, year: int) -> WithholdingQuerySet:
        """The same of a calendar year, by the day on which the payout arrived."""
        gone = GONE & Q(payout__settled_at__year=year)
        return self.filter(Q(payout__in=Payout.objects.arrived_in(year)) | gone)


class Withholding(models.Model):
    """What one rate takes from one payout: basis times rate, half a minor unit and more rounded up."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="withholdings")
    rate = models.ForeignKey(WithholdingRate, models.PROTECT, related_name="withholdings")
    authority = models.CharField(max_length=20)
    basis_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    remittance = models.ForeignKey(Remittance, models.PROTECT, null=True, blank=True, related_name="withholdings")

    objects: ClassVar[models.Manager[Withholding]] = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("withholding")
        verbose_name_plural = _("withholdings")
        constraints = (
            models.UniqueConstraint(fields=["payout", "authority"], name="withholding_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=F("basis_minor")), name="withholding_amounts"
            ),
        )

    def __str__(self) -> str:
        return self.authority
