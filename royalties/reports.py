"""Reading the CSV files of revenue and costs: rows that are right, and what is wrong with the others.

Columns of revenue: provider, transaction, channel, kind (sale, refund, fee, rebate), amount, currency,
received_on, production. Columns of costs: invoice, supplier, category, amount, currency,
paid_on, production. Amounts are plain decimals above zero, days are ISO dates, a production is
its number or its project's slug, for an episode `slug/s1e2`. Reading writes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from projects.models import Production
from royalties import days
from royalties.accounts import REFUNDS, RESERVE
from royalties.mapping import SheetRefused, records, text_of
from royalties.models import Cost, Income
from royalties.money import Money, MoneyError, for_one_line

Problems = list[tuple[int, str]]
REVENUE_COLUMNS = ("provider", "transaction", "channel", "kind", "amount", "currency", "received_on", "production")
COST_COLUMNS = ("invoice", "supplier", "category", "amount", "currency", "paid_on", "production")
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
NUMBER = re.compile(r"[!-~]{1,80}")
EPISODE = re.compile(r"([\w-]+)/s(\d{1,9})e(\d{1,9})")


class RowRefused(ValueError):
    """One row cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """One good row of a revenue report."""

    number: int
    provider: str
    transaction: str
    channel: str
    kind: str
    amount: Money
    day: dt.date
    production: Production


@dataclass(frozen=True, slots=True)
class CostRow:
    """One good row of a list of costs."""

    number: int
    invoice: str
    supplier: str
    category: str
    amount: Money
    day: dt.date
    production: Production


class Productions:
    """Every production by the names a file may call it, read once a file."""

    def __init__(self) -> None:
        self._named: dict[str, list[Production]] = {}
        for row in Production.objects.select_related("project"):
            names = [str(row.pk), row.project.slug]
            if row.season is not None:
                names = [str(row.pk), f"{row.project.slug}/s{row.season}e{row.number}"]
            for name in names:
                self._named.setdefault(name, []).append(row)

    def named(self, name: str) -> Production:
        """The production, or RowRefused where the name fits none or several."""
        episode = EPISODE.fullmatch(name.lower())
        if episode:
            slug, season, number = episode.groups()
            name = f"{slug}/s{int(season)}e{int(number)}"
        found = self._named.get(name, [])
        if len(found) != 1:
            raise RowRefused(
                _("“%(name)s” is no production") % {"name": name}
                if not found
                else _("“%(name)s” has several productions; give its number") % {"name": name}
            )
        return found[0]


def read_revenue(content: bytes, productions: Productions) -> tuple[list[RevenueRow], Problems]:
    """Good rows and problems by line number."""

    def read(number: int, row: dict[str, str]) -> RevenueRow:
        return RevenueRow(
            number=number,
            provider=_slug(row["provider"], "provider"),
            transaction=_number(row["transaction"], "transaction"),
            channel=_channel(row["channel"]),
            kind=_choice(row["kind"], Income.Kind.values, "kind"),
            amount=_amount(row),
            day=_day(row["received_on"], "received_on"),
            production=productions.named(row["production"]),
        )

    return _read(content, REVENUE_COLUMNS, read, lambda row: (row.provider, row.transaction, row.kind))


def read_costs(content: bytes, productions: Productions) -> tuple[list[CostRow], Problems]:
    """Good rows and problems by line number."""

    def read(number: int, row: dict[str, str]) -> CostRow:
        if not 1 <= len(row["supplier"]) <= 120:
            raise RowRefused(_("supplier needs 1 to 120 characters"))
        return CostRow(
            number=number,
            invoice=_number(row["invoice"], "invoice", most=60),
            supplier=row["supplier"],
            category=_choice(row["category"], Cost.Category.values, "category"),
            amount=_amount(row),
            day=_day(row["paid_on"], "paid_on"),
            production=productions.named(row["production"]),
        )

    return _read(content, COST_COLUMNS, read, lambda row: row.invoice)


def _read(
    content: bytes,
    columns: tuple[str, ...],
    read: Callable[[int, dict[str, str]], Any],
    key: Callable[[Any], Any],
) -> tuple[list[Any], Problems]:
    rows: list[Any] = []
    problems: Problems = []
    seen: dict[Any, int] = {}
    try:
        for number, cells in _cells(content, columns):
            try:
                row = read(number, cells)
                if key(row) in seen:
                    raise RowRefused(_("the same as line %(line)d") % {"line": seen[key(row)]})
                seen[key(row)] = number
                rows.append(row)
            except (RowRefused, MoneyError) as problem:
                problems.append((number, str(problem)))
    except RowRefused as problem:
        problems.append((1, str(problem)))
    except SheetRefused as refusal:
        problems.append((refusal.line, refusal.reason))
    return rows, problems


def _cells(content: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's cells by column, with the number of the line it begins on."""
    lines = records(text_of(content))
    header = [cell.strip().lower() for cell in next(lines, (1, []))[1]]
    missing = [column for column in columns if column not in header]
    if missing or len(set(header)) != len(header):
        raise RowRefused(_("the first line must name the columns: %(columns)s") % {"columns": ", ".join(columns)})
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            yield number, dict.fromkeys(columns, "") | dict(zip(header, map(str.strip, cells), strict=False))


def _slug(text: str, column: str) -> str:
    if not SLUG.fullmatch(text.lower()):
        raise RowRefused(_("%(column)s needs small letters, digits, - or _") % {"column": column})
    return text.lower()


def _channel(text: str) -> str:
    """A sales channel; two names are taken by contra accounts of the ledger."""
    channel = _slug(text, "channel")
    if channel in {REFUNDS, RESERVE}:
        raise RowRefused(_("“%(name)s” is no channel; use the kind for it") % {"name": channel})
    return channel


def _number(text: str, column: str, most: int = 80) -> str:
    if not NUMBER.fullmatch(text) or len(text) > most:
        raise RowRefused(
            _("%(column)s needs 1 to %(most)d characters without spaces") % {"column": column, "most": most}
        )
    return text


def _choice(text: str, choices: list[str], column: str) -> str:
    if text.lower() not in choices:
        raise RowRefused(_("%(column)s must be one of %(choices)s") % {"column": column, "choices": ", ".join(choices)})
    return text.lower()


def _amount(row: dict[str, str]) -> Money:
    amount = for_one_line(Money.parse(row["amount"], row["currency"].upper()))
    if amount.amount_minor <= 0:
        raise RowRefused(_("amount must be more than nothing; the kind says which way it goes"))
    return amount


def _day(text: str, column: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as problem:
        raise RowRefused(_("%(column)s must be a day such as 2026-09-30") % {"column": column}) from problem
    if (refusal := days.problem_of(day)) is not None:
        raise RowRefused(refusal)
    return day
