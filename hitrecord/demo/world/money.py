"""The shape of a period's money: what came in, what it cost, and the CSV files that staff import.

Amounts are whole cents; all are positive and `kind` says which way they go. Days are relative to the set-up, so that
the paid period is always some months ago and the draft one has just ended.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from hitrecord.demo.world.talk import Comment, Objection

Kind = Literal["sale", "refund", "fee"]

REVENUE_HEADER = ("provider", "transaction", "date", "channel", "kind", "amount", "currency")
COST_HEADER = ("invoice", "date", "supplier", "category", "description", "amount", "currency")


@dataclass(frozen=True)
class Income:
    provider: str
    transaction: str
    day: int
    channel: str
    kind: Kind
    cents: int
    currency: str = "USD"


@dataclass(frozen=True)
class Cost:
    invoice: str
    day: int
    supplier: str
    category: str
    description: str
    cents: int
    currency: str = "USD"


@dataclass(frozen=True, kw_only=True)
class Period:
    """One statement: who drafts it, who approves it, and what people said."""

    key: str
    project: str
    title: str
    from_day: int
    to_day: int
    drafter: str
    approver: str
    income: tuple[Income, ...]
    costs: tuple[Cost, ...]
    comments: tuple[Comment, ...] = ()
    objections: tuple[Objection, ...] = ()
    accepted_by: tuple[str, ...] = ()

    @property
    def gross_cents(self) -> int:
        return sum(row.cents for row in self.income if row.kind == "sale")

    @property
    def net_cents(self) -> int:
        return self.gross_cents - sum(row.cents for row in self.income if row.kind != "sale")

    @property
    def cost_cents(self) -> int:
        return sum(row.cents for row in self.costs)


def decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def revenue_csv(period: Period, today: date) -> str:
    """The provider report of one period, as staff would download it."""
    rows = (
        (
            row.provider,
            row.transaction,
            (today + timedelta(days=row.day)).isoformat(),
            row.channel,
            row.kind,
            decimal(row.cents),
            row.currency,
        )
        for row in period.income
    )
    return _table(REVENUE_HEADER, rows)


def cost_csv(period: Period, today: date) -> str:
    rows = (
        (
            row.invoice,
            (today + timedelta(days=row.day)).isoformat(),
            row.supplier,
            row.category,
            row.description,
            decimal(row.cents),
            row.currency,
        )
        for row in period.costs
    )
    return _table(COST_HEADER, rows)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
