"""A sale that was taken back leaves its number to the right one; the very row that was taken back stays known."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, WrongState
from royalties.models import Import, Income, Mapping, Suspense
from tests.royalties.conftest import REVENUE, balances_add_up, film_of
from tests.royalties.reports import booked, taken
from tests.royalties.test_known_once import RULES, rows

SALE = "1,2026-08-15,10.00,0.50,sold,"


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


def earned(production: Any) -> tuple[int, int]:
    """Revenue of a film by that store, and its fees."""
    code = f"pr{production.pk}"
    revenue, fee = f"revenue:{code}:store:USD", f"expense:{code}:fee:USD"
    return -ledger.balance(revenue).amount_minor, ledger.balance(fee).amount_minor


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


def back(actor: Any, kind: str = "sale") -> Income:
    """The newest of that kind is taken back."""
    income = Income.objects.filter(kind=kind).latest("pk")
    actions.reverse_income(actor=actor, income=income, reason="Mistyped, or of the wrong film.")
    return income


@pytest.fixture
def store(production: Any, dana: Any) -> Mapping:
    """How the store's reports are read."""
    return actions.add_mapping(actor=dana, name="Store", kind="revenue", rules=RULES)


@pytest.fixture
def other(production: Any, alice: Any, bob: Any, sam: Any) -> Any:
    return film_of(alice, bob, sam, title="The Spoon")


def test_our_own_file_books_the_right_figures_of_a_number_that_was_taken_back(
    production: Any, other: Any, sam: Any
) -> None:
    ours(sam, production, "1,sale,10.00")
    assert refused(sam, production, "1,sale,1.00") == [(2, "transaction 1 is known with other figures")]
    back(sam)
    assert ours(sam, production, "1,sale,1.00", "2,sale,3.00").known_count == 0
    assert earned(production) == (400, 0)
    assert refused(sam, production, "1,sale,2.00") == [(2, "transaction 1 is known with other figures")]
    actions.reverse_income(actor=sam, income=Income.objects.get(transaction="1", again=1), reason="The wrong film.")
    assert ours(sam, other, "1,sale,1.00").known_count == 0
    assert (earned(production), earned(other)) == ((300, 0), (100, 0))
    assert list(Income.objects.filter(transaction="1").order_by("pk").values_list("again", flat=True)) == [0, 1, 2]
    assert breaches() == []
    balances_add_up()


def test_the_row_that_was_taken_back_stays_known(store: Mapping, production: Any, sam: Any, dana: Any) -> None:
    """Else every report that overlaps would book again what two people have taken back."""
    ours(sam, production, "1,sale,10.00")
    back(sam)
    assert ours(sam, production, "1,sale,10.00", "2,sale,1.00").known_count == 1
    for film in ("The Lid", "Another film"):
        report = booked(dana, rows("1,2026-08-15,10.00,,sold,", "2,2026-08-15,1.00,,sold,", film=film), "Store")
        assert report.known_count == 2
    assert earned(production) == (100, 0)
    assert not Suspense.objects.exists()


def test_a_report_books_a_sale_and_its_fee_for_the_right_film_once_both_are_taken_back(
    store: Mapping,
    production: Any,
    other: Any,
    sam: Any,
    dana: Any,
) -> None:
    booked(dana, rows(SALE), "Store")
    right = rows(SALE, film="The Spoon")
    back(sam)
    assert taken(dana, right, "Store").problems == [[2, "transaction 1 is known with other figures"]]  # its fee
    back(sam, "fee")
    report = taken(dana, right, "Store")
    actions.look_again(actor=dana, intake=report)
    actions.book_report(actor=dana, intake=report)
    actions.run_report(intake_id=report.pk)
    assert (earned(production), earned(other)) == ((0, 0), (1_000, 50))
    assert booked(dana, rows(SALE, "3,2026-08-15,1.00,,sold,", film="The Spoon"), "Store").known_count == 2
    assert breaches() == []
    back(sam)
    assert earned(other) == (100 - 100 + 1_000, 50)


def test_a_refund_gives_back_the_sale_that_stands(
    store: Mapping,
    production: Any,
    other: Any,
    sam: Any,
    dana: Any,
) -> None:
    booked(dana, rows("1,2026-08-15,10.00,,sold,"), "Store")
    back(sam)
    gone = taken(dana, rows("r1,2026-08-16,2.00,,back,1"), "Store")
    assert "was taken back itself" in gone.problems[0][1]
    booked(dana, rows("1,2026-08-15,12.00,,sold,", "r1,2026-08-16,11.00,,back,1", film="The Spoon"), "Store")
    assert Income.objects.get(kind="refund").sale == Income.objects.get(kind="sale", again=1)
    more = taken(dana, rows("r2,2026-08-17,1.01,,back,1", film="The Spoon"), "Store")
    assert "gives back more" in more.problems[0][1]
    with pytest.raises(WrongState, match="Refunds of this sale"):
        back(sam)
    back(sam, "refund")
    assert ours(sam, other, "r1,refund,2.00").known_count == 0
    assert Income.objects.get(kind="refund", again=1).amount_minor == 200
    assert breaches() == []


def test_what_matches_no_film_does_not_take_the_number_of_what_was_taken_back(
    store: Mapping,
    production: Any,
    sam: Any,
    dana: Any,
) -> None:
    ours(sam, production, "1,sale,10.00")
    back(sam)
    report = taken(dana, rows("1,2026-08-15,9.00,,sold,", film="Another film"), "Store")
    [(line, words)] = report.problems
    assert line == 2
    assert "was taken back" in words
    assert not Suspense.objects.exists()
