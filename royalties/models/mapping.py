"""Mapping, ProductionName and Intake: reports in the shape their senders like.

A Mapping tells which column means what (royalties/mapping.py reads its rules). It is append
only: a change is a further version, and an import keeps the one it was read by. A
ProductionName is what one provider calls a production; where that was wrong a further one says so. An Intake is a file on its way: looked
at, then booked by a worker in parts; it becomes an Import when the first part is booked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import Import

# After that without a part booked a worker is taken to be gone.
SILENT_FOR = dt.timedelta(minutes=3)


class MappingQuerySet(models.QuerySet["Mapping"]):
    """Questions about many mappings."""

    def newest(self) -> MappingQuerySet:
        """The version in use of each."""
        later = Mapping.objects.filter(name=models.OuterRef("name"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(later))


class Mapping(models.Model):
    """How one kind of report is read."""

    class Kind(models.TextChoices):
        REVENUE = "revenue", _("Revenue")
        COST = "cost", _("Costs")

    name = models.CharField(_("name"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    kind = models.CharField(_("what is in it"), max_length=7, choices=Kind)
    rules = models.JSONField(_("rules"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Nobody for those that came with the site.
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Any]] = MappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        ordering = ("name", "-version")
        constraints = (models.UniqueConstraint(fields=["name", "version"], name="mapping_version_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def rules_sha256(self) -> str:
        """The hash that is recorded with it when it is kept."""
        return hashlib.sha256(json.dumps(self.rules, sort_keys=True).encode()).hexdigest()


class ProductionName(models.Model):
    """What a provider's reports call a production, as somebody found out; of several by one name the newest counts."""

    provider = models.SlugField(_("provider"), max_length=30)
    text = models.CharField(_("what they call it"), max_length=200)
    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="names")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("provider’s name for a production")
        verbose_name_plural = _("providers’ names for productions")
        ordering = ("provider", "text", "-id")

    def __str__(self) -> str:
        return f"{self.provider}: {self.text}"


class Intake(models.Model):
    """One file on its way in; `problems` and `preview` are what the last look at it found."""

    class Status(models.TextChoices):
        CHECKING = "checking", _("Being looked at")
        READY = "ready", _("Ready to be booked")
        REFUSED = "refused", _("Has problems, nothing booked")
        BOOKING = "booking", _("Being booked")
        STOPPED = "stopped", _("Stopped in the middle")
        DONE = "done", _("Booked")
        DROPPED = "dropped", _("Dropped")

    mapping = models.ForeignKey(Mapping, models.PROTECT, related_name="intakes")
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    # Empty once it has become an import, which keeps the bytes.
    content = models.BinaryField()
    status = models.CharField(max_length=8, choices=Status, default=Status.CHECKING)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    known_count = models.PositiveIntegerField(_("rows known before"), default=0)
    suspense_count = models.PositiveIntegerField(_("rows that match no production"), default=0)
    empty_count = models.PositiveIntegerField(_("rows worth nothing or skipped"), default=0)
    done_count = models.PositiveIntegerField(_("rows booked"), default=0)
    problem_count = models.PositiveIntegerField(_("problems"), default=0)
    problems = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    totals = models.JSONField(default=dict)
    source = models.OneToOneField(Import, models.PROTECT, null=True, blank=True, related_name="intake")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    heartbeat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports to take in")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["sha256"], condition=~Q(status="dropped"), name="intake_file_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["booking", "done"]) | Q(booked_by__isnull=False), name="intake_booked_by"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_silent(self, moment: dt.datetime) -> bool:
        """Whether it is being booked by a worker that has not been heard of."""
        beat = self.heartbeat_at
        return self.status == self.Status.BOOKING and (beat is None or beat < moment - SILENT_FOR)

    @property
    def percent(self) -> int:
        """How far the booking is."""
        fresh = self.row_count - self.known_count
        return 100 * self.done_count // fresh if fresh else 100
