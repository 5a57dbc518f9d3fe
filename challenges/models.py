"""Challenge and Entry: what is asked, and the works that answer.

The phase of a challenge follows from its dates: soon, open, review, results; staff
may hide one. Entries are contributions, new or existing; one work enters once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from babel.numbers import format_currency, get_currency_precision
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution


class Phase(models.TextChoices):
    """Where a challenge stands today."""

    SOON = "soon", _("Opens soon")
    OPEN = "open", _("Open")
    REVIEW = "review", _("Being reviewed")
    RESULTS = "results", _("Closed, results are out")


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    """Questions about many challenges."""

    def visible(self) -> ChallengeQuerySet:
        return self.filter(hidden_at__isnull=True)

    def open_now(self) -> ChallengeQuerySet:
        now = timezone.now()
        return self.visible().filter(opens_at__lte=now, closes_at__gt=now)


class Challenge(models.Model):
    """A prompt with media, dates and rules, issued by staff or by any artist."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=100)
    prompt = models.TextField(_("prompt"), max_length=10_000)
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="challenges",
        verbose_name=_("issued by"),
    )
    step = models.ForeignKey(
        "projects.Step",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="challenges",
    )
    project = models.ForeignKey(
        "projects.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="challenges",
    )
    media = ArrayField(models.CharField(max_length=5), verbose_name=_("media"), default=list)
    skills = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("skills"),
        default=list,
        blank=True,
    )
    rules = models.TextField(_("rules"), max_length=4000, blank=True)
    materials = models.ManyToManyField(
        "contributions.Contribution",
        verbose_name=_("material to use"),
        related_name="+",
        blank=True,
    )
    pay_minor = models.PositiveBigIntegerField(_("pay in minor units"), null=True, blank=True)
    pay_currency = models.CharField(max_length=3, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    results_at = models.DateTimeField(_("results"))
    # Whoever has this secret may still enter after the close, until the results.
    late_key = models.CharField(max_length=20, blank=True)
    results_published_at = models.DateTimeField(null=True, blank=True)
    results_note = models.TextField(max_length=4000, blank=True)
    cover = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    entry_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Challenge]] = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at"))
                & models.Q(results_at__gte=models.F("closes_at")),
                name="challenge_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(pay_minor__isnull=True, pay_currency="")
                | (models.Q(pay_minor__isnull=False) & ~models.Q(pay_currency="")),
                name="challenge_pay_whole",
            ),
        )
        indexes = (models.Index(fields=["closes_at"], name="challenge_by_close"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("challenges:challenge", args=[self.slug])

    @property
    def media_names(self) -> list[str]:
        """The media that may answer, in words."""
        return [str(Contribution.Medium(medium).label) for medium in self.media]

    @property
    def opening(self) -> str:
        """The first paragraph of the prompt: what the top of the page says."""
        return self.prompt.strip().split("\n")[0]

    @property
    def pay_text(self) -> str:
        """The pay as people read it, e.g. "USD 1,200"; "" for credit only."""
        if self.pay_minor is None:
            return ""
        amount = Decimal(self.pay_minor).scaleb(-get_currency_precision(self.pay_currency))
        locale = to_locale(get_language() or "en")
        digits = amount != amount.to_integral_value()
        pattern = "¤¤\N{NO-BREAK SPACE}#,##0.00" if digits else "¤¤\N{NO-BREAK SPACE}#,##0"
        return format_currency(amount, self.pay_currency, pattern, locale=locale, currency_digits=digits)

    @property
    def phase(self) -> Phase:
        now = timezone.now()
        if now < self.opens_at:
            return Phase.SOON
        if now < self.closes_at:
            return Phase.OPEN
        if self.results_published_at is None:
            return Phase.REVIEW
        return Phase.RESULTS


class Entry(models.Model):
    """A contribution that answers a challenge."""

    class Outcome(models.TextChoices):
        NONE = "", _("Not decided")
        CHOSEN = "chosen", _("Chosen")
        THANKED = "thanked", _("Thank you")

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="entries")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="entries")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entries")
    is_late = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    outcome_note = models.CharField(max_length=300, blank=True)
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = (models.UniqueConstraint(fields=["challenge", "contribution"], name="entry_once"),)
        indexes = (models.Index(fields=["challenge", "-id"], name="entry_by_challenge"),)

    def __str__(self) -> str:
        return f"{self.contribution_id} in {self.challenge_id}"
