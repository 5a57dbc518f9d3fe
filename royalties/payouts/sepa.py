"""The file of bank transfers in euros: ISO 20022 pain.001.001.09, one batch a file.

Built by sepaxml; message, payment and end-to-end ids are then set to ours, so that the same
batch always gives the same bytes and the bank's report names our payouts. Nothing is handed
out that does not validate against the schema which that package ships. Pure but for the words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET  # only to change and write what we have just made

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml

from royalties.money import Money
from royalties.payouts.account import LONGEST_NAME, LONGEST_TOWN, BankAccount, plain
from royalties.payouts.paypal import FileRefused, refused

SCHEMA = "pain.001.001.09"
SPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"
LARGEST = 5_000
LARGEST_AMOUNT = 999_999_999_99
LONGEST_ID = 35
LONGEST_NOTE = 140


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: to which account, how much, our code, and a few words."""

    account: BankAccount
    amount: Money
    code: str
    note: str


def transfer_file(transfers: Sequence[Transfer], *, debtor: BankAccount, batch: str, made_at: dt.datetime) -> bytes:
    """The bytes to hand to the bank, or FileRefused with the row and the reason."""
    _check(transfers)
    config = {
        "name": plain(debtor.holder, LONGEST_NAME),
        "IBAN": debtor.iban,
        "batch": True,
        "currency": "EUR",
        "address": {"country": debtor.country, "town": plain(debtor.town, LONGEST_TOWN)},
    }
    if debtor.bic:
        config["BIC"] = debtor.bic
    document = SepaTransfer(config, schema=SCHEMA, clean=True)
    for transfer in transfers:
        document.add_payment(_payment(transfer, made_at.date()))
    content = _with_own_ids(document.export(validate=False), batch, made_at)
    try:
        try_valid_xml(content, SCHEMA)
    except ValidationError as problem:
        words = _("The file does not validate against %(schema)s: %(why)s")
        raise FileRefused(words % {"schema": SCHEMA, "why": problem.__cause__}) from problem
    return content


def _check(transfers: Sequence[Transfer]) -> None:
    if not transfers:
        raise FileRefused(_("There is nobody to pay."))
    if len(transfers) > LARGEST:
        raise FileRefused(
            _("A file holds at most %(most)d payments, not %(count)d.") % {"most": LARGEST, "count": len(transfers)}
        )
    if len({transfer.code for transfer in transfers}) < len(transfers):
        raise FileRefused(_("Two payments have the same code."))
    for number, transfer in enumerate(transfers, start=1):
        if transfer.amount.currency != "EUR":
            words = _("bank transfers are in euros only, not %(currency)s")
            raise refused(number, transfer.code, words % {"currency": transfer.amount.currency})
        if not 0 < transfer.amount.amount_minor <= LARGEST_AMOUNT:
            raise refused(number, transfer.code, _("the amount must be above zero and below a thousand million"))
        if not transfer.code or len(transfer.code) > LONGEST_ID or not transfer.code.isalnum():
            raise refused(
                number, transfer.code, _("the code needs 1 to %(most)d letters and digits") % {"most": LONGEST_ID}
            )


def _payment(transfer: Transfer, day: dt.date) -> dict[str, Any]:
    account = transfer.account
    address = {
        "street_name": plain(account.street, 70),
        "building_number": plain(account.number, 16),
        "postcode": plain(account.postcode, 16),
        "town": plain(account.town, LONGEST_TOWN),
        "country": account.country,
    }
    payment: dict[str, Any] = {
        "name": plain(account.holder, LONGEST_NAME),
        "IBAN": account.iban,
        "amount": transfer.amount.amount_minor,
        "execution_date": day,
        "description": plain(transfer.note, LONGEST_NOTE),
        "endtoend_id": transfer.code,
        "address": {name: value for name, value in address.items() if value},
    }
    if account.bic:
        payment["BIC"] = account.bic
    return payment


def _with_own_ids(content: bytes, batch: str, made_at: dt.datetime) -> bytes:
    """Chance and clock of the library out, our own ids in."""
    root = fromstring(content)
    for tag, value in (
        ("MsgId", f"payouts-{batch}"),
        ("PmtInfId", f"payouts-{batch}-1"),
        ("CreDtTm", made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
    ):
        for node in root.iter(f"{SPACE}{tag}"):
            node.text = value
    ET.register_namespace("", SPACE[1:-1])
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
