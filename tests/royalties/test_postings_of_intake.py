"""The posting rules of money in: each entry sums to zero in each currency, whatever the amounts."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from royalties import accounts, postings
from royalties.money import Money

AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12).filter(bool)


def sums(draft: postings.Draft) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for line in draft.lines:
        assert line.amount_minor
        found[accounts.currency_of(line.account)] += line.amount_minor
    return dict(found)


@given(st.lists(st.tuples(AMOUNTS, st.integers(min_value=-(10**12), max_value=10**12)), min_size=1, max_size=6))
def test_a_conversion_balances_in_both_currencies(amounts: list[tuple[int, int]]) -> None:
    moved = [
        (f"revenue:pr1:c{place}:EUR", before, f"revenue:pr1:c{place}:USD", after)
        for place, (before, after) in enumerate(amounts)
    ]
    draft = postings.income_converted(conversion="7", pair="EUR-USD", moved=moved)
    assert set(sums(draft).values()) == {0}
    assert draft.key == "cnv:7"


@given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_what_waited_becomes_a_sale_and_its_fee(net: int, fee: int) -> None:
    draft = postings.unmatched_became_income(
        production="pr1",
        channel="shop",
        provider="p",
        transaction="a:b",
        gross=Money(net + fee, "USD"),
        fee=Money(fee, "USD"),
    )
    assert sums(draft) == {"USD": 0}
    assert draft.key == "sus:p:a%3Ab:resolved"
    assert postings.Line("revenue:pr1:shop:USD", -net - fee) in draft.lines
