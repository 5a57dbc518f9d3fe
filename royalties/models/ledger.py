"""Account, JournalEntry, JournalLine, Balance: double entry, append only (royalties.md 2).

Amounts are minor units, debit positive. What PostgreSQL itself holds: rows come through the function
`ledger_post` alone (0013_only_by_the_door), which `royalties.ledger.post_entry` calls. An entry has
exactly the lines it declares and sums to zero in each currency; its number follows the last one
and its hash covers its content and the hash before it; a line's currency is its account's; a
balance moves only with its lines and never past its account's bounds. Nothing is updated, deleted
or truncated.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.money import LARGEST_LINE, Money


class Account(models.Model):
    """One account of the chart, in one currency; made by its first posting."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("asset")
        LIABILITY = "liability", _("liability")
        EQUITY = "equity", _("equity")
        REVENUE = "revenue", _("revenue")
        EXPENSE = "expense", _("expense")

    code = models.CharField(_("code"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    currency = models.CharField(_("currency"), max_length=3)
    min_minor = models.BigIntegerField(_("lowest balance"), null=True, blank=True)
    max_minor = models.BigIntegerField(_("highest balance"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="account_currency_code"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["asset", "liability", "equity", "revenue", "expense"]),
                name="account_kind_known",
            ),
        )

    def __str__(self) -> str:
        return self.code


class JournalEntry(models.Model):
    """One thing that happened to money. Its number is given while posting, without gaps."""

    id = models.BigIntegerField(_("number"), primary_key=True)
    n_lines = models.IntegerField(_("lines"))
    kind = models.CharField(_("kind"), max_length=40)
    idempotency_key = models.CharField(_("key"), max_length=400)
    request_sha256 = models.CharField(max_length=64)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )
    effective_on = models.DateField(_("effective on"))
    posted_at = models.DateTimeField(_("posted at"))
    # Canonical JSON as text, because these very bytes are under the hash; ids only, no names.
    source = models.TextField(_("source"))
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=models.Q(id__gt=0), name="entry_number_positive"),
            models.CheckConstraint(condition=models.Q(n_lines__range=(2, 1_000_000)), name="entry_two_lines"),
            models.UniqueConstraint(fields=["idempotency_key"], name="entry_key_once"),
        )
        indexes = (models.Index(fields=["effective_on"], name="entry_by_day"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def facts(self) -> dict[str, Any]:
        """Where the entry comes from, as ids."""
        facts: dict[str, Any] = json.loads(self.source)
        return facts


class JournalLine(models.Model):
    """One amount on one account; `ledger_post` writes it from the rows of both, which never leave."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    line_no = models.IntegerField(_("line"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount in minor units"))

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        ordering = ("entry", "line_no")
        constraints = (
            models.UniqueConstraint(fields=["entry", "line_no"], name="line_number_once"),
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0) & models.Q(amount_minor__range=(-LARGEST_LINE, LARGEST_LINE)),
                name="line_amount_bounded",
            ),
        )
        indexes = (models.Index(fields=["account", "entry"], include=["amount_minor"], name="line_by_account"),)

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.line_no}"

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Balance(models.Model):
    """The sum of an account's lines, moved by PostgreSQL in the transaction that adds them."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="balance")
    balance_minor = models.BigIntegerField(_("balance in minor units"))
    last_entry = models.ForeignKey(
        JournalEntry,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("last entry"),
    )

    objects: ClassVar[models.Manager[Balance]] = models.Manager()

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.balance_minor}"
