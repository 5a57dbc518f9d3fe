"""OutboxMail: a mail about money that somebody must get, as a row until it is written (a transactional outbox).

It is made in the transaction that gives reason for it, so that neither a lost message nor a mail server that is away
loses it. It names rows by their numbers and holds nothing of the mail itself.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxMail(models.Model):
    """One mail that is still to be written."""

    class Kind(models.TextChoices):
        DESTINATION_CODE = "destination_code", _("code of a payout address")
        DESTINATION_REPLACED = "destination_replaced", _("warning of another payout address")
        DESTINATION_REMOVED = "destination_removed", _("warning of a payout address that was removed")
        CLAIM_CONFIRMATION = "claim_confirmation", _("link that confirms a claim")
        CLAIM_ANSWER = "claim_answer", _("answer to a claim")
        CLAIM_ENDED = "claim_ended", _("word that a claimed statement was withdrawn")
        PAYOUT = "payout", _("what became of a payment")
        UNCLAIMED = "unclaimed", _("money that nobody asks for")
        LEDGER_BROKEN = "ledger_broken", _("a broken ledger")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # The number of the address, claim, payment, case or check that it is about.
    about = models.BigIntegerField(_("about"))
    # Where the row that it is about does not say who gets it, or a warning goes to the account beside the way of payment.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recipient")
    )
    owed_at = models.DateTimeField(_("owed since"), default=timezone.now)
    again_at = models.DateTimeField(_("tried again"), db_index=True)
    tries = models.PositiveSmallIntegerField(_("tried again so often"), default=0)

    class Meta:
        verbose_name = _("mail to be written")
        verbose_name_plural = _("mails to be written")
        ordering = ("again_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
