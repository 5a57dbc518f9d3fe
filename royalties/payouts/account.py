"""A bank account in the euro payments area: holder, IBAN, BIC and where the holder lives.

Numbers are checked by python-stdnum. The address is structured (town and country at least),
since unstructured ones are no longer taken by banks. Pure: no Django here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from stdnum import bic, iban
from stdnum.exceptions import ValidationError
from text_unidecode import unidecode

# Where a credit transfer in euros can go: the countries of the scheme.
SEPA_COUNTRIES = frozenset(
    (
        *("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI"),
        *("GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL"),
        *("NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA"),
    )
)
LONGEST_NAME = 70
LONGEST_TOWN = 35
ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


class AccountRefused(ValueError):
    """An account that a bank would not take: the field to look at, and what is wrong by a code."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """What stands in a transfer; `country` is where the holder lives."""

    holder: str
    iban: str
    bic: str
    town: str
    country: str
    street: str = ""
    number: str = ""
    postcode: str = ""

    def sealed_text(self) -> str:
        """What is sealed in the database."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def parse(cls, text: str) -> BankAccount:
        return cls(**json.loads(text))

    @property
    def masked(self) -> str:
        """Enough to know it again: "DE… 3000"."""
        return f"{self.iban[:2]}… {self.iban[-4:]}"


def plain(text: str, longest: int) -> str:
    """The letters that every bank of the scheme can carry; others become their nearest, or a space."""
    spelled = unidecode(text)
    return " ".join("".join(sign if sign in ALLOWED else " " for sign in spelled).split())[:longest].strip()


def checked(account: BankAccount) -> BankAccount:
    """The account with compact numbers, or AccountRefused with the field and the reason."""
    number = _iban(account.iban)
    code = _bic(account.bic)
    if code and code[4:6] != number[:2]:
        raise AccountRefused("bic", "other_country")
    if account.country not in SEPA_COUNTRIES:
        raise AccountRefused("country", "unreachable")
    result = BankAccount(
        holder=" ".join(account.holder.split()),
        iban=number,
        bic=code,
        town=" ".join(account.town.split()),
        country=account.country,
        street=" ".join(account.street.split()),
        number=" ".join(account.number.split()),
        postcode=" ".join(account.postcode.split()),
    )
    for field, longest in (("holder", LONGEST_NAME), ("town", LONGEST_TOWN)):
        value = getattr(result, field)
        if not plain(value, longest):
            raise AccountRefused(field, "unreadable")
        if value.startswith(("=", "+", "-", "@")):
            raise AccountRefused(field, "formula")
    return result


def _iban(text: str) -> str:
    try:
        number: str = iban.validate(text)
    except ValidationError as problem:
        raise AccountRefused("iban", "invalid") from problem
    if number[:2] not in SEPA_COUNTRIES:
        raise AccountRefused("iban", "unreachable")
    return number


def _bic(text: str) -> str:
    if not text.strip():
        return ""
    try:
        code: str = bic.validate(text)
    except ValidationError as problem:
        raise AccountRefused("bic", "invalid") from problem
    return code
