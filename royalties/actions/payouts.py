"""Money out: batches prepared by one person, submitted by another, settled by reference.

A payee's whole payable balance goes out once it reaches the threshold and the destination is
confirmed; the rest is carried forward. Every move has its entry in the ledger.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, policy, sealing
from royalties.actions import notices
from royalties.actions.guards import clock, require_currency, require_power, require_second_person
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Batch, Destination, Payout, Statement
from royalties.money import Money
from royalties.payouts import paypal


@transaction.atomic
def batch_payouts(*, actor: Artist, currency: str, now: dt.datetime | None = None) -> Batch:
    """Prepare one batch of everybody who can be paid in this currency now.

    Raises RoyaltiesRefused where nobody reaches the threshold with a confirmed destination.
    """
    require_power(actor, "finance", "drafter")
    require_currency(currency)
    moment = clock(now)
    payable = payable_now(currency, moment)
    if not payable:
        raise RoyaltiesRefused(_("Nobody has reached the threshold with a confirmed destination."))
    batch = Batch.objects.create(
        method=Destination.Method.PAYPAL, currency=currency, prepared_by=actor, prepared_at=moment
    )
    try:
        with transaction.atomic():
            Payout.objects.bulk_create(
                [
                    Payout(
                        batch=batch,
                        payee_id=destination.payee_id,
                        destination=destination,
                        amount_minor=amount,
                        currency=currency,
                    )
                    for destination, amount in payable[: paypal.LARGEST]
                ]
            )
    except IntegrityError as problem:
        raise WrongState(_("Another batch with the same people is just being made.")) from problem
    record_event(
        actor=actor,
        verb="royalties.batch_prepared",
        about=batch,
        payload={"payouts": len(payable[: paypal.LARGEST]), "currency": currency},
    )
    return batch


def payable_now(currency: str, moment: dt.datetime) -> list[tuple[Destination, int]]:
    """Who can be paid, and how much: threshold reached, confirmed, no hold, nothing on its way."""
    balances = bookings.payable_balances(currency)
    threshold = policy.policy_of(currency).payout_threshold
    due = {code: amount for code, amount in balances.items() if amount >= threshold}
    destinations = (
        Destination.objects.payable_at(moment)
        .filter(payee__code__in=due, method=Destination.Method.PAYPAL)
        .exclude(
            payee__payouts__in=Payout.objects.filter(
                currency=currency, status__in=[Payout.Status.PENDING, Payout.Status.SENT]
            )
        )
        .select_related("payee")
        .order_by("payee__code")
    )
    return [(destination, due[destination.payee.code]) for destination in destinations]


@transaction.atomic
def submit_batch(*, actor: Artist, batch: Batch, now: dt.datetime | None = None) -> Batch:
    """A second person releases a batch: the money is booked as in transit and the file is made.

    Refused to who drafted a statement that is paid here, and to anybody who is paid here.
    """
    require_power(actor, "finance", "approver")
    moment, row = clock(now), _locked_batch(batch)
    require_second_person(actor, row.prepared_by_id, _("Who prepared a batch cannot also submit it."))
    payouts = list(row.payouts.select_related("payee", "destination").order_by("pk"))
    _require_nothing_own(actor, payouts)
    try:
        content = paypal.payment_file([_payment(payout) for payout in payouts])
    except paypal.FileRefused as problem:
        raise RoyaltiesRefused(str(problem)) from problem
    row.status, row.submitted_by, row.submitted_at = Batch.Status.SUBMITTED, actor, moment
    row.file_encrypted = sealing.seal(content)
    row.file_sha256 = hashlib.sha256(content).hexdigest()
    row.save()
    Payout.objects.filter(batch=row).update(status=Payout.Status.SENT)
    event = record_event(
        actor=actor, verb="royalties.batch_submitted", about=row, payload={"file_sha256": row.file_sha256}
    )
    for payout in payouts:
        notices.tell_of_payout(
            event=event, payout=payout, text=_("%(amount)s is on its way to you"), url=reverse("royalties:earnings")
        )
    bookings.payout_submitted(row, payouts, moment.date())
    return row


@transaction.atomic
def drop_batch(*, actor: Artist, batch: Batch) -> Batch:
    """Give up a batch that was never submitted; nobody was paid and nothing was booked."""
    require_power(actor, "finance", "drafter")
    row = _locked_batch(batch)
    row.status = Batch.Status.DROPPED
    row.save(update_fields=["status"])
    row.payouts.update(status=Payout.Status.DROPPED)
    record_event(actor=actor, verb="royalties.batch_dropped", about=row)
    return row


@transaction.atomic
def settle_payout(*, actor: Artist, payout: Payout, provider_reference: str, now: dt.datetime | None = None) -> Payout:
    """The provider says the money arrived; without its reference nothing is settled.

    The same reference again changes nothing; another one for the same payout is refused.
    """
    require_power(actor, "finance")
    reference = provider_reference.strip()
    if not reference:
        raise RoyaltiesRefused(_("Give the provider’s reference; without it nothing is settled."))
    moment, row = clock(now), _locked_payout(payout)
    if row.status == Payout.Status.SETTLED and row.provider_reference == reference:
        return row
    if row.status != Payout.Status.SENT:
        raise WrongState(_("This payout is “%(status)s”.") % {"status": row.get_status_display()})
    row.status, row.provider_reference, row.settled_at = Payout.Status.SETTLED, reference[:80], moment
    try:
        with transaction.atomic():
            row.save(update_fields=["status", "provider_reference", "settled_at"])
    except IntegrityError as problem:
        raise RoyaltiesRefused(_("That reference already belongs to another payout.")) from problem
    event = record_event(actor=actor, verb="royalties.payout_settled", about=row, payload={"reference": reference[:80]})
    notices.tell_of_payout(event=event, payout=row, text=_("%(amount)s has arrived"), url=reverse("royalties:earnings"))
    _mark_paid(row)
    bookings.payout_settled(row, moment.date())
    return row


@transaction.atomic
def fail_payout(*, actor: Artist, payout: Payout, reason: str, now: dt.datetime | None = None) -> Payout:
    """The provider sent the money back: it is payable again, and the payee hears why."""
    require_power(actor, "finance")
    if not reason.strip():
        raise RoyaltiesRefused(_("Say why it came back; the payee reads it."))
    moment, row = clock(now), _locked_payout(payout)
    if row.status != Payout.Status.SENT:
        raise WrongState(_("This payout is “%(status)s”.") % {"status": row.get_status_display()})
    row.status, row.failure, row.failed_at = Payout.Status.FAILED, reason.strip()[:300], moment
    row.save(update_fields=["status", "failure", "failed_at"])
    event = record_event(actor=actor, verb="royalties.payout_failed", about=row)
    notices.tell_of_payout(
        event=event,
        payout=row,
        text=_("%(amount)s came back; look at your payout details"),
        url=reverse("royalties:earnings"),
    )
    bookings.payout_failed(row, moment.date())
    return row


def batch_file(batch: Batch) -> bytes:
    """The provider's file in clear, checked against the hash it was made with."""
    content = sealing.open_sealed(bytes(batch.file_encrypted))
    if hashlib.sha256(content).hexdigest() != batch.file_sha256:
        raise WrongState(_("The stored file is not the one that was made."))
    return content


@transaction.atomic
def take_batch_file(*, actor: Artist, batch: Batch) -> bytes:
    """Hand out the provider's file to who pays; that it was taken is recorded, for addresses are in it."""
    require_power(actor, "finance", "approver")
    if batch.status != Batch.Status.SUBMITTED:
        raise WrongState(_("There is no file before the batch is submitted."))
    record_event(actor=actor, verb="royalties.batch_file_taken", about=batch)
    return batch_file(batch)


def _payment(payout: Payout) -> paypal.Payment:
    return paypal.Payment(
        recipient=sealing.address_of(payout.destination),
        amount=Money(payout.net_minor, payout.currency),
        code=payout.code,
        note=_("Your share of our productions"),
    )


def _locked_batch(batch: Batch) -> Batch:
    row = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.status != Batch.Status.PREPARED:
        raise WrongState(_("This batch is “%(status)s”.") % {"status": row.get_status_display()})
    return row


def _locked_payout(payout: Payout) -> Payout:
    return (
        Payout.objects.select_for_update(of=("self",))
        .select_related("batch", "payee__artist", "destination")
        .get(pk=payout.pk)
    )


def _require_nothing_own(actor: Artist, payouts: list[Payout]) -> None:
    """Nobody pays themselves, nor pays out what they drafted."""
    if any(payout.payee.artist_id == actor.pk for payout in payouts):
        raise ConflictOfInterest(_("You are paid in this batch yourself, so somebody else must submit it."))
    drafted = Statement.objects.filter(
        status=Statement.Status.POSTED,
        drafter=actor,
        current__lines__payee__in=[payout.payee_id for payout in payouts],
    )
    if drafted.exists():
        raise SecondPersonNeeded(_("You drafted a statement that is paid here, so somebody else must submit it."))


def _mark_paid(payout: Payout) -> None:
    """A posted statement is paid when none of its people has money due or on its way.

    What is below the threshold is carried forward and does not keep a statement open.
    """
    due = {
        code
        for code, amount in bookings.payable_balances(payout.currency).items()
        if amount >= policy.policy_of(payout.currency).payout_threshold
    }
    statements = (
        Statement.objects.select_for_update(of=("self",))
        .filter(
            status=Statement.Status.POSTED,
            currency=payout.currency,
            current__lines__payee=payout.payee,
            current__lines__amount_minor__gt=0,
        )
        .exclude(funding=Statement.Funding.SHARES)
    )
    for statement in statements:
        lines = statement.current.lines.filter(amount_minor__gt=0) if statement.current else None
        if lines is None or lines.filter(payee__code__in=due).exists():
            continue
        on_its_way = Payout.objects.filter(
            currency=payout.currency,
            status__in=[Payout.Status.PENDING, Payout.Status.SENT],
            payee__in=lines.values("payee"),
        )
        if not on_its_way.exists():
            statement.status = Statement.Status.PAID
            statement.save(update_fields=["status"])
            record_event(actor=None, verb="royalties.statement_paid", about=statement)
