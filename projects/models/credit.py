"""Consent, Credit, Release and Outlet: permission, names, and where to get it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """An artist asked whether a work may be used in a production, and the answer."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("Asked")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="consents")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="consents")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents")
    answer = models.CharField(max_length=5, choices=Answer, default=Answer.ASKED)
    use = models.CharField(_("how it is used"), max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = (models.UniqueConstraint(fields=["production", "contribution", "artist"], name="consent_once"),)

    def __str__(self) -> str:
        return f"{self.artist_id} {self.answer} {self.contribution_id}"

    def get_absolute_url(self) -> str:
        return reverse("projects:consent", args=[self.pk])


class Credit(models.Model):
    """A name in a role on a production, derived from the locked cut."""

    class Source(models.TextChoices):
        CUE = "cue", _("work in the cut")
        INFLUENCE = "influence", _("work that others built on")
        STAFF = "staff", _("staff")

    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="credits")
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credits",
    )
    name = models.CharField(max_length=80)
    heading = models.CharField(_("department"), max_length=60, blank=True)
    credit_line = models.CharField(_("role"), max_length=80)
    source = models.CharField(max_length=9, choices=Source, default=Source.CUE)
    contribution = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    position = models.PositiveIntegerField(default=0)
    # How the billing block says the role; empty for those who are not in it.
    billing_line = models.CharField(_("in the billing block"), max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ("production", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["production", "artist", "credit_line", "contribution"],
                nulls_distinct=False,
                name="credit_once",
            ),
        )

    def __str__(self) -> str:
        # Without the name: the admin's history keeps these words longer than people stay.
        return f"{self.credit_line} in {self.production_id}"

    @property
    def person_key(self) -> tuple[str, int | str]:
        """Tells two people of one name apart; somebody without an account is the name."""
        return ("name", self.name) if self.artist_id is None else ("artist", self.artist_id)


class Release(models.Model):
    """A published production, with where to get it."""

    production = models.OneToOneField("projects.Production", models.PROTECT, related_name="release")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=100)
    format = models.CharField(_("format"), max_length=80)
    description = models.TextField(max_length=4000, blank=True)
    released_on = models.DateField()
    cover = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Field's identifiers as given by their agencies: {"isbn": "…", "isrc": "…"}.
    identifiers = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-released_on", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:release", args=[self.slug])

    @property
    def identifier_rows(self) -> list[tuple[str, str]]:
        """The identifiers as the page names them: agencies' codes in capitals, our own in words."""
        names = {"catalogue": _("Catalogue number")}
        return [(str(names.get(name, name.upper())), str(value)) for name, value in self.identifiers.items()]


class Outlet(models.Model):
    """One place where a release can be had."""

    class Kind(models.TextChoices):
        WATCH = "watch", _("Watch")
        LISTEN = "listen", _("Listen")
        READ = "read", _("Read")
        BUY = "buy", _("Buy")
        SEE = "see", _("See it at")

    release = models.ForeignKey(Release, models.CASCADE, related_name="outlets")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.BUY)
    name = models.CharField(max_length=60)
    url = models.URLField(blank=True)
    price = models.CharField(_("price as shown"), max_length=40, blank=True)
    note = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name
