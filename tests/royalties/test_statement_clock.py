"""Windows are hours, not wall-clock days: summer time, year's end, and the limits of day 38 and day 45."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from royalties import actions, cases
from royalties.actions import panels, statements
from royalties.exceptions import WrongState
from royalties.models import Statement
from tests.royalties.panelists import answered, live, members
from tests.royalties.test_publish_statement import revised, with_factor

DAY = dt.timedelta(days=1)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
# Wall-clock moments shortly before a change of the clocks, and on the last evening of a year.
MOMENTS = [
    dt.datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN),
    dt.datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN),
    dt.datetime(2027, 3, 13, 23, 30, tzinfo=NEW_YORK),
    dt.datetime(2026, 10, 31, 23, 30, tzinfo=NEW_YORK),
    dt.datetime(2026, 12, 31, 23, 59, 30, tzinfo=BERLIN),
    dt.datetime(2026, 12, 31, 23, 59, 30, tzinfo=NEW_YORK),
]


@pytest.fixture
def reviewed(draft: Any, sam: Any) -> Any:
    return actions.submit_for_review(actor=sam, statement=draft)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_the_window_is_14_times_24_hours_in_every_zone(
    reviewed: Any, dana: Any, sam: Any, bob: Any, moment: Any
) -> None:
    actions.publish(actor=dana, statement=reviewed, now=moment)
    statement = Statement.objects.get(pk=reviewed.pk)
    assert statement.window_ends_at is not None
    assert statement.window_ends_at - moment.astimezone(dt.UTC) == dt.timedelta(hours=14 * 24)
    last = statement.window_ends_at - dt.timedelta(seconds=1)
    line = statement.current.lines.get(payee__artist=bob)  # type: ignore[union-attr]  # published
    said = actions.comment(actor=bob, statement=statement, body="Hm.", line=line, now=last)
    with pytest.raises(WrongState, match="nobody can shorten"):
        actions.close_statement(actor=sam, statement=statement, now=last.astimezone(NEW_YORK))
    with pytest.raises(WrongState, match="is over"):
        actions.object_to(actor=bob, comment=said, kind="other", now=statement.window_ends_at.astimezone(BERLIN))
    actions.object_to(actor=bob, comment=said, kind="other", now=last.astimezone(BERLIN))


@pytest.mark.parametrize("moment", [MOMENTS[1], MOMENTS[3], MOMENTS[4]], ids=str)
def test_72_hours_and_seven_days_cross_a_change_of_the_clocks(
    reviewed: Any, dana: Any, sam: Any, finish_jobs: Any, moment: Any
) -> None:
    published_at = moment - 14 * DAY + dt.timedelta(hours=5)
    actions.publish(actor=dana, statement=reviewed, now=published_at)
    reviewed.refresh_from_db()
    revised(reviewed, sam, dana, finish_jobs, now=moment)
    assert reviewed.window_ends_at - moment.astimezone(dt.UTC) == dt.timedelta(hours=72)
    with_factor(reviewed, sam, dana, 0, place=3, now=moment)
    revised(reviewed, sam, dana, finish_jobs, now=moment + DAY)
    assert reviewed.window_ends_at - (moment + DAY).astimezone(dt.UTC) == dt.timedelta(hours=7 * 24)


def test_the_last_second_of_day_38_and_day_45(open_statement: Any, sam: Any, bob: Any, finish_jobs: Any) -> None:
    began = open_statement.published_at
    assert not cases.is_late_for_revision(open_statement, began + 38 * DAY)
    assert cases.is_late_for_revision(open_statement, began + 38 * DAY + dt.timedelta(seconds=1))
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Just in time.", now=began + 38 * DAY)
    Statement.objects.filter(pk=open_statement.pk).update(window_ends_at=began + 60 * DAY)
    line = open_statement.current.lines.get(payee__artist=bob)
    said = actions.comment(actor=bob, statement=open_statement, body="Late.", line=line)
    with pytest.raises(WrongState, match="45 days"):
        actions.object_to(actor=bob, comment=said, kind="other", now=began + 45 * DAY + dt.timedelta(seconds=1))
    actions.object_to(actor=bob, comment=said, kind="other", now=began + 45 * DAY)


def test_an_unanswered_objection_blocks_and_is_shown_overdue(
    client: Any, open_statement: Any, sam: Any, bob: Any, time_machine: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    assert "overdue" not in client.get(open_statement.get_absolute_url()).content.decode()
    time_machine.move_to(open_statement.published_at + 46 * DAY, tick=True)
    with pytest.raises(WrongState, match="not answered yet"):
        actions.close_statement(actor=sam, statement=open_statement)
    assert "Answer overdue" in client.get(open_statement.get_absolute_url()).content.decode()
    assert "overdue" in client.get(objection.get_absolute_url()).content.decode()
    client.force_login(sam)
    from django.urls import reverse

    assert "Overdue" in client.get(reverse("admin:royalties_objection_changelist")).content.decode()
    assert "Some are overdue." in client.get(reverse("admin:index")).content.decode()


def test_claims_end_24_calendar_months_after_the_first_publication(open_statement: Any) -> None:
    open_statement.published_at = dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC)
    assert cases.last_moment_to_claim(open_statement) == dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)
    open_statement.published_at = dt.datetime(2026, 12, 31, 23, 30, tzinfo=NEW_YORK)
    assert cases.last_moment_to_claim(open_statement) == dt.datetime(2029, 1, 1, 4, 30, tzinfo=dt.UTC)


def waiting(time_machine: Any, wait: Callable[..., Any]) -> Callable[..., Any]:
    """A lock that another transaction holds for ten minutes."""

    def slow(*what: Any) -> Any:
        held = wait(*what)
        time_machine.shift(dt.timedelta(minutes=10))
        return held

    return slow


def test_the_window_counts_from_after_the_wait_for_whoever_books(
    reviewed: Any, dana: Any, monkeypatch: Any, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    pressed = timezone.now()
    for lock in ("locked", "settle_alone"):
        monkeypatch.setattr(statements, lock, waiting(time_machine, getattr(statements, lock)))
    actions.publish(actor=dana, statement=reviewed)
    reviewed.refresh_from_db()
    assert timezone.now() == pressed + dt.timedelta(minutes=20)
    assert reviewed.window_ends_at == timezone.now() + 14 * DAY
    assert reviewed.published_at == timezone.now()


def test_the_time_for_a_revision_and_for_a_seat_counts_from_after_the_wait(
    open_statement: Any, sam: Any, dana: Any, bob: Any, finish_jobs: Any, monkeypatch: Any, time_machine: Any
) -> None:
    members(3)
    denied = answered(open_statement, bob, dana)
    time_machine.move_to(open_statement.published_at + 20 * DAY, tick=False)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="As agreed.")
    monkeypatch.setattr(statements, "locked", waiting(time_machine, statements.locked))
    actions.publish(actor=dana, statement=open_statement)
    open_statement.refresh_from_db()
    assert open_statement.window_ends_at == timezone.now() + dt.timedelta(hours=72)
    monkeypatch.setattr(panels, "locked", waiting(time_machine, panels.locked))
    escalation = actions.escalate(actor=bob, objection=denied, reason="It is two minutes.")
    assert {seat.due_at for seat in live(escalation)} == {timezone.now() + 3 * DAY}
    assert escalation.raised_at == timezone.now() - dt.timedelta(minutes=10)
