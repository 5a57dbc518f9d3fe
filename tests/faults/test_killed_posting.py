"""kill -9 of the web process in the middle of a posting, at six named points: the same form again, one effect."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from signal import SIGKILL
from threading import Thread
from typing import Any

from royalties.ledger import POSTING_LOCK
from tests.faults.forms import Browser, Form, Reply
from tests.faults.holding import Hold, holds
from tests.faults.invariants import breaches
from tests.faults.money_forms import FORMS, effects, grown_since
from tests.faults.studio import Studio, here
from tests.faults.wire import Wire
from tests.soak.chance import tell, with_own_connections
from tests.support.sites import Site, answers, eventually

PATIENCE = 60
POSTINGS = ("post", "submit_batch", "settle", "fail", "approve_cost", "post")
MOMENTS = ("before_the_lock", "before_the_rows", "rows_written", "before_commit", "after_commit", "before_the_answer")


class Killed:
    """Sends a form, stops its work at a named point, kills the process there."""

    def __init__(self, browser: Browser, wire: Wire, hold: Hold, kill: Callable[[], None]) -> None:
        self.browser, self.wire, self.hold, self.kill = browser, wire, hold, kill

    def before_the_lock(self, form: Form) -> None:
        self._stopped(form, "", "SELECT pg_advisory_lock(%s)", POSTING_LOCK)

    def before_the_rows(self, form: Form) -> None:
        """Numbered and sealed, and the entry wants to be written."""
        self._stopped(form, "ledger_post", "LOCK TABLE royalties_journalentry IN SHARE ROW EXCLUSIVE MODE")

    def rows_written(self, form: Form) -> None:
        """Entry and lines are there, and the balances want to be moved."""
        self._stopped(form, "ledger_post", "LOCK TABLE royalties_balance IN SHARE ROW EXCLUSIVE MODE")

    def before_commit(self, form: Form) -> None:
        """Within COMMIT, which looks whether the person is still there."""
        self._stopped(form, "COMMIT", "SELECT 1 FROM profiles_artist WHERE id = %s FOR UPDATE", form.sender.pk)

    def after_commit(self, form: Form) -> None:
        """The database has committed, and the process does not know it yet."""
        self.wire.keep_next()
        link = self.browser.begin(form)
        assert self.wire.caught.wait(PATIENCE)
        self.kill()
        link.close()

    def before_the_answer(self, form: Form) -> None:
        """The process knows it, and the browser does not."""
        before = effects()
        link = self.browser.begin(form)
        eventually(lambda: grown_since(before), seconds=PATIENCE, what="the effect")
        self.kill()
        link.close()

    def _stopped(self, form: Form, at: str, lock: str, *values: Any) -> None:
        self.hold.take(lock, *values)
        link = self.browser.begin(form)
        self.hold.reached(at)
        self.kill()
        self.hold.let_go()
        link.close()


def test_a_posting_whose_process_was_killed_is_there_once(
    site_factory: Any, studio: Studio, wire: Wire, superuser: str, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    site: Site = site_factory(DATABASE_URL=wire.address)
    site.start_web()
    browser = Browser(site.url)
    for person in (studio.sam, studio.dana, studio.erin):
        browser.log_in(person)
    turns = [moment for moment in MOMENTS for _turn in range(size(1, 20))]
    postings = chance.sample(POSTINGS, len(POSTINGS)) * (len(turns) // len(POSTINGS) + 1)
    for moment, posting in zip(chance.sample(turns, len(turns)), postings, strict=False):
        with here():
            form = FORMS[posting](studio)
        before = effects()
        whole = chance.random() < 0.2
        with holds(superuser) as (hold,):
            getattr(Killed(browser, wire, hold, lambda whole=whole: kill(site, whole=whole)), moment)(form)
        if whole:
            site.start_web()
        replies = at_last(site, browser, form, times=chance.randint(1, 3))
        assert {reply.status for reply in replies} == {302}, (moment, posting, replies)
        assert set(grown_since(before).values()) == {1}, (moment, posting, grown_since(before))
        assert breaches() == [], (moment, posting)
    tell(f"{len(turns)} kills")


def kill(site: Site, *, whole: bool) -> None:
    """gunicorn with all it has, or the process that answers, which gunicorn replaces."""
    if whole:
        return site.kill("web")
    parent = site.processes["web"].pid
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as children:
        for pid in children.read().split():
            os.kill(int(pid), SIGKILL)
    return None


def at_last(site: Site, browser: Browser, form: Form, *, times: int) -> list[Reply]:
    """What the site says when it is there again, to the same form sent by several at once."""
    eventually(lambda: answers(f"{site.url}/healthz"), seconds=PATIENCE, what="the site")
    replies: list[Reply] = []

    def one() -> None:
        with suppress(OSError, HTTPException):
            replies.append(browser.send(form))

    senders = [Thread(target=with_own_connections, args=(one,)) for _time in range(times)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return replies
