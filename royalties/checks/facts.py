"""What each row of money asks of the ledger: the booking that it stands for, or that there is none.

The bookings are made by the same functions that post them, from the row as it is now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import chain

from django.db.models import Exists, OuterRef, Q

from profiles.models import Event
from royalties import bookings, ledger
from royalties.accounts import currency_of
from royalties.bookings import Booking
from royalties.checks.fact import Fact, Nothing, each
from royalties.checks.facts_of_payouts import ENDED, facts_of_payouts
from royalties.checks.facts_of_statements import facts_of_statements, not_posted
from royalties.models import (
    Advance,
    BankExchange,
    Batch,
    BatchFee,
    Conversion,
    Cost,
    Income,
    Invoice,
    JournalEntry,
    Payout,
    Remittance,
    Reversal,
    Suspense,
    Transfer,
    UnclaimedCase,
    Withholding,
)
from royalties.money import Money
from royalties.postings import key_of, numbered_key

COUNTS = Q(is_within_limit=True) | Q(approved_by__isnull=False)  # Cost.counts
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
#: The steps that an unclaimed balance has gone, by its status, and the key of each.
STEPS: dict[str, tuple[str, ...]] = {
    UnclaimedCase.Status.UNCLAIMED: ("aside",),
    UnclaimedCase.Status.CLAIMED: ("aside", "claim"),
    UnclaimedCase.Status.ESCHEAT: ("aside", "escheat"),
}
STEP_KEYS = {"aside": ("unc", ""), "escheat": ("esc", ""), "claim": ("unc", "claimed")}


def facts() -> Iterator[Fact]:
    """Every row that counts."""
    yield from chain(_openings(), _incomes(), _suspense(), _costs(), _invoices(), _decisions(), _unclaimed())
    yield from chain(_batches(), facts_of_payouts(), facts_of_statements())


def nothings() -> Iterator[Nothing]:
    """Every row that does not count, or not yet."""
    for suspense in each(Suspense.objects.filter(resolution="")):
        words = "sus", suspense.provider, suspense.transaction, "resolved"
        yield Nothing(f"suspense {suspense.pk}", numbered_key(*words, again=suspense.again))
    for cost in each(Cost.objects.exclude(COUNTS)):
        yield Nothing(f"cost {cost.pk}", numbered_key("cost", cost.invoice, again=cost.again))
    for invoice in each(Invoice.objects.filter(received_on=None)):
        key = numbered_key("rcv", invoice.channel, invoice.number, again=invoice.again)
        yield Nothing(f"invoice {invoice.pk}", key)
    for advance in each(Advance.objects.filter(approved_at=None)):
        yield Nothing(f"advance {advance.pk}", key_of("adv", advance.pk))
    for conversion in each(Conversion.objects.filter(approved_at=None)):
        yield Nothing(f"conversion {conversion.pk}", key_of("cnv", conversion.pk))
    yield from not_posted()
    for case in each(UnclaimedCase.objects.all()):
        for step in STEP_KEYS.keys() - STEPS.get(case.status, ()):
            yield Nothing(f"unclaimed money {case.pk}", _step_key(case, step))


def _step_key(case: UnclaimedCase, step: str) -> str:
    root, end = STEP_KEYS[step]
    return key_of(root, case.pk, end) if end else key_of(root, case.pk)


def _openings() -> Iterator[Fact]:
    """The beginnings of the books, and what was taken back of them; of either an event alone is kept beside the entry."""
    begun: Counter[str] = Counter()
    for entry in _entries_about("royalties.books_opened"):
        yield Fact(f"opening {entry.pk}", partial(_opening, entry, begun))
    for entry in _entries_about("royalties.opening_taken_back"):
        yield Fact(f"opening {entry.pk}", partial(bookings.opening_reversal_booking, entry))


def _entries_about(verb: str) -> Iterator[JournalEntry]:
    topics = Event.objects.filter(verb=verb).values_list("topic", flat=True)
    numbers = [int(number) for _model, _, number in (topic.partition(":") for topic in topics)]
    return each(JournalEntry.objects.filter(pk__in=numbers))


def _opening(entry: JournalEntry, begun: Counter[str]) -> Booking:
    """The amount stands in the entry alone."""
    moved = ledger.lines_of(entry)[0]
    money = Money(moved.amount_minor, currency_of(moved.account))
    begun[money.currency] += 1
    return bookings.opening_booking(money, entry.effective_on, again=begun[money.currency] - 1)


def _incomes() -> Iterator[Fact]:
    for row in each(Income.objects.exclude(FROM_SUSPENSE)):
        yield Fact(f"income {row.pk}", partial(bookings.income_booking, row))


def _suspense() -> Iterator[Fact]:
    """Waiting money and what became of it; income takes effect on the day that its own row says."""
    sales = Income.objects.filter(FROM_SUSPENSE, kind=Income.Kind.SALE)
    days = {row[:3]: row[3] for row in sales.values_list("provider", "transaction", "again", "received_on")}
    for row in each(Suspense.objects.all()):
        name = f"suspense {row.pk}"
        if not row.again:  # what waits once more came by a reversal
            yield Fact(name, partial(bookings.suspense_booking, row))
        if row.resolution == Suspense.Resolution.RETURNED and row.resolved_at:
            yield Fact(name, partial(bookings.suspense_return_booking, row, row.resolved_at.date()))
        elif row.resolution == Suspense.Resolution.INCOME:
            on = days.get((row.provider, row.transaction, row.again), row.received_on)
            yield Fact(name, partial(bookings.suspense_income_booking, row, on))


def _costs() -> Iterator[Fact]:
    for row in each(Cost.objects.filter(COUNTS)):
        yield Fact(f"cost {row.pk}", partial(bookings.cost_booking, row))


def _invoices() -> Iterator[Fact]:
    for row in each(Invoice.objects.all()):
        yield Fact(f"invoice {row.pk}", partial(bookings.invoice_booking, row))
        if row.received_on:
            yield Fact(f"invoice {row.pk}", partial(bookings.invoice_receipt_booking, row, row.received_on))
    for transfer in each(Transfer.objects.all()):
        yield Fact(f"transfer {transfer.pk}", partial(bookings.transfer_booking, transfer))
    for exchange in each(BankExchange.objects.all()):
        yield Fact(f"bank exchange {exchange.pk}", partial(bookings.bank_exchange_booking, exchange))


def _decisions() -> Iterator[Fact]:
    taken_back = Reversal.objects.filter(approved_at__isnull=False).select_related("income", "cost", "invoice")
    for reversal in each(taken_back):
        # One whose row is gone is named by its key, which leads to nothing (keys_lead_to_rows).
        if not (reversal.income or reversal.cost or reversal.invoice):
            continue
        yield Fact(f"reversal {reversal.pk}", partial(bookings.reversal_booking, reversal))
    for advance in each(Advance.objects.select_related("payee").filter(approved_at__isnull=False)):
        yield Fact(f"advance {advance.pk}", partial(bookings.advance_booking, advance))
    for conversion in each(Conversion.objects.filter(approved_at__isnull=False)):
        yield Fact(f"conversion {conversion.pk}", partial(bookings.conversion_booking, conversion))


def _unclaimed() -> Iterator[Fact]:
    for case in each(UnclaimedCase.objects.select_related("payee").filter(status__in=STEPS)):
        for step in STEPS[case.status]:
            moment = case.set_aside_at if step == "aside" else case.ended_at
            if moment:
                yield Fact(f"unclaimed money {case.pk}", partial(bookings.unclaimed_booking, case, step, moment.date()))


def _batches() -> Iterator[Fact]:
    """Money that left, with what was kept of it, what that cost, and tax that went on to its authority."""
    for batch in each(Batch.objects.filter(submitted_at__isnull=False)):
        assert batch.submitted_at is not None  # as asked for; narrows the type
        payouts = batch.payouts.filter(status__in=LEFT).select_related("payee").prefetch_related("withholdings")
        on = batch.submitted_at.date()
        if not batch.bought:
            booking = partial(bookings.batch_booking, batch, payouts.order_by("pk"), on)
            yield Fact(f"batch {batch.pk}", booking, key_of("po", batch.code))
        for payout in each(payouts) if batch.bought else ():
            yield Fact(f"payout {payout.code}", partial(bookings.converted_booking, batch, payout, on))
    for fee in each(BatchFee.objects.select_related("batch")):
        yield Fact(f"fee of batch {fee.batch_id}", partial(bookings.batch_fee_booking, fee))
    for remittance in each(Remittance.objects.all()):
        withheld: dict[str, int] = defaultdict(int)
        rows = Withholding.objects.filter(remittance=remittance).order_by("pk")
        for payee, minor in rows.values_list("payout__payee__code", "amount_minor"):
            withheld[payee] += minor
        booking = partial(bookings.remittance_booking, remittance, withheld, remittance.made_at.date())
        yield Fact(f"remittance {remittance.pk}", booking)
