"""What others may do with a work, what its maker declared, and who took which file under what.

A Licence is one version of one licence. A LicenceGrant says from when on a work was offered under it:
a later grant adds to the earlier ones and takes nothing away. A Download is the taker's proof.
Receipts, grants and downloads are append only, in the database itself.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def today() -> dt.date:
    """The day in UTC."""
    return timezone.now().date()


class Licence(models.Model):
    """One version of one licence, e.g. CC BY-NC 4.0. Rows are dated and never edited."""

    code = models.CharField(max_length=30)
    version = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    summary = models.CharField(_("in plain words"), max_length=200)
    url = models.URLField(blank=True)
    allows_derivatives = models.BooleanField(default=True)
    allows_commercial_use = models.BooleanField(default=True)
    share_alike = models.BooleanField(default=False)
    site_only = models.BooleanField(_("on this site only"), default=False)
    offered = models.BooleanField(_("offered for new works"), default=True)
    effective_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["code", "version"], name="licence_version_once"),)

    def __str__(self) -> str:
        return self.name


class RightsReceipt(models.Model):
    """The answers given at publish, under which terms, with their hash. Append only."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="receipts")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    terms = models.ForeignKey("profiles.Terms", models.PROTECT, related_name="+")
    answers = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rights receipt")
        verbose_name_plural = _("rights receipts")

    def __str__(self) -> str:
        return f"receipt {self.pk} for {self.contribution_id}"


class LicenceGrant(models.Model):
    """From `at` on the work is offered under this licence. Append only; earlier grants keep standing."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="grants")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="grants")
    receipt = models.ForeignKey(RightsReceipt, models.PROTECT, related_name="grants")
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("licence given")
        verbose_name_plural = _("licences given")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["contribution", "licence"], name="licence_grant_once"),)

    def __str__(self) -> str:
        return f"{self.licence_id} for {self.contribution_id}"


class Download(models.Model):
    """A file was taken under a licence. Append only; taking the same file again adds no row.

    `file` is a rendition ("2/image/640.avif", by number of its version) or a source file ("files/12").
    Visitors leave no trace of who they are: one row a day and file stands for all of them.
    """

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="downloads")
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="downloads"
    )
    file = models.CharField(max_length=100)
    label = models.CharField(_("what it was"), max_length=100)
    sha256 = models.CharField(max_length=64)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="downloads")
    terms = models.ForeignKey("profiles.Terms", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("taken"), default=timezone.now)
    day = models.DateField(default=today)

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        constraints = (
            models.UniqueConstraint(
                fields=["artist", "contribution", "file", "sha256", "licence"],
                condition=models.Q(artist__isnull=False),
                name="download_once_per_artist",
            ),
            models.UniqueConstraint(
                fields=["contribution", "file", "sha256", "licence", "day"],
                condition=models.Q(artist__isnull=True),
                name="download_once_a_day_by_visitors",
            ),
        )
        indexes = (
            models.Index(fields=["artist", "-id"], name="download_by_artist"),
            models.Index(fields=["contribution", "-id"], name="download_by_work"),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.file}"
