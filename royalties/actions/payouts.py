"""Money out: batches prepared by one person, a large one approved by another, submitted by a third.

A payee's whole payable balance goes out once it reaches the threshold and nothing stands in the
way (`standing.due_in`); the rest is carried forward. Taxes are kept back and other currencies
bought by the rates in force on the day of preparing. What changed since is left out when the
batch is submitted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, people, policy, sealing, standing
from royalties.actions import notices
from royalties.actions.guards import clock, naming, require_currency, require_power, require_second_person
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Batch, Destination, ExchangeRate, Payee, Payout, Statement, Withholding
from royalties.models.statement import BOOKED
from royalties.money import Money
from royalties.payouts import files, paypal
from royalties.payouts.withholding import kept_minor
from royalties.standing import Due


@transaction.atomic
def batch_payouts(*, actor: Artist, currency: str, method: str = "", now: dt.datetime | None = None) -> Batch:
    """Prepare one batch of everybody who can be paid in this currency now, by one method.

    Without a method the first is taken that has somebody to pay. More people than a file holds
    need a further batch. Raises RoyaltiesRefused where nobody can be paid.
    """
    require_power(actor, "finance", "drafter")
    require_currency(currency)
    moment = clock(now)
    payable = [due for due in payable_now(currency, moment) if not method or _method(due) == method]
    if not payable and method != Destination.Method.PAYPAL and waiting_for_rate(currency, moment):
        raise RoyaltiesRefused(_("Bank accounts take euros: take in a file of exchange rates of these days first."))
    if not payable:
        raise RoyaltiesRefused(_("Nobody has reached the threshold with a confirmed destination and a tax form."))
    return _prepare(actor, currency, payable, moment)


@transaction.atomic
def prepare_batches(*, actor: Artist, currency: str, now: dt.datetime | None = None) -> list[Batch]:
    """Prepare as many batches as it takes to pay everybody: one for each method and each full file."""
    batches = [batch_payouts(actor=actor, currency=currency, now=now)]
    while payable := payable_now(currency, clock(now)):
        batches.append(_prepare(actor, currency, payable, clock(now)))
    return batches


def payable_now(currency: str, moment: dt.datetime) -> list[Due]:
    """Who can be paid, and how much of it an authority keeps; PayPal first, then by code."""
    due = [row for row in standing.due_in(currency, moment) if row.is_payable]
    return sorted(due, key=lambda row: (_method(row), row.payee.code))


def waiting_for_rate(currency: str, moment: dt.datetime) -> int:
    """How many could be paid as well if an exchange rate of these days were recorded."""
    return sum(due.waits_for_rate for due in standing.due_in(currency, moment))


@transaction.atomic
def approve_batch(*, actor: Artist, batch: Batch, now: dt.datetime | None = None) -> Batch:
    """The third pair of eyes that a large batch needs: neither who prepared nor who submits it."""
    require_power(actor, "finance", "approver")
    row = _locked_batch(batch)
    require_second_person(actor, row.prepared_by_id, _("Who prepared a batch cannot also approve it."))
    if row.approved_by_id is not None:
        raise WrongState(_("This batch is approved already."))
    _require_nothing_own(actor, list(row.payouts.select_related("payee")))
    row.approved_by, row.approved_at = actor, clock(now)
    row.save(update_fields=["approved_by", "approved_at"])
    record_event(actor=actor, verb="royalties.batch_approved", about=row)
    return row


@transaction.atomic
def submit_batch(*, actor: Artist, batch: Batch, now: dt.datetime | None = None) -> Batch:
    """Another person releases a batch: the money is booked as in transit and the file is made.

    Refused to who drafted a statement that is paid here, and to anybody who is paid here. Whose
    destination, balance, tax or standing has changed since the batch was prepared is left out
    and carried forward; at least one payment must remain.
    """
    require_power(actor, "finance", "approver")
    moment, row = clock(now), _locked_batch(batch)
    require_second_person(actor, row.prepared_by_id, _("Who prepared a batch cannot also submit it."))
    payouts = _waiting(row)
    _require_nothing_own(actor, payouts)
    _require_third_person(actor, row, payouts)
    _require_recent_rate(row, moment)
    payouts = _still_right(actor, row, payouts, moment)
    try:
        content = files.make_file(row, payouts, moment)
    except paypal.FileRefused as problem:
        raise RoyaltiesRefused(str(problem)) from problem
    row.status, row.submitted_by, row.submitted_at = Batch.Status.SUBMITTED, actor, moment
    row.file_encrypted = sealing.seal(content)
    row.file_sha256 = hashlib.sha256(content).hexdigest()
    row.save()
    Payout.objects.filter(pk__in=[payout.pk for payout in payouts]).update(status=Payout.Status.SENT)
    event = record_event(
        actor=actor, verb="royalties.batch_submitted", about=row, payload={"file_sha256": row.file_sha256}
    )
    for payout in payouts:
        notices.tell_of_payout(event=event, payout=payout, text=_("%(amount)s is on its way to you"))
    with naming(payouts):
        bookings.payout_submitted(row, payouts, moment.date())
    return row


@transaction.atomic
def drop_batch(*, actor: Artist, batch: Batch) -> Batch:
    """Give up a batch that was never submitted; nobody was paid and nothing was booked."""
    require_power(actor, "finance", "drafter")
    row = _locked_batch(batch)
    row.status = Batch.Status.DROPPED
    row.save(update_fields=["status"])
    row.payouts.filter(status=Payout.Status.PENDING).update(status=Payout.Status.DROPPED)
    record_event(actor=actor, verb="royalties.batch_dropped", about=row)
    return row


def batch_file(batch: Batch) -> bytes:
    """The provider's file in clear, checked against the hash it was made with; WrongState when it is forgotten or damaged."""
    if not batch.file_encrypted:
        raise WrongState(_("The file is no longer kept, for addresses were in it. Its hash still says which it was."))
    try:
        content = sealing.open_sealed(bytes(batch.file_encrypted))
    except sealing.Unreadable as problem:
        raise WrongState(
            _("The stored file cannot be opened: it was sealed with another key, or damaged.")
        ) from problem
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


def _method(due: Due) -> str:
    return due.destination.method if due.destination else ""


def _prepare(actor: Artist, currency: str, payable: list[Due], moment: dt.datetime) -> Batch:
    """One file's worth of the first method."""
    method = Destination.Method(_method(payable[0]))
    chosen = [due for due in payable if _method(due) == method][: files.LARGEST]
    # One rate for all: they are of one currency, and the method takes one.
    rate, rows = _rate_of(chosen[0])
    batch = Batch.objects.create(method=method, currency=currency, prepared_by=actor, prepared_at=moment, **rate)
    if rows:
        batch.rates.set(rows)
    try:
        with transaction.atomic():
            payouts = Payout.objects.bulk_create([_payout(batch, due) for due in chosen])
    except IntegrityError as problem:
        raise WrongState(_("Another batch with the same people is just being made.")) from problem
    Withholding.objects.bulk_create(
        [
            Withholding(
                payout=payout,
                rate_id=kept.rate,
                authority=kept.authority,
                basis_minor=due.gross_minor,
                amount_minor=kept.amount_minor,
            )
            for payout, due in zip(payouts, chosen, strict=True)
            for kept in due.kept
        ]
    )
    batch.proposed_sha256 = batch.proposal_hash()
    batch.save(update_fields=["proposed_sha256"])
    payload = {"payouts": len(payouts), "currency": currency, "method": str(method)}
    record_event(actor=actor, verb="royalties.batch_prepared", about=batch, payload=payload)
    return batch


def _rate_of(due: Due) -> tuple[dict[str, Any], Sequence[ExchangeRate]]:
    """What a batch keeps of how its payments are converted, and the recorded rates that this comes from."""
    if due.converted is None:
        return {}, ()
    numerator, denominator = map(Decimal, due.converted.rate.as_integer_ratio())
    kept = {"bought": due.paid.currency, "numerator": numerator, "denominator": denominator}
    return kept, due.converted.rows


def _payout(batch: Batch, due: Due) -> Payout:
    return Payout(
        batch=batch,
        payee=due.payee,
        destination=due.destination,
        amount_minor=due.gross_minor,
        withheld_minor=due.withheld_minor,
        currency=due.currency,
        bought=batch.bought,
        bought_minor=due.paid.amount_minor if batch.bought else None,
    )


def _waiting(batch: Batch) -> list[Payout]:
    return list(
        batch.payouts.filter(status=Payout.Status.PENDING)
        .select_related("payee__artist", "destination__payee__artist")
        .prefetch_related("withholdings")
        .order_by("pk")
    )


def _still_right(actor: Artist, batch: Batch, payouts: list[Payout], moment: dt.datetime) -> list[Payout]:
    """Leave out who could not be paid like this if the batch were prepared now, and say so.

    Payees are locked, as by holds and changes of destination, so that neither slips in between.
    """
    keys = [payout.payee_id for payout in payouts]
    list(Payee.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    due = {
        row.payee.pk: row
        for row in standing.due_in(batch.currency, moment, payees=[payout.payee for payout in payouts], batch=batch.pk)
    }
    right: list[Payout] = []
    wrong: list[Payout] = []
    for payout in payouts:
        (right if _agrees(payout, due.get(payout.payee_id)) else wrong).append(payout)
    if not right:
        raise WrongState(_("Nobody in this batch can be paid any more; drop it."))
    for payout in wrong:
        payout.status, payout.failure = Payout.Status.DROPPED, _("Something changed since the batch was prepared.")
        payout.save(update_fields=["status", "failure"])
        record_event(actor=actor, verb="royalties.payout_left_out", about=payout)
    return right


def _agrees(payout: Payout, due: Due | None) -> bool:
    """Same way, nothing in between, at least as much owed, and the same tax for the same amount."""
    if due is None or due.obstacles or due.destination is None or due.destination.pk != payout.destination_id:
        return False
    kept = {row.authority: row.amount_minor for row in payout.withholdings.all()}
    now = {row.authority: kept_minor(payout.amount_minor, row.rate_bps) for row in due.kept}
    return due.gross_minor >= payout.amount_minor and kept == {name: minor for name, minor in now.items() if minor}


def _locked_batch(batch: Batch) -> Batch:
    row = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.status != Batch.Status.PREPARED:
        raise WrongState(_("This batch is “%(status)s”.") % {"status": row.get_status_display()})
    return row


def _require_third_person(actor: Artist, batch: Batch, payouts: list[Payout]) -> None:
    """A batch from the policy's amount on is approved by somebody who neither prepared nor submits it."""
    total = sum(payout.amount_minor for payout in payouts)
    least = policy.policy_of(batch.currency).third_person_from
    if total < least:
        return
    if batch.approved_by_id is None:
        raise SecondPersonNeeded(
            _("Batches from %(amount)s are approved by a third person before they are submitted.")
            % {"amount": Money(least, batch.currency).format()}
        )
    require_second_person(actor, batch.approved_by_id, _("Who approved a batch cannot also submit it."))


def _require_recent_rate(batch: Batch, moment: dt.datetime) -> None:
    """A batch that waited is not converted at a rate that could not be taken any more."""
    since = moment.date() - policy.RATE_AT_MOST_OLD
    if batch.rates.filter(day__lte=since).exists():
        raise WrongState(_("The exchange rate of this batch is more than a week old; drop it and prepare another."))


def _require_nothing_own(actor: Artist, payouts: list[Payout]) -> None:
    """Nobody pays themselves, nor pays out what they drafted.

    Whatever is booked counts: who was held, below the threshold or returned has money of a paid statement as well.
    """
    accounts = people.accounts_of([actor.pk])
    if any(payout.payee.artist_id in accounts for payout in payouts):
        raise ConflictOfInterest(_("You are paid in this batch yourself, so somebody else must submit it."))
    drafted = Statement.objects.drafted_by(accounts).filter(
        status__in=BOOKED,
        current__lines__payee__in=[payout.payee_id for payout in payouts],
    )
    if drafted.exists():
        raise SecondPersonNeeded(_("You drafted a statement that is paid here, so somebody else must submit it."))
