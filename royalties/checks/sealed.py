"""Whether what is sealed is still what was given: addresses, tax numbers, and files of and for providers.

The keys come from the settings. What they do not open is told in one sentence, since nothing can be said of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from royalties import sealing
from royalties.models import Batch, Destination, PayoutReport, TaxForm

AT_ONCE = 1000
FILES_AT_ONCE = 10  # of 5 MB at most
BLANK = b""  # what is forgotten


class Sealed(NamedTuple):
    """A row by its name, what opens it or finds it wrong, and whether anything still rests on it."""

    row: str
    open: Callable[[], object]
    matters: bool = True


def validate_what_is_sealed_is_what_was_given() -> Iterator[str]:
    """An address or tax number has the fingerprint it was given with, a file its hash."""
    shut = []
    for sealed in chain(_destinations(), _tax_forms(), _reports(), _batches()):
        try:
            sealed.open()
        except sealing.NotAsGiven:
            yield f"{sealed.row} holds something else than it was given"
        except sealing.Unreadable:
            shut += [sealed.row] if sealed.matters else []
    if shut:
        yield f"no key of this site opens {', '.join(shut)}; nobody can say whether that is what was given"


def _destinations() -> Iterator[Sealed]:
    known = Destination.objects.known().select_related("payee").order_by("pk")
    for row in known.iterator(AT_ONCE):
        name = f"destination {row.pk} of payee {row.payee.code}"
        yield Sealed(name, partial(sealing.address_of, row), row.replaced_at is None)


def _tax_forms() -> Iterator[Sealed]:
    newest = dict(TaxForm.objects.order_by("pk").values_list("payee", "pk"))
    for row in TaxForm.objects.exclude(tax_id_encrypted=BLANK).order_by("pk").iterator(AT_ONCE):
        yield Sealed(f"tax form {row.pk}", partial(sealing.tax_number_of, row), newest[row.payee_id] == row.pk)


def _reports() -> Iterator[Sealed]:
    for row in PayoutReport.objects.exclude(content_encrypted=BLANK).order_by("pk").iterator(FILES_AT_ONCE):
        yield Sealed(f"report {row.pk}", partial(_require_hash, bytes(row.content_encrypted), row.sha256))


def _batches() -> Iterator[Sealed]:
    for row in Batch.objects.exclude(file_encrypted=BLANK).order_by("pk").iterator(FILES_AT_ONCE):
        yield Sealed(f"batch {row.pk}", partial(_require_hash, bytes(row.file_encrypted), row.file_sha256))


def _require_hash(content: bytes, sha256: str) -> None:
    if hashlib.sha256(sealing.open_sealed(content)).hexdigest() != sha256:
        raise sealing.NotAsGiven("its hash is another")
