"""Every day up to the last settled one is settled: late money before a statement, or between two, goes into a later one."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from royalties import actions
from royalties.checks import run_checks
from royalties.exceptions import ImportRefused, RoyaltiesRefused, WrongState
from royalties.models import Income, Statement, Suspense
from royalties.money import Money
from royalties.movement import movement_of
from royalties.settled import is_settled, open_from
from tests.royalties.conftest import COSTS, FIRST, LAST, booked
from tests.royalties.reports import booked as booked_report
from tests.royalties.reports import shop_rows, taken
from tests.royalties.test_statements_follow import AUTUMN, WINTER, drafted, earn, published, revised

JUNE = dt.date(2026, 6, 30)
SPRING = (dt.date(2027, 4, 1), dt.date(2027, 6, 30))
NOW = dt.datetime(2027, 7, 2, tzinfo=dt.UTC)


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


def bill(sam: Any, production: Any, day: dt.date, amount: str = "80.00") -> None:
    row = f"B-{day},Ferryman Post,post,{amount},USD,{day},{production.pk}\n"
    actions.import_csv(actor=sam, kind="cost", name=f"{day}.csv", content=(COSTS + row).encode())


@pytest.fixture
def gap(posted: Any, sam: Any, dana: Any, finish_jobs: Any) -> Statement:
    """A statement of the winter after that of the summer; nothing moved in the autumn between."""
    earn(sam, posted.production, "2027-02-15", "4000.00")
    winter = drafted(sam, posted.production, WINTER, finish_jobs)
    return booked(published(winter, sam, dana), sam, dana)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("day", [JUNE, dt.date(2026, 11, 15)])
def test_what_is_dated_before_a_settled_statement_or_between_two_is_refused_by_every_door(
    gap: Statement, sam: Any, dana: Any, day: dt.date
) -> None:
    production, money = gap.production, Money(5_000, "USD")
    with pytest.raises(ImportRefused, match="settled"), transaction.atomic():
        earn(sam, production, day.isoformat(), "10.00")
    with pytest.raises(ImportRefused, match="settled"), transaction.atomic():
        bill(sam, production, day)
    report = taken(dana, shop_rows("1;10.00;", day=f"{day:%m/%d/%y} 1:45am"))
    assert "settled" in report.problems[0][1]
    with pytest.raises(WrongState, match="settled"):
        actions.enter_cost(
            actor=sam, production=production, invoice="L-1", supplier="Post", category="post", money=money, paid_on=day
        )
    with pytest.raises(WrongState, match="settled"):
        actions.send_invoice(actor=sam, production=production, channel="tv", number="L-1", money=money, invoiced_on=day)
    with pytest.raises(WrongState, match="settled"):
        actions.propose_conversion(
            actor=sam, production=production, sold="EUR", bought="USD", first_day=day, last_day=day, reason="One."
        )
    assert breaches() == []


@pytest.mark.usefixtures("db")
def test_what_waited_since_before_a_settled_statement_becomes_income_of_an_open_day(
    posted: Any, sam: Any, dana: Any
) -> None:
    booked_report(dana, shop_rows("1;10.00;0.50", title="Another film", day="6/30/26 1:45am"))
    actions.resolve_suspense(
        actor=sam, suspense=Suspense.objects.get(), production=posted.production, reason="They misspelt it.", now=NOW
    )
    assert set(
        Income.objects.filter(provider="bandcamp", channel="bandcamp").values_list("received_on", flat=True)
    ) == {NOW.date()}
    assert breaches() == []


@pytest.mark.usefixtures("db")
def test_a_cost_that_was_settled_over_before_it_was_approved_is_not_booked(draft: Any, sam: Any, dana: Any) -> None:
    facts = {"actor": sam, "production": draft.production, "money": Money(50_000, "USD")}
    late = actions.enter_cost(invoice="L-1", supplier="Post", category="post", paid_on=JUNE, **facts)
    statement = booked(published(draft, sam, dana), sam, dana)
    with pytest.raises(WrongState, match="settled"):
        actions.approve_cost(actor=dana, cost=late)
    assert breaches() == []
    assert statement.current is not None
    assert movement_of(statement) == statement.current.input["money"]


@pytest.mark.usefixtures("db")
def test_no_statement_begins_before_what_a_later_one_has_settled(gap: Statement, sam: Any, finish_jobs: Any) -> None:
    for days in ((dt.date(2026, 4, 1), JUNE), AUTUMN):
        with pytest.raises(RoyaltiesRefused, match="settled by a later statement"):
            drafted(sam, gap.production, days, finish_jobs)
    earn(sam, gap.production, "2027-04-15", "4000.00")
    with finish_jobs():
        actions.draft_statement(
            actor=sam, production=gap.production, first_day=SPRING[0], last_day=SPRING[1], currency="USD", now=NOW
        )
    assert breaches() == []


@pytest.mark.usefixtures("db")
def test_a_draft_of_days_that_a_later_statement_has_settled_goes_no_further(
    earning: Any, sam: Any, dana: Any, finish_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one could be begun until now, after the later one was published."""
    early = drafted(sam, earning, (dt.date(2026, 4, 1), JUNE), finish_jobs)
    late = drafted(sam, earning, (FIRST, LAST), finish_jobs)
    with pytest.raises(WrongState, match="comes first"):
        actions.submit_for_review(actor=sam, statement=late)
    with monkeypatch.context() as patch:
        patch.setattr("royalties.actions.statements.require_its_turn", lambda _statement: None)
        published(late, sam, dana)
    with pytest.raises(RoyaltiesRefused, match="settled by a later statement"):
        actions.submit_for_review(actor=sam, statement=early)


@pytest.mark.usefixtures("db")
def test_a_published_statement_settles_the_days_before_it_and_not_its_own(
    draft: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    key = draft.production_id, "USD"
    assert key not in open_from()
    statement = published(draft, sam, dana)
    assert open_from() == {key: FIRST}
    assert not is_settled(open_from(), draft.production_id, "EUR", JUNE)
    with pytest.raises(ImportRefused, match="settled"), transaction.atomic():
        bill(sam, statement.production, JUNE)
    bill(sam, statement.production, FIRST)
    statement = booked(revised(statement, sam, dana, finish_jobs), sam, dana)
    assert open_from() == {key: AUTUMN[0]}
    assert breaches() == []


def test_a_statement_is_published_after_what_is_just_being_booked(
    committed_db: str, draft: Any, sam: Any, dana: Any
) -> None:
    """Another connection books a day before it and has not committed: publishing waits, and then sees its money."""
    is_booked, may_commit, outcome = threading.Event(), threading.Event(), []
    actions.submit_for_review(actor=sam, statement=draft)

    def book() -> None:
        try:
            with transaction.atomic():
                bill(sam, draft.production, JUNE)
                is_booked.set()
                may_commit.wait(timeout=60)
        finally:
            connection.close()

    def publish() -> None:
        try:
            actions.publish(actor=dana, statement=draft)
        except RoyaltiesRefused as refusal:
            outcome.append(str(refusal))
        finally:
            connection.close()

    booking, publishing = threading.Thread(target=book), threading.Thread(target=publish)
    booking.start()
    assert is_booked.wait(timeout=60)
    publishing.start()
    publishing.join(timeout=2)
    assert publishing.is_alive(), "it did not wait"
    may_commit.set()
    booking.join()
    publishing.join(timeout=60)
    assert "in no statement yet" in outcome[0]
