"""Who closes an account: payout addresses, tax numbers and typed names go; codes and sums stay.

What somebody is still owed is paid first, so an address and a tax form are kept, sealed, as long as anything
stands on the payee's accounts. `forget_left_payees` looks again every night.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from profiles.models import Artist
from royalties import ledger
from royalties.models import Balance, Destination, Payee, StatementClaim, TaxForm
from royalties.money import Money

# Where money of a payee can stand; nothing there means that nobody has to reach or report the person any more.
ROOTS = ("payable", "held", "unclaimed", "advance", "overpaid")
BLANK = b""


def forget_artist(*, artist: Artist) -> None:
    """Blank what the money side knows of somebody who leaves. Part of closing an account."""
    StatementClaim.objects.filter(Q(artist=artist) | Q(email__iexact=artist.email)).update(
        name=str(_("Former member")), email=""
    )
    payee = Payee.objects.select_for_update().filter(artist=artist).first()
    if payee is not None and not _stands_anywhere(payee):
        _blank(payee)


@transaction.atomic
def forget_left_payees() -> int:
    """Blank the addresses and tax forms of people who left and are owed nothing any more; returns how many people."""
    left = Payee.objects.select_for_update(of=("self",)).filter(artist__closed_at__isnull=False)
    known = left.filter(
        Q(pk__in=Destination.objects.exclude(address_encrypted=BLANK).values("payee"))
        | Q(pk__in=TaxForm.objects.exclude(tax_id_encrypted=BLANK).values("payee"))
    )
    done = [payee for payee in known.order_by("pk") if not _stands_anywhere(payee)]
    for payee in done:
        _blank(payee)
    return len(done)


def told_before_leaving(artist: Artist) -> list[str]:
    """What the person should know of their money first, by currency."""
    payee = Payee.objects.filter(artist=artist).first()
    if payee is None:
        return []
    owed = {code: -money for code, money in ledger.balances_below(f"payable:{payee.code}:").items()}
    return [
        _(
            "%(amount)s is not paid out yet. It goes to your confirmed payout details, and waits for you where there are none; "
            "less than the least that is paid out is better claimed from us before."
        )
        % {"amount": money.format()}
        for money in owed.values()
        if money > Money(0, money.currency)
    ]


def _stands_anywhere(payee: Payee) -> bool:
    """Whether any account of the payee, or one that waits for a bank or an authority, holds anything."""
    own = Q()
    for root in ROOTS:
        own |= Q(account__code__startswith=f"{root}:{payee.code}:")
    others = Q(account__code__startswith="in_transit:") | Q(account__code__startswith="withheld:")
    held = Balance.objects.filter(own | (others & Q(account__code__contains=f":{payee.code}:")))
    return held.exclude(balance_minor=0).exists()


def _blank(payee: Payee) -> None:
    Destination.objects.filter(payee=payee).update(address_encrypted=BLANK)
    TaxForm.objects.filter(payee=payee).update(tax_id_encrypted=BLANK, signed_name_encrypted=BLANK)
