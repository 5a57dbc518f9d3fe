"""PayoutReport, ReportRow and RowVerdict: what the provider says became of our payments.

A file counts once of its kind, by its hash, and is sealed, for addresses may be in it; in the end it is forgotten.
Every row of it is kept with what came of it. A row that names no payment of ours, or contradicts what
we know, is booked where the money really went and waits for a verdict; it never pays anybody. All
append only but for forgetting the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import currency_code
from royalties.models.payee import Destination
from royalties.models.payout import Payout

if TYPE_CHECKING:
    from royalties.models.payee import Payee

#: How the key ends under which it is booked that money came back which had left unexplained.
BACK = ":back"


class PayoutReport(models.Model):
    """One file of a provider."""

    class Format(models.TextChoices):
        PAYPAL = "paypal", _("PayPal report (CSV)")
        SEPA = "sepa", _("Bank report (CSV)")
        PAIN_002 = "pain002", _("Bank status report (pain.002)")
        CAMT = "camt", _("Bank statement or advice (camt.053, camt.054)")

    format = models.CharField(max_length=7, choices=Format)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content_encrypted = models.BinaryField()
    row_count = models.PositiveIntegerField(_("rows"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("payout report")
        verbose_name_plural = _("payout reports")
        ordering = ("-id",)
        # Of each kind once: taken for the wrong kind, it is not taken in.
        constraints = (models.UniqueConstraint(fields=["sha256", "format"], name="payout_report_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def provider(self) -> Destination.Method:
        """Whose report it is."""
        return Destination.Method.PAYPAL if self.format == self.Format.PAYPAL else Destination.Method.SEPA


class ReportRowQuerySet(models.QuerySet["ReportRow"]):
    """Questions about many rows."""

    def told_by(self, provider: str) -> ReportRowQuerySet:
        """What this provider said; the same words of another one are other news."""
        is_paypal = Q(report__format=PayoutReport.Format.PAYPAL)
        return self.filter(is_paypal if provider == Destination.Method.PAYPAL else ~is_paypal)

    def open(self) -> ReportRowQuerySet:
        """What a person must still look at; money that left and is back by now needs nobody."""
        back = ReportRow.objects.filter(
            payout=OuterRef("payout"), booked=Concat(OuterRef("booked"), Value(BACK), output_field=models.CharField())
        )
        return self.filter(
            ~Exists(back),
            outcome__in=[ReportRow.Outcome.UNKNOWN, ReportRow.Outcome.CONTRADICTS],
            verdict__isnull=True,
        )


class ReportRow(models.Model):
    """One payment, as the provider tells of it."""

    class Status(models.TextChoices):
        COMPLETED = "completed", _("Paid")
        FAILED = "failed", _("Not paid")
        RETURNED = "returned", _("Came back")
        WAITING = "waiting", _("Not decided yet")

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("settled a payout")
        FAILED = "failed", _("made a payout payable again")
        RETURNED = "returned", _("took back a payout that had arrived")
        KNOWN = "known", _("known before")
        WAITING = "waiting", _("nothing decided yet")
        UNKNOWN = "unknown", _("names no payout of ours")
        CONTRADICTS = "contradicts", _("contradicts what we know")

    #: What moved a payout or told of it again: a fee of such a row is one of that payout.
    CHARGED = (Outcome.SETTLED, Outcome.FAILED, Outcome.RETURNED, Outcome.KNOWN)

    report = models.ForeignKey(PayoutReport, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("line"))
    item = models.CharField(_("item"), max_length=80, blank=True)
    reference = models.CharField(_("the provider’s reference"), max_length=80, blank=True)
    status = models.CharField(max_length=9, choices=Status)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, validators=[currency_code])
    reason = models.CharField(max_length=300, blank=True)
    # The hash of everything the provider said: the same fact in two files counts once.
    fact = models.CharField(max_length=64, db_index=True)
    outcome = models.CharField(max_length=11, choices=Outcome)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, blank=True, related_name="report_rows")
    booked = models.CharField(_("key of the ledger’s entry"), max_length=200, blank=True)

    objects: ClassVar[ReportRowQuerySet] = ReportRowQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know only Manager

    class Meta:
        verbose_name = _("row of a payout report")
        verbose_name_plural = _("rows of payout reports")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["report", "number"], name="report_row_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, fee_minor__gte=0), name="report_row_amounts"),
        )

    def __str__(self) -> str:
        return f"{self.report_id}/{self.number}"

    @property
    def payee(self) -> Payee | None:
        """Whose money it is about, where we know."""
        return self.payout.payee if self.payout else None

    @property
    def back_key(self) -> str:
        """Under which key it is booked that what left came back."""
        return f"{self.booked}{BACK}"

    @property
    def takes_back(self) -> bool:
        """Whether it brings back what an earlier row had booked as unexplained."""
        return self.booked.endswith(BACK)


class RowVerdict(models.Model):
    """What was decided about a row that did not fit, by a second look. Append only."""

    class Outcome(models.TextChoices):
        REPORT_WRONG = "wrong", _("The report was wrong; the entry is reversed")
        OWED_BACK = "owed", _("The payee owes it; it is taken from what is payable")
        LOST = "lost", _("Nobody gives it back; the company bears it")
        BELONGS = "belongs", _("It belongs to a payee")
        NOTED = "noted", _("Nothing to book")

    row = models.OneToOneField(ReportRow, models.PROTECT, related_name="verdict")
    outcome = models.CharField(max_length=7, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("verdict on a row")
        verbose_name_plural = _("verdicts on rows")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="row_verdict_reason"),)

    def __str__(self) -> str:
        return f"{self.row_id}: {self.outcome}"
