"""Claim: somebody says that a published work builds on another that it does not name.

The edges of a published work are frozen, so an accepted claim becomes a LaterCredit.
Only accepted claims are public. At most one claim about a pair of works is open.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    """ "This builds on …", with what shows it, and what the artist answered."""

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="claims")
    source = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="claimed_in")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims")
    evidence = models.CharField(_("what shows it"), max_length=1000)
    # A place in the sound or film of the work where the source is heard or seen.
    at_ms = models.PositiveIntegerField(_("moment in milliseconds"), null=True, blank=True)
    url = models.URLField(_("address"), blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = (
            models.UniqueConstraint(
                fields=["contribution", "source"], condition=models.Q(status="open"), name="claim_open_once"
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("contribution")), name="claim_not_about_itself"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "withdrawn"])
                | models.Q(answered_by__isnull=False, answered_at__isnull=False),
                name="claim_answered_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["claimed_by", "-created_at"], name="claim_by_artist"),)

    def __str__(self) -> str:
        return f"{self.contribution_id} builds on {self.source_id}: {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN
