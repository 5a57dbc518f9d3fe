"""Sealing what must not be readable in the database: payout addresses and the files made of them.

Keys come from `settings.PAYOUT_KEYS`: the first seals, every one opens, so that keys can be
changed without downtime. The last makes fingerprints, so that the same address always has the same.
Each is stretched to what Fernet wants by HKDF.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from royalties.payouts.account import BankAccount

if TYPE_CHECKING:
    from royalties.models import Destination, TaxForm

CODE_LETTERS = 8


class Unreadable(ValueError):
    """What was sealed cannot be opened: it was sealed with another key, or damaged."""


class NotAsGiven(Unreadable):
    """It opens, and is something else than what was given: its fingerprint is another."""


def keys() -> tuple[str, ...]:
    """The secrets of this site, newest first."""
    given: tuple[str, ...] = tuple(settings.PAYOUT_KEYS)
    return given or (settings.SECRET_KEY, *(str(key) for key in settings.SECRET_KEY_FALLBACKS))


def seal(data: bytes) -> bytes:
    """Encrypt and sign."""
    return _box(keys()).encrypt(data)


def open_sealed(data: bytes) -> bytes:
    """Give back what was sealed; raises Unreadable for anything else."""
    try:
        return _box(keys()).decrypt(bytes(data))
    except InvalidToken as problem:
        raise Unreadable("sealed with another key, or damaged") from problem


def fingerprint(address: str) -> str:
    """The same for the same address, and no use to somebody without the key."""
    return _keyed("fingerprint", address).hexdigest()


def has_fingerprint(address: str, given: str) -> bool:
    """Whether a fingerprint is that of this address, by whichever of our keys it was made."""
    return any(
        hmac.compare_digest(_keyed("fingerprint", address, key).hexdigest().encode(), given.encode()) for key in keys()
    )


def destination_code(destination: Destination) -> str:
    """Eight letters and digits that only the owner of the address learns, by mail."""
    digest = _keyed("code", f"{destination.pk}:{destination.fingerprint}").digest()
    return base64.b32encode(digest)[:CODE_LETTERS].decode().lower()


def code_matches(destination: Destination, code: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(destination_code(destination).encode(), code.strip().lower().encode())


def address_of(destination: Destination) -> str:
    """The address in clear, for the payout file and for its owner; Unreadable, or NotAsGiven by its fingerprint.

    What is sealed says nothing of whose it is, so that of one row would open in another one as well.
    """
    address = open_sealed(bytes(destination.address_encrypted)).decode()
    try:
        named = BankAccount.parse(address).iban if destination.method == "sepa" else address
    except (ValueError, TypeError) as problem:
        raise NotAsGiven("sealed is no bank account") from problem
    if not has_fingerprint(named, destination.fingerprint):
        raise NotAsGiven("sealed is another address")
    return address


def account_of(destination: Destination) -> BankAccount:
    """The bank account in clear, for the payout file and for its owner."""
    return BankAccount.parse(address_of(destination))


def tax_words(country: str, number: str) -> str:
    """What the fingerprint of a tax number is made of: the same digits of two countries are two numbers."""
    return f"tax:{country}:{number}"


def tax_number_of(form: TaxForm) -> str:
    """The tax number in clear; Unreadable, or NotAsGiven by its fingerprint."""
    number = open_sealed(bytes(form.tax_id_encrypted)).decode()
    if not has_fingerprint(tax_words(form.country, number), form.fingerprint):
        raise NotAsGiven("sealed is another number")
    return number


def mail_address_of(destination: Destination) -> str:
    """Who must prove that the destination is theirs: the PayPal address itself, or the account's e-mail address."""
    if destination.method == "paypal":
        return address_of(destination)
    artist = destination.payee.artist
    return artist.email if artist else ""


def shown_address(destination: Destination) -> str:
    """Enough for the owner to know it again: "m…@example.org", "DE… 3000"; nothing of one that is forgotten.

    Of one whose key is lost, words that say so.
    """
    if not destination.address_encrypted:
        return ""
    try:
        return account_of(destination).masked if destination.method == "sepa" else masked(address_of(destination))
    except Unreadable:
        return _("an address that cannot be read any more; give it again")


def masked(address: str) -> str:
    """An e-mail address that its owner knows again: "m…@example.org"."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def _keyed(purpose: str, text: str, key: str = "") -> hmac.HMAC:
    return hmac.new(_stretch(key or keys()[-1], purpose), text.encode(), hashlib.sha256)


@lru_cache(maxsize=8)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_stretch(secret, "seal"))) for secret in secrets])


@lru_cache(maxsize=32)
def _stretch(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"hitrecord payouts {purpose}".encode()).derive(
        secret.encode()
    )
