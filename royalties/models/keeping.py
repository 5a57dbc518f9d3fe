"""Checkpoint, LedgerHead, LedgerCheck: what keeps the ledger quick to read and hard to change (royalties.md 2.3).

All three are append only. A checkpoint is a balance at the end of a month as the entries up to
`last_entry` tell it, in minor units, debit positive. A head fixes every entry up to it, once
others hold a copy. An outcome says what one invariant looked like on one occasion.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.ledger import Account


class Checkpoint(models.Model):
    """One account's balance at the end of a month; what was posted later for earlier days is read beside it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="checkpoints", db_index=False)
    month_end = models.DateField(_("end of the month"))
    balance_minor = models.BigIntegerField(_("balance in minor units"))
    # The head when it was written. No foreign key: where nothing was ever posted it is 0.
    last_entry = models.BigIntegerField(_("entries up to"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects: ClassVar[models.Manager[Checkpoint]] = models.Manager()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ("-month_end", "account")
        constraints = (models.UniqueConstraint(fields=["account", "month_end"], name="checkpoint_once_a_month"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.month_end}: {self.balance_minor}"


class LedgerHead(models.Model):
    """The last entry of a day and its hash, published so that others can keep it."""

    day = models.DateField(_("day"), unique=True)
    last_entry = models.BigIntegerField(_("last entry"))
    hash = models.CharField(_("hash"), max_length=64)
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    objects: ClassVar[models.Manager[LedgerHead]] = models.Manager()

    class Meta:
        verbose_name = _("published head")
        verbose_name_plural = _("published heads")
        ordering = ("-day",)
        constraints = (
            models.CheckConstraint(condition=models.Q(last_entry__gte=0), name="head_not_below_nothing"),
            models.CheckConstraint(condition=models.Q(hash__regex=r"^[0-9a-f]{64}$"), name="head_hash_is_hex"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.last_entry}"


class LedgerCheck(models.Model):
    """What one invariant looked like in one run; a sound minute leaves no row."""

    run = models.CharField(_("run"), max_length=40)
    invariant = models.CharField(_("invariant"), max_length=60)
    breach_count = models.PositiveIntegerField(_("breaches"))
    # The first of them, in sentences that name rows by number; no names of people.
    breaches = models.JSONField(_("what is wrong"), default=list)
    last_entry = models.BigIntegerField(_("entries up to"))
    duration_ms = models.PositiveIntegerField(_("milliseconds"))
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)

    objects: ClassVar[models.Manager[LedgerCheck]] = models.Manager()

    class Meta:
        verbose_name = _("check of the ledger")
        verbose_name_plural = _("checks of the ledger")
        ordering = ("-checked_at", "invariant")
        constraints = (models.UniqueConstraint(fields=["run", "invariant"], name="check_once_a_run"),)
        indexes = (models.Index(fields=["-checked_at"], name="check_by_moment"),)

    def __str__(self) -> str:
        return f"{self.run} {self.invariant}"

    def get_absolute_url(self) -> str:
        """Staff read it in the admin; nobody else does."""
        return reverse("admin:royalties_ledgercheck_change", args=[self.pk])

    @property
    def is_sound(self) -> bool:
        return self.breach_count == 0
