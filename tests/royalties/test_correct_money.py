"""Money that matched nothing, and income that is taken back: with a reason, once."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from royalties import actions, ledger
from royalties.exceptions import NotAllowed, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Income, Suspense
from royalties.movement import never_below_nothing
from tests.royalties.conftest import balances_add_up, closed, later, revenue_csv
from tests.royalties.reports import booked, shop_rows


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


# --- suspense ---


@pytest.fixture
def waiting(production: Any, dana: Any) -> Suspense:
    booked(dana, shop_rows("1;10.00;0.50", title="Another film"))
    return Suspense.objects.get()


def test_money_that_matches_nothing_waits_net_of_its_fee(waiting: Suspense) -> None:
    assert balance("suspense:bandcamp:USD") == -950
    assert balance("clearing:bandcamp:USD") == 950
    balances_add_up()


def test_suspense_becomes_income_of_a_production_once(waiting: Suspense, production: Any, sam: Any) -> None:
    actions.resolve_suspense(actor=sam, suspense=waiting, production=production, reason="They misspelt it.")
    assert balance("suspense:bandcamp:USD") == 0
    assert balance(f"revenue:pr{production.pk}:bandcamp:USD") == -1_000
    assert balance(f"expense:pr{production.pk}:fee:USD") == 50
    with pytest.raises(WrongState):
        actions.return_suspense(actor=sam, suspense=waiting, reason="Twice.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Suspense.objects.update(reason="Another.")
    balances_add_up()


def test_a_row_known_from_suspense_is_not_booked_again(waiting: Suspense, production: Any, dana: Any) -> None:
    second = booked(dana, shop_rows("1;10.00;0.50", "2;1.00;", title="Another film"))
    assert (second.known_count, second.suspense_count) == (1, 1)
    actions.resolve_suspense(actor=dana, suspense=waiting, production=production, reason="Found.")
    third = booked(dana, shop_rows("1;10.00;0.50", "3;1.00;", title="Another film"))
    assert third.known_count == 1
    balances_add_up()


def test_suspense_may_be_sent_back(waiting: Suspense, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused, match="reason"):
        actions.return_suspense(actor=dana, suspense=waiting, reason=" ")
    actions.return_suspense(actor=dana, suspense=waiting, reason="Not ours.")
    assert balance("suspense:bandcamp:USD") == balance("clearing:bandcamp:USD") == 0
    assert not Income.objects.exists()


def test_suspense_of_a_settled_period_counts_later(open_statement: Any, dana: Any, sam: Any) -> None:
    booked(dana, shop_rows("9;10.00;", title="Another film"))
    statement = closed(open_statement, sam)
    row = actions.resolve_suspense(
        actor=dana,
        suspense=Suspense.objects.get(),
        production=statement.production,
        reason="Found late.",
        now=dt.datetime(2026, 11, 2, tzinfo=dt.UTC),
    )
    assert row.production is not None
    assert Income.objects.get(provider="bandcamp", transaction__startswith="9").received_on == dt.date(2026, 11, 2)


# --- reversals ---


def test_a_large_reversal_takes_two_people_and_happens_once(earning: Any, sam: Any, dana: Any) -> None:
    sale = Income.objects.get()
    reversal = actions.reverse_income(actor=sam, income=sale, reason="The shop booked it for another film.")
    assert balance(f"revenue:pr{earning.pk}:shop:USD") == -1_234_567
    with pytest.raises((SecondPersonNeeded, NotAllowed)):
        actions.approve_reversal(actor=sam, reversal=reversal)
    actions.approve_reversal(actor=dana, reversal=reversal)
    assert balance(f"revenue:pr{earning.pk}:shop:USD") == 0
    with pytest.raises(WrongState):
        actions.reverse_income(actor=sam, income=sale, reason="Again.")
    with pytest.raises(WrongState):
        actions.approve_reversal(actor=dana, reversal=reversal)
    balances_add_up()


def test_who_proposes_a_reversal_cannot_approve_it(earning: Any, dana: Any) -> None:
    reversal = actions.reverse_income(actor=dana, income=Income.objects.get(), reason="Wrong film.")
    with pytest.raises(SecondPersonNeeded):
        actions.approve_reversal(actor=dana, reversal=reversal)


def test_a_small_reversal_is_booked_at_once(production: Any, sam: Any) -> None:
    actions.import_csv(actor=sam, kind="revenue", name="s", content=revenue_csv(production, "t1,sale,99.00"))
    actions.reverse_income(actor=sam, income=Income.objects.get(), reason="Booked twice by them.")
    assert balance(f"revenue:pr{production.pk}:shop:USD") == 0


def test_a_dropped_proposal_may_be_made_anew(earning: Any, sam: Any, dana: Any) -> None:
    first = actions.reverse_income(actor=sam, income=Income.objects.get(), reason="Wrong.")
    with pytest.raises(RoyaltiesRefused, match="waits for approval"):
        actions.reverse_income(actor=sam, income=Income.objects.get(), reason="Wrong.")
    actions.drop_proposal(actor=dana, proposal=first)
    actions.reverse_income(actor=sam, income=Income.objects.get(), reason="Wrong indeed.")


def test_a_reversal_after_the_statement_is_taken_in_by_a_later_one(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    statement = closed(open_statement, sam)
    moment = later(statement)
    actions.post_statement(actor=dana, statement=statement, now=moment)
    reversal = actions.reverse_income(actor=sam, income=Income.objects.get(), reason="Chargeback.", now=moment)
    actions.approve_reversal(actor=dana, reversal=reversal)
    assert reversal.takes_effect_on == moment.date()
    with finish_jobs():
        next_one = actions.draft_statement(
            actor=sam,
            production=statement.production,
            first_day=moment.date(),
            last_day=moment.date() + dt.timedelta(days=90),
            currency="USD",
            now=moment + dt.timedelta(days=91),
        )
    next_one.refresh_from_db()
    assert next_one.pending is not None, next_one.failure
    money = next_one.pending.input["money"]
    assert (money["gross"], money["refunds"]) == (0, 1_234_567)
    assert next_one.pending.result["waterfall"]["loss_carried"] == 1_234_567
    assert next_one.pending.pool_minor == 0
    balances_add_up()


def test_no_figure_of_a_statement_falls_below_nothing_and_the_profit_stays() -> None:
    money = {"gross": -500, "refunds": -20, "fees": -30, "costs": -7, "reserve_held": 0}
    plain = never_below_nothing(money)
    assert min(plain.values()) >= 0
    assert plain["gross"] - plain["refunds"] - plain["fees"] - plain["costs"] == -500 + 20 + 30 + 7
