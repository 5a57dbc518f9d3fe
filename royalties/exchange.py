"""Exchange rates: reading a file of them, and the exact rate of a day. Fractions, never floats.

Two layouts: that of the European Central Bank (Date, then a column for each currency, all for
one euro, N/A where there is none) and one rate a row (day, base, quote, rate). A rate is used on
its day and at most seven days after, because banks rest on weekends and holidays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from royalties import days, policy
from royalties.mapping import CellRefused, Problems, Row, SheetRefused, rows_of
from royalties.models import Batch, Conversion, ExchangeRate
from royalties.money import Money, MoneyError, exponent

RATE = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,12}))?")
#: Of what a row holds: a rate without its point.
MOST_UNITS = 2**63 - 1
EURO = "EUR"
NONE = {"", "n/a", "-"}
LONG = ("day", "base", "quote", "rate")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate of a file: `units` / 10^`scale` of `quote` for one `base`."""

    number: int
    day: dt.date
    base: str
    quote: str
    units: int
    scale: int

    @property
    def key(self) -> tuple[str, str, dt.date]:
        return self.base, self.quote, self.day

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.units, 10**self.scale)


@dataclass(frozen=True, slots=True)
class Converted:
    """What an amount buys in another currency, at which exact rate, and the recorded rates that this comes from."""

    money: Money
    rate: Fraction
    rows: tuple[ExchangeRate, ...]


def read_rates(content: bytes) -> tuple[list[RateRow], Problems]:
    """Good rates, and problems by line."""
    rows: list[RateRow] = []
    problems: Problems = []
    try:
        is_long = _is_long(content)
        records = rows_of(content, LONG if is_long else ("date",))
    except SheetRefused as refusal:
        return [], [(refusal.line, refusal.reason)]
    seen: dict[tuple[str, str, dt.date], Fraction] = {}
    for record in records:
        try:
            for rate in _long(record) if is_long else _wide(record):
                if seen.setdefault(rate.key, rate.fraction) != rate.fraction:
                    raise CellRefused(_("the file gives two rates for one day and currency"))
                rows.append(rate)
        except (CellRefused, MoneyError) as problem:
            problems.append((record.line, str(problem)))
    return list({row.key: row for row in rows}.values()), problems


def rate_of(sold: str, bought: str, day: dt.date) -> tuple[Fraction, list[ExchangeRate]] | None:
    """Units of `bought` for one of `sold` on a day, and the recorded rates it comes from; None without any.

    The direct rate, the other way round, or by way of one currency that has both on the same day.
    """
    since = day - policy.RATE_AT_MOST_OLD
    rates = ExchangeRate.objects.filter(day__gt=since, day__lte=day).order_by("-day", "base")
    found = {(rate.day, rate.base, rate.quote): rate for rate in rates}
    for at in sorted({rate.day for rate in rates}, reverse=True):
        if direct := found.get((at, sold, bought)):
            return direct.fraction, [direct]
        if inverse := found.get((at, bought, sold)):
            return 1 / inverse.fraction, [inverse]
        for base in sorted({base for on, base, _quote in found if on == at}):
            one, other = found.get((at, base, sold)), found.get((at, base, bought))
            if one and other:
                return other.fraction / one.fraction, [one, other]
    return None


def rate_from(rows: Iterable[ExchangeRate], sold: str, bought: str) -> Fraction | None:
    """Units of `bought` for one of `sold` that recorded rates give together; None where they give none, or are too many."""
    found = {(rate.base, rate.quote): rate.fraction for rate in rows}
    if len(found) == 1:
        direct, inverse = found.get((sold, bought)), found.get((bought, sold))
        return direct or (1 / inverse if inverse else None)
    bases = {base for base, _quote in found}
    if len(found) != 2 or len(bases) != 1 or {quote for _base, quote in found} != {sold, bought}:
        return None
    (base,) = bases
    return found[base, bought] / found[base, sold]


def converted_on(money: Money, bought: str, day: dt.date) -> Converted | None:
    """What an amount buys at the rate of a day, rounded once; None where no rate is recorded."""
    found = rate_of(money.currency, bought, day)
    if found is None:
        return None
    rate, rows = found
    return Converted(Money(converted(money.amount_minor, money.currency, bought, rate), bought), rate, tuple(rows))


def converted(minor: int, sold: str, bought: str, rate: Fraction) -> int:
    """Minor units of `bought` for minor units of `sold`, rounded once, half to even; the sign stays."""
    return round(minor * rate * Fraction(10) ** (exponent(bought) - exponent(sold)))


def shown_rate(rate: Fraction, sold: str, bought: str) -> str:
    """Enough places for people; the books use the fraction."""
    micro = round(rate * 10**6)
    return f"1 {sold} ≈ {micro // 10**6}.{micro % 10**6:06d} {bought}"


def fraction_of(row: Conversion | Batch) -> Fraction:
    """The exact rate of what was converted; ValueError for a batch that is paid in the currency of its balances."""
    if row.numerator is None or row.denominator is None:
        raise ValueError(f"{row} has no rate")
    return Fraction(int(row.numerator), int(row.denominator))


def shown_rate_of(batch: Batch) -> str:
    """The rate of a batch that is converted, for people."""
    return shown_rate(fraction_of(batch), batch.currency, batch.bought)


def _is_long(content: bytes) -> bool:
    try:
        rows_of(content, LONG)
    except SheetRefused:
        return False
    return True


def _long(record: Row) -> Iterator[RateRow]:
    cells = record.cells
    yield _rate(record.line, cells["day"], cells["base"].upper(), cells["quote"].upper(), cells["rate"])


def _wide(record: Row) -> Iterator[RateRow]:
    for name, text in record.cells.items():
        if name and name != "date" and text.casefold() not in NONE:
            yield _rate(record.line, record.cells["date"], EURO, name.upper(), text)


def _rate(line: int, day: str, base: str, quote: str, text: str) -> RateRow:
    found = RATE.fullmatch(text)
    if not found:
        raise CellRefused(_("%(text)s is no rate; write it like 1.0823") % {"text": repr(text)})
    for code in (base, quote):
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise CellRefused(_("%(code)s is no currency code") % {"code": repr(code)})
    whole, part = found[1], found[2] or ""
    units = int(whole + part)
    if not units or base == quote:
        raise CellRefused(_("a rate is above zero, between two currencies"))
    if units > MOST_UNITS:
        raise CellRefused(_("%(text)s has more digits than a rate that the books hold") % {"text": repr(text)})
    try:
        on = dt.date.fromisoformat(day)
    except ValueError as problem:
        raise CellRefused(_("%(text)s is not a day like 2026-09-30") % {"text": repr(day)}) from problem
    if (refusal := days.problem_of(on)) is not None:
        raise CellRefused(refusal)
    return RateRow(line, on, base, quote, units, len(part))
