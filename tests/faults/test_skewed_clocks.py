"""The clocks of the processes differ by a day, one way or the other: every sum and every date is still in order."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from profiles.models import Event
from royalties.models import Revision
from tests.faults.forms import Browser
from tests.faults.invariants import Promises, breaches
from tests.faults.money_forms import FORMS, effects, grown_since
from tests.faults.studio import Studio, here
from tests.faults.test_killed_computation import ended_once
from tests.soak.chance import tell
from tests.support.sites import Site

DAY = 24 * 3600
CLOCK = str(Path(__file__).parent / "clock")
SENT = ("post", "submit_batch", "settle", "fail", "approve_cost", "comment", "publish", "draft")


def skewed(site_factory: Any, seconds: int) -> dict[str, str]:
    path = f"{CLOCK}{os.pathsep}{os.environ['PYTHONPATH']}"
    return {"PYTHONPATH": path, "CLOCK_SKEW_SECONDS": str(seconds)}


def test_a_day_between_the_clocks_of_processes_changes_no_sum(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, promises = random.Random(seed), Promises()
    for _round in range(size(1, 20)):
        early, late = chance.sample([-DAY, DAY], 2)
        site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="3600", **skewed(site_factory, early))
        site.start_web()
        site.environment.update(skewed(site_factory, late))
        site.start_worker(processes=1)
        browser = Browser(site.url)
        for person in (studio.bob, studio.sam, studio.dana, studio.erin):
            browser.log_in(person)
        statement = studio.queued()
        ended_once(statement)
        assert_apart(Revision.objects.get(statement=statement).created_at, late)
        promises.done(studio.posted(statement), "posted", "paid")
        for name in chance.sample(SENT, size(2, 8)):
            with here():
                form = FORMS[name](studio)
            before = effects()
            replies = {browser.send(form) for _time in range(2)}
            assert {reply.status for reply in replies} == {302}, (name, replies)
            grown = grown_since(before)
            assert set(grown.values()) == {1}, (name, grown, replies)
            # What follows from a form is the worker's, who lives at the other end, and may have come in between.
            for verb in grown:
                assert_apart(Event.objects.filter(verb=verb).latest("pk").at, early)
        assert breaches(promises) == []
        site.stop()
    tell(f"{len(promises)} statements")


def assert_apart(moment: dt.datetime, seconds: int) -> None:
    """The process was really at another time: a control of the fault itself."""
    off = moment - timezone.now() - dt.timedelta(seconds=seconds)
    assert abs(off) < dt.timedelta(hours=1), (moment, seconds)
