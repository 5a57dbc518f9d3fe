"""Two at the same moment: a computation delivered twice, two batches, two people who settle."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from royalties import actions, exports, ledger, postings
from royalties.actions import reports
from royalties.checks import run_checks
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import (
    Cost,
    Import,
    Income,
    Intake,
    JournalEntry,
    Objection,
    Payout,
    Revision,
    StatementComment,
    Suspense,
)
from royalties.money import Money
from tests.royalties.conftest import FIRST, LAST, balances_add_up, closed, later, payable, revenue_csv
from tests.royalties.conftest import booked as booked_statement
from tests.royalties.payees import but_for_owed, owe, ready
from tests.royalties.reports import booked, shop_rows, taken

RATES = b"day,base,quote,rate\n2026-09-30,EUR,USD,1.1\n"


def at_once(times: int, act: Callable[[], Any]) -> list[Any]:
    """Run it in so many threads that begin together; what each gave, or the refusal."""
    outcomes: list[Any] = []
    start = threading.Barrier(times)

    def one() -> None:
        start.wait()
        try:
            outcomes.append(act())
        except RoyaltiesRefused as problem:
            outcomes.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == times
    return outcomes


def while_it_is_open(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do the first and commit it only when the second, in a connection of its own, waits for it or is done.

    What the second gave, or the refusal.
    """
    outcomes: list[Any] = []

    def one() -> None:
        try:
            outcomes.append(second())
        except RoyaltiesRefused as problem:
            outcomes.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=one)
    with transaction.atomic():
        first()
        thread.start()
        until = time.monotonic() + 30
        while thread.is_alive() and not somebody_waits() and time.monotonic() < until:
            time.sleep(0.02)
    thread.join()
    (outcome,) = outcomes
    return outcome


def somebody_waits() -> bool:
    """Whether another connection waits for what this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_a_computation_delivered_twice_writes_one_revision(committed_db: str, earning: Any, sam: Any) -> None:
    statement = actions.draft_statement(actor=sam, production=earning, first_day=FIRST, last_day=LAST, currency="USD")
    given = at_once(20, lambda: actions.compute_statement(statement_id=statement.pk, run=1))
    assert sum(revision is not None for revision in given) == 1
    assert Revision.objects.count() == 1


def test_one_file_taken_in_twice_at_once_counts_once(committed_db: str, production: Any, dana: Any) -> None:
    content = revenue_csv(production)
    given = at_once(4, lambda: actions.import_csv(actor=dana, kind="revenue", name="s.csv", content=content))
    assert len({row.pk for row in given}) == 1
    assert (Import.objects.count(), Income.objects.count()) == (1, 1)
    balances_add_up()


def test_an_objection_sent_twice_at_once_is_one_case(committed_db: str, open_statement: Any, bob: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    at_once(
        4,
        lambda: actions.raise_objection(
            actor=bob, statement=open_statement, kind="measure", body="Two minutes.", line=line
        ),
    )
    assert (StatementComment.objects.count(), Objection.objects.count()) == (1, 1)


def test_a_comment_that_was_hidden_meanwhile_becomes_no_objection(
    committed_db: str, open_statement: Any, bob: Any, sam: Any
) -> None:
    """Bob's page has read the comment; then it is hidden; then his press arrives."""
    line = open_statement.current.lines.get(payee__artist=bob)
    said = actions.comment(actor=bob, statement=open_statement, body="Two minutes.", line=line)
    read = StatementComment.objects.get(pk=said.pk)
    at_once(1, lambda: actions.hide_comment(actor=sam, comment=said, reason="Rude."))
    with pytest.raises(WrongState, match="hidden comment"):
        actions.object_to(actor=bob, comment=read, kind="measure")
    assert not Objection.objects.exists()


def test_hiding_a_comment_waits_for_an_objection_that_is_just_made_of_it(
    committed_db: str, open_statement: Any, bob: Any, sam: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    said = actions.comment(actor=bob, statement=open_statement, body="Two minutes.", line=line)
    outcomes: list[Any] = []
    with transaction.atomic():
        actions.object_to(actor=bob, comment=said, kind="measure")
        hiding = threading.Thread(
            target=lambda: outcomes.extend(
                at_once(1, lambda: actions.hide_comment(actor=sam, comment=said, reason="Rude."))
            )
        )
        hiding.start()
        hiding.join(0.5)
        assert hiding.is_alive()
    hiding.join()
    assert [type(outcome) for outcome in outcomes] == [NotAllowed]
    said.refresh_from_db()
    assert said.hidden_at is None


def test_nobody_is_paid_twice(committed_db: str, open_statement: Any, alice: Any, sam: Any, dana: Any) -> None:
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final, now=later(final))
    ready(alice)
    at_once(4, lambda: actions.batch_payouts(actor=sam, currency="USD"))
    payout = Payout.objects.get()
    at_once(4, lambda: actions.submit_batch(actor=dana, batch=payout.batch))
    at_once(4, lambda: actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1"))
    kinds = list(JournalEntry.objects.filter(kind__startswith="payout").values_list("kind", flat=True))
    assert sorted(kinds) == ["payout_settled", "payout_submitted"]
    balances_add_up()


def test_two_overlapping_reports_at_once_book_each_row_once(committed_db: str, production: Any, dana: Any) -> None:
    one = taken(dana, shop_rows(*(f"{number};1.00;0.10" for number in range(30))))
    two = taken(dana, shop_rows(*(f"{number};1.00;0.10" for number in range(15, 45))))
    for intake in (one, two):
        actions.book_report(actor=dana, intake=intake)
    work = iter([one, two, one, two])
    at_once(4, lambda: actions.run_report(intake_id=next(work).pk))
    assert Income.objects.count() == JournalEntry.objects.count() == 90
    assert [row.status for row in Intake.objects.all()] == ["done", "done"]
    balances_add_up()


def test_a_report_that_two_workers_book_part_by_part_is_done(
    committed_db: str, production: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PART", 6)
    intake = taken(dana, shop_rows(*(f"{number};1.00;0.10" for number in range(30))))
    actions.book_report(actor=dana, intake=intake)
    at_once(4, lambda: actions.run_report(intake_id=intake.pk))
    intake.refresh_from_db()
    assert (intake.status, intake.problems, Income.objects.count()) == ("done", [], 60)


def test_a_part_that_two_workers_have_read_is_counted_once(committed_db: str, production: Any, dana: Any) -> None:
    intake = taken(dana, shop_rows(*(f"{number};1.00;0.10" for number in range(15))))
    actions.book_report(actor=dana, intake=intake)
    read = reports.check_report(bytes(intake.content), intake.mapping)
    for _worker in range(2):
        assert reports._book_part(intake.pk, read, read.fresh[:20], timezone.now())
    intake.refresh_from_db()
    assert (intake.done_count, Income.objects.count()) == (20, 20)


def test_a_reversal_and_a_resolution_happen_once_whoever_hurries(
    committed_db: str, production: Any, sam: Any, dana: Any
) -> None:
    actions.import_csv(actor=sam, kind="revenue", name="s", content=revenue_csv(production))
    reversal = actions.reverse_income(actor=sam, income=Income.objects.get(), reason="Wrong film.")
    booked(dana, shop_rows("1;10.00;", title="Another film"))
    suspense = Suspense.objects.get()
    given = at_once(4, lambda: actions.approve_reversal(actor=dana, reversal=reversal))
    assert sum(isinstance(row, RoyaltiesRefused) for row in given) == 3
    given = at_once(
        4, lambda: actions.resolve_suspense(actor=dana, suspense=suspense, production=production, reason="Found.")
    )
    assert sum(isinstance(row, RoyaltiesRefused) for row in given) == 3
    assert Income.objects.count() == 2
    balances_add_up()


@pytest.fixture
def taxed(committed_db: str, open_statement: Any, alice: Any, sam: Any, dana: Any) -> list[Payout]:
    """Two payments of alice that arrived, in March and in April, of each of which an office keeps a tenth."""
    booked_statement(open_statement, sam, dana)
    ready(alice)
    facts: dict[str, Any] = {"authority": "irs", "country": "", "rate_bps": 1_000, "note": "Section 1441."}
    first = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    actions.enter_rate(actor=dana, valid_from=first.date(), **facts, now=first)
    arrived = []
    for month in (3, 4):
        now = dt.datetime(2027, month, 10, tzinfo=dt.UTC)
        batch = actions.batch_payouts(actor=sam, currency="USD", now=now)
        actions.submit_batch(actor=dana, batch=batch, now=now)
        reference = f"PP-{month}"
        payout = batch.payouts.get()
        arrived.append(actions.settle_payout(actor=dana, payout=payout, provider_reference=reference, now=now))
        owe(alice, 200_000, "USD", key=reference)
    return arrived


@pytest.mark.parametrize("first", ["return", "remittance"])
def test_tax_is_remitted_or_comes_back_and_never_both(taxed: list[Payout], alice: Any, dana: Any, first: str) -> None:
    had = payable(alice)
    now = dt.datetime(2027, 5, 20, tzinfo=dt.UTC)
    due = {"actor": dana, "authority": "irs", "currency": "USD", "now": now}
    acts: dict[str, Callable[[], Any]] = {
        "return": lambda: actions.return_payout(actor=dana, payout=taxed[0], reason="Closed", now=now),
        "remittance": lambda: actions.remit_tax(period="2027-03", reference="T-1", **due),
    }
    one = acts.pop(first)
    (other,) = acts.values()
    outcome = while_it_is_open(one, other)
    is_refused = isinstance(outcome, RoyaltiesRefused)
    assert is_refused == (first == "return"), outcome
    back = taxed[0].amount_minor if first == "return" else taxed[0].net_minor
    assert payable(alice) == had + back
    assert payable(alice, root="withheld:irs") == taxed[1].withheld_minor
    actions.remit_tax(period="2027-04", reference="T-2", **due)
    assert payable(alice, root="withheld:irs") == 0
    balances_add_up()
    assert but_for_owed(breach for _name, found in run_checks() for breach in found) == []


def test_money_that_goes_while_its_batch_is_submitted_is_refused_by_the_name_of_the_payout(
    committed_db: str, open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    booked_statement(open_statement, sam, dana)
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    taken = postings.hold(hold="other", payee=alice.payee.code, money=Money(1, "USD"))
    outcome = while_it_is_open(
        lambda: ledger.post(taken, effective_on=LAST, source={}),
        lambda: actions.submit_batch(actor=dana, batch=batch),
    )
    assert isinstance(outcome, RoyaltiesRefused)
    assert f"{batch.payouts.get().code} cannot be booked" in str(outcome)
    batch.refresh_from_db()
    assert batch.status == "prepared"
    balances_add_up()


def test_of_two_conversions_of_the_same_days_one_is_booked(
    committed_db: str, earning: Any, sam: Any, dana: Any
) -> None:
    actions.import_csv(actor=dana, kind="rates", name="rates.csv", content=RATES)
    facts = {"production": earning, "sold": "USD", "bought": "EUR", "last_day": LAST, "reason": "Euros."}
    first, second = (
        actions.propose_conversion(actor=sam, first_day=day, **facts) for day in (FIRST, FIRST - dt.timedelta(days=1))
    )
    outcome = while_it_is_open(
        lambda: actions.approve_conversion(actor=dana, conversion=first),
        lambda: actions.approve_conversion(actor=dana, conversion=second),
    )
    assert isinstance(outcome, WrongState)
    assert "More has been booked" in str(outcome)
    assert not any(
        money
        for money in ledger.movements("revenue:", first_day=FIRST, last_day=LAST).values()
        if money.currency == "USD"
    )
    balances_add_up()


@pytest.mark.parametrize("name", ["hledger", "beancount", "csv"])
def test_an_export_is_of_one_moment(committed_db: str, production: Any, dana: Any, name: str) -> None:
    """What is booked while it is written is neither in its entries nor in the balances at its end."""
    actions.import_csv(actor=dana, kind="revenue", name="s.csv", content=revenue_csv(production, "t1,sale,1.00"))
    lines = exports.written(name)
    begun = [next(lines), next(lines)]
    late = revenue_csv(production, "t2,sale,5.00")
    at_once(1, lambda: actions.import_csv(actor=dana, kind="revenue", name="late.csv", content=late))
    text = "\n".join([*begun, *lines])
    assert "inc:bandcamp:t1" in text
    assert "inc:bandcamp:t2" not in text
    assert "6.00" not in text
    assert "inc:bandcamp:t2" in "\n".join(exports.written(name))
    actions.import_csv(actor=dana, kind="revenue", name="more.csv", content=revenue_csv(production, "t3,sale,1.00"))
    balances_add_up()


def enter_small(actor: Any, production: Any, invoice: str) -> Cost:
    """A cost of 60.00, of which one person enters one alone."""
    return actions.enter_cost(
        actor=actor,
        production=production,
        invoice=invoice,
        supplier="Print Room",
        category="other",
        money=Money(6_000, "USD"),
        paid_on=dt.date(2026, 8, 20),
    )


def test_two_small_costs_at_once_are_added_up(committed_db: str, production: Any, sam: Any, dana: Any) -> None:
    second = while_it_is_open(lambda: enter_small(sam, production, "P-1"), lambda: enter_small(sam, production, "P-2"))
    assert [cost.counts for cost in Cost.objects.order_by("pk")] == [True, False]
    assert not second.counts
    balances_add_up()
