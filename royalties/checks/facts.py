"""What each row of money asks of the ledger: the booking that it stands for, or that there is none.

The bookings are made by the same functions that post them, from the row as it is now.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from royalties import bookings
from royalties.bookings import Booking
from royalties.models import (
    Advance,
    BankExchange,
    Batch,
    BatchFee,
    Conversion,
    CorrectionMove,
    Cost,
    Income,
    Invoice,
    Payout,
    Remittance,
    ReportRow,
    Reserve,
    Reversal,
    Revision,
    RowVerdict,
    Statement,
    Suspense,
    Transfer,
    UnclaimedCase,
    Withholding,
)
from royalties.models.statement import BOOKED, documents_of
from royalties.postings import key_of, numbered_key

Row = TypeVar("Row", bound=Model)

AT_ONCE = 1000
COUNTS = Q(is_within_limit=True) | Q(approved_by__isnull=False)  # Cost.counts
ENDED = (Payout.Status.SETTLED, Payout.Status.FAILED, Payout.Status.RETURNED)
LEFT = (Payout.Status.SENT, *ENDED)
_ORIGIN = Suspense.objects.filter(
    provider=OuterRef("provider"),
    transaction=OuterRef("transaction"),
    again=OuterRef("again"),
    resolution=Suspense.Resolution.INCOME,
)
#: Income that came out of suspense stands in the entry of the suspense; a fee only where one had waited with its sale.
FROM_SUSPENSE = (Q(kind=Income.Kind.SALE) & Exists(_ORIGIN)) | (
    Q(kind=Income.Kind.FEE) & Exists(_ORIGIN.filter(fee_minor__gt=0))
)
#: Statements that booked a half: a loss has none, and a correction that later shares pay has none either.
_HALVED = Q(status__in=BOOKED) & (
    Q(corrects=None, current__pool_minor__gt=0)
    | Exists(CorrectionMove.objects.filter(correction=OuterRef("pk"), by=OuterRef("pk")))
)
#: The steps that an unclaimed balance has gone, by its status, and the key of each.
STEPS: dict[str, tuple[str, ...]] = {
    UnclaimedCase.Status.UNCLAIMED: ("aside",),
    UnclaimedCase.Status.CLAIMED: ("aside", "claim"),
    UnclaimedCase.Status.ESCHEAT: ("aside", "escheat"),
}
STEP_KEYS = {"aside": ("unc", ""), "escheat": ("esc", ""), "claim": ("unc", "claimed")}


class Fact(NamedTuple):
    """A row by its name, and the booking it asks for."""

    row: str
    booking: Callable[[], Booking]


class Nothing(NamedTuple):
    """A row by its name, and the key under which nothing is booked for it."""

    row: str
    key: str


def facts() -> Iterator[Fact]:
    """Every row that counts."""
    yield from chain(_incomes(), _suspense(), _costs(), _invoices(), _decisions(), _unclaimed())
    yield from chain(_batches(), _payouts(), _reports(), _statements(), _corrections())


def nothings() -> Iterator[Nothing]:
    """Every row that does not count, or not yet."""
    for suspense in _each(Suspense.objects.filter(resolution="")):
        words = "sus", suspense.provider, suspense.transaction, "resolved"
        yield Nothing(f"suspense {suspense.pk}", numbered_key(*words, again=suspense.again))
    for cost in _each(Cost.objects.exclude(COUNTS)):
        yield Nothing(f"cost {cost.pk}", numbered_key("cost", cost.invoice, again=cost.again))
    for invoice in _each(Invoice.objects.filter(received_on=None)):
        key = numbered_key("rcv", invoice.channel, invoice.number, again=invoice.again)
        yield Nothing(f"invoice {invoice.pk}", key)
    for advance in _each(Advance.objects.filter(approved_at=None)):
        yield Nothing(f"advance {advance.pk}", key_of("adv", advance.pk))
    for conversion in _each(Conversion.objects.filter(approved_at=None)):
        yield Nothing(f"conversion {conversion.pk}", key_of("cnv", conversion.pk))
    yield from _not_posted()
    for case in _each(UnclaimedCase.objects.all()):
        for step in STEP_KEYS.keys() - STEPS.get(case.status, ()):
            yield Nothing(f"unclaimed money {case.pk}", _step_key(case, step))


def _not_posted() -> Iterator[Nothing]:
    """Statements that are not booked, or booked nothing, and reserves that are not held or not let go."""
    # Named after its statement, which may have had another one that was dropped.
    for step, done in ("hold", "approved_at"), ("release", "released_at"):
        others = Reserve.objects.filter(**{f"{done}__isnull": False}).values("statement")
        for reserve in _each(Reserve.objects.select_related("statement").exclude(statement__in=others)):
            yield Nothing(f"reserve {reserve.pk}", key_of("rsv", reserve.statement.code, step))
    for statement in _each(Statement.objects.exclude(pk__in=Statement.objects.filter(_HALVED).values("pk"))):
        for step in ("split", "alloc"):
            yield Nothing(f"statement {statement.pk}", key_of("st", statement.code, step))


def _step_key(case: UnclaimedCase, step: str) -> str:
    root, end = STEP_KEYS[step]
    return key_of(root, case.pk, end) if end else key_of(root, case.pk)


def _each(rows: QuerySet[Row]) -> Iterator[Row]:
    return rows.order_by("pk").iterator(AT_ONCE)


def _incomes() -> Iterator[Fact]:
    for row in _each(Income.objects.exclude(FROM_SUSPENSE)):
        yield Fact(f"income {row.pk}", partial(bookings.income_booking, row))


def _suspense() -> Iterator[Fact]:
    """Waiting money and what became of it; income takes effect on the day that its own row says."""
    sales = Income.objects.filter(FROM_SUSPENSE, kind=Income.Kind.SALE)
    days = {row[:3]: row[3] for row in sales.values_list("provider", "transaction", "again", "received_on")}
    for row in _each(Suspense.objects.all()):
        name = f"suspense {row.pk}"
        if not row.again:  # what waits once more came by a reversal
            yield Fact(name, partial(bookings.suspense_booking, row))
        if row.resolution == Suspense.Resolution.RETURNED and row.resolved_at:
            yield Fact(name, partial(bookings.suspense_return_booking, row, row.resolved_at.date()))
        elif row.resolution == Suspense.Resolution.INCOME:
            on = days.get((row.provider, row.transaction, row.again), row.received_on)
            yield Fact(name, partial(bookings.suspense_income_booking, row, on))


def _costs() -> Iterator[Fact]:
    for row in _each(Cost.objects.filter(COUNTS)):
        yield Fact(f"cost {row.pk}", partial(bookings.cost_booking, row))


def _invoices() -> Iterator[Fact]:
    for row in _each(Invoice.objects.all()):
        yield Fact(f"invoice {row.pk}", partial(bookings.invoice_booking, row))
        if row.received_on:
            yield Fact(f"invoice {row.pk}", partial(bookings.invoice_receipt_booking, row, row.received_on))
    for transfer in _each(Transfer.objects.all()):
        yield Fact(f"transfer {transfer.pk}", partial(bookings.transfer_booking, transfer))
    for exchange in _each(BankExchange.objects.all()):
        yield Fact(f"bank exchange {exchange.pk}", partial(bookings.bank_exchange_booking, exchange))


def _decisions() -> Iterator[Fact]:
    taken_back = Reversal.objects.filter(approved_at__isnull=False).select_related("income", "cost", "invoice")
    for reversal in _each(taken_back):
        # One whose row is gone is named by its key, which leads to nothing (keys_lead_to_rows).
        if not (reversal.income or reversal.cost or reversal.invoice):
            continue
        yield Fact(f"reversal {reversal.pk}", partial(bookings.reversal_booking, reversal))
    for advance in _each(Advance.objects.select_related("payee").filter(approved_at__isnull=False)):
        yield Fact(f"advance {advance.pk}", partial(bookings.advance_booking, advance))
    for conversion in _each(Conversion.objects.filter(approved_at__isnull=False)):
        yield Fact(f"conversion {conversion.pk}", partial(bookings.conversion_booking, conversion))
    held = Reserve.objects.select_related("statement", "released_in").filter(approved_at__isnull=False)
    for reserve in _each(held):
        yield Fact(f"reserve {reserve.pk}", partial(bookings.reserve_booking, reserve))
        if reserve.released_in:
            yield Fact(f"reserve {reserve.pk}", partial(bookings.reserve_release_booking, reserve, reserve.released_in))


def _unclaimed() -> Iterator[Fact]:
    for case in _each(UnclaimedCase.objects.select_related("payee").filter(status__in=STEPS)):
        for step in STEPS[case.status]:
            moment = case.set_aside_at if step == "aside" else case.ended_at
            if moment:
                yield Fact(f"unclaimed money {case.pk}", partial(bookings.unclaimed_booking, case, step, moment.date()))


def _batches() -> Iterator[Fact]:
    """Money that left, with what was kept of it, what that cost, and tax that went on to its authority."""
    for batch in _each(Batch.objects.filter(submitted_at__isnull=False)):
        assert batch.submitted_at is not None  # as asked for; narrows the type
        payouts = batch.payouts.filter(status__in=LEFT).select_related("payee").prefetch_related("withholdings")
        on = batch.submitted_at.date()
        if not batch.bought:
            yield Fact(f"batch {batch.pk}", partial(bookings.batch_booking, batch, payouts.order_by("pk"), on))
        for payout in _each(payouts) if batch.bought else ():
            yield Fact(f"payout {payout.code}", partial(bookings.converted_booking, batch, payout, on))
    for fee in _each(BatchFee.objects.select_related("batch")):
        yield Fact(f"fee of batch {fee.batch_id}", partial(bookings.batch_fee_booking, fee))
    for remittance in _each(Remittance.objects.all()):
        withheld: dict[str, int] = defaultdict(int)
        rows = Withholding.objects.filter(remittance=remittance).order_by("pk")
        for payee, minor in rows.values_list("payout__payee__code", "amount_minor"):
            withheld[payee] += minor
        booking = partial(bookings.remittance_booking, remittance, withheld, remittance.made_at.date())
        yield Fact(f"remittance {remittance.pk}", booking)


def _payouts() -> Iterator[Fact]:
    """What became of each payment: it arrived, it never did, or it came back afterwards."""
    ended = Payout.objects.filter(status__in=ENDED).select_related("batch", "payee").prefetch_related("withholdings")
    for payout in _each(ended):
        name = f"payout {payout.code}"
        if payout.settled_at:
            yield Fact(name, partial(bookings.settled_booking, payout, payout.settled_at.date()))
        if payout.failed_at:
            is_back = payout.status == Payout.Status.RETURNED
            booking = bookings.came_back_booking if is_back else bookings.failed_booking
            yield Fact(name, partial(booking, payout, payout.failed_at.date()))


def _reports() -> Iterator[Fact]:
    """Rows of providers' reports that explain no payout of ours."""
    for row in _each(ReportRow.objects.exclude(booked="").select_related("report", "payout__payee")):
        booking = partial(bookings.row_booking, row, row.report.provider, row.report.taken_at.date())
        yield Fact(f"line {row.number} of report {row.report_id}", booking)
    owed = ReportRow.objects.filter(verdict__outcome=RowVerdict.Outcome.OWED_BACK, payout__isnull=False)
    owed = owed.select_related("verdict", "payout__payee").prefetch_related("payout__withholdings__remittance")
    for row in _each(owed):
        assert row.payout is not None  # as asked for; narrows the type
        # The one verdict by which the payment was found to have arrived takes its tax back as well.
        arrived = row.payout if row.payout.recovered_at == row.verdict.decided_at else None
        on = row.verdict.decided_at.date()
        booking = partial(bookings.recovered_booking, row, row.payout.payee, on, arrived=arrived)
        yield Fact(f"verdict on line {row.number} of report {row.report_id}", booking)


def _statements() -> Iterator[Fact]:
    """What posted statements divided; the days that they settled are open again where one says it is not posted."""
    halved = Statement.objects.booked().filter(_HALVED).select_related("current").defer(*documents_of("current"))
    for statement in _each(halved):
        yield Fact(f"statement {statement.pk}", partial(_split, statement))
        yield Fact(f"statement {statement.pk}", partial(_allocation, statement))


def _split(statement: Statement) -> Booking:
    assert statement.current is not None  # as asked for; narrows the type
    return bookings.split_booking(statement, statement.current, _posted_on(statement))


def _allocation(statement: Statement) -> Booking:
    """The document is read anew and let go at once, so that it does not stay with all the other facts."""
    assert statement.current_id is not None  # as asked for; narrows the type
    revision = Revision.objects.get(pk=statement.current_id)
    return bookings.allocation_booking(statement, revision, revision.result["amounts"], _posted_on(statement))


def _corrections() -> Iterator[Fact]:
    """What was moved for corrections: paid by the house, or out of a later share."""
    moves = CorrectionMove.objects.order_by("correction_id", "by_id", "payee__code")
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for *pair, payee, minor in moves.values_list("correction_id", "by_id", "payee__code", "amount_minor"):
        found[pair[0], pair[1]][payee] = minor
    statements = Statement.objects.in_bulk({number for numbers in found for number in numbers})
    for numbers, amounts in found.items():
        # One whose statement is gone is named by its key, which leads to nothing (keys_lead_to_rows).
        if not statements.keys() >= {*numbers}:
            continue
        correction, by = (statements[number] for number in numbers)
        name = f"correction {correction.pk} by statement {by.pk}"
        yield Fact(name, partial(_moved, correction, by, amounts))
        if correction == by:
            yield Fact(name, partial(_house_split, correction, amounts))


def _moved(correction: Statement, by: Statement, amounts: dict[str, int]) -> Booking:
    return bookings.correction_booking(correction, by, amounts, _posted_on(by))


def _house_split(correction: Statement, amounts: dict[str, int]) -> Booking:
    return bookings.house_split_booking(correction, amounts, _posted_on(correction))


def _posted_on(statement: Statement) -> dt.date:
    if statement.posted_at is None:
        raise ValueError("it has no day on which it was posted")
    if statement.status not in BOOKED:
        raise ValueError(f"it is {statement.status}")
    return statement.posted_at.date()
