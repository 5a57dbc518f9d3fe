"""What people say about a statement: comments, objections, answers, acceptance.

A comment never changes an amount. An objection is a comment with a type that must be
answered before the statement can close; its answer carries a public reason. Nothing here
is deleted: a hidden comment leaves a tombstone with the reason, an objection cannot be hidden.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.statement import AllocationLine, Revision, Statement, StatementLine


class StatementComment(models.Model):
    """Plain words on one line of a revision or on the whole statement, in threads."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="comments")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    line = models.ForeignKey(StatementLine, models.PROTECT, null=True, blank=True, related_name="comments")
    # The cue and work meant, where the comment is about one item of the line.
    item = models.ForeignKey(AllocationLine, models.PROTECT, null=True, blank=True, related_name="+")
    # The line's payee again: threads follow a payee through all revisions.
    payee = models.ForeignKey("royalties.Payee", models.PROTECT, null=True, blank=True, related_name="+")
    # Nobody with an account where an outsider's claim speaks; then their name stands here.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="statement_comments"
    )
    outsider = models.CharField(max_length=80, blank=True)
    # Other measures that the words are about.
    what_if = models.ForeignKey("royalties.WhatIf", models.PROTECT, null=True, blank=True, related_name="comments")
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    body = models.TextField(_("comment"), max_length=4000)
    created_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("statement comment")
        verbose_name_plural = _("statement comments")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(body=""), name="statement_comment_words"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""),
                name="statement_comment_hidden_reason",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=True, payee__isnull=True, item__isnull=True)
                | Q(line__isnull=False, payee__isnull=False),
                name="statement_comment_line_whole",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, outsider="") | (Q(author__isnull=True) & ~Q(outsider="")),
                name="statement_comment_one_speaker",
            ),
        )
        indexes = (models.Index(fields=["statement", "id"], name="statement_comment_order"),)

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        """The thread on its line's page, or on the statement's."""
        if self.payee is None:
            return self.talk_url
        page = reverse("royalties:line", args=[self.statement_id, self.payee.code])
        return f"{page}#comment-{self.pk}"

    @property
    def talk_url(self) -> str:
        """The thread on the statement's page, which shows so many at once and begins where this one is among them."""
        page = reverse("royalties:statement", args=[self.statement_id])
        return f"{page}?thread={self.reply_to_id or self.pk}#comment-{self.pk}"

    @property
    def speaker_name(self) -> str:
        """Who says it."""
        return self.author.display_name if self.author else self.outsider


class Objection(models.Model):
    """A case on a line of a statement that must be answered."""

    class Kind(models.TextChoices):
        MISSING_WORK = "missing", _("A work is missing")
        MEASURE = "measure", _("Wrong measure")
        ROLE = "role", _("Wrong role or prominence")
        LINEAGE = "lineage", _("Wrong lineage")
        SPLIT = "split", _("Wrong split inside a work")
        IDENTITY = "identity", _("Wrong person")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        OPEN = "open", _("Awaiting answer")
        ANSWERED = "answered", _("Answered")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="objections")
    comment = models.OneToOneField(StatementComment, models.PROTECT, related_name="objection")
    # Empty only where the complaint is that a line is missing.
    line = models.ForeignKey(StatementLine, models.PROTECT, null=True, blank=True, related_name="objections")
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    # Nobody where an outsider's claim became the case.
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(line__isnull=False) | Q(kind="missing"),
                name="objection_names_a_line",
            ),
        )
        indexes = (models.Index(fields=["status", "id"], name="objection_queue"),)

    def __str__(self) -> str:
        return f"{self.kind} on {self.statement_id}"

    def get_absolute_url(self) -> str:
        """The case's page: the line, the arithmetic, the answer, and the panel if there is one."""
        return reverse("royalties:case", args=[self.statement_id, self.pk])


class Answer(models.Model):
    """What staff decided about an objection, with the public reason. Append only."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        PARTLY = "partly", _("Partly accepted")
        # Nothing is owed: a name, say, or a measure that is put right, and every amount comes out as it was.
        NOTED = "noted", _("Right, and no amount changes")
        DECLINED = "declined", _("Declined")

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.TextField(_("public reason"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="answer_public_reason"),)

    def __str__(self) -> str:
        return f"{self.outcome}: {self.objection_id}"


class StatementAcceptance(models.Model):
    """A payee agrees with their line of one revision. Append only; silence is consent."""

    line = models.OneToOneField(StatementLine, models.PROTECT, related_name="acceptance")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of a line")
        verbose_name_plural = _("acceptances of lines")

    def __str__(self) -> str:
        return f"{self.artist_id} accepts {self.line_id}"
