"""Statements of a production follow one another: no money is left behind, a loss is carried, what is late is taken in."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from royalties import actions, ledger, policy
from royalties.checks import run_checks
from royalties.checks.statements import validate_statements_leave_no_money
from royalties.exceptions import FiguresDiffer, ImportRefused, RoyaltiesRefused, WrongState
from royalties.models import Cost, Income, JournalEntry, Statement
from royalties.movement import left_behind
from royalties.postings import Line
from tests.royalties.conftest import FIRST, LAST, REVENUE, booked, closed
from tests.royalties.payees import ready

AUTUMN = (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
WINTER = (dt.date(2027, 1, 1), dt.date(2027, 3, 31))
SPRING = dt.datetime(2027, 4, 2, tzinfo=dt.UTC)


def earn(sam: Any, production: Any, day: str, amount: str, kind: str = "sale") -> None:
    row = f"bandcamp,{day}-{kind},shop,{kind},{amount},USD,{day},{production.pk}\n"
    actions.import_csv(actor=sam, kind="revenue", name=f"{day}.csv", content=(REVENUE + row).encode())


def drafted(sam: Any, production: Any, days: tuple[dt.date, dt.date], finish_jobs: Any) -> Statement:
    with finish_jobs():
        statement = actions.draft_statement(
            actor=sam, production=production, first_day=days[0], last_day=days[1], currency="USD", now=SPRING
        )
    statement.refresh_from_db()
    return statement


def recomputed(sam: Any, statement: Statement, finish_jobs: Any) -> Statement:
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=statement)
    statement.refresh_from_db()
    return statement


def published(statement: Statement, sam: Any, dana: Any) -> Statement:
    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    return statement


def revised(statement: Statement, sam: Any, dana: Any, finish_jobs: Any, **when: Any) -> Statement:
    with finish_jobs():
        actions.revise(actor=sam, statement=statement, reason="More was booked.", **when)
    actions.publish(actor=dana, statement=statement, **when)
    statement.refresh_from_db()
    return statement


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


@pytest.mark.usefixtures("db")
def test_a_period_that_is_not_over_opens_no_statement(earning: Any, sam: Any) -> None:
    days = {"first_day": FIRST, "last_day": LAST, "currency": "USD"}
    with pytest.raises(RoyaltiesRefused, match="not over yet"):
        actions.draft_statement(
            actor=sam, production=earning, **days, now=dt.datetime(2026, 9, 30, 23, 59, tzinfo=dt.UTC)
        )
    actions.draft_statement(actor=sam, production=earning, **days, now=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))


@pytest.mark.usefixtures("db")
def test_no_statement_begins_after_money_that_is_in_none(earning: Any, sam: Any, finish_jobs: Any) -> None:
    earn(sam, earning, "2026-11-15", "4000.00")
    with pytest.raises(RoyaltiesRefused, match=r"August 15|15 August"):
        drafted(sam, earning, AUTUMN, finish_jobs)
    whole = drafted(sam, earning, (FIRST, AUTUMN[1]), finish_jobs)
    assert whole.pending.input["money"]["gross"] == 1_234_567 + 400_000


@pytest.mark.usefixtures("db")
def test_what_came_and_went_again_between_two_statements_is_nothing(earning: Any, sam: Any, dana: Any) -> None:
    income = Income.objects.get()
    assert left_behind(earning.pk, "USD", AUTUMN[0]) == income.received_on
    reversal = actions.reverse_income(actor=sam, income=income, reason="Another film.")
    actions.approve_reversal(actor=dana, reversal=reversal)
    assert left_behind(earning.pk, "USD", AUTUMN[0]) == Cost.objects.get().paid_on
    assert left_behind(earning.pk, "EUR", AUTUMN[0]) is None
    assert left_behind(earning.pk, "USD", FIRST) is None


@pytest.mark.usefixtures("db")
def test_a_later_statement_waits_for_an_earlier_one(draft: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    earn(sam, draft.production, "2026-11-15", "4000.00")
    after = drafted(sam, draft.production, AUTUMN, finish_jobs)
    with pytest.raises(WrongState, match="comes first"):
        actions.submit_for_review(actor=sam, statement=after)
    actions.withdraw_statement(actor=dana, statement=draft, reason="It was too little.")
    with pytest.raises(RoyaltiesRefused, match="in no statement yet"):
        actions.submit_for_review(actor=sam, statement=after)


@pytest.mark.usefixtures("db")
def test_a_quarter_that_is_too_small_rolls_on_whole(posted: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    production = posted.production
    earn(sam, production, "2026-11-15", "80.00")
    earn(sam, production, "2026-11-20", "30.00", kind="refund")
    small = drafted(sam, production, AUTUMN, finish_jobs)
    with pytest.raises(RoyaltiesRefused, match="withdraw this draft"):
        actions.submit_for_review(actor=sam, statement=small)
    earn(sam, production, "2027-02-15", "4000.00")
    actions.withdraw_statement(actor=dana, statement=small, reason="It rolls on.")
    with pytest.raises(RoyaltiesRefused, match="in no statement yet"):
        drafted(sam, production, WINTER, finish_jobs)
    whole = drafted(sam, production, (AUTUMN[0], WINTER[1]), finish_jobs)
    assert whole.pending.pool_minor == (405_000 + 1) // 2
    published(whole, sam, dana)


@pytest.mark.usefixtures("db")
def test_a_statement_that_ends_in_a_loss_is_booked_and_carried(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    production = open_statement.production
    reversal = actions.reverse_income(actor=sam, income=Income.objects.get(), reason="A chargeback.")
    actions.approve_reversal(actor=dana, reversal=reversal)
    loss = revised(open_statement, sam, dana, finish_jobs)
    assert (loss.current.pool_minor, loss.current.result["waterfall"]["loss_carried"]) == (0, 100_001)
    entries = JournalEntry.objects.count()
    loss = booked(loss, sam, dana)
    assert loss.status == "paid"
    assert JournalEntry.objects.count() == entries
    earn(sam, production, "2026-11-15", "4000.00")
    after = drafted(sam, production, AUTUMN, finish_jobs)
    assert after.pending.input["money"]["carried_loss"] == 100_001
    assert after.pending.pool_minor == (400_000 - 100_001 + 1) // 2
    booked(published(after, sam, dana), sam, dana)
    assert breaches() == []


@pytest.mark.usefixtures("db")
def test_nothing_is_published_that_the_ledger_says_otherwise(draft: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    earn(sam, draft.production, "2026-08-20", "1000.00")
    with pytest.raises(FiguresDiffer, match="gross"):
        actions.submit_for_review(actor=sam, statement=draft)
    actions.submit_for_review(actor=sam, statement=recomputed(sam, draft, finish_jobs))
    earn(sam, draft.production, "2026-08-21", "1.00")
    with pytest.raises(FiguresDiffer, match="gross"):
        actions.publish(actor=dana, statement=draft)


@pytest.mark.usefixtures("db")
def test_when_it_is_too_late_to_revise_the_days_are_settled(open_statement: Any, sam: Any, time_machine: Any) -> None:
    late = open_statement.published_at + policy.NO_REVISION_AFTER
    time_machine.move_to(late)
    earn(sam, open_statement.production, "2026-08-20", "10.00")
    time_machine.move_to(late + dt.timedelta(seconds=1))
    with pytest.raises(ImportRefused, match="settled"):
        earn(sam, open_statement.production, "2026-08-21", "10.00")


@pytest.mark.usefixtures("db")
def test_money_booked_in_time_is_taken_in_even_late_and_nothing_else_is(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    late = open_statement.published_at + policy.NO_REVISION_AFTER + dt.timedelta(days=1)
    with pytest.raises(WrongState, match="not revised any more"):
        actions.revise(actor=sam, statement=open_statement, reason="A typo.", now=late)
    earn(sam, open_statement.production, "2026-08-20", "10.00")
    with pytest.raises(FiguresDiffer):
        actions.close_statement(actor=sam, statement=open_statement, now=late)
    statement = revised(open_statement, sam, dana, finish_jobs, now=late)
    assert statement.current.input["money"]["gross"] == 1_235_567
    assert statement.window_ends_at >= late + policy.REVISION_LEAVES
    with pytest.raises(WrongState, match="not revised any more"):
        actions.revise(actor=sam, statement=statement, reason="Once more.", now=late)
    booked(statement, sam, dana)
    assert breaches() == []


@pytest.mark.usefixtures("db")
def test_a_judgement_is_not_approved_when_it_is_late_and_one_that_was_is_taken_in(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    cues = list(open_statement.cut.cues.order_by("pk")[:2])
    factor = {"actor": sam, "statement": open_statement, "factor_bps": 12_000, "reason": "It carries the scene."}
    early, late = (actions.propose_factor(cue=cue, **factor) for cue in cues)
    actions.approve_adjustment(actor=dana, adjustment=early)
    day = open_statement.published_at + policy.NO_REVISION_AFTER + dt.timedelta(days=1)
    with pytest.raises(WrongState, match="not revised any more"):
        actions.approve_adjustment(actor=dana, adjustment=late, now=day)
    with pytest.raises(WrongState, match="compute again"):
        actions.close_statement(actor=sam, statement=open_statement, now=day)
    statement = revised(open_statement, sam, dana, finish_jobs, now=day)
    booked(statement, sam, dana)
    assert breaches() == []


def test_a_statement_closes_after_what_is_just_being_booked(committed_db: str, open_statement: Any, sam: Any) -> None:
    """Another connection has booked and not committed: closing waits for it, and then sees its money."""
    is_booked, may_commit, outcome = threading.Event(), threading.Event(), []

    def book() -> None:
        try:
            with transaction.atomic():
                earn(sam, open_statement.production, "2026-08-20", "10.00")
                is_booked.set()
                may_commit.wait(timeout=60)
        finally:
            connection.close()

    def close() -> None:
        try:
            closed(open_statement, sam)
        except FiguresDiffer as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    booking, closing = threading.Thread(target=book), threading.Thread(target=close)
    booking.start()
    assert is_booked.wait(timeout=60)
    closing.start()
    closing.join(timeout=2)
    assert closing.is_alive(), "it did not wait"
    may_commit.set()
    booking.join()
    closing.join(timeout=60)
    assert len(outcome) == 1
    assert Statement.objects.get().status == "published"


@pytest.mark.usefixtures("db")
def test_a_statement_is_paid_when_what_is_left_is_held(posted: Any, alice: Any, bob: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    for artist in (alice, bob):
        actions.place_hold(actor=dana, payee=artist.payee, kind="dispute", reason="Somebody claims the poem.")
    assert actions.mark_all_paid() == 1
    posted.refresh_from_db()
    assert posted.status == "paid"


@pytest.mark.usefixtures("db")
def test_a_statement_is_not_paid_while_somebody_has_money_due(posted: Any, alice: Any, dana: Any) -> None:
    actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    assert actions.mark_all_paid() == 0
    posted.refresh_from_db()
    assert posted.status == "posted"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-08-20", "statement {pk}: the ledger says otherwise of gross"),
        ("2026-06-30", "production {production}: what moved on 2026-06-30 in USD is in no statement"),
        ("2026-10-01", ""),
    ],
)
def test_the_check_names_money_that_slipped_past_a_statement(posted: Any, day: str, words: str) -> None:
    ledger.post_entry(
        kind="income_received",
        key="inc:bandcamp:late",
        effective_on=dt.date.fromisoformat(day),
        source={},
        lines=[
            Line("clearing:bandcamp:USD", 1_000),
            Line(f"revenue:pr{posted.production_id}:shop:USD", -1_000),
        ],
    )
    found = list(validate_statements_leave_no_money())
    assert found == ([words.format(pk=posted.pk, production=posted.production_id)] if words else [])
