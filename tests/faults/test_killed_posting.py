"""kill -9 of the web process in the middle of a posting or of a payout batch, at six named points.

Then the same form again: one effect. A batch books nothing before it is submitted, so the three points on the way to
what is written are its own: before it looks or begins, before its rows, and when they are there.
"""

from __future__ import annotations

import os
import random
from collections import Counter
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
#: A run of a statement is posted, its batch prepared, approved and submitted: each killed at each point, whole, twenty times.
MAIN = ("post", "prepare_batch", "approve_batch", "submit_batch")
#: The same, a fifth as often.
FURTHER = ("settle", "fail", "approve_cost")
MOMENTS = ("before_the_lock", "before_the_rows", "rows_written", "before_commit", "after_commit", "before_the_answer")


#: The lock that stops a form at each point on its way, and the words of the statement that waits there.
ON_THE_WAY: dict[str, dict[str, tuple[Any, ...]]] = {
    "ledger": {
        "before_the_lock": ("", "SELECT pg_advisory_lock(%s)", POSTING_LOCK),
        "before_the_rows": ("ledger_post", "LOCK TABLE royalties_journalentry IN SHARE ROW EXCLUSIVE MODE"),
        "rows_written": ("ledger_post", "LOCK TABLE royalties_balance IN SHARE ROW EXCLUSIVE MODE"),
    },
    "prepare_batch": {
        "before_the_lock": ("royalties_batch", "LOCK TABLE royalties_batch IN EXCLUSIVE MODE"),
        "before_the_rows": ("royalties_payout", "LOCK TABLE royalties_payout IN SHARE ROW EXCLUSIVE MODE"),
        "rows_written": ("profiles_event", "LOCK TABLE profiles_event IN SHARE ROW EXCLUSIVE MODE"),
    },
    "approve_batch": {
        "before_the_lock": ("FOR UPDATE", "LOCK TABLE royalties_batch IN EXCLUSIVE MODE"),
        "before_the_rows": ('UPDATE "royalties_batch"', "LOCK TABLE royalties_batch IN SHARE ROW EXCLUSIVE MODE"),
        "rows_written": ("profiles_event", "LOCK TABLE profiles_event IN SHARE ROW EXCLUSIVE MODE"),
    },
}


class Killed:
    """Sends a form, stops its work at a named point, kills the process there."""

    def __init__(self, browser: Browser, wire: Wire, hold: Hold, kill: Callable[[], None]) -> None:
        self.browser, self.wire, self.hold, self.kill = browser, wire, hold, kill

    def at(self, moment: str, kind: str, form: Form) -> None:
        """Send the form and kill there."""
        on_the_way = ON_THE_WAY.get(kind, ON_THE_WAY["ledger"])
        if moment in on_the_way:
            self._stopped(form, *on_the_way[moment])
        else:
            getattr(self, moment)(form)

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


def test_a_posting_or_a_batch_whose_process_was_killed_is_there_once(
    site_factory: Any, studio: Studio, wire: Wire, superuser: str, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    site: Site = site_factory(DATABASE_URL=wire.address)
    site.start_web()
    browser = Browser(site.url)
    turns = drawn(chance, often=size(0, 20))
    for moment, posting in turns:
        with here():
            form = FORMS[posting](studio)
        browser.log_in(form.sender)
        before = effects()
        whole = chance.random() < 0.2
        with holds(superuser) as (hold,):
            killed = Killed(browser, wire, hold, lambda whole=whole: kill(site, whole=whole))
            killed.at(moment, posting, form)
        if whole:
            site.start_web()
        replies = at_last(site, browser, form, times=chance.randint(1, 3))
        assert {reply.status for reply in replies} == {302}, (moment, posting, replies)
        assert set(grown_since(before).values()) == {1}, (moment, posting, grown_since(before))
        assert breaches() == [], (moment, posting)
    for posting, count in Counter(posting for _moment, posting in turns).items():
        least = min(turns.count((moment, posting)) for moment in MOMENTS)
        tell(f"{posting}: {count} kills, at each point {least} or more")


def drawn(chance: random.Random, *, often: int) -> list[tuple[str, str]]:
    """Point and form of each kill, in any order; `often` is 0 in the suite: each point and each main form, six in all."""
    if not often:
        kinds = [*MAIN, *chance.sample(FURTHER, len(MOMENTS) - len(MAIN))]
        return list(zip(MOMENTS, chance.sample(kinds, len(kinds)), strict=True))
    turns = [(moment, kind) for moment in MOMENTS for kind in MAIN for _turn in range(often)]
    turns += [(moment, kind) for moment in MOMENTS for kind in FURTHER for _turn in range(max(often // 5, 1))]
    return chance.sample(turns, len(turns))


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
