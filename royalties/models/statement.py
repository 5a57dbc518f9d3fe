"""Statement and what it is made of: revisions, publications, lines.

A statement tells what one production earned in one period and currency and how the
artists' half is divided. Its status is a TextChoices whose moves are actions. Every run of
the computation leaves a Revision with the canonical bytes it read and wrote; publishing one
adds a Publication. Both, and the lines, are append only, so what was once published stays.
A StatementLine is a payee's amount; its AllocationLines explain it item by item and add up
to it. Amounts are minor units.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties import policy
from royalties.models.intake import currency_code

if TYPE_CHECKING:
    from collections.abc import Iterable


class StatementQuerySet(models.QuerySet["Statement"]):
    """Questions about many statements."""

    def public(self) -> StatementQuerySet:
        return self.filter(status__in=PUBLIC)

    def booked(self) -> StatementQuerySet:
        """Posted, but for corrections, whose lines repeat what their original has booked."""
        return self.filter(status__in=BOOKED, corrects=None)

    def in_sequence(self, production: int, currency: str) -> StatementQuerySet:
        """Those of one production and currency that follow one another: neither withdrawn nor corrections."""
        return self.filter(production=production, currency=currency, corrects=None).exclude(
            status=Statement.Status.WITHDRAWN
        )

    def having_some_of(self, first_day: dt.date, last_day: dt.date) -> StatementQuerySet:
        """Those whose period has some of these days, and not all."""
        days = (first_day, last_day + dt.timedelta(days=1))
        return self.filter(period__overlap=days).exclude(period__contains=days)

    def drafted_by(self, artists: Iterable[int]) -> StatementQuerySet:
        """Begun by one of these, or with a published revision of theirs."""
        people = list(artists)
        theirs = Publication.objects.filter(statement=OuterRef("pk"), revision__drafted_by__in=people)
        return self.filter(Q(drafter__in=people) | Q(Exists(theirs)))


class Statement(models.Model):
    """The profit statement of one production, period and currency."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being drafted")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Open for comment")
        CLOSING = "closing", _("Comments closed")
        FINAL = "final", _("Final")
        POSTED = "posted", _("Posted, to be paid")
        PAID = "paid", _("Paid")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Stage(models.TextChoices):
        QUEUED = "queued", _("Waiting to be computed")
        GATHERING = "gathering", _("Gathering the cut, its lineage and the money")
        ALLOCATING = "allocating", _("Dividing the artists’ half")
        WRITING = "writing", _("Writing the lines")
        DONE = "done", _("Computed")
        FAILED = "failed", _("Could not be computed")

    class Funding(models.TextChoices):
        HOUSE = "house", _("by the house, which erred")
        SHARES = "shares", _("out of later shares of the same production")

    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="statements")
    # The statement that this one corrects: the first of its period, never another correction.
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    funding = models.CharField(_("who pays what was missing"), max_length=6, choices=Funding, blank=True)
    cut = models.ForeignKey("projects.Cut", models.PROTECT, related_name="statements")
    currency = models.CharField(max_length=3, validators=[currency_code])
    period = DateRangeField()
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    # Who drafts now: the first draft, or the revision that waits. Who drafted what is kept with each revision.
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    # The revision that is computed but not yet published, and the one that is in force.
    pending = models.ForeignKey("Revision", models.PROTECT, null=True, blank=True, related_name="+")
    current = models.ForeignKey("Revision", models.PROTECT, null=True, blank=True, related_name="+")
    # The computation: which run is wanted, how far it is, and why it failed.
    run = models.PositiveIntegerField(default=0)
    run_reason = models.TextField(max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("-id",)
        constraints = (
            ExclusionConstraint(
                name="statement_period_once",
                expressions=[
                    ("production", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=~Q(status="withdrawn") & Q(corrects__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="statement_one_open_correction",
                condition=~Q(status__in=["posted", "paid", "withdrawn"]),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, funding="") | (Q(corrects__isnull=False) & ~Q(funding="")),
                name="statement_correction_is_funded",
            ),
            models.CheckConstraint(condition=~Q(corrects=F("pk")), name="statement_corrects_another"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("drafter")),
                name="statement_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "review", "withdrawn"])
                | Q(
                    approver__isnull=False,
                    current__isnull=False,
                    published_at__isnull=False,
                    window_ends_at__isnull=False,
                ),
                name="statement_published_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_reason=""),
                name="statement_withdrawn_reason",
            ),
            models.CheckConstraint(
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False),
                name="statement_period_bounded",
            ),
        )
        indexes = (
            models.Index(fields=["status", "-id"], name="statement_by_status"),
            models.Index(fields=["production", "-id"], name="statement_by_production"),
        )

    def __str__(self) -> str:
        return _("%(production)s, %(period)s") % {
            "production": self.production.title,
            "period": self.period_words,
        }

    def get_absolute_url(self) -> str:
        return reverse("royalties:statement", args=[self.pk])

    @property
    def code(self) -> str:
        """The name under the hash and in the ledger."""
        return f"st{self.pk}"

    @property
    def document_code(self) -> str:
        """The name in the canonical input: a correction repeats its original's, so that no coin falls anew."""
        return f"st{self.corrects_id or self.pk}"

    @property
    def first_day(self) -> dt.date:
        return cast("dt.date", self.period.lower)

    @property
    def last_day(self) -> dt.date:
        """PostgreSQL keeps the range half open; people count the last day in."""
        return cast("dt.date", self.period.upper) - dt.timedelta(days=1)

    @property
    def period_words(self) -> str:
        return f"{self.first_day.isoformat()} – {self.last_day.isoformat()}"

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def objections_until(self) -> dt.datetime | None:
        """The end of the window, or of day 45 where that comes first: a late draft may leave people longer to look."""
        if self.window_ends_at is None or self.published_at is None:
            return self.window_ends_at
        return min(self.window_ends_at, self.published_at + policy.NO_OBJECTION_AFTER)

    def takes_objections(self, moment: dt.datetime | None = None) -> bool:
        """Whether what comes at a moment, or now, is an objection; afterwards it is a late claim."""
        moment = moment or timezone.now()
        if not self.is_open or self.window_ends_at is None or moment >= self.window_ends_at:
            return False
        return self.published_at is None or moment <= self.published_at + policy.NO_OBJECTION_AFTER

    @property
    def is_computing(self) -> bool:
        return self.stage not in {self.Stage.DONE, self.Stage.FAILED}

    @property
    def shown_revision(self) -> Revision | None:
        """What the page shows: the published revision, else the one being drafted."""
        return self.current or self.pending

    def drafters(self) -> set[int]:
        """Everybody who drafted a published revision, or the one that waits. One query, and one for what waits."""
        published = self.publications.values_list("revision__drafted_by", flat=True)
        waiting = {self.pending.drafted_by_id} if self.pending else set()
        return {self.drafter_id, *published} | waiting


PUBLIC = (
    Statement.Status.PUBLISHED,
    Statement.Status.CLOSING,
    Statement.Status.FINAL,
    Statement.Status.POSTED,
    Statement.Status.PAID,
)
BOOKED = (Statement.Status.POSTED, Statement.Status.PAID)


DOCUMENTS = ("input_bytes", "result_bytes")


def documents_of(*paths: str) -> list[str]:
    """The documents of the revisions behind these paths, to be deferred.

    They weigh a megabyte and more, and select_related would have them sent with every row.
    """
    return [f"{path}__{name}" for path in paths for name in DOCUMENTS]


class Revision(models.Model):
    """One computation: what was read, what came out, and their hashes. Append only.

    `number` is the number it would have when published; drafts of one number differ by
    `attempt`.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField()
    # Which run of the computation wrote it: a run that is delivered twice writes once.
    run = models.PositiveIntegerField()
    input_bytes = models.BinaryField()
    input_sha256 = models.CharField(max_length=64)
    result_bytes = models.BinaryField()
    result_sha256 = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    pool_minor = models.BigIntegerField()
    payee_count = models.PositiveIntegerField()
    reason = models.TextField(_("what changed and why"), max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("-number", "-attempt")
        constraints = (
            models.UniqueConstraint(fields=["statement", "number", "attempt"], name="revision_attempt_once"),
            models.UniqueConstraint(fields=["statement", "run"], name="revision_run_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, attempt__gte=1, pool_minor__gte=0),
                name="revision_numbers",
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="revision_public_reason"),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} r{self.number}.{self.attempt}"

    @property
    def input(self) -> dict[str, Any]:
        """The canonical input as a document."""
        return json.loads(bytes(self.input_bytes))  # type: ignore[no-any-return]  # our own bytes

    @property
    def result(self) -> dict[str, Any]:
        """The result as a document."""
        return json.loads(bytes(self.result_bytes))  # type: ignore[no-any-return]  # our own bytes


class Publication(models.Model):
    """A revision was put before everybody. Append only; one per number."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="publications")
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="publication")
    number = models.PositiveSmallIntegerField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    window_ends_at = models.DateTimeField()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["statement", "number"], name="publication_once"),
            models.CheckConstraint(condition=Q(window_ends_at__gt=F("published_at")), name="publication_window"),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} r{self.number}"


class StatementLine(models.Model):
    """A payee's amount in one revision: a row of the published table. Append only."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="lines")
    payee = models.ForeignKey("royalties.Payee", models.PROTECT, related_name="lines")
    rank = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    award_minor = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ("revision", "rank")
        constraints = (
            models.UniqueConstraint(fields=["revision", "payee"], name="statement_line_once"),
            models.UniqueConstraint(fields=["revision", "rank"], name="statement_line_rank"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=F("award_minor"), award_minor__gte=0),
                name="statement_line_amounts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee_id} in {self.revision_id}"

    def get_absolute_url(self) -> str:
        """The page of the payee's amount; it outlives the revision."""
        return reverse("royalties:line", args=[self.revision.statement_id, self.payee.code])


class AllocationLine(models.Model):
    """One item of a payee's amount: a cue, a work reached from it, and at what depth."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="items")
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="items")
    payee = models.ForeignKey("royalties.Payee", models.PROTECT, related_name="+")
    cue = models.ForeignKey("projects.Cue", models.PROTECT, related_name="+")
    contribution = models.ForeignKey("contributions.Contribution", models.PROTECT, related_name="allocation_lines")
    depth = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("allocation line")
        verbose_name_plural = _("allocation lines")
        ordering = ("line", "-amount_minor", "pk")
        constraints = (
            models.UniqueConstraint(fields=["line", "cue", "contribution", "depth"], name="allocation_line_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="allocation_line_amount"),
        )
        indexes = (models.Index(fields=["payee", "revision"], name="allocation_line_by_payee"),)

    def __str__(self) -> str:
        return f"{self.cue_id}/{self.contribution_id}@{self.depth}"
