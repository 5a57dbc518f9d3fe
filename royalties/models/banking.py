"""Transfer and BankExchange: our own money on its way between a provider and our bank, or into another currency there.

Neither moves a profit, but for what an exchange costs. Amounts are positive minor units. Both append only.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import currency_code
from royalties.models.rate import ExchangeRate
from royalties.money import Money


class Transfer(models.Model):
    """Between what a provider holds for us and our bank."""

    class Direction(models.TextChoices):
        TO_BANK = "bank", _("From the provider to our bank")
        TO_PROVIDER = "provider", _("From our bank to the provider")

    provider = models.SlugField(_("provider"), max_length=30)
    number = models.CharField(_("the provider’s number"), max_length=80)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, default=Direction.TO_BANK)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(max_length=3, validators=[currency_code])
    arrived_on = models.DateField(_("arrived on"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["provider", "number"], name="transfer_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_positive"),
        )

    def __str__(self) -> str:
        return f"{self.provider}:{self.number}"


class BankExchange(models.Model):
    """Money of one currency that our bank gave us another for, beside what the recorded rate of the day gives."""

    number = models.CharField(_("the bank’s number"), max_length=80, unique=True)
    sold_minor = models.BigIntegerField()
    sold = models.CharField(_("currency given"), max_length=3, validators=[currency_code])
    bought_minor = models.BigIntegerField()
    bought = models.CharField(_("currency received"), max_length=3, validators=[currency_code])
    # What was sold at the recorded rate, in minor units of what was bought: less than that is a loss.
    at_rate_minor = models.BigIntegerField()
    rates = models.ManyToManyField(ExchangeRate, related_name="bank_exchanges")
    exchanged_on = models.DateField(_("exchanged on"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("exchange at the bank")
        verbose_name_plural = _("exchanges at the bank")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(sold_minor__gt=0, bought_minor__gt=0, at_rate_minor__gt=0), name="bank_exchange_positive"
            ),
            models.CheckConstraint(condition=~Q(sold=F("bought")), name="bank_exchange_two_currencies"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.given} → {self.got}"

    @property
    def given(self) -> Money:
        """What was sold."""
        return Money(self.sold_minor, self.sold)

    @property
    def got(self) -> Money:
        """What was bought."""
        return Money(self.bought_minor, self.bought)

    @property
    def loss(self) -> Money:
        """How much less that is than at the recorded rate; below nothing where the bank gave more."""
        return Money(self.at_rate_minor - self.bought_minor, self.bought)
