"""BatchFee: what a provider took for a whole batch of payouts. The company bears it. Append only.

What it took for a single payout stands in its report and is booked from there.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.payout import Batch


class BatchFee(models.Model):
    """One charge, in the currency of its batch."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="fee", verbose_name=_("batch"))
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    number = models.CharField(_("the provider’s number"), max_length=80)
    charged_on = models.DateField(_("charged on"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("fee of a batch")
        verbose_name_plural = _("fees of batches")
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=Q(amount_minor__gt=0), name="batch_fee_positive"),)

    def __str__(self) -> str:
        return f"{self.batch}: {self.number}"
