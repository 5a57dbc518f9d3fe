"""Money out of suspense that went to the wrong film: taken back it waits again, as often as it is needed."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from royalties import actions, bookings, ledger
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, WrongState
from royalties.models import Income, JournalEntry, Reversal, Suspense
from tests.royalties.conftest import REVENUE, balances_add_up, film_of
from tests.royalties.reports import booked, shop_rows, taken

NUMBER = "1/Another%20film"


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


def earned(production: Any) -> tuple[int, int]:
    """Revenue of a film by that shop, and its fees."""
    code = f"pr{production.pk}"
    return -balance(f"revenue:{code}:bandcamp:USD"), balance(f"expense:{code}:fee:USD")


@pytest.fixture
def waiting(production: Any, dana: Any) -> Suspense:
    booked(dana, shop_rows("1;10.00;0.50", title="Another film"))
    return Suspense.objects.get()


@pytest.fixture
def other(production: Any, alice: Any, bob: Any, sam: Any) -> Any:
    """The film that it really belongs to."""
    return film_of(alice, bob, sam, title="The Spoon")


def resolved(actor: Any, production: Any) -> Suspense:
    row = Suspense.objects.get(resolution="")
    return actions.resolve_suspense(actor=actor, suspense=row, production=production, reason="It looks like it.")


def reversed_by(actor: Any) -> Reversal:
    sale = Income.objects.filter(kind="sale", transaction=NUMBER).latest("again")
    return actions.reverse_income(actor=actor, income=sale, reason="The wrong film.")


def test_what_went_to_the_wrong_film_waits_again_and_goes_to_the_right_one(
    waiting: Suspense, production: Any, other: Any, sam: Any, dana: Any
) -> None:
    first = resolved(dana, production)
    assert earned(production) == (1_000, 50)
    reversed_by(sam)
    assert (earned(production), balance("suspense:bandcamp:USD")) == ((0, 0), -950)
    again = Suspense.objects.get(resolution="")
    assert (again.again, again.net, again.text, again.received_on) == (1, first.net, first.text, first.received_on)
    first.refresh_from_db()
    assert (first.resolution, first.production) == ("income", production)
    assert breaches() == []
    resolved(dana, other)
    assert (earned(production), earned(other)) == ((0, 0), (1_000, 50))
    assert (balance("suspense:bandcamp:USD"), balance("clearing:bandcamp:USD")) == (0, 950)
    assert JournalEntry.objects.filter(idempotency_key=f"sus:bandcamp:{_quoted()}:resolved:1").exists()
    assert breaches() == []


def _quoted() -> str:
    return NUMBER.replace("%", "%25").replace("/", "%2F")


def test_it_may_go_wrong_twice_and_be_sent_back_in_the_end(
    waiting: Suspense, production: Any, other: Any, sam: Any, dana: Any
) -> None:
    for wrong in (production, other):
        resolved(dana, wrong)
        reversed_by(sam)
        assert breaches() == []
    with pytest.raises(WrongState, match="already reversed"):
        reversed_by(sam)
    last = Suspense.objects.get(resolution="")
    assert last.again == 2
    actions.return_suspense(actor=dana, suspense=last, reason="Nobody’s.")
    assert balance("suspense:bandcamp:USD") == balance("clearing:bandcamp:USD") == 0
    assert earned(production) == earned(other) == (0, 0)
    assert breaches() == []
    balances_add_up()


def test_it_may_even_go_back_to_the_film_that_it_was_taken_from(
    waiting: Suspense, production: Any, sam: Any, dana: Any
) -> None:
    resolved(dana, production)
    reversed_by(sam)
    resolved(dana, production)
    assert (earned(production), Income.objects.filter(kind="sale").count()) == ((1_000, 50), 2)
    assert breaches() == []


def test_it_waits_again_only_when_the_second_person_has_agreed(
    production: Any, other: Any, sam: Any, dana: Any
) -> None:
    booked(dana, shop_rows("1;1,000.00;", title="Another film"))
    resolved(dana, production)
    proposed = reversed_by(sam)
    assert not Suspense.objects.filter(resolution="").exists()
    actions.approve_reversal(actor=dana, reversal=proposed)
    resolved(dana, other)
    assert (earned(production), earned(other)) == ((0, 0), (100_000, 0))
    assert breaches() == []


def test_neither_door_books_what_waits_again(waiting: Suspense, production: Any, sam: Any, dana: Any) -> None:
    resolved(dana, production)
    reversed_by(sam)
    content = f"bandcamp,{NUMBER},bandcamp,sale,10.00,USD,2026-08-15,{production.pk}\n"
    with pytest.raises(ImportRefused, match="waits in suspense"), transaction.atomic():
        actions.import_csv(actor=sam, kind="revenue", name="ours.csv", content=(REVENUE + content).encode())
    report = taken(dana, shop_rows("1;10.00;0.50", "2;1.00;", title="Another film"))
    assert (report.status, report.known_count) == ("ready", 1)
    assert balance("clearing:bandcamp:USD") == 950


def test_a_fee_that_came_by_itself_is_no_part_of_what_waited(production: Any, other: Any, sam: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;", title="Another film"))
    resolved(dana, production)
    content = f"bandcamp,{NUMBER},bandcamp,fee,0.50,USD,2026-08-15,{production.pk}\n"
    actions.import_csv(actor=sam, kind="revenue", name="fee.csv", content=(REVENUE + content).encode())
    assert breaches() == []
    reversed_by(sam)
    resolved(dana, other)
    assert (earned(production), earned(other)) == ((0, 50), (1_000, 0))
    actions.reverse_income(actor=sam, income=Income.objects.get(kind="fee"), reason="Of the other film.")
    assert earned(production) == (0, 0)
    assert breaches() == []


def test_a_refund_of_it_is_taken_back_first(waiting: Suspense, production: Any, sam: Any, dana: Any) -> None:
    resolved(dana, production)
    sale = Income.objects.get(kind="sale")
    refund = Income.objects.create(
        source=sale.source, line_number=9, production=production, provider="bandcamp", transaction="r1", sale=sale,
        channel="bandcamp", kind="refund", amount_minor=100, currency="USD", received_on=sale.received_on,
    )  # fmt: skip
    bookings.income_received(refund)
    with pytest.raises(WrongState, match="Refunds of this sale"):
        reversed_by(sam)
    actions.reverse_income(actor=sam, income=refund, reason="It was none.")
    reversed_by(sam)
    assert Suspense.objects.filter(resolution="").count() == 1
    assert breaches() == []


def test_postgresql_keeps_the_number(waiting: Suspense) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Suspense.objects.update(again=1)


def test_what_was_taken_back_before_waits_from_the_migration_on(
    waiting: Suspense, production: Any, sam: Any, dana: Any
) -> None:
    """As the site booked it until then: the mirror image, and no row that could be resolved."""
    resolved(dana, production)
    sale = Income.objects.get(kind="sale")
    row = Reversal.objects.create(
        income=sale, reason="The wrong film.", takes_effect_on=sale.received_on, proposed_by=sam,
        approved_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    bookings.taken_back(row)
    assert breaches() == [f"what came out of suspense as {NUMBER} of bandcamp was taken back and does not wait again"]
    with connection.cursor() as cursor:
        cursor.execute(import_module("royalties.migrations.0022_waits_again").WAITS)
    assert breaches() == []
    resolved(dana, production)
    assert (earned(production), breaches()) == ((1_000, 50), [])
