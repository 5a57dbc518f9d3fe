"""kill -9 in the middle of a computation, at six named points: another worker ends it, with one revision."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from signal import SIGKILL
from typing import Any

import redis
from django.conf import settings

from royalties import actions
from royalties.models import Payee, Revision, Statement
from tests.faults.holding import Hold, holds
from tests.faults.invariants import Promises, breaches
from tests.faults.studio import Studio
from tests.soak.chance import tell
from tests.support.sites import Site, eventually

Stage = Statement.Stage
PATIENCE = 120
# Read last of all that a computation gathers, and by nothing that drafts a statement.
ADJUSTMENTS = "LOCK TABLE royalties_adjustment IN ACCESS EXCLUSIVE MODE"
THE_STATEMENT = "SELECT 1 FROM royalties_statement WHERE id = %s FOR UPDATE"
ITEMS = "LOCK TABLE royalties_allocationline IN SHARE ROW EXCLUSIVE MODE"
#: The keys that point here are checked by COMMIT itself.
CUES = "SELECT 1 FROM projects_cue FOR UPDATE"
#: At most: `kill` lets the broker go on.
BROKER_PAUSED_MS = 600_000


class Stopped:
    """Brings a computation to a named point and leaves it there; `stage` is what the database shows of it."""

    def __init__(self, studio: Studio, locks: list[Hold]) -> None:
        self.studio, (self.first, self.second, self.third) = studio, locks

    def gathering(self) -> Statement:
        self.first.take(ADJUSTMENTS)
        statement = self.studio.queued()
        self.first.reached("royalties_adjustment")
        return shows(statement, Stage.GATHERING)

    def payees_made(self) -> Statement:
        statement = self.gathering()
        self.second.take(THE_STATEMENT, statement.pk)
        self.first.let_go()
        self.second.reached("UPDATE")
        assert Payee.objects.filter(artist__in=[self.studio.alice, self.studio.bob]).count() == 2
        return shows(statement, Stage.GATHERING)

    def allocating(self) -> Statement:
        statement = self.payees_made()
        self.third.queue(THE_STATEMENT, statement.pk)
        self.third.queued()
        self.second.let_go()
        self.third.reached("royalties_statement")
        return shows(statement, Stage.ALLOCATING, Stage.WRITING)

    def writing_lines(self) -> Statement:
        self.first.take(ITEMS)
        statement = self.studio.queued()
        self.first.reached("royalties_allocationline")
        return shows(statement, Stage.WRITING)

    def before_commit(self) -> Statement:
        facts = self.studio.earned()
        self.first.take(CUES)
        statement = actions.draft_statement(actor=self.studio.sam, **facts)
        self.first.reached("COMMIT")
        return shows(statement, Stage.WRITING)

    def after_commit(self) -> Statement:
        """Committed, and the broker hears nothing of it: the message is still the worker's."""
        statement = self.before_commit()
        broker().execute_command("CLIENT", "PAUSE", BROKER_PAUSED_MS, "WRITE")
        self.first.let_go()
        eventually(lambda: Revision.objects.filter(statement=statement).exists(), seconds=PATIENCE, what="the commit")
        return shows(statement, Stage.DONE)


POINTS = ("gathering", "payees_made", "allocating", "writing_lines", "before_commit", "after_commit")


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def shows(statement: Statement, *stages: str) -> Statement:
    statement.refresh_from_db()
    assert statement.stage in stages, statement.stage
    return statement


def kill(site: Site, *, whole: bool) -> None:
    """The worker with all it has, or the one process that computes; a broker that was paused goes on."""
    if whole:
        site.kill("worker")
        broker().execute_command("CLIENT", "UNPAUSE")
        return
    parent = site.processes["worker"].pid
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as children:
        for pid in children.read().split():
            os.kill(int(pid), SIGKILL)


def test_a_killed_computation_is_ended_by_another_worker(
    site_factory: Any, studio: Studio, superuser: str, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, promises = random.Random(seed), Promises()
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="1")
    site.start_worker(processes=1)
    turns = [point for point in POINTS for _turn in range(size(1, 20))]
    for point in chance.sample(turns, len(turns)):
        with holds(superuser, 3) as locks:
            statement = getattr(Stopped(studio, locks), point)()
            whole = point == "after_commit" or chance.random() < 0.3
            kill(site, whole=whole)
        if whole:
            site.start_worker(processes=1)
        ended_once(statement)
        promises.done(statement, "draft", "posted", "paid")
        if chance.random() < 0.5:
            promises.done(studio.posted(statement), "posted", "paid")
        assert breaches(promises) == [], point
    tell(f"{len(turns)} kills, {len(promises)} promises kept")


def ended_once(statement: Statement) -> None:
    eventually(lambda: is_done(statement), seconds=PATIENCE, what="the end of the computation")
    assert Revision.objects.filter(statement=statement, run=1).count() == 1


def is_done(statement: Statement) -> bool:
    statement.refresh_from_db()
    assert statement.stage != Stage.FAILED, statement.failure
    return statement.stage == Stage.DONE
