"""What is known by one door is known by the other: a transaction in suspense, a supplier's number, a refund's sale."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, RoyaltiesRefused, WrongState
from royalties.models import Cost, Import, Income, Mapping, Suspense
from royalties.money import Money
from tests.royalties.conftest import COSTS, REVENUE, balances_add_up
from tests.royalties.reports import BILLS, booked, taken


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


RULES = {
    "provider": "store", "id_columns": ["id"], "day_column": "day", "amount_column": "amount", "currency": "USD",
    "production_columns": ["film"], "channel": "store", "fee_column": "fee", "kind_column": "kind", "sale_column": "of",
    "kinds": {"sold": "sale", "back": "refund", "charge": "fee"}, "unmatched": "suspense",
}  # fmt: skip
HEADER = "id,day,amount,fee,kind,of,film\n"


@pytest.fixture
def store(production: Any, dana: Any) -> Mapping:
    """How the store's reports are read."""
    return actions.add_mapping(actor=dana, name="Store", kind="revenue", rules=RULES)


def rows(*given: str, film: str = "The Lid") -> bytes:
    """A report of the store, such as "1,2026-08-15,10.00,0.50,sold,"."""
    return (HEADER + "".join(f"{row},{film}\n" for row in given)).encode()


def ours(actor: Any, production: Any, *given: str) -> Import:
    """A file in our own columns, such as "1,sale,10.00" of the store."""
    lines = []
    for row in given:
        number, what, amount = row.split(",")
        lines.append(f"store,{number},store,{what},{amount},USD,2026-08-15,{production.pk}\n")
    content = (REVENUE + "".join(lines)).encode()
    return actions.import_csv(actor=actor, kind="revenue", name="ours.csv", content=content)


def refused(actor: Any, production: Any, *given: str) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as caught, transaction.atomic():
        ours(actor, production, *given)
    return caught.value.problems


SALE = "1,2026-08-15,10.00,0.50,sold,"


@pytest.fixture
def waiting(store: Mapping, dana: Any) -> Suspense:
    """A sale of 10.00, its fee 0.50, of a film that nobody knows."""
    booked(dana, rows(SALE, film="Another film"), "Store")
    return Suspense.objects.get()


# --- a transaction in suspense ---


@pytest.mark.parametrize("row", ["1,sale,10.00", "1,sale,9.50", "1,fee,0.50"])
def test_our_own_file_does_not_book_what_waits_in_suspense(
    waiting: Suspense, production: Any, sam: Any, row: str
) -> None:
    assert refused(sam, production, row) == [(2, "transaction 1 waits in suspense; resolve it there")]
    assert not Income.objects.exists()
    assert (balance("clearing:store:USD"), balance("suspense:store:USD")) == (950, -950)
    actions.resolve_suspense(actor=sam, suspense=waiting, production=production, reason="They misspelt it.")
    assert ours(sam, production, "1,sale,10.00", "1,fee,0.50").known_count == 2
    assert balance("clearing:store:USD") == 950
    assert breaches() == []


def test_our_own_file_does_not_book_what_was_sent_back(waiting: Suspense, production: Any, sam: Any) -> None:
    actions.return_suspense(actor=sam, suspense=waiting, reason="Not ours.")
    assert "was sent back" in refused(sam, production, "1,sale,10.00")[0][1]
    assert not Income.objects.exists()


def test_a_refund_by_the_number_of_what_waits_is_its_own_fact(waiting: Suspense, production: Any, sam: Any) -> None:
    assert ours(sam, production, "1,refund,2.00").known_count == 0
    assert balance("clearing:store:USD") == 750


def test_a_report_that_matches_by_now_does_not_book_what_waits_in_suspense(waiting: Suspense, sam: Any) -> None:
    again = booked(sam, rows(SALE, "2,2026-08-15,1.00,,sold,"), "Store")
    assert (again.known_count, Income.objects.count()) == (2, 1)
    assert balance("suspense:store:USD") == -950


def test_a_row_of_an_unknown_film_is_known_where_our_own_file_has_booked_it(
    store: Mapping, production: Any, sam: Any, dana: Any
) -> None:
    ours(sam, production, "1,sale,10.00", "1,fee,0.50")
    report = booked(dana, rows(SALE, "2,2026-08-15,3.00,,sold,", film="Another film"), "Store")
    assert (report.known_count, report.suspense_count) == (1, 1)
    assert Suspense.objects.get().transaction == "2"
    assert balance("clearing:store:USD") == 950 + 300
    assert breaches() == []


@pytest.mark.parametrize(
    "row", ["1,2026-08-15,10.01,0.50,sold,", "1,2026-08-16,10.00,0.50,sold,", "1,2026-08-15,10.00,,sold,"]
)
def test_a_row_of_an_unknown_film_that_contradicts_our_own_file_is_refused(
    store: Mapping, production: Any, sam: Any, dana: Any, row: str
) -> None:
    ours(sam, production, "1,sale,10.00", "1,fee,0.50")
    report = taken(dana, rows(row, film="Another film"), "Store")
    assert (report.status, report.problems) == ("refused", [[2, "transaction 1 is known with other figures"]])


def test_a_fee_that_is_booked_already_does_not_wait_once_more_with_its_sale(
    store: Mapping, production: Any, sam: Any, dana: Any
) -> None:
    ours(sam, production, "1,fee,0.50")
    report = taken(dana, rows(SALE, film="Another film"), "Store")
    assert (report.status, report.problems) == ("refused", [[2, "the fee of transaction 1 is booked already"]])


def test_a_fee_that_comes_after_its_sale_was_resolved_is_booked_once(
    store: Mapping, production: Any, sam: Any, dana: Any
) -> None:
    booked(dana, rows("1,2026-08-15,10.00,,sold,", film="Another film"), "Store")
    fee = "1,2026-08-20,0.50,,charge,"
    assert taken(dana, rows(fee), "Store").status == "refused"
    waits = Suspense.objects.get()
    actions.resolve_suspense(actor=sam, suspense=waits, production=production, reason="They misspelt it.")
    assert booked(dana, rows(fee, "2,2026-08-20,1.00,,sold,"), "Store").known_count == 0
    assert booked(dana, rows(fee, "3,2026-08-20,1.00,,sold,"), "Store").known_count == 1
    assert balance(f"expense:pr{production.pk}:fee:USD") == 50
    assert breaches() == []


def test_what_was_doubled_before_is_not_resolved_but_sent_back(waiting: Suspense, production: Any, sam: Any) -> None:
    Income.objects.create(
        source=waiting.source, line_number=2, production=production, provider="store", transaction="1",
        channel="store", kind="sale", amount_minor=1_000, currency="USD", received_on=waiting.received_on,
    )  # fmt: skip
    with pytest.raises(WrongState, match="booked as income already"):
        actions.resolve_suspense(actor=sam, suspense=waiting, production=production, reason="Found.")
    actions.return_suspense(actor=sam, suspense=waiting, reason="It was booked twice.")
    assert balance("suspense:store:USD") == 0


# --- a supplier's number ---

FERRY = "2026-001,Ferry Post,post,50.00,USD,2026-08-20"
OTHERS = {
    "supplier": "2026-001,Anna Legal,post,50.00,USD,2026-08-20",
    "category": "2026-001,Ferry Post,legal,50.00,USD,2026-08-20",
    "day": "2026-001,Ferry Post,post,50.00,USD,2026-09-02",
    "amount": "2026-001,Ferry Post,post,50.01,USD,2026-08-20",
}


def bills(actor: Any, production: Any, row: str) -> Import:
    content = (COSTS + f"{row},{production.pk}\n").encode()
    return actions.import_csv(actor=actor, kind="cost", name="bills.csv", content=content)


@pytest.mark.parametrize("differs", OTHERS)
def test_a_number_of_another_bill_is_refused_and_not_counted_as_known(production: Any, sam: Any, differs: str) -> None:
    bills(sam, production, FERRY)
    with pytest.raises(ImportRefused) as caught, transaction.atomic():
        bills(sam, production, OTHERS[differs])
    [(line, words)] = caught.value.problems
    assert line == 2
    assert "invoice 2026-001 is known with other figures" in words
    assert "Ferry Post" in words
    assert bills(sam, production, f"{FERRY} ").known_count == 1
    assert Cost.objects.count() == 1


@pytest.mark.parametrize("differs", OTHERS)
def test_a_report_of_bills_refuses_a_number_of_another_bill(production: Any, sam: Any, differs: str) -> None:
    name = "Suppliers’ bills"

    def report(row: str, after: str = "") -> bytes:
        """In the words of that mapping."""
        words = row.replace(",post,", ",Mix,").replace(",legal,", ",Printing,")
        return f"{BILLS}{words},The Lid\n{after}".encode()

    booked(sam, report(FERRY), name)
    other = taken(sam, report(OTHERS[differs]), name)
    assert (other.status, other.known_count) == ("refused", 0)
    assert "invoice 2026-001 is known with other figures" in other.problems[0][1]
    same = taken(sam, report(FERRY, "\n"), name)
    assert (same.status, same.known_count) == ("ready", 1)


# --- a refund's sale ---


def test_a_refund_that_was_taken_back_leaves_room_for_the_true_one(store: Mapping, sam: Any, dana: Any) -> None:
    booked(dana, rows("s1,2026-08-15,10.00,,sold,"), "Store")
    booked(dana, rows("r1,2026-08-16,10.00,,back,s1"), "Store")
    assert taken(dana, rows("r2,2026-08-17,10.00,,back,s1"), "Store").status == "refused"
    actions.reverse_income(actor=sam, income=Income.objects.get(kind="refund"), reason="Of another sale.")
    true = booked(dana, rows("r3,2026-08-17,10.00,,back,s1"), "Store")
    assert true.status == "done"
    more = taken(dana, rows("r4,2026-08-18,0.01,,back,s1"), "Store")
    assert "gives back more" in more.problems[0][1]
    balances_add_up()


# --- the number of an invoice of ours ---


@pytest.mark.parametrize("number", ["A" * 61, "A" * 50 + " " * 20, ""])
def test_a_number_that_is_too_long_for_an_invoice_is_refused_in_words(production: Any, dana: Any, number: str) -> None:
    facts = {"channel": "television", "money": Money(100, "USD"), "invoiced_on": dt.date(2026, 8, 1)}
    with pytest.raises(RoyaltiesRefused, match="1 to 60 characters"):
        actions.send_invoice(actor=dana, production=production, number=number, **facts)
