"""Adjustment: a human judgement in a statement, proposed by one person and approved by another.

What was approved is taken back the same way: one asks for it with a public reason, another agrees. Amounts are
minor units, factors are basis points.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.statement import Statement


class Adjustment(models.Model):
    """A human judgement: a factor on a cue, or an award. Counts once a second person agrees."""

    class Kind(models.TextChoices):
        LINE_FACTOR = "line_factor", _("Factor on a cue")
        AWARD = "award", _("Award off the top")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=11, choices=Kind)
    cue = models.ForeignKey("projects.Cue", models.PROTECT, null=True, blank=True, related_name="+")
    factor_bps = models.PositiveIntegerField(null=True, blank=True)
    payee = models.ForeignKey("royalties.Payee", models.PROTECT, null=True, blank=True, related_name="+")
    amount_minor = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(_("public reason"), max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Taking back what was approved: who asked for it and why. Who agreed stands beside the moment.
    back_reason = models.CharField(_("public reason for taking it back"), max_length=500, blank=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked to be taken back by"),
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind="line_factor",
                    cue__isnull=False,
                    factor_bps__isnull=False,
                    payee__isnull=True,
                    amount_minor__isnull=True,
                )
                | Q(
                    kind="award",
                    cue__isnull=True,
                    factor_bps__isnull=True,
                    payee__isnull=False,
                    amount_minor__gt=0,
                ),
                name="adjustment_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_public_reason"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="adjustment_second_person",
            ),
            models.CheckConstraint(
                condition=Q(back_by__isnull=True, back_reason="") | (Q(back_by__isnull=False) & ~Q(back_reason="")),
                name="adjustment_back_reason",
            ),
            models.CheckConstraint(
                condition=Q(back_by__isnull=True) | Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("back_by")),
                name="adjustment_back_second_person",
            ),
            models.UniqueConstraint(
                fields=["statement", "cue"],
                condition=Q(kind="line_factor", withdrawn_at__isnull=True),
                name="adjustment_one_factor",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.statement_id}"

    @property
    def waits_to_be_taken_back(self) -> bool:
        """Whether somebody asked for it, and nobody has agreed yet."""
        return self.back_by_id is not None and self.withdrawn_at is None
