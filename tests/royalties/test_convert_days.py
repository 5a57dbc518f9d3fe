"""Conversions by their days: revenue is shared once, and what is kept back or lost stays with what it belongs to."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from royalties import actions
from royalties.checks.statements import validate_conversions_are_in_one_statement
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Conversion, Reserve, Statement
from royalties.money import Money
from royalties.movement import movement_of
from tests.royalties.conftest import FIRST, LAST, REVENUE, balances_add_up, closed, later
from tests.royalties.test_money_races import while_it_is_open

RATES = b"day,base,quote,rate\n2026-09-30,EUR,USD,1.1\n2026-10-08,EUR,USD,1.1\n2026-12-31,EUR,USD,1.1\n"
TENTH = dt.date(2026, 10, 10)
AUTUMN, NEW_YEARS_EVE = dt.date(2026, 10, 1), dt.date(2026, 12, 31)
SPRING = dt.datetime(2027, 4, 2, tzinfo=dt.UTC)


def earn(sam: Any, production: Any, amount: str, *, day: str = "2026-08-16", kind: str = "sale") -> None:
    row = f"bandcamp,{day}-{kind},shop,{kind},{amount},EUR,{day},{production.pk}\n"
    actions.import_csv(actor=sam, kind="revenue", name=f"{day}.csv", content=(REVENUE + row).encode())


@pytest.fixture
def abroad(earning: Any, sam: Any, dana: Any) -> Any:
    """The film after it has earned 200 euros in August as well, with rates to convert them by."""
    actions.import_csv(actor=dana, kind="rates", name="rates.csv", content=RATES)
    earn(sam, earning, "200.00")
    return earning


def proposed(sam: Any, production: Any, first_day: dt.date, last_day: dt.date, **facts: Any) -> Conversion:
    days = {"first_day": first_day, "last_day": last_day}
    given = {"sold": "EUR", "bought": "USD", "reason": "One statement for all.", **facts}
    return actions.propose_conversion(actor=sam, production=production, **days, **given)


def converted(sam: Any, dana: Any, production: Any, first_day: dt.date, last_day: dt.date) -> Conversion:
    row = proposed(sam, production, first_day, last_day)
    return actions.approve_conversion(actor=dana, conversion=row)


def slipped_in(sam: Any, dana: Any, production: Any, first_day: dt.date, last_day: dt.date) -> Conversion:
    """One that no action would have let in."""
    facts = {"proposed_by": sam, "approved_by": dana, "approved_at": timezone.now(), "reason": "In a hurry."}
    days = {"first_day": first_day, "last_day": last_day, "numerator": 11, "denominator": 10, "lines": []}
    return Conversion.objects.create(production=production, sold="EUR", bought="USD", **facts, **days)


def drafted(
    sam: Any, production: Any, first_day: dt.date, last_day: dt.date, finish_jobs: Any, currency: str = "EUR"
) -> Statement:
    with finish_jobs():
        statement = actions.draft_statement(
            actor=sam, production=production, first_day=first_day, last_day=last_day, currency=currency, now=SPRING
        )
    statement.refresh_from_db()
    return statement


def posted(statement: Statement, sam: Any, dana: Any) -> Statement:
    """As it ends where nothing is worth a statement: published first, and a loss afterwards."""
    statement = closed(statement, sam)
    return actions.post_statement(actor=dana, statement=statement, now=later(statement))


def gross(statement: Statement) -> int:
    return movement_of(statement)["gross"]


# --- one statement for all days ---


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_a_conversion_is_refused_whose_days_a_statement_has_in_part(
    abroad: Any, sam: Any, finish_jobs: Any, currency: str
) -> None:
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs, currency)
    for days in (FIRST, TENTH), (dt.date(2026, 6, 1), dt.date(2026, 9, 30)):
        with pytest.raises(RoyaltiesRefused, match=f"statement in {currency}.*has only some of these days"):
            proposed(sam, abroad, *days)
    assert gross(statement) == (20_000 if currency == "EUR" else 1_234_567)
    assert proposed(sam, abroad, dt.date(2026, 8, 1), dt.date(2026, 9, 30)).pk


@pytest.mark.usefixtures("db")
def test_a_conversion_is_not_approved_once_a_statement_has_its_days_in_part(
    abroad: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = proposed(sam, abroad, FIRST, TENTH)
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs)
    with pytest.raises(RoyaltiesRefused, match="has only some of these days"):
        actions.approve_conversion(actor=dana, conversion=row)
    actions.withdraw_statement(actor=dana, statement=statement, reason="One statement for all.")
    assert actions.approve_conversion(actor=dana, conversion=row).approved_at is not None


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_a_statement_is_refused_that_has_only_some_days_of_a_conversion(
    abroad: Any, sam: Any, dana: Any, finish_jobs: Any, currency: str
) -> None:
    converted(sam, dana, abroad, FIRST, TENTH)
    with pytest.raises(RoyaltiesRefused, match="converted together"):
        drafted(sam, abroad, FIRST, LAST, finish_jobs, currency)
    whole = drafted(sam, abroad, FIRST, NEW_YEARS_EVE, finish_jobs, currency)
    assert gross(whole) == (0 if currency == "EUR" else 1_234_567 + 22_000)
    assert list(validate_conversions_are_in_one_statement()) == []
    balances_add_up()


@pytest.mark.usefixtures("db")
def test_what_is_converted_is_not_converted_again_with_other_days(abroad: Any, sam: Any, dana: Any) -> None:
    early = proposed(sam, abroad, FIRST, LAST)
    converted(sam, dana, abroad, FIRST, TENTH)
    with pytest.raises(RoyaltiesRefused, match="converted together"):
        proposed(sam, abroad, dt.date(2026, 8, 1), LAST)
    with pytest.raises(RoyaltiesRefused, match="converted together"):
        actions.approve_conversion(actor=dana, conversion=early)
    earn(sam, abroad, "5.00", day="2026-08-20")
    late = converted(sam, dana, abroad, FIRST, TENTH)
    assert [(line["amount"], line["converted"]) for line in late.lines] == [(-500, -550)]


def test_of_a_conversion_and_a_statement_at_once_that_cut_each_other_one_is_refused(
    committed_db: str, abroad: Any, sam: Any, dana: Any
) -> None:
    row = proposed(sam, abroad, FIRST, TENTH)
    facts = {"production": abroad, "first_day": FIRST, "last_day": LAST, "currency": "EUR", "now": SPRING}
    outcome = while_it_is_open(
        lambda: actions.approve_conversion(actor=dana, conversion=row),
        lambda: actions.draft_statement(actor=sam, **facts),
    )
    assert isinstance(outcome, RoyaltiesRefused)
    assert "converted together" in str(outcome)


@pytest.mark.usefixtures("db")
def test_the_check_names_a_conversion_that_a_statement_cuts(abroad: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs)
    converted(sam, dana, abroad, FIRST, LAST)
    assert list(validate_conversions_are_in_one_statement()) == []
    row = slipped_in(sam, dana, abroad, FIRST, TENTH)
    assert list(validate_conversions_are_in_one_statement()) == [
        f"conversion {row.pk}: statement {statement.pk} has only some of its days"
    ]


@pytest.mark.usefixtures("db")
def test_the_check_names_days_that_were_converted_twice(abroad: Any, sam: Any, dana: Any) -> None:
    converted(sam, dana, abroad, FIRST, LAST)
    earn(sam, abroad, "5.00", day="2026-10-09")
    before = converted(sam, dana, abroad, FIRST, TENTH)
    assert list(validate_conversions_are_in_one_statement()) == []
    row = slipped_in(sam, dana, abroad, FIRST, LAST)
    assert list(validate_conversions_are_in_one_statement()) == [
        f"conversion {row.pk}: it has only some days of conversion {before.pk}"
    ]


# --- what stays in its currency ---


@pytest.fixture
def kept_back(abroad: Any, sam: Any, dana: Any, finish_jobs: Any) -> Reserve:
    """Fifty euros of the quarter's two hundred."""
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs)
    money = Money(5_000, "EUR")
    row = actions.propose_reserve(actor=sam, statement=statement, money=money, reason="Vinyl comes back.")
    return actions.approve_reserve(actor=dana, reserve=row)


@pytest.mark.usefixtures("db")
def test_what_a_reserve_is_kept_back_of_is_not_converted(
    kept_back: Reserve, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    production = kept_back.statement.production
    with pytest.raises(WrongState, match=r"50\.00 EUR.*reserve"):
        proposed(sam, production, FIRST, LAST)
    earn(sam, production, "80.00", day="2026-11-16")
    with pytest.raises(WrongState, match=r"50\.00 EUR.*reserve"):
        proposed(sam, production, AUTUMN, NEW_YEARS_EVE)
    after = drafted(sam, production, AUTUMN, NEW_YEARS_EVE, finish_jobs)
    actions.release_reserve(actor=dana, reserve=kept_back, statement=after)
    with pytest.raises(WrongState, match=r"50\.00 EUR.*reserve"):
        proposed(sam, production, FIRST, LAST)
    converted(sam, dana, production, AUTUMN, NEW_YEARS_EVE)
    assert (gross(after), movement_of(after)["reserve_released"]) == (0, 5_000)


@pytest.mark.usefixtures("db")
def test_a_conversion_is_not_approved_once_a_reserve_is_kept_back(
    abroad: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs)
    row = proposed(sam, abroad, FIRST, LAST)
    money = Money(5_000, "EUR")
    reserve = actions.propose_reserve(actor=sam, statement=statement, money=money, reason="Vinyl comes back.")
    actions.approve_reserve(actor=dana, reserve=reserve)
    with pytest.raises(WrongState, match="reserve"):
        actions.approve_conversion(actor=dana, conversion=row)


def test_a_reserve_waits_for_a_conversion_that_takes_what_it_would_keep_back(
    committed_db: str, abroad: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs)
    row = proposed(sam, abroad, FIRST, LAST)
    money = Money(5_000, "EUR")
    reserve = actions.propose_reserve(actor=sam, statement=statement, money=money, reason="Vinyl comes back.")
    outcome = while_it_is_open(
        lambda: actions.approve_conversion(actor=dana, conversion=row),
        lambda: actions.approve_reserve(actor=dana, reserve=reserve),
    )
    assert isinstance(outcome, RoyaltiesRefused)
    assert "At most" in str(outcome)
    assert movement_of(statement)["reserve_held"] == 0


@pytest.mark.usefixtures("db")
def test_what_recoups_a_loss_in_no_statement_is_converted_with_the_loss_or_not_at_all(
    abroad: Any, sam: Any, dana: Any
) -> None:
    earn(sam, abroad, "230.00", day="2026-08-17", kind="refund")
    earn(sam, abroad, "90.00", day="2026-11-16")
    row = proposed(sam, abroad, FIRST, NEW_YEARS_EVE)
    with pytest.raises(WrongState, match=r"30\.00 EUR.*recouped"):
        proposed(sam, abroad, AUTUMN, NEW_YEARS_EVE)
    actions.approve_conversion(actor=dana, conversion=row)
    earn(sam, abroad, "7.00", day="2026-12-16")
    with pytest.raises(RoyaltiesRefused, match="converted together"):
        proposed(sam, abroad, AUTUMN, NEW_YEARS_EVE)


@pytest.mark.usefixtures("db")
def test_what_recoups_a_posted_loss_is_not_converted(abroad: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    statement = drafted(sam, abroad, FIRST, LAST, finish_jobs)
    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    earn(sam, abroad, "230.00", day="2026-08-17", kind="refund")
    statement.refresh_from_db()
    with finish_jobs():
        actions.revise(actor=sam, statement=statement, reason="Records came back.")
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    statement = posted(statement, sam, dana)
    assert statement.current is not None
    assert statement.current.result["waterfall"]["loss_carried"] == 3_000
    earn(sam, abroad, "90.00", day="2026-11-16")
    with pytest.raises(WrongState, match=r"30\.00 EUR.*recouped"):
        proposed(sam, abroad, AUTUMN, NEW_YEARS_EVE)
    earn(sam, abroad, "9.00", day="2026-12-16")
    assert proposed(sam, abroad, dt.date(2026, 12, 1), NEW_YEARS_EVE).pk
