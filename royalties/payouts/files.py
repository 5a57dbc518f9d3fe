"""From payouts to the file that their provider takes: which method, which writer, which name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from royalties import sealing
from royalties.models import Batch, Destination, Payout
from royalties.payouts import paypal, sepa
from royalties.payouts.account import AccountRefused, BankAccount, checked

LARGEST = min(paypal.LARGEST, sepa.LARGEST)


def make_file(batch: Batch, payouts: Sequence[Payout], made_at: dt.datetime) -> bytes:
    """The provider's file; FileRefused names the row and the reason. Addresses are opened here and nowhere else."""
    note = _("Your share of our productions")
    if batch.method == Destination.Method.SEPA:
        transfers = [
            sepa.Transfer(sealing.account_of(payout.destination), payout.paid, payout.code, note) for payout in payouts
        ]
        return sepa.transfer_file(transfers, debtor=own_account(), batch=batch.code, made_at=made_at)
    payments = [
        paypal.Payment(sealing.address_of(payout.destination), payout.paid, payout.code, note) for payout in payouts
    ]
    return paypal.payment_file(payments)


def file_name(batch: Batch) -> str:
    """What the file is called when somebody takes it."""
    return f"payouts-{batch.pk}.{'xml' if batch.method == Destination.Method.SEPA else 'csv'}"


def own_account() -> BankAccount:
    """The company's account, from `settings.SEPA_ACCOUNT`; FileRefused where there is none that a bank takes."""
    parts = list(settings.SEPA_ACCOUNT)
    if len(parts) != 5:
        raise paypal.FileRefused(_("SEPA_ACCOUNT needs our name, IBAN, BIC, town and country."))
    name, iban, bic, town, country = parts
    try:
        return checked(BankAccount(holder=name, iban=iban, bic=bic, town=town, country=country))
    except AccountRefused as problem:
        raise paypal.FileRefused(f"SEPA_ACCOUNT: {problem}") from problem
