"""Submission: the answer to a form that was sent, kept so that the same form sent again gets it again.

The key was drawn when the form was made. Its row is written in the transaction of what the form did,
so that either both are there or neither. Rows go after thirty days (actions.sweep_submissions).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """One form that was answered; `part` names the row where one form moves several."""

    # Empty for somebody without an account, who is told by the key alone.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions", null=True, blank=True
    )
    key = models.CharField(max_length=64)
    part = models.CharField(max_length=60, default="", blank=True)
    # Keyed with the site's secret, since a form may hold a password.
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status of the answer"), default=0)
    location = models.CharField(_("where it led"), max_length=2000, default="", blank=True)
    # What the page said: [level, text, tags, whether the text is HTML].
    said = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = (
            models.UniqueConstraint(fields=["actor", "key", "part"], name="submission_once"),
            models.UniqueConstraint(
                fields=["key", "part"], condition=models.Q(actor__isnull=True), name="submission_once_by_nobody"
            ),
        )
        indexes = (models.Index(fields=["at"], name="submission_by_age"),)

    def __str__(self) -> str:
        return f"{self.actor_id} {self.key} {self.part}".strip()
