"""What becomes of payments asks of the ledger: arrivals, returns, providers' reports, verdicts, fees, holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, groupby, islice

from royalties import bookings
from royalties.bookings import Booking
from royalties.checks.fact import AT_ONCE, Fact, each, fact_of
from royalties.models import JournalEntry, JournalLine, Payout, PayoutHold, ReportRow, RowVerdict
from royalties.money import Money
from royalties.postings import key_of

ENDED = (Payout.Status.SETTLED, Payout.Status.FAILED, Payout.Status.RETURNED)


def facts_of_payouts() -> Iterator[Fact]:
    """Every row that counts."""
    yield from chain(_payouts(), _reports(), _verdicts(), _fees(), _holds())


def _payouts() -> Iterator[Fact]:
    """What became of each payment: it arrived, it never did, or it came back afterwards."""
    ended = Payout.objects.filter(status__in=ENDED).select_related("batch", "payee").prefetch_related("withholdings")
    for payout in each(ended):
        name = f"payout {payout.code}"
        if payout.settled_at:
            yield Fact(name, partial(bookings.settled_booking, payout, payout.settled_at.date()))
        if payout.failed_at:
            is_back = payout.status == Payout.Status.RETURNED
            booking = bookings.came_back_booking if is_back else bookings.failed_booking
            yield Fact(name, partial(booking, payout, payout.failed_at.date()))
            if is_back:
                yield Fact(name, partial(bookings.arrival_reversal_booking, payout, payout.failed_at.date()))


def _reports() -> Iterator[Fact]:
    """Rows of providers' reports that explain no payout of ours."""
    for row in each(ReportRow.objects.exclude(booked="").select_related("report", "payout__payee")):
        booking = partial(bookings.row_booking, row, row.report.provider, row.report.taken_at.date())
        yield Fact(f"line {row.number} of report {row.report_id}", booking)


def _verdicts() -> Iterator[Fact]:
    """What was decided about those rows; who has the money of one that belongs to somebody stands in its entry alone."""
    decided = ReportRow.objects.filter(verdict__isnull=False).exclude(verdict__outcome=RowVerdict.Outcome.NOTED)
    decided = decided.select_related("report", "verdict", "payout__payee", "payout__batch")
    for row in each(decided.prefetch_related("payout__withholdings__remittance")):
        rule = VERDICTS[row.verdict.outcome]
        yield Fact(f"verdict on line {row.number} of report {row.report_id}", partial(rule, row))


def _owed_back(row: ReportRow) -> Booking:
    if row.payout is None:
        raise LookupError("nobody is known who owes it")
    # The one verdict by which the payment was found to have arrived takes its tax back as well.
    arrived = row.payout if row.payout.recovered_at == row.verdict.decided_at else None
    return bookings.recovered_booking(row, row.payout.payee, row.verdict.decided_at.date(), arrived=arrived)


def _belongs(row: ReportRow) -> Booking:
    provider = row.report.provider
    key = key_of("sus", provider, f"report-{row.report_id}-{row.number}", "resolved")
    payable = JournalLine.objects.filter(entry__idempotency_key=key, account__code__startswith="payable:").first()
    if payable is None:
        raise LookupError(f"{key} gives nobody anything")
    payee = payable.account.code.split(":", 1)[1].rsplit(":", 1)[0]
    return bookings.belongs_booking(row, provider, payee, row.verdict.decided_at.date())


VERDICTS: dict[str, Callable[[ReportRow], Booking]] = {
    RowVerdict.Outcome.REPORT_WRONG: lambda row: bookings.wrong_booking(row, row.verdict.decided_at.date()),
    RowVerdict.Outcome.OWED_BACK: _owed_back,
    RowVerdict.Outcome.LOST: lambda row: bookings.lost_booking(row, row.verdict.decided_at.date()),
    RowVerdict.Outcome.BELONGS: _belongs,
}


def _fees() -> Iterator[Fact]:
    """Fees that reports tell of by payment. Of rows that tell of one again, one alone was booked: that which fits."""
    rows = ReportRow.objects.filter(payout__isnull=False, fee_minor__gt=0, booked="", outcome__in=ReportRow.CHARGED)
    told = rows.select_related("report", "payout__batch").order_by("payout_id", "pk").iterator(AT_ONCE)
    by_payout = groupby(told, key=lambda row: row.payout_id)
    while some := [[*same] for _payout, same in islice(by_payout, AT_ONCE)]:
        found: dict[str, dict[str, tuple[ReportRow, Booking]]] = defaultdict(dict)
        for row in chain(*some):
            assert row.payout is not None  # as asked for; narrows the type
            booking = bookings.payout_fee_booking(row.payout, row, row.report.taken_at.date())
            found[booking.draft.key][booking.request_hash()] = row, booking
        booked = JournalEntry.objects.filter(idempotency_key__in=found)
        for key, request in booked.values_list("idempotency_key", "request_sha256"):
            first, *_others = found[key].values()
            row, booking = found[key].get(request, first)
            yield fact_of(f"fee in line {row.number} of report {row.report_id}", booking)


def _holds() -> Iterator[Fact]:
    """What holds took and gave back; how much it was stands in their entries alone."""
    for hold in each(PayoutHold.objects.exclude(currencies=[]).select_related("payee")):
        taken = {money.currency: money for money in bookings.held_by(hold)}
        for currency in hold.currencies:
            money = taken.get(currency)
            yield Fact(f"hold {hold.pk}", partial(_held, bookings.hold_booking, hold, money, hold.placed_at.date()))
            if hold.lifted_at:
                booking = partial(_held, bookings.release_booking, hold, money, hold.lifted_at.date())
                yield Fact(f"hold {hold.pk}", booking)


def _held(
    rule: Callable[[PayoutHold, Money, dt.date], Booking], hold: PayoutHold, money: Money | None, on: dt.date
) -> Booking:
    if money is None:
        raise LookupError("it took nothing in a currency that it names")
    return rule(hold, money, on)
