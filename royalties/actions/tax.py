"""Tax: forms that artists sign, rates that authorities set, and what is remitted to them.

Nothing here is ever edited: a new form or rate takes the place of the older one from its day on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.us import ein, itin, ssn

from profiles.actions import record_event
from profiles.models import Artist
from royalties import bookings, policy, sealing
from royalties.actions.guards import clock, naming, require_currency, require_power, within
from royalties.actions.payees import note_matches, payees_for
from royalties.actions.turns import one_likeness_at_a_time
from royalties.exceptions import DestinationRefused, RoyaltiesRefused, WrongState
from royalties.models import Payee, PayeeMatch, Payout, Remittance, TaxForm, Withholding, WithholdingRate

TAX_ID = re.compile(r"[A-Z0-9]{4,30}")
PERIOD = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
NEXT_DAY = dt.timedelta(days=1)


def form_kind(country: str) -> str:
    """Which form somebody of this country signs: it depends on where the company pays from."""
    if settings.PAYER_COUNTRY != "US":
        return TaxForm.Kind.DECLARATION
    return TaxForm.Kind.W9 if country == "US" else TaxForm.Kind.W8BEN


@transaction.atomic
def sign_tax_form(
    *, actor: Artist, country: str, tax_id: str, signed_name: str, now: dt.datetime | None = None
) -> TaxForm:
    """The artist declares where they pay tax and under which number, and signs it with their name.

    Form W-9 holds until it is replaced, the others to the end of the third year after their own.
    Raises DestinationRefused naming the field. Who shares the number with another payee waits
    until staff have looked.
    """
    moment = clock(now)
    if not re.fullmatch("[A-Z]{2}", country):
        raise DestinationRefused(_("Choose the country where you pay tax."), "country")
    if not signed_name.strip():
        raise DestinationRefused(_("Sign with your full name."), "signed_name")
    number = _tax_id(country, tax_id)
    one_likeness_at_a_time()
    payee = payees_for([actor])[actor.pk]
    Payee.objects.select_for_update(no_key=True).get(pk=payee.pk)
    kind, key = form_kind(country), sealing.fingerprint(sealing.tax_words(country, number))
    ends = None if kind == TaxForm.Kind.W9 else dt.date(moment.year + policy.TAX_FORM_YEARS, 12, 31)
    form = TaxForm.objects.create(
        payee=payee,
        kind=kind,
        country=country,
        tax_id_encrypted=sealing.seal(number.encode()),
        fingerprint=key,
        signed_name_encrypted=sealing.seal(signed_name.strip()[:120].encode()),
        signed_at=moment,
        valid_from=moment.date(),
        valid_to=ends,
    )
    record_event(actor=actor, verb="royalties.tax_form_signed", about=payee, payload={"form": form.pk, "kind": kind})
    others = TaxForm.objects.filter(fingerprint=key).values_list("payee", flat=True)
    note_matches(payee=payee, others=others, ground=PayeeMatch.Ground.TAX_ID)
    return form


@transaction.atomic
def enter_rate(
    *,
    actor: Artist,
    authority: str,
    country: str,
    rate_bps: int,
    valid_from: dt.date,
    note: str,
    now: dt.datetime | None = None,
) -> WithholdingRate:
    """A rate begins on a day that is not past, with a note that every payee may read; the older row ends there."""
    require_power(actor, "finance")
    moment = clock(now)
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,19}", authority):
        raise RoyaltiesRefused(_("Name the authority in small letters, such as irs."))
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise RoyaltiesRefused(_("Give the country by its two letters, or leave it empty for everybody else."))
    if not 0 <= rate_bps <= 10_000:
        raise RoyaltiesRefused(_("A rate is between 0 and 10,000 basis points."))
    if not note.strip():
        raise RoyaltiesRefused(_("Say which law or treaty this follows; payees read it."))
    if valid_from < moment.date():
        raise RoyaltiesRefused(_("A rate cannot begin in the past."))
    rate = WithholdingRate.objects.create(
        authority=authority,
        country=country,
        rate_bps=rate_bps,
        valid_from=valid_from,
        note=within(note, 300),
        entered_by=actor,
        entered_at=moment,
    )
    payload = {"authority": authority, "country": country, "rate_bps": rate_bps, "from": valid_from.isoformat()}
    record_event(actor=actor, verb="royalties.rate_entered", about=rate, payload=payload)
    return rate


@transaction.atomic
def remit_tax(
    *, actor: Artist, authority: str, period: str, currency: str, reference: str, now: dt.datetime | None = None
) -> Remittance:
    """Book the one transfer of what was kept from payouts that arrived in a period ("2026", "2026-Q3", "2026-09").

    A payout that comes back at the same moment is either remitted first, and its tax stays with the authority, or
    owed again first, and nothing of it is remitted.
    """
    require_power(actor, "finance")
    require_currency(currency)
    first, last = days_of(period)
    moment = clock(now)
    if last >= moment.date():
        raise WrongState(_("The period is not over yet."))
    if not reference.strip():
        raise RoyaltiesRefused(_("Give the bank’s reference of the transfer."))
    rows = _kept_for(authority, currency, first, last)
    if not rows:
        raise RoyaltiesRefused(_("Nothing was withheld for this authority in that period."))
    withheld: dict[str, int] = defaultdict(int)
    for row in rows:
        withheld[row.payout.payee.code] += row.amount_minor
    remittance = _remittance(actor, authority, period, currency, sum(withheld.values()), reference, moment)
    Withholding.objects.filter(pk__in=[row.pk for row in rows]).update(remittance=remittance)
    payload = {"authority": authority, "period": period, "amount_minor": remittance.amount_minor}
    record_event(actor=actor, verb="royalties.tax_remitted", about=remittance, payload=payload)
    with naming(row.payout for row in rows):
        bookings.tax_remitted(remittance, dict(withheld), moment.date())
    return remittance


def _kept_for(authority: str, currency: str, first: dt.date, last: dt.date) -> list[Withholding]:
    """What an authority has not got yet of payouts that arrived in these days; all of it locked.

    Payouts first and in their order, as whoever settles or returns them does; one that was just being returned is
    none of them any more. Their withholdings are read once none of them can move.
    """
    arrived = Payout.objects.arrived_between(first, last).filter(
        currency=currency,
        withholdings__authority=authority,
        withholdings__remittance=None,
    )
    keys = [payout.pk for payout in arrived.select_for_update(of=("self",)).order_by("pk")]
    rows = Withholding.objects.filter(payout__in=keys, authority=authority, remittance=None)
    return list(rows.select_for_update(of=("self",)).select_related("payout__payee").order_by("pk"))


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a year, quarter or month; RoyaltiesRefused for anything else."""
    found = PERIOD.fullmatch(period)
    if found is None or not 2000 <= int(found[1]) < dt.MAXYEAR:
        raise RoyaltiesRefused(_("Write the period as 2026, 2026-Q3 or 2026-09."))
    year, quarter, month = int(found[1]), found[2], found[3]
    first = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
    months = 1 if month else 3 if quarter else 12
    after = first + months
    return dt.date(year, first, 1), dt.date(year + (after > 12), (after - 1) % 12 + 1, 1) - NEXT_DAY


def _remittance(
    actor: Artist, authority: str, period: str, currency: str, amount: int, reference: str, moment: dt.datetime
) -> Remittance:
    try:
        with transaction.atomic():
            return Remittance.objects.create(
                authority=authority,
                period=period,
                currency=currency,
                amount_minor=amount,
                reference=within(reference, 80),
                made_by=actor,
                made_at=moment,
            )
    except IntegrityError as problem:
        raise WrongState(_("The tax of this period is remitted already.")) from problem


def _tax_id(country: str, text: str) -> str:
    """Compact; a number of the United States is checked by its own rules."""
    number = re.sub(r"[\s./-]", "", text).upper()
    if country == "US":
        if not any(kind.is_valid(number) for kind in (ssn, itin, ein)):
            raise DestinationRefused(_("That is no tax number of the United States (SSN, ITIN or EIN)."), "tax_id")
        return number
    if not TAX_ID.fullmatch(number):
        raise DestinationRefused(_("Give your tax number: 4 to 30 letters and digits."), "tax_id")
    return number
