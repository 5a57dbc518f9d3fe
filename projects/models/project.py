"""Project and what hangs on it: members, steps, updates, considered works, productions.

A project moves from pitch to a round, green light, production and release. What is
made and earns is a production: one for a film, album, book or DVD, one per episode
for a TV season. Cut, credits, release and statements hang on the production.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a project makes."""

    FILM = "film", _("Short film")
    ALBUM = "album", _("Album or vinyl")
    BOOK = "book", _("Book")
    DVD = "dvd", _("DVD")
    TV = "tv", _("TV season")


class ProjectQuerySet(models.QuerySet["Project"]):
    """Questions about many projects."""

    def public(self) -> ProjectQuerySet:
        return self.exclude(status=Project.Status.ARCHIVED)

    def visible_to(self, artist: Any) -> ProjectQuerySet:
        if artist is not None and artist.is_authenticated and artist.has_power("producer"):
            return self
        return self.public()


class Project(models.Model):
    """An idea on its way to a production."""

    class Status(models.TextChoices):
        PITCH = "pitch", _("Pitch")
        IN_ROUND = "in_round", _("In a green-light round")
        GREEN_LIT = "green_lit", _("Green-lit")
        IN_PRODUCTION = "in_production", _("In production")
        RELEASED = "released", _("Released")
        DECLINED = "declined", _("Declined")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    logline = models.CharField(_("in one sentence"), max_length=240)
    pitch = models.TextField(_("pitch"), max_length=10_000, blank=True)
    status = models.CharField(_("status"), max_length=13, choices=Status, default=Status.PITCH)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="pitches",
        verbose_name=_("pitched by"),
    )
    cover = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    works = models.ManyToManyField(
        "contributions.Contribution",
        verbose_name=_("works it grows from"),
        related_name="+",
        blank=True,
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        indexes = (models.Index(fields=["status", "-id"], name="project_by_status"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        name = "projects:pitch" if self.status in PITCHED else "projects:project"
        return reverse(name, args=[self.pk if self.status in PITCHED else self.slug])


PITCHED = (Project.Status.PITCH, Project.Status.IN_ROUND, Project.Status.DECLINED)
MADE = (
    Project.Status.GREEN_LIT,
    Project.Status.IN_PRODUCTION,
    Project.Status.RELEASED,
)


class ProjectMember(models.Model):
    """Somebody who leads or helps; the pitching artist is the first leader."""

    class Role(models.TextChoices):
        LEADER = "leader", _("leader")
        PRODUCER = "producer", _("producer")
        HELPER = "helper", _("helper")

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.HELPER)
    # In their own words, e.g. "Director and editor".
    does = models.CharField(_("what they do"), max_length=60, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("project member")
        verbose_name_plural = _("project members")
        constraints = (models.UniqueConstraint(fields=["project", "artist"], name="project_member_once"),)

    def __str__(self) -> str:
        return f"{self.artist_id} {self.role} of {self.project_id}"


class ProductionQuerySet(models.QuerySet["Production"]):
    """Questions about many productions."""

    def visible_to(self, artist: Any) -> ProductionQuerySet:
        return self.filter(project__in=Project.objects.visible_to(artist))

    def with_release(self) -> ProductionQuerySet:
        """What a list shows of a production, in one query."""
        return self.select_related("project__artist", "release", "cover__current_version", "cover__artist")

    def with_master(self) -> ProductionQuerySet:
        """And the finished work, to be played."""
        return self.select_related("master__current_version", "master__artist")


class Production(models.Model):
    """What is made and earns money."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="productions")
    title = models.CharField(max_length=100)
    season = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("episode"), null=True, blank=True)
    topic = models.CharField(_("topic of the episode"), max_length=120, blank=True)
    synopsis = models.TextField(max_length=4000, blank=True)
    cover = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # The finished film, album or episode as a work of the site, when there is one to play.
    master = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ProductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("production")
        verbose_name_plural = _("productions")
        ordering = ("project", "season", "number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["project", "season", "number"],
                nulls_distinct=False,
                name="production_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(season__isnull=True, number__isnull=True)
                | models.Q(season__isnull=False, number__isnull=False),
                name="production_episode_whole",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.number is None:
            return reverse("projects:project", args=[self.project.slug])
        return reverse("projects:episode", args=[self.project.slug, self.season, self.number])

    @property
    def opened_at(self) -> dt.datetime:
        """When it got the green light, or its episode was planned: no work is taken in before."""
        return self.created_at

    def get_credits_url(self) -> str:
        return f"{self.get_absolute_url()}credits/"


class Step(models.Model):
    """A part of the work that needs something: a scene, track, chapter or segment."""

    class Status(models.TextChoices):
        NEEDED = "needed", _("Needs you")
        DOING = "doing", _("Being made")
        DONE = "done", _("Locked")

    production = models.ForeignKey(Production, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    brief = models.TextField(_("what is needed"), max_length=4000, blank=True)
    # Two or three words for the strip, e.g. "Needs sound".
    need = models.CharField(_("in a word or two"), max_length=40, blank=True)
    status = models.CharField(max_length=6, choices=Status, default=Status.NEEDED)
    picture = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("production", "position")
        constraints = (models.UniqueConstraint(fields=["production", "position"], name="step_position_once"),)

    def __str__(self) -> str:
        return self.title


class Update(models.Model):
    """A note in the project's diary."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="updates")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=10_000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title or self.body[:60]


class ConsiderationQuerySet(models.QuerySet["Consideration"]):
    """Questions about many considered works."""

    def unanswered(self) -> ConsiderationQuerySet:
        return self.filter(fate__in=[Consideration.Fate.RECEIVED, Consideration.Fate.SHORTLISTED])

    def overdue(self) -> ConsiderationQuerySet:
        """Those whose promised day has passed without an answer."""
        return self.unanswered().filter(promised_by__lt=timezone.localdate())


class Consideration(models.Model):
    """A contribution considered for a production, with its fate and the reason."""

    class Fate(models.TextChoices):
        RECEIVED = "received", _("Received")
        SHORTLISTED = "shortlisted", _("Shortlisted")
        IN_CUT = "in_cut", _("In the cut")
        CUT = "cut", _("Not used")

    production = models.ForeignKey(Production, models.PROTECT, related_name="considerations")
    step = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="considerations")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="considerations")
    fate = models.CharField(max_length=11, choices=Fate, default=Fate.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    promised_by = models.DateField(_("answer promised by"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ConsiderationQuerySet.as_manager()

    class Meta:
        verbose_name = _("considered work")
        verbose_name_plural = _("considered works")
        constraints = (models.UniqueConstraint(fields=["production", "contribution"], name="consideration_once"),)

    def __str__(self) -> str:
        return f"{self.contribution_id} for {self.production_id}: {self.fate}"
