"""Who closes an account: payout addresses, tax numbers and typed names go; codes and sums stay.

What somebody is still owed is paid first, so an address and a tax form are kept, sealed, as long as anything can
leave by them: it is payable, held or on its way, stands in a published statement that is not posted yet, or comes by
a correction. What is blanked is out of force too: money that comes even later finds no way and waits (standing.py).
`forget_left_payees` looks again every night. So does `forget_payout_files`: what was sent to a provider and what came back names many people's addresses, and goes as a whole. And so does
`forget_old_destinations`: a member's address that was replaced or removed long ago.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import correcting, ledger, policy
from royalties.actions.guards import clock
from royalties.models import (
    Balance,
    Batch,
    Destination,
    Payee,
    Payout,
    PayoutReport,
    ReportRow,
    Statement,
    StatementClaim,
    StatementComment,
    StatementLine,
    TaxForm,
)
from royalties.money import Money

# Where money of a payee can stand that is still sent to the address there is. What is set aside is claimed by another
# account, and what the payee owes is taken from what comes: neither keeps an address.
ROOTS = ("payable", "held")
BLANK = b""
# What is published and not yet posted: soon it stands on the accounts of whoever has a line in it.
OWED_SOON = (Statement.Status.PUBLISHED, Statement.Status.CLOSING, Statement.Status.FINAL)


def forget_artist(*, artist: Artist) -> None:
    """Blank what the money side knows of somebody who leaves. Part of closing an account."""
    _forget_claims(artist)
    payee = Payee.objects.select_for_update(no_key=True).filter(artist=artist).first()
    if payee is not None and not _is_owed_anything(payee):
        _blank(payee, clock(None))


def _forget_claims(artist: Artist) -> None:
    """The names typed into claims, also of before they joined, and under what such a claim is said to all.

    Only an address that the person has confirmed is theirs; anybody can join with somebody else's.
    """
    addresses = EmailAddress.objects.filter(user=artist, verified=True).values_list("email", flat=True)
    theirs = Q(artist=artist)
    for address in addresses:
        theirs |= Q(email__iexact=address)
    claims = StatementClaim.objects.filter(theirs)
    former = str(_("Former member"))
    spoken = claims.filter(artist=None, objection__isnull=False).values_list("objection__comment", flat=True)
    StatementComment.objects.filter(pk__in=list(spoken)).update(outsider=former)
    claims.update(name=former, email="")


@transaction.atomic
def forget_left_payees(*, now: dt.datetime | None = None) -> int:
    """Blank the addresses and tax forms of people who left and are owed nothing any more; returns how many people."""
    moment = clock(now)
    left = Payee.objects.select_for_update(of=("self",), no_key=True).filter(artist__closed_at__isnull=False)
    known = left.filter(
        Q(pk__in=Destination.objects.filter(~Q(address_encrypted=BLANK) | Q(replaced_at=None)).values("payee"))
        | Q(pk__in=TaxForm.objects.exclude(tax_id_encrypted=BLANK).values("payee"))
    )
    done = [payee for payee in known.order_by("pk") if not _is_owed_anything(payee)]
    for payee in done:
        _blank(payee, moment)
    return len(done)


@transaction.atomic
def forget_payout_files(*, now: dt.datetime | None = None) -> int:
    """Blank files for providers and reports of theirs in which nothing is open; returns how many.

    They go when they are old, and before that when somebody in them has been forgotten. Hashes, rows and sums stay.
    """
    before = clock(now) - policy.PAYOUT_FILES_KEPT
    forgotten = Payout.objects.filter(destination__address_encrypted=BLANK)
    on_their_way = Payout.objects.filter(batch=OuterRef("pk"), status__in=[Payout.Status.PENDING, Payout.Status.SENT])
    batches = Batch.objects.filter(~Exists(on_their_way), status=Batch.Status.SUBMITTED).exclude(file_encrypted=BLANK)
    sent = batches.filter(Q(submitted_at__lt=before) | Exists(forgotten.filter(batch=OuterRef("pk"))))
    reports = PayoutReport.objects.filter(~Exists(ReportRow.objects.open().filter(report=OuterRef("pk"))))
    told = reports.exclude(content_encrypted=BLANK).filter(
        Q(taken_at__lt=before) | Exists(forgotten.filter(report_rows__report=OuterRef("pk")))
    )
    files: list[tuple[Batch | PayoutReport, str]] = [
        *((batch, "file_encrypted") for batch in sent.select_for_update()),
        *((report, "content_encrypted") for report in told),
    ]
    for row, name in files:
        setattr(row, name, BLANK)
        row.save(update_fields=[name])
        record_event(actor=None, verb="royalties.payout_file_forgotten", about=row)
    return len(files)


@transaction.atomic
def forget_old_destinations(*, now: dt.datetime | None = None) -> int:
    """Blank addresses that have been out of force for so long that no bank asks about them; returns how many."""
    on_its_way = Payout.objects.filter(
        destination=OuterRef("pk"), status__in=[Payout.Status.PENDING, Payout.Status.SENT]
    )
    old = Destination.objects.filter(~Exists(on_its_way), replaced_at__lt=clock(now) - policy.PAYOUT_FILES_KEPT)
    return old.exclude(address_encrypted=BLANK).update(address_encrypted=BLANK)


def told_before_leaving(artist: Artist) -> list[str]:
    """What the person should know of their money first, by currency."""
    payee = Payee.objects.filter(artist=artist).first()
    if payee is None:
        return []
    told = []
    for root, words in _said_of_roots().items():
        owed = [-money for money in ledger.balances_below(f"{root}:{payee.code}:").values()]
        told += [words % {"amount": money.format()} for money in owed if money > Money(0, money.currency)]
    if _stands_soon(payee):
        told.append(
            _(
                "You have a share in a statement that is not final yet. Once it is, it goes to your confirmed payout "
                "details, and waits for you where there are none."
            )
        )
    comes = _(
        "%(amount)s comes to you out of later shares, by a correction. It goes to your confirmed payout details, and waits "
        "for you where there are none."
    )
    return [*told, *(comes % {"amount": money.format()} for money in correcting.owed_by_shares(payee))]


def _said_of_roots() -> dict[str, str]:
    """What is said of money of theirs, by where it stands."""
    return {
        "payable": _(
            "%(amount)s is not paid out yet. It goes to your confirmed payout details, however little it is, and waits for "
            "you where there are none."
        ),
        "held": _("%(amount)s of yours is held. Have that settled first: a closed account cannot ask for it."),
        "unclaimed": _("%(amount)s is set aside in your name. Claim it first: a closed account cannot."),
    }


def _is_owed_anything(payee: Payee) -> bool:
    """Whether the payee still has to be reached or reported: now, or once what is published is posted or shares come."""
    return _stands_anywhere(payee) or _stands_soon(payee) or bool(correcting.owed_by_shares(payee))


def _stands_soon(payee: Payee) -> bool:
    """Whether the payee has a line in a statement that is published, or about to be anew, and not posted yet."""
    waiting = Statement.objects.filter(status__in=OWED_SOON)
    lines = StatementLine.objects.filter(payee=payee, amount_minor__gt=0)
    return lines.filter(Q(revision__in=waiting.values("current")) | Q(revision__in=waiting.values("pending"))).exists()


def _stands_anywhere(payee: Payee) -> bool:
    """Whether anything of the payee is to be sent, or waits for a bank or an authority."""
    own = Q()
    for root in ROOTS:
        own |= Q(account__code__startswith=f"{root}:{payee.code}:")
    others = Q(account__code__startswith="in_transit:") | Q(account__code__startswith="withheld:")
    held = Balance.objects.filter(own | (others & Q(account__code__contains=f":{payee.code}:")))
    return held.exclude(balance_minor=0).exists()


def _blank(payee: Payee, moment: dt.datetime) -> None:
    """Nothing is paid to a blank address, so it ends as well; a form's days stay, and a blank one is not in force."""
    destinations = Destination.objects.filter(payee=payee)
    destinations.current().update(replaced_at=moment)
    destinations.update(address_encrypted=BLANK)
    TaxForm.objects.filter(payee=payee).update(tax_id_encrypted=BLANK, signed_name_encrypted=BLANK)
