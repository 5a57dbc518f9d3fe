"""Entries for the tests of the ledger: one sale, and the whole story of a cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from royalties import accounts, ledger, postings
from royalties.models import JournalEntry
from royalties.money import Money
from royalties.postings import Line, PayoutItem

DEBIT, CREDIT = "clearing:paypal:USD", "revenue:pr1:shop:USD"
DAY = dt.date(2026, 3, 31)
#: What asks for the rows behind entries and accounts, which entries made by hand in a test do not have.
OF_ROWS = ("every_entry_is_wanted", "accounts_have_their_payees")
SALE = [Line(DEBIT, 500), Line(CREDIT, -500)]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def post_sale(key: str = "inc:paypal:1", lines: list[Line] | None = None, **facts: Any) -> JournalEntry:
    asked = {"kind": "revenue_received", "effective_on": DAY, "source": {"sale": 1}, **facts}
    receipt = ledger.post_entry(key=key, lines=SALE if lines is None else lines, **asked)
    return JournalEntry.objects.get(pk=receipt.number)


def story() -> Iterator[postings.Draft]:
    """Every posting rule once, from the opening balance to a correction."""
    at = {"production": "pr1", "provider": "paypal"}
    yield postings.opening_balance(usd(100_000))
    yield postings.revenue_invoiced(production="pr1", channel="shop", invoice="i 1", money=usd(7000))
    yield postings.invoice_received(channel="shop", invoice="i 1", provider="paypal", money=usd(7000))
    yield postings.revenue_received(channel="shop", transaction="t:1", money=usd(13000), **at)
    yield postings.channel_fee(transaction="t:1", money=usd(500), **at)
    yield postings.refund(transaction="t:1", money=usd(300), **at)
    yield postings.channel_rebate(transaction="t:1", money=usd(20), **at)
    yield postings.unmatched_received(provider="paypal", transaction="t2", money=usd(100))
    belongs_to = accounts.revenue("pr1", "shop", "USD")
    yield postings.unmatched_resolved(provider="paypal", transaction="t2", belongs_to=belongs_to, money=usd(100))
    yield postings.provider_paid_out(provider="paypal", transfer="w1", money=usd(2000))
    yield postings.cost_paid(production="pr1", category="post", invoice="c1", money=usd(1000))
    yield postings.reserve_held(statement="st1", production="pr1", money=usd(400))
    yield postings.reserve_released(statement="st2", production="pr1", money=usd(400))
    yield postings.advance_paid(advance="1", payee="ana", production="pr1", money=usd(1000))
    yield postings.statement_split(statement="st1", production="pr1", pool=usd(9000))
    amounts = {"ana": 6000, "ben": 2600, "chi": 400, "dov": 0}
    yield postings.statement_allocation(
        statement="st1", production="pr1", currency="USD", amounts=amounts, held=["ben"]
    )
    yield postings.advance_recouped(
        statement="st1", payee="ana", production="pr1", currency="USD", amounts={"ana": 1000}
    )
    yield postings.release(hold="h1", payee="ben", money=usd(2600))
    yield postings.hold(hold="h2", payee="ben", money=usd(100))
    yield postings.release(hold="h2", payee="ben", money=usd(100))
    items = [PayoutItem("ana", usd(3000), {"irs": 300}), PayoutItem("ben", usd(1600))]
    yield postings.payout_submitted(batch="1", items=items)
    yield postings.payout_settled(batch="1", item_id="a", item=items[0], provider="paypal")
    yield postings.payout_failed(batch="1", item_id="b", item=items[1])
    again = PayoutItem("ben", usd(1600))
    yield postings.payout_submitted(batch="2", items=[again])
    yield postings.payout_settled(batch="2", item_id="b", item=again, provider="paypal")
    yield postings.payout_fee(batch="1", provider="paypal", money=usd(25))
    yield postings.tax_remitted(authority="irs", period="2026", currency="USD", withheld={"ana": 300})
    yield postings.unclaimed(case="u1", payee="chi", money=usd(400))
    yield postings.late_claim(case="u1", payee="chi", money=usd(400))
    yield postings.overpaid_found(case="o1", payee="dov", returns_to="clearing:paypal:USD", money=usd(50))
    yield postings.statement_split(statement="st3", production="pr1", pool=usd(100))
    yield postings.statement_correction(
        statement="st1", number=1, production="pr1", currency="USD", deltas={"dov": 100, "ana": 0}
    )
