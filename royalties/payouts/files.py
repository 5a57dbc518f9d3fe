"""From payouts to the file that their provider takes: which method, which writer, which name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from royalties import sealing
from royalties.models import Batch, Destination, Payout
from royalties.payouts import paypal, sepa
from royalties.payouts.account import AccountRefused, BankAccount, checked

Address = TypeVar("Address")
LARGEST = min(paypal.LARGEST, sepa.LARGEST)


def make_file(batch: Batch, payouts: Sequence[Payout], made_at: dt.datetime) -> bytes:
    """The provider's file; FileRefused names the row and the reason. Addresses are opened here and nowhere else."""
    note = _("Your share of our productions")
    if batch.method == Destination.Method.SEPA:
        transfers = [
            sepa.Transfer(_opened(sealing.account_of, payout), payout.paid, payout.code, note) for payout in payouts
        ]
        return sepa.transfer_file(transfers, debtor=own_account(), batch=batch.code, made_at=made_at)
    payments = [
        paypal.Payment(_opened(sealing.address_of, payout), payout.paid, payout.code, note) for payout in payouts
    ]
    return paypal.payment_file(payments)


def _opened(unseal: Callable[[Destination], Address], payout: Payout) -> Address:
    """Where a payout goes, or FileRefused with its code where nobody can read that, or it is not what was given."""
    try:
        return unseal(payout.destination)
    except sealing.NotAsGiven as problem:
        words = _(
            "The address of payout %(code)s is not the one that payee %(payee)s gave: somebody has put another in its "
            "place. Hold the money of payee %(payee)s and submit again; then the others are paid."
        )
        raise paypal.FileRefused(words % {"code": payout.code, "payee": payout.payee.code}) from problem
    except (ValueError, TypeError) as problem:
        words = _(
            "The address of payout %(code)s cannot be opened: it was sealed with another key, or damaged. "
            "Hold the money of payee %(payee)s and submit again; then the others are paid."
        )
        raise paypal.FileRefused(words % {"code": payout.code, "payee": payout.payee.code}) from problem


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
