"""The file of PayPal's mass payments: CSV without a header, one currency, at most 5,000 rows.

Columns: recipient, amount, currency, customer id (at most 30 characters, no spaces; our item
code), note (at most 400), wallet. PayPal pays in its own list of currencies, some of them in whole units only. A machine reads it, so a value that a spreadsheet would take
for a formula is refused, never escaped. Pure but for the words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from royalties.money import Money, exponent

# developer.paypal.com, “Currency codes”; what it pays within China and Russia alone is left out.
CURRENCIES = frozenset(
    [
        "AUD",
        "BRL",
        "CAD",
        "CHF",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "ILS",
        "JPY",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PHP",
        "PLN",
        "SEK",
        "SGD",
        "THB",
        "TWD",
        "USD",
    ]
)
# These have minor units in ISO 4217, and PayPal refuses an amount that has any.
WHOLE_ONLY = frozenset({"HUF", "TWD"})
LARGEST = 5_000
LONGEST_ID = 30
LONGEST_NOTE = 400
WALLET = "PAYPAL"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class FileRefused(ValueError):
    """These payments cannot be written into a file for PayPal."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One row: to whom, how much, our code, and a few words."""

    recipient: str
    amount: Money
    code: str
    note: str


def least_minor(currency: str) -> int:
    """What an amount must be a multiple of, in minor units."""
    return int(10 ** exponent(currency)) if currency in WHOLE_ONLY else 1


def payment_file(payments: Sequence[Payment]) -> bytes:
    """The bytes to hand to PayPal, or FileRefused with the row and the reason."""
    if not payments:
        raise FileRefused(_("There is nobody to pay."))
    if len(payments) > LARGEST:
        raise FileRefused(
            _("A file holds at most %(most)d payments, not %(count)d.") % {"most": LARGEST, "count": len(payments)}
        )
    if len({payment.amount.currency for payment in payments}) > 1:
        raise FileRefused(_("A file holds one currency only."))
    if len({payment.code for payment in payments}) < len(payments):
        raise FileRefused(_("Two payments have the same code."))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for number, payment in enumerate(payments, start=1):
        writer.writerow(_row(number, payment))
    return out.getvalue().encode("utf-8")


def refused(number: int, why: str) -> FileRefused:
    """The refusal of one row, counted from 1."""
    return FileRefused(_("Row %(number)d: %(why)s.") % {"number": number, "why": why})


def _row(number: int, payment: Payment) -> tuple[str, ...]:
    row = (
        payment.recipient,
        _written(payment.amount),
        payment.amount.currency,
        payment.code,
        payment.note,
        WALLET,
    )
    if payment.amount.currency not in CURRENCIES:
        raise refused(number, _("PayPal does not pay in %(currency)s") % {"currency": payment.amount.currency})
    if payment.amount.amount_minor % least_minor(payment.amount.currency):
        words = _("PayPal pays %(currency)s in whole units only")
        raise refused(number, words % {"currency": payment.amount.currency})
    if payment.amount.amount_minor <= 0:
        raise refused(number, _("the amount is not above zero"))
    if not payment.code or len(payment.code) > LONGEST_ID or any(sign.isspace() for sign in payment.code):
        raise refused(number, _("the code needs 1 to %(most)d characters without spaces") % {"most": LONGEST_ID})
    if len(payment.note) > LONGEST_NOTE:
        raise refused(number, _("the note is longer than %(most)d characters") % {"most": LONGEST_NOTE})
    if payment.recipient.count("@") != 1:
        raise refused(number, _("the recipient is no e-mail address"))
    for value in row:
        if value.startswith(FORMULA_SIGNS):
            raise refused(number, _("“%(sign)s” begins a formula; such values are refused") % {"sign": value[:1]})
        if any(ord(sign) < 32 for sign in value):
            raise refused(number, _("a value holds a line break or control sign"))
    return row


def _written(amount: Money) -> str:
    """As PayPal takes it: without decimals where it knows none."""
    return str(amount.amount_minor // least_minor(amount.currency)) if amount.currency in WHOLE_ONLY else amount.plain()
