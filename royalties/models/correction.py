"""What a correction statement changes, payee by payee, and how the money follows. Append only.

A correction is a further statement of the same production, period and money (`Statement.corrects`).
Its CorrectionShares are the differences to what was in force before; they add up to nothing. Where
the house has erred it pays what was missing at once. Otherwise it comes out of what those who had
too much earn later by the same production: each time one CorrectionMove for everybody it touches.
Nobody ever pays back. Amounts are minor units, positive for the payee.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from royalties.models.payee import Payee
from royalties.models.statement import Statement


class CorrectionShare(models.Model):
    """How much more or less is right for a payee."""

    correction = models.ForeignKey(Statement, models.PROTECT, related_name="correction_shares")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="+")
    delta_minor = models.BigIntegerField(_("difference in minor units"))

    class Meta:
        verbose_name = _("difference of a correction")
        verbose_name_plural = _("differences of corrections")
        ordering = ("correction", "pk")
        constraints = (
            models.UniqueConstraint(fields=["correction", "payee"], name="correction_share_once"),
            models.CheckConstraint(condition=~Q(delta_minor=0), name="correction_share_something"),
        )

    def __str__(self) -> str:
        return f"{self.payee_id} in {self.correction_id}: {self.delta_minor}"


class CorrectionMove(models.Model):
    """What was booked for a payee so far: by the house, or when a later statement was posted."""

    correction = models.ForeignKey(Statement, models.PROTECT, related_name="correction_moves")
    # The statement whose posting moved it; the correction itself where the house pays.
    by = models.ForeignKey(Statement, models.PROTECT, related_name="moved_corrections")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="correction_moves")
    amount_minor = models.BigIntegerField(_("amount in minor units"))

    class Meta:
        verbose_name = _("booking of a correction")
        verbose_name_plural = _("bookings of corrections")
        ordering = ("correction", "pk")
        constraints = (
            models.UniqueConstraint(fields=["correction", "by", "payee"], name="correction_move_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="correction_move_something"),
        )

    def __str__(self) -> str:
        return f"{self.payee_id} by {self.by_id}: {self.amount_minor}"
