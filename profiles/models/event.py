"""Event, Follow and Notice: what happened, who wants to know, and who was told.

A topic is a string such as "contribution:42": nothing on this floor needs to know
which app stands above it. Events hold ids only, never names, and are append only.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def topic_of(row: models.Model) -> str:
    """The topic string of a row: its model's name and its primary key."""
    return f"{row._meta.model_name}:{row.pk}"


class Event(models.Model):
    """One thing that happened. PostgreSQL refuses to change or delete it."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
    )
    verb = models.CharField(_("what"), max_length=80)
    topic = models.CharField(_("about"), max_length=80)
    at = models.DateTimeField(_("when"), default=timezone.now)
    payload = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = (
            models.Index(fields=["topic", "-id"], name="event_by_topic"),
            models.Index(fields=["verb", "-id"], name="event_by_verb"),
            models.Index(fields=["actor", "-id"], name="event_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.topic}"


class Follow(models.Model):
    """An artist wants to hear of a topic."""

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    topic = models.CharField(max_length=80)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = (models.UniqueConstraint(fields=["artist", "topic"], name="follow_once"),)
        indexes = (models.Index(fields=["topic"], name="follow_by_topic"),)

    def __str__(self) -> str:
        return f"{self.artist_id} follows {self.topic}"


class Notice(models.Model):
    """An event put before one artist, in the inbox and perhaps by mail."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.PROTECT, related_name="notices")
    TEXT_MOST = 300

    text = models.CharField(_("text"), max_length=TEXT_MOST)
    url = models.CharField(_("link"), max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    # Until when its mail is put off, since the mail server did not take it.
    mail_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (models.UniqueConstraint(fields=["recipient", "event"], name="notice_once"),)
        indexes = (models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),)

    def __str__(self) -> str:
        return self.text
