"""Fingerprint and Likeness: what a version is known again by, and whom its artist is asked about.

A fingerprint is one number at one place of a version (contributions.fingerprints tells of what). They are
looked up by value or, for pictures and frames, by any of four bands of sixteen bits. A likeness is a kind
question to the artist of a draft, "did you build on this?", and their answer; nobody else sees it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.fingerprints import BAND_BITS, BAND_MASK, BANDS, Kind


class Fingerprint(models.Model):
    """One print of a version. `value` is 64 bits with a sign; what `place` counts depends on the kind."""

    class Kinds(models.IntegerChoices):
        EDITION = int(Kind.EDITION), _("edition")
        PICTURE = int(Kind.PICTURE), _("picture")
        FRAME = int(Kind.FRAME), _("frame")
        SOUND = int(Kind.SOUND), _("sound")
        TEXT = int(Kind.TEXT), _("words")

    pk = models.CompositePrimaryKey("version", "kind", "place")
    version = models.ForeignKey("contributions.Version", models.CASCADE, related_name="fingerprints", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kinds)
    place = models.PositiveIntegerField()
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        indexes = (
            # The version is among the keys so that of prints which many works share the oldest come first.
            models.Index(fields=["kind", "value", "version"], name="fingerprint_value", include=["place"]),
            *(
                models.Index(
                    F("kind"),
                    F("value").bitrightshift(BAND_BITS * band).bitand(BAND_MASK),
                    F("version"),
                    name=f"fingerprint_band_{band}",
                    # With all that is asked for, so that the rows themselves are not read.
                    include=["place", "value"],
                    condition=Q(kind__in=[int(Kind.PICTURE), int(Kind.FRAME)]),
                )
                for band in range(BANDS)
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.get_kind_display()} {self.place}"


class Likeness(models.Model):
    """A published work that a draft resembles; `denied_at` when its artist has said that it is none."""

    contribution = models.ForeignKey("contributions.Contribution", models.CASCADE, related_name="likenesses")
    source = models.ForeignKey("contributions.Contribution", models.CASCADE, related_name="+")
    # 0 to 1000; 1000 is the very same file.
    strength = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    denied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")
        constraints = (
            models.UniqueConstraint(fields=["contribution", "source"], name="likeness_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("contribution")), name="likeness_not_itself"),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} is like {self.source_id}"
