"""StatementClaim: somebody says that a work of theirs is missing from a statement, or that a line of it is wrong.

Of a missing work speaks a member or a person without an account, whose address is confirmed first;
of a line members only. While objections are taken it becomes one of the same kind; afterwards it is
a late claim, which staff answer here and a correction statement may carry out, for 24 months.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.statement import Statement, StatementLine
from royalties.models.talk import Answer, Objection


class StatementClaim(models.Model):
    """One claim, from the form to its answer."""

    class Status(models.TextChoices):
        UNCONFIRMED = "waiting", _("Address not confirmed yet")
        OBJECTION = "case", _("Became an objection")
        LATE = "late", _("Late claim, awaiting answer")
        ANSWERED = "answered", _("Answered")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="claims")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # Of somebody without an account; never shown, and blank once it may be forgotten.
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("what is wrong"), max_length=8, choices=Objection.Kind, default=Objection.Kind.MISSING_WORK
    )
    # Empty only where the complaint is that a line is missing.
    line = models.ForeignKey(StatementLine, models.PROTECT, null=True, blank=True, related_name="+")
    work = models.CharField(_("which work"), max_length=200)
    evidence = models.TextField(_("how we can see that it is yours and that it is used"), max_length=3000)
    # Clouds share a file by a link of some hundred characters.
    link = models.URLField(_("where it can be seen"), max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.UNCONFIRMED)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    objection = models.OneToOneField(Objection, models.PROTECT, null=True, blank=True, related_name="claim")
    # The answer to a late claim; an objection has an Answer of its own.
    outcome = models.CharField(max_length=8, choices=Answer.Outcome, blank=True)
    reason = models.TextField(_("public reason"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    # The correction statement that carries out what was granted.
    carried_out_by = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="carried_out")

    class Meta:
        verbose_name = _("claim to a statement")
        verbose_name_plural = _("claims to statements")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(confirmed_at__isnull=False), name="statement_claim_confirmed"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (~Q(outcome="") & ~Q(reason="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="statement_claim_answer_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="case") | Q(objection__isnull=False), name="statement_claim_has_case"
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False) | Q(kind="missing"), name="statement_claim_names_a_line"
            ),
        )
        indexes = (models.Index(fields=["status", "id"], name="statement_claim_queue"),)

    def __str__(self) -> str:
        return f"{self.work[:60]} ({self.statement_id})"

    def get_absolute_url(self) -> str:
        """Where its state is shown."""
        if self.objection is not None:
            return self.objection.comment.get_absolute_url()
        return reverse("royalties:claimed", args=[self.statement_id, self.pk])
