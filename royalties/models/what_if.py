"""WhatIf: other measures tried on a published revision, to see who would gain and whom it would cost.

It changes no amount. What was tried is kept in a canonical form, so that the same changes of
the same revision have one address; who tried them first is its author. Amounts are minor units.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.statement import Revision, Statement


class WhatIf(models.Model):
    """One set of changes of one revision, and what would come of it."""

    class Stage(models.TextChoices):
        QUEUED = "queued", _("Waiting to be computed")
        ALLOCATING = "allocating", _("Dividing the artists’ half")
        DONE = "done", _("Computed")
        FAILED = "failed", _("Could not be computed")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="what_ifs")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="what_ifs")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # {"L3": {"quantity": 60000, "prominence": 100}}: only what differs from the revision.
    changes = models.JSONField()
    # The first part of the sha256 of the canonical changes: the address.
    code = models.CharField(max_length=16, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)
    # What every payee would get, by payee code.
    amounts = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("what-if")
        verbose_name_plural = _("what-ifs")
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=["revision", "code"], name="what_if_once"),)
        indexes = (models.Index(fields=["statement", "-id"], name="what_if_by_statement"),)

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("royalties:what_if_shared", args=[self.statement_id, self.code])

    @property
    def is_computing(self) -> bool:
        return self.stage not in {self.Stage.DONE, self.Stage.FAILED}

    @property
    def result(self) -> dict[str, Any]:
        """What every payee would get; nothing before it is computed."""
        return self.amounts or {}
