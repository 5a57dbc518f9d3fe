"""Reversal, Reserve, Advance and Conversion: what one person proposes and another books.

Each is a judgement about money, with a reason, proposed by one and approved by somebody else;
with the approval its entry is in the ledger. A proposal may be dropped, an approval stays.
Amounts are positive minor units; rates are exact fractions (ExchangeRate).
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import Cost, Income, currency_code
from royalties.models.payee import Payee
from royalties.models.rate import ExchangeRate
from royalties.models.receivable import Invoice
from royalties.models.statement import Statement
from royalties.money import Money


class Decision(models.Model):
    """What all four have in common."""

    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("booked at"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = (F("approved_at").asc(nulls_first=True), "-pk")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_reason"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(dropped_at__isnull=True), name="%(class)s_one_end"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="%(class)s_second_person",
            ),
        )

    @property
    def is_open(self) -> bool:
        return self.approved_at is None and self.dropped_at is None


TWO = models.CheckConstraint(
    condition=Q(approved_at__isnull=True, approved_by__isnull=True)
    | Q(approved_at__isnull=False, approved_by__isnull=False),
    name="%(class)s_approval_whole",
)


class Reversal(Decision):
    """A booked income, cost or invoice of ours is taken back whole; a small one needs no second person."""

    income = models.ForeignKey(Income, models.PROTECT, null=True, blank=True, related_name="reversals")
    cost = models.ForeignKey(Cost, models.PROTECT, null=True, blank=True, related_name="reversals")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="reversals")
    takes_effect_on = models.DateField()

    class Meta(Decision.Meta):
        verbose_name = _("reversal")
        verbose_name_plural = _("reversals")
        constraints = (
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["income"], condition=Q(dropped_at__isnull=True), name="reversal_once"),
            models.UniqueConstraint(fields=["cost"], condition=Q(dropped_at__isnull=True), name="reversal_cost_once"),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(dropped_at__isnull=True), name="reversal_invoice_once"
            ),
            models.CheckConstraint(
                condition=Q(income__isnull=False, cost__isnull=True, invoice__isnull=True)
                | Q(income__isnull=True, cost__isnull=False, invoice__isnull=True)
                | Q(income__isnull=True, cost__isnull=True, invoice__isnull=False),
                name="reversal_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.of}"

    @property
    def of(self) -> Income | Cost | Invoice:
        """What is taken back."""
        row = self.income or self.cost or self.invoice
        assert row is not None  # reversal_of_one
        return row

    @property
    def booked_on(self) -> dt.date:
        """The day on which that took effect."""
        row = self.of
        if isinstance(row, Income):
            return row.received_on
        return row.paid_on if isinstance(row, Cost) else row.invoiced_on


class Reserve(Decision):
    """Part of a statement's revenue kept back for returns, and let go in a later one."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="reserves")
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    released_in = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="released_reserves",
        verbose_name=_("released in"),
    )
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta(Decision.Meta):
        verbose_name = _("reserve")
        verbose_name_plural = _("reserves")
        constraints = (
            *Decision.Meta.constraints,
            TWO,
            models.UniqueConstraint(fields=["statement"], condition=Q(dropped_at__isnull=True), name="reserve_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="reserve_positive"),
            models.CheckConstraint(
                condition=Q(released_in__isnull=True, released_at__isnull=True, released_by__isnull=True)
                | Q(
                    released_in__isnull=False,
                    released_at__isnull=False,
                    released_by__isnull=False,
                    approved_at__isnull=False,
                ),
                name="reserve_release_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.statement.currency)


class Advance(Decision):
    """Paid to an artist before a production has earned; taken out of their shares of it alone."""

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="advances")
    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="advances")
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(max_length=3, validators=[currency_code])
    paid_on = models.DateField(_("paid on"))

    class Meta(Decision.Meta):
        verbose_name = _("advance")
        verbose_name_plural = _("advances")
        constraints = (
            *Decision.Meta.constraints,
            TWO,
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="advance_positive"),
        )

    def __str__(self) -> str:
        return f"{self.payee}, {self.production}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


class ConversionQuerySet(models.QuerySet["Conversion"]):
    """Questions about many conversions."""

    def approved(self) -> ConversionQuerySet:
        return self.filter(approved_at__isnull=False)

    def cut_by(self, first_day: dt.date, last_day: dt.date) -> ConversionQuerySet:
        """Those of whose days a period has some, and not all."""
        some = self.filter(first_day__lte=last_day, last_day__gte=first_day)
        return some.exclude(first_day__gte=first_day, last_day__lte=last_day)


class Conversion(Decision):
    """What a production earned and cost in a period is taken from one currency into another."""

    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="conversions")
    sold = models.CharField(_("from"), max_length=3, validators=[currency_code])
    bought = models.CharField(_("into"), max_length=3, validators=[currency_code])
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    rates = models.ManyToManyField(ExchangeRate, related_name="conversions")
    # The exact rate as a fraction, in units of money, and each account's figures when it was proposed.
    numerator = models.DecimalField(max_digits=40, decimal_places=0)
    denominator = models.DecimalField(max_digits=40, decimal_places=0)
    lines = models.JSONField(_("figures"))

    objects = ConversionQuerySet.as_manager()

    class Meta(Decision.Meta):
        verbose_name = _("conversion")
        verbose_name_plural = _("conversions")
        constraints = (
            *Decision.Meta.constraints,
            TWO,
            models.CheckConstraint(condition=~Q(sold=F("bought")), name="conversion_two_currencies"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="conversion_days"),
        )

    def __str__(self) -> str:
        return f"{self.production}, {self.sold} → {self.bought}"
