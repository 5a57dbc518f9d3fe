"""The posting rules: every step of the story of a cent leaves the books in balance."""

from __future__ import annotations

import pytest
from django.db import connection

from royalties import ledger, postings
from royalties.money import MoneyError
from royalties.postings import Line, PayoutItem
from tests.royalties.books import DAY, story, usd


def test_the_books_balance_after_every_step_of_the_story(db: None) -> None:
    for draft in story():
        ledger.post(draft, effective_on=DAY, source={"story": 1})
        for codes in ledger.trial_balance().values():
            assert sum(codes.values()) == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    balance = ledger.trial_balance()["USD"]
    assert balance["pool:pr1:USD"] == 0
    assert balance["payable:ana:USD"] == -2000
    assert balance["payable:ben:USD"] == -1000
    assert balance["unclaimed:chi:USD"] == 0
    assert balance["payable:chi:USD"] == -400
    assert balance["suspense:paypal:USD"] == 0
    assert {code for code in balance if code.startswith("in_transit:") and balance[code]} == set()


def test_keys_follow_the_rules_and_cannot_be_confused() -> None:
    assert [draft.key for draft in story()][:6] == [
        "open:USD",
        "inv:shop:i%201",
        "rcv:shop:i%201",
        "inc:paypal:t%3A1",
        "fee:paypal:t%3A1",
        "ref:paypal:t%3A1",
    ]
    assert len({draft.key for draft in story()}) == len(list(story()))


def test_a_payout_that_fails_gives_back_gross_and_tax(db: None) -> None:
    item = PayoutItem("ana", usd(1000), {"irs": 300})
    sent, failed = (
        postings.payout_submitted(batch="1", items=[item]),
        postings.payout_failed(batch="1", item_id="x", item=item),
    )
    assert sorted(sent.lines) == sorted(Line(code, -minor) for code, minor in failed.lines)


@pytest.mark.parametrize("minor", [0, -1])
def test_a_rule_refuses_to_move_nothing_or_less(minor: int) -> None:
    with pytest.raises(MoneyError):
        postings.cost_paid(production="pr1", category="post", invoice="1", money=usd(minor))
