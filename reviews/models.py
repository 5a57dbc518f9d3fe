"""What people think: hearts, recommendations, structured reviews, and reports as cases."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SCORE_RANGE = (MinValueValidator(1), MaxValueValidator(5))


class Heart(models.Model):
    """A like."""

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="hearts")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="hearts")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("heart")
        verbose_name_plural = _("hearts")
        constraints = (models.UniqueConstraint(fields=["artist", "contribution"], name="heart_once"),)

    def __str__(self) -> str:
        return f"{self.artist_id} likes {self.contribution_id}"


class Recommendation(models.Model):
    """One artist puts a work forward: to a project, or to the curators when project is empty."""

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recommendations")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="recommendations")
    project = models.ForeignKey(
        "projects.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    reason = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(_("seen by a curator"), null=True, blank=True)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = (
            models.UniqueConstraint(
                fields=["artist", "contribution", "project"],
                nulls_distinct=False,
                name="recommendation_once",
            ),
        )
        indexes = (models.Index(fields=["seen_at", "-id"], name="recommendation_to_triage"),)

    def __str__(self) -> str:
        return self.reason


class Review(models.Model):
    """A structured opinion: three scores from 1 to 5 and one helpful sentence."""

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="reviews")
    idea = models.PositiveSmallIntegerField(_("idea"), validators=SCORE_RANGE)
    craft = models.PositiveSmallIntegerField(_("craft"), validators=SCORE_RANGE)
    fit = models.PositiveSmallIntegerField(_("answers the prompt or its sources"), validators=SCORE_RANGE)
    sentence = models.CharField(_("one helpful sentence"), max_length=400)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.UniqueConstraint(fields=["reviewer", "contribution"], name="review_once"),
            models.CheckConstraint(
                condition=models.Q(idea__range=(1, 5), craft__range=(1, 5), fit__range=(1, 5)),
                name="review_scores",
            ),
        )

    def __str__(self) -> str:
        return self.sentence


class Case(models.Model):
    """A report that somebody must answer. What was done is in its actions."""

    class Reason(models.TextChoices):
        RIGHTS = "rights", _("Somebody else's work")
        CREDIT = "credit", _("A source is missing")
        SAFETY = "safety", _("Harassment or danger")
        SPAM = "spam", _("Spam")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )
    contribution = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
    )
    comment = models.ForeignKey(
        "contributions.Comment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
    )
    reason = models.CharField(max_length=6, choices=Reason)
    text = models.TextField(_("what is wrong"), max_length=4000)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (models.Index(fields=["status", "id"], name="case_to_triage"),)

    def __str__(self) -> str:
        return _("case %(number)s") % {"number": self.pk}


class CaseAction(models.Model):
    """One thing done on a case. Append only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="actions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    note = models.TextField(max_length=4000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("case action")
        verbose_name_plural = _("case actions")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"
