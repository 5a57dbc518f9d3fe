"""Messages delivered two to fifty times, runs that begin together, a broker that forgets: one revision, one posting."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from royalties import actions, sealing, tasks
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Destination, Revision, Statement
from tests.faults.holding import holds
from tests.faults.invariants import Promises, breaches
from tests.faults.studio import Studio
from tests.faults.test_killed_computation import Stopped, ended_once, is_done
from tests.soak.chance import at_once, tell
from tests.support.sites import Site, eventually

PATIENCE = 120
TOGETHER = 20
MOST = 50


def waiting() -> int:
    """How many messages the queues of money and mail hold."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    return sum(int(broker.llen(queue)) for queue in ("money", "mail")) + int(broker.hlen("unacked"))  # type: ignore[arg-type]  # not asynchronous


def refused_or(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except RoyaltiesRefused as refusal:
        return refusal


def test_what_is_delivered_many_times_is_done_once(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, promises = random.Random(seed), Promises()
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="1")
    site.start_worker(processes=2)
    for number in range(size(2, 20)):
        statement = studio.queued()
        times = (2, MOST)[number] if number < 2 else chance.randint(2, MOST)
        for _delivery in range(times):
            tasks.compute_statement.delay(statement.pk, statement.run)  # type: ignore[attr-defined]  # of Celery for Django
            if chance.random() < 1 / times:
                redis.Redis.from_url(settings.REDIS_URL).flushall()
        if not is_done(statement):
            # What the broker forgot, staff ask for once more.
            tasks.compute_statement.delay(statement.pk, statement.run)  # type: ignore[attr-defined]  # as above
        run = partial(actions.compute_statement, statement_id=statement.pk, run=statement.run)
        given = at_once([run] * TOGETHER)
        assert sum(isinstance(row, Revision) for row in given) <= 1, given
        eventually(lambda one=statement: is_done(one), seconds=PATIENCE, what="the computation")
        eventually(lambda: not waiting(), seconds=PATIENCE, what="an empty queue")
        promises.done(posted_once(studio, statement), "posted", "paid")
        assert breaches(promises) == []
    tell(f"{len(promises)} statements")


def test_what_the_broker_has_lost_is_sent_again_by_the_sweep(
    site_factory: Any, studio: Studio, superuser: str, seed: int, size: Callable[[int, int], int]
) -> None:
    """Before a worker has it, or while one that is killed works on it, as when their machine is gone."""
    chance, promises = random.Random(seed), Promises()
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="3600")
    broker = redis.Redis.from_url(settings.REDIS_URL)
    for _round in range(size(1, 20)):
        lost = [studio.queued() for _number in range(chance.randint(1, 3))]
        broker.flushall()
        site.start_worker(processes=2)
        with holds(superuser, 3) as locks:
            lost.append(Stopped(studio, locks).writing_lines())
            site.kill("worker")
            broker.flushall()
        site.start_worker(processes=2)
        assert [actions.resume_computations(), waiting()] == [0, 0]
        # What the killed worker had begun is rolled back as soon as its connection is found to be dead.
        eventually(lambda rows=lost: all(map(is_free, rows)), seconds=PATIENCE, what="the end of a connection")
        later = timezone.now() + dt.timedelta(minutes=6)
        swept = at_once([partial(actions.resume_computations, now=later)] * 3)
        assert sum(swept) == len(lost), swept
        for statement in lost:
            ended_once(statement)
            promises.done(statement, "draft", "posted", "paid")
        eventually(lambda: not waiting(), seconds=PATIENCE, what="an empty queue")
        assert actions.resume_computations(now=later + dt.timedelta(days=1)) == 0
        promises.done(studio.posted(chance.choice(lost)), "posted", "paid")
        assert breaches(promises) == []
        site.stop()
    tell(f"{len(promises)} promises kept")


def is_free(statement: Statement) -> bool:
    """Whether nobody is writing it."""
    with transaction.atomic():
        return Statement.objects.select_for_update(skip_locked=True).filter(pk=statement.pk).exists()


def posted_once(studio: Studio, statement: Statement) -> Statement:
    """Twenty people post it in the same moment."""
    assert Revision.objects.filter(statement=statement, run=statement.run).count() == 1
    final = studio.final(statement)
    post = partial(refused_or, partial(actions.post_statement, actor=studio.dana, statement=final))
    given = at_once([post] * TOGETHER)
    assert sum(isinstance(row, Statement) for row in given) == 1, given
    return final


def test_a_mail_that_is_sent_twice_carries_the_same_code(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="1")
    site.start_worker(processes=2)
    mails = Path(settings.EMAIL_FILE_PATH)
    for _round in range(size(1, 20)):
        old = Destination.objects.get(payee=studio.alice.payee, replaced_at=None)
        new = actions.set_destination(actor=studio.alice, address=f"alice{chance.random()}@pay.example")
        for _delivery in range(chance.randint(2, size(5, MOST))):
            tasks.mail_destination_code.delay(new.pk)  # type: ignore[attr-defined]  # of Celery for Django
            tasks.mail_destination_replaced.delay(old.pk)  # type: ignore[attr-defined]  # as above
        eventually(lambda: not waiting(), seconds=PATIENCE, what="an empty queue")
        code = sealing.destination_code(new)
        sent = [path.read_text() for path in mails.glob("*") if sealing.address_of(new) in path.read_text()]
        assert sent
        assert all(code in mail for mail in sent)
        assert Destination.objects.filter(payee=studio.alice.payee, replaced_at=None).get() == new
        actions.confirm_destination(actor=studio.alice, code=code)
    assert breaches() == []
