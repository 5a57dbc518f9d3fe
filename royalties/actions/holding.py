"""Holds on payouts: placed by one person, lifted by another, each with a reason that the payee reads."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.actions import notify, record_event
from profiles.models import Artist
from royalties import bookings, people
from royalties.actions.guards import clock, naming, require_power, require_second_person, within
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused, WrongState
from royalties.models import Payee, PayoutHold


@transaction.atomic
def place_hold(*, actor: Artist, payee: Payee, kind: str, reason: str, now: dt.datetime | None = None) -> PayoutHold:
    """Set a payee's balance aside as `held`, and keep what comes later from being batched.

    What is prepared but not submitted falls out of its batch when that is submitted. What is
    on its way stays so: nobody can call a payment back.
    """
    require_power(actor, "finance", "approver")
    if kind not in PayoutHold.Kind.values:
        raise RoyaltiesRefused(_("Say which kind of hold it is."))
    if not reason.strip():
        raise RoyaltiesRefused(_("Give a reason; the payee reads it."))
    moment = clock(now)
    row = Payee.objects.select_for_update(of=("self",), no_key=True).select_related("artist").get(pk=payee.pk)
    owed = bookings.owed_to(row)
    try:
        with transaction.atomic():
            hold = PayoutHold.objects.create(
                payee=row,
                kind=kind,
                reason=within(reason, 300),
                placed_by=actor,
                placed_at=moment,
                currencies=[money.currency for money in owed],
            )
    except IntegrityError as problem:
        raise WrongState(_("There is such a hold on this payee already.")) from problem
    event = record_event(actor=actor, verb="royalties.hold_placed", about=row, payload={"hold": hold.pk, "kind": kind})
    if row.artist is not None:
        text = _("Your payouts wait: %(reason)s") % {"reason": hold.reason}
        notify(event=event, recipients=[row.artist], text=text, url=reverse("royalties:earnings"))
    with naming([]):
        for money in owed:
            bookings.money_held(hold, money, moment.date())
    return hold


@transaction.atomic
def lift_hold(*, actor: Artist, hold: PayoutHold, reason: str, now: dt.datetime | None = None) -> PayoutHold:
    """Somebody other than who placed it says why the money is free; what the hold took is payable again."""
    require_power(actor, "finance", "approver")
    row = PayoutHold.objects.select_for_update(of=("self",)).select_related("payee__artist").get(pk=hold.pk)
    if row.lifted_at is not None:
        raise WrongState(_("This hold is lifted already."))
    require_second_person(actor, row.placed_by_id, _("Who placed a hold cannot also lift it."))
    if row.payee.artist_id in people.accounts_of([actor.pk]):
        raise ConflictOfInterest(_("It is your own money, so somebody else must lift this."))
    if not reason.strip():
        raise RoyaltiesRefused(_("Say why the money is free; the payee reads it."))
    row.lifted_by, row.lifted_at, row.lifted_because = actor, clock(now), within(reason, 300)
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    event = record_event(actor=actor, verb="royalties.hold_lifted", about=row.payee, payload={"hold": row.pk})
    if row.payee.artist is not None:
        text = _("Your payouts no longer wait: %(reason)s") % {"reason": row.lifted_because}
        notify(event=event, recipients=[row.payee.artist], text=text, url=reverse("royalties:earnings"))
    for money in bookings.held_by(row):
        bookings.money_released(row, money, row.lifted_at.date())
    return row
