"""Money in: files count once, bad rows are named, nothing is half taken."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from royalties import actions, ledger
from royalties.actions.payees import payees_for
from royalties.exceptions import ImportRefused, NotAllowed, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Cost, Import, Income
from royalties.money import Money
from royalties.postings import Line
from tests.royalties.conftest import COSTS, REVENUE, balances_add_up, cost_csv, revenue_csv


def take(actor: Any, content: bytes, kind: str = "revenue") -> Import:
    return actions.import_csv(actor=actor, kind=kind, name="file.csv", content=content)


def refused(actor: Any, content: bytes, kind: str = "revenue") -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as caught, transaction.atomic():
        take(actor, content, kind)
    return caught.value.problems


def test_revenue_goes_into_the_ledger_with_the_import(production: Any, dana: Any) -> None:
    source = take(dana, revenue_csv(production, "t1,sale,100.00", "t1,fee,10.00", "t2,refund,5.00"))
    assert (source.row_count, source.known_count) == (3, 0)
    assert ledger.balance(f"revenue:pr{production.pk}:shop:USD").amount_minor == -10_000
    assert ledger.balance(f"expense:pr{production.pk}:fee:USD").amount_minor == 1_000
    assert ledger.balance(f"revenue:pr{production.pk}:refunds:USD").amount_minor == 500
    balances_add_up()


def test_the_same_file_twice_counts_once(production: Any, dana: Any) -> None:
    first = take(dana, revenue_csv(production))
    assert take(dana, revenue_csv(production)) == first
    assert Income.objects.count() == 1


def test_a_transaction_known_from_another_file_counts_once(production: Any, dana: Any) -> None:
    take(dana, revenue_csv(production, "t1,sale,100.00"))
    second = take(dana, revenue_csv(production, "t1,sale,100.00", "t2,sale,7.00"))
    assert (second.row_count, second.known_count, Income.objects.count()) == (2, 1, 2)
    assert ledger.balance(f"revenue:pr{production.pk}:shop:USD").amount_minor == -10_700


def test_a_known_transaction_with_other_figures_is_refused(production: Any, dana: Any) -> None:
    take(dana, revenue_csv(production, "t1,sale,100.00"))
    problems = refused(dana, revenue_csv(production, "t2,sale,7.00", "t1,sale,100.01"))
    assert [number for number, _reason in problems] == [3]
    assert Income.objects.count() == 1


def test_each_bad_row_is_named_and_nothing_is_taken(production: Any, dana: Any) -> None:
    rows = [
        f"bandcamp,t1,shop,sale,100.00,USD,2026-08-15,{production.pk}",
        f"bandcamp,t2,shop,gift,100.00,USD,2026-08-15,{production.pk}",
        f"bandcamp,t3,shop,sale,-1,USD,2026-08-15,{production.pk}",
        f"bandcamp,t4,shop,sale,1.000,USD,2026-08-15,{production.pk}",
        f"bandcamp,t5,shop,sale,1.00,XQQ,2026-08-15,{production.pk}",
        f"bandcamp,t6,shop,sale,1.00,USD,15.8.2026,{production.pk}",
        "bandcamp,t7,shop,sale,1.00,USD,2026-08-15,nothing-here",
        f"bandcamp,t1,shop,sale,100.00,USD,2026-08-15,{production.pk}",
        f"bandcamp,t8,refunds,sale,1.00,USD,2026-08-15,{production.pk}",
    ]
    problems = refused(dana, (REVENUE + "\n".join(rows)).encode())
    assert [number for number, _reason in problems] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert all(reason for _number, reason in problems)
    assert not Income.objects.exists()
    assert not Import.objects.exists()
    assert ledger.trial_balance() == {}


@pytest.mark.parametrize("amount", ["99999999999999.00", "10000000000000.01", "999999999999999999.99"])
def test_an_amount_that_the_ledger_could_not_hold_is_refused_by_its_line(
    production: Any, dana: Any, sam: Any, amount: str
) -> None:
    for content, kind in (
        (revenue_csv(production, "t1,sale,1.00", f"t2,sale,{amount}"), "revenue"),
        (cost_csv(production, amount=amount).replace(b"\n", b"\n\n", 1), "cost"),
    ):
        ((line, reason),) = refused(dana, content, kind)
        assert line == 3
        assert "more than one line of the ledger holds" in reason


@pytest.mark.parametrize("minor", [0, 10**15 + 1])
def test_an_amount_that_no_line_could_hold_is_refused_by_hand_as_well(
    production: Any, alice: Any, sam: Any, minor: int
) -> None:
    facts = {"actor": sam, "production": production, "money": Money(minor, "USD"), "paid_on": dt.date(2026, 8, 20)}
    words = {"invoice": "INV-9", "supplier": "Ferryman Post", "category": "post"}
    with pytest.raises(RoyaltiesRefused, match="more than"):
        actions.enter_cost(**facts, **words)
    (payee,) = payees_for([alice]).values()
    with pytest.raises(RoyaltiesRefused, match="more than"):
        actions.propose_advance(**facts, payee=payee, reason="For the next film.")


def test_a_row_that_the_ledger_refuses_is_named_and_nothing_is_taken(production: Any, dana: Any) -> None:
    lines = [Line("bank:USD", 1), Line("opening:USD", -1)]
    ledger.post_entry(kind="opening", key="inc:bandcamp:t2", effective_on=dt.date(2026, 8, 1), source={}, lines=lines)
    ((line, reason),) = refused(dana, revenue_csv(production, "t1,sale,1.00", "t2,sale,7.00"))
    assert line == 3
    assert "the ledger refuses it" in reason
    assert not Import.objects.exists()


def test_a_control_sign_is_refused_by_its_line(production: Any, sam: Any) -> None:
    rows = (
        f"INV-8,Post,post,1.00,USD,2026-08-20,{production.pk}\nINV-9,Po\0st,post,1.00,USD,2026-08-20,{production.pk}\n"
    )
    ((line, reason),) = refused(sam, (COSTS + rows).encode(), "cost")
    assert line == 3
    assert "U+0000" in reason


def test_lines_may_end_in_any_way_and_a_cell_may_have_several(production: Any, dana: Any) -> None:
    content = revenue_csv(production, "t1,sale,100.00", "t2,gift,1.00").replace(b"\n", b"\r")
    assert [line for line, _reason in refused(dana, content)] == [3]
    assert [line for line, _reason in refused(dana, REVENUE.encode() + b"x" * 140_000 + b",t1\n")] == [2]
    assert take(dana, revenue_csv(production, "t1,sale,100.00").replace(b"\n", b"\r")).row_count == 1


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "käse\n".encode("latin-1"), REVENUE.encode(), b'"open\n'])
def test_what_is_no_such_file_is_refused(sam: Any, content: bytes) -> None:
    assert refused(sam, content)


def test_a_production_may_be_called_by_its_slug(production: Any, dana: Any) -> None:
    row = f"bandcamp,t1,shop,sale,1.00,USD,2026-08-15,{production.project.slug}\n"
    take(dana, (REVENUE + row).encode())
    assert Income.objects.get().production == production


def test_a_cost_counts_once_a_second_person_approved_it(production: Any, sam: Any, dana: Any) -> None:
    take(sam, cost_csv(production), "cost")
    cost = Cost.objects.get()
    assert ledger.trial_balance() == {}
    with pytest.raises(NotAllowed):
        actions.approve_cost(actor=sam, cost=cost)
    actions.approve_cost(actor=dana, cost=cost)
    assert ledger.balance(f"expense:pr{production.pk}:post:USD").amount_minor == 100_001
    with pytest.raises(WrongState):
        actions.approve_cost(actor=dana, cost=cost)
    balances_add_up()


def test_who_entered_a_cost_cannot_approve_it(production: Any, dana: Any) -> None:
    take(dana, cost_csv(production), "cost")
    with pytest.raises(SecondPersonNeeded):
        actions.approve_cost(actor=dana, cost=Cost.objects.get())
    with pytest.raises(DatabaseError), transaction.atomic():
        Cost.objects.update(approved_by=dana, approved_at="2026-09-01T00:00Z")


def test_an_invoice_known_with_other_figures_is_refused(production: Any, sam: Any) -> None:
    take(sam, cost_csv(production), "cost")
    assert refused(sam, cost_csv(production, amount="1000.02"), "cost")
    assert refused(sam, (COSTS + f"INV-9,Post,cheese,1.00,USD,2026-08-20,{production.pk}\n").encode(), "cost")


def test_members_import_nothing(production: Any, alice: Any) -> None:
    with pytest.raises(NotAllowed):
        take(alice, revenue_csv(production))


@pytest.mark.parametrize("sql", ["UPDATE royalties_income SET amount_minor = 1", "DELETE FROM royalties_income"])
def test_postgresql_refuses_to_change_income(earning: Any, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
