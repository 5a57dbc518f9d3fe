"""Suspense: money that came in and matches no production, until a person says where it belongs.

`amount_minor` is what was paid for, `fee_minor` what the channel kept of it; the difference is
what stands on the suspense account. Amounts are minor units. Resolved once, with a reason; where the
income it became is taken back, it waits again in a row of its own, under the next number of `again`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import Import
from royalties.money import Money


class Suspense(models.Model):
    """One row of a report that nobody could place."""

    class Resolution(models.TextChoices):
        INCOME = "income", _("Income of a production")
        RETURNED = "returned", _("Sent back")

    source = models.ForeignKey(Import, models.PROTECT, related_name="suspense", verbose_name=_("import"))
    line_number = models.PositiveIntegerField(_("line in the file"))
    provider = models.SlugField(_("provider"), max_length=30)
    transaction = models.CharField(_("transaction"), max_length=80)
    channel = models.SlugField(_("channel"), max_length=30)
    text = models.CharField(_("what the report calls it"), max_length=200)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    fee_minor = models.BigIntegerField(_("fee in minor units"), default=0)
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    # How often the income that it became was taken back before.
    again = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    resolution = models.CharField(_("became"), max_length=8, choices=Resolution, blank=True)
    production = models.ForeignKey("projects.Production", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("money in suspense")
        verbose_name_plural = _("money in suspense")
        ordering = (F("resolved_at").asc(nulls_first=True), "-pk")
        constraints = (
            models.UniqueConstraint(fields=["provider", "transaction", "again"], name="suspense_transaction_once"),
            models.CheckConstraint(condition=Q(fee_minor__gte=0, amount_minor__gt=F("fee_minor")), name="suspense_net"),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_by__isnull=True, resolved_at__isnull=True)
                | (~Q(resolution="") & ~Q(reason="") & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                name="suspense_resolved_whole",
            ),
            models.CheckConstraint(
                condition=~Q(resolution="income") | Q(production__isnull=False), name="suspense_income_production"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider}: {self.text}, {self.net}"

    @property
    def called(self) -> str:
        """The name that its report gives, the first of several."""
        return self.text.split(" / ")[0]

    @property
    def net(self) -> Money:
        """What waits on the suspense account."""
        return Money(self.amount_minor - self.fee_minor, self.currency)
