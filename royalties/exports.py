"""The journal in words that other tools read: hledger, beancount, CSV (royalties.md 2.3).

Each format ends with the balances of all accounts as assertions, where the tool has them, so
that `hledger check` and `bean-check` reckon them again. Amounts have all decimal places.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from royalties import accounts, ledger
from royalties.money import Money, exponent

JOURNAL = """
SELECT entry.id, entry.effective_on, entry.kind, entry.idempotency_key, entry.hash,
    line.line_no, account.code, line.amount_minor
FROM royalties_journalentry entry
JOIN royalties_journalline line ON line.entry_id = entry.id
JOIN royalties_account account ON account.id = line.account_id
ORDER BY entry.effective_on, entry.id, line.line_no
"""
HLEDGER_TYPES = {"asset": "A", "liability": "L", "equity": "E", "revenue": "R", "expense": "X"}
HLEDGER_ROOTS = {
    "asset": "assets",
    "liability": "liabilities",
    "equity": "equity",
    "revenue": "revenues",
    "expense": "expenses",
}
BEANCOUNT_ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "revenue": "Income",
    "expense": "Expenses",
}
ESCAPES = {"-": "--", "_": "-u", ".": "-d"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is told to other tools."""

    number: int
    day: dt.date
    kind: str
    key: str
    hash: str
    lines: list[tuple[str, Money]]


def read_journal() -> Iterator[Entry]:
    """Yield all entries by day, then number, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(JOURNAL)
        for (number, day, kind, key, own_hash), rows in groupby(_batches(cursor), key=itemgetter(0, 1, 2, 3, 4)):
            lines = [(code, Money(minor, accounts.currency_of(code))) for *_, code, minor in rows]
            yield Entry(number, day, kind, key, own_hash, lines)


def hledger(entries: Iterable[Entry]) -> Iterator[str]:
    """A journal that `hledger check --strict` accepts."""
    balances = ledger.trial_balance()
    for currency in balances:
        places = exponent(currency)
        yield f"commodity 1000.{'0' * places} {currency}"
    for code in _codes(balances):
        yield f"account {_hledger_name(code)}  ; type: {HLEDGER_TYPES[accounts.parse(code)[0].kind]}"
    last = None
    for entry in entries:
        last = entry.day
        yield ""
        yield f"{entry.day.isoformat()} * ({entry.number}) {entry.kind}  ; key: {entry.key}, hash: {entry.hash}"
        for code, money in entry.lines:
            yield f"    {_hledger_name(code)}  {money}"
    if last:
        yield ""
        yield f"{last.isoformat()} * balances"
        for code in _codes(balances):
            currency = accounts.currency_of(code)
            balance = Money(balances[currency][code], currency)
            yield f"    {_hledger_name(code)}  {Money(0, currency)} = {balance}"


def beancount(entries: Iterable[Entry]) -> Iterator[str]:
    """A ledger that `bean-check` accepts."""
    balances = ledger.trial_balance()
    opened = False
    last = None
    for entry in entries:
        if not opened:
            for code in _codes(balances):
                yield f"{entry.day.isoformat()} open {beancount_name(code)} {accounts.currency_of(code)}"
                yield f'  code: "{code}"'
            opened = True
        last = entry.day
        yield ""
        yield f'{entry.day.isoformat()} * "{entry.kind}" "{entry.key}"'
        yield f"  entry: {entry.number}"
        yield f'  hash: "{entry.hash}"'
        for code, money in entry.lines:
            yield f"  {beancount_name(code)}  {money}"
    # A beancount balance holds at the beginning of its day, and there is none after the last one that is.
    if last and last < dt.date.max:
        day = (last + dt.timedelta(days=1)).isoformat()
        yield ""
        for code in _codes(balances):
            currency = accounts.currency_of(code)
            yield f"{day} balance {beancount_name(code)}  {Money(balances[currency][code], currency)}"


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """One row a line, for machines: numbers are signed, and nothing is escaped for spreadsheets."""
    yield _row(["entry", "date", "kind", "key", "hash", "line", "account", "currency", "amount_minor", "amount"])
    for entry in entries:
        for number, (code, money) in enumerate(entry.lines, 1):
            yield _row(
                [
                    *(entry.number, entry.day.isoformat(), entry.kind, entry.key, entry.hash, number, code),
                    *(money.currency, money.amount_minor, money.plain()),
                ]
            )


FORMATS: dict[str, Callable[[Iterable[Entry]], Iterator[str]]] = {
    "hledger": hledger,
    "beancount": beancount,
    "csv": as_csv,
}


def written(name: str) -> Iterator[str]:
    """The whole journal in a format, line by line: entries and balances of one moment, whatever is booked meanwhile.

    Within a transaction of the caller's it is of the moments that this one sees.
    """
    if connection.in_atomic_block:
        yield from FORMATS[name](read_journal())
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from FORMATS[name](read_journal())


def beancount_name(code: str) -> str:
    """Spell a code as beancount wants account names, so that two codes never share one.

    A part begins with a capital or a digit and holds letters, digits and hyphens. Small first
    letters are raised; parts that began with a capital or 0 get a 0 in front instead.
    """
    kind = accounts.parse(code)[0].kind
    *words, currency = code.split(":")
    if words[0] in HLEDGER_TYPES:
        del words[0]  # revenue and expense: the root says it already
    return ":".join([BEANCOUNT_ROOTS[kind], *map(_beancount_part, words), currency])


def _beancount_part(word: str) -> str:
    spelled = "".join(ESCAPES.get(sign, sign) for sign in word)
    if "a" <= spelled[0] <= "z":
        return spelled[0].upper() + spelled[1:]
    return spelled if "1" <= spelled[0] <= "9" else "0" + spelled


def _hledger_name(code: str) -> str:
    kind = accounts.parse(code)[0].kind
    return f"{HLEDGER_ROOTS[kind]}:{code.removeprefix(kind + ':')}"


def _codes(balances: dict[str, dict[str, int]]) -> list[str]:
    return sorted(code for codes in balances.values() for code in codes)


def _batches(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(2000):
        yield from batch


def _row(values: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()
