"""A studio whose films earn: statements, payouts and costs to do harm to, by the actions of the site."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.utils import timezone

from profiles import actions as people
from projects import actions as projects
from projects.models import Production
from royalties import actions
from royalties.models import Batch, Cost, Payout, Statement
from royalties.policy import policy_of
from tests.royalties.conftest import COSTS, REVENUE, film_of, place
from tests.royalties.payees import confirmed, signed
from tests.support.cast import DANA_POWERS, SAM_POWERS, join

#: What asks for a day of its own counts back from here: the books begin in 2000, over nine thousand days before.
LAST_DAY = dt.date(2025, 1, 31)
#: The month of a film that its statement is about, and the one after it.
FIRST, SECOND = ((dt.date(2026, 1, 1), dt.date(2026, 1, 31)), (dt.date(2026, 2, 1), dt.date(2026, 2, 28)))
CODES = count()
SINCE = dt.timedelta(days=30)


@dataclass
class Studio:
    """A film by alice and bob; sam drafts, dana approves and pays, charlie changes addresses.

    erin prepares batches, and gail is the third person of large ones. Statements of one film follow one another, so
    each is of a film of its own; `production` has none, and its days stay open.
    """

    alice: Any
    bob: Any
    sam: Any
    dana: Any
    erin: Any
    gail: Any
    charlie: Any
    production: Any
    #: What is kept for forms of one kind, by a name (money/shelf.py).
    kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.days = count(LAST_DAY.toordinal(), -1)

    def day(self) -> dt.date:
        """A day that nothing is known of, each the one before the last that was given."""
        return dt.date.fromordinal(next(self.days))

    def film(self) -> Production:
        """Another film, made of the same works."""
        title = f"The Lid {new_code()}"
        project = projects.pitch_project(actor=self.alice, title=title, kind="film", logline="Once more.")
        projects.green_light(actor=self.sam, project=project, reason="It made us laugh before.")
        production = projects.start_production(actor=self.sam, project=project)[0]
        cut = projects.new_cut(actor=self.sam, production=production)
        for cue in self.production.cuts.get().cues.select_related("contribution", "department", "role"):
            measure = {"unit": cue.unit, "quantity": cue.quantity}
            place(cut, self.sam, cue.contribution, cue.department.code, cue.role.code, **measure)
        projects.lock_cut(actor=self.sam, cut=cut)
        return production

    def revenue(self, day: dt.date, production: Production, amount: str = "4000.00") -> bytes:
        """A report of one sale."""
        return f"{REVENUE}bandcamp,{new_code()},shop,sale,{amount},USD,{day},{production.pk}\n".encode()

    def costs(self, day: dt.date, name: str) -> bytes:
        """A report of one cost."""
        return f"{COSTS}{name},Ferryman Post,post,101.00,USD,{day},{self.production.pk}\n".encode()

    def earned(self, days: tuple[dt.date, dt.date] = FIRST, production: Production | None = None) -> dict[str, Any]:
        """A film with a sale in a month, as it takes to draft its statement."""
        film = production or self.film()
        content = self.revenue(days[0], film)
        actions.import_csv(actor=self.dana, kind="revenue", name=f"{film.pk}.csv", content=content)
        return {"production": film, "first_day": days[0], "last_day": days[1], "currency": "USD"}

    def cost(self) -> Cost:
        """A cost, waiting for its second person."""
        name = new_code()
        content = self.costs(FIRST[0], name)
        actions.import_csv(actor=self.sam, kind="cost", name=f"{name}.csv", content=content)
        return Cost.objects.get(invoice=name)

    def queued(self, **given: Any) -> Statement:
        """A statement whose computation has just been queued; of its own film unless another is given."""
        return actions.draft_statement(actor=self.sam, **self.earned(**given))

    def drafted(self, **given: Any) -> Statement:
        """A computed draft, by this process; nothing is queued."""
        with here():
            statement = self.queued(**given)
        statement.refresh_from_db()
        return statement

    def published(self, statement: Statement | None = None, *, days_ago: int = 0) -> Statement:
        statement = statement or self.drafted()
        actions.submit_for_review(actor=self.sam, statement=statement)
        then = timezone.now() - dt.timedelta(days=days_ago)
        actions.publish(actor=self.dana, statement=statement, now=then)
        statement.refresh_from_db()
        return statement

    def final(self, statement: Statement | None = None) -> Statement:
        statement = self.published(statement)
        assert statement.window_ends_at is not None
        after = statement.window_ends_at + dt.timedelta(minutes=1)
        actions.close_statement(actor=self.sam, statement=statement, now=after)
        actions.finalise(actor=self.sam, statement=statement)
        statement.refresh_from_db()
        return statement

    def posted(self, statement: Statement | None = None) -> Statement:
        statement = self.final(statement)
        return actions.post_statement(actor=self.dana, statement=statement)

    def prepared(self) -> Batch:
        """A batch of everybody who can be paid."""
        self.posted()
        return self.approved(actions.batch_payouts(actor=self.erin, currency="USD"))

    def approved(self, batch: Batch) -> Batch:
        """A large batch wants a third person before it is submitted: what waits for months adds up to one."""
        total = sum(batch.payouts.values_list("amount_minor", flat=True))
        if total >= policy_of(batch.currency).third_person_from and batch.approved_by_id is None:
            return actions.approve_batch(actor=self.gail, batch=batch)
        return batch

    def sent(self) -> list[Payout]:
        """Payouts on their way."""
        batch = actions.submit_batch(actor=self.dana, batch=self.prepared())
        return list(batch.payouts.order_by("pk"))

    def settled(self) -> list[Payout]:
        return [
            actions.settle_payout(actor=self.dana, payout=payout, provider_reference=f"PP-{payout.pk}")
            for payout in self.sent()
        ]


def new_code() -> str:
    """What a shop or a supplier might call something."""
    return f"n{next(CODES)}-{secrets.token_hex(4)}"


def open_studio() -> Studio:
    """Everybody joined, the film locked, addresses confirmed, and one whole round of money behind them."""
    alice, bob = join("alice"), join("bob")
    staff = [join("sam", powers=SAM_POWERS), join("dana", powers=DANA_POWERS), join("erin", powers=SAM_POWERS)]
    staff.append(join("gail", powers=DANA_POWERS))
    studio = Studio(alice, bob, *staff, by_code("charlie"), film_of(alice, bob, staff[0]))
    with here():
        for artist in (alice, bob):
            # Long enough ago that they hold for a process whose clock is behind as well.
            signed(artist, now=timezone.now() - SINCE)
            confirmed(artist, now=timezone.now() - SINCE)
        # Its mails as well, so that none is left in the queue for the workers that are watched.
        studio.settled()
        # And a cost, so that every account is open before one is held.
        actions.approve_cost(actor=studio.dana, cost=studio.cost())
    return studio


def by_code(handle: str) -> Any:
    """Somebody who logs in by mail: a password would be hashed anew by the site, which stirs longer than the tests do."""
    artist = people.join(handle=handle, display_name=handle.title(), email=f"{handle}@example.com")
    people.verify_email(actor=artist, artist=artist)
    return artist


@contextmanager
def here() -> Iterator[None]:
    """Within the block tasks run in this process as soon as what queued them has committed."""
    from hitrecord.celery import app

    before, app.conf.task_always_eager = app.conf.task_always_eager, True
    try:
        yield
    finally:
        app.conf.task_always_eager = before
