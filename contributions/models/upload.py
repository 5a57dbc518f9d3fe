"""Upload, Version, Job and Rendition: from bytes to something safe to show.

Sizes are bytes, times on a file milliseconds. A version's original is private;
renditions are what the site serves. The job row is the truth about work under way:
the queue is only a hint that a row wants a worker.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.leased import Leased


class Upload(models.Model):
    """One resumable upload (tus 1.0). Its row is the protocol's state."""

    class Status(models.TextChoices):
        OPEN = "open", _("under way")
        FINISHED = "finished", _("finished")
        EXPIRED = "expired", _("expired")
        TERMINATED = "terminated", _("terminated")

    class Purpose(models.TextChoices):
        VERSION = "version", _("a version of the work")
        SOURCE_FILE = "source_file", _("a source file given with it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    contribution = models.ForeignKey(
        "contributions.Contribution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="uploads",
    )
    purpose = models.CharField(max_length=11, choices=Purpose, default=Purpose.VERSION)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    length = models.BigIntegerField(_("length in bytes"))
    offset = models.BigIntegerField(_("bytes received"), default=0)
    key = models.CharField(_("storage key"), max_length=200, unique=True)
    # For S3: the multipart upload's id, its parts and the key of the waiting tail.
    multipart = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(offset__gte=0, offset__lte=models.F("length")),
                name="upload_offset_range",
            ),
        )
        indexes = (models.Index(fields=["status", "expires_at"], name="upload_to_sweep"),)

    def __str__(self) -> str:
        return self.file_name or str(self.id)


class Version(models.Model):
    """One state of a work: an uploaded original or a written body, and what was made of it."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    upload = models.OneToOneField(Upload, models.SET_NULL, null=True, blank=True, related_name="version")
    body = models.TextField(_("text"), blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    key = models.CharField(_("storage key of the original"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    bytes = models.BigIntegerField(default=0)
    mime = models.CharField(max_length=80, blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    # contributions.transcoding.Facts as JSON: sizes, loudness, peaks, excerpt, probe.
    facts = models.JSONField(default=dict, blank=True)
    # Names of the renditions, so that a list of works needs no further query.
    rendition_names = models.JSONField(default=list, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # When the files that people look at and take carried our credentials; only published works are signed.
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    signing_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # Others see neither it nor its files; its artist does.
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = (models.UniqueConstraint(fields=["contribution", "number"], name="version_number_once"),)
        indexes = (
            models.Index(
                fields=["signing_attempts", "id"],
                condition=models.Q(signed_at=None, ready_at__isnull=False),
                name="version_to_sign",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("contributions:version", args=[self.contribution_id, self.number])

    def rendition_url(self, name: str) -> str:
        """Same-origin address of a rendition, behind the access check."""
        return reverse("contributions:media", args=[self.contribution_id, self.number, name])


class Job(Leased):
    """Preparation of one version."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="jobs")
    stage = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        constraints = (
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(status__in=["queued", "running"]),
                name="job_one_live_per_version",
            ),
        )
        indexes = (
            models.Index(fields=["status", "lease_until"], name="job_to_reap"),
            # Whose jobs were worked on lately, to be fair in choosing the next.
            models.Index(fields=["heartbeat_at"], name="job_lately"),
        )

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.version_id}"

    @property
    def artist_id(self) -> int:
        return self.version.contribution.artist_id


class Rendition(models.Model):
    """One file made from a version, e.g. kind "image", label "640", name "image/640.avif"."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="renditions")
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    key = models.CharField(_("storage key"), max_length=200, unique=True)
    mime = models.CharField(max_length=80)
    bytes = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration_ms = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How much of the file is its credentials, those of its sources included.
    credentials_bytes = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = (
            models.UniqueConstraint(fields=["version", "name"], name="rendition_name_once"),
            models.UniqueConstraint(fields=["version", "kind", "label", "mime"], name="rendition_label_once"),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.name}"

    def as_json(self) -> dict[str, Any]:
        """What commands and checks print of a rendition."""
        fields = ("kind", "mime", "bytes", "width", "height", "duration_ms")
        return {field: getattr(self, field) for field in fields}
