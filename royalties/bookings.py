"""From rows of the statement side to entries of the ledger: the only place where the two meet.

Each function posts one fact, once: the ledger's keys make a repetition return the first entry.
Ids in account codes are opaque: `pr3`, a payee's code, `st12`, a batch's number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from royalties import ledger, postings
from royalties.models import Batch, Cost, Income, JournalEntry, Payout, Revision, Statement
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


def correction_paid_by_house(correction: Statement, gains: Mapping[str, int], on: dt.date) -> None:
    """What was missing comes from the house: a further artists' share, and only to who had too little."""
    production = production_code(correction.production_id)
    split = postings.statement_split(
        statement=correction.code,
        production=production,
        pool=Money(sum(gains.values()), correction.currency),
    )
    given = postings.statement_correction(
        statement=correction.code, number=1, production=production, currency=correction.currency, deltas=gains
    )
    for draft in (split, given):
        ledger.post(draft, effective_on=on, source={"statement": correction.pk, "corrects": correction.corrects_id})


def correction_moved(correction: Statement, by: Statement, amounts: Mapping[str, int], on: dt.date) -> JournalEntry:
    """Out of what a later statement gave: from who once had too much to who had too little."""
    draft = postings.statement_correction(
        statement=by.code,
        number=correction.pk,
        production=production_code(by.production_id),
        currency=by.currency,
        deltas=amounts,
    )
    return ledger.post(draft, effective_on=on, source={"statement": by.pk, "correction": correction.pk})


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
