"""Escalation, PanelSeat, PanelVote: an answered objection before three members who have no part in it.

Who objected may escalate the answer once. Three members are drawn, with a seed and from
candidates that anybody can check (royalties/drawing.py); each sees coded payees, the line, its
arithmetic, the objection and the answer, and votes to uphold the answer or to change it, with a
reason that becomes public. The majority decides. Seats change hands while nobody has voted from
them; votes are append only. Moments are UTC.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.talk import Objection


class Escalation(models.Model):
    """An answer that who objected does not accept. One for each objection, for good."""

    class Decision(models.TextChoices):
        UPHELD = "upheld", _("The answer stands")
        CHANGED = "changed", _("The answer must be changed")

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="escalation")
    reason = models.TextField(_("why the answer is wrong"), max_length=4000)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    # What the draw follows from: sha256 of what was public before it, and the moment (drawing.py).
    seed = models.CharField(max_length=64, editable=False)
    # Primary keys of the members who could be drawn, ascending.
    candidates = models.JSONField(editable=False)
    decision = models.CharField(max_length=7, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="escalation_reason"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="escalation_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.objection_id}: {self.decision or 'open'}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("royalties:case", args=[self.objection.statement_id, self.objection_id])

    @property
    def is_open(self) -> bool:
        return self.decided_at is None


class PanelSeat(models.Model):
    """One member's place on a panel, in the order in which they were drawn."""

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Takes part")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Did not answer in time")
        VOTED = "voted", _("Voted")
        # Drawn, but no longer uninvolved or in good standing: never invited.
        PASSED_OVER = "passed", _("Passed over: has a part in it meanwhile")
        RELEASED = "released", _("Not needed any more")

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="panel_seats")
    place = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.INVITED)
    invited_at = models.DateTimeField()
    # Until when the invitation is to be answered, then until when to vote.
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("seat on a panel")
        verbose_name_plural = _("seats on panels")
        ordering = ("escalation", "place")
        constraints = (
            models.UniqueConstraint(fields=["escalation", "member"], name="panel_seat_once"),
            models.UniqueConstraint(fields=["escalation", "place"], name="panel_seat_place"),
            models.CheckConstraint(condition=Q(due_at__gt=F("invited_at")), name="panel_seat_due"),
        )
        indexes = (
            models.Index(fields=["member", "-id"], name="panel_seat_by_member"),
            models.Index(fields=["status", "due_at"], name="panel_seat_due_next"),
        )

    def __str__(self) -> str:
        return f"{self.escalation_id}, place {self.place}: {self.status}"

    def get_absolute_url(self) -> str:
        """The member's own page of the case."""
        return reverse("royalties:panel", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Whether the member is still expected to do something."""
        return self.status in LIVE


LIVE = (PanelSeat.Status.INVITED, PanelSeat.Status.ACCEPTED)


class PanelVote(models.Model):
    """What a member of the panel decided, and why. Append only; public once the panel has decided."""

    class Choice(models.TextChoices):
        UPHOLD = "uphold", _("Uphold the answer")
        CHANGE = "change", _("Change it")

    seat = models.OneToOneField(PanelSeat, models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=6, choices=Choice)
    reason = models.TextField(_("public reason"), max_length=4000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("vote of a panel")
        verbose_name_plural = _("votes of panels")
        ordering = ("seat",)
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="panel_vote_reason"),)

    def __str__(self) -> str:
        return f"{self.choice}: {self.seat_id}"


class Settlement(models.Model):
    """A run of the computation that carries out what an answer or a panel promised. Append only.

    It becomes public, and counts, once the revision of that run is published.
    """

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="settlements")
    run = models.PositiveIntegerField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("settlement of an objection")
        verbose_name_plural = _("settlements of objections")
        ordering = ("objection",)
        constraints = (models.UniqueConstraint(fields=["objection", "run"], name="settlement_once"),)

    def __str__(self) -> str:
        return f"{self.objection_id} by run {self.run}"
