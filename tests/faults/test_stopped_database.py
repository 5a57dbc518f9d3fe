"""PostgreSQL is stopped at once, again and again, under everything that moves money: what was acknowledged is there."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from signal import SIGKILL, SIGQUIT
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from projects.models import Production
from royalties import actions, tasks
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Batch, Income, OutboxMail, Payout, Statement
from tests.faults.cluster import Cluster
from tests.faults.holding import holds
from tests.faults.invariants import Promises, breaches
from tests.faults.studio import FIRST, Studio, here, open_studio
from tests.faults.test_killed_computation import Stopped, ended_once
from tests.soak.chance import tell, with_own_connections
from tests.support.databases import Databases
from tests.support.sites import Site, eventually

PATIENCE = 120
#: The driver has three ways to say that the server went away; everything below them means something else.
GONE = {DatabaseError, OperationalError, InterfaceError}


@pytest.fixture
def cluster(databases: Databases, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """A server of this test's own, migrated, and Django on it."""
    with Cluster() as made, django_db_blocker.unblock():
        databases.fill(made.server.url("owner"))
        with databases.used(made.server.url("app")):
            yield made
            connections.close_all()


class Load:
    """People at work at once, who begin anew whatever they got no answer to."""

    def __init__(self, studio: Studio, chance: random.Random) -> None:
        self.studio, self.chance = studio, chance
        self.works = (self.take_reports, self.take_reports, self.make_statements, self.make_statements, self.pay_out)
        self.promises, self.unanswered = Promises(), 0
        self.done = Counter({work.__name__: 0 for work in self.works})
        self.over = threading.Event()
        self.lock = threading.Lock()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Within the block everybody works; whoever fails ends it for all, and is heard in the end."""
        with ThreadPoolExecutor(len(self.works)) as pool:
            people = [pool.submit(with_own_connections, partial(self.go_on, work)) for work in self.works]
            try:
                yield
            finally:
                self.over.set()
                for person in people:
                    person.result()

    def go_on(self, work: Callable[[], int]) -> None:
        """Work until it is over, a whole piece at a time."""
        try:
            while not self.over.is_set():
                pieces = work()
                with self.lock:
                    self.done[work.__name__] += pieces
        finally:
            self.over.set()

    def surely(self, act: Callable[[], Any]) -> Any:
        """The answer, or the refusal of what an unanswered try has done already."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except (DatabaseError, InterfaceError) as problem:
                if type(problem) not in GONE or time.monotonic() > deadline:
                    raise
                with self.lock:
                    self.unanswered += 1
                connections.close_all()
                time.sleep(0.05)
            except RoyaltiesRefused as refusal:
                return refusal

    def take_reports(self) -> int:
        """Revenue, row by row."""
        content = self.studio.revenue(FIRST[0], self.studio.production)
        source = self.surely(
            partial(actions.import_csv, actor=self.studio.dana, kind="revenue", name="s.csv", content=content)
        )
        self.promises.done(source)
        income = self.surely(lambda: Income.objects.get(source=source))
        self.promises.done(income)
        return 1

    def make_statements(self) -> int:
        """From the draft to the posting."""
        studio = self.studio
        film: Production = self.surely(studio.film)
        content = studio.revenue(FIRST[0], film)
        self.surely(partial(actions.import_csv, actor=studio.dana, kind="revenue", name="s.csv", content=content))
        asked = {"production": film, "first_day": FIRST[0], "last_day": FIRST[1], "currency": "USD"}
        self.surely(partial(actions.draft_statement, actor=studio.sam, **asked))
        statement = self.surely(lambda: Statement.objects.get(production=film))
        self.surely(partial(actions.compute_statement, statement_id=statement.pk, run=statement.run))
        self.surely(partial(actions.submit_for_review, actor=studio.sam, statement=statement))
        self.surely(partial(actions.publish, actor=studio.dana, statement=statement))
        self.surely(statement.refresh_from_db)
        after = statement.window_ends_at
        self.surely(partial(actions.close_statement, actor=studio.sam, statement=statement, now=after))
        self.surely(partial(actions.finalise, actor=studio.sam, statement=statement))
        self.surely(partial(actions.post_statement, actor=studio.dana, statement=statement))
        self.promises.done(statement, "posted", "paid")
        return 1

    def pay_out(self) -> int:
        """Whoever can be paid, is; one payout in four comes back. What counts is money that left, not a look for it."""
        studio = self.studio
        time.sleep(0.1)
        self.surely(partial(actions.batch_payouts, actor=studio.erin, currency="USD"))
        for batch in self.surely(lambda: list(Batch.objects.filter(status=Batch.Status.PREPARED))):
            self.surely(partial(studio.approved, batch))
            self.surely(partial(actions.submit_batch, actor=studio.dana, batch=batch))
            self.promises.done(batch, "submitted")
        payouts = self.surely(lambda: list(Payout.objects.filter(status=Payout.Status.SENT)))
        for payout in payouts:
            if self.chance.random() < 0.25:
                self.surely(partial(actions.fail_payout, actor=studio.dana, payout=payout, reason="Closed"))
                self.promises.done(payout, "failed")
            else:
                paid = partial(actions.settle_payout, actor=studio.dana, payout=payout)
                self.surely(partial(paid, provider_reference=f"PP-{payout.pk}"))
                self.promises.done(payout, "settled")
        return len(payouts)

    def wait_for_some(self, pieces: int) -> None:
        """Until so many more reports and statements are done."""
        before = Counter(self.done)
        self._wait(lambda: (self.done - before).total() - (self.done - before)["pay_out"] >= pieces)

    def wait_for_each(self) -> None:
        """Until some more of every kind of work is done."""
        before = Counter(self.done)
        self._wait(lambda: {work.__name__ for work in self.works} == {*(self.done - before)})

    def _wait(self, is_enough: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_enough():
            assert not self.over.is_set(), "somebody has failed"
            assert time.monotonic() < deadline, f"nothing goes on after {dict(self.done)}"
            time.sleep(0.02)


def test_what_was_acknowledged_is_there_after_every_stop(
    cluster: Cluster, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    stops = size(3, 50)
    with here():
        load = Load(open_studio(), random.Random(seed))
        with load.going_on():
            for number in range(1, stops + 1):
                # In the middle of the work, which shows on its own that it goes on after the last stop.
                load.wait_for_some(chance.randint(1, 3))
                time.sleep(chance.random() * 0.2)
                cluster.stop(chance.choice([SIGQUIT, SIGQUIT, SIGKILL]))
                cluster.start()
                if number % 10 == 0 or number == stops:
                    load.wait_for_each()
                    tell(f"{number} stops, {dict(load.done)}")
    assert load.unanswered >= stops
    connections.close_all()
    assert breaches(load.promises) == []
    tell(f"{stops} stops, {load.unanswered} without an answer, {len(load.promises)} promises kept, {dict(load.done)}")


@pytest.fixture
def worker(cluster: Cluster, tmp_path: Path) -> Iterator[Site]:
    """A worker on that server, and a broker that holds nothing yet."""
    environment = {**os.environ, "DATABASE_URL": cluster.server.url("app"), "CELERY_VISIBILITY_TIMEOUT": "3600"}
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    site = Site("", environment, tmp_path)
    site.start_worker(processes=1)
    yield site
    site.stop()


def test_a_computation_that_loses_its_database_is_ended_later(
    cluster: Cluster, worker: Site, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, studio = random.Random(seed), open_studio()
    for _round in range(size(1, 20)):
        point = chance.choice(["gathering", "payees_made", "writing_lines", "before_commit"])
        with holds(cluster.server.url("postgres"), 3) as locks:
            statement = getattr(Stopped(studio, locks), point)()
            cluster.stop(chance.choice([SIGQUIT, SIGKILL]))
        connections.close_all()
        cluster.start()
        ended_once(statement)
        assert breaches() == [], point


def test_a_mail_that_loses_its_database_is_written_later(
    cluster: Cluster, worker: Site, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    with here():
        payout = chance.choice(open_studio().sent())
    for _round in range(size(1, 20)):
        written = mails_about(payout)
        now = timezone.now()
        owed = OutboxMail.objects.create(kind=OutboxMail.Kind.PAYOUT, about=payout.pk, owed_at=now, again_at=now)
        connections.close_all()
        with holds(cluster.server.url("postgres")) as (lock,):
            lock.take("LOCK TABLE royalties_payout IN ACCESS EXCLUSIVE MODE")
            tasks.mail_from_outbox.delay(owed.pk)
            lock.reached("royalties_payout")
            cluster.stop(chance.choice([SIGQUIT, SIGKILL]))
        cluster.start()
        eventually(lambda n=written: mails_about(payout) > n, seconds=PATIENCE, what="the mail")
        eventually(lambda: not OutboxMail.objects.exists(), seconds=PATIENCE, what="an empty outbox")
        assert mails_about(payout) == written + 1


def mails_about(payout: Payout) -> int:
    """How many mails name it."""
    return sum(payout.code in path.read_text() for path in Path(settings.EMAIL_FILE_PATH).glob("*"))
