"""From a file and a mapping's rules to rows in our words.

Amounts are positive, and the kind says which way the money goes; only a fee beside an amount is
negative where the channel gives it back. They are exact fractions until they are whole minor units:
reports of streams carry thousandths of a cent, so rows of one id may be added up first and rounded
once, half to even. Nothing here writes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from royalties.cells import FORMULA_SIGNS
from royalties.mapping.numbers import CellRefused, day_in, number_in
from royalties.mapping.rules import SLUG, TAKEN_CHANNELS, Rules
from royalties.mapping.sheets import Row, SheetRefused, cell, rows_of
from royalties.money import LARGEST_LINE, Money, MoneyError, exponent

Problems = list[tuple[int, str]]
NUMBER = re.compile(r"[!-~]{1,80}")
SIGNS = {"plus": 1, "minus": -1}


@dataclass(frozen=True, slots=True)
class MappedRow:
    """One row in our words. `names` are what it calls the production, best first; `fee` is negative if given back."""

    number: int
    transaction: str
    kind: str
    amount: Money
    fee: Money | None
    day: dt.date
    names: tuple[str, ...]
    channel: str = ""
    sale: str = ""
    supplier: str = ""
    category: str = ""

    @property
    def fee_transaction(self) -> str:
        """The number of its fee; that of a refund is a fact of its own beside the fee of the sale, often of one number."""
        return _refunds_own(self.transaction) if self.kind == "refund" else self.transaction


@dataclass(slots=True)
class Reading:
    """What a file holds: good rows, rows worth nothing or skipped, and problems by line."""

    rows: list[MappedRow] = field(default_factory=list)
    empty: int = 0
    problems: Problems = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A row before its amount is rounded; what is negative still is."""

    line: int
    transaction: str
    kind: str
    currency: str
    amount: Fraction
    fee: Fraction
    same: tuple[Any, ...]


def read(content: bytes, rules: Rules, kind: str) -> Reading:
    """Every row of a file, or what is wrong with it."""
    reading = Reading()
    raws: list[_Raw] = []
    try:
        rows = rows_of(content, rules.columns, rules.encoding)
    except SheetRefused as refusal:
        reading.problems.append((refusal.line, refusal.reason))
        return reading
    for row in rows:
        try:
            raw = _raw(row, rules, kind)
        except (CellRefused, MoneyError) as problem:
            reading.problems.append((row.line, str(problem)))
            continue
        if raw is None:
            reading.empty += 1
        else:
            raws.append(raw)
    signed = list(_fees_signed(raws, rules, reading))
    for raw in _added(signed, reading) if rules.rows == "add" else signed:
        _finish(raw, rules, reading)
    return reading


def _raw(row: Row, rules: Rules, kind: str) -> _Raw | None:
    if rules.skip_if_empty and not cell(row, rules.skip_if_empty):
        return None
    if row.surplus:
        raise CellRefused(_("the row has more cells than the header; a thousands mark without quotes does that"))
    meant = _kind(row, rules) if kind == "revenue" else "cost"
    if meant == "skip":
        return None
    currency = rules.currency or cell(row, rules.currency_column).upper()
    places = exponent(currency)
    fee = cell(row, rules.fee_column)
    names = tuple(_plain(text, "production") for column in rules.production_columns if (text := cell(row, column)))
    same = (
        day_in(cell(row, rules.day_column), rules.day_format),
        names or ((rules.production,) if rules.production else ()),
        _channel(row, rules) if kind == "revenue" else "",
        _id([cell(row, rules.sale_column)]) if cell(row, rules.sale_column) else "",
        _supplier(row, rules) if kind == "cost" else "",
        _category(row, rules) if kind == "cost" else "",
    )
    return _Raw(
        line=row.line,
        transaction=_id([cell(row, column) for column in rules.id_columns], 60 if kind == "cost" else 80),
        kind=meant,
        currency=currency,
        amount=number_in(cell(row, rules.amount_column), rules.decimal, rules.grouping) * 10**places,
        fee=number_in(fee, rules.decimal, rules.grouping) * 10**places if fee else Fraction(0),
        same=same,
    )


def _fees_signed(raws: list[_Raw], rules: Rules, reading: Reading) -> Iterator[_Raw]:
    """Each row with a fee that the channel keeps above nothing, and one that it gives back below.

    Some write fees with a minus, so a sign means what the mapping says or, where it leaves that to the file,
    what it means on the sales; rows that are fees themselves are told by the first of them.
    """
    beside = _sign(rules, (raw.fee for raw in raws if raw.kind == "sale" and raw.amount >= 0))
    itself = _sign(rules, (raw.amount for raw in raws if raw.kind == "fee"))
    for raw in raws:
        by_sign = raw.kind == "fee" and (rules.negative == "refund" or rules.fee_sign in SIGNS)
        fee, amount = raw.fee * beside, raw.amount * (itself if by_sign else 1)
        is_odd = (by_sign and amount < 0) or (raw.kind == "sale" and amount >= 0 and fee < 0)
        if raw.fee and not beside:
            words = _("no sale with a fee shows which sign a fee has in this file; let the mapping say it")
            reading.problems.append((raw.line, words))
        elif is_odd and rules.fee_sign not in SIGNS:
            words = _("its fee has the other sign than those before; let the mapping say which sign is given back")
            reading.problems.append((raw.line, words))
        else:
            yield replace(raw, amount=amount, fee=fee)


def _sign(rules: Rules, fees: Iterable[Fraction]) -> int:
    """What makes a fee positive: 1 or -1; 0 where nothing tells."""
    first = next((fee for fee in fees if fee), Fraction(0))
    return SIGNS.get(rules.fee_sign, (first > 0) - (first < 0))


def _added(raws: list[_Raw], reading: Reading) -> list[_Raw]:
    """One row for all of one id; they must agree in everything but the amount."""
    groups: dict[tuple[str, str], _Raw] = {}
    for raw in raws:
        key = raw.transaction, raw.kind
        first = groups.get(key)
        if first is None:
            groups[key] = raw
        elif (first.currency, first.same) != (raw.currency, raw.same):
            reading.problems.append(
                (raw.line, _("has the id of line %(line)d, but not its day, currency or work") % {"line": first.line})
            )
        else:
            groups[key] = _Raw(
                first.line, *key, first.currency, first.amount + raw.amount, first.fee + raw.fee, first.same
            )
    return list(groups.values())


def _finish(raw: _Raw, rules: Rules, reading: Reading) -> None:
    """From the exact amount to money, and from its sign to its kind."""
    # Exact fractions, no floats: rows that are added up are rounded once, halves to the even unit.
    amount, fee = (round(value) if rules.rows == "add" else value for value in (raw.amount, raw.fee))
    if Fraction(amount).denominator != 1 or Fraction(fee).denominator != 1:
        words = _("the amount is finer than %(currency)s is counted; a mapping may add such rows up")
        reading.problems.append((raw.line, words % {"currency": raw.currency}))
        return
    kind, minor, fee_minor = raw.kind, int(amount), int(fee)
    if minor < 0 and rules.negative == "refuse" and not (kind == "fee" and rules.fee_sign in SIGNS):
        reading.problems.append((raw.line, _words_of_less_than_nothing(kind)))
        return
    if kind == "refund":
        minor = -abs(minor)
    if rules.amount_is == "net" and kind in {"sale", "refund"}:
        minor += fee_minor
    if kind == "refund" and minor > 0:
        reading.problems.append((raw.line, _("its fee is more than what it gives back")))
        return
    if minor < 0:
        kind, minor = {"sale": "refund", "fee": "rebate"}.get(kind, kind), -minor
    if max(minor, abs(fee_minor)) > LARGEST_LINE:
        reading.problems.append((raw.line, _("the amount is more than one line of the ledger holds")))
        return
    if minor == 0 and fee_minor == 0:
        reading.empty += 1
        return
    transaction = raw.transaction
    if minor == 0:
        transaction = _refunds_own(transaction) if kind == "refund" else transaction
        kind, minor, fee_minor = "fee" if fee_minor > 0 else "rebate", abs(fee_minor), 0
    day, names, channel, sale, supplier, category = raw.same
    reading.rows.append(
        MappedRow(
            raw.line,
            transaction,
            kind,
            Money(minor, raw.currency),
            Money(fee_minor, raw.currency) if fee_minor else None,
            day,
            names,
            channel,
            sale,
            supplier,
            category,
        )
    )


def _words_of_less_than_nothing(kind: str) -> str:
    if kind == "cost":
        return _("a credit note is no cost; take back the bill that it is for, and enter what is left of it")
    return _("the amount is negative; this mapping takes no refunds by their sign")


def _id(parts: list[str], longest: int = 80) -> str:
    """The row's own name; several cells are joined so that no two rows can share one by chance."""
    if not parts[0] or not any(parts):
        raise CellRefused(_("the row has no id"))
    if parts[0].startswith(FORMULA_SIGNS):
        raise CellRefused(_("%(text)s begins like a formula") % {"text": repr(parts[0])})
    joined = parts[0] if len(parts) == 1 else "/".join(quote(part, safe="") for part in parts)
    if len(parts) == 1 and not NUMBER.fullmatch(joined):
        joined = quote(joined, safe="")
    return _fitting(joined, longest)


def _refunds_own(transaction: str) -> str:
    """The number of what belongs to the refund of this number and not to the sale."""
    return _fitting(f"{transaction}/refund", 80)


def _fitting(name: str, longest: int) -> str:
    return name if len(name) <= longest else "h" + hashlib.sha256(name.encode()).hexdigest()[:40]


def _plain(text: str, what: str) -> str:
    if text.startswith(FORMULA_SIGNS):
        raise CellRefused(_("%(what)s %(text)s begins like a formula") % {"what": what, "text": repr(text)})
    return text[:200]


def _kind(row: Row, rules: Rules) -> str:
    if not rules.kind_column:
        return rules.kind
    text = cell(row, rules.kind_column)
    kinds = {name.casefold(): kind for name, kind in rules.kinds.items()}
    if text.casefold() not in kinds:
        raise CellRefused(
            _("%(text)s is none of the kinds %(known)s") % {"text": repr(text), "known": ", ".join(rules.kinds)}
        )
    return kinds[text.casefold()]


def _channel(row: Row, rules: Rules) -> str:
    """The channel as a slug: "Apple Music" becomes apple-music."""
    text = rules.channel or cell(row, rules.channel_column)
    slug = re.sub(r"[^a-z0-9_]+", "-", text.casefold()).strip("-")[:30].rstrip("-")
    if not SLUG.fullmatch(slug) or slug in TAKEN_CHANNELS:
        raise CellRefused(_("%(text)s is no channel") % {"text": repr(text)})
    return slug


def _supplier(row: Row, rules: Rules) -> str:
    text = rules.supplier or _plain(cell(row, rules.supplier_column), "supplier")
    if not 1 <= len(text) <= 120:
        raise CellRefused(_("the supplier needs 1 to 120 characters"))
    return text


def _category(row: Row, rules: Rules) -> str:
    if not rules.category_column:
        return rules.category
    text = cell(row, rules.category_column)
    found = {name.casefold(): known for name, known in rules.categories.items()}.get(text.casefold())
    if found is None:
        raise CellRefused(
            _("%(text)s is none of the categories %(known)s")
            % {"text": repr(text), "known": ", ".join(rules.categories)}
        )
    return found
