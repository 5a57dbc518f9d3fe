"""Two large reports that share half their rows, booked at once while workers are killed: every row stands once.

The kills fall on places of the way that come from the seed. What lost its worker is queued again by the sweep, whose
patience is told to be over, since nobody waits three minutes in a test.
"""

import datetime as dt
import random
import time
from typing import Any

from royalties import actions, ledger
from royalties.models import Import, Income, Intake, JournalEntry
from tests.royalties.conftest import balances_add_up, film_of
from tests.royalties.reports import mapping, shop_rows
from tests.soak.chance import moments, tell
from tests.support.sites import Site, eventually

PATIENCE = 1800


def take(actor: Any, numbers: range) -> Intake:
    content = shop_rows(*(f"{number};1.00;" for number in numbers))
    return actions.take_report(actor=actor, mapping=mapping(), name=f"{numbers.start}.csv", content=content)


def done() -> int:
    return sum(Intake.objects.values_list("done_count", flat=True))


def sweep() -> None:
    actions.resume_reports(now=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10))


def test_killed_workers_lose_no_row_and_book_none_twice(
    committed_db: str, alice: Any, bob: Any, sam: Any, dana: Any, site_factory: Any, size: Any, seed: int
) -> None:
    production = film_of(alice, bob, sam)
    rows, kills = size(450, 100_000), size(1, 40)
    site: Site = site_factory()
    site.start_worker()
    chance = random.Random(seed)
    reports = [take(dana, range(rows)), take(dana, range(rows // 2, rows + rows // 2))]
    wanted = ("ready", "refused")
    eventually(
        lambda: not Intake.objects.exclude(status__in=wanted).exists(), seconds=PATIENCE, what="both to be looked at"
    )
    began = time.monotonic()
    for report in reports:
        actions.book_report(actor=dana, intake=report)
    for place in moments(chance, kills):
        eventually(lambda place=place: done() >= place * rows, seconds=PATIENCE, what=f"the place {place:.2f}")
        site.kill("worker")
        tell(f"killed at {done():,} rows")
        site.start_worker()
        sweep()
    eventually(lambda: not Intake.objects.exclude(status="done").exists(), seconds=PATIENCE, what="both to be booked")
    tell(f"{rows + rows // 2:,} rows in {time.monotonic() - began:.1f} s with {kills} kills")
    assert (Import.objects.count(), Income.objects.count()) == (2, rows + rows // 2)
    assert JournalEntry.objects.count() == rows + rows // 2
    assert ledger.balance(f"revenue:pr{production.pk}:bandcamp:USD").amount_minor == -100 * (rows + rows // 2)
    balances_add_up()
