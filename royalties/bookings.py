"""From rows of the statement side to entries of the ledger: the only place where the two meet.

Each function posts one fact, once: the ledger's keys make a repetition return the first entry.
Ids in account codes are opaque: `pr3`, a payee's code, `st12`, a batch's number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from royalties import accounts, ledger, postings
from royalties.models import (
    Advance,
    Batch,
    Conversion,
    Cost,
    Income,
    Invoice,
    JournalEntry,
    Payout,
    Reserve,
    Reversal,
    Revision,
    Statement,
    Suspense,
    Transfer,
)
from royalties.money import Money
from royalties.movement import production_code
from royalties.postings import PayoutItem


def income_received(income: Income) -> JournalEntry:
    """A sale, a refund or a channel's fee."""
    facts = {
        "production": production_code(income.production_id),
        "provider": income.provider,
        "transaction": income.transaction,
        "money": Money(income.amount_minor, income.currency),
    }
    if income.kind == Income.Kind.SALE:
        draft = postings.revenue_received(channel=income.channel, **facts)  # type: ignore[arg-type]  # one dictionary for three
    elif income.kind == Income.Kind.REFUND:
        draft = postings.refund(**facts)  # type: ignore[arg-type]  # as above
    else:
        draft = postings.channel_fee(**facts)  # type: ignore[arg-type]  # as above
    return ledger.post(draft, effective_on=income.received_on, source={"income": income.pk})


def cost_paid(cost: Cost) -> JournalEntry:
    """An approved cost."""
    draft = postings.cost_paid(
        production=production_code(cost.production_id),
        category=cost.category,
        invoice=cost.invoice,
        money=Money(cost.amount_minor, cost.currency),
    )
    return ledger.post(draft, effective_on=cost.paid_on, source={"cost": cost.pk})


def statement_posted(statement: Statement, revision: Revision, on: dt.date) -> None:
    """The artists' half leaves the production, and goes to every payee."""
    production = production_code(statement.production_id)
    amounts = dict(revision.lines.values_list("payee__code", "amount_minor"))
    source = {"statement": statement.pk, "revision": revision.number, "result_sha256": revision.result_sha256}
    split = postings.statement_split(
        statement=statement.code,
        production=production,
        pool=Money(revision.pool_minor, statement.currency),
    )
    allocation = postings.statement_allocation(
        statement=statement.code,
        production=production,
        currency=statement.currency,
        amounts=amounts,
    )
    for draft in (split, allocation):
        ledger.post(draft, effective_on=on, source=source)
    _advances_recouped(statement, amounts, on, source)


def payout_submitted(batch: Batch, payouts: list[Payout], on: dt.date) -> JournalEntry:
    """What was payable is in transit."""
    draft = postings.payout_submitted(batch=batch.code, items=[_item(payout) for payout in payouts])
    return ledger.post(draft, effective_on=on, source={"batch": batch.pk})


def payout_settled(payout: Payout, on: dt.date) -> JournalEntry:
    """The provider paid it out."""
    draft = postings.payout_settled(
        batch=payout.batch.code,
        item_id=payout.code,
        item=_item(payout),
        provider=payout.batch.method,
    )
    return ledger.post(draft, effective_on=on, source={"payout": payout.pk})


def payout_failed(payout: Payout, on: dt.date) -> JournalEntry:
    """It came back and is payable again."""
    draft = postings.payout_failed(batch=payout.batch.code, item_id=payout.code, item=_item(payout))
    return ledger.post(draft, effective_on=on, source={"payout": payout.pk})


def payable_balances(currency: str) -> dict[str, int]:
    """What we owe each payee, by code; a liability's balance is negative in the ledger."""
    owed = ledger.balances_below("payable:")
    return {
        code.split(":", 1)[1].rsplit(":", 1)[0]: -balance.amount_minor
        for code, balance in owed.items()
        if balance.currency == currency and balance.amount_minor < 0
    }


def _item(payout: Payout) -> PayoutItem:
    return PayoutItem(payee=payout.payee.code, gross=Money(payout.amount_minor, payout.currency))


# --- money in, in depth ---


def suspense_received(row: Suspense) -> JournalEntry:
    """Money that matches nothing waits, net of what the channel kept."""
    draft = postings.unmatched_received(provider=row.provider, transaction=row.transaction, money=row.net)
    return ledger.post(draft, effective_on=row.received_on, source={"suspense": row.pk})


def suspense_became_income(row: Suspense, on: dt.date) -> JournalEntry:
    """A person has said which production it belongs to."""
    draft = postings.unmatched_became_income(
        production=production_code(row.production_id or 0),
        channel=row.channel,
        provider=row.provider,
        transaction=row.transaction,
        gross=Money(row.amount_minor, row.currency),
        fee=Money(row.fee_minor, row.currency),
    )
    return ledger.post(draft, effective_on=on, source={"suspense": row.pk})


def suspense_returned(row: Suspense, on: dt.date) -> JournalEntry:
    """It went back to who had sent it."""
    draft = postings.unmatched_resolved(
        provider=row.provider,
        transaction=row.transaction,
        belongs_to=accounts.clearing(row.provider, row.currency),
        money=row.net,
    )
    return ledger.post(draft, effective_on=on, source={"suspense": row.pk})


def income_entry(income: Income) -> JournalEntry | None:
    """The entry that an income stands in; that of a resolved suspense holds sale and fee together."""
    prefix = {Income.Kind.SALE: "inc", Income.Kind.REFUND: "ref", Income.Kind.FEE: "fee"}[Income.Kind(income.kind)]
    keys = [postings.key_of(prefix, income.provider, income.transaction)]
    if income.kind == Income.Kind.SALE:
        keys.append(postings.key_of("sus", income.provider, income.transaction, "resolved"))
    return JournalEntry.objects.filter(idempotency_key__in=keys).first()


def income_reversed(reversal: Reversal, entry: JournalEntry) -> JournalEntry:
    """The mirror image of an income's entry."""
    return ledger.reverse_entry(
        entry, effective_on=reversal.takes_effect_on, source={"reversal": reversal.pk, "income": reversal.income_id}
    )


def reserve_held(reserve: Reserve) -> JournalEntry:
    """Kept back from the last day of its statement."""
    statement = reserve.statement
    draft = postings.reserve_held(
        statement=statement.code, production=production_code(statement.production_id), money=reserve.money
    )
    return ledger.post(draft, effective_on=statement.last_day, source={"reserve": reserve.pk})


def reserve_released(reserve: Reserve, into: Statement) -> JournalEntry:
    """Let go into a later statement, by the name of the one that held it: once."""
    statement = reserve.statement
    draft = postings.reserve_released(
        statement=statement.code, production=production_code(statement.production_id), money=reserve.money
    )
    source = {"reserve": reserve.pk, "statement": into.pk}
    return ledger.post(draft, effective_on=into.last_day, source=source)


def advance_paid(advance: Advance) -> JournalEntry:
    """The payee has it, and owes it to the production's shares."""
    draft = postings.advance_paid(
        advance=str(advance.pk),
        payee=advance.payee.code,
        production=production_code(advance.production_id),
        money=advance.money,
    )
    return ledger.post(draft, effective_on=advance.paid_on, source={"advance": advance.pk})


def advances_open(production_id: int, currency: str) -> dict[str, int]:
    """What is still to be recouped from a production's shares, by payee's code, in minor units."""
    end = f":{production_code(production_id)}:{currency}"
    return {
        code.removeprefix("advance:").removesuffix(end): balance.amount_minor
        for code, balance in ledger.balances_below("advance:").items()
        if code.endswith(end) and balance.amount_minor > 0
    }


def _advances_recouped(
    statement: Statement, amounts: Mapping[str, int], on: dt.date, source: Mapping[str, Any]
) -> None:
    """From each share what the payee has had before, and never more than the share."""
    for payee, left in sorted(advances_open(statement.production_id, statement.currency).items()):
        back = min(left, amounts.get(payee, 0))
        if back > 0:
            draft = postings.advance_recouped(
                statement=statement.code,
                payee=payee,
                production=production_code(statement.production_id),
                money=Money(back, statement.currency),
            )
            ledger.post(draft, effective_on=on, source=source)


def income_converted(conversion: Conversion) -> JournalEntry:
    """A production's period from one currency into another."""
    draft = postings.income_converted(
        conversion=str(conversion.pk),
        pair="-".join(sorted((conversion.sold, conversion.bought))),
        moved=[(line["from"], line["amount"], line["into"], line["converted"]) for line in conversion.lines],
    )
    return ledger.post(draft, effective_on=conversion.last_day, source={"conversion": conversion.pk})


def invoice_sent(invoice: Invoice) -> JournalEntry:
    """Revenue from the day it was billed."""
    draft = postings.revenue_invoiced(
        production=production_code(invoice.production_id),
        channel=invoice.channel,
        invoice=invoice.number,
        money=Money(invoice.amount_minor, invoice.currency),
    )
    return ledger.post(draft, effective_on=invoice.invoiced_on, source={"invoice": invoice.pk})


def invoice_received(invoice: Invoice, on: dt.date) -> JournalEntry:
    """What was billed has come."""
    draft = postings.invoice_received(
        channel=invoice.channel,
        invoice=invoice.number,
        provider=invoice.provider,
        money=Money(invoice.amount_minor, invoice.currency),
    )
    return ledger.post(draft, effective_on=on, source={"invoice": invoice.pk})


def transfer_arrived(transfer: Transfer) -> JournalEntry:
    """From a provider to the bank."""
    draft = postings.provider_paid_out(
        provider=transfer.provider,
        transfer=transfer.number,
        money=Money(transfer.amount_minor, transfer.currency),
    )
    return ledger.post(draft, effective_on=transfer.arrived_on, source={"transfer": transfer.pk})
