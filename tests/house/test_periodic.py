"""What beat asks for: often, or in the night whatever beat was restarted by day."""

import datetime as dt
from typing import Any

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab

from hitrecord import periodic
from hitrecord.celery import app

NIGHTLY = {
    "profiles.tasks.sweep_sessions",
    "profiles.tasks.sweep_submissions",
    "royalties.tasks.forget_claim_addresses",
    "royalties.tasks.forget_left_payees",
    "royalties.tasks.forget_old_destinations",
    "royalties.tasks.forget_payout_files",
    "royalties.tasks.mark_all_paid",
    "royalties.tasks.sweep_unclaimed",
}
EVENING = dt.datetime(2026, 5, 2, 20, tzinfo=dt.UTC)


def entry(task: str, begun: dt.datetime, now: dt.datetime) -> ScheduleEntry:
    """As beat makes it when it starts and has lost its schedule file."""
    plan: dict[str, Any] = dict(periodic.schedule()[task])
    plan["schedule"].nowfun = lambda: now
    return ScheduleEntry(name=task, app=app, last_run_at=begun, **plan)


@pytest.mark.parametrize("task", sorted(NIGHTLY))
def test_what_is_for_the_night_runs_though_beat_begins_anew_every_day(task: str) -> None:
    assert not entry(task, EVENING, EVENING + dt.timedelta(hours=1)).is_due()[0]
    morning = EVENING + dt.timedelta(hours=10)
    assert entry(task, EVENING, morning).is_due()[0]
    assert not entry(task, morning, EVENING + dt.timedelta(hours=22)).is_due()[0], "once a night"


def test_nothing_waits_a_day_from_the_start_of_beat() -> None:
    waits = {task: plan["schedule"] for task, plan in periodic.schedule().items() if task not in NIGHTLY}
    assert max(waits.values()) <= 3600


def test_the_night_is_that_of_the_house_and_no_two_sweeps_begin_at_once() -> None:
    assert str(app.timezone) == "UTC"
    plans = [plan["schedule"] for plan in periodic.schedule().values() if isinstance(plan["schedule"], crontab)]
    assert len({(*plan.hour, *plan.minute) for plan in plans}) == len(plans) == len(NIGHTLY)


def test_every_task_that_beat_asks_for_is_there() -> None:
    app.loader.import_default_modules()
    assert {*periodic.schedule()} <= {*app.tasks}
