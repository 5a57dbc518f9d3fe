"""Artists who can be paid: a confirmed destination and a signed tax form, and the provider's word afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from royalties import actions, ledger
from royalties.models import Destination, Import, Payout
from royalties.payouts.account import BankAccount
from royalties.postings import Line
from royalties.sealing import destination_code, keys

SEPA_ACCOUNT = ["Open Production Company", "DE89370400440532013000", "COBADEFFXXX", "Köln", "DE"]
#: How the keys begin of what is owed without a statement.
OWED = "st:owed-"
HEADER = "Customer ID,Transaction ID,Transaction Status,Amount,Currency,Fee,Reason\n"


def confirmed(artist: Any, address: str = "", **facts: Any) -> Destination:
    """A PayPal address, with the code that was mailed to it."""
    address = address or f"{artist.handle}@pay.example"
    destination = actions.set_destination(actor=artist, address=address, **facts)
    return actions.confirm_destination(actor=artist, code=destination_code(destination), **facts)


def signed(artist: Any, country: str = "DE", **facts: Any) -> Any:
    """A tax form with a number of the artist's own."""
    return actions.sign_tax_form(
        actor=artist, country=country, tax_id=f"86095742{artist.pk:03d}", signed_name=artist.display_name, **facts
    )


def ready(artist: Any, address: str = "") -> Destination:
    """Everything it takes to be paid."""
    signed(artist)
    return confirmed(artist, address)


def bank_account(**changes: Any) -> BankAccount:
    usual = {
        "holder": "Zoë Ångström",
        "iban": "NL91 ABNA 0417 1643 00",
        "bic": "ABNANL2A",
        "town": "Utrecht",
        "country": "NL",
        "street": "Oudegracht",
        "number": "12",
        "postcode": "3511 AB",
    }
    return BankAccount(**(usual | changes))


def report(*rows: str) -> bytes:
    """A provider's CSV of rows such as "po1,PP-1,Completed,25.00,USD,0.25,"."""
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def news(payout: Payout, status: str, reference: str, **changes: Any) -> str:
    """One row about a payout, as the provider writes it."""
    usual = {
        "item": payout.code,
        "reference": reference,
        "status": status,
        "amount": payout.paid.plain(),
        "currency": payout.paid.currency,
        "fee": "",
        "reason": "",
    }
    return ",".join((usual | changes).values())


def with_bank_account(artist: Any, iban: str = "", **facts: Any) -> Destination:
    """A bank account alone, and a tax form: everything it takes to be paid in euros."""
    signed(artist, **facts)
    account = bank_account(iban=iban, bic="", country=iban[:2]) if iban else bank_account()
    destination = actions.set_destination(actor=artist, account=account, **facts)
    return actions.confirm_destination(actor=artist, code=destination_code(destination), **facts)


def rate_of(actor: Any, day: dt.date, per_euro: str = "1.1000") -> Import:
    """What a euro costs in dollars on a day, as the central bank publishes it."""
    content = f"Date,USD,\n{day},{per_euro},\n".encode()
    return actions.import_csv(actor=actor, kind="rates", name=f"rates-{day}.csv", content=content)


def but_for_owed(breaches: Iterable[str]) -> list[str]:
    """What check_ledger says, without that nobody asked for what `owe` has posted."""
    return [breach for breach in breaches if f" is there as {OWED}" not in breach]


def owe(artist: Any, minor: int, currency: str, key: str = "") -> None:
    """Money of another currency, as a statement would book it; but no statement is there, as `but_for_owed` knows."""
    ledger.post_entry(
        kind="statement_allocation",
        key=f"{OWED}{key or artist.pk}{currency}:alloc",
        effective_on=dt.date(2026, 10, 1),
        source={},
        lines=[
            Line(f"expense:pr9:artist_share:{currency}", minor),
            Line(f"payable:{artist.payee.code}:{currency}", -minor),
        ],
    )


@contextmanager
def with_a_key_that_gets_lost(settings: Any) -> Iterator[None]:
    """What is sealed meanwhile nobody can open afterwards; fingerprints are made as ever."""
    before = settings.PAYOUT_KEYS
    settings.PAYOUT_KEYS = ["lost", *keys()]
    yield
    settings.PAYOUT_KEYS = before
