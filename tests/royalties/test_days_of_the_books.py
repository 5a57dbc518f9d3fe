"""A day outside 2000 to 2100 is a slip of the pen: refused at every door, since what is booked stays for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from royalties import actions, days, ledger
from royalties.actions.keeping import _ended_months
from royalties.admin.money_forms import TransferForm
from royalties.exceptions import ImportRefused, RoyaltiesRefused
from royalties.models import JournalEntry
from royalties.money import Money
from tests.royalties.books import post_sale
from tests.royalties.conftest import COSTS, REVENUE

WRONG = [dt.date(1, 1, 2), dt.date(206, 8, 15), dt.date(1999, 12, 31), dt.date(2101, 1, 1), dt.date(9999, 12, 31)]
CENT = Money(1, "USD")

DOORS: dict[str, Callable[[Any, Any, dt.date], Any]] = {
    "cost": lambda dana, film, day: actions.enter_cost(
        actor=dana, production=film, invoice="1", supplier="P", category="other", money=CENT, paid_on=day
    ),
    "invoice": lambda dana, film, day: actions.send_invoice(
        actor=dana, production=film, channel="television", number="1", money=CENT, invoiced_on=day
    ),
    "receipt": lambda dana, film, day: actions.receive_invoice(
        actor=dana,
        invoice=actions.send_invoice(
            actor=dana, production=film, channel="tv", number="2", money=CENT, invoiced_on=dt.date(2026, 8, 1)
        ),
        provider="wire",
        on=day,
    ),
    "transfer": lambda dana, _film, day: actions.record_transfer(
        actor=dana, provider="paypal", number="1", money=CENT, arrived_on=day
    ),
    "exchange": lambda dana, _film, day: actions.record_bank_exchange(
        actor=dana, number="1", sold=CENT, bought=Money(1, "EUR"), exchanged_on=day
    ),
    "opening": lambda dana, _film, day: actions.open_books(actor=dana, money=CENT, on=day),
    "advance": lambda dana, film, day: actions.propose_advance(
        actor=dana,
        payee=actions.payees_for([film.project.artist])[film.project.artist.pk],
        production=film,
        money=CENT,
        paid_on=day,
        reason="Ink.",
    ),
    "conversion": lambda dana, film, day: actions.propose_conversion(
        actor=dana, production=film, sold="USD", bought="EUR", first_day=day, last_day=day, reason="Euros."
    ),
}


@pytest.mark.parametrize("day", WRONG, ids=str)
@pytest.mark.parametrize("door", DOORS)
def test_a_day_of_another_century_is_refused(production: Any, dana: Any, door: str, day: dt.date) -> None:
    with pytest.raises(RoyaltiesRefused, match="2000"), transaction.atomic():
        DOORS[door](dana, production, day)


def test_a_statement_begins_in_this_century(production: Any, sam: Any) -> None:
    period = {"first_day": dt.date(206, 7, 1), "last_day": dt.date(2026, 9, 30)}
    with pytest.raises(RoyaltiesRefused, match="2000"):
        actions.draft_statement(actor=sam, production=production, currency="USD", **period)


@pytest.mark.parametrize("day", ["0001-01-02", "0206-08-15", "2101-01-01", "9999-12-31"])
def test_our_own_columns_refuse_it_by_its_line(production: Any, dana: Any, day: str) -> None:
    files = {
        "revenue": f"{REVENUE}bandcamp,t1,shop,sale,1.00,USD,{day},{production.pk}\n",
        "cost": f"{COSTS}INV-7,Ferryman Post,post,1.00,USD,{day},{production.pk}\n",
        "rates": f"day,base,quote,rate\n{day},EUR,USD,1.1\n",
    }
    for kind, content in files.items():
        with pytest.raises(ImportRefused) as caught, transaction.atomic():
            actions.import_csv(actor=dana, kind=kind, name="x.csv", content=content.encode())
        [(line, words)] = caught.value.problems
        assert line == 2
        assert day in words


def test_a_form_says_so_beside_the_field() -> None:
    form = TransferForm({"arrived_on": "9999-12-31"})
    assert "2100-12-31" in form.errors["arrived_on"][0]


@pytest.mark.parametrize("day", WRONG, ids=str)
def test_the_ledger_takes_no_such_day(db: None, day: dt.date) -> None:
    with pytest.raises(ledger.LedgerError, match="no day of the books"):
        post_sale(effective_on=day)
    assert not JournalEntry.objects.exists()
    for edge in (days.FIRST, days.LAST):
        post_sale(effective_on=edge, key=str(edge))


def test_an_entry_of_an_age_ago_costs_no_months_before_the_books(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was written before such days were refused."""
    with monkeypatch.context() as before:
        before.setattr(days, "FIRST", dt.date(1, 1, 1))
        post_sale(effective_on=dt.date(1, 1, 2))
    assert _ended_months(dt.date(2000, 3, 5)) == [dt.date(2000, 1, 31), dt.date(2000, 2, 29)]


# --- numbers ---


def test_an_episode_of_five_thousand_digits_is_no_production(production: Any, dana: Any) -> None:
    row = f"bandcamp,t1,shop,sale,1.00,USD,2026-08-15,x/s{'1' * 5_000}e1\n"
    with pytest.raises(ImportRefused) as caught:
        actions.import_csv(actor=dana, kind="revenue", name="x.csv", content=(REVENUE + row).encode())
    [(line, words)] = caught.value.problems
    assert line == 2
    assert "is no production" in words


def test_a_rate_of_more_digits_than_the_books_hold_is_refused_by_its_line(db: None, dana: Any) -> None:
    for rate in ("999999999999.999999999999", "9223372.036854775808"):
        content = f"day,base,quote,rate\n2026-09-30,EUR,USD,{rate}\n".encode()
        with pytest.raises(ImportRefused) as caught, transaction.atomic():
            actions.import_csv(actor=dana, kind="rates", name="x.csv", content=content)
        assert [line for line, _words in caught.value.problems] == [2]
    most = b"day,base,quote,rate\n2026-09-30,EUR,USD,9223372.036854775807\n"
    assert actions.import_csv(actor=dana, kind="rates", name="x.csv", content=most).row_count == 1
