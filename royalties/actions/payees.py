"""Payees, their destinations, and whether two of them are one person: the only writers of these.

A payee's destination is changed by the payee alone; no power of staff reaches it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import record_event
from profiles.models import Artist, Event
from profiles.models.event import topic_of
from royalties import people, policy, sealing
from royalties.actions.guards import clock, require_power, within
from royalties.actions.outbox import owe_mail
from royalties.actions.turns import one_likeness_at_a_time
from royalties.exceptions import (
    ConflictOfInterest,
    DestinationRefused,
    NotAllowed,
    RoyaltiesRefused,
    WrongState,
)
from royalties.models import Destination, MatchVerdict, OutboxMail, Payee, PayeeMatch, Waiver
from royalties.payouts.account import AccountRefused, BankAccount, checked
from royalties.payouts.paypal import why_no_recipient

CODE_ASKED = "royalties.destination_code_asked"


def payees_for(artists: Iterable[Artist]) -> dict[int, Payee]:
    """Each artist's payee, made where there is none yet; keys are the artists' primary keys."""
    wanted = {artist.pk for artist in artists}
    known = set(Payee.objects.filter(artist__in=wanted).values_list("artist_id", flat=True))
    Payee.objects.bulk_create([Payee(artist_id=pk) for pk in sorted(wanted - known)], ignore_conflicts=True)
    return Payee.objects.of_artists(wanted)


@transaction.atomic
def set_destination(
    *,
    actor: Artist,
    address: str = "",
    account: BankAccount | None = None,
    country: str = "",
    now: dt.datetime | None = None,
) -> Destination:
    """The artist names where their money goes: a PayPal address, or a bank account; a mailed code confirms it.

    A change, or a second way beside the first, holds payouts there for 72 hours and is told to the account, and to the
    old address if that was ever confirmed. The same one again has its code mailed again, until it is confirmed.
    Raises DestinationRefused, naming the field, for what no provider would take, and for codes without end.
    """
    moment = clock(now)
    method = Destination.Method.PAYPAL if account is None else Destination.Method.SEPA
    sealed, key = _paypal(address) if account is None else _bank(account)
    payee = payees_for([actor])[actor.pk]
    Payee.objects.select_for_update(no_key=True).get(pk=payee.pk)
    before = payee.destinations.filter(replaced_at=None).order_by("-pk")
    old = before.filter(method=method).first()
    field = "address" if account is None else "iban"
    if old is not None and old.fingerprint == key and _is_sealed_in(old, sealed):
        if old.verified_at is None:
            _mail_code(old, field, moment)  # it may have been lost
        return old
    told = old or before.first()
    if old is not None:
        old.replaced_at = moment
        old.save(update_fields=["replaced_at"])
    is_change = payee.destinations.exists()
    destination = Destination.objects.create(
        payee=payee,
        method=method,
        country=country or (account.country if account else ""),
        address_encrypted=sealing.seal(sealed.encode()),
        fingerprint=key,
        created_at=moment,
        held_until=moment + policy.DESTINATION_HOLD if is_change else moment,
    )
    payload = {"destination": destination.pk, "method": method}
    record_event(actor=actor, verb="royalties.destination_set", about=payee, payload=payload)
    _mail_code(destination, field, moment)
    if told is not None:
        _warn(actor, OutboxMail.Kind.DESTINATION_REPLACED, told)
    return destination


@transaction.atomic
def confirm_destination(*, actor: Artist, code: str, now: dt.datetime | None = None) -> Destination:
    """The artist gives the code that was mailed; from then on that destination may be paid.

    Who shares it with another payee, confirmed as well, waits until staff have looked: what is only typed shows nothing.
    """
    one_likeness_at_a_time()
    rows = Destination.objects.select_for_update(of=("self",)).filter(payee__artist=actor, replaced_at=None)
    destination = next((row for row in rows.select_related("payee") if sealing.code_matches(row, code)), None)
    if destination is None:
        raise DestinationRefused(_("That code is not the one we sent to this address."))
    if destination.verified_at is None:
        destination.verified_at = clock(now)
        destination.save(update_fields=["verified_at"])
        record_event(
            actor=actor,
            verb="royalties.destination_confirmed",
            about=destination.payee,
            payload={"destination": destination.pk},
        )
        same = Destination.objects.filter(fingerprint=destination.fingerprint, replaced_at=None)
        others = same.exclude(verified_at=None).values_list("payee", flat=True)
        note_matches(payee=destination.payee, others=others, ground=PayeeMatch.Ground.DESTINATION)
    return destination


@transaction.atomic
def remove_destination(*, actor: Artist, destination: Destination, now: dt.datetime | None = None) -> Destination:
    """The artist no longer wants money there. It is not used from now on; what was sent there already stays sent.

    Where it was confirmed, money goes elsewhere from now on: that is a change, so the other way in force waits for
    72 hours, and the removed address is told. One that is out of force already is given back as it is.
    Raises NotAllowed for somebody else's.
    """
    if destination.payee.artist_id != actor.pk:
        raise NotAllowed(_("Only the payee says where the money goes."))
    moment = clock(now)
    payee = Payee.objects.select_for_update(no_key=True).get(pk=destination.payee_id)
    destination.refresh_from_db()
    if destination.replaced_at is not None:
        return destination
    destination.replaced_at = moment
    destination.save(update_fields=["replaced_at"])
    record_event(
        actor=actor, verb="royalties.destination_removed", about=payee, payload={"destination": destination.pk}
    )
    if destination.verified_at is not None:
        until = moment + policy.DESTINATION_HOLD
        payee.destinations.current().filter(held_until__lt=until).update(held_until=until)
        _warn(actor, OutboxMail.Kind.DESTINATION_REMOVED, destination)
    return destination


def note_matches(*, payee: Payee, others: Iterable[int], ground: str) -> None:
    """Keep who shares something with the payee; staff see it, and nobody of them is paid before a verdict.

    Only for actions that have just stored what is shared, one at a time, within their transaction.
    """
    for other in sorted({*others} - {payee.pk}):
        low, high = sorted((payee.pk, other))
        match, is_new = PayeeMatch.objects.get_or_create(first_id=low, second_id=high, ground=ground)
        if is_new:
            record_event(actor=None, verb="royalties.payees_match", about=match, payload={"ground": ground})


@transaction.atomic
def decide_match(
    *, actor: Artist, match: PayeeMatch, outcome: str, reason: str, now: dt.datetime | None = None
) -> MatchVerdict:
    """Staff say whether two payees are one person or two, and why; a later verdict may say otherwise.

    One person has one threshold and one line in the list of the year. Refused to the two themselves.
    """
    require_power(actor, "finance", "approver")
    if outcome not in MatchVerdict.Outcome.values:
        raise RoyaltiesRefused(_("Say whether they are one person or two."))
    if not reason.strip():
        raise RoyaltiesRefused(_("Give a reason; it is kept with the verdict."))
    if people.accounts_of([actor.pk]) & {match.first.artist_id, match.second.artist_id}:
        raise ConflictOfInterest(_("It is about you, so somebody else must decide this."))
    verdict = MatchVerdict.objects.create(
        match=match, outcome=outcome, reason=within(reason, 300), decided_by=actor, decided_at=clock(now)
    )
    record_event(actor=actor, verb="royalties.match_decided", about=match, payload={"outcome": outcome})
    return verdict


@transaction.atomic
def waive_share(*, actor: Artist, contribution: Contribution) -> Waiver:
    """An artist gives up what their part of a work earns in statements drafted from now on; twice changes nothing.

    What is drafted already, its revisions and its corrections stay as they are. Raises NotAllowed without a part in it,
    WrongState for a work that was never public.
    """
    if contribution.published_seq is None:
        raise WrongState(_("It is not published yet, so it earns nothing."))
    holds = contribution.artist_id == actor.pk or contribution.shares.filter(artist=actor).exists()
    if not holds:
        raise NotAllowed(_("Only somebody with a part in a work can waive it."))
    waiver, is_new = Waiver.objects.get_or_create(contribution=contribution, artist=actor)
    if is_new:
        record_event(actor=actor, verb="royalties.share_waived", about=contribution)
    return waiver


def _is_sealed_in(destination: Destination, sealed: str) -> bool:
    """Whether it is this very address; one that nobody can read any more is not."""
    try:
        return sealing.address_of(destination) == sealed
    except sealing.Unreadable:
        return False


def _paypal(address: str) -> tuple[str, str]:
    """What is sealed, and its fingerprint."""
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise DestinationRefused(_("Enter the e-mail address of your PayPal account."), "address") from problem
    # The file for the provider refuses such values and everybody else in it, so they must never get that far.
    if why := why_no_recipient(address):
        raise DestinationRefused(_("PayPal files cannot carry this address: %(why)s.") % {"why": why}, "address")
    return address, sealing.fingerprint(address)


def _bank(account: BankAccount) -> tuple[str, str]:
    """What is sealed, and the fingerprint of the IBAN alone: one account is one destination whatever its spelling."""
    if not settings.SEPA_ACCOUNT:
        raise DestinationRefused(_("This site does not pay by bank transfer."), "iban")
    try:
        account = checked(account)
    except AccountRefused as problem:
        raise DestinationRefused(_account_words(problem), problem.field) from problem
    return account.sealed_text(), sealing.fingerprint(account.iban)


def _account_words(problem: AccountRefused) -> str:
    """What is wrong, in words for the artist."""
    known = {
        ("iban", "invalid"): _("That is no IBAN; compare it with your bank’s letter."),
        ("iban", "unreachable"): _("Transfers in euros do not reach an account in that country."),
        ("bic", "invalid"): _("That is no BIC; it has 8 or 11 letters and digits, such as COBADEFFXXX."),
        ("bic", "other_country"): _("The BIC and the IBAN name different countries."),
        ("country", "unreachable"): _("Transfers in euros do not reach this country; choose PayPal."),
    }
    usual = _("Write this in letters that a bank can carry; it may not begin with =, +, - or @.")
    return known.get((problem.field, problem.code), usual)


def _mail_code(destination: Destination, field: str, moment: dt.datetime) -> None:
    """Owe the code; part of naming the destination, whose address may be a stranger's until it is confirmed."""
    payee = destination.payee
    unconfirmed = list(payee.destinations.filter(verified_at=None).values_list("pk", flat=True))
    day = (moment - dt.timedelta(days=1), moment)
    asked = Event.objects.filter(
        topic=topic_of(payee), verb=CODE_ASKED, at__range=day, payload__destination__in=unconfirmed
    )
    if asked.filter(payload__destination=destination.pk, at__gt=moment - policy.DESTINATION_CODE_AGAIN).exists():
        raise DestinationRefused(
            _("A code went there less than an hour ago. Look for it in your mail, or ask again later."), field
        )
    if asked.count() >= policy.DESTINATION_CODES_A_DAY:
        words = _("Within a day %(count)d codes went to addresses that were not confirmed. Please wait until tomorrow.")
        raise DestinationRefused(words % {"count": policy.DESTINATION_CODES_A_DAY}, field)
    record_event(actor=payee.artist, verb=CODE_ASKED, about=payee, payload={"destination": destination.pk})
    owe_mail(OutboxMail.Kind.DESTINATION_CODE, destination.pk)


def _warn(actor: Artist, kind: str, destination: Destination) -> None:
    """Owe the account and the way itself a mail each."""
    owe_mail(kind, destination.pk, recipient=actor)
    owe_mail(kind, destination.pk)
