"""Batch and Payout: money on its way out.

A batch is prepared by one person and submitted by another, a large one approved by a third in
between; submitting books the money as in transit and makes the provider's file. A payout is
settled only with the provider's reference, and its code is what the provider's report calls it.
What came back is never sent again: its money is payable once more and leaves as a new payout.

Where the way takes another currency than the balance, the batch has one rate for all; amounts and
taxes stay in the balance's currency, and `bought` is what is sent (ADR 23).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import currency_code
from royalties.models.payee import Destination, Payee
from royalties.models.rate import ExchangeRate
from royalties.money import Money


def new_payout_code() -> str:
    """Our item number at the provider: short, without spaces, guessable by nobody."""
    return "po" + secrets.token_hex(8)


class Batch(models.Model):
    """Payouts of balances in one currency by one method, sent as one file."""

    class Status(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        SUBMITTED = "submitted", _("Submitted to the provider")
        DROPPED = "dropped", _("Dropped")

    method = models.CharField(max_length=6, choices=Destination.Method)
    currency = models.CharField(max_length=3, validators=[currency_code])
    # Another currency than the balances', where the way takes no other, and the exact rate as a fraction.
    bought = models.CharField(_("converted into"), max_length=3, blank=True, validators=[currency_code])
    numerator = models.DecimalField(max_digits=40, decimal_places=0, null=True, blank=True)
    denominator = models.DecimalField(max_digits=40, decimal_places=0, null=True, blank=True)
    rates = models.ManyToManyField(ExchangeRate, related_name="batches", blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PREPARED)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    # A large batch wants a third pair of eyes before it leaves.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Who is to get how much and where: until it is submitted, that stands in no ledger.
    proposed_sha256 = models.CharField(max_length=64, editable=False)
    # Addresses are in it, so the file is encrypted like the destinations themselves, and forgotten in the end.
    file_encrypted = models.BinaryField(default=bytes, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("payout batch")
        verbose_name_plural = _("payout batches")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True) | ~Q(submitted_by=F("prepared_by")),
                name="batch_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    Q(approved_at__isnull=False)
                    & ~Q(approved_by=F("prepared_by"))
                    & (Q(submitted_by__isnull=True) | ~Q(approved_by=F("submitted_by")))
                ),
                name="batch_third_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted")
                | (Q(submitted_by__isnull=False, submitted_at__isnull=False) & ~Q(file_sha256="")),
                name="batch_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(bought="", numerator__isnull=True, denominator__isnull=True)
                | (
                    ~Q(bought="")
                    & ~Q(bought=F("currency"))
                    & Q(numerator__gt=0, denominator__gt=0)
                    & Q(numerator__isnull=False, denominator__isnull=False)
                ),
                name="batch_rate_whole",
            ),
        )

    def __str__(self) -> str:
        return _("Batch %(number)s, %(currency)s") % {
            "number": self.pk,
            "currency": self.currency,
        }

    @property
    def code(self) -> str:
        """The name in the ledger."""
        return str(self.pk)

    @property
    def paid_currency(self) -> str:
        """What its file is in."""
        return self.bought or self.currency

    def proposal_hash(self) -> str:
        """The hash of who is to get how much and where, of all that were ever in the batch, and of the rate."""
        columns = ["code", "payee_id", "destination_id", "amount_minor", "withheld_minor", "currency"]
        words = []
        if self.bought:
            columns += ["bought_minor", "bought"]
            rates = sorted(self.rates.values_list("pk", flat=True))
            words.append(f"{self.bought} {self.numerator}/{self.denominator} {rates}")
        words += [" ".join(map(str, row)) for row in self.payouts.values_list(*columns)]
        return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()


#: With the payee for good: it arrived, or was paid after it had come back and has been taken from what is payable.
ARRIVED = Q(status="settled") | Q(recovered_at__isnull=False)


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Questions about many payments."""

    def arrived(self) -> PayoutQuerySet:
        """What the payee has; what came back and is owed again is none of it."""
        return self.filter(ARRIVED)

    def arrived_between(self, first: dt.date, last: dt.date) -> PayoutQuerySet:
        """What arrived on these days, or was found to have."""
        days = (first, last)
        return self.filter(Q(status="settled", settled_at__date__range=days) | Q(recovered_at__date__range=days))

    def arrived_in(self, year: int) -> PayoutQuerySet:
        """What arrived in a calendar year, or was found to have."""
        return self.filter(Q(status="settled", settled_at__year=year) | Q(recovered_at__year=year))


class Payout(models.Model):
    """One payment to one payee; never twice in a batch, never settled without a reference."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Scheduled")
        SENT = "sent", _("Sent")
        SETTLED = "settled", _("Arrived")
        FAILED = "failed", _("Returned")
        RETURNED = "returned", _("Returned after arrival")
        DROPPED = "dropped", _("Dropped")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="payouts")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="payouts")
    destination = models.ForeignKey(Destination, models.PROTECT, related_name="payouts")
    code = models.SlugField(max_length=30, unique=True, default=new_payout_code, editable=False)
    amount_minor = models.BigIntegerField()
    withheld_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, validators=[currency_code])
    # What is sent, where that is another currency: the net amount at the rate of the batch.
    bought_minor = models.BigIntegerField(null=True, blank=True)
    bought = models.CharField(max_length=3, blank=True, validators=[currency_code])
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    provider_reference = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    # When what the provider paid after all, though it had come back, was taken from what is payable again, with its tax.
    recovered_at = models.DateTimeField(_("found to have arrived"), null=True, blank=True, editable=False)

    objects: ClassVar[PayoutQuerySet] = PayoutQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know only Manager

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["batch", "payee"], name="payout_once_a_batch"),
            # A payee has at most one payment on its way in a currency.
            models.UniqueConstraint(
                fields=["payee", "currency"],
                condition=Q(status__in=["pending", "sent"]),
                name="payout_one_on_its_way",
            ),
            models.UniqueConstraint(
                fields=["provider_reference"],
                condition=~Q(provider_reference=""),
                name="payout_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, withheld_minor__gte=0) & Q(withheld_minor__lte=F("amount_minor")),
                name="payout_amounts",
            ),
            models.CheckConstraint(
                condition=Q(bought="", bought_minor__isnull=True)
                | (~Q(bought="") & ~Q(bought=F("currency")) & Q(bought_minor__gt=0, bought_minor__isnull=False)),
                name="payout_bought_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | ~Q(provider_reference=""),
                name="payout_settled_by_reference",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["failed", "returned"]) | ~Q(failure=""), name="payout_failed_reason"
            ),
            models.CheckConstraint(
                condition=Q(recovered_at__isnull=True) | Q(status__in=["failed", "returned"]), name="payout_recovered"
            ),
        )
        indexes = (models.Index(fields=["payee", "-id"], name="payout_by_payee"),)

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("royalties:payout", args=[self.code])

    @property
    def net_minor(self) -> int:
        """What is left of the balance after tax, in its own currency."""
        return self.amount_minor - self.withheld_minor

    @property
    def paid(self) -> Money:
        """What is sent, as the provider's file and report name it."""
        if self.bought_minor is not None:
            return Money(self.bought_minor, self.bought)
        return Money(self.net_minor, self.currency)

    @property
    def arrived_at(self) -> dt.datetime | None:
        """When it arrived, or was found to have; of what came back, when it had."""
        return self.recovered_at or self.settled_at

    @property
    def came_back(self) -> bool:
        return self.status in {self.Status.FAILED, self.Status.RETURNED}
