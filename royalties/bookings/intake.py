"""Money in: income, costs, what waits in suspense, reversals, conversions, invoices."""

from __future__ import annotations

import datetime as dt

from royalties import accounts, postings
from royalties.bookings.booking import Booking, mirror_of
from royalties.ledger import Receipt
from royalties.models import (
    Conversion,
    Cost,
    Income,
    Invoice,
    JournalEntry,
    Reversal,
    Suspense,
)
from royalties.money import Money
from royalties.movement import production_code


def income_received(income: Income) -> Receipt:
    """A sale, a refund, or a channel's fee and what it gives back of one."""
    return income_booking(income).post()


def income_booking(income: Income) -> Booking:
    """What an income that a report told of asks for."""
    facts = {
        "production": production_code(income.production_id),
        "provider": income.provider,
        "transaction": income.transaction,
        "money": Money(income.amount_minor, income.currency),
        "again": income.again,
    }
    if income.kind == Income.Kind.SALE:
        draft = postings.revenue_received(channel=income.channel, **facts)  # type: ignore[arg-type]  # one dictionary for four
    elif income.kind == Income.Kind.REFUND:
        draft = postings.refund(**facts)  # type: ignore[arg-type]  # as above
    elif income.kind == Income.Kind.FEE:
        draft = postings.channel_fee(**facts)  # type: ignore[arg-type]  # as above
    else:
        draft = postings.channel_rebate(**facts)  # type: ignore[arg-type]  # as above
    return Booking(draft, income.received_on, {"income": income.pk})


def cost_paid(cost: Cost) -> Receipt:
    """An approved cost."""
    return cost_booking(cost).post()


def cost_booking(cost: Cost) -> Booking:
    """What a cost that counts asks for."""
    draft = postings.cost_paid(
        production=production_code(cost.production_id),
        category=cost.category,
        invoice=cost.invoice,
        money=Money(cost.amount_minor, cost.currency),
        again=cost.again,
    )
    return Booking(draft, cost.paid_on, {"cost": cost.pk})


def suspense_received(row: Suspense) -> Receipt:
    """Money that matches nothing waits, net of what the channel kept."""
    return suspense_booking(row).post()


def suspense_booking(row: Suspense) -> Booking:
    """What money in suspense asks for."""
    draft = postings.unmatched_received(provider=row.provider, transaction=row.transaction, money=row.net)
    return Booking(draft, row.received_on, {"suspense": row.pk})


def suspense_became_income(row: Suspense, on: dt.date) -> Receipt:
    """A person has said which production it belongs to."""
    return suspense_income_booking(row, on).post()


def suspense_income_booking(row: Suspense, on: dt.date) -> Booking:
    """What suspense that became income asks for: sale and fee in one entry."""
    draft = postings.unmatched_became_income(
        production=production_code(row.production_id or 0),
        channel=row.channel,
        provider=row.provider,
        transaction=row.transaction,
        gross=Money(row.amount_minor, row.currency),
        fee=Money(row.fee_minor, row.currency),
        again=row.again,
    )
    return Booking(draft, on, {"suspense": row.pk})


def suspense_returned(row: Suspense, on: dt.date) -> Receipt:
    """It went back to who had sent it."""
    return suspense_return_booking(row, on).post()


def suspense_return_booking(row: Suspense, on: dt.date) -> Booking:
    """What suspense that was sent back asks for."""
    draft = postings.unmatched_resolved(
        provider=row.provider,
        transaction=row.transaction,
        belongs_to=accounts.clearing(row.provider, row.currency),
        money=row.net,
        again=row.again,
    )
    return Booking(draft, on, {"suspense": row.pk})


def income_entry(income: Income) -> JournalEntry | None:
    """The entry that an income stands in; that of a resolved suspense holds sale and fee together."""
    kind = Income.Kind
    prefixes = {kind.SALE: "inc", kind.REFUND: "ref", kind.FEE: "fee", kind.REBATE: "reb"}
    words = prefixes[kind(income.kind)], income.provider, income.transaction
    keys = [postings.numbered_key(*words, again=income.again)]
    if income.kind == Income.Kind.SALE:
        keys.append(postings.numbered_key("sus", income.provider, income.transaction, "resolved", again=income.again))
    return JournalEntry.objects.filter(idempotency_key__in=keys).first()


def entry_of(row: Income | Cost | Invoice) -> JournalEntry | None:
    """The entry in which something stands that may be taken back; none where it is not booked."""
    if isinstance(row, Income):
        return income_entry(row)
    booking = cost_booking(row) if isinstance(row, Cost) else invoice_booking(row)
    return JournalEntry.objects.filter(idempotency_key=booking.draft.key).first()


def taken_back(reversal: Reversal) -> Receipt:
    """The mirror image of an entry."""
    return reversal_booking(reversal).post()


def reversal_booking(reversal: Reversal) -> Booking:
    """What an approved reversal asks for; LookupError where what it takes back is not booked."""
    row = reversal.of
    entry = entry_of(row)
    if entry is None:
        raise LookupError(f"nothing is booked for {row}")
    return mirror_of(entry, reversal.takes_effect_on, {"reversal": reversal.pk, str(row._meta.model_name): row.pk})


def income_converted(conversion: Conversion) -> Receipt:
    """A production's period from one currency into another."""
    return conversion_booking(conversion).post()


def conversion_booking(conversion: Conversion) -> Booking:
    """What an approved conversion asks for."""
    draft = postings.income_converted(
        conversion=str(conversion.pk),
        pair=accounts.pair_of(conversion.sold, conversion.bought),
        moved=[(line["from"], line["amount"], line["into"], line["converted"]) for line in conversion.lines],
    )
    return Booking(draft, conversion.last_day, {"conversion": conversion.pk})


def invoice_sent(invoice: Invoice) -> Receipt:
    """Revenue from the day it was billed."""
    return invoice_booking(invoice).post()


def invoice_booking(invoice: Invoice) -> Booking:
    """What an invoice asks for."""
    draft = postings.revenue_invoiced(
        production=production_code(invoice.production_id),
        channel=invoice.channel,
        invoice=invoice.number,
        money=Money(invoice.amount_minor, invoice.currency),
        again=invoice.again,
    )
    return Booking(draft, invoice.invoiced_on, {"invoice": invoice.pk})


def invoice_received(invoice: Invoice, on: dt.date) -> Receipt:
    """What was billed has come."""
    return invoice_receipt_booking(invoice, on).post()


def invoice_receipt_booking(invoice: Invoice, on: dt.date) -> Booking:
    """What an invoice that was paid asks for."""
    draft = postings.invoice_received(
        channel=invoice.channel,
        invoice=invoice.number,
        provider=invoice.provider,
        money=Money(invoice.amount_minor, invoice.currency),
        again=invoice.again,
    )
    return Booking(draft, on, {"invoice": invoice.pk})
