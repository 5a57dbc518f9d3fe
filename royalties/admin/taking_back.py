"""What the pages of incomes, costs and invoices share about taking one back."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties.admin.base import Move
from royalties.models import Cost, Income, Invoice

TAKE_BACK = Move("reverse", gettext_lazy("Take it back"), gettext_lazy("Reason, which stays with the booking"))
TAKEN_BACK = gettext_lazy("is taken back, or waits for the second person")


def shown_reversal(row: Income | Cost | Invoice) -> str:
    """Since when, or that somebody has proposed it."""
    reversal = row.reversals.filter(dropped_at=None).first()
    if reversal is None:
        return ""
    if reversal.approved_at is None:
        return _("proposed, waits for the second person")
    return _("with effect of %(day)s") % {"day": reversal.takes_effect_on}
