"""Comment: what somebody said about a work, perhaps at a moment of it (milliseconds)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Comment(models.Model):
    """Plain words on a work. Hidden ones keep their row and say why."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="comments")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    body = models.TextField(_("comment"), max_length=4000)
    at_ms = models.PositiveBigIntegerField(_("at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=["contribution", "id"], name="comment_by_work"),)

    def __str__(self) -> str:
        return self.body[:60]
