"""The ways back of a cost and of an invoice of ours: dropped before it counts, taken back after; its number is free."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from profiles.models import Event
from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, NotAllowed, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Cost, Invoice, JournalEntry, Reversal
from royalties.money import Money
from royalties.movement import movement_of
from tests.royalties.conftest import balances_add_up, booked, closed, cost_csv, later
from tests.royalties.test_money_admin import move
from tests.royalties.test_money_in_admin import page

DAY = dt.date(2026, 8, 20)


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


def entered(actor: Any, production: Any, minor: int, *, invoice: str = "BIG-1", day: dt.date = DAY) -> Cost:
    facts = {"supplier": "Ferryman Post", "category": "post", "money": Money(minor, "USD"), "paid_on": day}
    return actions.enter_cost(actor=actor, production=production, invoice=invoice, **facts)


def spent(production: Any) -> int:
    """What mix and finishing cost a film."""
    return balance(f"expense:pr{production.pk}:post:USD")


# --- dropped ---


def test_a_cost_that_nobody_approved_in_time_is_dropped_and_entered_with_a_later_day(
    open_statement: Any, sam: Any, dana: Any
) -> None:
    production = open_statement.production
    before = spent(production)
    cost = entered(sam, production, 300_000)
    statement = closed(open_statement, sam)
    with pytest.raises(WrongState, match="drop this cost and enter it with a later day"):
        actions.approve_cost(actor=dana, cost=cost)
    with pytest.raises(RoyaltiesRefused, match="known already"):
        entered(sam, production, 300_000, day=later(statement).date())
    actions.drop_cost(actor=sam, cost=cost, reason="Too late for the quarter.")
    cost.refresh_from_db()
    assert (cost.counts, cost.drop_reason, cost.dropped_by) == (False, "Too late for the quarter.", sam)
    second = entered(sam, production, 300_000, day=later(statement).date())
    actions.approve_cost(actor=dana, cost=second)
    assert spent(production) == before + 300_000
    assert JournalEntry.objects.filter(idempotency_key="cost:BIG-1:1").exists()
    assert not JournalEntry.objects.filter(idempotency_key="cost:BIG-1").exists()
    assert breaches() == []


def test_a_dropped_cost_is_neither_approved_nor_dropped_again(production: Any, sam: Any, dana: Any) -> None:
    cost = entered(sam, production, 300_000)
    with pytest.raises(RoyaltiesRefused, match="reason"):
        actions.drop_cost(actor=sam, cost=cost, reason=" ")
    actions.drop_cost(actor=dana, cost=cost, reason="Entered twice.")
    for act in (
        lambda: actions.approve_cost(actor=dana, cost=cost),
        lambda: actions.drop_cost(actor=sam, cost=cost, reason="Again."),
    ):
        with pytest.raises(WrongState, match="was dropped"):
            act()
    event = Event.objects.get(verb="royalties.cost_dropped")
    assert (event.actor, event.payload) == (dana, {"reason": "Entered twice."})
    with pytest.raises(DatabaseError), transaction.atomic():
        Cost.objects.update(drop_reason="Another.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Cost.objects.update(approved_by=dana, approved_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))


def test_who_has_no_power_drops_nothing_and_what_counts_is_not_dropped(
    production: Any, alice: Any, sam: Any, dana: Any
) -> None:
    cost = entered(sam, production, 300_000)
    with pytest.raises(NotAllowed):
        actions.drop_cost(actor=alice, cost=cost, reason="Mine.")
    actions.approve_cost(actor=dana, cost=cost)
    with pytest.raises(WrongState, match="take it back instead"):
        actions.drop_cost(actor=sam, cost=cost, reason="Wrong.")


def test_a_file_brings_a_dropped_cost_anew(production: Any, sam: Any) -> None:
    actions.import_csv(actor=sam, kind="cost", name="a.csv", content=cost_csv(production))
    actions.drop_cost(actor=sam, cost=Cost.objects.get(), reason="Another film.")
    again = actions.import_csv(actor=sam, kind="cost", name="b.csv", content=cost_csv(production) + b"\n")
    assert (again.known_count, list(Cost.objects.values_list("again", flat=True))) == (0, [1, 0])


# --- taken back ---


def test_a_mistyped_cost_is_taken_back_by_two_people_and_its_number_is_free(earning: Any, sam: Any, dana: Any) -> None:
    wrong = Cost.objects.get()
    bank = balance("bank:USD")
    proposed = actions.reverse_cost(actor=sam, cost=wrong, reason="It was 1,000.10.")
    assert spent(earning) == 100_001
    with pytest.raises((SecondPersonNeeded, NotAllowed)):
        actions.approve_reversal(actor=sam, reversal=proposed)
    with pytest.raises(RoyaltiesRefused, match="waits for approval"):
        actions.reverse_cost(actor=sam, cost=wrong, reason="Again.")
    with pytest.raises(RoyaltiesRefused, match="known already"):
        entered(sam, earning, 100_010, invoice=wrong.invoice)
    actions.approve_reversal(actor=dana, reversal=proposed)
    assert (spent(earning), balance("bank:USD")) == (0, bank + 100_001)
    right = entered(sam, earning, 100_010, invoice=wrong.invoice)
    actions.approve_cost(actor=dana, cost=right)
    assert spent(earning) == 100_010
    with pytest.raises(WrongState, match="already reversed"):
        actions.reverse_cost(actor=sam, cost=wrong, reason="Again.")
    actions.approve_reversal(actor=dana, reversal=actions.reverse_cost(actor=sam, cost=right, reason="Wrong too."))
    entered(sam, earning, 9_000, invoice=wrong.invoice)
    assert spent(earning) == 9_000
    assert breaches() == []
    balances_add_up()


def test_who_proposes_to_take_back_a_cost_cannot_approve_it(earning: Any, dana: Any) -> None:
    proposed = actions.reverse_cost(actor=dana, cost=Cost.objects.get(), reason="Wrong.")
    with pytest.raises(SecondPersonNeeded):
        actions.approve_reversal(actor=dana, reversal=proposed)
    assert breaches() == []


def test_a_small_cost_is_taken_back_at_once_and_no_longer_fills_the_limit(production: Any, sam: Any) -> None:
    wrong = entered(sam, production, 9_000, invoice="P-1")
    actions.reverse_cost(actor=sam, cost=wrong, reason="It was 95.00.")
    assert spent(production) == 0
    assert entered(sam, production, 9_500, invoice="P-1").counts
    assert spent(production) == 9_500
    assert breaches() == []


def test_a_cost_that_does_not_count_is_dropped_and_not_taken_back(production: Any, alice: Any, sam: Any) -> None:
    cost = entered(sam, production, 300_000)
    with pytest.raises(RoyaltiesRefused, match="not booked; drop it"):
        actions.reverse_cost(actor=sam, cost=cost, reason="Wrong.")
    small = entered(sam, production, 1, invoice="P-1")
    with pytest.raises(NotAllowed):
        actions.reverse_cost(actor=alice, cost=small, reason="Wrong.")


def test_a_file_that_overlaps_does_not_bring_back_what_was_taken_back(earning: Any, sam: Any, dana: Any) -> None:
    wrong = Cost.objects.get()
    actions.approve_reversal(actor=dana, reversal=actions.reverse_cost(actor=sam, cost=wrong, reason="Mistyped."))
    more = f"INV-8,Ferryman Post,post,5.00,USD,2026-08-20,{earning.pk}\n".encode()
    overlapping = actions.import_csv(actor=sam, kind="cost", name="b.csv", content=cost_csv(earning) + more)
    assert (overlapping.row_count, overlapping.known_count) == (2, 1)
    right = cost_csv(earning, amount="1000.10")
    assert actions.import_csv(actor=sam, kind="cost", name="c.csv", content=right).known_count == 0
    third = cost_csv(earning, amount="1000.11")
    with pytest.raises(ImportRefused, match="known with other figures"), transaction.atomic():
        actions.import_csv(actor=sam, kind="cost", name="d.csv", content=third)


def test_a_cost_taken_back_after_its_statement_counts_for_the_next(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    statement = booked(open_statement, sam, dana)
    moment, cost = later(statement), Cost.objects.get()
    proposed = actions.reverse_cost(actor=sam, cost=cost, reason="Billed to us by mistake.", now=moment)
    actions.approve_reversal(actor=dana, reversal=proposed, now=moment)
    assert proposed.takes_effect_on == moment.date()
    assert movement_of(statement)["costs"] == cost.amount_minor
    with finish_jobs():
        following = actions.draft_statement(
            actor=sam,
            production=statement.production,
            first_day=moment.date(),
            last_day=moment.date() + dt.timedelta(days=90),
            currency="USD",
            now=moment + dt.timedelta(days=91),
        )
    assert (movement_of(following)["costs"], movement_of(following)["gross"]) == (0, cost.amount_minor)
    assert breaches() == []


def test_a_day_that_was_settled_in_the_meantime_is_refused_in_words(open_statement: Any, sam: Any, dana: Any) -> None:
    cost = Cost.objects.get()
    proposed = actions.reverse_cost(actor=sam, cost=cost, reason="Wrong.")
    assert proposed.takes_effect_on == cost.paid_on
    closed(open_statement, sam)
    with pytest.raises(WrongState, match="settled by now"):
        actions.approve_reversal(actor=dana, reversal=proposed)


# --- invoices of ours ---


@pytest.fixture
def invoice(production: Any, sam: Any) -> Invoice:
    return billed(sam, production, 50_000)


def billed(actor: Any, production: Any, minor: int) -> Invoice:
    facts = {"channel": "television", "number": "N-1", "money": Money(minor, "USD"), "invoiced_on": DAY}
    return actions.send_invoice(actor=actor, production=production, **facts)


def test_a_mistyped_invoice_is_taken_back_and_its_number_is_free(
    invoice: Invoice, production: Any, sam: Any, dana: Any
) -> None:
    proposed = actions.reverse_invoice(actor=sam, invoice=invoice, reason="It was 510.00.")
    with pytest.raises(WrongState, match="taken back"):
        actions.receive_invoice(actor=dana, invoice=invoice, provider="wire", on=DAY)
    actions.approve_reversal(actor=dana, reversal=proposed)
    assert (balance("receivable:television:USD"), balance(f"revenue:pr{production.pk}:television:USD")) == (0, 0)
    right = billed(sam, production, 51_000)
    assert billed(sam, production, 51_000) == right != invoice
    actions.receive_invoice(actor=dana, invoice=right, provider="wire", on=DAY)
    assert (balance("receivable:television:USD"), balance("clearing:wire:USD")) == (0, 51_000)
    assert breaches() == []


def test_a_paid_invoice_is_not_taken_back(invoice: Invoice, sam: Any, dana: Any) -> None:
    proposed = actions.reverse_invoice(actor=sam, invoice=invoice, reason="Wrong.")
    actions.drop_proposal(actor=sam, proposal=proposed)
    actions.receive_invoice(actor=dana, invoice=invoice, provider="wire", on=DAY)
    with pytest.raises(WrongState, match="was paid"):
        actions.reverse_invoice(actor=sam, invoice=invoice, reason="Wrong.")


# --- in the admin ---


def test_costs_are_dropped_and_taken_back_in_the_admin(client: Any, production: Any, sam: Any, dana: Any) -> None:
    waiting, large = entered(sam, production, 300_000), entered(sam, production, 20_000, invoice="BIG-2")
    actions.approve_cost(actor=dana, cost=large)
    client.force_login(sam)
    assert "Give a reason" in move(client, waiting, "drop")[-1]
    assert "its number is free" in move(client, waiting, "drop", "Entered twice.")[-1]
    html = page(client, waiting)
    assert "Entered twice." in html
    assert "Approve this cost" not in html
    assert "second person" in move(client, large, "reverse", "Mistyped.")[-1]
    assert "waits for the second person" in page(client, large)
    client.force_login(dana)
    assert "approved and booked" in move(client, Reversal.objects.get(), "approve")[-1]
    html = page(client, large)
    assert "with effect of 2026-08-20" in html
    assert "Take it back" not in html
    listed = client.get(reverse("admin:royalties_reversal_changelist")).content.decode()
    assert "BIG-2" in listed
    assert "$200.00" in listed


def test_an_invoice_is_taken_back_in_the_admin(client: Any, invoice: Invoice, sam: Any, dana: Any) -> None:
    client.force_login(sam)
    assert "second person" in move(client, invoice, "reverse", "Mistyped.")[-1]
    html = page(client, invoice)
    assert "waits for the second person" in html
    assert "It was paid" not in html
    client.force_login(dana)
    assert "approved and booked" in move(client, Reversal.objects.get(), "approve")[-1]
