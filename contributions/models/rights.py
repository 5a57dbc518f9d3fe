"""Licence and RightsReceipt: what others may do with a work, and what its maker declared."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
