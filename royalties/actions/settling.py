"""What became of a payment: it arrived, it came back, or it came back after it had arrived.

Only with the provider's word: a reference for what arrived, a reason for what came back; and never
by who is paid. Money that is back is payable again and leaves as a new payout; an old one is never
sent twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, correcting, people, policy
from royalties.actions import notices
from royalties.actions.guards import clock, naming, require_power, within
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused, WrongState
from royalties.models import Destination, Payout, PayoutHold, Statement


@transaction.atomic
def settle_payout(*, actor: Artist, payout: Payout, provider_reference: str, now: dt.datetime | None = None) -> Payout:
    """The provider says the money arrived; without its reference nothing is settled.

    The same reference again changes nothing; another one for the same payout is refused. A bank books a file of many
    payments as one entry, so those of a batch may share its reference; our code is then put after it.
    """
    require_power(actor, "finance")
    reference = within(provider_reference, 80)
    if not reference:
        raise RoyaltiesRefused(_("Give the provider’s reference; without it nothing is settled."))
    moment, row = clock(now), _locked_payout(payout)
    _require_not_own(actor, row)
    own = f"{reference}/{row.code}"
    is_by_bank = row.batch.method == Destination.Method.SEPA
    if row.status == Payout.Status.SETTLED and row.provider_reference in {reference, own}:
        return row
    _require(row, Payout.Status.SENT)
    if is_by_bank and row.batch.payouts.filter(provider_reference=reference).exists():
        reference = own
    note_arrival(actor=actor, row=row, reference=reference, moment=moment)
    mark_paid([row])
    with naming([row]):
        bookings.payout_settled(row, moment.date())
    return row


@transaction.atomic
def fail_payout(*, actor: Artist, payout: Payout, reason: str, now: dt.datetime | None = None) -> Payout:
    """The provider could not pay: the money is payable again, and the payee hears why."""
    require_power(actor, "finance")
    moment, row = clock(now), _locked_payout(payout)
    _require_not_own(actor, row)
    _require(row, Payout.Status.SENT)
    note_return(actor=actor, row=row, reason=within(reason, 300), moment=moment)
    with naming([row]):
        bookings.payout_failed(row, moment.date())
    return row


@transaction.atomic
def return_payout(*, actor: Artist, payout: Payout, reason: str, now: dt.datetime | None = None) -> Payout:
    """What had arrived came back: the settlement is reversed, and the money payable again.

    Tax that is remitted already stays with its authority.
    """
    require_power(actor, "finance")
    moment, row = clock(now), _locked_payout(payout)
    _require_not_own(actor, row)
    _require(row, Payout.Status.SETTLED)
    note_return(actor=actor, row=row, reason=within(reason, 300), moment=moment)
    with naming([row]):
        bookings.payout_came_back(row, moment.date())
    return row


def note_arrival(*, actor: Artist, row: Payout, reference: str, moment: dt.datetime) -> None:
    """Everything about an arrival but its entry in the ledger, for a row that is locked."""
    row.status, row.provider_reference, row.settled_at = Payout.Status.SETTLED, reference[:80], moment
    try:
        with transaction.atomic():
            row.save(update_fields=["status", "provider_reference", "settled_at"])
    except IntegrityError as problem:
        raise RoyaltiesRefused(_("That reference already belongs to another payout.")) from problem
    event = record_event(actor=actor, verb="royalties.payout_settled", about=row, payload={"reference": reference[:80]})
    notices.tell_of_payout(event=event, payout=row, text=_("%(amount)s has arrived"))


def note_return(*, actor: Artist, row: Payout, reason: str, moment: dt.datetime) -> None:
    """Everything about a return but its entries in the ledger, for a row that is locked.

    Of what a provider's file says, the beginning is kept; what a person types comes within that.
    """
    if not reason.strip():
        raise RoyaltiesRefused(_("Say why it came back; the payee reads it."))
    had_arrived = row.status == Payout.Status.SETTLED
    row.status = Payout.Status.RETURNED if had_arrived else Payout.Status.FAILED
    row.failure, row.failed_at = reason.strip()[:300], moment
    row.save(update_fields=["status", "failure", "failed_at"])
    verb = "royalties.payout_returned" if had_arrived else "royalties.payout_failed"
    event = record_event(actor=actor, verb=verb, about=row)
    notices.tell_of_payout(event=event, payout=row, text=_("%(amount)s came back; look at your payout details"))


def mark_paid(payouts: Collection[Payout], *, came_back: Collection[str] = ()) -> None:
    """A posted statement is paid when none of its people has money due or on its way.

    What is below the threshold is carried forward, and what is held waits; neither keeps a statement open. Codes in
    `came_back` have money that is about to be payable again.
    """
    for currency in sorted({payout.currency for payout in payouts}):
        payees = {payout.payee_id for payout in payouts if payout.currency == currency}
        lines = Statement.objects.filter(current__lines__payee__in=payees, current__lines__amount_minor__gt=0)
        _mark_all(_posted(currency).filter(pk__in=lines.values("pk")), currency, came_back)


@transaction.atomic
def mark_all_paid() -> int:
    """The same for every posted statement, for what became of people otherwise: held, set aside; returns how many."""
    currencies = Statement.objects.filter(status=Statement.Status.POSTED).values_list("currency", flat=True)
    return sum(_mark_all(_posted(currency), currency) for currency in sorted(set(currencies)))


def mark_if_paid(statement: Statement, due: Collection[str]) -> bool:
    """Mark one that is locked, unless somebody in it is among these codes or has a payment on its way.

    A correction that later shares pay is not paid before they have.
    """
    lines = statement.current.lines.filter(amount_minor__gt=0) if statement.current else None
    if lines is None or correcting.waits_for_shares(statement) or lines.filter(payee__code__in=due).exists():
        return False
    on_its_way = Payout.objects.filter(
        currency=statement.currency,
        status__in=[Payout.Status.PENDING, Payout.Status.SENT],
        payee__in=lines.values("payee"),
    )
    if on_its_way.exists():
        return False
    statement.status = Statement.Status.PAID
    statement.save(update_fields=["status"])
    record_event(actor=None, verb="royalties.statement_paid", about=statement)
    return True


def _posted(currency: str) -> QuerySet[Statement]:
    """Locked."""
    posted = Statement.objects.select_for_update(of=("self",)).filter(status=Statement.Status.POSTED, currency=currency)
    return posted.order_by("pk")


def _due_in(currency: str) -> set[str]:
    """Codes of payees whose person has so much payable that it is to be sent, and no hold on any account."""
    threshold = policy.policy_of(currency).payout_threshold
    sums = people.sums_of(bookings.payable_balances(currency))
    due = {code for code, amount in sums.items() if amount >= threshold}
    held = PayoutHold.objects.filter(lifted_at=None).values_list("payee__code", flat=True)
    return due.difference(*people.payees_of(list(held)).values())


def _mark_all(statements: QuerySet[Statement], currency: str, came_back: Collection[str] = ()) -> int:
    """Balances are read once the statements are held, so that whatever one has just booked counts."""
    held = list(statements)
    due = _due_in(currency) | {*came_back} if held else set()
    return sum(mark_if_paid(statement, due) for statement in held)


def _require(payout: Payout, status: str) -> None:
    if payout.status != status:
        raise WrongState(_("This payout is “%(status)s”.") % {"status": payout.get_status_display()})


def _require_not_own(actor: Artist, payout: Payout) -> None:
    """Nobody says of their own payment what became of it; a report says it of everybody's."""
    if payout.payee.artist_id in people.accounts_of([actor.pk]):
        raise ConflictOfInterest(_("It is your own payment, so somebody else must say what became of it."))


def _locked_payout(payout: Payout) -> Payout:
    return (
        Payout.objects.select_for_update(of=("self",))
        .select_related("batch", "payee__artist", "destination__payee__artist")
        .get(pk=payout.pk)
    )
