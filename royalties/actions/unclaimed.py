"""Money that nobody asks for: warned of, set aside in the payee's name, claimed at any time or escheated.

It never becomes the company's income and never returns to a pool. The clock runs from the later
of the person's last sign of life (a log-in, closing the account, payout details, a tax form, a payout that arrived)
and the last movement of the balance. It does not run while something of ours keeps the money back: a hold, a
payment on its way, a match or a report that staff have not decided about (`standing.waits_for_others`).
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.actions import notify, record_event
from profiles.models import Artist, Event
from royalties import accounts, bookings, people, policy, standing
from royalties.actions.guards import clock, require_power, require_second_person, within
from royalties.actions.outbox import owe_mail
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Balance, Destination, OutboxMail, Payee, Payout, TaxForm, UnclaimedCase

Status = UnclaimedCase.Status


def sweep_unclaimed(*, now: dt.datetime | None = None) -> tuple[int, int]:
    """Warn whose balance has slept long enough, and set aside what was warned of in time; (warned, set aside).

    A warning ends without that where the payee was heard of, the balance has moved, or nobody could be expected to
    answer; who is still silent later is warned anew and has all of the days again.
    """
    moment = clock(now)
    warned_of = list(UnclaimedCase.objects.filter(status=Status.WARNED).order_by("pk"))
    waiting = standing.waits_for_others([case.payee_id for case in warned_of], moment)
    ending = [case for case in warned_of if case.due_on <= moment.date() or case.payee_id in waiting]
    aside = sum(_end_warning(case, moment) for case in ending)
    warned = sum(_warn(payee, currency, moment) for payee, currency in _sleeping(moment))
    return warned, aside


@transaction.atomic
def claim_unclaimed(*, actor: Artist, case: UnclaimedCase, now: dt.datetime | None = None) -> UnclaimedCase:
    """The payee takes the money back: it is payable again and goes out with the next batch.

    By another account of theirs as well, whose money it is then: whoever closed the first has no other way to it.
    """
    row = _locked(case)
    if row.payee.artist_id not in people.accounts_of([actor.pk]):
        raise NotAllowed(_("Only the person whose money it is can claim it."))
    _require(row, Status.UNCLAIMED)
    row.status, row.ended_by, row.ended_at = Status.CLAIMED, actor, clock(now)
    row.save(update_fields=["status", "ended_by", "ended_at"])
    record_event(actor=actor, verb="royalties.unclaimed_claimed", about=row.payee, payload={"case": row.pk})
    bookings.unclaimed_moved(row, "claim", row.ended_at.date())
    return row


@transaction.atomic
def ask_escheat(*, actor: Artist, case: UnclaimedCase) -> UnclaimedCase:
    """The first of two people says that the law wants the money now."""
    require_power(actor, "finance")
    row = _locked(case)
    _require(row, Status.UNCLAIMED)
    is_first = row.escheat_asked_by_id is None
    row.escheat_asked_by = actor
    row.save(update_fields=["escheat_asked_by"])
    event = record_event(actor=actor, verb="royalties.escheat_asked", about=row.payee, payload={"case": row.pk})
    if is_first:
        _tell(
            row,
            event,
            _("The law wants the money that is set aside in your name: claim it before it is given to the state"),
        )
    return row


@transaction.atomic
def escheat(*, actor: Artist, case: UnclaimedCase, reference: str, now: dt.datetime | None = None) -> UnclaimedCase:
    """The second gives the authority's reference, and the money leaves the bank."""
    require_power(actor, "finance", "approver")
    row = _locked(case)
    _require(row, Status.UNCLAIMED)
    if row.escheat_asked_by_id is None:
        raise WrongState(_("Somebody else must first say that the law wants it."))
    require_second_person(actor, row.escheat_asked_by_id, _("Who asked for it cannot also do it."))
    if not reference.strip():
        raise RoyaltiesRefused(_("Give the authority’s reference."))
    row.status, row.ended_by, row.ended_at, row.reference = Status.ESCHEAT, actor, clock(now), within(reference, 80)
    row.save(update_fields=["status", "ended_by", "ended_at", "reference"])
    event = record_event(actor=actor, verb="royalties.escheated", about=row.payee, payload={"case": row.pk})
    words = _("Money that was set aside in your name was given to the state, under the reference %(reference)s")
    _tell(row, event, words % {"reference": row.reference})
    bookings.unclaimed_moved(row, "escheat", row.ended_at.date())
    return row


def _sleeping(moment: dt.datetime) -> list[tuple[Payee, str]]:
    """Balances that will have slept for all the months by the time a warning is over."""
    since = moment + policy.UNCLAIMED_NOTICE - dt.timedelta(days=settings.UNCLAIMED_MONTHS * 365 // 12)
    balances = Balance.objects.filter(
        account__code__startswith="payable:", balance_minor__lt=0, last_entry__effective_on__lt=since.date()
    ).values_list("account__code", "account__currency")
    codes = {(code.split(":", 1)[1].rsplit(":", 1)[0], currency) for code, currency in balances}
    payees = {payee.code: payee for payee in Payee.objects.filter(code__in=[code for code, _currency in codes])}
    waiting = standing.waits_for_others([payee.pk for payee in payees.values()], moment)
    open_cases = set(UnclaimedCase.objects.filter(status=Status.WARNED).values_list("payee", "currency"))
    return [
        (payees[code], currency)
        for code, currency in sorted(codes)
        if code in payees
        and payees[code].pk not in waiting
        and (payees[code].pk, currency) not in open_cases
        and last_sign(payees[code]) < since
    ]


def last_sign(payee: Payee) -> dt.datetime:
    """When the person was last heard of, by any account of theirs; the first row's beginning where never."""
    theirs = people.accounts_of_payees([payee.pk]).keys()
    seen = Payee.objects.filter(pk__in=theirs).values_list("created_at", "artist__last_login", "artist__closed_at")
    signs: list[dt.datetime | None] = [moment for row in seen for moment in row]
    signs += Destination.objects.filter(payee__in=theirs).values_list("created_at", flat=True)
    signs += TaxForm.objects.filter(payee__in=theirs).values_list("signed_at", flat=True)
    settled = Payout.objects.filter(payee__in=theirs, status=Payout.Status.SETTLED)
    signs += settled.values_list("settled_at", flat=True)
    return max(moment for moment in signs if moment is not None)


@transaction.atomic
def _warn(payee: Payee, currency: str, moment: dt.datetime) -> bool:
    case = UnclaimedCase.objects.create(
        payee=payee, currency=currency, warned_at=moment, due_on=(moment + policy.UNCLAIMED_NOTICE).date()
    )
    event = record_event(actor=None, verb="royalties.unclaimed_warned", about=payee, payload={"case": case.pk})
    words = _("Money of yours waits: say before %(day)s where it should go") % {"day": case.due_on.isoformat()}
    _tell(case, event, words)
    return True


@transaction.atomic
def _end_warning(case: UnclaimedCase, moment: dt.datetime) -> bool:
    """Set aside what is still there, unless somebody or something has moved since the warning."""
    row = _locked(case)
    if row.status != Status.WARNED:
        return False
    # A hold or a batch that is just being submitted takes the same lock.
    Payee.objects.select_for_update(no_key=True).get(pk=row.payee_id)
    owed = {money.currency: money.amount_minor for money in bookings.owed_to(row.payee)}.get(row.currency, 0)
    waits = row.payee_id in standing.waits_for_others([row.payee_id], moment)
    if not waits and row.due_on > moment.date():
        return False
    if not owed or waits or last_sign(row.payee) > row.warned_at or _has_moved(row):
        row.status, row.ended_at = Status.ANSWERED, moment
        row.save(update_fields=["status", "ended_at"])
        record_event(actor=None, verb="royalties.unclaimed_warning_ended", about=row.payee, payload={"case": row.pk})
        return False
    row.status, row.amount_minor, row.set_aside_at = Status.UNCLAIMED, owed, moment
    row.save(update_fields=["status", "amount_minor", "set_aside_at"])
    event = record_event(actor=None, verb="royalties.set_aside", about=row.payee, payload={"case": row.pk})
    _tell(row, event, _("Money of yours is set aside in your name; claim it at any time"))
    bookings.unclaimed_moved(row, "aside", moment.date())
    return True


def _has_moved(case: UnclaimedCase) -> bool:
    """Whether anything was booked on the balance since the warning: the clock of what slept runs from there again.

    By the day an entry takes effect, as whoever sleeps is found. All of the day of the warning counts for the payee.
    """
    last = Balance.objects.filter(account__code=accounts.payable(case.payee.code, case.currency))
    return last.filter(last_entry__effective_on__gte=case.warned_at.date()).exists()


def _tell(case: UnclaimedCase, event: Event, words: str) -> None:
    if case.payee.artist is not None:
        notify(event=event, recipients=[case.payee.artist], text=words, url=reverse("royalties:earnings"))
        owe_mail(OutboxMail.Kind.UNCLAIMED, case.pk)


def _locked(case: UnclaimedCase) -> UnclaimedCase:
    return UnclaimedCase.objects.select_for_update(of=("self",)).select_related("payee__artist").get(pk=case.pk)


def _require(case: UnclaimedCase, status: str) -> None:
    if case.status != status:
        raise WrongState(_("This money is “%(status)s”.") % {"status": case.get_status_display()})
