"""ExchangeRate: what one unit of a currency was worth on a day, and who said so. Append only.

Exact: `units` / 10^`scale` of `quote` for one `base`, as the source wrote it, never a float.
"""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import Import


class ExchangeRate(models.Model):
    """A published rate of a day."""

    day = models.DateField(_("day"))
    base = models.CharField(_("one"), max_length=3)
    quote = models.CharField(_("is worth in"), max_length=3)
    units = models.BigIntegerField()
    scale = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Import, models.PROTECT, related_name="rates", verbose_name=_("import"))

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ("-day", "base", "quote")
        constraints = (
            models.UniqueConstraint(fields=["base", "quote", "day"], name="rate_once"),
            models.CheckConstraint(condition=Q(units__gt=0, scale__lte=12), name="rate_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="rate_two_currencies"),
        )

    def __str__(self) -> str:
        return f"{self.day}: 1 {self.base} = {self.shown} {self.quote}"

    @property
    def shown(self) -> str:
        """As the source wrote it."""
        digits = f"{self.units:0{self.scale + 1}d}"
        return f"{digits[: -self.scale]}.{digits[-self.scale :]}" if self.scale else digits

    @property
    def fraction(self) -> Fraction:
        """Units of `quote` for one of `base`."""
        return Fraction(self.units, 10**self.scale)
