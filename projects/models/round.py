"""Round, Candidate, Ballot and Approval: members vote for what is produced next.

Approval voting: a voter approves any number of candidates. Each approval is saved at
once and can be taken back while the round is open. Anyone can recompute the tally
from the published ballots, which name voters by receipt, never by account.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_receipt() -> str:
    """Twelve letters a voter can find again in the published list."""
    return secrets.token_hex(6)


class Round(models.Model):
    """A green-light round. Whether it is open follows from its dates."""

    title = models.CharField(max_length=100)
    question = models.CharField(max_length=240, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # Accounts younger than this at the opening may watch but not vote.
    joined_before = models.DateTimeField(_("voters joined before"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(_("tally when closed"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("green-light round")
        verbose_name_plural = _("green-light rounds")
        ordering = ("-opens_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="round_dates",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:round", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() < self.closes_at and self.result is None


class Candidate(models.Model):
    """A pitched project that stands in a round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="candidates")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="candidacies")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=["round", "project"], name="candidate_once"),)

    def __str__(self) -> str:
        return f"{self.project_id} in {self.round_id}"


class Ballot(models.Model):
    """One voter's paper in one round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ballots")
    receipt = models.CharField(max_length=12, unique=True, default=new_receipt)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = (models.UniqueConstraint(fields=["round", "voter"], name="ballot_once"),)

    def __str__(self) -> str:
        return self.receipt


class Approval(models.Model):
    """A mark for one candidate on one ballot."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="approvals")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="approvals")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = (models.UniqueConstraint(fields=["ballot", "candidate"], name="approval_once"),)

    def __str__(self) -> str:
        return f"{self.ballot_id} approves {self.candidate_id}"
