"""Import, Income and Cost: the money of productions, before it stands in the ledger.

Amounts are positive whole numbers in the minor unit of an ISO 4217 currency; what a row
means (sale, refund, fee, rebate) is its kind, never its sign. Imports and incomes are append only.
A cost is entered by one person and counts when another has approved it, but for small ones;
one that does not count may be dropped, and then its number is free again.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

currency_code = RegexValidator(r"^[A-Z]{3}$", _("Use three capital letters, such as USD."))


class Import(models.Model):
    """One CSV file, taken whole or not at all; its hash keeps it from counting twice."""

    class Kind(models.TextChoices):
        REVENUE = "revenue", _("Revenue")
        COST = "cost", _("Costs")
        RATES = "rates", _("Exchange rates")

    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    row_count = models.PositiveIntegerField(_("rows"))
    known_count = models.PositiveIntegerField(_("rows known before"), default=0)
    mapping = models.ForeignKey(
        "royalties.Mapping", models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("mapping")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class Income(models.Model):
    """One row of a provider's report: money in, or money taken back out of it."""

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        REFUND = "refund", _("Refund")
        FEE = "fee", _("Channel fee")
        REBATE = "rebate", _("Channel fee given back")

    source = models.ForeignKey(Import, models.PROTECT, related_name="incomes", verbose_name=_("import"))
    line_number = models.PositiveIntegerField(_("line in the file"))
    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="incomes")
    provider = models.SlugField(_("provider"), max_length=30)
    transaction = models.CharField(_("transaction"), max_length=80)
    channel = models.SlugField(_("channel"), max_length=30)
    kind = models.CharField(max_length=6, choices=Kind)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(max_length=3, validators=[currency_code])
    received_on = models.DateField()
    # How many of this number were taken back before it; of what came out of suspense, as there (Suspense.again).
    again = models.PositiveSmallIntegerField(default=0)
    # What a refund gives back, where the report says it.
    sale = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="refunds")

    class Meta:
        verbose_name = _("income")
        verbose_name_plural = _("incomes")
        ordering = ("-id",)
        constraints = (
            # A sale and its own fee or refund may share the provider's transaction number.
            models.UniqueConstraint(
                fields=["provider", "transaction", "kind", "again"], name="income_transaction_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="income_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="income_currency"),
        )
        indexes = (models.Index(fields=["production", "received_on"], name="income_by_day"),)

    def __str__(self) -> str:
        return f"{self.provider}:{self.transaction}"


class Cost(models.Model):
    """One invoice paid for a production; it counts once a second person approved it."""

    class Category(models.TextChoices):
        POST = "post", _("Mix, grade and finishing")
        DELIVERY = "delivery", _("Delivery and captions")
        MANUFACTURE = "manufacture", _("Pressing and printing")
        FESTIVAL = "festival", _("Festival fees")
        MARKETING = "marketing", _("Marketing")
        LEGAL = "legal", _("Rights and legal")
        OTHER = "other", _("Other")

    source = models.ForeignKey(
        Import,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="costs",
        verbose_name=_("import"),
    )
    production = models.ForeignKey("projects.Production", models.PROTECT, related_name="costs")
    invoice = models.CharField(_("invoice"), max_length=60)
    # How many of this number were dropped or taken back before it.
    again = models.PositiveSmallIntegerField(default=0)
    supplier = models.CharField(_("supplier"), max_length=120)
    category = models.CharField(_("category"), max_length=11, choices=Category)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(max_length=3, validators=[currency_code])
    paid_on = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # Small enough, when it was entered, to count on one person's word (policy.one_person_limit).
    is_within_limit = models.BooleanField(_("within the limit of one person"), default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)
    drop_reason = models.CharField(_("why it was dropped"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["invoice", "again"], name="cost_invoice_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cost_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="cost_currency"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("created_by")),
                name="cost_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="cost_approval_whole",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, dropped_by__isnull=True, drop_reason="")
                | (
                    Q(dropped_at__isnull=False, dropped_by__isnull=False, is_within_limit=False)
                    & Q(approved_by__isnull=True)
                    & ~Q(drop_reason="")
                ),
                name="cost_dropped_whole",
            ),
        )

    def __str__(self) -> str:
        return self.invoice

    @property
    def counts(self) -> bool:
        """Whether it stands in the ledger."""
        return self.is_within_limit or self.approved_by_id is not None
