"""The ledger's one writer: what it writes, what it refuses, and many writers at once."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from royalties import accounts, ledger, postings
from royalties.models import Account, Balance, JournalEntry, JournalLine
from royalties.money import Money
from royalties.postings import Line, PayoutItem
from tests.royalties.books import DAY, DEBIT, SALE, post_sale, usd

# --- it works ---


def test_an_entry_moves_its_accounts(db: None) -> None:
    assert ledger.balance("clearing:paypal:USD") == usd(0)
    entry = post_sale()
    assert entry.pk == 1
    assert ledger.lines_of(entry) == SALE
    assert ledger.balance("clearing:paypal:USD") == usd(500)
    assert ledger.trial_balance() == {"USD": {"clearing:paypal:USD": 500, "revenue:pr1:shop:USD": -500}}
    assert ledger.balances_below("revenue:") == {"revenue:pr1:shop:USD": usd(-500)}


def test_accounts_are_opened_by_their_first_posting_with_the_chart_s_bounds(db: None) -> None:
    assert not Account.objects.exists()
    post_sale()
    ledger.account("payable:p1:USD")
    shown = Account.objects.values_list("code", "kind", "currency", "min_minor", "max_minor")
    assert set(shown) == {
        ("clearing:paypal:USD", "asset", "USD", None, None),
        ("revenue:pr1:shop:USD", "revenue", "USD", None, None),
        ("payable:p1:USD", "liability", "USD", None, 0),
    }
    assert ledger.account("payable:p1:USD") == Account.objects.get(code="payable:p1:USD")


def test_the_same_request_again_returns_the_first_entry(db: None) -> None:
    first = post_sale()
    assert post_sale() == first
    assert JournalEntry.objects.count() == 1
    assert ledger.balance("clearing:paypal:USD") == usd(500)


def test_entries_are_numbered_and_chained(db: None) -> None:
    assert ledger.head() == (0, ledger.FIRST_HASH)
    first, second = post_sale("a"), post_sale("b")
    assert (first.pk, second.pk) == (1, 2)
    assert (first.previous_hash, second.previous_hash) == (ledger.FIRST_HASH, first.hash)
    assert ledger.head() == (2, second.hash)


def test_a_receipt_is_the_head_of_the_ledger(db: None) -> None:
    post_sale("a")
    sale = {"kind": "revenue_received", "key": "b", "effective_on": DAY, "source": {}, "lines": SALE}
    receipt = ledger.post_entry(**sale)
    assert receipt == ledger.head()
    post_sale("c")
    assert ledger.post_entry(**sale) == receipt


@pytest.mark.parametrize("source", [{"row": 1.0}, {"r\u00f6w": 1}])
def test_a_source_tells_ids_by_plain_words(db: None, source: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="plain words"):
        post_sale(source=source)


def test_a_failed_transaction_leaves_no_gap(committed_db: str) -> None:
    post_sale("a")
    with transaction.atomic():
        post_sale("b")
        transaction.set_rollback(True)
    assert post_sale("c").pk == 2


def test_an_entry_may_hold_several_currencies_each_in_balance(db: None) -> None:
    post_sale(lines=[Line("clearing:paypal:USD", 500), Line("revenue:pr1:shop:USD", -500)])
    draft = postings.statement_split(statement="st1", production="pr1", pool=usd(250))
    ledger.post(draft, effective_on=DAY, source={})
    amounts = {"p1": 250}
    draft = postings.statement_allocation(statement="st1", production="pr1", currency="USD", amounts=amounts)
    ledger.post(draft, effective_on=DAY, source={})
    item = PayoutItem(payee="p1", gross=usd(250), bought=Money(230, "EUR"))
    draft = postings.conversion(batch="b1", item_id="i1", item=item)
    ledger.post(draft, effective_on=DAY, source={})
    assert JournalEntry.objects.latest("pk").n_lines == 4
    assert ledger.balance("fx:EUR-USD:EUR") == Money(230, "EUR")


def test_a_reversal_is_the_mirror_image_and_happens_once(db: None) -> None:
    entry = post_sale()
    mirror = ledger.reverse_entry(entry, effective_on=DAY, source={"why": "case 7"})
    assert ledger.lines_of(entry.reversed_by) == [Line(code, -minor) for code, minor in SALE]
    assert ledger.balance("clearing:paypal:USD") == usd(0)
    assert ledger.reverse_entry(entry, effective_on=DAY, source={"why": "case 7"}) == mirror
    with pytest.raises(ledger.AlreadyReversed):
        post_sale("other", [Line(code, -minor) for code, minor in SALE], reverses=entry)


def test_movements_are_those_of_the_period_both_days_included(db: None) -> None:
    for day in (1, 2, 3, 4):
        post_sale(f"d{day}", effective_on=dt.date(2026, 1, day))
    moved = ledger.movements("revenue:pr1:", first_day=dt.date(2026, 1, 2), last_day=dt.date(2026, 1, 3))
    assert moved == {"revenue:pr1:shop:USD": usd(-1000)}
    assert ledger.movements("revenue:pr", first_day=dt.date(2027, 1, 1), last_day=dt.date(2027, 1, 2)) == {}


def test_python_and_postgresql_reckon_the_same_hash(db: None) -> None:
    entry = post_sale(key="ref:paypal:%C3%A9", source={"note": "é \n \U0001f600", "id": 7})
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_seal(entry) FROM royalties_journalentry entry")
        assert cursor.fetchone() == (entry.hash,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert entry.facts["id"] == 7


def test_an_allocation_of_five_thousand_payees_is_one_entry(db: None) -> None:
    amounts = {f"p{number}": number for number in range(1, 5001)}
    total = sum(amounts.values())
    post_sale(lines=[Line("clearing:paypal:USD", total), Line("revenue:pr1:shop:USD", -total)])
    split = postings.statement_split(statement="st1", production="pr1", pool=usd(total))
    ledger.post(split, effective_on=DAY, source={})
    draft = postings.statement_allocation(statement="st1", production="pr1", currency="USD", amounts=amounts)
    receipt = ledger.post(draft, effective_on=DAY, source={})
    assert JournalEntry.objects.get(pk=receipt.number).n_lines == 5001
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert ledger.balance("payable:p5000:USD") == usd(-5000)
    assert ledger.balance("pool:pr1:USD") == usd(0)


# --- what the writer refuses ---


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([], ledger.Unbalanced),
        (SALE[:1], ledger.Unbalanced),
        ([SALE[0], Line("revenue:pr1:shop:USD", -499)], ledger.Unbalanced),
        ([SALE[0], Line("revenue:pr1:shop:EUR", -500)], ledger.Unbalanced),
        ([*SALE, Line("bank:USD", 0)], ledger.LedgerError),
        ([Line("bank:USD", 10**15 + 1), Line("opening:USD", -(10**15) - 1)], ledger.LedgerError),
        ([Line("bank:USD", 5.0), Line("opening:USD", -5.0)], TypeError),
        ([Line("cash:USD", 5), Line("opening:USD", -5)], accounts.UnknownAccount),
        ([Line("bank:usd", 5), Line("opening:usd", -5)], accounts.UnknownAccount),
        ([Line("payable:USD", 5), Line("opening:USD", -5)], accounts.UnknownAccount),
        ([Line("payable:a b:USD", 5), Line("opening:USD", -5)], accounts.UnknownAccount),
    ],
)
def test_it_refuses_a_bad_entry(db: None, lines: list[Line], error: type[Exception]) -> None:
    with pytest.raises(error):
        post_sale(lines=lines)
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"effective_on": dt.date(2026, 4, 1)},
        {"source": {"income": 2}},
        {"lines": [Line("clearing:paypal:USD", 501), Line("revenue:pr1:shop:USD", -501)]},
        {"lines": [Line("clearing:paypal:USD", 500), Line("revenue:pr2:shop:USD", -500)]},
    ],
)
def test_it_refuses_a_key_used_for_other_content(db: None, change: dict[str, Any]) -> None:
    post_sale()
    with pytest.raises(ledger.KeyReused):
        post_sale(**change)


@pytest.mark.parametrize(
    "draft",
    [
        postings.payout_submitted(batch="1", items=[PayoutItem("p1", usd(1))]),
        postings.statement_allocation(statement="st1", production="pr1", currency="USD", amounts={"p1": 1}),
        postings.release(hold="h1", payee="p1", money=usd(1)),
        postings.reserve_released(statement="st1", production="pr1", money=usd(1)),
        postings.escheat(case="1", payee="p1", money=usd(1)),
        postings.advance_recouped(statement="st1", payee="p1", production="pr1", currency="USD", amounts={"p1": 1}),
    ],
    ids=lambda draft: draft.kind,
)
def test_what_is_owed_is_never_overdrawn(db: None, draft: postings.Draft) -> None:
    with pytest.raises(ledger.Overdrawn), transaction.atomic():
        ledger.post(draft, effective_on=DAY, source={})


def test_a_row_in_use_cannot_be_deleted_through_the_orm_either(db: None) -> None:
    post_sale()
    for model in (Account, JournalEntry, JournalLine, Balance):
        with pytest.raises(Exception, match=r"append-only|protected|permission denied"), transaction.atomic():
            model.objects.all().delete()


# --- many at once ---


def test_threads_that_post_at_once_leave_no_gap_and_no_fork(committed_db: str) -> None:
    threads, each = 8, 12
    start = threading.Barrier(threads)

    def work(number: int) -> None:
        start.wait()
        try:
            for count in range(each):
                post_sale(f"t{number}:{count}", [Line(DEBIT, 1), Line(f"revenue:pr{count % 3}:shop:USD", -1)])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    rows = list(JournalEntry.objects.order_by("id").values_list("id", "previous_hash", "hash"))
    assert [number for number, _, _ in rows] == list(range(1, threads * each + 1))
    assert [previous for _, previous, _ in rows[1:]] == [own for _, _, own in rows[:-1]]
    assert ledger.balance(DEBIT) == usd(threads * each)


def test_threads_with_the_same_request_make_one_entry(committed_db: str) -> None:
    start = threading.Barrier(8)

    def work(_: int) -> int:
        start.wait()
        try:
            return post_sale("once").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {1}
    assert JournalEntry.objects.count() == 1


def test_threads_cannot_pay_one_balance_twice(committed_db: str) -> None:
    post_sale()
    ledger.post(postings.statement_split(statement="st1", production="pr1", pool=usd(100)), effective_on=DAY, source={})
    start = threading.Barrier(6)

    def work(number: int) -> bool:
        amounts = {f"p{number}": 100}
        draft = postings.statement_allocation(
            statement=f"st{number}", production="pr1", currency="USD", amounts=amounts
        )
        start.wait()
        try:
            ledger.post(draft, effective_on=DAY, source={})
        except ledger.Overdrawn:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(work, range(6))) == [False] * 5 + [True]
