"""A year of a company at random, through the posting rules: the same seed gives the same year.

What the rules would refuse is not drawn: nobody is paid more than they are owed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random

from royalties import accounts, postings
from royalties.money import Money
from royalties.postings import Draft, PayoutItem

FIRST_DAY = dt.date(2026, 1, 1)
PRODUCTIONS = ("pr1", "PR1", "pr_2", "pr-3", "4")
PAYEES = ("ana", "Ana", "ben", "c.d", "e_f", "g-h", "orphan:c7")
CURRENCIES = ("USD", "EUR", "JPY", "KWD")


class Year:
    """Draws one event after the other, and remembers what is owed so that the next may be paid."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.number = 0
        self.balances: dict[str, int] = defaultdict(int)

    def drafts(self, count: int) -> Iterator[tuple[dt.date, Draft]]:
        """So many entries, in the order of posting, on days that need not be in order."""
        for currency in CURRENCIES:
            yield FIRST_DAY, self.keep(postings.opening_balance(Money(10**9, currency)))
        kinds: tuple[Callable[[str], Draft | None], ...] = (
            self.revenue,
            self.revenue,
            self.invoice,
            self.fee,
            self.refund,
            self.cost,
            self.reserve,
            self.split,
            self.split,
            self.allocation,
            self.allocation,
            self.hold,
            self.release,
            self.payout,
            self.payout,
            self.outcome,
            self.outcome,
            self.tax,
            self.conversion,
            self.bank_exchange,
            self.funding,
            self.unclaimed,
            self.late,
            self.escheat,
            self.unmatched,
            self.advance,
        )
        while self.number < count:
            draft = self.random.choice(kinds)(self.random.choice(CURRENCIES))
            if draft is not None:
                yield FIRST_DAY + dt.timedelta(days=self.random.randrange(365)), self.keep(draft)

    def keep(self, draft: Draft) -> Draft:
        self.number += 1
        for account, minor in draft.lines:
            self.balances[account] += minor
        return draft

    def some(self, currency: str) -> Money:
        return Money(self.random.randint(1, 10**7), currency)

    def other(self, currency: str) -> str:
        return self.random.choice([each for each in CURRENCIES if each != currency])

    def production(self) -> str:
        return self.random.choice(PRODUCTIONS)

    def owed(self, root: str, currency: str) -> tuple[str, Money] | None:
        """Who is owed something on an account of this root, and a part of it."""
        found = [
            (account.removeprefix(f"{root}:").rsplit(":", 1)[0], -minor)
            for account, minor in sorted(self.balances.items())
            if account.startswith(f"{root}:") and account.endswith(currency) and minor < 0
        ]
        if not found:
            return None
        whose, most = self.random.choice(found)
        return whose, Money(self.random.randint(1, most), currency)

    def revenue(self, currency: str) -> Draft:
        return postings.revenue_received(
            production=self.production(),
            channel=self.random.choice(("shop", "stream")),
            provider="paypal",
            transaction=f"t {self.number}",
            money=self.some(currency),
        )

    def invoice(self, currency: str) -> Draft:
        money = self.some(currency)
        return postings.revenue_invoiced(
            production=self.production(), channel="tv", invoice=f"i{self.number}", money=money
        )

    def fee(self, currency: str) -> Draft:
        facts = {"provider": "paypal", "transaction": f"t {self.number}", "money": self.some(currency)}
        return postings.channel_fee(production=self.production(), **facts)  # type: ignore[arg-type]  # three kinds

    def refund(self, currency: str) -> Draft:
        facts = {"provider": "paypal", "transaction": f"t {self.number}", "money": self.some(currency)}
        return postings.refund(production=self.production(), **facts)  # type: ignore[arg-type]  # three kinds

    def cost(self, currency: str) -> Draft:
        invoice = f"c{self.number}"
        return postings.cost_paid(
            production=self.production(), category="post", invoice=invoice, money=self.some(currency)
        )

    def reserve(self, currency: str) -> Draft:
        held = self.owed("reserve", currency)
        if held and self.random.random() < 0.5:
            return postings.reserve_released(statement=f"s{self.number}", production=held[0], money=held[1])
        money = self.some(currency)
        return postings.reserve_held(statement=f"s{self.number}", production=self.production(), money=money)

    def split(self, currency: str) -> Draft:
        return postings.statement_split(
            statement=f"s{self.number}", production=self.production(), pool=self.some(currency)
        )

    def allocation(self, currency: str) -> Draft | None:
        pool = self.owed("pool", currency)
        if pool is None or pool[1].amount_minor < len(PAYEES):
            return None
        people = self.random.sample(PAYEES, self.random.randint(1, len(PAYEES)))
        part, rest = divmod(pool[1].amount_minor, len(people))
        amounts = {name: part + (rest if not place else 0) for place, name in enumerate(people)}
        return postings.statement_allocation(
            statement=f"s{self.number}", production=pool[0], currency=currency, amounts=amounts, held=people[2:3]
        )

    def hold(self, currency: str) -> Draft | None:
        owed = self.owed("payable", currency)
        return owed and postings.hold(hold=f"h{self.number}", payee=owed[0], money=owed[1])

    def release(self, currency: str) -> Draft | None:
        owed = self.owed("held", currency)
        return owed and postings.release(hold=f"h{self.number}", payee=owed[0], money=owed[1])

    def payout(self, currency: str) -> Draft | None:
        owed = self.owed("payable", currency)
        if owed is None:
            return None
        tax = owed[1].amount_minor * self.random.choice((0, 0, 30)) // 100
        item = PayoutItem(owed[0], owed[1], {"irs": tax} if tax else {})
        return postings.payout_submitted(batch=f"b{self.number}", items=[item])

    def outcome(self, currency: str) -> Draft | None:
        sent = self.owed("in_transit", currency)
        if sent is None:
            return None
        batch, payee = sent[0].split(":", 1)
        item = PayoutItem(payee, sent[1])
        if self.random.random() < 0.3:
            return postings.payout_failed(batch=batch, item_id=f"x{self.number}", item=item)
        return postings.payout_settled(batch=batch, item_id=f"x{self.number}", item=item, provider="paypal")

    def tax(self, currency: str) -> Draft | None:
        kept = self.owed("withheld", currency)
        if kept is None:
            return None
        authority, payee = kept[0].split(":", 1)
        withheld = {payee: kept[1].amount_minor}
        return postings.tax_remitted(
            authority=authority, period=f"p{self.number}", currency=currency, withheld=withheld
        )

    def conversion(self, currency: str) -> Draft | None:
        owed = self.owed("payable", currency)
        if owed is None:
            return None
        item = PayoutItem(owed[0], owed[1], {}, self.some(self.other(currency)))
        return postings.conversion(batch=f"b{self.number}", item_id=f"x{self.number}", item=item)

    def bank_exchange(self, currency: str) -> Draft:
        other = self.other(currency)
        bought, at_rate = self.some(other), self.some(other)
        return postings.exchanged_at_bank(
            exchange=f"x{self.number}", sold=self.some(currency), bought=bought, at_rate=at_rate
        )

    def funding(self, currency: str) -> Draft:
        return postings.provider_funded(provider="paypal", transfer=f"f{self.number}", money=self.some(currency))

    def unclaimed(self, currency: str) -> Draft | None:
        owed = self.owed("payable", currency)
        return owed and postings.unclaimed(case=f"u{self.number}", payee=owed[0], money=owed[1])

    def late(self, currency: str) -> Draft | None:
        owed = self.owed("unclaimed", currency)
        return owed and postings.late_claim(case=f"u{self.number}", payee=owed[0], money=owed[1])

    def escheat(self, currency: str) -> Draft | None:
        owed = self.owed("unclaimed", currency)
        return owed and postings.escheat(case=f"e{self.number}", payee=owed[0], money=owed[1])

    def unmatched(self, currency: str) -> Draft:
        waiting = self.owed("suspense", currency)
        if waiting and self.random.random() < 0.5:
            return postings.unmatched_resolved(
                provider=waiting[0],
                transaction=f"t{self.number}",
                belongs_to=accounts.revenue("pr1", "shop", currency),
                money=waiting[1],
            )
        return postings.unmatched_received(provider="sepa", transaction=f"t{self.number}", money=self.some(currency))

    def advance(self, currency: str) -> Draft:
        return postings.advance_paid(
            advance=f"a{self.number}", payee="ana", production=self.production(), money=self.some(currency)
        )
