"""PayoutHold, PayeeMatch and MatchVerdict: why somebody's money waits, and who decides it.

A hold moves what is payable to the ledger's `held` and keeps later money from being batched;
one person places it, another lifts it, each with a reason that the payee reads. A match is two
payees with one destination or tax id: nobody of them is paid until staff have said whether
they are one person or two. Verdicts are append only; the newest counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.payee import Payee

if TYPE_CHECKING:
    from collections.abc import Iterable


class PayoutHold(models.Model):
    """Money of a payee that waits for a proof."""

    class Kind(models.TextChoices):
        MINOR = "minor", _("Under age: a guardian must be verified")
        DISPUTE = "dispute", _("In dispute")
        STAFF = "staff", _("Held by staff")

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=7, choices=Kind)
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    currencies = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("hold on payouts")
        verbose_name_plural = _("holds on payouts")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="payout_hold_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (Q(lifted_at__isnull=False) & ~Q(lifted_because="") & ~Q(lifted_by=F("placed_by"))),
                name="payout_hold_second_person",
            ),
            models.UniqueConstraint(
                fields=["payee", "kind"], condition=Q(lifted_at__isnull=True), name="payout_hold_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.payee_id}"


class PayeeMatchQuerySet(models.QuerySet["PayeeMatch"]):
    """Questions about many matches."""

    def with_outcome(self) -> PayeeMatchQuerySet:
        """Each with `outcome`, the newest verdict, or null while nobody has decided."""
        return self.annotate(outcome=_newest_outcome())

    def undecided(self) -> PayeeMatchQuerySet:
        return self.filter(verdicts__isnull=True)

    def found_one(self) -> PayeeMatchQuerySet:
        """Whom the newest verdict holds for one person."""
        return self.annotate(outcome=_newest_outcome()).filter(outcome=MatchVerdict.Outcome.ONE)

    def of_payees(self, payees: Iterable[int]) -> PayeeMatchQuerySet:
        keys = list(payees)
        return self.filter(Q(first__in=keys) | Q(second__in=keys))


class PayeeMatch(models.Model):
    """Two payees who share where money goes, or a tax id. Append only."""

    class Ground(models.TextChoices):
        DESTINATION = "destination", _("the same payout destination")
        TAX_ID = "tax_id", _("the same tax id")

    first = models.ForeignKey(Payee, models.PROTECT, related_name="+")
    second = models.ForeignKey(Payee, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=11, choices=Ground)
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[PayeeMatch]] = PayeeMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("payees who may be one person")
        verbose_name_plural = _("payees who may be one person")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["first", "second", "ground"], name="payee_match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="payee_match_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}: {self.get_ground_display()}"


class MatchVerdict(models.Model):
    """What staff have decided about a match, and why. Append only."""

    class Outcome(models.TextChoices):
        ONE = "one", _("One person")
        TWO = "two", _("Two people")

    match = models.ForeignKey(PayeeMatch, models.PROTECT, related_name="verdicts")
    outcome = models.CharField(max_length=3, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="match_verdict_reason"),)

    def __str__(self) -> str:
        return f"{self.match_id}: {self.outcome}"


def _newest_outcome() -> Subquery:
    return Subquery(MatchVerdict.objects.filter(match=OuterRef("pk")).order_by("-pk").values("outcome")[:1])
