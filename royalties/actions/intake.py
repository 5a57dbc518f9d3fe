"""Money in: CSV files of revenue and costs, taken whole or not at all.

A file counts once (by its hash), a provider's transaction counts once, an invoice counts
once. Revenue goes into the ledger with the import; a cost as royalties/actions/costs.py says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings, exchange, reports
from royalties.actions.by_line import book_lines
from royalties.actions.costs import enter_costs
from royalties.actions.guards import clock, require_power
from royalties.actions.turns import one_file_at_a_time
from royalties.exceptions import ImportRefused
from royalties.known import Bill, KnownBills, KnownIncomes
from royalties.models import Cost, ExchangeRate, Import, Income, Suspense
from royalties.money import Money
from royalties.reports import CostRow, Productions, RevenueRow
from royalties.settled import is_settled, open_from

LARGEST_FILE = 5 * 1024 * 1024
#: Facts of their own, also where their sale waits in suspense.
GIVEN_BACK = (Income.Kind.REFUND, Income.Kind.REBATE)
# What is booked at the end of a file, by its lines.
Later = list[tuple[int, Callable[[], object]]]


@transaction.atomic
def import_csv(*, actor: Artist, kind: str, name: str, content: bytes) -> Import:
    """Take a file of revenue, costs or exchange rates; the very same file again changes nothing.

    Raises ImportRefused naming each bad row by its line number and reason; then nothing of
    the file is kept. Rows known from an earlier file are counted and left alone.
    """
    require_power(actor, "finance", "producer")
    if len(content) > LARGEST_FILE:
        raise ImportRefused([(0, _("The file is larger than 5 MB; split it."))])
    one_file_at_a_time()
    sha256 = hashlib.sha256(content).hexdigest()
    known = Import.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    if kind == Import.Kind.REVENUE:
        source, later = _take_revenue(actor, name, content, sha256)
    elif kind == Import.Kind.COST:
        source, later = _take_costs(actor, name, content, sha256)
    else:
        source, later = _take_rates(actor, name, content, sha256), []
    record_event(
        actor=actor,
        verb="royalties.imported",
        about=source,
        payload={"kind": kind, "rows": source.row_count, "known": source.known_count},
    )
    book_lines(later)
    return source


def _take_revenue(actor: Artist, name: str, content: bytes, sha256: str) -> tuple[Import, Later]:
    rows, problems = reports.read_revenue(content, Productions())
    known = KnownIncomes([row.transaction for row in rows])
    fresh, more = _fresh_revenue(rows, known)
    _refuse(problems + more + _settled_problems((row.number, row.production, row.amount, row.day) for row in rows))
    source = _source(actor, Import.Kind.REVENUE, name, content, sha256, len(rows), len(rows) - len(fresh))
    incomes = Income.objects.bulk_create(
        [
            Income(
                source=source,
                line_number=row.number,
                production=row.production,
                provider=row.provider,
                transaction=row.transaction,
                channel=row.channel,
                kind=row.kind,
                amount_minor=row.amount.amount_minor,
                currency=row.amount.currency,
                received_on=row.day,
                again=known.again((row.provider, row.transaction, row.kind)),
            )
            for row in fresh
        ]
    )
    return source, [(income.line_number, partial(bookings.income_received, income)) for income in incomes]


def _take_costs(actor: Artist, name: str, content: bytes, sha256: str) -> tuple[Import, Later]:
    rows, problems = reports.read_costs(content, Productions())
    fresh, more = _fresh_costs(rows)
    _refuse(problems + more + _settled_problems((row.number, row.production, row.amount, row.day) for row in rows))
    source = _source(actor, Import.Kind.COST, name, content, sha256, len(rows), len(rows) - len(fresh))
    costs = [
        Cost(
            source=source,
            production=row.production,
            invoice=row.invoice,
            supplier=row.supplier,
            category=row.category,
            amount_minor=row.amount.amount_minor,
            currency=row.amount.currency,
            paid_on=row.day,
            created_by=actor,
        )
        for row in fresh
    ]
    enter_costs(costs, clock(None))
    counted = ((row.number, cost) for row, cost in zip(fresh, costs, strict=True) if cost.counts)
    return source, [(number, partial(bookings.cost_paid, cost)) for number, cost in counted]


def _take_rates(actor: Artist, name: str, content: bytes, sha256: str) -> Import:
    """Exchange rates of days; a known one with another value is refused."""
    rows, problems = exchange.read_rates(content)
    known = {
        (rate.base, rate.quote, rate.day): rate.fraction
        for rate in ExchangeRate.objects.filter(day__in={row.day for row in rows})
    }
    problems += [
        (row.number, _("the rate of %(day)s for %(quote)s is known otherwise") % {"day": row.day, "quote": row.quote})
        for row in rows
        if known.get(row.key, row.fraction) != row.fraction
    ]
    _refuse(problems)
    fresh = [row for row in rows if row.key not in known]
    source = _source(actor, Import.Kind.RATES, name, content, sha256, len(rows), len(rows) - len(fresh))
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(day=row.day, base=row.base, quote=row.quote, units=row.units, scale=row.scale, source=source)
            for row in fresh
        ],
        batch_size=5000,
    )
    return source


def _source(
    actor: Artist, kind: str, name: str, content: bytes, sha256: str, row_count: int, known_count: int
) -> Import:
    if not row_count:
        raise ImportRefused([(1, _("The file has no rows."))])
    return Import.objects.create(
        kind=kind,
        name=name[:200],
        sha256=sha256,
        content=content,
        row_count=row_count,
        known_count=known_count,
        created_by=actor,
    )


def _refuse(problems: list[tuple[int, str]]) -> None:
    if problems:
        raise ImportRefused(sorted(problems))


def _fresh_revenue(rows: Sequence[RevenueRow], known: KnownIncomes) -> tuple[list[RevenueRow], list[tuple[int, str]]]:
    """Rows not seen before, and those that contradict what stands by the same number."""
    numbers = [row.transaction for row in rows]
    suspense = {
        (waits.provider, waits.transaction): waits
        for waits in Suspense.objects.filter(transaction__in=numbers).order_by("again")
    }
    fresh, problems = [], []
    for row in rows:
        number = row.provider, row.transaction, row.kind
        waits = suspense.get((row.provider, row.transaction)) if row.kind not in GIVEN_BACK else None
        if waits is not None and _stands_open(waits, known.last(number)):
            problems.append((row.number, _words_of(waits)))
        elif any(_is_same(row, before) for before in known.rows(number)):
            continue
        elif known.standing(number) is None:
            fresh.append(row)
        else:
            problems.append((row.number, _("transaction %(id)s is known with other figures") % {"id": row.transaction}))
    return fresh, problems


def _is_same(row: RevenueRow, before: Income) -> bool:
    figures = before.amount_minor, before.currency, before.production_id, before.received_on
    return figures == (row.amount.amount_minor, row.amount.currency, row.production.pk, row.day)


def _stands_open(waits: Suspense, before: Income | None) -> bool:
    """Whether no income came of it, or the one that did was taken back."""
    return waits.resolution != Suspense.Resolution.INCOME and (before is None or before.again < waits.again)


def _words_of(waits: Suspense) -> str:
    """Why a transaction that a report brought to suspense is no income of this file."""
    if waits.resolution:
        return _("transaction %(id)s matched no production and was sent back") % {"id": waits.transaction}
    return _("transaction %(id)s waits in suspense; resolve it there") % {"id": waits.transaction}


def _fresh_costs(rows: Sequence[CostRow]) -> tuple[list[CostRow], list[tuple[int, str]]]:
    known = KnownBills([row.invoice for row in rows])
    fresh, problems = [], []
    for row in rows:
        bill = Bill(row.amount, row.production.pk, row.supplier, row.category, row.day)
        problem = known.problem(row.invoice, bill)
        if problem is not None:
            problems.append((row.number, problem))
        elif not known.knows(row.invoice, bill):
            fresh.append(row)
    return fresh, problems


def _settled_problems(
    rows: Iterable[tuple[int, Production, Money, dt.date]],
) -> list[tuple[int, str]]:
    days = open_from()
    return [
        (number, _("%(day)s and what came before it is settled; give a later day") % {"day": day})
        for number, production, amount, day in rows
        if is_settled(days, production.pk, amount.currency, day)
    ]
