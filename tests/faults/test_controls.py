"""Runs with one safeguard taken away: each must report breaches, or the runs beside this file prove nothing.

What is taken away is taken in the run alone: in the database of the test, in the process of the harness, in the
settings that a worker is started with.
"""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db.models import QuerySet

from royalties import actions, checks
from royalties.models import Statement
from tests.faults.double_submits import senders
from tests.faults.holding import holds
from tests.faults.invariants import breaches
from tests.faults.studio import Studio
from tests.faults.test_altered_rows import change, named
from tests.faults.test_duplicates import TOGETHER, refused_or
from tests.faults.test_killed_computation import Stopped, kill
from tests.soak.chance import at_once
from tests.support.sites import Site, eventually


def run_by(superuser: str, *statements: str) -> None:
    """Change the test's database as nobody of the site could."""
    link = psycopg2.connect(superuser)
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()


def without_row_locks(self: QuerySet[Any], **_options: Any) -> QuerySet[Any]:
    """A queryset that reads its rows and holds none of them."""
    return self.all()


def test_without_row_locks_something_is_done_twice(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = studio.prepared()
    assert breaches() == []
    monkeypatch.setattr(QuerySet, "select_for_update", without_row_locks)
    at_once([partial(refused_or, partial(actions.submit_batch, actor=studio.dana, batch=batch))] * TOGETHER)
    assert any("events royalties.batch_submitted of" in breach for breach in breaches())


def test_with_an_early_acknowledgement_a_computation_is_lost(site_factory: Any, studio: Studio, superuser: str) -> None:
    site: Site = site_factory(CELERY_VISIBILITY_TIMEOUT="1", DJANGO_SETTINGS_MODULE="tests.faults.early_settings")
    site.start_worker(processes=1)
    with holds(superuser, 3) as locks:
        statement = Stopped(studio, locks).writing_lines()
        kill(site, whole=True)
    site.start_worker(processes=1)
    broker = redis.Redis.from_url(settings.REDIS_URL)
    eventually(lambda: not broker.llen("money") and not broker.hlen("unacked"), what="an empty queue")
    statement.refresh_from_db()
    assert statement.stage == Statement.Stage.WRITING
    assert not statement.revisions.exists()


def test_without_the_key_of_a_form_it_counts_more_than_once(site_factory: Any, studio: Studio, superuser: str) -> None:
    run_by(superuser, "ALTER TABLE profiles_submission DROP CONSTRAINT submission_once")
    site: Site = site_factory()
    site.start_web()
    sender = senders(studio, site.url, random.Random(1))
    sender.chance.random = lambda: 1.0  # type: ignore[method-assign]  # all at once
    for _round in range(3):
        sender.send("award")
    assert any("adjustment_proposed" in problem for problem in sender.problems)


def test_without_the_key_of_payouts_somebody_is_in_two_batches(studio: Studio, superuser: str) -> None:
    run_by(superuser, *(f"DROP INDEX {name}" for name in keys_of_live_payouts(superuser)))
    studio.posted()
    at_once([partial(refused_or, partial(actions.batch_payouts, actor=studio.erin, currency="USD"))] * TOGETHER)
    found = breaches()
    assert any("payouts on their way" in breach for breach in found)
    assert any("is paid" in breach for breach in found)


def keys_of_live_payouts(superuser: str) -> list[str]:
    """The unique indexes of payouts that look at their state."""
    link = psycopg2.connect(superuser)
    with link.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'royalties_payout'::regclass"
            " AND indisunique AND pg_get_expr(indpred, indrelid) LIKE '%status%'"
        )
        found = [name for (name,) in cursor.fetchall()]
    link.close()
    assert found
    return found


HASH_CHECKS = ("validate_hash_chain", "validate_requests")


def test_without_the_hashes_a_changed_entry_is_not_named(
    studio: Studio, thief: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(thief, random.Random(1), "royalties_journalentry", "posted_at", "posted_at + interval '1 second'")
    assert named()
    without = tuple(check for check in checks.CHECKS if getattr(check, "__name__", "") not in HASH_CHECKS)
    assert len(without) == len(checks.CHECKS) - len(HASH_CHECKS)
    monkeypatch.setattr(checks, "CHECKS", without)
    assert not named()
