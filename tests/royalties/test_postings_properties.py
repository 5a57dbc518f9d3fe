"""Each posting rule against the table of the rules: what it debits, what it credits, by which key; for any ids and amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from royalties import accounts, postings
from royalties.money import Money, MoneyError
from royalties.postings import Draft, Line, PayoutItem, key_of

CURRENCIES = ("USD", "JPY", "KWD")
WORDS = st.text("abcXYZ0189_.-", min_size=1, max_size=12)
# What providers call their transactions and suppliers their invoices: anything.
NUMBERS = st.text(min_size=1, max_size=12).filter(lambda text: all(not 0xD800 <= ord(sign) <= 0xDFFF for sign in text))
AMOUNTS = st.integers(1, 10**15)


@dataclass(frozen=True)
class Facts:
    """Everything a rule may ask for."""

    money: Money
    a: str
    b: str
    number: str

    @property
    def ccy(self) -> str:
        return self.money.currency


FACTS = st.builds(Facts, st.builds(Money, AMOUNTS, st.sampled_from(CURRENCIES)), WORDS, WORDS, NUMBERS)
Rule = Callable[[Facts], Draft]
# rule, what it debits, what it credits, its key
MOVES: dict[str, tuple[Rule, str, str, Callable[[Facts], tuple[object, ...]]]] = {
    "opening": (lambda f: postings.opening_balance(f.money), "bank", "opening", lambda f: ("open", f.ccy)),
    "revenue_invoiced": (
        lambda f: postings.revenue_invoiced(production=f.a, channel=f.b, invoice=f.number, money=f.money),
        "receivable:{b}",
        "revenue:{a}:{b}",
        lambda f: ("inv", f.b, f.number),
    ),
    "invoice_received": (
        lambda f: postings.invoice_received(channel=f.a, invoice=f.number, provider=f.b, money=f.money),
        "clearing:{b}",
        "receivable:{a}",
        lambda f: ("rcv", f.a, f.number),
    ),
    "revenue_received": (
        lambda f: postings.revenue_received(
            production=f.a, channel="shop", provider=f.b, transaction=f.number, money=f.money
        ),
        "clearing:{b}",
        "revenue:{a}:shop",
        lambda f: ("inc", f.b, f.number),
    ),
    "provider_paid_out": (
        lambda f: postings.provider_paid_out(provider=f.a, transfer=f.number, money=f.money),
        "bank",
        "clearing:{a}",
        lambda f: ("bank", f.a, f.number),
    ),
    "overpaid_lost": (
        lambda f: postings.overpaid_lost(case=f.number, payee=f.a, money=f.money),
        "expense:bad_debt",
        "overpaid:{a}",
        lambda f: ("over", f.number, "lost"),
    ),
    "provider_funded": (
        lambda f: postings.provider_funded(provider=f.a, transfer=f.number, money=f.money),
        "clearing:{a}",
        "bank",
        lambda f: ("fund", f.a, f.number),
    ),
    "unmatched_received": (
        lambda f: postings.unmatched_received(provider=f.a, transaction=f.number, money=f.money),
        "clearing:{a}",
        "suspense:{a}",
        lambda f: ("sus", f.a, f.number),
    ),
    "unmatched_resolved": (
        lambda f: postings.unmatched_resolved(
            provider=f.a, transaction=f.number, belongs_to=accounts.revenue(f.b, "shop", f.ccy), money=f.money
        ),
        "suspense:{a}",
        "revenue:{b}:shop",
        lambda f: ("sus", f.a, f.number, "resolved"),
    ),
    "channel_fee": (
        lambda f: postings.channel_fee(production=f.a, provider=f.b, transaction=f.number, money=f.money),
        "expense:{a}:fee",
        "clearing:{b}",
        lambda f: ("fee", f.b, f.number),
    ),
    "channel_rebate": (
        lambda f: postings.channel_rebate(production=f.a, provider=f.b, transaction=f.number, money=f.money),
        "clearing:{b}",
        "expense:{a}:fee",
        lambda f: ("reb", f.b, f.number),
    ),
    "refund": (
        lambda f: postings.refund(production=f.a, provider=f.b, transaction=f.number, money=f.money),
        "revenue:{a}:refunds",
        "clearing:{b}",
        lambda f: ("ref", f.b, f.number),
    ),
    "cost_paid": (
        lambda f: postings.cost_paid(production=f.a, category=f.b, invoice=f.number, money=f.money),
        "expense:{a}:{b}",
        "bank",
        lambda f: ("cost", f.number),
    ),
    "reserve_held": (
        lambda f: postings.reserve_held(statement=f.b, production=f.a, money=f.money),
        "revenue:{a}:reserve",
        "reserve:{a}",
        lambda f: ("rsv", f.b, "hold"),
    ),
    "reserve_released": (
        lambda f: postings.reserve_released(statement=f.b, production=f.a, money=f.money),
        "reserve:{a}",
        "revenue:{a}:reserve",
        lambda f: ("rsv", f.b, "release"),
    ),
    "statement_split": (
        lambda f: postings.statement_split(statement=f.b, production=f.a, pool=f.money),
        "expense:{a}:artist_share",
        "pool:{a}",
        lambda f: ("st", f.b, "split"),
    ),
    "advance_paid": (
        lambda f: postings.advance_paid(advance=f.number, payee=f.a, production=f.b, money=f.money),
        "advance:{a}:{b}",
        "bank",
        lambda f: ("adv", f.number),
    ),
    "advance_recouped": (
        lambda f: postings.advance_recouped(
            statement="st1", payee=f.a, production=f.b, currency=f.ccy, amounts={f.a: f.money.amount_minor}
        ),
        "payable:{a}",
        "advance:{a}:{b}",
        lambda f: ("st", "st1", "recoup", f.a),
    ),
    "hold": (
        lambda f: postings.hold(hold=f.number, payee=f.a, money=f.money),
        "payable:{a}",
        "held:{a}",
        lambda f: ("hold", f.number, "hold"),
    ),
    "release": (
        lambda f: postings.release(hold=f.number, payee=f.a, money=f.money),
        "held:{a}",
        "payable:{a}",
        lambda f: ("hold", f.number, "release"),
    ),
    "payout_settled": (
        lambda f: postings.payout_settled(
            batch=f.b, item_id=f.number, item=PayoutItem(f.a, f.money), provider="paypal"
        ),
        "in_transit:{b}:{a}",
        "clearing:paypal",
        lambda f: ("po", f.b, f.number, "ok"),
    ),
    "payout_fee": (
        lambda f: postings.payout_fee(batch=f.a, provider=f.b, money=f.money),
        "expense:payout_fees",
        "clearing:{b}",
        lambda f: ("po", f.a, "fee"),
    ),
    "overpaid_found": (
        lambda f: postings.overpaid_found(
            case=f.number, payee=f.a, returns_to=accounts.clearing(f.b, f.ccy), money=f.money
        ),
        "overpaid:{a}",
        "clearing:{b}",
        lambda f: ("over", f.number),
    ),
    "unclaimed": (
        lambda f: postings.unclaimed(case=f.number, payee=f.a, money=f.money),
        "payable:{a}",
        "unclaimed:{a}",
        lambda f: ("unc", f.number),
    ),
    "escheat": (
        lambda f: postings.escheat(case=f.number, payee=f.a, money=f.money),
        "unclaimed:{a}",
        "bank",
        lambda f: ("esc", f.number),
    ),
    "late_claim": (
        lambda f: postings.late_claim(case=f.number, payee=f.a, money=f.money),
        "unclaimed:{a}",
        "payable:{a}",
        lambda f: ("unc", f.number, "claimed"),
    ),
}
OPPOSITES = [("reserve_held", "reserve_released"), ("hold", "release"), ("unclaimed", "late_claim")]


def in_balance(draft: Draft) -> bool:
    """Two lines or more, none of nothing, and each currency sums to zero."""
    sums: dict[str, int] = defaultdict(int)
    for account, minor in draft.lines:
        sums[accounts.currency_of(account)] += minor
    return len(draft.lines) >= 2 and all(line.amount_minor for line in draft.lines) and not any(sums.values())


@pytest.mark.parametrize("name", MOVES)
@given(facts=FACTS)
def test_a_rule_moves_what_the_table_says_under_its_key(name: str, facts: Facts) -> None:
    rule, debit, credit, key = MOVES[name]
    draft = rule(facts)
    places = {"a": facts.a, "b": facts.b}
    minor = facts.money.amount_minor
    assert draft.lines == (
        Line(f"{debit.format(**places)}:{facts.ccy}", minor),
        Line(f"{credit.format(**places)}:{facts.ccy}", -minor),
    )
    assert in_balance(draft)
    assert draft.kind == name
    assert draft.key == key_of(*key(facts))
    assert all("!" <= sign <= "~" for sign in draft.key)


@pytest.mark.parametrize("name", MOVES)
@given(minor=st.integers(-(10**15), 0))
def test_a_rule_refuses_to_move_nothing_or_less(name: str, minor: int) -> None:
    with pytest.raises(MoneyError):
        MOVES[name][0](Facts(Money(minor, "USD"), "a", "b", "1"))


@pytest.mark.parametrize(("there", "back"), OPPOSITES)
@given(facts=FACTS)
def test_what_goes_there_comes_back_whole(there: str, back: str, facts: Facts) -> None:
    assert sorted(MOVES[there][0](facts).lines) == sorted(postings.mirrored(MOVES[back][0](facts).lines))


@given(one=st.lists(NUMBERS, min_size=1, max_size=4), other=st.lists(NUMBERS, min_size=1, max_size=4))
def test_two_facts_never_share_a_key(one: list[str], other: list[str]) -> None:
    assert (key_of(*one) == key_of(*other)) is (one == other)


@given(lines=st.lists(st.builds(Line, WORDS, AMOUNTS)))
def test_the_mirror_of_the_mirror_is_the_entry(lines: list[Line]) -> None:
    assert list(postings.mirrored(postings.mirrored(lines))) == lines


# --- rules of many lines ---

SHARES = st.dictionaries(WORDS, st.integers(0, 10**9), min_size=1, max_size=20).filter(
    lambda found: any(found.values())
)


@given(amounts=SHARES, held=st.sets(WORDS))
def test_an_allocation_gives_everybody_theirs_out_of_the_pool(amounts: dict[str, int], held: set[str]) -> None:
    held |= set(list(amounts)[:1])
    draft = postings.statement_allocation(statement="s", production="p", currency="USD", amounts=amounts, held=held)
    assert in_balance(draft)
    assert draft.key == "st:s:alloc"
    assert draft.lines[0] == Line("pool:p:USD", sum(amounts.values()))
    given_to = {line.account: -line.amount_minor for line in draft.lines[1:]}
    expected = {
        f"{'held' if payee in held else 'payable'}:{payee}:USD": minor for payee, minor in amounts.items() if minor
    }
    assert given_to == expected


@given(deltas=st.dictionaries(WORDS, st.integers(-(10**9), 10**9), min_size=1, max_size=20))
def test_a_correction_moves_the_deltas_and_the_pool_the_rest(deltas: dict[str, int]) -> None:
    draft = postings.statement_correction(statement="s", number=2, production="p", currency="USD", deltas=deltas)
    assert draft.key == "st:s:corr:2"
    moved = dict(draft.lines)
    assert moved.pop("pool:p:USD", 0) == sum(deltas.values())
    assert moved == {f"payable:{payee}:USD": -minor for payee, minor in deltas.items() if minor}


@st.composite
def items(draw: Any) -> list[PayoutItem]:
    """People of a batch, some with tax, some whose whole amount is tax, some who are paid in another currency."""
    people = draw(st.lists(WORDS, min_size=1, max_size=8, unique=True))
    made = []
    for name in people:
        gross = draw(AMOUNTS)
        tax = draw(st.dictionaries(WORDS, st.integers(0, gross // 3), max_size=3))
        bought = draw(st.none() | AMOUNTS) if sum(tax.values()) < gross else None
        made.append(PayoutItem(name, Money(gross, "USD"), tax, Money(bought, "EUR") if bought else None))
    return made


@given(batch=items())
def test_a_batch_parts_the_gross_into_tax_and_net_and_a_failure_gives_it_back(batch: list[PayoutItem]) -> None:
    sent = postings.payout_submitted(batch="b", items=batch)
    assert in_balance(sent)
    assert sent.key == "po:b"
    back = [line for item in batch for line in postings.payout_failed(batch="b", item_id="x", item=item).lines]
    assert sorted(sent.lines) == sorted(postings.mirrored(back))
    for item in batch:
        assert item.net.amount_minor + sum(item.withheld.values()) == item.gross.amount_minor


@given(batch=items())
def test_what_arrived_and_came_back_is_owed_as_if_it_had_failed(batch: list[PayoutItem]) -> None:
    for item in batch:
        facts = {"batch": "b", "item_id": "x", "item": item}
        failed = postings.payout_failed(**facts)
        settled = postings.payout_settled(**facts, provider="paypal")
        back = Draft("reversal", "reversal:1", postings.mirrored(settled.lines))
        assert totals(settled, back, failed) == totals(failed)


@given(facts=FACTS, fee=AMOUNTS)
def test_a_fee_goes_with_its_entry_and_the_company_bears_it(facts: Facts, fee: int) -> None:
    alone = postings.unknown_paid(case=facts.number, provider=facts.b, money=facts.money)
    draft = postings.with_fee(alone, provider=facts.b, fee=Money(fee, facts.ccy))
    assert in_balance(draft)
    assert (draft.kind, draft.key, draft.lines[:2]) == (alone.kind, alone.key, alone.lines)
    assert draft.lines[2:] == (
        Line(f"expense:payout_fees:{facts.ccy}", fee),
        Line(f"clearing:{facts.b}:{facts.ccy}", -fee),
    )


@given(withheld=st.dictionaries(WORDS, AMOUNTS, min_size=1, max_size=8))
def test_tax_goes_to_its_authority_in_one_transfer(withheld: dict[str, int]) -> None:
    draft = postings.tax_remitted(authority="irs", period="2026 Q1", currency="USD", withheld=withheld)
    assert in_balance(draft)
    assert draft.key == "tax:irs:2026%20Q1"
    assert draft.lines[-1] == Line("bank:USD", -sum(withheld.values()))


@given(gross=st.integers(2, 10**12), tax=AMOUNTS, bought=AMOUNTS)
def test_a_conversion_balances_in_each_currency_and_leaves_a_position(gross: int, tax: int, bought: int) -> None:
    tax %= gross
    item = PayoutItem("ana", Money(gross, "USD"), {"irs": tax}, Money(bought, "EUR"))
    draft = postings.conversion(batch="b", item_id="i", item=item)
    assert in_balance(draft)
    assert draft.key == "fx:i"
    moved = dict(draft.lines)
    assert (moved["fx:EUR-USD:USD"], moved["fx:EUR-USD:EUR"]) == (tax - gross, bought)
    assert (moved["payable:ana:USD"], moved["in_transit:b:ana:EUR"]) == (gross, -bought)
    assert moved.get("withheld:irs:ana:USD", 0) == -tax


@pytest.mark.parametrize("bought", [None, Money(5, "USD")])
def test_a_conversion_is_between_two_currencies(bought: Money | None) -> None:
    with pytest.raises(MoneyError, match="two currencies"):
        postings.conversion(batch="b", item_id="i", item=PayoutItem("ana", Money(5, "USD"), {}, bought))


@given(sold=AMOUNTS, bought=AMOUNTS, at_rate=AMOUNTS)
def test_an_exchange_closes_the_position_at_the_recorded_rate_and_shows_the_loss(
    sold: int, bought: int, at_rate: int
) -> None:
    amounts = {"sold": Money(sold, "USD"), "bought": Money(bought, "EUR"), "at_rate": Money(at_rate, "EUR")}
    draft = postings.exchanged_at_bank(exchange="n 1", **amounts)
    assert in_balance(draft)
    assert draft.key == "exc:n%201"
    moved = dict(draft.lines)
    assert (moved["bank:USD"], moved["bank:EUR"]) == (-sold, bought)
    assert moved.get("expense:fx_loss:EUR", 0) == at_rate - bought
    item = PayoutItem("ana", Money(sold, "USD"), {}, Money(at_rate, "EUR"))
    paid = postings.conversion(batch="b", item_id="i", item=item)
    assert not any(account.startswith("fx:") for account in totals(draft, paid))


def totals(*drafts: Draft) -> dict[str, int]:
    """What entries together leave on each account."""
    sums: dict[str, int] = defaultdict(int)
    for draft in drafts:
        for account, minor in draft.lines:
            sums[account] += minor
    return {account: minor for account, minor in sums.items() if minor}
