"""Caption: the words of a sound or film in one language, as WebVTT that we wrote ourselves.

They belong to the work, not to a version: a new version of a film rarely says something else, and where it does
the artist replaces them. The text is small and lives in the row, so that it goes with the work at once.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contributions.models.languages import language_name
from contributions.subtitles import Cue, parse


class Caption(models.Model):
    """One language of a work; `kind` says whether sounds are described as well."""

    class Kind(models.TextChoices):
        CAPTIONS = "captions", _("Captions: speech and sounds, for people who do not hear it")
        SUBTITLES = "subtitles", _("Subtitles: speech alone, for people who do not know the language")

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="caption_rows")
    # BCP 47, in its usual letters: en, pt-BR, zh-Hant.
    language = models.CharField(_("language"), max_length=12)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.CAPTIONS)
    body = models.TextField(_("WebVTT"))
    cue_count = models.PositiveIntegerField(_("number of cues"))
    sha256 = models.CharField(max_length=64)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        constraints = (models.UniqueConstraint(fields=["contribution", "language"], name="caption_language_once"),)

    def __str__(self) -> str:
        return f"{self.label} ({self.contribution_id})"

    @property
    def url(self) -> str:
        """Same-origin address of the track, behind the access check."""
        return reverse("contributions:caption", args=[self.contribution_id, self.language])

    @property
    def transcript_url(self) -> str:
        return reverse("contributions:transcript", args=[self.contribution_id, self.language])

    @property
    def label(self) -> str:
        """The language in its own words."""
        return language_name(self.language)

    @cached_property
    def cues(self) -> list[Cue]:
        return parse(self.body)
