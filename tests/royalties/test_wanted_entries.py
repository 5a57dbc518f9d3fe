"""Every entry stands for a row that asks for it: what was posted past all rows, or stays when its row does not, is named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction

from profiles.actions import grant_powers
from profiles.models import StaffPower
from royalties import actions, checks, ledger, postings
from royalties.models import JournalEntry, ReportRow, RowVerdict
from royalties.money import Money
from royalties.postings import Line
from tests.royalties.payees import news, ready, report
from tests.royalties.test_rows_as_booked import breaches, said_of, superuser

__all__ = ["superuser"]

DAY = dt.date(2026, 9, 1)


@pytest.fixture
def books(posted: Any) -> None:
    """The books of a statement that is posted, sound before the test."""
    assert breaches() == []


def unwanted() -> list[str]:
    (outcome,) = checks.outcomes(["every_entry_is_wanted"])
    return outcome.breaches


def nobody_asked_for(number: int) -> list[str]:
    entry = JournalEntry.objects.get(pk=number)
    return [f"entry {number} is there as {entry.idempotency_key}, and no row asks for it"]


@pytest.mark.usefixtures("db", "books")
def test_money_that_was_made_in_a_shell_is_named(posted: Any, alice: Any) -> None:
    production, payable = f"pr{posted.production_id}", f"payable:{alice.payee.code}:USD"
    lines = [Line(f"expense:{production}:artist_share:USD", 1_000), Line(payable, -1_000)]
    for kind, key, source in [
        ("statement_allocation", "st:st99:alloc", {}),
        ("statement_allocation", f"st:{posted.code}:alloc:1", {"statement": posted.pk}),
        ("release", "hold:1-USD:release", {}),
        ("anything", "anything", {"sale": 1}),
    ]:
        with transaction.atomic():
            receipt = ledger.post_entry(kind=kind, key=key, effective_on=DAY, source=source, lines=lines)
            assert unwanted() == nobody_asked_for(receipt.number)
            transaction.set_rollback(True)


@pytest.mark.usefixtures("db", "books")
def test_an_entry_of_the_door_itself_is_named(alice: Any) -> None:
    """By the application's own role, past all code of ours."""
    key = f"payable:{alice.payee.code}:USD"
    code = "clearing:bandcamp:USD"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post('raw', 'raw:1', repeat('0', 64), '2026-09-01', '{}', NULL, %s::text[], %s::bigint[])",
            [[code, key], [1_000, -1_000]],
        )
    assert unwanted() == nobody_asked_for(ledger.head()[0])


@pytest.mark.usefixtures("db", "books")
def test_what_was_divided_is_not_taken_back_by_hand(posted: Any) -> None:
    entry = JournalEntry.objects.get(idempotency_key=f"st:{posted.code}:alloc")
    receipt = ledger.reverse_entry(entry, effective_on=DAY, source={"statement": posted.pk})
    assert unwanted() == nobody_asked_for(receipt.number)


@pytest.mark.usefixtures("db", "books")
def test_what_is_called_a_recoupment_is_one(posted: Any, alice: Any, bob: Any) -> None:
    code, on = alice.payee.code, posted.posted_at.date()
    key = f"st:{posted.code}:recoup:{code}"
    lines = [Line(f"payable:{code}:USD", 1_000), Line(f"payable:{bob.payee.code}:USD", -1_000)]
    source = {"statement": posted.pk, "revision": 1, "result_sha256": posted.current.result_sha256}
    ledger.post_entry(kind="advance_recouped", key=key, effective_on=on, source=source, lines=lines)
    assert breaches() != []


def test_holds_and_what_they_let_go_are_asked_for(superuser: None, alice: Any, sam: Any, dana: Any) -> None:
    hold = actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    assert breaches() == []
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    actions.lift_hold(actor=type(sam).objects.get(pk=sam.pk), hold=hold, reason="It is hers.")
    assert breaches() == []
    entry = JournalEntry.objects.get(kind="release")
    said = said_of(hold, lifted_at=None, lifted_by=None, lifted_because="")
    assert said == nobody_asked_for(entry.pk)


def test_a_hold_is_as_it_was_booked(superuser: None, alice: Any, dana: Any) -> None:
    hold = actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    entry = JournalEntry.objects.get(kind="hold")
    assert said_of(hold) == []
    said = said_of(hold, placed_at=hold.placed_at - dt.timedelta(days=1))
    assert said == [f"hold {hold.pk} says something else than {entry.idempotency_key}"]
    assert nobody_asked_for(entry.pk)[0] in said_of(hold, currencies=[])
    assert f"hold {hold.pk} cannot be booked as it stands" in " ".join(said_of(hold, currencies=["USD", "EUR"]))


@pytest.mark.parametrize("outcome", ["wrong", "owed", "lost", "belongs"])
def test_a_verdict_is_the_one_that_was_booked(
    superuser: None, posted: Any, alice: Any, bob: Any, sam: Any, dana: Any, outcome: str
) -> None:
    ready(alice)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    payout = batch.payouts.get()
    odd = f"{payout.code},PP-9,Completed,12.00,USD,0.25,"
    if outcome == "belongs":
        odd = "po-of-nobody,PP-9,Returned,12.00,USD,,"
    content = report(news(payout, "Completed", "PP-1", fee="0.30"), odd)
    actions.import_report(actor=dana, form="paypal", name="report.csv", content=content)
    assert breaches() == []
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    judge = type(sam).objects.get(pk=sam.pk)
    row = ReportRow.objects.get(booked__gt="")
    payee = bob.payee if outcome == "belongs" else None
    if outcome == "owed":
        actions.return_payout(actor=dana, payout=payout, reason="Closed")
    verdict = actions.decide_row(actor=judge, row=row, outcome=outcome, reason="We looked.", payee=payee)
    assert breaches() == []
    entry = JournalEntry.objects.latest("pk")
    for other in {*RowVerdict.Outcome.values} - {outcome}:
        assert nobody_asked_for(entry.pk)[0] in said_of(verdict, outcome=other), other
    key = entry.idempotency_key
    name = f"verdict on line {row.number} of report {row.report_id}"
    said = said_of(verdict, decided_at=verdict.decided_at - dt.timedelta(days=1))
    assert f"{name} says something else than {key}" in said


def test_a_fee_of_a_payment_is_that_of_a_report(superuser: None, posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    payout = batch.payouts.get()
    for name, line in (
        ("one", news(payout, "Completed", "PP-1", fee="0.30")),
        ("two", news(payout, "Completed", "PP-1", fee="0.31", reason="Again")),
    ):
        actions.import_report(actor=dana, form="paypal", name=f"{name}.csv", content=report(line))
    assert breaches() == []
    row, entry = ReportRow.objects.earliest("pk"), JournalEntry.objects.get(kind="payout_fee")
    assert nobody_asked_for(entry.pk)[0] not in said_of(row, fee_minor=29)
    assert any(f"says something else than {entry.idempotency_key}" in said for said in said_of(row, fee_minor=29))
    assert any(f"says something else than {entry.idempotency_key}" in said for said in said_of(row, fee_minor=0))


def test_the_settlement_of_what_came_back_is_taken_back(
    superuser: None, posted: Any, alice: Any, sam: Any, dana: Any
) -> None:
    ready(alice)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    payout = actions.settle_payout(actor=dana, payout=batch.payouts.get(), provider_reference="PP-1")
    actions.return_payout(actor=dana, payout=payout, reason="Closed")
    payout.refresh_from_db()
    entry = JournalEntry.objects.get(kind="reversal")
    assert said_of(payout) == []
    assert nobody_asked_for(entry.pk)[0] in said_of(payout, status="failed")
    said = said_of(payout, failed_at=payout.failed_at - dt.timedelta(days=1))
    assert f"payout {payout.code} says something else than reversal:{entry.reverses_id}" in said


@pytest.mark.usefixtures("db", "books")
def test_the_beginning_of_the_books_is_told_by_its_event(dana: Any) -> None:
    for minor in 500, 700:
        actions.open_books(actor=dana, money=Money(minor, "JPY"), on=DAY)
        actions.take_back_opening(actor=dana, currency="JPY")
    actions.open_books(actor=dana, money=Money(800, "JPY"), on=DAY)
    assert breaches() == []
    entry = JournalEntry.objects.latest("pk")
    taken = ledger.reverse_entry(entry, effective_on=DAY, source={})
    assert unwanted() == nobody_asked_for(taken.number)
    again = ledger.post(postings.opening_balance(Money(900, "JPY"), again=3), effective_on=DAY, source={})
    assert unwanted() == [*nobody_asked_for(taken.number), *nobody_asked_for(again.number)]


def test_an_account_is_of_somebody(superuser: None, posted: Any, alice: Any) -> None:
    code = alice.payee.code
    said = said_of(alice.payee, code="another")
    assert f"account payable:{code}:USD is of a payee who is not there" in said
    assert any(name.startswith("revision ") for name in said)
