"""UnclaimedCase: money that its payee has not asked for in a long time (royalties.md 2.2).

Warned first, then set aside as `unclaimed` on the day that the warning named. It never becomes
the company's income: the payee takes it back at any time, or the law takes it (escheat).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from royalties.models.intake import currency_code
from royalties.models.payee import Payee


class UnclaimedCase(models.Model):
    """One balance of one payee, from the warning to its end."""

    class Status(models.TextChoices):
        WARNED = "warned", _("Warned")
        ANSWERED = "answered", _("The payee answered in time")
        UNCLAIMED = "unclaimed", _("Set aside")
        CLAIMED = "claimed", _("Claimed")
        ESCHEAT = "escheat", _("Given to the state, as the law wants")

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="unclaimed_cases")
    currency = models.CharField(max_length=3, validators=[currency_code])
    status = models.CharField(max_length=9, choices=Status, default=Status.WARNED)
    warned_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("set aside on"))
    amount_minor = models.BigIntegerField(default=0)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    escheat_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(_("the authority’s reference"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("unclaimed money")
        verbose_name_plural = _("unclaimed money")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["payee", "currency"], condition=Q(status="warned"), name="unclaimed_one_warning"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["warned", "answered"]) | Q(amount_minor__gt=0, set_aside_at__isnull=False),
                name="unclaimed_amount",
            ),
            models.CheckConstraint(
                condition=~Q(status="escheat")
                | (
                    ~Q(reference="")
                    & Q(escheat_asked_by__isnull=False, ended_by__isnull=False)
                    & ~Q(escheat_asked_by=F("ended_by"))
                ),
                name="escheat_second_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee_id} {self.currency}: {self.get_status_display()}"
