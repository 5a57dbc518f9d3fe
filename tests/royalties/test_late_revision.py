"""After day 38 a draft brings money and judgements of before, also one that was begun in time and waited."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from projects import actions as projects
from royalties import actions, cases
from royalties.exceptions import WrongState
from royalties.models import Statement
from tests.royalties.panelists import answered
from tests.royalties.test_publish_statement import revised, with_factor
from tests.royalties.test_statement_doors import relocked
from tests.royalties.test_statements_follow import earn

pytestmark = pytest.mark.usefixtures("db")
DAY = dt.timedelta(days=1)


@pytest.fixture
def with_late_money(open_statement: Statement, sam: Any) -> Statement:
    """Money of its days that is in no draft yet, so that a late one is let through."""
    earn(sam, open_statement.production, "2026-08-20", "10.00")
    return open_statement


def begun(statement: Any, sam: Any, finish_jobs: Any, days: int, **what: Any) -> Statement:
    """A revision of that day, computed."""
    with finish_jobs():
        actions.revise(
            actor=sam, statement=statement, reason="As agreed.", now=statement.published_at + days * DAY, **what
        )
    statement.refresh_from_db()
    return statement


def published_on(statement: Any, dana: Any, days: int) -> int:
    """The number of the draft that is in force then."""
    number = actions.publish(actor=dana, statement=statement, now=statement.published_at + days * DAY).number
    statement.refresh_from_db()
    return number


def without_the_drawing(statement: Any, sam: Any) -> None:
    """A new cut of its production."""
    relocked(statement, sam, lambda cut: projects.remove_cue(actor=sam, cue=cut.cues.get(position=3)))


@pytest.mark.parametrize("days", [39, 60])
def test_a_new_cut_of_day_37_is_not_published_after_day_38(
    with_late_money: Any, sam: Any, dana: Any, finish_jobs: Any, days: int
) -> None:
    statement, in_force = with_late_money, with_late_money.cut_id
    without_the_drawing(statement, sam)
    begun(statement, sam, finish_jobs, 37)
    assert statement.cut_id != in_force
    with pytest.raises(WrongState, match="drop it and begin it anew"):
        published_on(statement, dana, days)
    actions.drop_revision(actor=sam, statement=statement)
    begun(statement, sam, finish_jobs, days)
    assert published_on(statement, dana, days) == 2
    assert statement.cut_id == in_force
    assert len(statement.current.input["lines"]) == 3


def test_a_new_cut_of_day_37_is_published_on_day_38(
    with_late_money: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    without_the_drawing(with_late_money, sam)
    begun(with_late_money, sam, finish_jobs, 37)
    assert published_on(with_late_money, dana, 38) == 2
    assert len(with_late_money.current.input["lines"]) == 2


def test_what_a_draft_of_day_37_would_settle_by_itself_is_not_settled_after_day_38(
    with_late_money: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    granted = answered(with_late_money, bob, dana, "accepted")
    begun(with_late_money, sam, finish_jobs, 37)
    with pytest.raises(WrongState, match="drop it and begin it anew"):
        published_on(with_late_money, dana, 39)
    actions.drop_revision(actor=sam, statement=with_late_money)
    begun(with_late_money, sam, finish_jobs, 39)
    assert published_on(with_late_money, dana, 39) == 2
    assert list(cases.promised(with_late_money)) == [granted]


def test_what_staff_name_after_day_38_is_settled_by_a_judgement_of_before(
    open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    granted = answered(open_statement, bob, dana, "accepted")
    with_factor(open_statement, sam, dana, 20_000, place=2, now=open_statement.published_at + 37 * DAY)
    begun(open_statement, sam, finish_jobs, 39, settles=[granted])
    assert published_on(open_statement, dana, 40) == 2
    assert not cases.promised(open_statement).exists()


def test_money_and_judgements_that_were_taken_in_on_day_37_are_published_on_day_39(
    with_late_money: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with_factor(with_late_money, sam, dana, 20_000, place=2, now=with_late_money.published_at + 37 * DAY)
    revised(with_late_money, sam, dana, finish_jobs, now=with_late_money.published_at + 36 * DAY)
    earn(sam, with_late_money.production, "2026-08-21", "10.00")
    begun(with_late_money, sam, finish_jobs, 37)
    assert published_on(with_late_money, dana, 39) == 3
