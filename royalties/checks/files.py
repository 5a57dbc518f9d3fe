"""Whether the files that money was read from are still those files, and the rates of exchange those that stand in them.

What a file costs to read has nothing to do with the size of the ledger, so the minute leaves large ones to the night.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from royalties import days, exchange
from royalties.checks.rows import rows
from royalties.models import ExchangeRate, Import

OTHER_BYTES = """
SELECT 'import', id FROM royalties_import WHERE encode(sha256(content), 'hex') <> sha256
UNION ALL
SELECT 'report to take in', id FROM royalties_intake WHERE content <> '' AND encode(sha256(content), 'hex') <> sha256
ORDER BY 1, 2
"""


def validate_files_are_what_was_taken() -> Iterator[str]:
    """The bytes of every import, and of every report that waits, have the hash that keeps them from counting twice."""
    for name, number in rows(OTHER_BYTES):
        yield f"{name} {number} does not have the bytes of its hash"


def validate_rates_are_those_of_their_files() -> Iterator[str]:
    """Each rate stands in the file it names, and each rate of a file is recorded."""
    for source in Import.objects.filter(kind=Import.Kind.RATES).order_by("pk").iterator(1):
        yield from _rates_of(source)
    sources = Import.objects.filter(kind=Import.Kind.RATES)
    for number in ExchangeRate.objects.exclude(source__in=sources).order_by("pk").values_list("pk", flat=True):
        yield f"rate {number} comes from no file of rates"


def _rates_of(source: Import) -> Iterator[str]:
    told = {row.key: row for row in exchange.read_rates(bytes(source.content))[0]}
    # No day that the books do not know: a file from before there was a rule may have some, and nobody can ask for them.
    recorded = source.rates.filter(day__gte=days.FIRST, day__lte=days.LAST).order_by("pk")
    for rate in recorded.iterator():
        row = told.pop((rate.base, rate.quote, rate.day), None)
        if row is None or (row.units, row.scale) != (rate.units, rate.scale):
            yield f"rate {rate.pk} is not what its file, import {source.pk}, says of {rate.day}"
    known: dict[tuple[str, str, object], Fraction] = {}
    if told:
        days_told = {day for _base, _quote, day in told}
        others = ExchangeRate.objects.filter(day__in=days_told).exclude(source=source)
        known = {(rate.base, rate.quote, rate.day): rate.fraction for rate in others}
    for key, row in told.items():
        if known.get(key) != row.fraction:
            yield f"import {source.pk} says what one {row.base} is worth in {row.quote} on {row.day}, and no rate does"
