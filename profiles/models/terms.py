"""Terms and TermsAcceptance: the words people agreed to, with their hash."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Terms(models.Model):
    """One dated version of a text that artists agree to; never edited, only followed."""

    class Kind(models.TextChoices):
        MEMBERSHIP = "membership", _("membership")
        CONTRIBUTION = "contribution", _("contribution")
        PAYMENT = "payment", _("payment")

    kind = models.CharField(max_length=20, choices=Kind)
    version = models.CharField(max_length=20)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    effective_at = models.DateTimeField()

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        constraints = (models.UniqueConstraint(fields=["kind", "version"], name="terms_version_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class TermsAcceptance(models.Model):
    """An artist accepted one version at one moment."""

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acceptances")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of terms")
        verbose_name_plural = _("acceptances of terms")
        constraints = (models.UniqueConstraint(fields=["artist", "terms"], name="acceptance_once"),)

    def __str__(self) -> str:
        return f"{self.artist_id} accepted {self.terms_id}"
