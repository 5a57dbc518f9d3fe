"""Cut and Cue, and the dated tables they choose from.

A cut is a version of a production: an ordered cue sheet. Times are milliseconds.
Once locked, PostgreSQL refuses to change or delete the cut and its cues. Role weight
and prominence are whole numbers from the tables, 100 being the ordinary case. The
tables are append only: a change is a row with a later date, so that what was drafted
from an older row keeps its numbers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import Kind


class DatedQuerySet(models.QuerySet[Any]):
    """Questions about a table whose rows hold from a date on."""

    def in_force(self, *key: str, at: dt.datetime | None = None) -> DatedQuerySet:
        """For each value of `key` the newest row that has begun to hold."""
        newest = (
            self.filter(effective_at__lte=at or timezone.now()).order_by(*key, "-effective_at", "-pk").distinct(*key)
        )
        return self.filter(pk__in=newest.values("pk"))


class Department(models.Model):
    """A department's part of the pool, by kind of production, from a date on."""

    kind = models.CharField(max_length=5, choices=Kind)
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    share_bps = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    effective_at = models.DateTimeField(default=timezone.now)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("kind", "position")
        constraints = (
            models.UniqueConstraint(fields=["kind", "code", "effective_at"], name="department_once"),
            models.CheckConstraint(condition=models.Q(share_bps__lte=10_000), name="department_share_range"),
        )

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What a work or person did, with its weight; chosen, never typed in."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    # How the closing credits say it, e.g. "Music by".
    credit_line = models.CharField(max_length=80)
    # How the billing block says it, e.g. "music by"; empty where it is not billed.
    billing_line = models.CharField(max_length=80, blank=True)
    department_code = models.SlugField(max_length=30)
    weight = models.PositiveIntegerField(default=100)
    position = models.PositiveSmallIntegerField(default=0)
    effective_at = models.DateTimeField(default=timezone.now)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("position", "name")
        constraints = (models.UniqueConstraint(fields=["code", "department_code", "effective_at"], name="role_once"),)

    def __str__(self) -> str:
        return self.name


class Prominence(models.Model):
    """How much a use is looked at or listened to: featured 100, background 50, texture 25."""

    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=60)
    weight = models.PositiveIntegerField()
    effective_at = models.DateTimeField(default=timezone.now)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("prominence")
        verbose_name_plural = _("prominences")
        ordering = ("-weight",)
        constraints = (models.UniqueConstraint(fields=["code", "effective_at"], name="prominence_once"),)

    def __str__(self) -> str:
        return self.name


class Cut(models.Model):
    """One numbered version of a production's cue sheet."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LOCKED = "locked", _("Locked")

    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="cuts")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    # Frames per 1,000 seconds, so that 23.976 is the whole number 23976.
    frame_rate_milli = models.PositiveIntegerField(default=24_000)
    # Tracks, chapters or segments in order, with their part of the money:
    # [{"id", "title", "bps", "segment"?, "departments"?: {code: bps}}]. Empty: one whole.
    sections = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("cut")
        verbose_name_plural = _("cuts")
        constraints = (models.UniqueConstraint(fields=["production", "number"], name="cut_number_once"),)

    def __str__(self) -> str:
        return _("%(production)s, cut %(number)s") % {
            "production": self.production.title,
            "number": self.number,
        }

    @property
    def is_locked(self) -> bool:
        return self.status == self.Status.LOCKED


class Cue(models.Model):
    """One use of one contribution in a cut."""

    class Unit(models.TextChoices):
        SCREEN_MS = "screen_ms", _("milliseconds on screen")
        AUDIBLE_MS = "audible_ms", _("milliseconds audible")
        WORDS = "words", _("words")
        PAGE_PERMILLE = "page_permille", _("page area in per mille")
        ITEMS = "items", _("items")

    class Segment(models.TextChoices):
        PRE_MIXED = "pre_mixed", _("Pre-mixed")
        LIVE = "live", _("Live")

    cut = models.ForeignKey(Cut, models.CASCADE, related_name="cues")
    position = models.PositiveIntegerField()
    section = models.SlugField(max_length=40, blank=True)
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="cues")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    prominence = models.ForeignKey(Prominence, models.PROTECT, related_name="+")
    unit = models.CharField(max_length=13, choices=Unit)
    quantity = models.PositiveBigIntegerField()
    start_ms = models.PositiveBigIntegerField(_("starts at"), null=True, blank=True)
    duration_ms = models.PositiveBigIntegerField(_("lasts"), null=True, blank=True)
    segment = models.CharField(max_length=9, choices=Segment, blank=True)
    # How the closing credits say this one, e.g. "Lighthouse drawn by"; empty: as the role says.
    credit_line = models.CharField(_("in the credits"), max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("cue")
        verbose_name_plural = _("cues")
        ordering = ("cut", "position")
        constraints = (
            models.UniqueConstraint(
                fields=["cut", "position"],
                name="cue_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="cue_quantity_positive"),
        )

    def __str__(self) -> str:
        return f"{self.cut_id}/{self.position}"
