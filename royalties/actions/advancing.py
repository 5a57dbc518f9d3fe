"""Advances: money an artist has before a production earns, taken out of their shares of it alone.

Two people decide, neither of them the artist. At each posting the share of that production goes
first into what is still open, never more than the share: no balance falls below nothing, and no
other production's share is touched (bookings.statement_posted).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.models import Artist
from projects.models import Production
from royalties import bookings, people
from royalties.actions.deciding import propose, settle, take_up
from royalties.actions.guards import require_amount, require_day
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused
from royalties.models import Advance, Payee, PayoutHold
from royalties.money import Money


@transaction.atomic
def propose_advance(
    *, actor: Artist, payee: Payee, production: Production, money: Money, paid_on: dt.date, reason: str
) -> Advance:
    """Propose to pay an advance; refused for who has left, is nobody, or has a hold on their payouts."""
    require_amount(money)
    require_day(paid_on)
    _require_not_own(actor, payee)
    _require_payable(payee)
    row = Advance(
        payee=payee,
        production=production,
        amount_minor=money.amount_minor,
        currency=money.currency,
        paid_on=paid_on,
        reason=reason,
    )
    return propose(actor=actor, row=row, once=_("This advance is known already."))


@transaction.atomic
def approve_advance(*, actor: Artist, advance: Advance, now: dt.datetime | None = None) -> Advance:
    """The second person agrees: it is paid, and to be recouped."""
    row = take_up(actor, advance)
    _require_not_own(actor, row.payee)
    # The locks that a hold on any account of the person takes as well.
    theirs = Payee.objects.filter(pk__in=people.accounts_of_payees([row.payee_id])).order_by("pk")
    list(theirs.select_for_update(no_key=True))
    _require_payable(Payee.objects.select_related("artist").get(pk=row.payee_id))
    settle(actor, row, now)
    bookings.advance_paid(row)
    return row


def _require_not_own(actor: Artist, payee: Payee) -> None:
    if payee.artist_id in people.accounts_of([actor.pk]):
        raise ConflictOfInterest(_("Nobody decides about an advance to themselves."))


def _require_payable(payee: Payee) -> None:
    """An advance is money out like any payout: what keeps those back by decision of staff keeps it back as well."""
    if payee.artist is None or payee.artist.closed_at is not None:
        raise RoyaltiesRefused(_("An advance goes to a member whose account is open."))
    if PayoutHold.objects.filter(payee__in=people.accounts_of_payees([payee.pk]), lifted_at=None).exists():
        raise RoyaltiesRefused(_("Payouts to this payee are held, so nothing is paid in advance either."))
