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


def refused(number: int, code: str, why: str) -> FileRefused:
    """The refusal of one row, counted from 1, by the code of its payment."""
    return FileRefused(_("Row %(number)d, payment %(code)s: %(why)s.") % {"number": number, "code": code, "why": why})


def why_no_recipient(address: str) -> str:
    """What keeps an address out of a file, in words; nothing where it can be paid. Asked at entry as well."""
    if address.count("@") != 1:
        return _("the recipient is no e-mail address")
    return _unreadable(address)


def _unreadable(value: str) -> str:
    """What a spreadsheet or the provider could misread in a value."""
    if value.startswith(FORMULA_SIGNS):
        return _("“%(sign)s” begins a formula; such values are refused") % {"sign": value[:1]}
    return _("a value holds a line break or control sign") if any(ord(sign) < 32 for sign in value) else ""


def _row(number: int, payment: Payment) -> tuple[str, ...]:
    why = _why_refused(payment)
    if why:
        raise refused(number, payment.code, why)
    return _cells(payment)


def _cells(payment: Payment) -> tuple[str, ...]:
    return (
        payment.recipient,
        _written(payment.amount),
        payment.amount.currency,
        payment.code,
        payment.note,
        WALLET,
    )


def _why_refused(payment: Payment) -> str:
    """What PayPal would not take of a payment, in words; nothing where it takes it."""
    amount = payment.amount
    if amount.currency not in CURRENCIES:
        return _("PayPal does not pay in %(currency)s") % {"currency": amount.currency}
    if amount.amount_minor % least_minor(amount.currency):
        return _("PayPal pays %(currency)s in whole units only") % {"currency": amount.currency}
    if amount.amount_minor <= 0:
        return _("the amount is not above zero")
    if not payment.code or len(payment.code) > LONGEST_ID or any(sign.isspace() for sign in payment.code):
        return _("the code needs 1 to %(most)d characters without spaces") % {"most": LONGEST_ID}
    if len(payment.note) > LONGEST_NOTE:
        return _("the note is longer than %(most)d characters") % {"most": LONGEST_NOTE}
    return why_no_recipient(payment.recipient) or next(filter(None, map(_unreadable, _cells(payment))), "")


def _written(amount: Money) -> str:
    """As PayPal takes it: without decimals where it knows none."""
    return str(amount.amount_minor // least_minor(amount.currency)) if amount.currency in WHOLE_ONLY else amount.plain()
