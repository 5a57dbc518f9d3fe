"""Leased: a row that is the truth about a piece of work for a worker (contributions.actions.leasing)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Leased(models.Model):
    """Whoever holds the lease works; who lost it stops."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being prepared")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = (Status.QUEUED, Status.RUNNING)

    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress in per cent"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_reason = models.CharField(_("reason, for the artist"), max_length=300, blank=True)
    log = models.TextField(_("log, for staff"), blank=True)

    class Meta:
        abstract = True

    @property
    def artist_id(self) -> int:
        """Whose file it is."""
        raise NotImplementedError

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE
