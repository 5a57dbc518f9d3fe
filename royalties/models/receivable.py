"""Invoice: revenue that was billed before it came.

It counts on the day it is sent, and once; its receipt moves no profit. Amounts are positive minor units.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import currency_code


class Invoice(models.Model):
    """A bill of ours to a channel, such as a broadcaster."""

    channel = models.SlugField(_("channel"), max_length=30)
    number = models.CharField(_("number"), max_length=60)
    # How many of this number were taken back before it.
    again = models.PositiveSmallIntegerField(default=0)
    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="invoices")
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(max_length=3, validators=[currency_code])
    invoiced_on = models.DateField(_("sent on"))
    provider = models.SlugField(_("came through"), max_length=30, blank=True)
    received_on = models.DateField(_("came on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("invoice sent")
        verbose_name_plural = _("invoices sent")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["channel", "number", "again"], name="invoice_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="invoice_positive"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, provider="") | (Q(received_on__isnull=False) & ~Q(provider="")),
                name="invoice_received_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel}:{self.number}"
