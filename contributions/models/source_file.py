"""SourceFile: what a work was made with, given to those who build on it: stems, layers, takes.

The file as it came is its artist's alone. Others get a copy that a worker made in the sandbox: the
same picture, sound or words, without anything hidden in the file. Sizes are bytes.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.leased import Leased
from contributions.models.upload import Upload


class SourceFile(Leased):
    """One file given with a work, as it came and as it is handed out."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="source_files")
    upload = models.OneToOneField(Upload, models.SET_NULL, null=True, blank=True, related_name="source_file")
    label = models.CharField(_("what it is"), max_length=80)
    position = models.PositiveIntegerField(default=0)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    key = models.CharField(_("storage key of the original"), max_length=200, unique=True)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    mime = models.CharField(_("kind, told by its content"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    clean_key = models.CharField(_("storage key of the clean copy"), max_length=200, blank=True)
    clean_bytes = models.BigIntegerField(default=0)
    clean_sha256 = models.CharField(max_length=64, blank=True)
    clean_mime = models.CharField(max_length=80, blank=True)
    clean_suffix = models.CharField(max_length=8, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    # When the clean copy got our credentials: at its first download, or later where it is large.
    signed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("source file")
        verbose_name_plural = _("source files")
        ordering = ("position", "pk")
        indexes = (models.Index(fields=["status", "lease_until"], name="source_file_to_reap"),)

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("contributions:source_file", args=[self.contribution_id, self.pk])

    @property
    def artist_id(self) -> int:
        return self.contribution.artist_id

    @property
    def kind(self) -> str:
        """Its medium, as far as its content has been told."""
        kind = (self.clean_mime or self.mime).partition("/")[0]
        return kind if kind in {"image", "audio", "video"} else "text"

    @property
    def name(self) -> str:
        """What it is called in the record of downloads."""
        return f"files/{self.pk}"
