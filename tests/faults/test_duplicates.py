"""Messages delivered two to fifty times, runs that begin together, a broker that forgets: one revision, one posting."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from royalties import actions, sealing, tasks
from royalties.actions.reports import PART
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Destination, Income, Intake, OutboxMail, Revision, Statement
from tests.faults.holding import holds
from tests.faults.invariants import Promises, breaches
from tests.faults.studio import Studio, new_code
from tests.faults.test_killed_computation import ADJUSTMENTS, Stopped, ended_once, is_done
from tests.royalties.reports import shop_rows, taken
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


def test_runs_that_are_under_way_at_once_write_one_revision(
    studio: Studio, superuser: str, size: Callable[[int, int], int]
) -> None:
    """Twenty have all read that nothing is done yet, and stand at the same step until every one of them is there."""
    promises = Promises()
    for _round in range(size(1, 20)):
        statement = studio.queued()
        run = partial(actions.compute_statement, statement_id=statement.pk, run=statement.run)
        with ThreadPoolExecutor(1) as pool, holds(superuser) as (hold,):
            hold.take(ADJUSTMENTS)
            begun = pool.submit(at_once, [run] * TOGETHER)
            hold.reached_by(TOGETHER, "royalties_adjustment")
            hold.let_go()
            given = begun.result(PATIENCE)
        assert sum(isinstance(row, Revision) for row in given) == 1, given
        assert given.count(None) == TOGETHER - 1, given
        promises.done(posted_once(studio, statement), "posted", "paid")
        assert breaches(promises) == []
    # No worker is here that takes what was sent.
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    tell(f"{TOGETHER} runs at once of each of {len(promises)} statements")


def test_a_report_that_is_delivered_many_times_is_booked_once(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    """Reports of several parts, by workers that come to the same part and are killed in the middle of one."""
    chance = random.Random(seed)
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="1")
    site.start_worker(processes=2)
    for number in range(size(2, 20)):
        rows = chance.randint(PART, 3 * PART)
        intake = actions.book_report(actor=studio.dana, intake=taken(studio.dana, sales(rows)))
        for _delivery in range((2, MOST)[number] if number < 2 else chance.randint(2, MOST)):
            tasks.run_report.delay(intake.pk)  # type: ignore[attr-defined]  # of Celery for Django
        if chance.random() < 0.5:
            eventually(lambda one=intake: some_are_booked(one), seconds=PATIENCE, what="the first part")
            site.kill("worker")
            site.start_worker(processes=2)
        at_once([partial(actions.run_report, intake_id=intake.pk)] * 4)
        eventually(lambda: not waiting(), seconds=PATIENCE, what="an empty queue")
        intake.refresh_from_db()
        assert (intake.status, intake.problems, intake.done_count) == (Intake.Status.DONE, [], intake.row_count)
        assert Income.objects.filter(source=intake.source).count() == 2 * rows
        assert breaches() == []


def sales(rows: int) -> bytes:
    """A report of so many sales, each with a fee of its own, that no other report knows."""
    report = new_code()
    return shop_rows(*(f"{report}-{number};1.00;0.10" for number in range(rows)))


def some_are_booked(intake: Intake) -> bool:
    return Income.objects.filter(source__intake=intake).exists()


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


def test_a_mail_that_is_asked_for_many_times_is_written_once(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="1")
    site.start_worker(processes=2)
    for _round in range(size(1, 20)):
        with transaction.atomic():
            new = actions.set_destination(actor=studio.alice, address=f"alice{chance.random()}@pay.example")
            owed = list(OutboxMail.objects.values_list("pk", flat=True))
        assert len(owed) == 3
        for _delivery in range(chance.randint(2, size(5, MOST))):
            for mail in owed:
                tasks.mail_from_outbox.delay(mail)
        eventually(lambda: not waiting(), seconds=PATIENCE, what="an empty queue")
        assert not OutboxMail.objects.exists()
        confirmed_by_mail(studio, new)
    assert breaches() == []


def test_a_mail_that_the_broker_has_lost_is_written_by_the_sweep(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="3600")
    for _round in range(size(1, 20)):
        new = actions.set_destination(actor=studio.alice, address=f"lost{chance.random()}@pay.example")
        redis.Redis.from_url(settings.REDIS_URL).flushall()
        site.start_worker(processes=2)
        assert [actions.resume_mails(), OutboxMail.objects.count()] == [0, 3]
        swept = at_once([partial(actions.resume_mails, now=timezone.now() + dt.timedelta(minutes=6))] * 3)
        assert sum(swept) == 3, swept
        eventually(lambda: not OutboxMail.objects.exists(), seconds=PATIENCE, what="an empty outbox")
        confirmed_by_mail(studio, new)
        site.kill("worker")
    assert breaches() == []


def confirmed_by_mail(studio: Studio, new: Destination) -> None:
    """The code has come by one mail, and confirms the address."""
    assert Destination.objects.filter(payee=studio.alice.payee, replaced_at=None).get() == new
    texts = [path.read_text() for path in Path(settings.EMAIL_FILE_PATH).glob("*")]
    (sent,) = [text for text in texts if sealing.address_of(new) in text]
    code = sealing.destination_code(new)
    assert code in sent
    actions.confirm_destination(actor=studio.alice, code=code)
