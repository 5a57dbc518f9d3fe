"""Remix and its kin: who built on whom.

A Remix row is an edge of the graph and exists only between published works. It
carries both works' `published_seq`; composite foreign keys tie those numbers to the
works and CHECK (parent_seq < child_seq) makes a cycle impossible without walking
the graph. Rates are basis points, frozen at publish: the table's, or more where the
remixer offered its source more. A Family row counts what the
lineage of a published work amounts to, so that no page has to walk all of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RemixKind(models.TextChoices):
    """How a work builds on a source."""

    REUSES = "reuses", _("reuses material of")
    ADAPTS = "adapts", _("adapts or translates")
    CONTINUES = "continues", _("continues")
    INSPIRED = "inspired", _("is inspired by")


class InfluenceRateQuerySet(models.QuerySet["InfluenceRate"]):
    """Questions about the dated table."""

    def in_force(self) -> dict[str, int]:
        """Basis points each kind of remix passes to its source now; later rows replace earlier ones."""
        rows = self.filter(effective_at__lte=timezone.now()).order_by("effective_at", "pk")
        return dict(rows.values_list("kind", "rate_bps"))


class InfluenceRate(models.Model):
    """From a date on, what a kind of remix passes to its source."""

    kind = models.CharField(max_length=9, choices=RemixKind)
    rate_bps = models.PositiveIntegerField(validators=[MaxValueValidator(10_000)])
    effective_at = models.DateTimeField(default=timezone.now)

    objects = InfluenceRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("influence rate")
        verbose_name_plural = _("influence rates")
        constraints = (
            models.UniqueConstraint(fields=["kind", "effective_at"], name="influence_rate_once"),
            models.CheckConstraint(condition=models.Q(rate_bps__lte=10_000), name="influence_rate_range"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.rate_bps} bps"


class ExternalSource(models.Model):
    """A source that is not on this site."""

    title = models.CharField(max_length=140)
    author = models.CharField(max_length=140)
    url = models.URLField(blank=True)
    licence_name = models.CharField(_("licence"), max_length=80)

    class Meta:
        verbose_name = _("source from elsewhere")
        verbose_name_plural = _("sources from elsewhere")

    def __str__(self) -> str:
        return _("%(title)s by %(author)s") % {
            "title": self.title,
            "author": self.author,
        }


class DraftSource(models.Model):
    """A source chosen while drafting; publishing turns it into a Remix."""

    contribution = models.ForeignKey("contributions.Contribution", models.CASCADE, related_name="draft_sources")
    source = models.ForeignKey(
        "contributions.Contribution",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    external = models.ForeignKey(ExternalSource, models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=9, choices=RemixKind, default=RemixKind.REUSES)
    note = models.CharField(_("what you took or changed"), max_length=300, blank=True)
    # What the remixer offers the source's makers beyond the table; none: what the table says on the day of publishing.
    offered_bps = models.PositiveIntegerField(_("offered rate in basis points"), null=True, blank=True)
    # Only for a source whose artist wants to be asked first.
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = _("chosen source")
        verbose_name_plural = _("chosen sources")
        constraints = (
            models.UniqueConstraint(fields=["contribution", "source"], name="draft_source_once"),
            models.CheckConstraint(
                condition=models.Q(source__isnull=False) ^ models.Q(external__isnull=False),
                name="draft_source_one_target",
            ),
            models.CheckConstraint(
                condition=models.Q(source__isnull=True) | ~models.Q(source=models.F("contribution")),
                name="draft_source_not_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(offered_bps__isnull=True) | models.Q(source__isnull=False, offered_bps__lte=10_000),
                name="draft_source_offer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.kind} {self.source_id or self.external_id}"

    @property
    def title(self) -> str:
        """The source's own title, wherever it is from."""
        chosen = self.source or self.external
        return chosen.title if chosen else ""

    def rate_bps(self, table: Mapping[str, int]) -> int:
        """What the remix passes to it: by the table of a day, or more where more is offered."""
        return max(table[self.kind], self.offered_bps or 0)


class Remix(models.Model):
    """An edge of the lineage: `child` builds on `parent` (or on an external source)."""

    child = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="source_edges")
    parent = models.ForeignKey(
        "contributions.Contribution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remix_edges",
    )
    external = models.ForeignKey(ExternalSource, models.PROTECT, null=True, blank=True)
    child_seq = models.BigIntegerField(editable=False)
    parent_seq = models.BigIntegerField(null=True, blank=True, editable=False)
    kind = models.CharField(max_length=9, choices=RemixKind)
    rate_bps = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # The source's artist asked not to be shown as a source; the edge still counts for money.
    unlinked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("remix")
        verbose_name_plural = _("remixes")
        constraints = (
            models.UniqueConstraint(fields=["child", "parent"], name="remix_once"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | models.Q(parent_seq__lt=models.F("child_seq")),
                name="remix_source_is_older",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=False, parent_seq__isnull=False)
                | models.Q(external__isnull=False, parent__isnull=True, parent_seq__isnull=True),
                name="remix_one_target",
            ),
            models.CheckConstraint(condition=models.Q(rate_bps__lte=10_000), name="remix_rate_range"),
        )
        # A page of a work's remixes is read in the order of publishing, whatever their number.
        indexes = (models.Index(fields=["parent", "child_seq"], name="remix_in_order"),)

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind} {self.parent_id or self.external_id}"


class LaterCredit(models.Model):
    """A source published after the work it stands in: shown on both pages, no edge."""

    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="later_credits")
    source = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="later_credited_in")
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("later credit")
        verbose_name_plural = _("later credits")
        constraints = (models.UniqueConstraint(fields=["contribution", "source"], name="later_credit_once"),)

    def __str__(self) -> str:
        return f"{self.contribution_id} also credits {self.source_id}"


class Family(models.Model):
    """What the lineage of a published work amounts to: counters, kept by publishing and unlinking.

    A work counts once, by however many paths it is reached. Links no longer shown do not count.
    """

    contribution = models.OneToOneField(
        "contributions.Contribution", models.PROTECT, primary_key=True, related_name="family"
    )
    # Where the line of nearest sources begins; the work itself if it has none here.
    origin = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="+")
    ancestor_count = models.PositiveIntegerField(default=0)
    descendant_count = models.PositiveIntegerField(default=0)
    # Everybody who made a work of the family, this one included.
    artist_count = models.PositiveIntegerField(default=1)
    # The latest generation in the family.
    deepest = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("family")
        verbose_name_plural = _("families")

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.ancestor_count} above, {self.descendant_count} below"

    @property
    def work_count(self) -> int:
        """All works of the family, this one included."""
        return self.ancestor_count + 1 + self.descendant_count
